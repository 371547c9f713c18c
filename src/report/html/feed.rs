//! What the threads render for [`super::pack`]: JSON lines with the summary in front, and behind a page what
//! it shows, behind a quote where it stands there.

use crate::error::Error;
use crate::report::json::write;
use crate::report::jsonl::Jsonl;
use crate::report::schema::{Header, Shown, Summary};
use crate::report::{Item, Out, Renderer};
use serde::{Deserialize, Serialize};

/// Writes those lines.
pub struct Feed;

/// A line that is in no report, with a [`Shown`] that is borrowed or owned.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Own<S> {
    /// What the page in the line before shows.
    Shown(S),
    /// Where the quote in the line before stands in what its pages show, if that is known.
    Places {
        /// In the order of its places: first byte, and one past the last.
        at: Vec<Option<(usize, usize)>>,
    },
}

impl Renderer for Feed {
    fn begin(&self, header: &Header, summary: &Summary, out: &mut Out) {
        Jsonl.begin(header, summary, out);
        Jsonl.end(summary, out);
    }

    fn item(&self, item: &Item, first: bool, out: &mut Out) -> Result<(), Error> {
        Jsonl.item(item, first, out)?;
        match item {
            Item::Page(page) => {
                if let Some(shown) = &page.shown {
                    line(&Own::Shown(shown), out);
                }
            }
            Item::Quote(quote) => {
                let place = |range: &std::ops::Range<usize>| (range.start, range.end);
                line(&Own::Places { at: quote.places.iter().map(|it| it.shown.as_ref().map(place)).collect() }, out);
            }
            Item::Article(_) | Item::Skipped(_) => {}
        }
        Ok(())
    }
}

fn line(own: &Own<&Shown>, out: &mut Out) {
    write(own, out);
    out.put(b"\n");
}
