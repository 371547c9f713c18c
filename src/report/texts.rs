//! The readable parts of a block.

use crate::corpus::Corpus;
use crate::model::Kind;
use crate::read::Page;
use std::ops::Range;

/// What a reader sees of an article: its lines without blanks at their ends, broken bytes as U+FFFD.
pub struct Texts {
    pub headline: Option<String>,
    pub captions: Vec<String>,
    pub byline: Option<String>,
    pub date: Option<String>,
    pub body: String,
}

impl Texts {
    /// Cuts the parts of a block out of its page.
    pub fn of(corpus: &Corpus, block: usize, page: &Page) -> Texts {
        let text = page.text();
        let record = &corpus.blocks[block];
        let line = |range: &Option<Range<usize>>| range.clone().map(|range| one_line(&text[range]));
        let mut texts = Texts {
            headline: line(&record.headline),
            captions: Vec::new(),
            byline: line(&record.byline),
            date: line(&record.date),
            body: String::with_capacity(record.stored.len()),
        };
        for span in corpus.spans_of(block) {
            let piece = &text[span.start..span.end];
            match span.kind {
                Kind::Body => lines(piece).for_each(|line| texts.add_paragraph(line)),
                Kind::Caption => lines(piece).for_each(|line| texts.add_caption(line)),
                Kind::Headline | Kind::Furniture | Kind::Separator => {}
            }
        }
        texts
    }

    fn add_paragraph(&mut self, line: &[u8]) {
        let before = self.body.len();
        if before > 0 {
            self.body.push_str("\n\n");
        }
        let start = self.body.len();
        push_trimmed(line, &mut self.body);
        if self.body.len() == start {
            self.body.truncate(before);
        }
    }

    fn add_caption(&mut self, line: &[u8]) {
        let line = trimmed(line);
        if !line.is_empty() && !self.captions.contains(&line) {
            self.captions.push(line);
        }
    }
}

/// The lines of a text, whatever ends them.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n' || byte == b'\r')
}

/// A text on one line, should it be set in several.
pub fn one_line(text: &[u8]) -> String {
    let lines: Vec<String> = lines(text).map(trimmed).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

fn trimmed(line: &[u8]) -> String {
    let mut out = String::new();
    push_trimmed(line, &mut out);
    out
}

fn push_trimmed(line: &[u8], out: &mut String) {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    match std::str::from_utf8(line) {
        Ok(line) => out.push_str(line.trim_matches(is_blank)),
        Err(_) => out.push_str(String::from_utf8_lossy(line).trim_matches(is_blank)),
    }
}
