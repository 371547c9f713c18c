//! What the corpus shows about the lines of one page.

use super::lines::{Line, Lines};

/// What one page can tell about the others: made by [`super::observe`], joined by [`Evidence::learn`].
#[derive(Debug, Default)]
pub struct PageEvidence {}

/// What the corpus as a whole shows.
#[derive(Debug, Default)]
pub struct Evidence {}

/// What the corpus shows about one line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint {
    /// Recurs between unrelated lines: furniture.
    pub furniture: bool,
    /// How many pages show that an article starts here.
    pub start: f32,
    /// How many pages show that an article ends here.
    pub end: f32,
}

impl PageEvidence {
    pub(super) fn of(_lines: &Lines) -> PageEvidence {
        PageEvidence {}
    }
}

impl Evidence {
    /// Joins what all pages show. The order of the pages does not matter.
    pub fn learn(_pages: impl IntoIterator<Item = PageEvidence>) -> Evidence {
        Evidence {}
    }
    pub(super) fn hints(&self, lines: &[Line]) -> Vec<Hint> {
        vec![Hint::default(); lines.len()]
    }
}
