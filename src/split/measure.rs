//! One line's text → its length, hash and what its words say. Everything here looks at a line by itself.

use super::lines::{LOOKED_UP, Line};
use super::sieve::Chance;
use super::words::{Class, Words};
use crate::normalise::{self, Count, Signs};
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
/// Bytes of ASCII in which so many letters are looked for first.
const PLAIN_END: usize = 120;

/// One line, and what is needed of it only while its page is read.
#[derive(Debug)]
pub struct Measured {
    /// What is kept.
    pub line: Line,
    /// Hash of the last eight letter bytes; of a very long line, those of its two ends.
    pub tail: u32,
    /// Which sorts of characters it has.
    pub signs: Signs,
}

/// Memory to measure lines in.
#[derive(Debug, Default)]
pub struct Scratch {
    letters: Vec<u8>,
    folded: String,
}

/// Measures lines; its scratch space is kept from line to line.
pub struct Measure<'w> {
    words: &'w Words,
    scratch: &'w mut Scratch,
}

impl<'w> Measure<'w> {
    /// Looks lines up in these words.
    pub fn new(words: &'w Words, scratch: &'w mut Scratch) -> Measure<'w> {
        Measure { words, scratch }
    }

    /// Measures the line that stands at `range`; none if it is blank.
    pub fn line(&mut self, page: &[u8], range: Range<usize>) -> Option<Measured> {
        let range = trim(page, range);
        let text = &page[range.clone()];
        if text.is_empty() {
            return None;
        }
        let (count, key) = self.hash(text);
        if !count.visible {
            return None;
        }
        let mut line = Line {
            key,
            mined: key,
            start: range.start as u32,
            length: range.len() as u32,
            letters: count.letters,
            units: count.words + count.ideographs.div_ceil(2),
            head: short_hash(self.scratch.letters.first_chunk(), &self.scratch.letters),
            number: !count.signs.has(Signs::LETTER),
            ..Line::default()
        };
        let tail = short_hash(self.scratch.letters.last_chunk(), &self.scratch.letters);
        let last = last_char(text);
        line.ends = matches!(last, '.' | '!' | '?' | '。' | '！' | '？' | '؟' | '۔' | '।' | '…');
        if text.len() > LOOKED_UP || line.units > LOOKED_UP_UNITS {
            if text.len() <= NOTICE && self.words.is_raw_notice(text, line.units) {
                line.class = Class::Furniture;
            }
        } else {
            self.look_up(text, &mut line, last, count.signs);
        }
        line.para = reads_as_paragraph(&line, last);
        Some(Measured { line, tail, signs: count.signs })
    }

    /// Words and letters of a line, and the hash of its letters. A long line is known by its ends.
    fn hash(&mut self, text: &[u8]) -> (Count, u64) {
        self.scratch.letters.clear();
        if text.len() > LONG {
            return self.hash_plain_ends(text).unwrap_or_else(|| self.hash_ends(text));
        }
        let count = normalise::letters(text, &mut self.scratch.letters);
        let mut hasher = FxHasher::default();
        hasher.write(&self.scratch.letters);
        (count, hasher.finish())
    }

    fn hash_ends(&mut self, text: &[u8]) -> (Count, u64) {
        let ([head, tail], key) = self.read_ends(text, END, normalise::letters);
        let count = Count {
            words: scaled(head.words + tail.words, text),
            ideographs: scaled(head.ideographs + tail.ideographs, text),
            letters: scaled(head.letters + tail.letters, text),
            visible: true,
            signs: head.signs | tail.signs | Signs::MARKS,
        };
        (count, key)
    }

    /// [`Measure::hash_ends`] for ASCII: everything is counted, but only those letters are read that are
    /// hashed. None if all of them may be needed.
    fn hash_plain_ends(&mut self, text: &[u8]) -> Option<(Count, u64)> {
        let head = normalise::count_ascii(&text[..END])?;
        let tail = normalise::count_ascii(&text[text.len() - END..])?;
        let words = scaled(head.0 + tail.0, text);
        if text.len() <= LOOKED_UP && words <= LOOKED_UP_UNITS {
            return None;
        }
        let ([near, far], key) = self.read_ends(text, PLAIN_END, normalise::ascii_letters);
        let signs = near.1 | far.1 | Signs::MARKS;
        if near.0.min(far.0) < END_LETTERS as u32 || !signs.has(Signs::LETTER) {
            self.scratch.letters.clear();
            return None;
        }
        Some((Count { words, ideographs: 0, letters: scaled(head.1 + tail.1, text), visible: true, signs }, key))
    }

    /// Reads so many bytes at either end of a long line, and hashes what letters count.
    fn read_ends<T>(&mut self, text: &[u8], end: usize, letters: impl Fn(&[u8], &mut Vec<u8>) -> T) -> ([T; 2], u64) {
        let mut hasher = FxHasher::default();
        let head = letters(&text[..end], &mut self.scratch.letters);
        let middle = self.scratch.letters.len();
        hasher.write(&self.scratch.letters[..middle.min(END_LETTERS)]);
        let tail = letters(&text[text.len() - end..], &mut self.scratch.letters);
        hasher.write(&self.scratch.letters[self.scratch.letters.len().saturating_sub(END_LETTERS).max(middle)..]);
        ([head, tail], hasher.finish())
    }

    /// What the text of a short line tells.
    fn look_up(&mut self, text: &[u8], line: &mut Line, last: char, signs: Signs) {
        self.scratch.folded.clear();
        // Of a long line only the ends are known.
        let whole = text.len() <= LONG;
        let may = if whole { self.words.chance(text, &self.scratch.letters, line.units, signs) } else { Chance::ALL };
        let told = may != Chance::default();
        if told {
            normalise::fold(text, &mut self.scratch.folded);
            line.class = self.words.class(&self.scratch.folded, line.units, may);
            line.item = starts_as_item(&self.scratch.folded);
        }
        if signs.has(Signs::DIGIT) || !whole {
            line.mined = self.mined();
        }
        line.title = (3..=30).contains(&line.units)
            && self.scratch.letters.len() <= 240
            && !line.class.is_furniture()
            && !(line.class == Class::Date || (line.class == Class::Byline && line.units <= 6))
            && !matches!(last, '.' | '。' | ':' | '：' | ';' | ',' | '،' | '、' | '؛')
            && !line.item;
        if line.title && (signs.has(Signs::DOT) || HTTP.find(&self.scratch.letters).is_some()) {
            if !told {
                normalise::fold(text, &mut self.scratch.folded);
            }
            line.title = !names_address(&self.scratch.folded);
        }
    }

    /// Takes every run of digits as one, and hashes what is left.
    fn mined(&mut self) -> u64 {
        let letters = &mut self.scratch.letters;
        letters.iter_mut().for_each(|byte| *byte = if byte.is_ascii_digit() { b'0' } else { *byte });
        let (mut at, mut kept) = (0, 0);
        while let Some(offset) = memchr::memchr(b'0', &letters[at..]) {
            let number = at + offset;
            letters.copy_within(at..=number, kept);
            kept += offset + 1;
            at = number + letters[number..].iter().take_while(|&&byte| byte == b'0').count();
        }
        letters.copy_within(at.., kept);
        letters.truncate(kept + letters.len() - at);
        let mut hasher = FxHasher::default();
        hasher.write(letters);
        hasher.finish()
    }
}

/// What stands in the ends of a long line, taken for the whole of it.
fn scaled(count: u32, text: &[u8]) -> u32 {
    let scaled = u64::from(count).saturating_mul(text.len() as u64) / (2 * END as u64);
    scaled.try_into().unwrap_or(u32::MAX)
}

/// Eight letter bytes, or all there are, in 32 bits. Lines of equal hashes are compared letter by letter.
fn short_hash(eight: Option<&[u8; 8]>, all: &[u8]) -> u32 {
    let fewer = || all.iter().fold(0, |bytes, &byte| bytes << 8 | u64::from(byte));
    let bytes = eight.map_or_else(fewer, |eight| u64::from_le_bytes(*eight));
    (bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}

/// Long enough to be a paragraph, or a sentence of some length; questions make headlines too.
fn reads_as_paragraph(line: &Line, last: char) -> bool {
    let asks = matches!(last, '?' | '？' | '؟');
    !line.class.is_furniture()
        && line.class != Class::Date
        && (line.units >= 35 || (line.ends && line.units >= if asks { 22 } else { 12 }))
}

fn starts_as_item(folded: &str) -> bool {
    folded.starts_with(['*', '•', '·', '▪', '►', '→', '#', '{']) || folded.starts_with("- ") || folded.starts_with("+ ")
}

static HTTP: LazyLock<Finder> = LazyLock::new(|| Finder::new("http"));

fn names_address(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    let dotted = memchr::memchr(b'.', bytes).is_some();
    HTTP.find(bytes).is_some() || (dotted && (folded.contains("www.") || memchr::memchr(b'@', bytes).is_some()))
}

/// `range` without whitespace and characters without width at its ends.
fn trim(page: &[u8], mut range: Range<usize>) -> Range<usize> {
    if let [first, .., last] = page[range.clone()]
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return range;
    }
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
    let open = |&&byte: &&u8| byte >= 0x80 || !is_closing(char::from(byte));
    match text.iter().rev().take(32).find(open) {
        Some(&last) if last < 0x80 => return char::from(last),
        Some(_) => {}
        None => return ' ',
    }
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
