//! HTML → the text that a page shows, and what of it is an article.
//!
//! Promised: the time taken grows with the length of the page and with nothing else; nothing is recursive; every
//! text offset can be taken back to the byte of the markup that it comes from; the spans tile the text. The
//! result depends on the page alone.
//!
//! The order of things: [`parse`] reads the markup (html5gum) and [`build`] makes lines and elements of it
//! ([`tree`]); [`attributes`] and [`hints`] read what elements are named; [`zones`] decides which of these names
//! can be believed; [`measure`] looks at every line; [`headline`] finds what the page is about, [`body`] the
//! element that speaks for being the article's, [`articles`] whether there are several; [`label`] says what each
//! line is and [`spans`] puts it together. [`weights`] holds all numbers, `words.txt` and `phrases.txt` all words.

mod articles;
mod attributes;
mod body;
mod build;
mod headline;
mod hints;
mod label;
mod measure;
mod parse;
mod sniff;
mod spans;
mod tags;
#[cfg(test)]
mod tests;
mod tree;
mod weights;
mod words;
mod zones;

pub use sniff::{declared_encoding, looks_like_html};

use super::places::Places;
use crate::model::Split;

/// Larger pages, in bytes, are not for [`show`]: made to deceive, they take fifty bytes of memory a byte. Real ones
/// are a hundred times smaller, and take one or two.
pub const LONGEST: usize = 64 << 20;

/// What a page shows.
#[derive(Debug)]
pub struct Shown {
    /// All visible text in the order of the markup, a block a line. The title comes first, as in the markup.
    pub text: String,
    /// Takes offsets of the text to bytes of the page.
    pub places: Places,
    /// What is what in the text.
    pub split: Split,
}

/// Reads a page.
pub fn show(html: &str) -> Shown {
    let tree = parse::parse(html);
    let strict = Reading::of(&tree, zones::Zones::of(&tree, true));
    // Where names leave next to nothing, they are not to be believed.
    let loose = (strict.letters < weights::NEXT_TO_NOTHING).then(|| Reading::of(&tree, zones::Zones::of(&tree, false)));
    let best = loose.filter(|loose| loose.letters > 2 * strict.letters).unwrap_or(strict);
    let split = spans::split(&tree, &best.measured, &best.articles);
    Shown { text: tree.text, places: tree.places, split }
}

/// What was made of a page's lines.
struct Reading {
    measured: Vec<measure::Measured>,
    articles: Vec<label::Labelled>,
    /// What the bodies hold.
    letters: usize,
}

impl Reading {
    fn of(tree: &tree::Tree, zones: zones::Zones) -> Reading {
        let measured = measure::measure(tree, &zones);
        let headline = headline::main(tree, &measured);
        let scores = body::Scores::of(tree, &measured);
        let articles = articles::articles(tree, &zones, &measured, &scores, headline);
        let labelled = articles.iter().filter_map(|article| label::label(tree, &measured, article, headline));
        let articles: Vec<_> = labelled.collect();
        let letters = articles.iter().map(|article| article.letters(tree)).sum();
        Reading { measured, articles, letters }
    }
}
