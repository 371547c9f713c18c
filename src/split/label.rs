//! Starts and body regions → the kind of every line, and the spans that tile the page.

use super::aside::kind_within;
use super::edges::{everything, standfirst, trailing};
use super::lines::line_end;
use super::region::{region, words};
use super::start::{Start, best_header, starts};
use super::view::View;
use super::weights as w;
use super::words::Class;
use crate::model::{Block, Kind, Span, Split};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// An article in lines.
#[derive(Debug)]
struct Article {
    /// The headline's line; none if the page has none.
    start: Option<Start>,
    /// All lines up to the next article.
    lines: Range<usize>,
    /// Those that are the body.
    body: Range<usize>,
}

/// Takes the page apart.
pub fn label(view: &View) -> Split {
    let articles = articles(view);
    let mut kinds = vec![(Kind::Furniture, None); view.len()];
    let mut blocks = Vec::new();
    for article in &articles {
        if let Some(block) = mark(view, article, blocks.len() as u32, &mut kinds) {
            blocks.push(block);
        }
    }
    Split { spans: spans(view, &kinds, &blocks), blocks }
}

fn articles(view: &View) -> Vec<Article> {
    let starts = merged(view, starts(view));
    let mut articles = Vec::new();
    let first = starts.first().map_or(view.len(), |start| start.line);
    articles.extend(headless(view, 0..first));
    for (n, start) in starts.iter().enumerate() {
        let next = starts.get(n + 1);
        let lines = start.line..next.map_or(view.len(), |next| next.line);
        let below = start.card.last + 1..lines.end;
        let found = region(view, below.clone());
        let paras = |run: Range<usize>| run.filter(|&line| view.para(line));
        let size = found.clone().map_or(0, |run| words(view, paras(run)));
        let last_of_several = next.is_none() && n > 0;
        let least = if start.known { w::SHORTEST_KNOWN } else { w::SHORTEST_ARTICLE };
        if !start.strong && size < least && !last_of_several {
            continue;
        }
        let read = found.filter(|run| !start.strong || paras(run.clone()).next().is_some());
        let body = read.unwrap_or_else(|| everything(view, below.clone()));
        let body = standfirst(view, start, body.start)..trailing(view, body.end, lines.end, start, next);
        articles.push(Article { start: Some(*start), lines, body });
    }
    articles
}

/// Joins a headline with its next statement when there is but a standfirst between.
fn merged(view: &View, starts: Vec<Start>) -> Vec<Start> {
    let mut merged: Vec<Start> = Vec::with_capacity(starts.len());
    for start in starts {
        match merged.last_mut() {
            Some(last) if view.same(last.line, start.line) && is_header(view, last.card.last + 1..start.line) => {
                last.card.last = start.card.last;
                last.strong |= start.strong;
            }
            _ => merged.push(start),
        }
    }
    merged
}

fn is_header(view: &View, lines: Range<usize>) -> bool {
    lines.len() <= w::PARA_WINDOW && words(view, lines.filter(|&line| view.para(line))) < w::SHORTEST_ARTICLE
}

/// Text above the first headline, or a page without one.
fn headless(view: &View, lines: Range<usize>) -> Option<Article> {
    let body = region(view, lines.clone())?;
    if words(view, body.clone().filter(|&line| view.para(line))) < w::SHORTEST_ARTICLE {
        return None;
    }
    let above = body.start.saturating_sub(20).max(lines.start);
    let header = best_header(view, above, view.len().min(body.start + 4).min(lines.end));
    let start = header.filter(|&line| view.title(line)).map(|line| Start {
        line,
        card: super::restate::card(view, line),
        score: 0.0,
        strong: false,
        known: false,
    });
    let start = start.filter(|start| start.card.last + 1 < body.end);
    let body = start.map_or(body.start, |start| body.start.max(start.card.last + 1))..body.end;
    let first = start.map_or(body.start, |start| start.line);
    Some(Article { start, lines: first..lines.end, body })
}

/// Sets the kinds of an article's lines; none if it has neither headline nor body.
fn mark(view: &View, article: &Article, block: u32, kinds: &mut [(Kind, Option<u32>)]) -> Option<Block> {
    let header_end = article.body.start;
    let header = article.lines.start..header_end;
    let header_kinds: Vec<Kind> = header.clone().map(|i| header_kind(view, article, i)).collect();
    let captions = header.clone().zip(&header_kinds).filter(|(_, kind)| **kind == Kind::Caption);
    let cards: FxHashSet<u64> = captions.map(|(i, _)| view.line(i).key).collect();
    kinds[header].iter_mut().zip(header_kinds).for_each(|(slot, kind)| *slot = (kind, Some(block)));
    let mut last = None;
    for i in article.body.clone() {
        let kind = kind_within(view, i, article.body.start, &cards);
        if kind == Kind::Body {
            last = Some(i);
        }
        kinds[i] = (kind, Some(block));
    }
    let Some(last) = last.or(article.start.map(|start| start.card.last)) else {
        kinds[article.lines.clone()].fill((Kind::Furniture, None));
        return None;
    };
    kinds[last + 1..article.lines.end].iter_mut().for_each(|kind| *kind = (Kind::Furniture, None));
    let range = |i: usize| view.line(i).range();
    let meta =
        |class| (article.lines.start..header_end.min(last + 1)).find(|&i| view.line(i).class == class).map(range);
    Some(Block {
        start: range(article.lines.start).start,
        end: range(last).end,
        headline: article.start.map(|start| headline(view, &start)),
        byline: meta(Class::Byline),
        date: meta(Class::Date),
    })
}

/// The first statement of the headline, its second line included.
fn headline(view: &View, start: &Start) -> Range<usize> {
    let last = start.line + usize::from(start.card.two_lines);
    view.line(start.line).range().start..view.line(last).range().end
}

/// The kind of a line between headline and body.
fn header_kind(view: &View, article: &Article, i: usize) -> Kind {
    let Some(start) = article.start else { return Kind::Furniture };
    let two = start.card.two_lines;
    if i == start.line || view.same(i, start.line) || (two && view.same(i, start.line + 1)) {
        return Kind::Headline;
    }
    let line = view.line(i);
    if view.furniture(i) || line.class.is_meta() {
        return Kind::Furniture;
    }
    if i <= start.card.last && view.begins(i, start.line).is_some() {
        return Kind::Headline;
    }
    if line.doubled || line.class == Class::Credit || i < start.card.last { Kind::Caption } else { Kind::Furniture }
}

/// Joins the lines of one kind, with the blank lines between them as separators.
fn spans(view: &View, kinds: &[(Kind, Option<u32>)], blocks: &[Block]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::with_capacity(16 * (blocks.len() + 1));
    let mut at = 0;
    let mut push = |start: usize, end: usize, kind: Kind, block: Option<u32>| {
        if start == end {
            return;
        }
        match spans.last_mut() {
            Some(last) if last.kind == kind && last.block == block => last.end = end,
            _ => spans.push(Span { start, end, kind, block }),
        }
    };
    let text = view.text();
    for (i, &(kind, block)) in kinds.iter().enumerate() {
        let line = view.line(i).range();
        let start = memchr::memrchr2(b'\n', b'\r', &text[at..line.start]).map_or(at, |offset| at + offset + 1);
        let end = line_end(text, line.end).1;
        let inside = block.filter(|&block| blocks[block as usize].start < at);
        push(at, start, Kind::Separator, inside);
        push(start, end, kind, block);
        at = end;
    }
    push(at, text.len(), Kind::Separator, None);
    spans
}
