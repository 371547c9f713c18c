//! The words of a text with where they stand: the normalised form ([`crate::normalise`]) and the way back
//! from it to the bytes of the page.

use crate::normalise::{Class, classify_places};

/// One word of the normalised form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// First byte, as a text offset.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Equal for equal normalised words; see [`hash`].
    pub hash: u64,
    /// What the normalised form no longer shows.
    pub look: Look,
}

/// How a word is set on its page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// It begins with a capital letter.
    pub capital: bool,
    /// It begins with a digit.
    pub number: bool,
    /// A double quotation mark stands between it and the word before.
    pub after_quote_mark: bool,
    /// It begins a line or a sentence, or follows a colon or a double quotation mark.
    pub after_break: bool,
    /// It is the first word of its line.
    pub starts_line: bool,
}

/// What a word counts, in halves of a word: 2, or 1 for a character of a script without spaces, where a
/// word has two characters as a rule.
pub fn halves(hash: u64) -> usize {
    2 - (hash & 1) as usize
}

/// The hash of a normalised word. Its lowest bit says whether the word is a character of a script
/// without spaces.
pub fn hash(word: &str) -> u64 {
    let unspaced = word.chars().next().is_some_and(crate::normalise::is_unspaced);
    word.bytes().fold(START, step) << 1 | u64::from(unspaced)
}

const START: u64 = 0x51_7c_c1_b7_27_22_0a_95;

fn step(hash: u64, byte: u8) -> u64 {
    (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Appends the words of `text` to `out`. They are those of its normalised form, in the same order;
/// `base` is the text offset of the first byte.
pub fn words(text: &[u8], base: usize, out: &mut Vec<Word>) {
    each_word(text, base, |word| out.push(word));
}

/// Hands the words of `text` to `see`, as [`words`] would append them.
pub fn each_word(text: &[u8], base: usize, mut see: impl FnMut(Word)) {
    let mut gap = true;
    let mut raw = START;
    let mut look = Look { starts_line: true, after_break: true, ..Look::default() };
    let mut ended = false;
    let mut open: Option<Word> = None;
    classify_places(text, |class, piece, place| match class {
        Class::Drop => {}
        Class::Space => {
            gap = true;
            look.starts_line |= text[place].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
            look.after_break |= ended || look.starts_line;
        }
        Class::Mark => {
            gap = true;
            look.after_quote_mark |= matches!(piece, "\"" | "「" | "」" | "『" | "』");
            look.after_break |= look.after_quote_mark || matches!(piece, "。" | "！" | "？" | "：");
            // A full stop may stand inside a number or a name: it ends a sentence if a blank follows.
            ended = matches!(piece, "." | "!" | "?" | ":" | "…" | "؟" | "।") || ended && piece != ",";
        }
        Class::Word | Class::Ideograph => {
            let unspaced = class == Class::Ideograph;
            if gap || unspaced {
                let first = first_char(&text[place.clone()]);
                look.capital = first.is_uppercase();
                look.number = first.is_numeric();
                let (start, end) = (base + place.start, base + place.end);
                let word = Word { start, end, hash: 0, look: std::mem::take(&mut look) };
                open.replace(word).into_iter().for_each(&mut see);
                raw = START;
            }
            raw = piece.bytes().fold(raw, step);
            if let Some(word) = &mut open {
                word.end = base + place.end;
                word.hash = raw << 1 | u64::from(unspaced);
            }
            gap = unspaced;
            ended = false;
        }
    });
    open.into_iter().for_each(see);
}

fn first_char(text: &[u8]) -> char {
    text.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::normalise;

    /// The words of a text as they stand in it.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        words(text.as_bytes(), 100, &mut found);
        let cut: Vec<&str> = found.iter().map(|word| &text[word.start - 100..word.end - 100]).collect();
        assert_eq!(cut, expected);
        let mut normalised = String::new();
        normalise(text.as_bytes(), &mut normalised);
        let hashes: Vec<u64> = normalised.split_terminator(' ').map(hash).collect();
        assert_eq!(found.iter().map(|word| word.hash).collect::<Vec<_>>(), hashes, "{normalised}");
    }

    #[test]
    fn words_are_those_of_the_normalised_form_and_are_cut_out_of_the_text() {
        check("“I’m here,” he said.", &["I", "m", "here", "he", "said"]);
        check(
            "Cafe\u{301} ﬁne co\u{ad}op\u{200b}era ＡＢＣ",
            &["Cafe\u{301}", "ﬁne", "co\u{ad}op\u{200b}era", "ＡＢＣ"],
        );
        check("中国 AI新闻。", &["中", "国", "AI", "新", "闻"]);
        check("كِتَابِي، اليوم", &["كِتَابِي", "اليوم"]);
        check("\u{1100}\u{1161}\u{11a8} x", &["\u{1100}\u{1161}\u{11a8}", "x"]);
        check(" — ", &[]);
    }

    #[test]
    fn bytes_that_are_not_text_end_a_word() {
        let mut found = Vec::new();
        words(b"one\xfftwo", 0, &mut found);
        assert_eq!(found.iter().map(|word| (word.start, word.end)).collect::<Vec<_>>(), [(0, 3), (4, 7)]);
    }

    #[test]
    fn a_word_knows_how_it_is_set() {
        let mut found = Vec::new();
        words("Said Ada: «we\nwon 5» it".as_bytes(), 0, &mut found);
        let of = |look: fn(&Look) -> bool| found.iter().map(|word| look(&word.look)).collect::<Vec<_>>();
        assert_eq!(of(|look| look.capital), [true, true, false, false, false, false]);
        assert_eq!(of(|look| look.number), [false, false, false, false, true, false]);
        assert_eq!(of(|look| look.after_quote_mark), [false, false, true, false, false, true]);
        assert_eq!(of(|look| look.starts_line), [true, false, false, true, false, false]);
        assert_eq!(of(|look| look.after_break), [true, false, true, true, false, true]);
        found.clear();
        words("Up 5.5. It (yes!) 用。好！".as_bytes(), 0, &mut found);
        let breaks: Vec<bool> = found.iter().map(|word| word.look.after_break).collect();
        assert_eq!(breaks, [true, false, false, true, false, true, true]);
    }
}
