//! What a page's markup comes to: lines of text, and the elements that they stand in.

use super::hints::Hints;
use super::tags::Tag;
use crate::read::places::Places;
use std::ops::Range;

/// A page as lines and elements, both in the order in which they begin.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// All text; every line of it ends in a line feed.
    pub text: String,
    pub places: Places,
    /// An element comes after the one that it stands in; the first is the page.
    pub elements: Vec<Element>,
    pub lines: Vec<Line>,
    /// The line that holds the page's title, which a browser shows elsewhere.
    pub title: Option<usize>,
}

/// An element that stands for itself: no part of a line.
#[derive(Debug)]
pub(super) struct Element {
    pub tag: Tag,
    pub parent: usize,
    /// What its own attributes say.
    pub hints: Hints,
    /// The lines that begin in it.
    pub lines: Range<usize>,
}

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// First byte, and one past the last visible one.
    pub range: Range<usize>,
    /// The innermost element it stands in.
    pub element: usize,
    /// What the attributes of the elements say that the whole line stands in, within its element.
    pub hints: Hints,
    /// The level of the heading that it is, or 0.
    pub heading: u8,
    /// Letters, counted so that they say how long the text is in any script.
    pub letters: usize,
    /// Those that are part of a link.
    pub linked: usize,
    /// Nothing but a picture stands before it in its element, or in the one around.
    pub below_picture: bool,
}

/// How long a text is, in letters and digits: those of scripts that write words with few characters count more.
pub(super) fn letters(text: &[u8]) -> usize {
    text.iter().map(|&byte| usize::from(LETTERS[byte as usize])).sum()
}

/// What a byte of UTF-8 counts.
const LETTERS: [u8; 256] = letter_weights();

const fn letter_weights() -> [u8; 256] {
    let mut weights = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        weights[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0xc3..=0xdf | 0xe0 | 0xe1 | 0xf0..=0xf4 => 1,
            0xe3..=0xed => 3,
            _ => 0,
        };
        byte += 1;
    }
    weights
}
