//! Where a report has no maps, a page alone does not say what in a block is body: the words of the article must then
//! stand in the block, all of them and in this order.

use super::claims::{Claims, is_equal};
use super::pages::{Pages, text_of};
use super::place::Unsplit;
use super::{Findings, Law};
use crate::error::Error;
use crate::normalise::normalise;
use crate::read::Page;
use crate::report::schema::{Article, Header, Summary};
use crate::report::stored::Stored;
use crate::report::{Item, Out, Renderer, Sink, Told};
use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Larger pages are not read once for every block in them. Bytes.
const LARGEST: u64 = 4 << 20;
/// Pages that a thread keeps at hand.
const RECENT: usize = 8;

/// Looks for the words of every article where it is said to stand, if nothing better can be done.
pub fn verify(
    report: &Stored,
    claims: &Claims,
    pages: &Pages,
    unsplit: &Unsplit,
    findings: &Findings,
) -> Result<(), Error> {
    if unsplit.is_empty() {
        return Ok(());
    }
    let recent = (0..=rayon::current_num_threads()).map(|_| Mutex::default()).collect();
    let work = Work { claims, pages, unsplit, findings, recent };
    report.tell(&work, Sink { out: &mut io::sink(), failed: &Error::Stdout })
}

struct Work<'w> {
    claims: &'w Claims,
    pages: &'w Pages<'w>,
    unsplit: &'w Unsplit<'w>,
    findings: &'w Findings,
    /// The pages that each thread looked into last: articles of one page, and of its copies, mostly follow each other.
    recent: Vec<Mutex<VecDeque<Opened<'w>>>>,
}

/// The name of a page, and the page if it is there.
type Opened<'w> = (&'w [u8], Option<Page<'w>>);

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
            let of: &[u8] = &occurrence.page.0;
            if !self.unsplit.contains(of) || self.pages.size(of) > LARGEST {
                continue;
            }
            let Some(there) = self.words(of, occurrence.start..occurrence.end) else { continue };
            self.findings.count(|counts| counts.worded += 1);
            if !follow(&body, &there) {
                let what =
                    format!("bytes {} to {} do not hold the words of the article", occurrence.start, occurrence.end);
                self.findings.broken(Law::Digest, &occurrence.page.0, what);
            }
        }
    }
}

impl Work<'_> {
    /// The words between two bytes of a page as stored; `None` if the page is not there.
    fn words(&self, page: &[u8], stored: Range<u64>) -> Option<String> {
        let own = rayon::current_thread_index().map_or(0, |index| index + 1);
        let mut recent = self.recent[own].lock().unwrap_or_else(PoisonError::into_inner);
        let at = recent.iter().position(|(name, _)| *name == page);
        let opened = match at.and_then(|at| recent.remove(at)) {
            Some(opened) => opened,
            None => self.claims.name(page).map(|name| (name, self.pages.page(name).ok()))?,
        };
        recent.push_front(opened);
        recent.truncate(RECENT);
        let page = recent.front()?.1.as_ref()?;
        let mut words = String::new();
        text_of(page, stored).into_iter().for_each(|text| normalise(text, &mut words));
        Some(words)
    }
}

/// Whether all words of one text stand in the other, in the same order.
fn follow(words: &str, text: &str) -> bool {
    let mut there = text.split(' ');
    words.split(' ').filter(|word| !word.is_empty()).all(|word| there.any(|other| other == word))
}
