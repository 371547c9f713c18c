//! One invented article.

use super::grammar::Grammar;
use super::random::Random;

/// An article as its author wrote it, before a site sets it into a page.
#[derive(Clone)]
pub struct Article {
    pub headline: String,
    pub caption: String,
    pub author: String,
    pub paragraphs: Vec<String>,
}

/// Words of the shortest article and of the longest.
const LENGTHS: (usize, usize) = (60, 900);

/// Bytes of the longest teaser, without its dots.
const TEASER: usize = 130;

/// How many words an article should have: the shorter, the more frequent; 340 on average. What is drawn is
/// all that an article draws before its text.
pub fn length(random: &mut Random) -> usize {
    let range = LENGTHS.1 - LENGTHS.0;
    LENGTHS.0 + random.below(range).min(random.below(range))
}

impl Article {
    /// Writes an article of about so many words.
    pub fn write(grammar: &Grammar, words: usize, random: &mut Random) -> Article {
        let straight = random.chance(400);
        let mut article = Article {
            headline: grammar.phrase("headline", random),
            caption: grammar.phrase("caption", random),
            author: grammar.phrase("person", random),
            paragraphs: Vec::new(),
        };
        let mut written = 0;
        while written < words {
            let opening = if written == 0 { "lead" } else { "sentence" };
            let paragraph = paragraph(grammar, opening, words - written, random);
            written += count_words(&paragraph);
            article.paragraphs.push(if straight { straighten(&paragraph) } else { paragraph });
        }
        article
    }

    /// Words of the body.
    pub fn words(&self) -> usize {
        self.paragraphs.iter().map(|paragraph| count_words(paragraph)).sum()
    }

    /// The beginning of the text, as it is shown below other articles.
    pub fn teaser(&self) -> String {
        let text = &self.paragraphs[0];
        let spaces = text.match_indices(' ').map(|(at, _)| at);
        format!("{} ...", &text[..spaces.take_while(|&at| at <= TEASER).last().unwrap_or_default()])
    }
}

/// Words between spaces.
pub fn count_words(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b' ').count() + 1
}

/// The first words of some paragraphs.
pub fn first_words(paragraphs: &[String], words: usize) -> Vec<String> {
    let mut left = words;
    let mut taken = Vec::new();
    for paragraph in paragraphs {
        if left == 0 {
            break;
        }
        let ends = paragraph.match_indices(' ').map(|(at, _)| at).chain([paragraph.len()]);
        let (count, end) = (1..).zip(ends).take(left).last().unwrap_or_default();
        taken.push(paragraph[..end].to_owned());
        left -= count;
    }
    taken
}

/// The last words of some paragraphs.
pub fn last_words(paragraphs: &[String], words: usize) -> Vec<String> {
    let mut left = words;
    let mut taken = Vec::new();
    for paragraph in paragraphs.iter().rev() {
        if left == 0 {
            break;
        }
        let starts = paragraph.rmatch_indices(' ').map(|(at, _)| at + 1).chain([0]);
        let (count, start) = (1..).zip(starts).take(left).last().unwrap_or_default();
        taken.push(paragraph[start..].to_owned());
        left -= count;
    }
    taken.reverse();
    taken
}

/// Up to five sentences, but no more than fill so many words.
fn paragraph(grammar: &Grammar, opening: &str, words: usize, random: &mut Random) -> String {
    let mut text = String::with_capacity(512);
    grammar.say(opening, random, &mut text);
    for _ in 0..random.below(5) {
        if count_words(&text) >= words {
            break;
        }
        text.push(' ');
        grammar.say("sentence", random, &mut text);
    }
    text
}

/// The quotation marks of a typewriter.
fn straighten(text: &str) -> String {
    text.replace(['“', '”'], "\"").replace('’', "'")
}
