//! Where a report has no maps, a page alone does not say what in a block is body: the words of the article must then
//! stand in the block, all of them and in this order.

use super::claims::{Claims, is_equal};
use super::pages::{Pages, Rules, text_of};
use super::{Findings, Law};
use crate::error::Error;
use crate::normalise::normalise;
use crate::report::schema::{Article, Header, Summary};
use crate::report::stored::Stored;
use crate::report::{Item, Out, Renderer, Sink, Told};
use std::io;

/// Larger pages are not read once for every block in them. Bytes.
const LARGEST: u64 = 4 << 20;

/// Looks for the words of every article where it is said to stand, if nothing better can be done.
pub fn verify(
    report: &Stored,
    claims: &Claims,
    pages: &Pages,
    rules: &Rules,
    findings: &Findings,
) -> Result<(), Error> {
    if claims.has_maps {
        return Ok(());
    }
    report.tell(&Work { pages, rules, findings }, Sink { out: &mut io::sink(), failed: &Error::Stdout })
}

struct Work<'w> {
    pages: &'w Pages<'w>,
    rules: &'w Rules,
    findings: &'w Findings,
}

impl Renderer for Work<'_> {
    fn begin(&self, _: &Header, _: &Summary, _: &mut Out) {}

    fn item(&self, item: &Item, _: bool, _: &mut Out) -> Result<(), Error> {
        if let Item::Article(article) = item {
            self.article(article);
        }
        Ok(())
    }
}

impl Work<'_> {
    fn article(&self, article: &Article) {
        let mut body = String::new();
        article.body.each_paragraph(&mut |paragraph| normalise(paragraph.as_bytes(), &mut body));
        for occurrence in article.occurrences.iter().filter(is_equal) {
            if self.pages.size(&occurrence.page.0) > LARGEST {
                continue;
            }
            let Ok(page) = self.pages.page(&occurrence.page.0) else { continue };
            if self.rules.split(&page).is_some() {
                continue;
            }
            let mut there = String::new();
            if let Some(text) = text_of(&page, occurrence.start..occurrence.end) {
                normalise(text, &mut there);
            }
            self.findings.count(|counts| counts.worded += 1);
            if !follow(&body, &there) {
                let what =
                    format!("bytes {} to {} do not hold the words of the article", occurrence.start, occurrence.end);
                self.findings.broken(Law::Digest, &occurrence.page.0, what);
            }
        }
    }
}

/// Whether all words of one text stand in the other, in the same order.
fn follow(words: &str, text: &str) -> bool {
    let mut there = text.split(' ');
    words.split(' ').filter(|word| !word.is_empty()).all(|word| there.any(|other| other == word))
}
