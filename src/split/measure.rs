//! One line's text → its length, hash and what its words say. Everything here looks at a line by itself.

use super::lines::{LOOKED_UP, Line};
use super::words::{Class, Words};
use crate::normalise;
use memchr::memmem::Finder;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::ops::Range;
use std::sync::LazyLock;

/// The same in words.
const LOOKED_UP_UNITS: u32 = 40;
/// Longest line, in bytes, that can be a notice to the reader.
const NOTICE: usize = 2000;
/// Lines longer than this, in bytes, are known by their two ends: reading every letter of every paragraph
/// would take most of the time, and no two paragraphs of a corpus begin and end alike by chance.
const LONG: usize = 384;
/// Bytes read at either end of a long line.
const END: usize = 192;
/// Letter bytes used of them; the rest is room for marks and characters without width, which may differ.
const END_LETTERS: usize = 80;

/// Scratch space for measuring lines, kept from line to line.
#[derive(Default)]
pub struct Measure {
    letters: Vec<u8>,
    folded: String,
}

impl Measure {
    /// Measures the line that stands at `range`; none if it is blank.
    pub fn line(&mut self, page: &[u8], range: Range<usize>, words: &Words) -> Option<Line> {
        let start = range.start;
        let text = trim(page, range);
        if text.is_empty() {
            return None;
        }
        let (count, key, letters) = self.hash(&page[text.clone()]);
        if !count.visible {
            return None;
        }
        let units = count.words + count.ideographs.div_ceil(2);
        let last = last_char(&page[text.clone()]);
        let mut line = Line { start, key, mined: key, letters, units, ..Line::default() };
        line.number = self.letters.iter().all(u8::is_ascii_digit);
        line.head = self.letters.iter().take(8).fold(0, |head, &byte| head << 8 | u64::from(byte));
        line.tail = self.letters.iter().rev().take(8).fold(0, |tail, &byte| tail << 8 | u64::from(byte));
        line.ends = matches!(last, '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '۔' | '।' | '…');
        line.asks = matches!(last, '?' | '？' | '؟');
        if text.len() > LOOKED_UP || units > LOOKED_UP_UNITS {
            if text.len() <= NOTICE && words.is_notice(&page[text.clone()], units) {
                line.class = Class::Furniture;
            }
        } else {
            self.look_up(&page[text.clone()], &mut line, last, words);
        }
        line.para = !line.class.is_furniture() && line.class != Class::Date && reads_as_paragraph(&line);
        line.text = text;
        Some(line)
    }

    /// Words and letters of a line, and the hash of its letters. A long line is known by its ends.
    fn hash(&mut self, text: &[u8]) -> (normalise::Count, u64, usize) {
        let mut hasher = FxHasher::default();
        self.letters.clear();
        if text.len() <= LONG {
            let count = normalise::letters(text, &mut self.letters);
            hasher.write(&self.letters);
            return (count, hasher.finish(), self.letters.len());
        }
        let head = normalise::letters(&text[..END], &mut self.letters);
        hasher.write(&self.letters[..self.letters.len().min(END_LETTERS)]);
        let middle = self.letters.len();
        let tail = normalise::letters(&text[text.len() - END..], &mut self.letters);
        hasher.write(&self.letters[self.letters.len().saturating_sub(END_LETTERS).max(middle)..]);
        let scaled = |count: usize| (count as u64).saturating_mul(text.len() as u64) / (2 * END as u64);
        let scale = |count: u32| scaled(count as usize).try_into().unwrap_or(u32::MAX);
        let count = normalise::Count {
            words: scale(head.words + tail.words),
            ideographs: scale(head.ideographs + tail.ideographs),
            visible: true,
        };
        (count, hasher.finish(), scaled(self.letters.len()) as usize)
    }

    /// What the text of a short line tells.
    fn look_up(&mut self, text: &[u8], line: &mut Line, last: char, words: &Words) {
        self.folded.clear();
        normalise::fold(text, &mut self.folded);
        line.class = words.class(&self.folded, line.units);
        line.mined = self.mined();
        line.item = starts_as_item(&self.folded);
        line.title = (3..=30).contains(&line.units)
            && self.letters.len() <= 240
            && !line.class.is_furniture()
            && !(line.class == Class::Date || (line.class == Class::Byline && line.units <= 6))
            && !matches!(last, '.' | '。' | ':' | '：' | ';' | ',' | '،' | '、' | '؛')
            && !line.item
            && !names_address(&self.folded);
    }

    fn mined(&mut self) -> u64 {
        let mut in_number = false;
        self.letters.retain_mut(|byte| {
            let digit = byte.is_ascii_digit();
            let first = digit && !in_number;
            in_number = digit;
            if digit {
                *byte = b'0';
            }
            first || !digit
        });
        let mut hasher = FxHasher::default();
        hasher.write(&self.letters);
        hasher.finish()
    }
}

/// Long enough to be a paragraph, or a sentence of some length; questions make headlines too.
fn reads_as_paragraph(line: &Line) -> bool {
    line.units >= 35 || (line.ends && line.units >= if line.asks { 22 } else { 12 })
}

fn starts_as_item(folded: &str) -> bool {
    folded.starts_with(['*', '•', '·', '▪', '►', '→', '#', '{']) || folded.starts_with("- ") || folded.starts_with("+ ")
}

fn names_address(folded: &str) -> bool {
    static HTTP: LazyLock<Finder> = LazyLock::new(|| Finder::new("http"));
    let bytes = folded.as_bytes();
    let dotted = memchr::memchr(b'.', bytes).is_some();
    HTTP.find(bytes).is_some() || (dotted && (folded.contains("www.") || memchr::memchr(b'@', bytes).is_some()))
}

/// `range` without whitespace and characters without width at its ends.
fn trim(page: &[u8], mut range: Range<usize>) -> Range<usize> {
    loop {
        let text = &page[range.clone()];
        let first = text.len() - text.trim_ascii_start().len();
        range.start += first;
        range.end -= text.len() - first - text.trim_ascii().len();
        let text = &page[range.clone()];
        let (before, after) = (blank_prefix(text), blank_suffix(text));
        if before + after == 0 || before + after > text.len() {
            return range;
        }
        range = range.start + before..range.end - after;
    }
}

/// Bytes of one invisible character beyond ASCII at the start of `text`, or 0.
fn blank_prefix(text: &[u8]) -> usize {
    if text.first().is_none_or(|&byte| byte < 0x80) {
        return usize::from(text.first().is_some_and(|&byte| byte == 0x0b));
    }
    INVISIBLE.iter().find(|c| text.starts_with(c.as_bytes())).map_or(0, |c| c.len())
}

fn blank_suffix(text: &[u8]) -> usize {
    if text.last().is_none_or(|&byte| byte < 0x80) {
        return usize::from(text.last().is_some_and(|&byte| byte == 0x0b));
    }
    INVISIBLE.iter().find(|c| text.ends_with(c.as_bytes())).map_or(0, |c| c.len())
}

/// Characters beyond ASCII that show nothing at the end of a line.
const INVISIBLE: [&str; 10] = [
    "\u{a0}", "\u{feff}", "\u{3000}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{200e}", "\u{200f}", "\u{2060}",
    "\u{202f}",
];

/// The last character that is neither a quotation mark nor a bracket.
fn last_char(text: &[u8]) -> char {
    let mut rest = &text[text.len().saturating_sub(32)..];
    while rest.first().is_some_and(|byte| byte & 0xc0 == 0x80) {
        rest = &rest[1..];
    }
    let tail = String::from_utf8_lossy(rest);
    tail.chars().rev().find(|&c| !is_closing(c)).unwrap_or(' ')
}

fn is_closing(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '"' | '\'' | ')' | ']' | '}' | '»' | '«' | '”' | '“' | '’' | '‘' | '」' | '』' | '）' | '】')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
