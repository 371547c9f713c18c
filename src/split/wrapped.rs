//! Paragraphs that stand in several lines, broken at a certain width: in wire copy, mail and plain text.
//!
//! No line of one reads as a paragraph, but together they show what they are: each was broken where the next
//! word did not fit, and most go on with a small letter. Headlines one below the other do neither.

use super::lines::Line;
use super::words::Class;
use crate::normalise;
use std::ops::Range;

/// Lines from which a paragraph shows a width.
const LINES: usize = 3;
/// So many lines of such paragraphs show that the page has them; shorter ones count then. A verse or two may
/// look like them.
const ENOUGH: usize = 6;
/// Widths at which text is broken, in characters: from a newspaper's column to a wide screen.
const WIDTHS: Range<usize> = 28..121;
/// A line with the next word reaches this part of the width of the widest: letters are not equally wide.
const FILLED: (usize, usize) = (7, 8);
/// Longest line, in bytes, that is looked at.
const LONGEST: usize = 4 * WIDTHS.end;

/// Takes the lines of broken paragraphs for what they are, and says where each paragraph stands.
pub fn mark(text: &[u8], lines: &mut [Line]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let run = run(text, lines, at);
        at = run.end;
        if run.len() > 1 {
            found.push(run);
        }
    }
    if found.iter().map(Range::len).filter(|&len| len >= LINES).sum::<usize>() < ENOUGH {
        return Vec::new();
    }
    for run in &found {
        for line in &mut lines[run.clone()] {
            (line.para, line.title, line.class) = (true, false, Class::Text);
        }
    }
    found
}

/// The broken paragraph that starts at a line; that line alone if none does.
fn run(text: &[u8], lines: &[Line], first: usize) -> Range<usize> {
    let alone = first..first + 1;
    if lines.get(first + 1).is_none_or(|next| next.gap > 0) || !may_open(text, &lines[first], &lines[first + 1]) {
        return alone;
    }
    let mut widest = width(text, &lines[first]);
    let (mut narrowest, mut small, mut large) = (usize::MAX, 0, 0);
    let mut end = first + 1;
    while let Some(next) = lines.get(end).filter(|next| next.gap == 0 && goes_on(text, &lines[end - 1], next)) {
        widest = widest.max(width(text, next));
        narrowest = narrowest.min(width(text, &lines[end - 1]) + 1 + first_word(text, next));
        if narrowest * FILLED.1 < widest * FILLED.0 || widest >= WIDTHS.end {
            break;
        }
        match opening(text, next) {
            Opening::Small => small += 1,
            Opening::Large => large += 1,
            Opening::Neither => {}
        }
        end += 1;
    }
    if end > first + 1 && is_title_behind(text, &lines[end - 2], &lines[end - 1]) {
        end -= 1;
    }
    let shown = end > first + 1 && widest >= WIDTHS.start && small > 0 && small >= large;
    if shown { first..end } else { alone }
}

/// Whether a line may be the first of a broken paragraph. A headline right above one is none.
fn may_open(text: &[u8], line: &Line, next: &Line) -> bool {
    is_text(line)
        && (!line.title || opening(text, next) != Opening::Large || (line.start > 0 && stops_short(text, line)))
}

/// Whether a line ends in a small word, as few headlines do.
fn stops_short(text: &[u8], line: &Line) -> bool {
    text[line.range()].rsplit(|&byte| byte == b' ').next().is_some_and(|word| word[0].is_ascii_lowercase())
}

/// Whether a line may continue the paragraph that another belongs to.
fn goes_on(text: &[u8], line: &Line, next: &Line) -> bool {
    let small = opening(text, next) == Opening::Small;
    line.key != next.key && (is_text(next) || (small && !next.item && next.length as usize <= LONGEST))
}

fn is_text(line: &Line) -> bool {
    line.class == Class::Text && !line.item && !line.crumb && line.length as usize <= LONGEST
}

/// Whether the last line found is the next headline, right below the end of the paragraph.
fn is_title_behind(text: &[u8], line: &Line, next: &Line) -> bool {
    line.ends && next.title && opening(text, next) == Opening::Large
}

/// What a line begins with.
#[derive(PartialEq, Eq)]
enum Opening {
    /// A small letter, or one of a script that has no capitals.
    Small,
    /// A capital.
    Large,
    /// No letter of a word.
    Neither,
}

fn opening(text: &[u8], line: &Line) -> Opening {
    let bytes = &text[line.range()];
    let first = String::from_utf8_lossy(&bytes[..bytes.len().min(4)]).chars().next().unwrap_or(' ');
    match first {
        first if !first.is_alphabetic() || normalise::is_unspaced(first) => Opening::Neither,
        first if first.is_uppercase() => Opening::Large,
        _ => Opening::Small,
    }
}

/// Characters of a line.
fn width(text: &[u8], line: &Line) -> usize {
    characters(&text[line.range()])
}

/// Characters up to where a line could have been broken first.
fn first_word(text: &[u8], line: &Line) -> usize {
    let bytes = &text[line.range()];
    let end = memchr::memchr2(b' ', b'-', bytes).map_or(bytes.len(), |at| at + usize::from(bytes[at] == b'-'));
    characters(&bytes[..end])
}

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}
