//! What every line stands in: the hints of all elements around it, as far as they can be believed.

use super::hints::Hints;
use super::measure::ends_sentence;
use super::tags::Tag;
use super::tree::{Line, Tree};
use super::weights as w;

/// The hints of every element, with those of the elements around it, and sums over lines.
pub(super) struct Zones {
    /// What an element is by itself, where it can be believed.
    pub own: Vec<Hints>,
    /// The same with what it stands in.
    pub all: Vec<Hints>,
}

/// Hints that go from an element to what it holds.
const INHERITED: Hints = Hints(
    Hints::FURNITURE.0
        | Hints::COMMENTS.0
        | Hints::CAPTION.0
        | Hints::BYLINE.0
        | Hints::DATE.0
        | Hints::HEADLINE.0
        | Hints::SUMMARY.0
        | Hints::BODY.0
        | Hints::STATED.0
        | Hints::ARTICLE.0,
);

impl Zones {
    pub fn of(tree: &Tree) -> Zones {
        let prose = sums(tree.lines.iter().map(|line| prose(tree, line)));
        let all = sums(tree.lines.iter().map(|line| line.letters));
        let total = prose.last().copied().unwrap_or(0);
        let main = main_heading(tree);
        let teasers =
            sums(tree.lines.iter().map(|line| usize::from(line.heading > 0 && line.linked * 2 > line.letters)));
        let mut zones = Zones { own: Vec::with_capacity(tree.elements.len()), all: Vec::new() };
        for (index, element) in tree.elements.iter().enumerate() {
            let inside = prose[element.lines.end] - prose[element.lines.start];
            let mut own = element.hints;
            let holds_heading = main.is_some_and(|line| element.lines.contains(&line)) && inside > 0;
            let most = inside * 100 >= total * w::MOST && total > 0;
            if holds_heading && element.tag != Tag::Heading {
                own = own.without(Hints::COMMENTS | Hints::FURNITURE);
            }
            if most || own.has(Hints::STATED) || element.tag == Tag::Main {
                own = own.without(Hints::FURNITURE);
            }
            let letters = all[element.lines.end] - all[element.lines.start];
            if letters > w::SHORT_META || matches!(element.tag, Tag::Article | Tag::Main) || own.has(Hints::BODY) {
                own = own.without(Hints::BYLINE | Hints::DATE | Hints::HEADLINE | Hints::SUMMARY);
                if !matches!(element.tag, Tag::Figcaption | Tag::Figure) {
                    own = own.without(Hints::CAPTION);
                }
            }
            let mut around = if index == 0 { Hints::NONE } else { zones.all[element.parent] };
            if matches!(element.tag, Tag::Table | Tag::Blockquote | Tag::Pre) {
                around = around.without(Hints::CAPTION);
            }
            let teaser = letters < w::TEASER && teasers[element.lines.end] > teasers[element.lines.start];
            if teaser && !holds_heading && !around.has(Hints::BODY) && element.tag != Tag::Heading {
                own |= Hints::FURNITURE;
            }
            zones.own.push(own);
            zones.all.push((around & INHERITED) | own);
        }
        zones
    }

    /// What a line stands in.
    pub fn of_line(&self, line: &Line) -> Hints {
        self.all[line.element] | line.hints
    }
}

/// The sums of the values before each of them, and of all at the end.
pub(super) fn sums(values: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut sum = 0;
    let mut sums = vec![0];
    sums.extend(values.map(|value| {
        sum += value;
        sum
    }));
    sums
}

/// Letters of a line that reads like a paragraph.
pub(super) fn prose(tree: &Tree, line: &Line) -> usize {
    let own = line.letters - line.linked;
    let sure = tree.elements[line.element].tag == Tag::P || ends_sentence(&tree.text[line.range.clone()]);
    let least = if sure { w::SHORT_PARAGRAPH } else { w::PARAGRAPH };
    if line.heading > 0 || own < least || line.linked > own * w::LINKED { 0 } else { own }
}

/// The heading of the highest level, if it is the only one of it.
fn main_heading(tree: &Tree) -> Option<usize> {
    let mut headings = tree.lines.iter().enumerate().filter(|(_, line)| line.heading == 1 && line.letters > w::LABEL);
    let (first, _) = headings.next()?;
    headings.next().is_none().then_some(first)
}
