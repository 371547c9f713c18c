//! Any text → its normalised form: by whatever way it is made, it is the same.

use newsdedup::fingerprint::normalise_body;
use newsdedup::normalise::{count_ascii, fold, letters, normalise};
use newsdedup::words::{hash, words};

/// Normalises a text in several ways.
pub fn attack(text: &[u8]) {
    let (folded, normalised) = (with(fold, text), with(normalise, text));
    is_tidy(&folded);
    is_tidy(&normalised);
    words_are_those_of_the_normalised_form(text, &normalised);
    letters_are_those_of_the_folded_form(text, &folded);
    what_follows_behind_a_blank_changes_nothing(text, &folded, &normalised);
    parts_give_what_the_whole_gives(text, &normalised);
}

fn with(step: fn(&[u8], &mut String), text: &[u8]) -> String {
    let mut out = String::new();
    step(text, &mut out);
    out
}

/// Single blanks, none at either end.
fn is_tidy(text: &str) {
    assert!(!text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  "), "{text:?}");
}

fn words_are_those_of_the_normalised_form(text: &[u8], normalised: &str) {
    let mut found = Vec::new();
    words(text, 0, &mut found);
    let hashes: Vec<u64> = normalised.split_terminator(' ').map(hash).collect();
    assert_eq!(found.iter().map(|word| word.hash).collect::<Vec<_>>(), hashes, "{normalised:?}");
    // Characters that are composed together have their place in common.
    let mut before = 0;
    for word in found {
        assert!(before <= word.start && word.start < word.end && word.end <= text.len(), "{word:?} behind {before}");
        before = word.start;
    }
}

fn letters_are_those_of_the_folded_form(text: &[u8], folded: &str) {
    let mut found = Vec::new();
    let count = letters(text, &mut found);
    assert_eq!(count.letters as usize, found.len());
    assert_eq!(count.visible, !folded.is_empty());
    let mut again = Vec::new();
    letters(folded.as_bytes(), &mut again);
    assert!(found.len() <= folded.len() && std::str::from_utf8(&found).is_ok());
    if let Some(counted) = count_ascii(text) {
        assert_eq!(counted, (count.words, count.letters));
        let expected: Vec<u8> = folded.bytes().filter(u8::is_ascii_alphanumeric).collect();
        assert_eq!(found, expected);
    }
}

/// The ways for plain text and for any text agree: the added word is not plain.
fn what_follows_behind_a_blank_changes_nothing(text: &[u8], folded: &str, normalised: &str) {
    let longer = [text, " \u{e9}".as_bytes()].concat();
    let behind = |before: &str| if before.is_empty() { "\u{e9}".to_owned() } else { format!("{before} \u{e9}") };
    assert_eq!(with(fold, &longer), behind(folded));
    assert_eq!(with(normalise, &longer), behind(normalised));
}

/// A large text is normalised part by part: it may be cut behind a blank before ASCII.
fn parts_give_what_the_whole_gives(text: &[u8], normalised: &str) {
    let cuts = (1..text.len()).filter(|&at| matches!(text[at - 1], b' ' | b'\n') && text[at].is_ascii());
    for cut in cuts.take(4) {
        let parts = [&text[..cut], &text[cut..]];
        assert_eq!(normalise_body(parts.into_iter()), normalised, "cut at {cut}");
    }
}
