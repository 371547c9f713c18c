//! A page's text → spans that tile it and the article blocks they form.

mod evidence;
mod label;
mod lines;
mod region;
mod restate;
mod start;
mod view;
mod weights;
mod words;

use crate::model::{Block, Kind, Span, Split};
pub use evidence::{Evidence, PageEvidence};
use lines::Lines;
use view::View;
use words::WORDS;

/// What `text` shows about lines that may recur in other pages.
pub fn observe(text: &[u8]) -> PageEvidence {
    PageEvidence::of(&Lines::read(text, &WORDS))
}

/// Takes a page apart at its headline cards.
pub fn split(text: &[u8], evidence: &Evidence) -> Split {
    let lines = Lines::read(text, &WORDS);
    label::label(&lines, &View::new(&lines, evidence))
}

/// Takes the whole page as the body of one article without a headline.
pub fn whole(text: &[u8]) -> Split {
    if text.is_empty() {
        return Split::default();
    }
    Split {
        spans: vec![Span { start: 0, end: text.len(), kind: Kind::Body, block: Some(0) }],
        blocks: vec![Block { start: 0, end: text.len(), headline: None, byline: None, date: None }],
    }
}
