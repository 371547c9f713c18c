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
    /// The lines that its text stands in.
    pub text: Range<usize>,
    /// The line from which on its headline may stand.
    pub from: usize,
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
    let page = Page { tree, zones, measured, scores };
    page.units(best, headline).or_else(|| page.parts(best, headline)).unwrap_or_else(|| vec![page.article(best, 0)])
}

/// What is known of a page.
struct Page<'p> {
    tree: &'p Tree,
    zones: &'p Zones,
    measured: &'p [Measured],
    scores: &'p Scores,
}

impl Page<'_> {
    fn lines(&self, element: usize) -> Range<usize> {
        self.tree.elements[element].lines.clone()
    }

    /// The article that stands in an element.
    fn article(&self, element: usize, from: usize) -> Article {
        Article { text: self.lines(descend(self.tree, self.scores, element)), from }
    }

    /// Whether lines hold an article, and not only what leads to one.
    fn is_whole(&self, lines: Range<usize>) -> bool {
        let gain = self.scores.gain_of(lines.start, lines.end);
        let paragraphs = self.measured[lines].iter().filter(|seen| seen.prose > 0).count();
        gain >= w::LEAST_ARTICLE || (gain >= w::LEAST_PARAGRAPHS && paragraphs > 1)
    }

    /// Articles that are told by elements of that name: several of them, or the one that holds the headline.
    fn units(&self, best: usize, headline: Option<usize>) -> Option<Vec<Article>> {
        let units = units(self.tree, self.zones, best);
        let holds = |unit: &usize| headline.is_some_and(|line| self.lines(*unit).contains(&line));
        let own = units.iter().copied().find(holds);
        let gain = |unit: usize| self.scores.gain(self.tree, unit);
        let (all, inside) = (gain(best), units.iter().map(|&unit| gain(unit)).sum::<i64>());
        let whole: Vec<usize> = units.into_iter().filter(|&unit| self.is_whole(self.lines(unit))).collect();
        let several = (own.is_some() || headline.is_none()) && inside * 100 >= all * w::IN_UNITS;
        if several && are_alike(self.tree, &whole) {
            return Some(whole.into_iter().map(|unit| self.article(unit, self.lines(unit).start)).collect());
        }
        let unit = own.filter(|&unit| gain(unit) * 100 > all * w::OF_HEADLINE)?;
        Some(vec![self.article(unit, 0)])
    }

    /// Articles that are told by their headlines alone, of the level of the page's: each has a date, an author or
    /// a picture before its text, or an element of its own that is named after an article.
    fn parts(&self, best: usize, headline: Option<usize>) -> Option<Vec<Article>> {
        let main = headline.filter(|line| self.lines(best).contains(line));
        let level = main.map_or(1, |line| self.tree.lines[line].heading);
        let states = |&line: &usize| {
            let hidden = self.measured[line].hints.has(Hints::COMMENTS | Hints::FURNITURE);
            let heading = &self.tree.lines[line];
            heading.heading == level && level > 0 && heading.letters > w::LABEL && !hidden
        };
        let end = self.lines(best).end;
        let mut headings: Vec<usize> = self.lines(best).filter(states).collect();
        let next = |headings: &[usize], nth: usize| headings.get(nth + 1).copied().unwrap_or(end);
        headings = headings
            .iter()
            .enumerate()
            .filter(|&(nth, &heading)| {
                let before = nth.checked_sub(1).map_or(self.lines(best).start, |nth| headings[nth] + 1);
                self.is_part(before, heading, next(&headings, nth))
            })
            .map(|(_, &heading)| heading)
            .collect();
        let told = headings.len() > 1 && main.is_none_or(|line| headings.contains(&line));
        told.then(|| {
            let parts = headings.iter().enumerate();
            parts.map(|(nth, &heading)| self.part(heading, next(&headings, nth))).collect()
        })
    }

    /// Whether an article begins with this heading. It may reach from `before` to `next`.
    fn is_part(&self, before: usize, heading: usize, next: usize) -> bool {
        const META: Hints = Hints(Hints::DATE.0 | Hints::BYLINE.0 | Hints::CAPTION.0);
        let element = widest(self.tree, heading, before..next);
        let own = self.lines(element);
        let first = (heading + 1..next).find(|&line| self.measured[line].prose > 0 && !self.hints(line).has(META));
        let mut head = own.start.min(heading)..first.unwrap_or(next);
        let named = self.tree.elements[element].hints.has(Hints::ARTICLE);
        let told = named || head.any(|line| self.hints(line).has(META) || self.tree.lines[line].below_picture);
        told && self.is_whole(heading..next)
    }

    fn hints(&self, line: usize) -> Hints {
        self.measured[line].hints
    }

    /// The article of a heading: in the widest element around it, if that holds the most, or all up to the next.
    fn part(&self, heading: usize, next: usize) -> Article {
        let element = widest(self.tree, heading, heading..next);
        let own = self.lines(element);
        let (all, held) = (self.scores.gain_of(heading, next), self.scores.gain_of(heading.max(own.start), own.end));
        if held * 100 >= all * w::IN_UNITS {
            return self.article(element, heading);
        }
        Article { text: heading..next, from: heading }
    }
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
