//! The words of the rules, read from `words.txt`.

use super::hints::Hints;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// All words.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("words.txt"), include_str!("phrases.txt")));

/// Phrases have fewer characters.
const LONGEST_PHRASE: usize = 40;

/// Where a line begins with words of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phrase {
    None,
    /// They are the site's wherever they stand.
    Anywhere,
    /// They are the site's at the end of an article.
    Tail,
}

pub(super) struct Words {
    /// Words of class names.
    classes: FxHashMap<&'static [u8], Hints>,
    /// How such words may begin.
    openings: FxHashMap<&'static [u8], Hints>,
    /// The lengths that openings have, longest first.
    lengths: Vec<usize>,
    /// What lines of the site begin with, by their first letter, and whether only at an article's end.
    phrases: FxHashMap<char, Vec<(&'static str, bool)>>,
}

impl Words {
    fn read(text: &'static str, phrases: &'static str) -> Words {
        let mut words = Words {
            classes: FxHashMap::default(),
            openings: FxHashMap::default(),
            lengths: Vec::new(),
            phrases: FxHashMap::default(),
        };
        let mut tail = false;
        for line in phrases.lines().filter(|line| !line.starts_with('#')) {
            match line.chars().next() {
                Some('[') => tail = line == "[tail]",
                Some(first) => words.phrases.entry(first).or_default().push((line, tail)),
                None => {}
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

    /// Whether a line begins with words of the site: anywhere, or at the end of an article.
    pub fn begins(&self, line: &str) -> Phrase {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '@');
        let first = line.chars().next().and_then(|c| c.to_lowercase().next());
        let Some(phrases) = first.and_then(|first| self.phrases.get(&first)) else { return Phrase::None };
        let small: String = line.chars().take(LONGEST_PHRASE).flat_map(char::to_lowercase).collect();
        let begins = |phrase: &str| {
            let rest = small.strip_prefix(phrase);
            rest.is_some_and(|rest| phrase.ends_with([':', '@', ' ']) || !rest.starts_with(char::is_alphanumeric))
        };
        let found = phrases.iter().filter(|(phrase, _)| begins(phrase)).map(|&(_, tail)| tail).min();
        found.map_or(Phrase::None, |tail| if tail { Phrase::Tail } else { Phrase::Anywhere })
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
