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

mod chars;
mod letters;

use chars::classify;
pub use chars::is_unspaced;
pub(crate) use chars::{ASCII, Class, classify_places};
pub use letters::{Count, Signs, ascii_letters, count_ascii, letters};

/// The version of the normalised form; part of every report.
pub const VERSION: u32 = 1;

/// Appends the folded form of `text` to `out`. Bytes that are not UTF-8 count as U+FFFD.
pub fn fold(text: &[u8], out: &mut String) {
    let start = out.len();
    if let Some(plain) = plain_ascii(text) {
        out.push_str(plain);
        return out[start..].make_ascii_lowercase();
    }
    if text.is_ascii() {
        return fold_ascii(text, out);
    }
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

/// Text that is ASCII and only needs its capitals folded: nothing but visible characters and single spaces
/// between them. Both passes run over all bytes, without branches, which is faster than stopping early.
fn plain_ascii(text: &[u8]) -> Option<&str> {
    let stays = |&byte: &u8| (b' '..0x7f).contains(&byte) & (byte != b'`');
    let visible = text.iter().fold(true, |all, byte| all & stays(byte));
    let spaces = |(&one, &next): (&u8, &u8)| (one == b' ') & (next == b' ');
    let double = text.iter().zip(text.iter().skip(1)).fold(false, |any, pair| any | spaces(pair));
    let padded = text.first() == Some(&b' ') || text.last() == Some(&b' ');
    if visible && !double && !padded { simdutf8::basic::from_utf8(text).ok() } else { None }
}

/// Appends the normalised form of `text` to `out`: its words, joined by single spaces. When `out`
/// already holds words, a space comes between. Bytes that are not UTF-8 end a word.
pub fn normalise(text: &[u8], out: &mut String) {
    let mut at = 0;
    separate(out);
    while at < text.len() {
        let (ascii, marks) = plain_prefix(&text[at..]);
        ascii_words(&text[at..at + ascii], out);
        if marks > 0 {
            separate(out);
        }
        at += ascii + marks;
        let end = at + folded_together(&text[at..]);
        classify(&text[at..end], |class, piece| match class {
            Class::Drop => {}
            Class::Space | Class::Mark => separate(out),
            Class::Word => out.push_str(piece),
            Class::Ideograph => {
                separate(out);
                out.push_str(piece);
                out.push(' ');
            }
        });
        at = end;
    }
    if out.ends_with(' ') {
        out.pop();
    }
}

/// Ends a word, if one is open.
fn separate(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Bytes that the fast path of [`normalise`] takes in one go.
const ROOM: usize = 256;
/// Bytes out of which blanks are taken in one go.
const BLOCK: usize = 8;

/// The fast path of [`normalise`], for ASCII that nothing joins: what is no word becomes blanks, then those
/// that follow a blank are taken out.
fn ascii_words(text: &[u8], out: &mut String) {
    let mut words = [0; ROOM + BLOCK];
    let mut blank = out.is_empty() || out.ends_with(' ');
    for part in text.chunks(ROOM) {
        let mut spaced = [b' '; ROOM];
        spaced.iter_mut().zip(part).for_each(|(to, &from)| *to = word_or_blank(from));
        let (blocks, rest) = spaced[..part.len()].as_chunks();
        let mut kept = 0;
        for &block in blocks {
            let (single, count, ends_blank) = without_double_blanks(block, blank);
            words[kept..kept + BLOCK].copy_from_slice(&single);
            kept += count;
            blank = ends_blank;
        }
        for &byte in rest {
            words[kept] = byte;
            kept += usize::from(byte != b' ' || !blank);
            blank = byte == b' ';
        }
        out.push_str(simdutf8::basic::from_utf8(&words[..kept]).unwrap_or_default());
    }
}

/// The small letter or the digit that an ASCII character folds to, or a blank.
fn word_or_blank(byte: u8) -> u8 {
    let lower = byte | 0x20;
    if lower.wrapping_sub(b'a') < 26 {
        lower
    } else if byte.wrapping_sub(b'0') < 10 {
        byte
    } else {
        b' '
    }
}

/// Takes out blanks that follow a blank, which may stand before the block: what is left, how many bytes that
/// are, and whether the block ends in a blank.
fn without_double_blanks(block: [u8; BLOCK], blank_before: bool) -> ([u8; BLOCK], usize, bool) {
    const BIT: u64 = 0x4040_4040_4040_4040;
    let mut block = u64::from_le_bytes(block);
    // Letters have this bit, and digits the one two further down; blanks have neither.
    let blanks = !(block | block << 2) & BIT;
    let mut double = blanks & (blanks << 8 | u64::from(blank_before) << 6);
    let mut count = BLOCK;
    while double != 0 {
        let before = (1 << (double.trailing_zeros() & !7)) - 1;
        block = (block & before) | (block >> 8 & !before);
        double = double >> 8 & !before;
        count -= 1;
    }
    (block.to_le_bytes(), count, blanks >> 62 != 0)
}

/// Bytes at the start of `text` that need no tables: ASCII that nothing joins, and plain punctuation
/// after it.
pub fn plain_prefix(text: &[u8]) -> (usize, usize) {
    let ascii = ascii_prefix(text);
    let marks = if ascii < text.len() { plain_marks(&text[ascii..]) } else { 0 };
    // The last ASCII character before anything else may take a combining mark.
    let joined = ascii < text.len() && marks == 0;
    (if joined { ascii.saturating_sub(1) } else { ascii }, marks)
}

/// Bytes at the start of `text` that have to be folded together: an ASCII character followed by another
/// joins nothing, so up to there.
pub(crate) fn folded_together(text: &[u8]) -> usize {
    let end = text.windows(2).skip(1).position(|pair| pair[0] < 0x80 && pair[1] < 0x80);
    end.map_or(text.len(), |offset| offset + 1)
}

/// Bytes of ASCII at the start of `text`.
fn ascii_prefix(text: &[u8]) -> usize {
    let (blocks, _) = text.as_chunks::<{ 4 * BLOCK }>();
    let plain = blocks.iter().take_while(|block| block.is_ascii()).count() * 4 * BLOCK;
    let (blocks, rest) = text[plain..].as_chunks();
    for (block, at) in blocks.iter().zip((plain..).step_by(BLOCK)) {
        let beyond = u64::from_le_bytes(*block) & 0x8080_8080_8080_8080;
        if beyond != 0 {
            return at + beyond.trailing_zeros() as usize / 8;
        }
    }
    let last = rest.iter().position(|&byte| byte >= 0x80);
    last.map_or(text.len(), |offset| text.len() - rest.len() + offset)
}

/// Bytes of the quotation marks and dashes at the start of `text` that join nothing (U+2010 to U+2027).
fn plain_marks(text: &[u8]) -> usize {
    let plain = |bytes: &&[u8]| bytes.len() == 3 && bytes[..2] == [0xe2, 0x80] && (0x90..=0xa7).contains(&bytes[2]);
    let marks = text.chunks(3).take_while(plain).count() * 3;
    // A combining mark may follow the last one, though it never does in practice.
    if text.get(marks).is_none_or(|&byte| byte < 0x80) { marks } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        normalises("one‗two ‗ three‗é".as_bytes(), "one two three é");
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
            let expected: String = folded
                .chars()
                .filter(|&c| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c))
                .collect();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn words_and_ideographs_are_counted_apart() {
        let count = |text: &str| {
            let count = letters(text.as_bytes(), &mut Vec::new());
            (count.words, count.ideographs, count.visible)
        };
        assert_eq!(count("one two-three — “four”"), (4, 0, true));
        assert_eq!(count("中国新闻"), (0, 4, true));
        assert_eq!(count("\u{feff} \u{a0}"), (0, 0, false));
    }

    #[test]
    fn pieces_are_joined_by_a_space() {
        let mut out = String::from("one");
        normalise(b"two", &mut out);
        assert_eq!(out, "one two");
    }

    proptest! {
        #[test]
        fn ascii_gives_its_words_in_small_letters(text in "[ -~\\t\\n]{0,80}( [ -~]{0,9}){0,99}") {
            let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            normalises(text.as_bytes(), &words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join(" "));
        }
    }
}
