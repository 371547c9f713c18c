//! The words that every stage shares: plain values, no behaviour beyond looking at them.
//!
//! Offsets are bytes. A *text* offset counts bytes of the page after decoding to UTF-8; a *stored*
//! offset counts bytes of the page as it stands on disk. The two agree for every page that is stored
//! as UTF-8, well-formed or not. Stages work on text offsets; the report speaks of stored ones.

use std::ops::Range;

/// What a byte of a page is. Every byte of a page has exactly one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The title of an article, each time it is stated.
    Headline,
    /// The text under a picture, each time it is stated.
    Caption,
    /// The article itself.
    Body,
    /// Site words: share buttons, teasers, comment boxes, bylines, dates.
    Furniture,
    /// A blank line.
    Separator,
}

/// A half-open run of bytes `[start, end)` of one kind. The spans of a page tile it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What these bytes are.
    pub kind: Kind,
    /// Which of the page's blocks the span belongs to (index into [`Split::blocks`]), if any.
    pub block: Option<u32>,
}

/// One article in one page: from the first byte of its headline to the last byte of its body,
/// without the end of that last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The first statement of the headline, without the end of its line.
    pub headline: Option<Range<usize>>,
    /// The line that names the author, if the page has one.
    pub byline: Option<Range<usize>>,
    /// The line that gives the date, if the page has one.
    pub date: Option<Range<usize>>,
}

/// A page taken apart: spans that tile the page, and the article blocks they form, both in page order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split {
    /// Spans in page order; `spans[i].end == spans[i + 1].start`, from 0 to the length of the text.
    pub spans: Vec<Span>,
    /// Blocks in page order; they do not overlap.
    pub blocks: Vec<Block>,
}

impl Split {
    /// The spans of one block that have the given kind, in page order.
    pub fn spans_of(&self, block: usize, kind: Kind) -> impl Iterator<Item = Range<usize>> + Clone + '_ {
        self.spans
            .iter()
            .filter(move |span| span.kind == kind && span.block == Some(block as u32))
            .map(|span| span.start..span.end)
    }
}

/// A SHA-256 digest.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl std::fmt::Display for Digest {
    /// Lower-case hexadecimal, 64 digits.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// What is kept of a block once the text of its page is dropped, beside what is sampled of its shingles. Blocks
/// with equal digests are equal in all of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256 of the normalised body; see [`crate::fingerprint`] for short bodies.
    pub digest: Digest,
    /// Words of the normalised body.
    pub words: u32,
}

/// How a block stands to the kept text of its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Match {
    /// This block's text represents the article.
    Kept,
    /// The normalised bodies are equal.
    Exact,
    /// The similarity reaches the threshold.
    Near,
    /// The block is contained in a longer article; it is reported there, never merged.
    Excerpt,
}

/// One block of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Index of the block among all blocks of the corpus, in page order.
    pub block: usize,
    /// How it stands to the kept block.
    pub matched: Match,
    /// Similarity to the kept block, 0 to 1; 1 for `Kept` and `Exact`.
    pub similarity: f64,
}

/// One article: the blocks that are the same text.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The block whose text represents the article.
    pub kept: usize,
    /// All blocks of the article, the kept one among them, in page order.
    pub members: Vec<Member>,
}

/// A short article found inside a longer, different one.
#[derive(Debug, Clone, PartialEq)]
pub struct Excerpt {
    /// The contained article: index into [`Grouping::clusters`].
    pub cluster: usize,
    /// The longer article: index into [`Grouping::clusters`].
    pub within: usize,
    /// Share of the contained article's kept text that stands in the longer one's kept text, 0 to 1.
    pub share: f64,
    /// Similarity of the two kept texts, 0 to 1.
    pub similarity: f64,
    /// Where it stands: words `[start, end)` of the longer article's normalised body.
    pub words: Range<usize>,
}

/// A run of words that different articles share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Every place where it stands, in page order; at least two, in at least two articles.
    pub places: Vec<QuotePlace>,
}

/// One place of a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotePlace {
    /// The article: index into [`Grouping::clusters`].
    pub cluster: usize,
    /// The block it stands in: the article's kept one or a copy of it.
    pub block: usize,
    /// Where it stands: words `[start, end)` of the block's normalised body.
    pub words: Range<usize>,
}

/// All blocks of a corpus put into articles.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grouping {
    /// Every block is a member of exactly one cluster; in order of their first block.
    pub clusters: Vec<Cluster>,
    /// Which articles are contained in which, in order of the contained one.
    pub excerpts: Vec<Excerpt>,
    /// What different articles share, in order of first place; `None` unless asked for.
    pub quotes: Option<Vec<Quote>>,
}
