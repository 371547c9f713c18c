//! What a short line says by its words alone: a date, a byline, a picture credit, furniture.
//!
//! The words are data, in `words.txt`; this file knows only the shapes they come in.

use super::date::is_date;
use super::sieve::{Chance, ICONS, Sieve};
use crate::normalise::{self, Signs};
use regex::bytes::Regex;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

/// What the word lists say of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Class {
    /// Nothing: the line is text until its place says otherwise.
    #[default]
    Text,
    /// When the article was written.
    Date,
    /// Who wrote it.
    Byline,
    /// Whose picture it is.
    Credit,
    /// Site words that may stand anywhere.
    Furniture,
    /// Site words that stand in the middle of an article.
    Ad,
    /// Introduces a link to another article, which is the next line.
    Intro,
    /// Site words that stand behind an article and end it.
    Tail,
}

impl Class {
    /// Site words of any sort.
    pub fn is_furniture(self) -> bool {
        matches!(self, Class::Furniture | Class::Ad | Class::Intro | Class::Tail)
    }

    /// A date or a byline.
    pub fn is_meta(self) -> bool {
        matches!(self, Class::Date | Class::Byline)
    }
}

/// The sections of `words.txt` that hold phrases.
const PHRASES: [(&str, Class); 4] =
    [("tail", Class::Tail), ("furniture", Class::Furniture), ("ad", Class::Ad), ("soft", Class::Intro)];

/// How much may follow a phrase, in bytes of the folded line.
const NOTHING: usize = 0;
const FEW_WORDS: usize = 60;
const SENTENCE: usize = 240;
/// Longest phrase, in words, that may have something after it.
const PHRASE_WORDS: usize = 6;

/// The word lists, ready for looking up.
#[derive(Debug)]
pub struct Words {
    phrases: FxHashMap<String, (Class, usize)>,
    /// First words of phrases that may have something after them.
    openers: FxHashSet<String>,
    pub(super) months: FxHashSet<String>,
    pub(super) date_words: FxHashSet<String>,
    pub(super) ago: FxHashSet<String>,
    agencies: FxHashSet<String>,
    by: FxHashSet<String>,
    roles: FxHashSet<String>,
    credits: FxHashSet<String>,
    sources: FxHashSet<String>,
    libraries: Regex,
    notices: Regex,
    cookies: Regex,
    sieve: Sieve,
}

/// The lists of `words.txt`.
pub static WORDS: LazyLock<Words> = LazyLock::new(|| Words::parse(include_str!("words.txt")));

impl Words {
    fn parse(file: &str) -> Words {
        let mut sections: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut section = "";
        for line in file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => section = name,
                None => sections.entry(section).or_default().push(line),
            }
        }
        let list = |name: &str| sections.get(name).map_or(&[][..], Vec::as_slice).iter().copied();
        let set = |name: &str| list(name).map(folded).collect();
        let singles = |name: &str| list(name).flat_map(|line| line.split(' ')).map(folded).collect();
        let mut phrases = FxHashMap::default();
        let mut openers = FxHashSet::default();
        for (name, class) in PHRASES {
            for line in list(name) {
                let (phrase, more) = phrase(line);
                if more > NOTHING {
                    openers.insert(phrase.split([' ', ':', '(']).next().unwrap_or_default().to_owned());
                }
                let entry: &mut (Class, usize) = phrases.entry(phrase).or_insert((class, more));
                entry.1 = entry.1.max(more);
            }
        }
        let names = ["credit", "byline", "agency"].into_iter().flat_map(list).map(folded);
        let known = phrases.iter().map(|(phrase, &(_, more))| (phrase.as_str(), more > NOTHING));
        let sieve = Sieve::new(known, names, list("notice"), list("library").map(folded));
        Words {
            phrases,
            openers,
            months: singles("month"),
            date_words: singles("dateword"),
            ago: set("ago"),
            agencies: set("agency"),
            by: set("byline"),
            roles: set("role"),
            credits: set("credit"),
            sources: set("source"),
            libraries: search(list("library").map(folded)),
            notices: any_of(list("notice")),
            cookies: any_of(list("cookie")),
            sieve,
        }
    }

    /// Which rules may speak of a line that is not folded yet, given its letters.
    pub fn chance(&self, text: &[u8], letters: &[u8], units: u32, signs: Signs) -> Chance {
        self.sieve.chance(text, letters, units, signs)
    }

    /// [`Words::is_notice`] for a line that is not folded.
    pub fn is_raw_notice(&self, raw: &[u8], units: u32) -> bool {
        self.sieve.may_be_notice(raw) && self.is_notice(raw, units)
    }

    /// What a folded line of so many units says, where only some rules may speak of it.
    pub fn class(&self, line: &str, units: u32, may: Chance) -> Class {
        if let Some(&(class, _)) = may.phrase.then(|| self.phrases.get(bare(line))).flatten() {
            return class;
        }
        if (may.sum && is_sum(line)) || (may.icon && units <= 5 && is_icon(line)) {
            return Class::Furniture;
        }
        if let Some(class) = may.phrase.then(|| self.opening(line)).flatten() {
            return class;
        }
        if may.part && self.is_notice(line.as_bytes(), units) {
            Class::Furniture
        } else if may.date && is_date(line, self) {
            Class::Date
        } else if self.is_credit(line, units, may) {
            Class::Credit
        } else if (may.name || may.joint) && self.is_byline(line, units) {
            Class::Byline
        } else {
            Class::Text
        }
    }

    /// What the phrase tells that a line begins with.
    fn opening(&self, line: &str) -> Option<Class> {
        if let Some(class) = self.begins_with_phrase(line.trim_start_matches(BEFORE)) {
            return Some(class);
        }
        if !line.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',');
        // "34 comments" is looked up as "0 comments".
        let counted = format!("0{rest}");
        let known = self.phrases.get(counted.as_str()).map(|&(class, _)| class);
        known.or_else(|| self.begins_with_phrase(&counted))
    }

    /// Whether a line speaks of the site's own business: cookies, accounts, newsletters.
    pub(super) fn is_notice(&self, raw: &[u8], units: u32) -> bool {
        let mut phrases = self.notices.find_iter(raw).map(|found| found.as_bytes());
        let Some(first) = phrases.next() else { return false };
        let cookie = |phrase: &[u8]| phrase.eq_ignore_ascii_case(b"cookie");
        units < 12
            || phrases.any(|next| !next.eq_ignore_ascii_case(first))
            || (cookie(first) && self.cookies.is_match(raw))
    }

    fn begins_with_phrase(&self, line: &str) -> Option<Class> {
        let opener = line.split([' ', ':', '(']).next().unwrap_or_default();
        if !self.openers.contains(opener) {
            return None;
        }
        let ends = line.char_indices().filter(|&(_, c)| c == ' ' || c == ':' || c == '(');
        ends.take(PHRASE_WORDS + 1).find_map(|(end, c)| {
            let rest = line.len() - end;
            let fits = |text: &str| self.phrases.get(text).filter(|(_, more)| rest <= *more).map(|(class, _)| *class);
            fits(&line[..end]).or_else(|| if c == ':' { fits(&line[..=end]) } else { None })
        })
    }

    fn is_credit(&self, line: &str, units: u32, may: Chance) -> bool {
        if units > 80 {
            return false;
        }
        (may.name && self.opens_credit(line, units))
            || (may.part && units <= 10 && self.libraries.is_match(line.as_bytes()))
            || (may.source && self.ends_in_source(line, units))
    }

    fn opens_credit(&self, line: &str, units: u32) -> bool {
        let first_words = line.char_indices().filter(|&(_, c)| c == ' ' || c == ':' || c == '/');
        let opens = first_words.take(3).any(|(end, c)| {
            self.credits.contains(&line[..end]) && (c != ' ' || units <= 8 || line[end..].starts_with(" by "))
        });
        (opens && (units <= 14 || line.contains(": ")))
            || self.credits.contains(line)
            || (units <= 8 && line.starts_with('©'))
    }

    fn ends_in_source(&self, line: &str, units: u32) -> bool {
        let line = line.trim_end_matches('.');
        let bracket = line.strip_suffix(')').and_then(|line| Some(&line[line.rfind('(')? + 1..]));
        bracket.is_some_and(|inside| self.names_source(inside))
            || (units <= 8 && line.contains('/') && self.names_source(line))
    }

    /// Whether the words in brackets behind a caption name a picture's source.
    fn names_source(&self, text: &str) -> bool {
        text.len() <= 80
            && (self.agencies.contains(text)
                || text
                    .split(['/', ' ', ',', ':', ';'])
                    .any(|word| self.sources.contains(word) || (text.contains('/') && self.agencies.contains(word))))
    }

    fn is_byline(&self, line: &str, units: u32) -> bool {
        if units > 12 || line.len() > 100 {
            return false;
        }
        if self.agencies.contains(line.trim_end_matches('.')) {
            return true;
        }
        let first = line.char_indices().filter(|&(_, c)| c == ' ' || c == ':').take(2);
        let by = first.map(|(end, _)| &line[..end]).any(|start| self.by.contains(start));
        if by && !line.ends_with(['.', '!', '?']) && line.len() <= 80 {
            return true;
        }
        (line.starts_with("- ") && line.len() <= 42 && !line.contains('.'))
            || (line.ends_with(" -") && line.len() <= 42)
            || [('-', " - "), (':', ": "), ('/', "/")].iter().any(|&(char, mark)| {
                let parts = line.contains(char).then(|| line.split_once(mark)).flatten();
                parts.is_some_and(|(a, b)| {
                    self.agencies.contains(a) && b.len() <= 30 || a.len() <= 40 && self.agencies.contains(b)
                })
            })
            || (!line.ends_with(['.', '!', '?']) && self.names_author(line, units) && !line.contains(". "))
    }

    /// Whether a line that is no sentence has a bar in it, or ends in a role.
    fn names_author(&self, line: &str, units: u32) -> bool {
        let role = |end: &str| self.roles.contains(end.rsplit(' ').next().unwrap_or(end));
        (units <= 7 && line.contains('|') && line.contains(" | "))
            || (line.contains(',') && line.rsplit_once(", ").is_some_and(|(_, end)| role(end)))
    }
}

/// What may stand before a phrase.
const BEFORE: [char; 7] = ['-', '|', '>', ' ', '*', '•', '+'];
/// What may stand behind one.
const BEHIND: [char; 8] = [':', '.', '?', '>', ' ', '»', '-', '|'];

/// A line without what may stand around a phrase.
fn bare(line: &str) -> &str {
    line.trim_end_matches(BEHIND).trim_start_matches(BEFORE)
}

/// Whether a line ends in a word for a site's own pictures, which has a space before it.
fn is_icon(line: &str) -> bool {
    ICONS.iter().any(|end| line.strip_suffix(end).is_some_and(|rest| rest.ends_with(' ')))
}

/// "6 + 2 =": the question a comment box asks to keep machines out.
fn is_sum(line: &str) -> bool {
    let Some(sum) = line.trim_end_matches(['?', ' ']).strip_suffix('=') else { return false };
    let sum = sum.trim();
    sum.len() <= 12
        && sum.split(['+', '-', '*', 'x', '×']).count() == 2
        && sum
            .split(['+', '-', '*', 'x', '×'])
            .all(|n| !n.trim().is_empty() && n.trim().bytes().all(|b| b.is_ascii_digit()))
}

fn folded(text: &str) -> String {
    let mut out = String::new();
    normalise::fold(text.as_bytes(), &mut out);
    out
}

/// A phrase and how many bytes may follow it: `*` a few words, `**` a sentence.
fn phrase(line: &str) -> (String, usize) {
    match line.strip_suffix(" **") {
        Some(phrase) => (folded(phrase), SENTENCE),
        None => line.strip_suffix(" *").map_or((folded(line), NOTHING), |phrase| (folded(phrase), FEW_WORDS)),
    }
}

/// Finds any of these phrases, in lower case or with capitals. The patterns are few enough strings for a
/// plain search: a phrase of several words goes without its first letter, whose case then does not matter.
fn any_of<'a>(phrases: impl Iterator<Item = &'a str>) -> Regex {
    let patterns = phrases.map(without_case).flat_map(|(rest, last)| {
        let capital = capitalised(&last);
        [rest.clone() + &last, rest + &capital]
    });
    search(patterns)
}

/// A phrase as its last word, and what stands before that but for the first letter.
pub(super) fn without_case(phrase: &str) -> (String, String) {
    match phrase.rsplit_once(' ') {
        Some((first, last)) => (first.chars().skip(1).chain([' ']).collect(), last.to_owned()),
        None => (String::new(), phrase.to_owned()),
    }
}

/// Finds any of these.
fn search(phrases: impl Iterator<Item = String>) -> Regex {
    let patterns = phrases.map(|phrase| regex::escape(&phrase)).collect::<Vec<_>>();
    Regex::new(&patterns.join("|")).expect("escaped phrases make a valid pattern")
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
