//! Labelled lines → spans that tile the text, and the article blocks.

use super::hints::Hints;
use super::label::Labelled;
use super::measure::Measured;
use super::tree::Tree;
use super::weights as w;
use crate::model::{Block, Kind, Span, Split};
use std::ops::Range;

/// Puts the articles of a page together; they are in page order.
pub(super) fn split(tree: &Tree, measured: &[Measured], articles: &[Labelled]) -> Split {
    let mut tiles = Tiles { spans: Vec::new(), at: 0 };
    let mut blocks: Vec<Block> = Vec::new();
    let mut next = 0;
    for (article, number) in articles.iter().zip(0..) {
        if article.start < next {
            continue;
        }
        tiles.lines(tree, measured, next..article.start);
        let block = block(tree, measured, article);
        tiles.up_to(block.start, Kind::Furniture, None);
        for (line, &kind) in (article.start..).zip(&article.kinds) {
            if let Some(headline) = block.headline.as_ref().filter(|_| article.headline == Some(line)) {
                tiles.up_to(headline.end, Kind::Headline, Some(number));
            }
            let titled = tree.title == Some(line);
            tiles.up_to(end_of(tree, line), if titled { Kind::Furniture } else { kind }, Some(number));
        }
        next = article.last + 1;
        blocks.push(block);
    }
    tiles.lines(tree, measured, next..tree.lines.len());
    tiles.up_to(tree.text.len(), Kind::Separator, None);
    Split { spans: tiles.spans, blocks }
}

/// Where a line ends, with its line end.
fn end_of(tree: &Tree, line: usize) -> usize {
    tree.lines.get(line + 1).map_or(tree.text.len(), |next| next.range.start)
}

struct Tiles {
    spans: Vec<Span>,
    at: usize,
}

impl Tiles {
    /// Lines that are of no article.
    fn lines(&mut self, tree: &Tree, measured: &[Measured], lines: Range<usize>) {
        if let Some(first) = tree.lines.get(lines.start) {
            self.up_to(first.range.start, Kind::Separator, None);
        }
        for line in lines {
            let kind = if measured[line].blank { Kind::Separator } else { Kind::Furniture };
            self.up_to(end_of(tree, line), kind, None);
        }
    }

    fn up_to(&mut self, end: usize, kind: Kind, block: Option<u32>) {
        let start = self.at;
        self.at = end.max(start);
        match self.spans.last_mut() {
            _ if end <= start => {}
            Some(last) if last.kind == kind && last.block == block => last.end = end,
            _ => self.spans.push(Span { start, end, kind, block }),
        }
    }
}

fn block(tree: &Tree, measured: &[Measured], article: &Labelled) -> Block {
    let range = |line: usize| tree.lines[line].range.clone();
    let headline = article.headline.map(|line| {
        let range = range(line);
        if tree.title == Some(line) { without_site(&tree.text, range) } else { range }
    });
    let start = headline.as_ref().map_or(range(article.start).start, |headline| headline.start);
    let lines = article.start..article.last + 1;
    let meta = |hint: Hints| {
        let named = move |line: &usize| {
            let (kind, text) = (article.kinds[line - article.start], &tree.lines[*line]);
            let short = (w::LEAST_META..w::META).contains(&text.letters) && text.heading == 0;
            kind == Kind::Furniture && measured[*line].hints.has(hint) && short
        };
        lines.clone().filter(named)
    };
    let byline = meta(Hints::BYLINE).min_by_key(|&line| measured[line].hints.has(Hints::DATE));
    let date = meta(Hints::DATE).find(|&line| tree.text[range(line)].contains(|c: char| c.is_numeric()));
    let end = range(article.last).end;
    Block { start, end, headline, byline: byline.map(range), date: date.map(range) }
}

/// What stands between a headline and the name of its site in a page's title.
const BARS: [&str; 8] = [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " / "];

/// The part of a page's title that is the headline: up to the last bar, unless little stands before it.
fn without_site(text: &str, range: Range<usize>) -> Range<usize> {
    let title = &text[range.clone()];
    let bar = BARS.iter().filter_map(|bar| title.rfind(bar)).max();
    match bar.filter(|&bar| super::tree::letters(&title.as_bytes()[..bar]) > w::LABEL) {
        Some(bar) => range.start..range.start + bar,
        None => range,
    }
}
