//! What happens to a text on its way from site to site.

use super::article::{Article, first_words};
use super::grammar::Grammar;
use super::random::Random;
use serde::{Deserialize, Serialize};

/// One way to change a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Another headline over the same text.
    Headline,
    /// The end is cut off.
    CutTail,
    /// One paragraph is left out.
    DroppedParagraph,
    /// Letters are mistyped.
    Typos,
    /// Words are replaced, left out and put in.
    ChangedWords,
    /// Two paragraphs change places.
    SwappedParagraphs,
    /// A new paragraph is put in.
    InsertedParagraph,
}

use Edit::*;

const ALL: [Edit; 7] = [Headline, CutTail, DroppedParagraph, Typos, ChangedWords, SwappedParagraphs, InsertedParagraph];
/// For texts too short to lose or to order paragraphs.
const OF_SHORT_TEXTS: [Edit; 4] = [Headline, CutTail, Typos, ChangedWords];
/// How many words in a thousand are changed or mistyped.
const RATES: [usize; 5] = [5, 10, 20, 30, 40];

/// Changes an article in one way.
pub fn edit(grammar: &Grammar, article: &mut Article, random: &mut Random) -> Edit {
    let kinds = if article.paragraphs.len() < 4 { &OF_SHORT_TEXTS[..] } else { &ALL };
    let kind = *random.pick(kinds);
    let paragraphs = &mut article.paragraphs;
    match kind {
        Headline => article.headline = grammar.phrase("headline", random),
        CutTail => cut_tail(article, random),
        DroppedParagraph => drop(paragraphs.remove(random.below(paragraphs.len()))),
        Typos => change_words(article, random, mistype),
        ChangedWords => change_words(article, random, |word, random| change(grammar, word, random)),
        SwappedParagraphs => {
            let at = random.below(paragraphs.len() - 1);
            paragraphs.swap(at, at + 1);
        }
        InsertedParagraph => {
            let new = grammar.phrase("sentence", random) + " " + &grammar.phrase("sentence", random);
            paragraphs.insert(random.between(1, paragraphs.len()), new);
        }
    }
    kind
}

/// Keeps 60 to 95 % of the words.
fn cut_tail(article: &mut Article, random: &mut Random) {
    let keep = article.words() * random.between(60, 95) / 100;
    article.paragraphs = first_words(&article.paragraphs, keep);
}

/// Writes the text anew, word by word; at least one word is changed.
fn change_words(article: &mut Article, random: &mut Random, change: impl Fn(&str, &mut Random) -> String) {
    let rate = *random.pick(&RATES);
    let surely = random.below(article.words());
    let mut seen = 0;
    for paragraph in &mut article.paragraphs {
        let mut text = String::with_capacity(paragraph.len() + 32);
        for word in paragraph.split(' ') {
            text.push_str(if text.is_empty() || text.ends_with(' ') { "" } else { " " });
            let changes = seen == surely || random.chance(rate);
            match changes {
                true => text.push_str(&change(word, random)),
                false => text.push_str(word),
            }
            seen += 1;
        }
        *paragraph = text;
    }
}

/// Another word, none, or one more.
fn change(grammar: &Grammar, word: &str, random: &mut Random) -> String {
    let class = *random.pick(&["thing", "quality", "act", "manner"]);
    match random.below(4) {
        0 | 1 => grammar.phrase(class, random),
        2 => String::new(),
        _ => format!("{word} {}", grammar.phrase(class, random)),
    }
}

/// A letter left out, doubled, or changed.
fn mistype(word: &str, random: &mut Random) -> String {
    let letters: Vec<char> = word.chars().collect();
    let at = random.below(letters.len());
    let typed = match random.below(3) {
        0 if letters.len() > 1 => String::new(),
        1 => [letters[at]; 2].iter().collect(),
        _ => char::from(b"aeinorst"[random.below(8)]).to_string(),
    };
    letters[..at].iter().collect::<String>() + &typed + &letters[at + 1..].iter().collect::<String>()
}
