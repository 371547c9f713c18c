//! The normalised form of a text: what two copies must share to be called equal.
//!
//! Digests outlive a release, so this form has a [`VERSION`]. Whatever changes it, the code here or the
//! Unicode tables behind it, raises that number.
//!
//! The steps, for every character:
//! 1. Unicode compatibility composition (NFKC, Unicode Standard Annex 15), then default case folding
//!    (Unicode Standard, section 3.13).
//! 2. Zero-width characters, soft hyphens, direction marks and Arabic vowel signs go.
//! 3. Quotation marks become `'` or `"`, dashes `-`, an ellipsis three dots.
//! 4. Whitespace of any kind becomes one space, none at either end.
//!
//! [`fold`] stops there and is what the splitter compares lines by. [`normalise`] goes on to words:
//! runs of letters, digits and marks, joined by single spaces, so that punctuation no longer counts.
//! A character of a script that sets no spaces between its words is a word of its own.

use std::ops::Range;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// The version of the normalised form; part of every report.
pub const VERSION: u32 = 1;

/// Appends the folded form of `text` to `out`. Bytes that are not UTF-8 count as U+FFFD.
pub fn fold(text: &[u8], out: &mut String) {
    if let Some(ascii) = text.is_ascii().then_some(text) {
        return fold_ascii(ascii, out);
    }
    let start = out.len();
    let mut space = false;
    classify(text, |class, piece| match class {
        Class::Drop => {}
        Class::Space => space = true,
        Class::Mark | Class::Word | Class::Ideograph => {
            if space && out.len() > start {
                out.push(' ');
            }
            space = false;
            out.push_str(piece);
        }
    });
}

/// The fast path of [`fold`], for text that is ASCII throughout.
fn fold_ascii(text: &[u8], out: &mut String) {
    let start = out.len();
    if let Some(plain) = plain_ascii(text) {
        out.push_str(plain);
        return out[start..].make_ascii_lowercase();
    }
    let mut space = false;
    for &byte in text {
        let (class, folded) = ASCII[(byte & 0x7f) as usize];
        if class == Class::Space {
            space = true;
            continue;
        }
        if space && out.len() > start {
            out.push(' ');
        }
        space = false;
        out.push(char::from(folded));
    }
}

/// ASCII text that only needs its capitals folded: nothing but visible characters and single spaces
/// between them. Both passes run over all bytes, without branches, which is faster than stopping early.
fn plain_ascii(text: &[u8]) -> Option<&str> {
    let stays = |&byte: &u8| (byte >= b' ') & (byte != 0x7f) & (byte != b'`');
    let visible = text.iter().fold(true, |all, byte| all & stays(byte));
    let spaces = |(&one, &next): (&u8, &u8)| (one == b' ') & (next == b' ');
    let double = text.iter().zip(text.iter().skip(1)).fold(false, |any, pair| any | spaces(pair));
    let padded = text.first() == Some(&b' ') || text.last() == Some(&b' ');
    if visible && !double && !padded { std::str::from_utf8(text).ok() } else { None }
}

/// Appends the normalised form of `text` to `out`: its words, joined by single spaces. When `out`
/// already holds words, a space comes between. Bytes that are not UTF-8 end a word.
pub fn normalise(text: &[u8], out: &mut String) {
    let mut gap = !out.is_empty();
    classify(text, |class, piece| match class {
        Class::Drop => {}
        Class::Space | Class::Mark => gap = !out.is_empty(),
        Class::Word => {
            if gap {
                out.push(' ');
            }
            gap = false;
            out.push_str(piece);
        }
        Class::Ideograph => {
            if !out.is_empty() {
                out.push(' ');
            }
            gap = true;
            out.push_str(piece);
        }
    });
}

/// What [`letters`] counts beside the letters it writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Runs of anything between whitespace, scripts without spaces left out.
    pub words: u32,
    /// Characters of scripts that set no spaces between their words.
    pub ideographs: u32,
    /// Whether anything is left that is neither whitespace nor a character without trace.
    pub visible: bool,
}

/// Appends the letters, digits and marks of the folded form of `text` to `out`: [`fold`] without its
/// spaces and punctuation, for telling whether two lines say the same.
pub fn letters(text: &[u8], out: &mut Vec<u8>) -> Count {
    let mut count = Count::default();
    let mut in_word = false;
    let mut at = 0;
    while at < text.len() {
        at += ascii_letters(&text[at..], out, &mut count, &mut in_word);
        let rest = &text[at..];
        // An ASCII character followed by an ASCII character joins nothing: fold up to there.
        let end = rest.windows(2).skip(1).position(|pair| pair[0] < 0x80 && pair[1] < 0x80);
        let end = end.map_or(rest.len(), |offset| offset + 1);
        classify(&rest[..end], |class, piece| match class {
            Class::Drop => {}
            Class::Space => in_word = false,
            Class::Ideograph => {
                count.ideographs += 1;
                in_word = false;
                out.extend_from_slice(piece.as_bytes());
            }
            Class::Mark | Class::Word => {
                count.words += u32::from(!in_word);
                in_word = true;
                if class == Class::Word {
                    out.extend_from_slice(piece.as_bytes());
                }
            }
        });
        at += end;
    }
    count.visible = count.words > 0 || count.ideographs > 0;
    count
}

/// The fast path of [`letters`]: ASCII and plain punctuation, up to a character that needs folding or
/// that may be joined to the one before it. The bytes read.
fn ascii_letters(text: &[u8], out: &mut Vec<u8>, count: &mut Count, in_word: &mut bool) -> usize {
    let ascii = ascii_prefix(text);
    let marks = if ascii < text.len() { plain_marks(&text[ascii..]) } else { 0 };
    // The last ASCII character before anything else may take a combining mark.
    let run = if ascii < text.len() && marks == 0 { ascii.saturating_sub(1) } else { ascii };
    let start = out.len();
    out.resize(start + run, 0);
    let (mut kept, mut words, mut inside) = (0, 0, *in_word);
    let written = &mut out[start..];
    for &byte in &text[..run] {
        let step = STEPS[(byte & 0x7f) as usize];
        written[kept] = step;
        kept += usize::from(step > MARK);
        let visible = step != SPACE;
        words += u32::from(visible & !inside);
        inside = visible;
    }
    count.words += words;
    out.truncate(start + kept);
    if marks > 0 {
        count.words += u32::from(!inside);
        inside = true;
    }
    *in_word = inside;
    run + marks
}

/// Bytes of ASCII at the start of `text`.
fn ascii_prefix(text: &[u8]) -> usize {
    let whole = text.chunks(32).take_while(|chunk| chunk.is_ascii()).count() * 32;
    let whole = whole.min(text.len());
    text[whole..].iter().position(|&byte| byte >= 0x80).map_or(text.len(), |offset| whole + offset)
}

/// [`STEPS`] of whitespace.
const SPACE: u8 = 0;
/// [`STEPS`] of punctuation.
const MARK: u8 = 1;
/// What every ASCII character is for [`letters`]: the letter to write, [`MARK`] or [`SPACE`].
static STEPS: [u8; 128] = {
    let mut steps = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        steps[byte] = match ASCII[byte] {
            (Class::Word, folded) => folded,
            (Class::Space, _) => SPACE,
            _ => MARK,
        };
        byte += 1;
    }
    steps
};

/// Bytes of the quotation marks and dashes at the start of `text` that join nothing (U+2010 to U+2027).
fn plain_marks(text: &[u8]) -> usize {
    let plain = |bytes: &&[u8]| bytes.len() == 3 && bytes[..2] == [0xe2, 0x80] && (0x90..=0xa7).contains(&bytes[2]);
    let marks = text.chunks(3).take_while(plain).count() * 3;
    // A combining mark may follow the last one, though it never does in practice.
    if text.get(marks).is_none_or(|&byte| byte < 0x80) { marks } else { 0 }
}

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
fn classify(text: &[u8], mut sink: impl FnMut(Class, &str)) {
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

fn entry(code: u32) -> Entry {
    let Some(c) = char::from_u32(code) else {
        return Entry { class: Class::Drop, alone: false, folded: "".into() };
    };
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
static ASCII: [(Class, u8); 128] = {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn folds(text: &str, expected: &str) {
        let mut out = String::new();
        fold(text.as_bytes(), &mut out);
        assert_eq!(out, expected);
    }

    #[track_caller]
    fn normalises(text: &[u8], expected: &str) {
        let mut out = String::new();
        normalise(text, &mut out);
        assert_eq!(out, expected);
    }

    #[test]
    fn quotes_dashes_and_ellipses_are_written_one_way() {
        folds("“It’s a test—really…”", "\"it's a test-really...\"");
        folds("«Да»", "\"да\"");
    }

    #[test]
    fn whitespace_of_every_kind_becomes_one_space() {
        folds("\u{3000}a\u{a0}\t b\r\n", "a b");
    }

    #[test]
    fn zero_width_characters_and_soft_hyphens_leave_no_trace() {
        folds("co\u{ad}op\u{200b}era\u{feff}te", "cooperate");
    }

    #[test]
    fn composed_and_decomposed_letters_are_equal() {
        folds("Cafe\u{301} \u{1100}\u{1161}\u{11a8}", "café \u{ac01}");
        folds("ﬁne ＡＢＣ １２", "fine abc 12");
    }

    #[test]
    fn case_is_folded_not_lowered() {
        folds("Straße ΣΊΣΥΦΟΣ", "strasse σίσυφοσ");
    }

    #[test]
    fn arabic_and_persian_keyboards_agree() {
        folds("كِتَابِي", "كتابي");
        folds("کتابی", "كتابي");
    }

    #[test]
    fn words_lose_their_punctuation() {
        normalises("“It’s 5.5%,” he said.".as_bytes(), "it s 5 5 he said");
    }

    #[test]
    fn scripts_without_spaces_give_a_word_a_character() {
        normalises("中国 AI新闻。".as_bytes(), "中 国 ai 新 闻");
    }

    #[test]
    fn broken_bytes_end_a_word() {
        normalises(b"one\xfftwo", "one two");
        normalises(b"\xff", "");
    }

    #[test]
    fn letters_are_the_folded_form_without_spaces_and_marks() {
        for text in ["“It’s 5.5%,” Cafe\u{301} said.", "中国 AI新闻。", "ﬁne \u{1100}\u{1161}\u{11a8} x", "Straße—ΣΊΣ"]
        {
            let (mut folded, mut out) = (String::new(), Vec::new());
            fold(text.as_bytes(), &mut folded);
            letters(text.as_bytes(), &mut out);
            let expected: String = folded.chars().filter(|&c| c.is_alphanumeric() || is_combining_mark(c)).collect();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn words_and_ideographs_are_counted_apart() {
        let count = |text: &str| letters(text.as_bytes(), &mut Vec::new());
        assert_eq!(count("one two-three — “four”"), Count { words: 4, ideographs: 0, visible: true });
        assert_eq!(count("中国新闻"), Count { words: 0, ideographs: 4, visible: true });
        assert_eq!(count("\u{feff} \u{a0}"), Count::default());
    }

    #[test]
    fn pieces_are_joined_by_a_space() {
        let mut out = String::from("one");
        normalise(b"two", &mut out);
        assert_eq!(out, "one two");
    }
}
