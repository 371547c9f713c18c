//! Two texts → the passages that are equal and those that differ, word by word.
//!
//! Words are compared in their normalised form, as digests compare them, and shown as they stand on the
//! page. A character of a script that sets no spaces is a word of its own.

use crate::normalise::{is_unspaced, normalise};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// An equal passage of fewer words than this between two differing ones counts as differing too: single
/// words that two sentences share by chance tell nothing, and cut what differs to pieces.
const CHANCE: usize = 3;
/// Words of each text that are compared, once equal beginnings and ends are off: the time grows with
/// their product when all differ.
const COMPARED: usize = 20_000;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    normalised: String,
    /// As it stands on the page, with the punctuation around it.
    pub shown: String,
    /// Whether a space comes before it.
    pub spaced: bool,
}

/// A passage: the words of each text that stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// Both texts say the same.
    Equal(Range<usize>, Range<usize>),
    /// They do not; one side may be empty.
    Different(Range<usize>, Range<usize>),
}

/// The words of a text.
pub fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for chunk in text.split_whitespace() {
        let mut spaced = true;
        for piece in pieces(chunk) {
            let mut normalised = String::new();
            normalise(piece.as_bytes(), &mut normalised);
            match words.last_mut() {
                // Punctuation belongs to the word before.
                Some(last) if normalised.is_empty() => {
                    if spaced {
                        last.shown.push(' ');
                    }
                    last.shown.push_str(piece);
                }
                _ => {
                    let mut parts = normalised.split(' ');
                    let first = parts.next().unwrap_or_default().to_owned();
                    words.push(Word { normalised: first, shown: piece.to_owned(), spaced });
                    words.extend(parts.map(|part| Word {
                        normalised: part.to_owned(),
                        shown: String::new(),
                        spaced: false,
                    }));
                }
            }
            spaced = false;
        }
    }
    words
}

/// Cuts what stands between two spaces at the characters that are words of their own.
fn pieces(chunk: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = false;
    for (at, c) in chunk.char_indices() {
        let alone = is_unspaced(c);
        if at > start && (alone || (before && c.is_alphanumeric())) {
            pieces.push(&chunk[start..at]);
            start = at;
        }
        before = alone;
    }
    pieces.push(&chunk[start..]);
    pieces
}

/// What is equal and what differs, in order; all words of both texts, unless the flag says that the end
/// was left out.
pub fn differ(a: &[Word], b: &[Word]) -> (Vec<Passage>, bool) {
    let keys = |words: &[Word]| words.iter().map(|word| word.normalised.clone()).collect::<Vec<_>>();
    let (a, b) = (keys(a), keys(b));
    let before = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = (&a[before..], &b[before..]);
    let after = rest.0.iter().rev().zip(rest.1.iter().rev()).take_while(|(x, y)| x == y).count();
    let (middle_a, middle_b) = (&rest.0[..rest.0.len() - after], &rest.1[..rest.1.len() - after]);
    let cut = middle_a.len().max(middle_b.len()) > COMPARED;
    let (middle_a, middle_b) = (&middle_a[..middle_a.len().min(COMPARED)], &middle_b[..middle_b.len().min(COMPARED)]);

    let mut passages = Passages::default();
    passages.equal(0..before, 0..before);
    for op in capture_diff_slices(Algorithm::Patience, middle_a, middle_b) {
        let shift = |range: Range<usize>| range.start + before..range.end + before;
        let (x, y) = (shift(op.old_range()), shift(op.new_range()));
        match op {
            DiffOp::Equal { .. } => passages.equal(x, y),
            _ => passages.different(x, y),
        }
    }
    if !cut {
        passages.equal(a.len() - after..a.len(), b.len() - after..b.len());
    }
    (passages.without_chance(), cut)
}

#[derive(Default)]
struct Passages(Vec<Passage>);

impl Passages {
    fn equal(&mut self, a: Range<usize>, b: Range<usize>) {
        if a.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(Passage::Equal(x, y)) => (x.end, y.end) = (a.end, b.end),
            _ => self.0.push(Passage::Equal(a, b)),
        }
    }

    fn different(&mut self, a: Range<usize>, b: Range<usize>) {
        if a.is_empty() && b.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(Passage::Different(x, y)) => (x.end, y.end) = (a.end, b.end),
            _ => self.0.push(Passage::Different(a, b)),
        }
    }

    /// Joins differing passages with what is equal between them by chance.
    fn without_chance(self) -> Vec<Passage> {
        let differs = |passage: Option<&Passage>| matches!(passage, Some(Passage::Different(..)));
        let mut joined = Passages::default();
        for (at, passage) in self.0.iter().enumerate() {
            match passage.clone() {
                Passage::Different(a, b) => joined.different(a, b),
                Passage::Equal(a, b) => {
                    if a.len() < CHANCE && differs(joined.0.last()) && differs(self.0.get(at + 1)) {
                        joined.different(a, b);
                    } else {
                        joined.equal(a, b);
                    }
                }
            }
        }
        joined.0
    }
}

/// Words as a reader sees them.
pub fn shown(words: &[Word]) -> String {
    let mut shown = String::new();
    for word in words {
        if word.spaced && !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(&word.shown);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The passages as text: `equal` as it is in the first, `[first|second]` what differs.
    #[track_caller]
    fn check(a: &str, b: &str, expected: &str) {
        let (a, b) = (words(a), words(b));
        let (passages, cut) = differ(&a, &b);
        assert!(!cut);
        let found: Vec<String> = passages
            .into_iter()
            .map(|passage| match passage {
                Passage::Equal(x, _) => shown(&a[x]),
                Passage::Different(x, y) => format!("[{}|{}]", shown(&a[x]), shown(&b[y])),
            })
            .collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn one_word_changed_is_one_word_shown() {
        check(
            "The ferry sails on Monday, they say.",
            "The ferry sails on Tuesday, they say.",
            "The ferry sails on [Monday,|Tuesday,] they say.",
        );
    }

    #[test]
    fn case_and_punctuation_do_not_differ() {
        check("\u{201c}No\u{201d} \u{2014} he said", "\"NO\", he said.", "\u{201c}No\u{201d} \u{2014} he said");
        check("state-of-the-art trains", "state of the art trains", "state-of-the-art trains");
    }

    #[test]
    fn words_equal_by_chance_differ_with_what_stands_around_them() {
        check(
            "rain fell on the hills all night long",
            "snow lay over the roads until early morning",
            "[rain fell on the hills all night long|snow lay over the roads until early morning]",
        );
    }

    #[test]
    fn scripts_without_spaces_are_compared_character_by_character() {
        check("渡船星期一恢复航行。", "渡船星期二恢复航行。", "渡船星期 [一|二] 恢复航行。");
    }

    #[test]
    fn one_side_may_hold_more() {
        check("One two three.", "One two three. Four five.", "One two three. [|Four five.]");
        check("", "", "");
        check("", "Four", "[|Four]");
    }
}
