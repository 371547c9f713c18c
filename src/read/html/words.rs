//! The words of the rules, read from `words.txt`.

use super::hints::Hints;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// All words.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("words.txt"), include_str!("phrases.txt")));

/// Phrases have fewer characters.
const LONGEST_PHRASE: usize = 40;

pub(super) struct Words {
    /// Words of class names.
    classes: FxHashMap<&'static [u8], Hints>,
    /// How such words may begin.
    openings: FxHashMap<&'static [u8], Hints>,
    /// The lengths that openings have, longest first.
    lengths: Vec<usize>,
    /// What lines of the site begin with, by their first letter.
    phrases: FxHashMap<char, Vec<&'static str>>,
}

impl Words {
    fn read(text: &'static str, phrases: &'static str) -> Words {
        let mut words = Words {
            classes: FxHashMap::default(),
            openings: FxHashMap::default(),
            lengths: Vec::new(),
            phrases: FxHashMap::default(),
        };
        for phrase in phrases.lines().filter(|line| !line.starts_with('#')) {
            if let Some(first) = phrase.chars().next() {
                words.phrases.entry(first).or_default().push(phrase);
            }
        }
        let mut section = Hints::NONE;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = section_of(name);
                continue;
            }
            line.split_whitespace().for_each(|word| words.add(word, section));
        }
        words.lengths = words.openings.keys().map(|opening| opening.len()).collect();
        words.lengths.sort_unstable_by(|a, b| b.cmp(a));
        words.lengths.dedup();
        words
    }

    fn add(&mut self, word: &'static str, hints: Hints) {
        let (words, word) = match word.strip_suffix('*') {
            Some(opening) => (&mut self.openings, opening),
            None => (&mut self.classes, word),
        };
        *words.entry(word.as_bytes()).or_default() |= hints;
    }

    /// Whether a line begins with words of the site.
    pub fn begins(&self, line: &str) -> bool {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '@');
        let Some(first) = line.chars().next().and_then(|c| c.to_lowercase().next()) else { return false };
        let Some(phrases) = self.phrases.get(&first) else { return false };
        let small: String = line.chars().take(LONGEST_PHRASE).flat_map(char::to_lowercase).collect();
        phrases.iter().any(|phrase| {
            let rest = small.strip_prefix(phrase);
            rest.is_some_and(|rest| phrase.ends_with([':', '@', ' ']) || !rest.starts_with(char::is_alphanumeric))
        })
    }

    /// What a word of a class name says; it is in small letters.
    pub fn of_class(&self, word: &[u8]) -> Hints {
        if let Some(&hints) = self.classes.get(word) {
            return hints;
        }
        let openings = self.lengths.iter().filter(|&&length| length <= word.len());
        openings.filter_map(|&length| self.openings.get(&word[..length])).next().copied().unwrap_or_default()
    }
}

fn section_of(name: &str) -> Hints {
    match name {
        "furniture" => Hints::FURNITURE,
        "comments" => Hints::COMMENTS,
        "body" => Hints::BODY,
        "article" => Hints::ARTICLE,
        "content" => Hints::CONTENT,
        "caption" => Hints::CAPTION,
        "byline" => Hints::BYLINE,
        "date" => Hints::DATE,
        "headline" => Hints::HEADLINE,
        "summary" => Hints::SUMMARY,
        "weak" => Hints::WEAK,
        "cited" => Hints::CITED,
        "not" => Hints::NOT,
        _ => Hints::NONE,
    }
}
