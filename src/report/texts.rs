//! The readable parts of a block.

use crate::corpus::Corpus;
use crate::model::Kind;
use crate::read::Part;
use crate::record::BlockRecord;
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::ops::Range;

/// What a reader sees of an article beside its body: its lines without blanks at their ends, broken bytes as U+FFFD.
#[derive(Debug, Default)]
pub struct Texts<'p> {
    pub headline: Option<Cow<'p, str>>,
    pub captions: Vec<Cow<'p, str>>,
    pub byline: Option<Cow<'p, str>>,
    pub date: Option<Cow<'p, str>>,
}

impl<'p> Texts<'p> {
    /// Cuts the parts of a block, its body aside, out of the part of its page that holds it.
    pub fn of(corpus: &Corpus, block: usize, record: &BlockRecord, part: &'p Part) -> Texts<'p> {
        let line = |range: &Option<Range<usize>>| range.clone().map(|range| one_line(part.text(range)));
        let mut texts = Texts {
            headline: line(&record.headline),
            captions: Vec::new(),
            byline: line(&record.byline),
            date: line(&record.date),
        };
        let mut known = FxHashSet::default();
        for span in corpus.spans_of(block, record).filter(|span| span.kind == Kind::Caption) {
            each_line(part.text(span.start..span.end), |line| {
                if known.insert(line.clone()) {
                    texts.captions.push(line);
                }
            });
        }
        texts
    }
}

/// Hands the paragraphs of a block's body to `see`, from the part of its page that holds it.
pub fn each_paragraph(corpus: &Corpus, block: usize, record: &BlockRecord, part: &Part, see: &mut dyn FnMut(&str)) {
    for span in corpus.spans_of(block, record).filter(|span| span.kind == Kind::Body) {
        each_line(part.text(span.start..span.end), |line| see(&line));
    }
}

/// A text on one line, should it be set in several.
pub fn one_line(text: &[u8]) -> Cow<'_, str> {
    let mut joined = Cow::Borrowed("");
    each_line(text, |line| {
        if joined.is_empty() {
            joined = line;
        } else {
            let joined = joined.to_mut();
            joined.push(' ');
            joined.push_str(&line);
        }
    });
    joined
}

/// Hands on the lines of a text that are not blank, whatever ends them, without blanks at their ends.
fn each_line<'t>(text: &'t [u8], mut see: impl FnMut(Cow<'t, str>)) {
    let mut see = |line: Cow<'t, str>| {
        let line = trimmed(line);
        if !line.is_empty() {
            see(line);
        }
    };
    let ends = memchr::memchr2_iter(b'\n', b'\r', text).chain([text.len()]);
    let mut start = 0;
    match simdutf8::basic::from_utf8(text) {
        Ok(text) => ends.for_each(|end| see(Cow::Borrowed(&text[std::mem::replace(&mut start, end + 1)..end]))),
        Err(_) => ends.for_each(|end| {
            see(String::from_utf8_lossy(&text[std::mem::replace(&mut start, end + 1)..end]));
        }),
    }
}

fn trimmed(line: Cow<str>) -> Cow<str> {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    match line {
        Cow::Borrowed(line) => Cow::Borrowed(line.trim_matches(is_blank)),
        Cow::Owned(line) => Cow::Owned(line.trim_matches(is_blank).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_set_on_one_line_without_blanks_around_its_lines() {
        assert_eq!(one_line(b" One\r\n\ttwo \r\r three"), "One two three");
        assert_eq!(one_line(b"One \xff\ntwo"), "One \u{fffd} two");
        assert_eq!(one_line(" \n\u{feff}\n".as_bytes()), "");
    }
}
