//! Phrases from `grammar.txt`, put together at random.

use super::random::{Purpose, Random};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write as _;

/// What phrases are made of.
pub struct Grammar {
    sections: Vec<Section>,
    names: FxHashMap<&'static str, usize>,
}

enum Section {
    /// One of these, each as likely as the others.
    Phrases(Vec<Vec<Piece>>),
    /// Words; the first ones are the most frequent.
    Words(Words),
    /// A number of things.
    Number,
    /// A day of a month.
    DayNumber,
}

/// A part of a phrase.
enum Piece {
    Text(&'static str),
    Slot { section: usize, case: Case },
}

#[derive(Clone, Copy, PartialEq)]
enum Case {
    Plain,
    Capital,
    Capitals,
}

impl Grammar {
    /// Reads the grammar, and invents the words it lacks. They are the same for every seed.
    pub fn new() -> Grammar {
        let source = include_str!("grammar.txt");
        let blocks = source.split("\n[").skip(1).map(|block| block.split_once("]\n").unwrap_or((block, "")));
        let blocks: Vec<(&str, &str)> = blocks.collect();
        let heads = blocks.iter().map(|(head, _)| head.split(' ').next().unwrap_or_default());
        let names: FxHashMap<_, _> =
            heads.chain(["number", "daynumber"]).enumerate().map(|(at, name)| (name, at)).collect();
        let mut random = Random::new(0, Purpose::Words, 0);
        let sections = blocks.iter().map(|&(head, body)| section(head, body, &names, &mut random));
        let sections = sections.chain([Section::Number, Section::DayNumber]).collect();
        Grammar { sections, names }
    }

    /// Appends a phrase of a section.
    pub fn say(&self, section: &str, random: &mut Random, out: &mut String) {
        self.write(self.names[section], random, out);
    }

    /// A phrase of a section.
    pub fn phrase(&self, section: &str, random: &mut Random) -> String {
        let mut out = String::new();
        self.say(section, random, &mut out);
        out
    }

    /// All phrases of a section without slots.
    pub fn all(&self, section: &str) -> Vec<&'static str> {
        let Section::Phrases(phrases) = &self.sections[self.names[section]] else { return Vec::new() };
        let texts = phrases.iter().flatten().map(|piece| match piece {
            Piece::Text(text) => *text,
            Piece::Slot { .. } => "",
        });
        texts.collect()
    }

    fn write(&self, section: usize, random: &mut Random, out: &mut String) {
        match &self.sections[section] {
            Section::Phrases(phrases) => {
                random.pick(phrases).iter().for_each(|piece| self.write_piece(piece, random, out))
            }
            Section::Words(words) => out.push_str(words.pick(random)),
            Section::Number => write_number(random, out),
            Section::DayNumber => drop(write!(out, "{}", random.between(1, 28))),
        }
    }

    fn write_piece(&self, piece: &Piece, random: &mut Random, out: &mut String) {
        let (section, case) = match piece {
            Piece::Text(text) => return out.push_str(text),
            Piece::Slot { section, case } => (*section, *case),
        };
        let start = out.len();
        self.write(section, random, out);
        let start = start + usize::from(mend_indefinite(out, start));
        match case {
            Case::Plain => {}
            Case::Capital => out.get_mut(start..=start).into_iter().for_each(str::make_ascii_uppercase),
            Case::Capitals => out[start..].make_ascii_uppercase(),
        }
    }
}

/// Makes an "a" before a phrase that starts with a vowel "an"; whether there was one.
fn mend_indefinite(out: &mut String, start: usize) -> bool {
    let vowel = out[start..].starts_with(['a', 'e', 'i', 'o']);
    let mends = vowel && (out[..start].ends_with(" a ") || out[..start].ends_with("A "));
    if mends {
        out.insert(start - 1, 'n');
    }
    mends
}

/// Small numbers mostly, some with a thousands separator.
fn write_number(random: &mut Random, out: &mut String) {
    let number = random.between(2, 99);
    let written =
        if random.chance(300) { write!(out, "{number},{:03}", random.below(1000)) } else { write!(out, "{number}") };
    written.expect("a string takes all that is written");
}

/// A section, from what stands between its brackets and what stands below.
fn section(head: &'static str, body: &'static str, names: &FxHashMap<&str, usize>, random: &mut Random) -> Section {
    let lines = body.lines().filter(|line| !line.is_empty());
    let mut head = head.split(' ').skip(1);
    match head.next().and_then(|count| count.parse().ok()) {
        Some(count) => {
            let endings: Vec<&str> = head.map(|ending| ending.trim_start_matches('-')).collect();
            Section::Words(Words::new(lines.flat_map(str::split_whitespace), count, &endings, random))
        }
        None => Section::Phrases(lines.map(|line| phrase(line, names)).collect()),
    }
}

fn phrase(line: &'static str, names: &FxHashMap<&str, usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in line.split('}') {
        let (text, slot) = part.split_once('{').unwrap_or((part, ""));
        pieces.extend((!text.is_empty()).then_some(Piece::Text(text)));
        if !slot.is_empty() {
            let name = slot.to_ascii_lowercase();
            let capitals = slot.chars().filter(char::is_ascii_uppercase).count();
            let case = [Case::Plain, Case::Capital, Case::Capitals][capitals.min(2)];
            pieces.push(Piece::Slot { section: names[name.as_str()], case });
        }
    }
    pieces
}

/// Words by Zipf's law: the word at a rank is as frequent as one divided by its rank, flattened at the top.
struct Words {
    words: Vec<String>,
    /// Every word as often as it is likely.
    draw: Vec<u16>,
}

impl Words {
    /// How much the most frequent words are held back.
    const FLATTENED: usize = 8;

    fn new(listed: impl Iterator<Item = &'static str>, count: usize, endings: &[&str], random: &mut Random) -> Words {
        let mut words: Vec<String> = listed.map(str::to_owned).collect();
        let mut known: FxHashSet<String> = words.iter().cloned().collect();
        let capital = words[0].starts_with(|first: char| first.is_ascii_uppercase());
        while words.len() < count {
            let mut word = invent(endings, random);
            if capital {
                word[..1].make_ascii_uppercase();
            }
            if known.insert(word.clone()) {
                words.push(word);
            }
        }
        let times = |rank: usize| (2 * count / (rank + Words::FLATTENED)).max(1);
        let draw = (0..words.len()).flat_map(|rank| std::iter::repeat_n(rank as u16, times(rank))).collect();
        Words { words, draw }
    }

    fn pick(&self, random: &mut Random) -> &str {
        &self.words[usize::from(*random.pick(&self.draw))]
    }
}

/// A word that nobody has heard.
fn invent(endings: &[&str], random: &mut Random) -> String {
    const ONSETS: [&str; 30] = [
        "b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "qu",
        "r", "s", "sh", "st", "t", "th", "tr", "v", "w", "z",
    ];
    const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ea", "ou"];
    const CODAS: [&str; 14] = ["l", "n", "r", "s", "t", "m", "nd", "rk", "st", "ck", "v", "mp", "lt", "rn"];
    let mut word = String::new();
    for _ in 0..if random.chance(300) { 2 } else { 1 } {
        word += *random.pick(&ONSETS[..]);
        word += *random.pick(&VOWELS[..]);
    }
    word + *random.pick(&CODAS[..]) + *random.pick(endings)
}
