//! Which lines of a page say what another of its lines says: captions below their picture's text, headlines
//! that are stated again, paths through the site that end in the headline.

use super::lines::{LOOKED_UP, Lines};
use super::measure::Measured;
use crate::normalise::{self, Signs};
use std::ops::Range;

/// Longest path through a site, in words.
const CRUMB_UNITS: u32 = 40;

impl Lines {
    /// Finds what the page says twice.
    pub(super) fn mark_recurring(&mut self, text: &[u8]) {
        self.mark_doubled(text);
        self.count_echoes();
        self.mark_page_title(text);
    }

    /// An image's alternative text followed by its caption, of one line each or of two or three.
    fn mark_doubled(&mut self, text: &[u8]) {
        for second in 1..self.lines.len() {
            if self.lines[second].gap > 0 {
                continue;
            }
            for size in 1..=3usize.min(second) {
                if self.repeats_group(text, second, size) && self.says_something(second..second + size) {
                    self.lines[second - size..second + size].iter_mut().for_each(|line| line.doubled = true);
                }
            }
        }
    }

    /// Two equal lines of a letter or two are icons, not captions.
    fn says_something(&self, lines: Range<usize>) -> bool {
        self.lines[lines].iter().map(|line| u64::from(line.letters)).sum::<u64>() >= 10
    }

    fn repeats_group(&self, text: &[u8], second: usize, size: usize) -> bool {
        let first = second - size;
        if second + size > self.lines.len() || self.lines[first + 1..second + size].iter().any(|line| line.gap > 0) {
            return false;
        }
        if size == 1 {
            let most = |(short, long): (usize, usize)| short >= 20 && 2 * short >= long;
            return self.same(first, second) || self.begins(text, first, second).is_some_and(most);
        }
        (0..size).all(|n| self.same(first + n, second + n)) && !self.same(first, first + 1)
    }

    /// Counts how often the page says each possible headline.
    fn count_echoes(&mut self) {
        let mut paras = 0u32;
        let mut titles: Vec<(u64, u32, usize)> = Vec::with_capacity(self.lines.len());
        for (i, line) in self.lines.iter().enumerate() {
            paras += u32::from(line.para);
            if line.title {
                titles.push((line.key, paras, i));
            }
        }
        titles.sort_unstable();
        for same in titles.chunk_by(|a, b| a.0 == b.0) {
            let spread = same.chunk_by(|a, b| a.1 == b.1).count();
            for &(_, _, i) in same {
                let line = &mut self.lines[i];
                line.spread = spread.try_into().unwrap_or(u8::MAX);
                line.echoes = (same.len() - 1).try_into().unwrap_or(u8::MAX);
            }
        }
    }

    /// The first line of a dump often is the page's title: the headline, then the site's name.
    fn mark_page_title(&mut self, text: &[u8]) {
        let Some(first) = self.lines.first().filter(|first| first.title && first.letters >= 20) else { return };
        let (head, letters) = (first.head, first.letters);
        for i in 1..self.lines.len() {
            let line = &self.lines[i];
            if line.title && line.head == head && line.letters >= 16 && line.letters < letters {
                let begins = self.begins(text, 0, i).is_some();
                self.lines[i].echoes = self.lines[i].echoes.saturating_add(u8::from(begins));
            }
        }
    }
}

/// Marks the paths through the site.
pub fn mark_crumbs(text: &[u8], lines: &mut [Measured]) {
    for i in 0..lines.len() {
        lines[i].line.crumb = is_crumb(text, &lines[i], &lines[i + 1..]);
    }
}

/// Whether a line is a path through the site, to one of the two lines below it.
fn is_crumb(page: &[u8], path: &Measured, below: &[Measured]) -> bool {
    let line = &path.line;
    if line.units > CRUMB_UNITS || line.length as usize > LOOKED_UP || !path.signs.has(Signs::PATH) {
        return false;
    }
    let text = &page[line.range()];
    if path.signs.has(Signs::STEP) && separators(text) >= 2 {
        return true;
    }
    let ends =
        |title: &&Measured| title.line.letters >= 12 && title.line.letters < line.letters && title.tail == path.tail;
    let mut titles = below.iter().take(2).filter(ends).peekable();
    if titles.peek().is_none() || !text.iter().any(|byte| b"/>|:-\xc2\xe2".contains(byte)) {
        return false;
    }
    let path = letters_of(text);
    titles.any(|title| path.ends_with(&letters_of(&page[title.line.range()])))
}

/// How many slashes and angle brackets between spaces there are.
fn separators(text: &[u8]) -> usize {
    let spaced = |&at: &usize| at > 0 && text[at - 1] == b' ' && text.get(at + 1) == Some(&b' ');
    memchr::memchr2_iter(b'/', b'>', text).filter(spaced).count()
}

/// Whether the letters of `long` may begin with those of `short`: lines that begin alike mostly part soon.
pub fn may_begin(short: &[u8], long: &[u8]) -> bool {
    let [short, long] = [short, long].map(|text| text[..normalise::plain_prefix(text).0].iter());
    let letter = |byte: &&u8| byte.is_ascii_alphanumeric();
    short.filter(letter).zip(long.filter(letter)).all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// The letters of a line, in memory of their own: only for lines that begin alike.
pub fn letters_of(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    normalise::letters(text, &mut out);
    out
}
