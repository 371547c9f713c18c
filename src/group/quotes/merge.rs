//! Matches → quotes: each once, with all its places.
//!
//! A match ties a place in one text to a place in another. Two places in one text are the same quote when
//! they overlap by at least half of the shorter one. What is tied together is one quote, the longest
//! citation with the shorter ones.

use super::Rules;
use super::matches::{Found, Setting};
use std::ops::Range;

/// A line that recurs as a whole in this many articles is boilerplate.
const RECURRING: usize = 3;

/// A place of a match: text and words.
pub type Place = (usize, Range<usize>);

/// The places of every quote, by text and word; in no stated order.
pub fn merge(found: Vec<Found>, rules: Rules) -> Vec<Vec<Place>> {
    let mut ties = Ties { parent: (0..found.len() as u32).collect() };
    let mut nodes: Vec<(&Place, u32)> =
        found.iter().enumerate().flat_map(|(at, one)| one.places.iter().map(move |place| (place, at as u32))).collect();
    nodes.sort_unstable_by_key(|((text, words), at)| (*text, words.start, words.end, *at));
    for same_text in nodes.chunk_by(|x, y| x.0.0 == y.0.0) {
        tie_overlapping(same_text, &mut ties);
    }

    let mut members: Vec<(u32, usize)> = (0..found.len()).map(|at| (ties.root(at as u32), at)).collect();
    members.sort_unstable();
    let quotes = members.chunk_by(|x, y| x.0 == y.0).filter_map(|members| {
        let of = || members.iter().map(|&(_, at)| &found[at]);
        let places = joined(of().flat_map(|one| one.places.iter().cloned()).collect());
        let articles = places.chunk_by(|x, y| x.0 == y.0).count();
        let setting = of().map(|one| one.setting).min().unwrap_or(Setting::Within);
        let recurs = setting == Setting::AtAnEnd || setting == Setting::WholeLines && articles >= RECURRING;
        (articles <= rules.crowd && !recurs).then_some(places)
    });
    quotes.collect()
}

/// Ties the matches whose places in one text are mostly the same. `nodes` are sorted by start.
fn tie_overlapping(nodes: &[(&Place, u32)], ties: &mut Ties) {
    let mut active: Vec<(&Range<usize>, u32)> = Vec::new();
    for ((_, words), at) in nodes {
        active.retain(|(other, _)| other.end > words.start);
        let same = active.last_mut().filter(|(other, _)| *other == words);
        if let Some((_, other)) = same {
            ties.tie(*other, *at);
            continue;
        }
        for (other, tied) in &active {
            let overlap = other.end.min(words.end) - words.start;
            if overlap * 2 >= other.len().min(words.len()) {
                ties.tie(*tied, *at);
            }
        }
        active.push((words, *at));
    }
}

/// Places that overlap, made one.
fn joined(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_unstable_by_key(|(text, words)| (*text, words.start, words.end));
    let mut joined: Vec<Place> = Vec::new();
    for (text, words) in places {
        match joined.last_mut() {
            Some((last, before)) if *last == text && words.start < before.end => before.end = before.end.max(words.end),
            _ => joined.push((text, words)),
        }
    }
    joined
}

/// Which matches are one quote (union-find with path halving; Tarjan and van Leeuwen, J. ACM 31, 1984).
struct Ties {
    parent: Vec<u32>,
}

impl Ties {
    fn root(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    fn tie(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Matches of places in two texts each become these quotes.
    #[track_caller]
    fn check(setting: Setting, matches: &[[(usize, Range<usize>); 2]], expected: &[&[Place]]) {
        let found = matches.iter().map(|places| Found { places: places.clone(), setting }).collect();
        let mut quotes = merge(found, Rules { words: 8, anchor: 6, crowd: 3 });
        quotes.sort_by_key(|places| (places[0].0, places[0].1.start));
        assert_eq!(quotes, expected);
    }

    #[test]
    fn places_that_are_mostly_the_same_are_one_quote() {
        let tied = [[(0, 5..15), (1, 0..10)], [(0, 7..17), (2, 3..13)]];
        check(Setting::Within, &tied, &[&[(0, 5..17), (1, 0..10), (2, 3..13)]]);
        let apart = [[(0, 5..15), (1, 0..10)], [(0, 11..21), (2, 3..13)]];
        check(Setting::Within, &apart, &[&[(0, 5..15), (1, 0..10)], &[(0, 11..21), (2, 3..13)]]);
    }

    #[test]
    fn one_quote_may_stand_twice_in_an_article() {
        let twice = [[(0, 5..15), (1, 0..10)], [(0, 50..60), (1, 0..10)]];
        check(Setting::Within, &twice, &[&[(0, 5..15), (0, 50..60), (1, 0..10)]]);
    }

    #[test]
    fn what_stands_in_a_crowd_or_recurs_as_a_line_is_no_quote() {
        let in_four: Vec<_> = (1..4).map(|other| [(0, 5..15), (other, 0..10)]).collect();
        check(Setting::Within, &in_four, &[]);
        check(Setting::Within, &in_four[..2], &[&[(0, 5..15), (1, 0..10), (2, 0..10)]]);
        check(Setting::WholeLines, &in_four[..2], &[]);
        check(Setting::WholeLines, &in_four[..1], &[&[(0, 5..15), (1, 0..10)]]);
        check(Setting::AtAnEnd, &in_four[..1], &[]);
    }
}
