//! A page's text → its lines, each measured once. Every byte belongs to exactly one line.
//!
//! Lines are compared by 64-bit hashes of their letters and digits, so that a second statement is found
//! whatever its quotes, dashes, case or spacing. The text itself is looked at again only for short lines.

use super::measure::Measure;
use super::words::{Class, Words};
use crate::normalise;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Longest line, in bytes, that is looked up in the word lists; longer ones are paragraphs or noise.
pub const LOOKED_UP: usize = 600;
/// Longest line, in bytes, that can be a menu.
const LONGEST_MENU: usize = 4000;
/// Longest path through a site, in words.
const CRUMB_UNITS: u32 = 40;

/// One line that is not blank, with the blank lines above it.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// First byte of the line.
    pub start: usize,
    /// One past its terminator.
    pub end: usize,
    /// The line without whitespace at its ends.
    pub text: Range<usize>,
    /// Blank lines right above.
    pub gap: u32,
    /// Hash of the letters and digits.
    pub key: u64,
    /// The same, with every run of digits taken as one: what furniture is mined by.
    pub mined: u64,
    /// The first eight letter bytes, to settle most prefix tests.
    pub head: u64,
    /// The last eight, for the same; of a very long line, those of its two ends.
    pub tail: u64,
    /// Letter bytes of the folded form.
    pub letters: usize,
    /// Words; two characters of a script without spaces count as one.
    pub units: u32,
    /// What the word lists say.
    pub class: Class,
    /// Ends a sentence.
    pub ends: bool,
    /// Ends in a question mark.
    pub asks: bool,
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
    /// How often the page says this, counting once between two paragraphs; only for possible headlines.
    pub spread: u32,
    /// How many other lines of the page say this; only for possible headlines.
    pub echoes: u32,
}

/// The lines of a page.
#[derive(Debug)]
pub struct Lines<'a> {
    /// The page.
    pub text: &'a [u8],
    /// Lines that are not blank, in page order.
    pub lines: Vec<Line>,
    /// Blank lines that usually stand between two paragraphs.
    pub usual_gap: u32,
    /// So many lines stand two or more blank lines further off that a wide gap says little.
    pub ragged: bool,
}

impl<'a> Lines<'a> {
    /// Measures every line of `text`.
    pub fn read(text: &'a [u8], words: &Words) -> Lines<'a> {
        let mut lines = Vec::with_capacity(text.len() / 120 + 8);
        let mut measure = Measure::default();
        let (mut at, mut gap) = (0, 0);
        while at < text.len() {
            let (content, end) = line_end(text, at);
            match measure.line(text, at..content, words) {
                Some(line) => {
                    lines.push(Line { end, gap, ..line });
                    gap = 0;
                }
                None => gap += 1,
            }
            at = end;
        }
        let mut lines = Lines { text, lines, usual_gap: 0, ragged: false };
        lines.usual_gap = lines.most_common_gap();
        lines.end_cut_off();
        let wide = lines.lines.windows(2).filter(|pair| pair[0].para && pair[1].gap >= lines.usual_gap + 2).count();
        let paras = lines.lines.iter().filter(|line| line.para).count();
        lines.ragged = wide >= 3 && wide * 3 > paras;
        lines.mark_doubled();
        lines.mark_crumbs();
        lines.count_echoes();
        lines
    }

    /// A page that stops in the middle of a line stops in the middle of a paragraph.
    fn end_cut_off(&mut self) {
        let usual = self.usual_gap;
        if let Some(last) = self.lines.last_mut().filter(|line| line.text.end == self.text.len()) {
            last.para |= last.units >= 12 && last.class == Class::Text && last.gap <= usual;
        }
    }

    /// Whether two lines say the same.
    pub fn same(&self, a: usize, b: usize) -> bool {
        self.lines[a].letters > 0 && self.lines[a].key == self.lines[b].key
    }

    /// Whether the shorter of two lines begins the longer, and how many letter bytes it has.
    pub fn begins(&self, a: usize, b: usize) -> Option<(usize, usize)> {
        let (short, long) = if self.lines[a].letters <= self.lines[b].letters { (a, b) } else { (b, a) };
        let (short, long) = (&self.lines[short], &self.lines[long]);
        if short.letters < 12 || short.head != long.head || long.text.len() > 4 * LOOKED_UP {
            return None;
        }
        let (mut one, mut two) = (Vec::new(), Vec::new());
        normalise::letters(&self.text[short.text.clone()], &mut one);
        normalise::letters(&self.text[long.text.clone()], &mut two);
        two.starts_with(&one).then_some((one.len(), two.len()))
    }

    /// Whether the line ends in dots that say it was cut off.
    pub fn cut_off(&self, line: usize) -> bool {
        let text = self.text_of(line);
        text.ends_with("…".as_bytes()) || text.ends_with(b"...")
    }

    /// The bytes of a line, whitespace at its ends left out.
    pub fn text_of(&self, line: usize) -> &[u8] {
        &self.text[self.lines[line].text.clone()]
    }

    /// Whether a line has no mark that sets parts of a sentence apart; scripts without spaces aside, which
    /// may do without.
    pub fn lacks_punctuation(&self, line: usize) -> bool {
        let text = self.text_of(line);
        if text.len() > LONGEST_MENU || text.iter().any(|byte| b",.;:!?\"".contains(byte)) {
            return false;
        }
        let text = String::from_utf8_lossy(text);
        !text.contains(['،', '۔', '।', '”', '»']) && !text.contains(normalise::is_unspaced)
    }

    fn most_common_gap(&self) -> u32 {
        let mut counts = [0u32; 8];
        for pair in self.lines.windows(2).filter(|pair| pair[0].para || pair[1].para) {
            counts[pair[1].gap.min(7) as usize] += 1;
        }
        let most = counts.iter().max().copied().unwrap_or(0);
        counts.iter().position(|&count| count == most).unwrap_or(0) as u32
    }

    /// An image's alternative text followed by its caption, of one line each or of two or three.
    fn mark_doubled(&mut self) {
        for second in 1..self.lines.len() {
            for size in 1..=3usize.min(second) {
                if self.repeats_group(second, size) && self.says_something(second..second + size) {
                    self.lines[second - size..second + size].iter_mut().for_each(|line| line.doubled = true);
                }
            }
        }
    }

    /// Two equal lines of a letter or two are icons, not captions.
    fn says_something(&self, lines: Range<usize>) -> bool {
        self.lines[lines].iter().map(|line| line.letters).sum::<usize>() >= 10
    }

    fn repeats_group(&self, second: usize, size: usize) -> bool {
        let first = second - size;
        if second + size > self.lines.len() || self.lines[first + 1..second + size].iter().any(|line| line.gap > 0) {
            return false;
        }
        if size == 1 {
            return self.same(first, second) || self.begins(first, second).is_some_and(|(a, b)| a >= 20 && 2 * a >= b);
        }
        (0..size).all(|n| self.same(first + n, second + n)) && !self.same(first, first + 1)
    }

    fn count_echoes(&mut self) {
        let mut seen: FxHashMap<u64, Echo> = FxHashMap::default();
        let mut paras = 1;
        for line in &self.lines {
            paras += u32::from(line.para);
            if line.title {
                let echo = seen.entry(line.key).or_default();
                echo.lines += 1;
                echo.spread += u32::from(echo.last != paras);
                echo.last = paras;
            }
        }
        for line in self.lines.iter_mut().filter(|line| line.title) {
            let echo = &seen[&line.key];
            (line.spread, line.echoes) = (echo.spread, echo.lines - 1);
        }
        self.mark_page_title();
    }

    /// The first line of a dump often is the page's title: the headline, then the site's name.
    fn mark_page_title(&mut self) {
        let Some(first) = self.lines.first().filter(|first| first.title && first.letters >= 20) else { return };
        let head = first.head;
        for i in 1..self.lines.len() {
            let line = &self.lines[i];
            if line.title && line.head == head && line.letters >= 16 && line.letters < self.lines[0].letters {
                let begins = self.begins(0, i).is_some();
                self.lines[i].echoes += u32::from(begins);
            }
        }
    }

    fn mark_crumbs(&mut self) {
        for i in 0..self.lines.len() {
            self.lines[i].crumb = self.is_crumb(i);
        }
    }

    fn is_crumb(&self, i: usize) -> bool {
        let line = &self.lines[i];
        if line.units > CRUMB_UNITS || line.text.len() > LOOKED_UP {
            return false;
        }
        let text = &self.text[line.text.clone()];
        if separators(text) >= 2 {
            return true;
        }
        let ends = |title: &&Line| title.letters >= 12 && title.letters < line.letters && title.tail == line.tail;
        let mut titles = self.lines.iter().skip(i + 1).take(2).filter(ends).peekable();
        if titles.peek().is_none() || !text.iter().any(|byte| b"/>|:-\xc2\xe2".contains(byte)) {
            return false;
        }
        let path = letters_of(text);
        titles.any(|title| path.ends_with(&letters_of(&self.text[title.text.clone()])))
    }
}

/// How many slashes and angle brackets between spaces there are.
fn separators(text: &[u8]) -> usize {
    let spaced = |&at: &usize| at > 0 && text[at - 1] == b' ' && text.get(at + 1) == Some(&b' ');
    memchr::memchr2_iter(b'/', b'>', text).filter(spaced).count()
}

fn letters_of(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    normalise::letters(text, &mut out);
    out
}

/// Where the line from `at` ends: before and after its terminator (CRLF, LF or lone CR).
fn line_end(text: &[u8], at: usize) -> (usize, usize) {
    let Some(offset) = memchr::memchr2(b'\n', b'\r', &text[at..]) else {
        return (text.len(), text.len());
    };
    let content = at + offset;
    let crlf = text[content..].starts_with(b"\r\n");
    (content, content + 1 + usize::from(crlf))
}

/// How often a line was seen in a page.
#[derive(Default)]
struct Echo {
    lines: u32,
    spread: u32,
    last: u32,
}
