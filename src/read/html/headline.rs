//! Which line states what a page is about.

use super::hints::Hints;
use super::measure::Measured;
use super::tree::Tree;
use super::weights as w;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;
use std::ops::Range;

/// The line that is the page's headline, if a heading, or a line that is named so, is one.
pub(super) fn main(tree: &Tree, measured: &[Measured]) -> Option<usize> {
    let title = tree.title.map(|line| plain(&tree.text[tree.lines[line].range.clone()])).unwrap_or_default();
    best(tree, measured, 0..tree.lines.len(), &title).filter(|&(value, _)| value >= w::HEADLINE).map(|(_, line)| line)
}

/// The line among these that is most likely the headline of what stands below; the page's title if there is none.
pub(super) fn above(tree: &Tree, measured: &[Measured], lines: Range<usize>) -> Option<usize> {
    let furniture = |line: &usize| !measured[*line].hints.has(Hints::COMMENTS | Hints::FURNITURE);
    let found = best(tree, measured, lines.clone(), "").map(|(_, line)| line).filter(furniture);
    found.or(tree.title.filter(|title| lines.contains(title)))
}

fn best(tree: &Tree, measured: &[Measured], lines: Range<usize>, title: &str) -> Option<(i32, usize)> {
    let candidates = lines.filter(|&line| is_candidate(tree, measured, line));
    let valued = candidates.map(|line| (value(tree, measured, line, title), line));
    valued.max_by_key(|&(value, line)| (value, Reverse(line)))
}

fn is_candidate(tree: &Tree, measured: &[Measured], index: usize) -> bool {
    let (line, seen) = (&tree.lines[index], &measured[index]);
    (line.heading > 0 || seen.hints.has(Hints::HEADLINE))
        && line.letters > w::LABEL
        && line.letters < w::LONGEST_HEADLINE
}

/// How much speaks for a heading.
fn value(tree: &Tree, measured: &[Measured], index: usize, title: &str) -> i32 {
    let (line, seen) = (&tree.lines[index], &measured[index]);
    let text = plain(&tree.text[line.range.clone()]);
    let mut value = match line.heading {
        1 => w::HEADLINE_FIRST,
        2 => w::HEADLINE_SECOND,
        _ => 0,
    };
    value += of_title(&text, title);
    value += if seen.hints.has(Hints::HEADLINE) { w::HEADLINE_NAMED } else { 0 };
    value -= if seen.hints.has(Hints::FURNITURE | Hints::COMMENTS) { w::HEADLINE_FURNITURE } else { 0 };
    value - if seen.linked { w::HEADLINE_LINK } else { 0 }
}

/// What it says that a heading shares words with the title.
fn of_title(text: &str, title: &str) -> i32 {
    if text.is_empty() || title.is_empty() {
        0
    } else if title.starts_with(text) || text.contains(title) {
        w::HEADLINE_TITLE
    } else if title.ends_with(text) {
        // Titles end in the name of the site, as a rule.
        w::HEADLINE_END
    } else if title.contains(text) {
        w::HEADLINE_TITLE
    } else {
        let title: FxHashSet<&str> = title.split(' ').collect();
        let words: Vec<&str> = text.split(' ').collect();
        let common = words.iter().filter(|word| title.contains(*word)).count();
        w::HEADLINE_TITLE * (common * common) as i32 / (words.len() * words.len()) as i32
    }
}

/// A text in small letters, without what may differ between two statements of a headline.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.extend(word.chars().flat_map(char::to_lowercase));
    }
    plain
}
