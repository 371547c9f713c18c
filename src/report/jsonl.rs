//! One JSON object a line, tagged with its type: header first, summary last, so that a report that was
//! cut off is recognisable.

use super::json::write;
use super::schema::{Header, Summary};
use super::{Item, Out, Renderer};
use crate::error::Error;
use serde::Serialize;

/// Writes a report as JSON lines.
pub struct Jsonl;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Frame<'f> {
    Header(&'f Header),
    Summary(&'f Summary),
}

impl Renderer for Jsonl {
    fn begin(&self, header: &Header, _: &Summary, out: &mut Out) {
        line(&Frame::Header(header), out);
    }

    fn item(&self, item: &Item, _: bool, out: &mut Out) -> Result<(), Error> {
        line(item, out);
        Ok(())
    }

    fn end(&self, summary: &Summary, out: &mut Out) {
        line(&Frame::Summary(summary), out);
    }
}

fn line(value: &impl Serialize, out: &mut Out) {
    write(value, out);
    out.put(b"\n");
}
