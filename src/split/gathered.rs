//! What all pages show, page by page, in one piece of memory: it is given back once it was learned from.

use super::evidence::PageEvidence;
use crate::roomy::roomy;
use std::sync::{Mutex, PoisonError};

/// See [`Gathered::BUDGET`].
const BUDGET: usize = Gathered::BUDGET;

/// Stands between two pages.
pub(super) const BORDER: u64 = 0;

/// What pages show, in whatever order they come.
#[derive(Debug, Default)]
pub struct Gathered(Mutex<Pages>);

/// The lines of pages.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The mined hash of every line, with flags; a [`BORDER`] before the first page and behind every one.
    pub(super) lines: Vec<u64>,
    pub(super) pages: Vec<Page>,
}

/// Where the lines of a page stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    hash: u64,
    start: u32,
    count: u32,
}

impl Gathered {
    /// How many lines are learned from, at eight bytes each; of a larger corpus, a sample of its pages.
    pub const BUDGET: usize = 1 << 26;

    /// Takes in what a page shows.
    pub fn add(&self, page: &PageEvidence) {
        if !page.lines.is_empty() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).add(page);
        }
    }

    /// All pages in the order of their hashes, or so many of the first as the budget allows.
    pub(super) fn into_sorted(self) -> Pages {
        let mut pages = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        pages.cut_to(BUDGET);
        pages.sort();
        pages
    }
}

impl Pages {
    fn add(&mut self, page: &PageEvidence) {
        if self.lines.is_empty() {
            (self.lines, self.pages) = (roomy(1), roomy(1));
            self.lines.push(BORDER);
        }
        let (start, count) = (self.lines.len() as u32, page.lines.len() as u32);
        self.pages.push(Page { hash: page.hash, start, count });
        self.lines.extend_from_slice(&page.lines);
        self.lines.push(BORDER);
        if self.lines.len() > 2 * BUDGET {
            self.cut_to(BUDGET);
        }
    }

    /// Where the lines of a page stand.
    pub(super) fn places(page: &Page) -> std::ops::Range<usize> {
        page.start as usize..page.start as usize + page.count as usize
    }

    /// Sorts the pages by their hashes, which are the same whatever order they come in.
    fn sort(&mut self) {
        let Pages { lines, pages } = self;
        let lines_of = |page: &Page| &lines[Pages::places(page)];
        pages.sort_unstable_by(|a, b| a.hash.cmp(&b.hash).then_with(|| lines_of(a).cmp(lines_of(b))));
    }

    /// Keeps the pages with the smallest hashes, up to so many lines.
    fn cut_to(&mut self, most: usize) {
        if self.lines.len() - self.pages.len() <= most {
            return;
        }
        self.sort();
        let mut lines = 0;
        let within = self.pages.iter().take_while(|page| {
            lines += page.count as usize;
            lines <= most
        });
        let count = within.count();
        self.pages.truncate(count);
        self.pages.sort_unstable_by_key(|page| page.start);
        let mut end = 1;
        for page in &mut self.pages {
            let own = page.start as usize..page.start as usize + page.count as usize + 1;
            page.start = end as u32;
            self.lines.copy_within(own.clone(), end);
            end += own.len();
        }
        self.lines.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(hash: u64) -> PageEvidence {
        PageEvidence { hash, lines: (0..hash % 5 + 1).map(|line| hash * 10 + line).collect() }
    }

    #[test]
    fn the_pages_with_the_smallest_hashes_stay_whatever_the_order() {
        let order = |seed: u64| (1..100).map(move |n| n * seed % 101);
        let kept = [1, 7, 60].map(|seed| {
            let mut pages = Pages::default();
            order(seed).for_each(|hash| pages.add(&page(hash)));
            pages.cut_to(90);
            pages.sort();
            pages.pages.iter().map(|page| (page.hash, pages.lines[Pages::places(page)].to_vec())).collect::<Vec<_>>()
        });
        assert!(kept[0].len() > 20 && kept[0].iter().all(|(hash, lines)| **lines == *page(*hash).lines));
        assert!(kept[0] == kept[1] && kept[0] == kept[2]);
    }
}
