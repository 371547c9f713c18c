//! A page's text → spans that tile it and the article blocks they form.

use crate::model::{Block, Kind, Span, Split};

/// What one page can tell about the others: made by [`observe`], joined by [`Evidence::learn`].
#[derive(Debug, Default)]
pub struct PageEvidence {}

/// What the corpus as a whole shows: site words that recur, starts that another page gives away.
#[derive(Debug, Default)]
pub struct Evidence {}

impl Evidence {
    /// Joins what all pages show. The order of the pages does not matter.
    pub fn learn(_pages: impl IntoIterator<Item = PageEvidence>) -> Evidence {
        Evidence {}
    }
}

/// What `text` shows about lines that may recur in other pages.
pub fn observe(_text: &[u8]) -> PageEvidence {
    PageEvidence {}
}

/// Takes a page apart at its headline cards.
pub fn split(text: &[u8], _evidence: &Evidence) -> Split {
    whole(text)
}

/// Takes the whole page as the body of one article without a headline.
pub fn whole(text: &[u8]) -> Split {
    if text.is_empty() {
        return Split::default();
    }
    Split {
        spans: vec![Span { start: 0, end: text.len(), kind: Kind::Body, block: Some(0) }],
        blocks: vec![Block { start: 0, end: text.len(), headline: None, byline: None, date: None }],
    }
}
