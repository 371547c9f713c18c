//! Which block is what: new, or made from an earlier one.
//!
//! All that is known of a block follows from the seed and the block's number, so no article needs to be
//! kept to be copied later: it is written again.

use super::article::{Article, last_words, length};
use super::edit::{Edit, edit};
use super::grammar::Grammar;
use super::random::{Purpose, Random};
use serde::{Deserialize, Serialize};

/// Of a thousand blocks, how many copy an earlier block to the letter, ...
const EXACT: usize = 300;
/// ... how many are an edited copy, ...
const NEAR: usize = 200;
/// ... and how many are new but for a passage from an earlier article.
const PASSAGE: usize = 30;
/// How much of such an article and of the earlier one the passage is, in thousandths.
const SHARES: (usize, usize) = (250, 300);
/// Words from which a passage is taken from an article.
const ENOUGH: usize = 150;

/// What a block was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Nothing: it is the first of its article.
    New,
    /// An earlier block, to the letter.
    Exact(u64),
    /// The article of an earlier block, edited.
    Near(u64),
    /// A passage of an earlier article, and new text: an article of its own.
    Passage(u64),
}

/// The text of a block, and how it came about.
pub struct Text {
    pub article: Article,
    /// How it was edited, or the block of which it is an exact copy.
    pub edit: Option<Edit>,
    /// The article that was edited, or from which a passage was taken.
    pub other: Option<Article>,
}

/// All blocks that follow from a seed.
pub struct Plan {
    seed: u64,
    grammar: Grammar,
}

impl Plan {
    pub fn new(seed: u64) -> Plan {
        Plan { seed, grammar: Grammar::new() }
    }

    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    pub fn random(&self, purpose: Purpose, thing: u64) -> Random {
        Random::new(self.seed, purpose, thing)
    }

    /// What a block is made from. Earlier blocks are chosen alike, copies among them, so that what was
    /// copied often is copied again (Simon, "On a class of skew distribution functions", 1955).
    pub fn origin(&self, block: u64) -> Origin {
        let mut random = self.random(Purpose::Plan, block);
        let kind = random.below(1000);
        if block == 0 || kind >= EXACT + NEAR + PASSAGE {
            return Origin::New;
        }
        let earlier = random.below(block as usize) as u64;
        match kind {
            _ if kind < EXACT => Origin::Exact(earlier),
            _ if kind < EXACT + NEAR => Origin::Near(self.article_of(earlier)),
            _ => self.passage(self.article_of(earlier)),
        }
    }

    /// The block that is the first of the same article.
    pub fn article_of(&self, block: u64) -> u64 {
        match self.origin(block) {
            Origin::New | Origin::Passage(_) => block,
            Origin::Exact(earlier) | Origin::Near(earlier) => self.article_of(earlier),
        }
    }

    fn passage(&self, article: u64) -> Origin {
        let long = self.length(article) >= ENOUGH;
        if long && self.origin(article) == Origin::New { Origin::Passage(article) } else { Origin::New }
    }

    fn length(&self, article: u64) -> usize {
        length(&mut self.random(Purpose::Text, article))
    }

    /// The text of a block.
    pub fn text(&self, block: u64) -> Text {
        match self.origin(block) {
            Origin::New => Text { article: self.write(block), edit: None, other: None },
            Origin::Exact(earlier) => self.text(earlier),
            Origin::Near(article) => {
                let original = self.text(article).article;
                let mut edited = original.clone();
                let edit = edit(&self.grammar, &mut edited, &mut self.random(Purpose::Edit, block));
                Text { article: edited, edit: Some(edit), other: Some(original) }
            }
            Origin::Passage(article) => {
                let other = self.write(article);
                Text { article: self.write_with_passage(block, &other), edit: None, other: Some(other) }
            }
        }
    }

    fn write(&self, block: u64) -> Article {
        let mut random = self.random(Purpose::Text, block);
        let words = length(&mut random);
        Article::write(&self.grammar, words, &mut random)
    }

    /// An article as long as another one, with the end of that one as its own. In both, a copy that lost its
    /// end lost the passage too; so no pair of copies shares more than the two articles do.
    fn write_with_passage(&self, block: u64, other: &Article) -> Article {
        let words = other.words();
        let mut random = self.random(Purpose::Text, block);
        let taken = words * random.between(SHARES.0, SHARES.1) / 1000;
        let mut article = Article::write(&self.grammar, words - taken, &mut random);
        article.paragraphs.extend(last_words(&other.paragraphs, taken));
        article
    }
}
