//! The words of a text with where they stand: the normalised form ([`crate::normalise`]) and the way back
//! from it to the bytes of the page.

use crate::normalise::{ASCII, Class, classify_places, folded_together, plain_prefix};

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
pub fn each_word(text: &[u8], base: usize, see: impl FnMut(Word)) {
    let mut reader = Reader::new(see);
    let mut at = 0;
    while at < text.len() {
        let (plain, _) = plain_prefix(&text[at..]);
        reader.ascii(&text[at..at + plain], base + at);
        at += plain;
        let end = folded_together(&text[at..]);
        reader.pieces(&text[at..at + end], base + at);
        at += end;
    }
    reader.finish();
}

/// Puts pieces of the folded form together to words.
struct Reader<S> {
    see: S,
    /// The word that may go on.
    open: Option<Word>,
    /// Its hash so far, without the last bit.
    raw: u64,
    /// Whether the next piece begins a word.
    gap: bool,
    /// How the next word is set, as far as it is known.
    look: Look,
    /// Whether a sentence ends here if a blank follows.
    ended: bool,
}

impl<S: FnMut(Word)> Reader<S> {
    fn new(see: S) -> Reader<S> {
        let look = Look { starts_line: true, after_break: true, ..Look::default() };
        Reader { see, open: None, raw: START, gap: true, look, ended: false }
    }

    /// Any text.
    fn pieces(&mut self, text: &[u8], base: usize) {
        classify_places(text, |class, piece, place| match class {
            Class::Drop => {}
            Class::Space => self.space(text[place].iter().any(|&byte| ends_line(byte))),
            Class::Mark => self.mark(piece),
            Class::Word | Class::Ideograph => {
                let unspaced = class == Class::Ideograph;
                if self.gap || unspaced {
                    self.begin(base + place.start, first_char(&text[place.clone()]));
                }
                self.raw = piece.bytes().fold(self.raw, step);
                self.goes_on(base + place.end, unspaced);
            }
        });
    }

    /// Text that is ASCII and that nothing joins: each byte stands for itself.
    fn ascii(&mut self, text: &[u8], base: usize) {
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            match ASCII[byte as usize].0 {
                Class::Word | Class::Ideograph => {
                    let length = text[at..].iter().take_while(|&&byte| is_letter(byte)).count().max(1);
                    if self.gap {
                        self.begin(base + at, char::from(byte));
                    }
                    let folded = text[at..at + length].iter().map(|&byte| ASCII[byte as usize].1);
                    self.raw = folded.fold(self.raw, step);
                    at += length;
                    self.goes_on(base + at, false);
                    continue;
                }
                Class::Space => self.space(ends_line(byte)),
                Class::Mark => self.mark(std::str::from_utf8(&text[at..=at]).unwrap_or_default()),
                Class::Drop => {}
            }
            at += 1;
        }
    }

    fn space(&mut self, ends_line: bool) {
        self.gap = true;
        self.look.starts_line |= ends_line;
        self.look.after_break |= self.ended || self.look.starts_line;
    }

    fn mark(&mut self, mark: &str) {
        self.gap = true;
        self.look.after_quote_mark |= matches!(mark, "\"" | "「" | "」" | "『" | "』");
        self.look.after_break |= self.look.after_quote_mark || matches!(mark, "。" | "！" | "？" | "：");
        // A full stop may stand inside a number or a name: it ends a sentence if a blank follows.
        self.ended = matches!(mark, "." | "!" | "?" | ":" | "…" | "؟" | "।") || self.ended && mark != ",";
    }

    /// A word begins, and the one before ends.
    fn begin(&mut self, start: usize, first: char) {
        self.look.capital = first.is_uppercase();
        self.look.number = first.is_numeric();
        let word = Word { start, end: start, hash: 0, look: std::mem::take(&mut self.look) };
        self.raw = START;
        if let Some(before) = self.open.replace(word) {
            (self.see)(before);
        }
    }

    /// The word reaches to here at least.
    fn goes_on(&mut self, end: usize, unspaced: bool) {
        if let Some(word) = &mut self.open {
            word.end = end;
            word.hash = self.raw << 1 | u64::from(unspaced);
        }
        self.gap = unspaced;
        self.ended = false;
    }

    fn finish(mut self) {
        self.open.take().into_iter().for_each(&mut self.see);
    }
}

fn is_letter(byte: u8) -> bool {
    ASCII[byte as usize].0 == Class::Word
}

fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn first_char(text: &[u8]) -> char {
    text.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::normalise;
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn plain_text_is_read_as_any_other(text in "([a-zA-Z0-9 .,:!?\"'\\n\\r\\t\\x07-]{0,9}[“”’—é\u{301}\u{ad}中。ﬁΣ\u{1100}\u{1161}]{0,2}){0,9}") {
            let (mut quick, mut slow) = (Vec::new(), Vec::new());
            words(text.as_bytes(), 7, &mut quick);
            let mut reader = Reader::new(|word| slow.push(word));
            reader.pieces(text.as_bytes(), 7);
            reader.finish();
            prop_assert_eq!(quick, slow);
        }
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
