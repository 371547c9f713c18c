//! A page's text → its lines, each measured once. Every byte belongs to exactly one line.
//!
//! Lines are compared by 64-bit hashes of their letters and digits, so that a second statement is found
//! whatever its quotes, dashes, case or spacing. The text itself is looked at again only for short lines.

use super::measure::{Measure, Measured, Scratch};
use super::recur::{self, letters_of};
use super::words::{Class, Words};
use crate::normalise;
use std::cell::Cell;
use std::ops::Range;

/// Longest line, in bytes, that is looked up in the word lists; longer ones are paragraphs or noise.
pub const LOOKED_UP: usize = 600;
/// Longest line, in bytes, that can be a menu.
const LONGEST_MENU: usize = 4000;

/// Memory for more lines than this goes back to the system.
const LARGEST_SPARE: usize = 1 << 14;

thread_local! {
    /// Memory that a thread measures the lines of one page after the other in.
    static SPARE: Cell<(Vec<Measured>, Scratch)> = Cell::default();
}

/// One line that is not blank. It holds no text: 48 bytes, whatever its length.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Hash of the letters and digits.
    pub key: u64,
    /// The same, with every run of digits taken as one: what furniture is mined by.
    pub mined: u64,
    /// First byte, whitespace left out.
    pub start: u32,
    /// Bytes, without whitespace at either end.
    pub length: u32,
    /// Letter bytes of the folded form.
    pub letters: u32,
    /// Words; two characters of a script without spaces count as one.
    pub units: u32,
    /// Hash of the first eight letter bytes, to settle most prefix tests.
    pub head: u32,
    /// Blank lines right above.
    pub gap: u16,
    /// What the word lists say.
    pub class: Class,
    /// How often the page says this, counting once between two paragraphs; only for possible headlines.
    pub spread: u8,
    /// How many other lines of the page say this; only for possible headlines.
    pub echoes: u8,
    /// Ends a sentence.
    pub ends: bool,
    /// Reads as a paragraph.
    pub para: bool,
    /// Could be a headline.
    pub title: bool,
    /// One of two adjacent lines, or groups of lines, that say the same.
    pub doubled: bool,
    /// A path through the site that ends in the headline.
    pub crumb: bool,
    /// Digits and marks only: a price, a score.
    pub number: bool,
    /// An entry of a list: starts with a bullet.
    pub item: bool,
}

impl Line {
    /// Where the line stands, without whitespace at its ends.
    pub fn range(&self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.length as usize
    }
}

/// The measured lines of a page. Offsets are those of the text that was read; it is not held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// Lines that are not blank, in page order.
    pub(super) lines: Box<[Line]>,
    /// Blank lines that usually stand between two paragraphs.
    pub(super) usual_gap: u16,
    /// So many lines stand two or more blank lines further off that a wide gap says little.
    pub(super) ragged: bool,
}

impl Lines {
    /// Measures every line of `text`, which is shorter than 4 GiB.
    pub fn read(text: &[u8], words: &Words) -> Lines {
        let (mut found, mut scratch) = SPARE.take();
        let mut measure = Measure::new(words, &mut scratch);
        let (mut at, mut gap) = (0, 0u16);
        while at < text.len() {
            let (content, end) = line_end(text, at);
            match measure.line(text, at..content) {
                Some(mut measured) => {
                    measured.line.gap = std::mem::take(&mut gap);
                    found.push(measured);
                }
                None => gap = gap.saturating_add(1),
            }
            at = end;
        }
        recur::mark_crumbs(text, &mut found);
        let mut lines = Lines { lines: found.drain(..).map(|measured| measured.line).collect(), ..Lines::default() };
        if found.capacity() <= LARGEST_SPARE {
            SPARE.set((found, scratch));
        }
        lines.usual_gap = lines.most_common_gap();
        lines.end_cut_off(text);
        lines.ragged = lines.is_ragged();
        lines.mark_recurring(text);
        lines
    }

    /// Bytes that these lines take in memory.
    pub fn size(&self) -> usize {
        size_of::<Lines>() + size_of_val::<[Line]>(&self.lines)
    }

    /// A page that stops in the middle of a line stops in the middle of a paragraph.
    fn end_cut_off(&mut self, text: &[u8]) {
        let usual = self.usual_gap;
        if let Some(last) = self.lines.last_mut().filter(|line| line.range().end == text.len()) {
            last.para |= last.units >= 12 && last.class == Class::Text && last.gap <= usual;
        }
    }

    fn most_common_gap(&self) -> u16 {
        let mut counts = [0u32; 8];
        for pair in self.lines.windows(2).filter(|pair| pair[0].para || pair[1].para) {
            counts[pair[1].gap.min(7) as usize] += 1;
        }
        let most = counts.iter().max().copied().unwrap_or(0);
        counts.iter().position(|&count| count == most).unwrap_or(0) as u16
    }

    fn is_ragged(&self) -> bool {
        let wide = self.lines.windows(2).filter(|pair| pair[0].para && pair[1].gap >= self.usual_gap + 2).count();
        wide >= 3 && wide * 3 > self.lines.iter().filter(|line| line.para).count()
    }

    /// Whether two lines say the same.
    pub fn same(&self, a: usize, b: usize) -> bool {
        self.lines[a].letters > 0 && self.lines[a].key == self.lines[b].key
    }

    /// Whether the shorter of two lines begins the longer, and how many letter bytes they have.
    pub fn begins(&self, text: &[u8], a: usize, b: usize) -> Option<(usize, usize)> {
        let (short, long) = if self.lines[a].letters <= self.lines[b].letters { (a, b) } else { (b, a) };
        let (short, long) = (&self.lines[short], &self.lines[long]);
        if short.letters < 12 || short.head != long.head || long.length as usize > 4 * LOOKED_UP {
            return None;
        }
        let (short, long) = (&text[short.range()], &text[long.range()]);
        if !recur::may_begin(short, long) {
            return None;
        }
        let (short, long) = (letters_of(short), letters_of(long));
        long.starts_with(&short).then_some((short.len(), long.len()))
    }

    /// Whether the line ends in dots that say it was cut off.
    pub fn cut_off(&self, text: &[u8], line: usize) -> bool {
        let text = &text[self.lines[line].range()];
        text.ends_with("…".as_bytes()) || text.ends_with(b"...")
    }

    /// Whether a line has no mark that sets parts of a sentence apart; scripts without spaces aside, which
    /// may do without.
    pub fn lacks_punctuation(&self, text: &[u8], line: usize) -> bool {
        let text = &text[self.lines[line].range()];
        if text.len() > LONGEST_MENU || text.iter().any(|byte| b",.;:!?\"".contains(byte)) {
            return false;
        }
        let text = String::from_utf8_lossy(text);
        !text.contains(['،', '۔', '।', '”', '»']) && !text.contains(normalise::is_unspaced)
    }
}

/// Where the line from `at` ends: before and after its terminator (CRLF, LF or lone CR).
pub fn line_end(text: &[u8], at: usize) -> (usize, usize) {
    let Some(offset) = memchr::memchr2(b'\n', b'\r', &text[at..]) else {
        return (text.len(), text.len());
    };
    let content = at + offset;
    let crlf = text[content..].starts_with(b"\r\n");
    (content, content + 1 + usize::from(crlf))
}
