//! Characters → their part in the normalised form, each looked up in a table that fills as it is used.

use std::ops::Range;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// What a character is for the normalised form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Leaves no trace.
    Drop,
    /// Separates words and folds to one space.
    Space,
    /// Punctuation and symbols: part of the folded form, but of no word.
    Mark,
    /// Part of a word.
    Word,
    /// A word of its own.
    Ideograph,
}

/// Calls `sink` for every folded piece of `text`, in order. Pieces are one character or a few.
pub(super) fn classify(text: &[u8], mut sink: impl FnMut(Class, &str)) {
    classify_places(text, |class, piece, _| sink(class, piece));
}

/// [`classify`], with the bytes of `text` that a piece was made of. Characters that were composed
/// together have their place in common.
pub(crate) fn classify_places(text: &[u8], mut sink: impl FnMut(Class, &str, Range<usize>)) {
    let mut at = 0;
    for chunk in text.utf8_chunks() {
        classify_str(chunk.valid(), at, &mut sink);
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            sink(Class::Mark, "\u{fffd}", at..at + chunk.invalid().len());
            at += chunk.invalid().len();
        }
    }
}

fn classify_str(text: &str, base: usize, sink: &mut impl FnMut(Class, &str, Range<usize>)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        // An ASCII character followed by an ASCII character stands for itself.
        if bytes[at] < 0x80 && bytes.get(at + 1).is_none_or(|&next| next < 0x80) {
            let (class, byte) = ASCII[bytes[at] as usize];
            sink(class, std::str::from_utf8(&[byte]).unwrap_or_default(), base + at..base + at + 1);
            at += 1;
            continue;
        }
        let end = segment_end(text, at);
        let first = text[at..].chars().next().unwrap_or_default();
        let entry = lookup(first);
        if end == at + first.len_utf8() && entry.alone {
            sink(entry.class, &entry.folded, base + at..base + end);
        } else {
            compose(&text[at..end], &mut |class, piece: &str| sink(class, piece, base + at..base + end));
        }
        at = end;
    }
}

/// The end of the run of characters from `at` that can only be composed together: one character and
/// every following one that may join the character before it.
fn segment_end(text: &str, at: usize) -> usize {
    let mut chars = text[at..].char_indices();
    chars.next();
    for (offset, next) in chars {
        if next.is_ascii() || lookup(next).alone {
            return at + offset;
        }
    }
    text.len()
}

/// The slow path: composes a run of characters, then folds each one of the result.
fn compose(run: &str, sink: &mut impl FnMut(Class, &str)) {
    let mut folded = String::new();
    for composed in run.nfkc() {
        folded.clear();
        let class = fold_char(composed, &mut folded);
        if class == Class::Word && folded.chars().count() > 1 {
            // Folding may give more than one class, as in a ligature with a mark: take each by itself.
            for single in folded.chars() {
                let mut again = String::new();
                let class = fold_char(single, &mut again);
                sink(class, &again);
            }
        } else {
            sink(class, &folded);
        }
    }
}

/// Folds one character that is in composed form already; the result is appended to `out`.
fn fold_char(c: char, out: &mut String) -> Class {
    match c {
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{fe00}'..='\u{fe0f}' => return Class::Drop,
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}' | '\u{2039}' | '\u{203a}' | '`' | '\u{b4}' => {
            out.push('\'');
            return Class::Mark;
        }
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' | '\u{2036}' => {
            out.push('"');
            return Class::Mark;
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' => {
            out.push('-');
            return Class::Mark;
        }
        // Persian and Arabic keyboards write the same letters with different characters.
        '\u{6cc}' => {
            out.push('\u{64a}');
            return Class::Word;
        }
        '\u{6a9}' => {
            out.push('\u{643}');
            return Class::Word;
        }
        _ => {}
    }
    if c.is_whitespace() || c.is_control() {
        out.push(' ');
        return Class::Space;
    }
    caseless::default_case_fold_str(c.encode_utf8(&mut [0; 4])).chars().for_each(|folded| out.push(folded));
    if is_unspaced(c) {
        Class::Ideograph
    } else if c.is_alphanumeric() || is_combining_mark(c) {
        Class::Word
    } else {
        Class::Mark
    }
}

/// Whether `c` belongs to a script that sets no spaces between its words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e01}'..='\u{eff}'            // Thai, Lao
        | '\u{1000}'..='\u{109f}'        // Burmese
        | '\u{1780}'..='\u{17ff}'        // Khmer
        | '\u{3005}'..='\u{3007}'        // ideographic repeat mark and zero
        | '\u{3041}'..='\u{30ff}'        // Hiragana, Katakana
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
        && (c.is_alphanumeric() || is_combining_mark(c))
}

/// One character's part in the normalised form.
struct Entry {
    class: Class,
    /// Whether the character folds the same whatever stands before it, and never joins it.
    alone: bool,
    folded: Box<str>,
}

/// Entries are made 256 code points at a time, when a text first uses one of them.
fn lookup(c: char) -> &'static Entry {
    static PAGES: [OnceLock<Box<[Entry]>>; 0x1100] = [const { OnceLock::new() }; 0x1100];
    let code = c as usize;
    &PAGES[code >> 8].get_or_init(|| (0..256).map(|low| entry((code as u32 & !0xff) | low)).collect())[code & 0xff]
}

/// The one mark among the quotation marks and dashes that is composed of a blank and a combining mark, which would be
/// a word.
const DOUBLE_LOW_LINE: char = '\u{2017}';

fn entry(code: u32) -> Entry {
    let Some(c) = char::from_u32(code) else {
        return Entry { class: Class::Drop, alone: false, folded: "".into() };
    };
    if c == DOUBLE_LOW_LINE {
        return Entry { class: Class::Mark, alone: true, folded: String::from(c).into() };
    }
    let composed: String = std::iter::once(c).nfkc().collect();
    let mut folded = String::new();
    let mut classes = composed.chars().map(|part| fold_char(part, &mut folded));
    let class = classes.next().unwrap_or(Class::Drop);
    let same_class = classes.all(|other| other == class);
    // A character can stand alone when its first part is a starter that composes with nothing before
    // it; the Hangul vowels and final consonants are starters that do.
    let joins = composed.chars().any(|part| canonical_combining_class(part) != 0 || joins_previous(part));
    Entry { class, alone: same_class && !joins, folded: folded.into() }
}

/// Whether a starter may compose with the character before it (the quick-check value "maybe").
fn joins_previous(c: char) -> bool {
    unicode_normalization::is_nfkc_quick(std::iter::once(c)) == unicode_normalization::IsNormalized::Maybe
}

/// Class and folded byte of every ASCII character.
pub(crate) static ASCII: [(Class, u8); 128] = {
    let mut table = [(Class::Mark, 0); 128];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = if byte.is_ascii_alphanumeric() {
            (Class::Word, byte.to_ascii_lowercase())
        } else if byte <= b' ' || byte == 0x7f {
            (Class::Space, b' ')
        } else if byte == b'`' {
            (Class::Mark, b'\'')
        } else {
            (Class::Mark, byte)
        };
        byte += 1;
    }
    table
};
