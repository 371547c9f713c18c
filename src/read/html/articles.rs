//! Where the articles of a page are.

use super::body::{Scores, container, descend};
use super::hints::Hints;
use super::measure::Measured;
use super::tags::Tag;
use super::tree::Tree;
use super::weights as w;
use super::zones::Zones;
use std::ops::Range;

/// One article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Article {
    /// The element that its text stands in.
    pub root: usize,
    /// The lines among which its headline may be, and all others of it.
    pub lines: Range<usize>,
}

/// The articles of a page, in page order. `headline` is the page's.
pub(super) fn articles(
    tree: &Tree,
    zones: &Zones,
    measured: &[Measured],
    scores: &Scores,
    headline: Option<usize>,
) -> Vec<Article> {
    let Some(best) = container(tree, scores) else { return Vec::new() };
    let units = units(tree, zones, best);
    let lines_of = |unit: usize| tree.elements[unit].lines.clone();
    let alone = |unit: usize, from: usize| {
        let root = descend(tree, scores, unit);
        Article { root, lines: from..tree.elements[root].lines.end }
    };
    let own = units.iter().copied().find(|&unit| headline.is_some_and(|line| lines_of(unit).contains(&line)));
    let whole: Vec<usize> = units.iter().copied().filter(|&unit| scores.gain(tree, unit) >= w::LEAST_ARTICLE).collect();
    let inside: i64 = units.iter().map(|&unit| scores.gain(tree, unit)).sum();
    let all = scores.gain(tree, best);
    if (own.is_some() || headline.is_none()) && inside * 100 >= all * w::IN_UNITS && are_alike(tree, &whole) {
        return whole.into_iter().map(|unit| alone(unit, lines_of(unit).start)).collect();
    }
    if let Some(unit) = own.filter(|&unit| scores.gain(tree, unit) * 100 > all * w::OF_HEADLINE) {
        return vec![alone(unit, 0)];
    }
    let parts = by_headings(tree, measured, scores, best);
    if parts.is_empty() { vec![alone(best, 0)] } else { parts }
}

/// Elements that are an article by their name, none in another.
fn units(tree: &Tree, zones: &Zones, root: usize) -> Vec<usize> {
    let lines = &tree.elements[root].lines;
    let mut units = Vec::new();
    let mut end = lines.start;
    for (index, element) in tree.elements.iter().enumerate().skip(root + 1) {
        if element.lines.start >= lines.end {
            break;
        }
        let apart = element.lines.start >= end && !element.lines.is_empty();
        if element.tag == Tag::Article && apart && !zones.all[index].has(Hints::COMMENTS | Hints::FURNITURE) {
            end = element.lines.end;
            units.push(index);
        }
    }
    units
}

/// Whether there are several elements, each with a first heading of the same level.
fn are_alike(tree: &Tree, units: &[usize]) -> bool {
    let level = |unit: &usize| {
        let lines = &tree.lines[tree.elements[*unit].lines.clone()];
        lines.iter().map(|line| line.heading).find(|&level| level > 0)
    };
    units.len() > 1 && level(&units[0]).is_some() && units.iter().all(|unit| level(unit) == level(&units[0]))
}

/// Articles that are told by their headlines alone: each in an element of its own that is named after an
/// article, or has a date or an author.
fn by_headings(tree: &Tree, measured: &[Measured], scores: &Scores, root: usize) -> Vec<Article> {
    let lines = tree.elements[root].lines.clone();
    let states = |&line: &usize| {
        let seen = &measured[line];
        let named = tree.lines[line].heading == 1 || (tree.lines[line].heading == 2 && seen.hints.has(Hints::HEADLINE));
        named && tree.lines[line].letters > w::LABEL && !seen.hints.has(Hints::COMMENTS | Hints::FURNITURE)
    };
    let headings: Vec<usize> = lines.clone().filter(states).collect();
    let mut articles = Vec::new();
    let mut before = lines.start;
    for (nth, &heading) in headings.iter().enumerate() {
        let next = headings.get(nth + 1).copied().unwrap_or(lines.end);
        let element = widest(tree, heading, before..next);
        let own = tree.elements[element].lines.clone();
        let (all, held) = (scores.gain_of(heading, next), scores.gain_of(heading.max(own.start), own.end));
        let meta = || measured[own.clone()].iter().any(|seen| seen.hints.has(Hints::DATE | Hints::BYLINE));
        let named = tree.elements[element].hints.has(Hints::ARTICLE) || tree.elements[element].tag == Tag::Article;
        if held >= w::LEAST_ARTICLE && held * 100 >= all * w::IN_UNITS && (named || meta()) {
            let root = descend(tree, scores, element);
            articles.push(Article { root, lines: own.start..tree.elements[root].lines.end });
        }
        before = heading + 1;
    }
    if articles.len() > 1 { articles } else { Vec::new() }
}

/// The widest element around a line that holds none but these lines.
fn widest(tree: &Tree, line: usize, within: Range<usize>) -> usize {
    let mut at = tree.lines[line].element;
    while at != 0 {
        let around = tree.elements[at].parent;
        let lines = &tree.elements[around].lines;
        if around == 0 || lines.start < within.start || lines.end > within.end {
            break;
        }
        at = around;
    }
    at
}
