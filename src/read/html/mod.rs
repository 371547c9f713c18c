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
    let zones = zones::Zones::of(&tree);
    let measured = measure::measure(&tree, &zones);
    let headline = headline::main(&tree, &measured);
    let scores = body::Scores::of(&tree, &measured);
    let articles = articles::articles(&tree, &zones, &measured, &scores, headline);
    let labelled = articles.iter().filter_map(|article| label::label(&tree, &measured, article, headline));
    let split = spans::split(&tree, &measured, &labelled.collect::<Vec<_>>());
    Shown { text: tree.text, places: tree.places, split }
}
