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

// DEBUG
#[allow(missing_docs)]
pub fn explain(text: &[u8], evidence: &Evidence) -> String {
    use std::fmt::Write;
    let lines = Lines::read(text, &WORDS);
    let view = View::new(&lines, evidence);
    let split = label::label(&lines, &view);
    let mut out = String::new();
    for (i, l) in lines.lines.iter().enumerate() {
        let span = split.spans.iter().find(|s| s.start <= l.start && l.start < s.end).unwrap();
        let h = view.hint(i);
        let score = start::weigh(&view, i).map_or(-9.0, |s| s.score);
        let t: String = String::from_utf8_lossy(&text[l.text.clone()]).chars().take(70).collect();
        let flags = format!("{}{}{}{}{}", if l.para {"P"} else {"."}, if l.title {"T"} else {"."}, if l.doubled {"D"} else {"."}, if l.ends {"."} else {" "}, if h.furniture {"F"} else {" "});
        writeln!(out, "{:4} {:9} {:?} g{} u{:3} {:9} {} s{:.1} e{:.1} {:5.2} | {}", l.start, format!("{:?}", span.kind), span.block, l.gap, l.units, format!("{:?}", l.class), flags, h.start, h.end, score, t).unwrap();
    }
    out
}
