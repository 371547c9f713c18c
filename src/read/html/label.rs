//! What each line of an article is.

use super::articles::Article;
use super::headline;
use super::hints::Hints;
use super::measure::Measured;
use super::tags::Tag;
use super::tree::{Line, Tree};
use super::weights as w;
use super::words::Phrase;
use super::zones::sums;
use crate::model::Kind;
use std::ops::Range;

/// The lines of one article.
#[derive(Debug)]
pub(super) struct Labelled {
    /// The kinds of all lines of the page's article, from `start` on.
    pub kinds: Vec<Kind>,
    /// The first line that is of the article, and the last.
    pub start: usize,
    pub last: usize,
    /// The line that states the headline.
    pub headline: Option<usize>,
}

impl Labelled {
    /// How long the body is.
    pub fn letters(&self, tree: &Tree) -> usize {
        let lines = tree.lines[self.start..].iter().zip(&self.kinds);
        lines.filter(|(_, kind)| **kind == Kind::Body).map(|(line, _)| line.letters).sum()
    }
}

/// Says what the lines of an article are. `None` if it has no body.
pub(super) fn label(tree: &Tree, measured: &[Measured], article: &Article, main: Option<usize>) -> Option<Labelled> {
    let lines = article.from..article.text.end;
    let mut kinds = Kinds { tree, measured, start: lines.start, kinds: vec![Kind::Furniture; lines.len()] };
    kinds.fill(article.text.clone());
    let first = kinds.first_body()?;
    let main = main.filter(|line| (lines.start..first).contains(line));
    let headline = main.or_else(|| headline::above(tree, measured, lines.start..first));
    kinds.restated(headline, first);
    let last = kinds.last_body()?;
    let start = headline.unwrap_or(first);
    let kinds = kinds.kinds[start - lines.start..=last - lines.start].to_vec();
    Some(Labelled { kinds, start, last, headline })
}

/// The kinds of lines from `start` on.
struct Kinds<'t> {
    tree: &'t Tree,
    measured: &'t [Measured],
    start: usize,
    kinds: Vec<Kind>,
}

impl Kinds<'_> {
    fn get(&self, line: usize) -> Kind {
        self.kinds[line - self.start]
    }

    fn set(&mut self, line: usize, kind: Kind) {
        self.kinds[line - self.start] = kind;
    }

    /// Labels the lines of the element that holds the article's text.
    fn fill(&mut self, lines: Range<usize>) {
        let lists = link_lists(self.tree, self.measured, &lines);
        let marked = are_marked(&self.measured[lines.clone()]);
        for line in lines.clone() {
            let kind = kind(self.tree, self.measured, line, marked);
            let apart = lists[line - lines.start] || self.tree.title == Some(line);
            self.set(line, if apart && kind == Kind::Body { Kind::Furniture } else { kind });
        }
        for line in self.start..lines.start {
            let above = kind(self.tree, self.measured, line, marked);
            if matches!(above, Kind::Separator | Kind::Caption) {
                self.set(line, above);
            }
        }
        self.headings(&lines, &lists);
        self.trim(&lines);
    }

    /// Headings of what is no body are none of the article.
    fn headings(&mut self, lines: &Range<usize>, lists: &[bool]) {
        let (mut body_follows, mut links_follow) = (false, false);
        for line in lines.clone().rev() {
            match self.get(line) {
                Kind::Body if self.tree.lines[line].heading > 0 => {
                    if !body_follows || links_follow {
                        self.set(line, Kind::Furniture);
                    }
                    (body_follows, links_follow) = (body_follows && !links_follow, false);
                }
                Kind::Body => (body_follows, links_follow) = (true, false),
                Kind::Furniture => links_follow = lists[line - lines.start],
                _ => {}
            }
        }
    }

    /// The body begins and ends with what is sure to be body.
    fn trim(&mut self, lines: &Range<usize>) {
        let sure = |&line: &usize| self.get(line) == Kind::Body && is_sure(self.tree, &self.measured[line], line);
        let first = lines.clone().find(sure).unwrap_or(lines.end);
        let ends = |line: &usize| sure(line) && self.measured[*line].phrase == Phrase::None;
        let last = lines.clone().rev().find(ends).or_else(|| lines.clone().rev().find(sure)).unwrap_or(lines.start);
        for line in lines.clone().filter(|line| *line < first || *line > last) {
            if self.get(line) == Kind::Body {
                self.set(line, Kind::Furniture);
            }
        }
    }

    fn first_body(&self) -> Option<usize> {
        self.kinds.iter().position(|&kind| kind == Kind::Body).map(|at| self.start + at)
    }

    fn last_body(&self) -> Option<usize> {
        self.kinds.iter().rposition(|&kind| kind == Kind::Body).map(|at| self.start + at)
    }

    /// Marks the headline wherever it is stated, up to the body's first line or in its place.
    fn restated(&mut self, headline: Option<usize>, first: usize) {
        let Some(headline) = headline else { return };
        let plain = |line: usize| headline::plain(&self.tree.text[self.tree.lines[line].range.clone()]);
        let stated = plain(headline);
        let again = (headline..=first).filter(|&line| line == headline || plain(line) == stated);
        let lines: Vec<usize> = again.collect();
        lines.into_iter().for_each(|line| self.set(line, Kind::Headline));
    }
}

/// Whether a line leaves no doubt that it is body.
fn is_sure(tree: &Tree, seen: &Measured, line: usize) -> bool {
    let named = seen.hints.has(Hints::BODY)
        && tree.lines[line].letters >= w::STATED
        && !seen.linked
        && !matches!(seen.tag, Tag::Block | Tag::Section | Tag::Heading);
    seen.prose > 0 || named
}

/// Whether paragraphs stand in elements that say so.
fn are_marked(measured: &[Measured]) -> bool {
    let all: usize = measured.iter().map(|seen| seen.prose).sum();
    let marked: usize = measured.iter().filter(|seen| seen.tag == Tag::P).map(|seen| seen.prose).sum();
    marked * 100 >= all * w::MARKED
}

/// Which of these lines stand in something that is mostly links.
fn link_lists(tree: &Tree, measured: &[Measured], lines: &Range<usize>) -> Vec<bool> {
    let linked = sums(tree.lines[lines.clone()].iter().map(|line| line.linked));
    let letters = sums(tree.lines[lines.clone()].iter().map(|line| line.letters));
    let prose = sums(measured[lines.clone()].iter().map(|seen| seen.prose));
    let mut lists = vec![false; lines.len()];
    let mut end = 0;
    // Elements come in the order in which they begin.
    let first = tree.elements.partition_point(|element| element.lines.start < lines.start);
    for element in tree.elements[first..].iter().take_while(|element| element.lines.start < lines.end) {
        if element.lines.end > lines.end
            || element.lines.len() == lines.len()
            || matches!(element.tag, Tag::P | Tag::Heading)
        {
            continue;
        }
        let own = element.lines.start - lines.start..element.lines.end - lines.start;
        let of = |sums: &[usize]| sums[own.end] - sums[own.start];
        if own.end > end && of(&linked) * 2 > of(&letters) && of(&prose) * 4 < of(&letters) {
            end = own.end;
            lists[own].fill(true);
        }
    }
    lists
}

fn kind(tree: &Tree, measured: &[Measured], index: usize, marked: bool) -> Kind {
    let (line, seen) = (&tree.lines[index], &measured[index]);
    if seen.blank {
        Kind::Separator
    } else if seen.hints.has(Hints::COMMENTS | Hints::FURNITURE) {
        Kind::Furniture
    } else if seen.hints.has(Hints::CAPTION) || (line.below_picture && is_caption(line.letters, seen, marked)) {
        Kind::Caption
    } else if is_site(line.letters, seen, marked) || (is_link(line) && !is_cited(tree, line.element)) {
        Kind::Furniture
    } else {
        Kind::Body
    }
}

/// Whether there is little in a line but links.
fn is_link(line: &Line) -> bool {
    line.linked * 3 > line.letters * 2
}

/// Whether a line below a picture is about it.
fn is_caption(letters: usize, seen: &Measured, marked: bool) -> bool {
    if marked {
        letters < w::CAPTION && !matches!(seen.tag, Tag::P | Tag::Li | Tag::Heading | Tag::Cell)
    } else {
        letters < w::NAKED_CAPTION && !seen.sentence && seen.tag != Tag::Heading
    }
}

/// Whether the site speaks, not the article.
fn is_site(letters: usize, seen: &Measured, marked: bool) -> bool {
    let meta = seen.hints.has(Hints::BYLINE) || (seen.hints.has(Hints::DATE) && letters < w::META);
    let plain = matches!(seen.tag, Tag::Block | Tag::Section | Tag::Article | Tag::Header | Tag::Main | Tag::Root);
    let label = marked && plain && letters < w::ASIDE && !seen.sentence;
    meta || label || seen.phrase == Phrase::Anywhere
}

/// Elements around a line that a citation is looked for in.
const NEAR: usize = 3;

fn is_cited(tree: &Tree, element: usize) -> bool {
    let around = std::iter::successors(Some(element), |&element| Some(tree.elements[element].parent));
    around.take(NEAR).any(|element| tree.elements[element].tag == Tag::Blockquote)
}
