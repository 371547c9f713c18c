//! A page's text → spans that tile it and the article blocks they form.
//!
//! Promised: the spans of a page tile it exactly, whatever its bytes; the result depends on nothing but the
//! text and the evidence; the time grows with the length of the text and with nothing else.
//!
//! The order of things: `lines` measures every line once, `words` says what short ones are, `view` adds
//! what the corpus shows (`evidence`), `restate` finds headlines that are stated again, `start` weighs
//! every line as the start of an article, `region` finds its body, `edges` where that begins and ends and
//! `aside` what in it is no body, `label` gives every line its kind.
//! `weights` holds all numbers, `words.txt` all words.

mod aside;
mod date;
mod edges;
mod evidence;
mod label;
mod lines;
mod measure;
mod region;
mod restate;
mod start;
#[cfg(test)]
mod tests;
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
