//! Which lines the word lists say nothing of, told without folding the line or looking it up.
//!
//! Every test here lets too many rules speak, never too few: most lines of a page are paragraphs and headlines,
//! and a glance at their first word and their marks shows that few rules can say anything of them.

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
/// Entries for openings; a few hundred are taken.
const SLOTS: usize = 1 << 13;
/// Longest line, in bytes of its folded form, that can be a date.
const LONGEST_DATE: usize = 120;

/// The word lists, boiled down.
#[derive(Debug)]
pub struct Sieve {
    /// What may begin with a word or with eight letters: one entry for every hash.
    openings: Box<[u8; SLOTS]>,
    /// Rare parts of the letters of notices, libraries and addresses.
    letters: Regex,
    /// Rare parts of notices, as they stand in a line that is not folded.
    raw: Regex,
}

/// Which rules may speak of a line; the others do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chance {
    /// It may be a phrase or begin with one.
    pub phrase: bool,
    /// It may begin with the words of a credit or a byline, or with an agency.
    pub name: bool,
    /// It may have a part of a notice or of an address, or the name of a library.
    pub part: bool,
    /// It may be a date.
    pub date: bool,
    /// It may be a sum.
    pub sum: bool,
    /// It may stand for a site's own picture.
    pub icon: bool,
    /// Its end may name a picture's source.
    pub source: bool,
    /// It may have names with a mark between them.
    pub joint: bool,
}

impl Chance {
    /// Any rule may speak.
    pub const ALL: Chance =
        Chance { phrase: true, name: true, part: true, date: true, sum: true, icon: true, source: true, joint: true };
}

/// A phrase that is a whole line.
const WHOLE: u8 = 1;
/// A phrase that may have something behind it.
const PHRASE: u8 = 2;
/// Credits, bylines and agencies.
const NAME: u8 = 4;

impl Sieve {
    /// Boils down folded phrases, each with whether something may stand behind it, the names that lines may
    /// begin with, and what may stand anywhere in a line.
    pub fn new<'a>(
        phrases: impl Iterator<Item = (&'a str, bool)>,
        names: impl Iterator<Item = String>,
        notices: impl Iterator<Item = &'a str> + Clone,
        libraries: impl Iterator<Item = String>,
    ) -> Sieve {
        let mut openings = Box::new([0; SLOTS]);
        let mut open = |phrase: &str, sort| {
            let letters = letters(phrase);
            let key = first_eight(letters.as_bytes()).or_else(|| first_word(phrase.as_bytes()));
            if let Some(key) = key {
                openings[slot(key)] |= sort;
            }
        };
        phrases.for_each(|(phrase, more)| open(phrase, if more { PHRASE } else { WHOLE }));
        names.for_each(|name| open(&name, NAME));
        let parts = notices.clone().map(|phrase| without_case(phrase).0 + &without_case(phrase).1);
        let parts = parts.chain(libraries).map(|phrase| rarest(&letters(&phrase)).to_owned());
        Sieve { openings, letters: search(parts.chain(["http".to_owned()])), raw: search(notices.flat_map(raw_parts)) }
    }

    /// Which rules may speak of a line of so many units, whose letters and signs are known.
    pub fn chance(&self, text: &[u8], letters: &[u8], units: u32, signs: Signs) -> Chance {
        let (phrase, name) = self.may_open(text, letters);
        Chance {
            phrase,
            name,
            part: self.letters.is_match(letters),
            date: signs.has(Signs::DIGIT) && letters.len() <= LONGEST_DATE,
            sum: signs.has(Signs::EQUALS),
            icon: units <= 5 && ICONS.iter().any(|end| letters.ends_with(end.as_bytes())),
            source: may_end_in_source(text) || (units <= 8 && signs.has(Signs::STEP)),
            joint: units <= 12 && signs.has(Signs::JOINT),
        }
    }

    /// Whether a line that is not folded may have a part that only notices have.
    pub fn may_be_notice(&self, raw: &[u8]) -> bool {
        self.raw.is_match(raw)
    }

    /// Whether a line may begin with a phrase, and whether with a name.
    fn may_open(&self, text: &[u8], letters: &[u8]) -> (bool, bool) {
        let Some(word) = first_word(text) else {
            let quoted = matches!(text, [b'"' | b'\'', ..] | [0xe2, 0x80, 0x98..=0x9f, ..]);
            return (!quoted, !quoted);
        };
        let end = text.iter().take(8).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        // What follows may be joined to the last letter.
        let joined =
            text.get(end).is_some_and(|&byte| byte >= 0x80) && !matches!(text[end..], [0xe2, 0x80, 0x90..=0xa7, ..]);
        if joined || text[0].is_ascii_digit() {
            return (true, true);
        }
        let eight = first_eight(letters);
        let short = self.openings[slot(word)];
        let long = eight.map_or(0, |eight| self.openings[slot(eight)]);
        let whole = if eight.is_some() { long } else { short | long };
        ((whole & WHOLE) | ((short | long) & PHRASE) != 0, (short | long) & NAME != 0)
    }
}

/// How the texts that stand in for a site's own pictures end; they are words of their own.
pub const ICONS: [&str; 3] = ["logo", "icon", "button"];

/// The ASCII letters and digits that a text begins with, at most eight of them; none if there are none.
fn first_word(text: &[u8]) -> Option<u64> {
    let word = text.iter().take(8).take_while(|byte| byte.is_ascii_alphanumeric());
    let word = word.fold(0, |word, byte| word << 8 | u64::from(byte.to_ascii_lowercase()));
    (word != 0).then_some(word)
}

/// The first eight bytes of the letters of a line that has so many.
fn first_eight(letters: &[u8]) -> Option<u64> {
    letters.first_chunk().map(|eight| u64::from_be_bytes(*eight))
}

/// Where the entry of an opening stands.
fn slot(opening: u64) -> usize {
    (opening.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize % SLOTS
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

/// How rare the bytes are that a text begins with: a long part is rarer than a short one.
fn rarity(text: &str) -> usize {
    let rank = |byte| COMMON.iter().position(|&common| common == byte).unwrap_or(COMMON.len());
    text.bytes().take(PART).map(rank).sum()
}
