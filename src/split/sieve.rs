//! Which lines the word lists say nothing of, told without folding the line or looking it up.
//!
//! Every test here lets too many lines through, never too few: most lines of a page are paragraphs and
//! headlines, and a glance at their first word and their marks shows that no rule can speak of them.

use super::words::{capitalised, search, without_case};
use crate::normalise::{self, Signs};
use regex::bytes::Regex;

/// Letters of English in the order of how common they are, the space first: what comes late or not at all
/// is rare, and fast to look for.
const COMMON: &[u8] = b" etaoinshrdlcumwfgypbvkjxqz";
/// Bytes that the search for rare parts of phrases begins with.
const PROBE: usize = 4;
/// Bytes of those parts.
const PART: usize = 8;
/// Longest line, in bytes of its folded form, that can be a date.
const LONGEST_DATE: usize = 120;

/// The word lists, boiled down.
#[derive(Debug)]
pub struct Sieve {
    /// Which first words the phrases have: one bit for every hash.
    openings: Box<[u64; 256]>,
    /// Rare parts of the letters of notices, libraries and addresses.
    letters: Regex,
    /// Rare parts of notices, as they stand in a line that is not folded.
    raw: Regex,
}

impl Sieve {
    /// Boils down folded phrases by which a line may begin, and phrases that may stand anywhere.
    pub fn new<'a>(
        openings: impl Iterator<Item = String>,
        notices: impl Iterator<Item = &'a str> + Clone,
        libraries: impl Iterator<Item = String>,
    ) -> Sieve {
        let mut bits = Box::new([0; 256]);
        for word in openings.filter_map(|phrase| opening(phrase.as_bytes())) {
            let (slot, bit) = place(word);
            bits[slot] |= bit;
        }
        let anywhere = notices.clone().map(|phrase| without_case(phrase).0 + &without_case(phrase).1);
        let anywhere = anywhere.chain(libraries).map(|phrase| rarest(&letters(&phrase)).to_owned());
        Sieve {
            openings: bits,
            letters: search(anywhere.chain(["http".to_owned()])),
            raw: search(notices.flat_map(raw_parts)),
        }
    }

    /// Whether the word lists may say something of a line, see [`super::words::Words::may_tell`].
    pub fn may_tell(&self, text: &[u8], letters: &[u8], units: u32, signs: Signs) -> bool {
        units <= 5
            || (units <= 12 && signs.has(Signs::JOINT))
            || signs.has(Signs::AT | Signs::EQUALS)
            || (signs.has(Signs::DIGIT) && letters.len() <= LONGEST_DATE)
            || may_end_in_source(text)
            || self.may_open(text)
            || self.letters.is_match(letters)
    }

    /// Whether a line that is not folded may have a part that only notices have.
    pub fn may_be_notice(&self, raw: &[u8]) -> bool {
        self.raw.is_match(raw)
    }

    /// Whether a line begins with a word that begins a phrase, or with no word of ASCII letters.
    fn may_open(&self, text: &[u8]) -> bool {
        let Some(word) = opening(text) else { return true };
        let end = text.iter().take(8).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        // What follows may be joined to the last letter.
        let joined =
            text.get(end).is_some_and(|&byte| byte >= 0x80) && !matches!(text[end..], [0xe2, 0x80, 0x90..=0xa7, ..]);
        let (slot, bit) = place(word);
        joined || text[0].is_ascii_digit() || self.openings[slot] & bit != 0
    }
}

/// The ASCII letters and digits that a text begins with, at most eight of them; none if there are none.
fn opening(text: &[u8]) -> Option<u64> {
    let word = text.iter().take(8).take_while(|byte| byte.is_ascii_alphanumeric());
    let word = word.fold(0, |word, byte| word << 8 | u64::from(byte.to_ascii_lowercase()));
    (word != 0).then_some(word)
}

/// Where the bit of an opening stands.
fn place(opening: u64) -> (usize, u64) {
    let hash = opening.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// Whether a line may end in a bracket, full stops aside.
fn may_end_in_source(text: &[u8]) -> bool {
    let mut end = text.iter().rev().skip_while(|&&byte| byte == b'.');
    match end.next() {
        Some(b')') | None => true,
        // Behind a bracket, neither quotation marks and dashes nor Latin, Greek and Cyrillic letters are dropped.
        Some(0x80..) => !matches!(text, [.., 0xe2, 0x80, 0x90..=0x9f] | [.., 0xc3..=0xd2, _]),
        Some(_) => false,
    }
}

/// The letters of a phrase.
fn letters(phrase: &str) -> String {
    let mut out = Vec::new();
    normalise::letters(phrase.as_bytes(), &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Parts of a notice of which one stands in every line that has it, whatever its capitals.
fn raw_parts(notice: &str) -> Vec<String> {
    let (rest, last) = without_case(notice);
    let capital = capitalised(&last);
    if capital == last {
        return vec![rarest(&(rest + &last)).to_owned()];
    }
    let behind = last.chars().skip(1).collect::<String>();
    let parts = [rarest(&rest), rarest(&behind)];
    match parts.into_iter().filter(|part| part.len() >= PROBE).max_by_key(|part| rarity(part)) {
        Some(part) => vec![part.to_owned()],
        None => vec![rest.clone() + &last, rest + &capital],
    }
}

/// The part of a text that is the least common in English.
fn rarest(text: &str) -> &str {
    let starts = text.char_indices().map(|(start, _)| start).filter(|start| start + PROBE <= text.len());
    let start = starts.max_by_key(|&start| rarity(&text[start..])).unwrap_or(0);
    let end = (start + PART..text.len()).find(|&end| text.is_char_boundary(end)).unwrap_or(text.len());
    &text[start..end]
}

/// How rare the bytes are that a text begins with.
fn rarity(text: &str) -> usize {
    let rank = |byte| COMMON.iter().position(|&common| common == byte).unwrap_or(COMMON.len());
    text.bytes().take(PROBE).map(rank).sum()
}
