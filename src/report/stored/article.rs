//! An article as it stands in a report, and the same as renderers take it.

use crate::report::schema::{Article, Body, ExcerptHere, ExcerptOf, Hex, Occurrence, Occurrences, Paragraphs};
use serde::Deserialize;
use std::borrow::Cow;

/// The fields of [`Article`], where that hands out its long ones bit by bit.
#[derive(Deserialize)]
pub struct StoredArticle<'a> {
    id: Hex,
    headline: Option<String>,
    #[serde(default)]
    captions: Vec<Cow<'a, str>>,
    byline: Option<String>,
    date: Option<String>,
    date_iso: Option<String>,
    #[serde(borrow)]
    body: Cow<'a, str>,
    #[serde(borrow)]
    occurrences: Vec<Occurrence<'a>>,
    #[serde(default)]
    excerpt_of: Vec<ExcerptOf>,
    #[serde(borrow, default)]
    excerpts: Vec<ExcerptHere<'a>>,
}

impl StoredArticle<'_> {
    /// Hands the article on.
    pub fn show<T>(self, see: impl for<'s> FnOnce(&'s Article<'s>) -> T) -> T {
        let paragraphs = || self.body.split("\n\n").filter(|paragraph| !paragraph.is_empty());
        see(&Article {
            id: self.id,
            headline: self.headline.as_deref(),
            captions: &self.captions,
            byline: self.byline.as_deref(),
            date: self.date.as_deref(),
            date_iso: self.date_iso,
            body: Body(&|see: Paragraphs| paragraphs().for_each(see)),
            occurrences: Occurrences { count: self.occurrences.len(), nth: &|at| self.occurrences[at].clone() },
            excerpt_of: self.excerpt_of,
            excerpts: self.excerpts,
        })
    }
}
