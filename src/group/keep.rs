//! Which of several copies is kept: a stated rule that ends in page order, so that it always decides.
//!
//! 1. A copy from a preferred page goes before all others; of two, the one whose glob was given first.
//! 2. Then comes [`Keep`].
//! 3. Then the order of the pages, and the order in the page.
//!
//! The rule says which text represents an article, never which blocks are one article.

use crate::date::Dated;
use std::cmp::Reverse;

/// What decides between copies that are equally preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// The first in page order.
    #[default]
    First,
    /// The last in page order.
    Last,
    /// The one with the most words.
    Longest,
    /// The one with the earliest date; copies without a date come after those that have one.
    Earliest,
    /// The one with the latest date; copies without a date come after those that have one.
    Latest,
}

impl Keep {
    /// The name that options and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Keep::First => "first",
            Keep::Last => "last",
            Keep::Longest => "longest",
            Keep::Earliest => "earliest",
            Keep::Latest => "latest",
        }
    }
}

/// What the rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// Which preference the copy's page meets, 0 for the first; `None` for none.
    pub preferred: Option<usize>,
    /// Words of its normalised body.
    pub words: u32,
    /// The date that its page gives for it.
    pub dated: Option<Dated>,
}

/// For every copy its place when all are put in order, the one to keep first; `copies` are in page order.
pub fn rank(keep: Keep, copies: &[Copy]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..copies.len()).collect();
    let preferred = |at: usize| copies[at].preferred.unwrap_or(usize::MAX);
    let dated = |at: usize| copies[at].dated;
    // Sorting is stable: what is equal stays in page order.
    match keep {
        Keep::First => order.sort_by_key(|&at| preferred(at)),
        Keep::Last => order.sort_by_key(|&at| (preferred(at), Reverse(at))),
        Keep::Longest => order.sort_by_key(|&at| (preferred(at), Reverse(copies[at].words))),
        Keep::Earliest => order.sort_by_key(|&at| (preferred(at), dated(at).is_none(), dated(at))),
        Keep::Latest => order.sort_by_key(|&at| (preferred(at), Reverse(dated(at)))),
    }
    let mut rank = vec![0; copies.len()];
    order.iter().enumerate().for_each(|(place, &copy)| rank[copy] = place as u32);
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `copies` as "preference words date", `.` for none; `expected` as their indices, the kept one first.
    #[track_caller]
    fn check(keep: Keep, copies: &[&str], expected: &[usize]) {
        let copies: Vec<Copy> = copies
            .iter()
            .map(|copy| {
                let mut parts = copy.split(' ');
                let mut part = || parts.next().unwrap();
                Copy {
                    preferred: part().parse().ok(),
                    words: part().parse().unwrap(),
                    dated: crate::date::read(part().as_bytes()),
                }
            })
            .collect();
        let rank = rank(keep, &copies);
        let mut order: Vec<usize> = (0..copies.len()).collect();
        order.sort_by_key(|&at| rank[at]);
        assert_eq!(order, expected);
    }

    const COPIES: [&str; 4] = [". 9 .", ". 30 2021-03-07", ". 30 2021-03-01", ". 5 2021-03-07"];

    #[test]
    fn each_rule_ends_in_page_order() {
        check(Keep::First, &COPIES, &[0, 1, 2, 3]);
        check(Keep::Last, &COPIES, &[3, 2, 1, 0]);
        check(Keep::Longest, &COPIES, &[1, 2, 0, 3]);
        check(Keep::Earliest, &COPIES, &[2, 1, 3, 0]);
        check(Keep::Latest, &COPIES, &[1, 3, 2, 0]);
    }

    #[test]
    fn preferred_pages_go_first_in_the_order_of_their_globs() {
        check(Keep::Longest, &[". 90 .", "1 9 .", "0 5 .", "1 30 ."], &[2, 3, 1, 0]);
        check(Keep::Last, &["0 1 .", ". 1 .", "0 1 ."], &[2, 0, 1]);
    }
}
