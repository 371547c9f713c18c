//! Which lines the word lists say nothing of, told without folding the line or looking it up.
//!
//! Every test here lets too many rules speak, never too few: most lines of a page are paragraphs and headlines,
//! and a glance at their first word and their marks shows that few rules can say anything of them.

use super::words::without_case;
use crate::normalise::{self, Signs};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Letters of English in the order of how common they are, the space first: what comes late or not at all
/// is rare, and fast to look for.
const COMMON: &[u8] = b" etaoinshrdlcumwfgypbvkjxqz";
/// Entries for openings; a few hundred are taken.
const SLOTS: usize = 1 << 13;
/// Longest line, in bytes of its folded form, that can be a date.
const LONGEST_DATE: usize = 120;

/// The word lists, boiled down.
#[derive(Debug)]
pub struct Sieve {
    /// What may begin with a word or with eight letters: one entry for every hash.
    openings: Box<[u8; SLOTS]>,
    /// Parts of the letters of notices and libraries.
    letters: Grams<2>,
    /// Parts of notices, as they stand in a line that is not folded.
    raw: Grams<3>,
}

/// Which rules may speak of a line; the others do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chance {
    /// It may be a phrase or begin with one.
    pub phrase: bool,
    /// It may begin with the words of a credit or a byline, or with an agency.
    pub name: bool,
    /// It may have a part of a notice or the name of a library.
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
        notices: impl Iterator<Item = &'a str>,
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
        let parts = notices.map(|phrase| without_case(phrase).0 + &without_case(phrase).1).collect::<Vec<_>>();
        let of_letters = parts.iter().cloned().chain(libraries).map(|phrase| letters(&phrase));
        Sieve { openings, letters: Grams::new(of_letters), raw: Grams::new(parts.iter().cloned()) }
    }

    /// Which rules may speak of a line of so many units, whose letters and signs are known.
    pub fn chance(&self, text: &[u8], letters: &[u8], units: u32, signs: Signs) -> Chance {
        let (phrase, name) = self.may_open(text, letters);
        Chance {
            phrase,
            name,
            part: self.letters.is_in(letters),
            date: signs.has(Signs::DIGIT) && letters.len() <= LONGEST_DATE,
            sum: signs.has(Signs::EQUALS),
            icon: units <= 5 && ICONS.iter().any(|end| letters.ends_with(end.as_bytes())),
            source: may_end_in_source(text) || (units <= 8 && signs.has(Signs::STEP)),
            joint: units <= 12 && signs.has(Signs::JOINT),
        }
    }

    /// Whether a line that is not folded may have a part that only notices have.
    pub fn may_be_notice(&self, raw: &[u8]) -> bool {
        self.raw.is_in(raw)
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
        // Control characters are folded like whitespace.
        Some(b')' | ..b' ' | 0x7f) | None => true,
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

/// Finds the phrases of a list wherever they stand, by four bytes of each, of which every `STEP`th place of a
/// text is looked at. Capitals of ASCII count as small letters.
#[derive(Debug)]
struct Grams<const STEP: usize> {
    /// One bit for every hash of four bytes.
    known: Box<[u64; GRAMS]>,
    /// The phrases that have them.
    phrases: FxHashMap<u32, Vec<Phrase>>,
}

/// A phrase that is known by some of its bytes.
#[derive(Debug)]
struct Phrase {
    /// How many bytes stand before those.
    before: usize,
    bytes: Box<[u8]>,
}

/// Words of 64 bits for hashes of four bytes; a few hundred bits are taken.
const GRAMS: usize = 1 << 11;
/// Bytes of a phrase that are looked up.
const GRAM: usize = 4;
/// Places that are looked at in one go.
const LOT: usize = 8;

impl<const STEP: usize> Grams<STEP> {
    /// Takes of every phrase as many parts in a row as there are ways to step over it, rare ones in English.
    fn new(phrases: impl Iterator<Item = String>) -> Grams<STEP> {
        let mut grams = Grams { known: Box::new([0; GRAMS]), phrases: FxHashMap::default() };
        for phrase in phrases {
            let phrase = phrase.as_bytes();
            let rows = (0..(phrase.len() + 2).saturating_sub(GRAM + STEP)).map(|start| start..start + STEP);
            let rarest = |row: &Range<usize>| row.clone().map(|at| rarity(&phrase[at..at + GRAM])).min();
            let Some(row) = rows.max_by_key(rarest) else { unreachable!("phrases have more letters than that") };
            for at in row {
                let Some(bytes) = phrase[at..].first_chunk() else { continue };
                let gram = gram(*bytes);
                let (slot, bit) = slot_and_bit(gram);
                grams.known[slot] |= 1 << bit;
                grams.phrases.entry(gram).or_default().push(Phrase { before: at, bytes: phrase.into() });
            }
        }
        grams
    }

    /// Whether a phrase stands in a text.
    fn is_in(&self, text: &[u8]) -> bool {
        let mut at = 0;
        // Several places in one go: that a phrase may stand at one of them is rare.
        while let Some(places) = text.get(at..at + (LOT - 1) * STEP + GRAM) {
            let hits: u32 = (0..LOT).map(|place| u32::from(self.hit(&places[place * STEP..]))).sum();
            if hits > 0 && self.is_among(text, at..at + LOT * STEP) {
                return true;
            }
            at += LOT * STEP;
        }
        self.is_among(text, at..text.len())
    }

    /// Whether a phrase stands in a text so that the bytes at one of these places are known.
    fn is_among(&self, text: &[u8], places: Range<usize>) -> bool {
        places.step_by(STEP).any(|at| self.hit(&text[at..]) && self.is_at(text, at))
    }

    /// Whether the first bytes of a text may be those of a phrase.
    fn hit(&self, text: &[u8]) -> bool {
        let Some(bytes) = text.first_chunk() else { return false };
        let (slot, bit) = slot_and_bit(gram(*bytes));
        self.known[slot] >> bit & 1 == 1
    }

    /// Whether a phrase stands in a text so that its known bytes stand there.
    fn is_at(&self, text: &[u8], at: usize) -> bool {
        let stands = |phrase: &Phrase| {
            let start = at.checked_sub(phrase.before);
            let part = start.and_then(|start| text.get(start..start + phrase.bytes.len()));
            part.is_some_and(|part| part.eq_ignore_ascii_case(&phrase.bytes))
        };
        let known = text[at..].first_chunk().and_then(|bytes| self.phrases.get(&gram(*bytes)));
        known.is_some_and(|phrases| phrases.iter().any(stands))
    }
}

/// Four bytes, in small letters.
fn gram(bytes: [u8; GRAM]) -> u32 {
    u32::from_le_bytes(bytes) | 0x2020_2020
}

/// Where the bit of four bytes stands.
fn slot_and_bit(gram: u32) -> (usize, u32) {
    let hash = gram.wrapping_mul(0x9e37_79b9);
    ((hash >> 21) as usize % GRAMS, hash >> 15 & 63)
}

/// How rare bytes are in English, taken together.
fn rarity(text: &[u8]) -> usize {
    let rank = |byte| COMMON.iter().position(|&common| common == byte).unwrap_or(COMMON.len());
    text.iter().map(|&byte| rank(byte)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::words::WORDS;
    use proptest::prelude::*;

    /// Whether the word lists say the same of a line when all rules are asked as when only those are that may
    /// speak of it.
    #[track_caller]
    fn check(line: &str) {
        let (mut letters, mut folded) = (Vec::new(), String::new());
        let count = normalise::letters(line.as_bytes(), &mut letters);
        normalise::fold(line.as_bytes(), &mut folded);
        let units = count.words + count.ideographs.div_ceil(2);
        let may = WORDS.chance(line.as_bytes(), &letters, units, count.signs);
        assert_eq!(WORDS.class(&folded, units, may), WORDS.class(&folded, units, Chance::ALL), "{line}: {may:?}");
        let notice = WORDS.is_raw_notice(line.as_bytes(), units);
        assert_eq!(notice, WORDS.is_notice(line.as_bytes(), units), "{line}");
    }

    /// Every entry of the word lists, as it stands there.
    fn phrases() -> Vec<&'static str> {
        let lines = include_str!("words.txt").lines().filter(|line| !line.is_empty() && !line.starts_with(['#', '[']));
        lines.map(|line| line.trim_end_matches([' ', '*'])).collect()
    }

    #[test]
    fn plain_text_is_asked_nothing() {
        let line = "Nobody was hurt when the first of the beams gave way, but a lorry had to be pulled back";
        let mut letters = Vec::new();
        let count = normalise::letters(line.as_bytes(), &mut letters);
        assert_eq!(WORDS.chance(line.as_bytes(), &letters, count.words, count.signs), Chance::default());
    }

    #[test]
    fn no_phrase_is_missed_wherever_it_stands() {
        for phrase in phrases() {
            for line in [
                phrase.to_owned(),
                phrase.to_uppercase(),
                format!("“{phrase}”"),
                format!("- {phrase}: the harbour"),
                format!("{phrase} of the harbour"),
                format!("The pier ({phrase}/Harbour Office)."),
                format!("The harbour office said that the pier was to stay shut: {phrase}. No day was named yet."),
                format!("1,234 {phrase}"),
                format!("{phrase}\u{301} pier"),
            ] {
                check(&line);
            }
        }
    }

    proptest! {
        #[test]
        fn rules_that_may_not_speak_say_nothing(
            words in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(phrases()).prop_map(str::to_owned),
                    prop::sample::select(vec!["\0", "3", "12:30", "2020", "=", "/", "|", "(", ")", ".", "@", "icon", "…", "’"])
                        .prop_map(str::to_owned),
                    "[a-zA-Z0-9 \u{e9}\u{301}\u{4e2d}\u{ff0f}\u{ad}().,:/-]{1,9}",
                ],
                1..12,
            ),
            spaced in any::<bool>(),
        ) {
            let line = words.join(if spaced { " " } else { "" });
            check(line.trim());
        }
    }
}
