//! What a report found of what is true of a corpus.

use crate::corpus::{Origin, PAGES, Truth};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, Result};
use std::ops::Range;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    pub hits: u64,
    pub of: u64,
}

/// What was found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    /// Blocks that the report knows.
    pub found: Share,
    /// Merged blocks that are in the right article.
    pub precision: Share,
    /// Exact copies that are in one article with the block they copy.
    pub exact: Share,
    /// The same of edited copies with a true similarity of .8 or more, ...
    pub near: Share,
    /// ... and of those with less.
    pub far: Share,
    /// Blocks merged with an article from which they only take a passage.
    pub passages: Share,
}

/// A line of a report in JSON lines, as far as it matters here.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow, default)]
    occurrences: Vec<Occurrence<'l>>,
}

#[derive(Deserialize)]
struct Occurrence<'l> {
    #[serde(borrow)]
    page: Cow<'l, str>,
    start: usize,
    end: usize,
    #[serde(borrow, rename = "match")]
    matched: Cow<'l, str>,
}

/// Compares a report in JSON lines with the truth.
pub fn score(truth: impl BufRead, report: impl BufRead) -> Result<Score> {
    let known = Known::read(truth)?;
    let mut placed: Vec<Option<u32>> = vec![None; known.blocks.len()];
    let mut score = Score::default();
    for (number, line) in (0..).zip(report.lines()) {
        let located = known.blocks_of(&line?)?;
        let kept = located.iter().find(|(_, kept)| *kept).map(|&(block, _)| known.blocks[block].article);
        for &(block, is_kept) in &located {
            placed[block].get_or_insert(number);
            if !is_kept {
                score.precision.count(kept == Some(known.blocks[block].article));
            }
        }
    }
    for (block, of) in known.blocks.iter().zip(&placed) {
        score.found.count(of.is_some());
        let with = |other: u64| of.is_some() && placed[other as usize] == *of;
        match block.origin {
            Origin::New => {}
            Origin::Exact(other) => score.exact.count(with(other)),
            Origin::Near(other) if block.jaccard >= 0.8 => score.near.count(with(other)),
            Origin::Near(other) => score.far.count(with(other)),
            Origin::Passage(other) => score.passages.count(with(other)),
        }
    }
    Ok(score)
}

/// The truth, without its page names.
struct Block {
    article: u64,
    origin: Origin,
    jaccard: f32,
    body: Range<usize>,
}

struct Known {
    /// By their numbers.
    blocks: Vec<Block>,
    /// Which blocks a page holds.
    pages: HashMap<String, Range<usize>>,
}

impl Known {
    fn read(truth: impl BufRead) -> Result<Known> {
        let mut known = Known { blocks: Vec::new(), pages: HashMap::new() };
        for line in truth.lines() {
            let Truth { page, start, end, block, article, origin, jaccard, .. } = serde_json::from_str(&line?)?;
            assert_eq!(block as usize, known.blocks.len(), "blocks are in order");
            known.blocks.push(Block { article, origin, jaccard: jaccard as f32, body: start..end });
            known.pages.entry(page).or_insert(block as usize..0).end = known.blocks.len();
        }
        Ok(known)
    }

    /// The blocks that a line of the report speaks of, and whether each is kept.
    fn blocks_of(&self, line: &str) -> Result<Vec<(usize, bool)>> {
        let line: Line = serde_json::from_str(line)?;
        let block = |occurrence: &Occurrence| Some((self.locate(occurrence)?, occurrence.matched == "kept"));
        Ok(line.occurrences.iter().filter_map(block).collect())
    }

    /// The block of which an occurrence shows the most.
    fn locate(&self, occurrence: &Occurrence) -> Option<usize> {
        let page = occurrence.page.strip_prefix(PAGES)?.strip_prefix('/')?;
        let shown = |&block: &usize| {
            let body = &self.blocks[block].body;
            body.end.min(occurrence.end).saturating_sub(body.start.max(occurrence.start))
        };
        self.pages.get(page)?.clone().filter(|block| shown(block) > 0).max_by_key(shown)
    }
}

impl Share {
    fn count(&mut self, hit: bool) {
        self.hits += u64::from(hit);
        self.of += 1;
    }

    /// The share, 0 to 1; 1 of nothing.
    pub fn value(&self) -> f64 {
        if self.of == 0 { 1.0 } else { self.hits as f64 / self.of as f64 }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.value())
    }
}
