//! A page's text → spans that tile it and the article blocks they form.
//!
//! Promised: the spans of a page tile it exactly, whatever its bytes; the result depends on nothing but the
//! text and the evidence; the time grows with the length of the text and with nothing else.
//!
//! The order of things: `lines` measures every line once (`measure`), `wrapped` finds
//! the paragraphs that stand in several, `words` says what short ones are unless
//! `sieve` sees that they say nothing, `recur` finds what the page says twice, `view` adds
//! what the corpus shows (`evidence`), `restate` finds headlines that are stated again, `start` weighs
//! every line as the start of an article, `region` finds its body, `edges` where that begins and ends and
//! `aside` what in it is no body, `label` gives every line its kind.
//! `weights` holds all numbers, `words.txt` all words.

mod aside;
mod date;
mod edges;
mod evidence;
mod gathered;
mod label;
mod lines;
mod measure;
mod mine;
mod recur;
mod region;
mod restate;
mod sieve;
mod start;
#[cfg(test)]
mod tests;
mod view;
mod weights;
mod words;
mod wrapped;

use crate::model::{Block, Kind, Span, Split};
pub use evidence::{Evidence, PageEvidence};
pub use gathered::Gathered;
pub use lines::Lines;
use view::View;
use words::WORDS;

/// Pages that are longer, in bytes, are not taken apart.
const LONGEST: usize = u32::MAX as usize;

/// Measures the lines of a page. They can be kept from [`observe`] to [`split`], at 48 bytes a line, or
/// measured again.
pub fn read(text: &[u8]) -> Lines {
    if text.len() > LONGEST { Lines::default() } else { Lines::read(text, &WORDS) }
}

/// What the lines of a page show about lines that may recur in other pages.
pub fn observe(lines: &Lines) -> PageEvidence {
    PageEvidence::of(lines)
}

/// Takes a page apart at its headline cards. `lines` are those that [`read`] found in `text`.
pub fn split(text: &[u8], lines: &Lines, evidence: &Evidence) -> Split {
    if text.len() > LONGEST { whole(text) } else { label::label(&View::new(text, lines, evidence)) }
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
