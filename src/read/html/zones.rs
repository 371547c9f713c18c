//! What every line stands in: the hints of all elements around it, as far as they can be believed.

use super::hints::Hints;
use super::measure::ends_sentence;
use super::tags::Tag;
use super::tree::{Element, Line, Tree};
use super::weights as w;

/// The hints of every element, with those of the elements around it.
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
    /// Unless names are believed, none makes an element furniture.
    pub fn of(tree: &Tree, believe: bool) -> Zones {
        let facts = Facts::of(tree);
        let mut zones = Zones { own: Vec::with_capacity(tree.elements.len()), all: Vec::new() };
        for (index, element) in tree.elements.iter().enumerate() {
            let mut around = if index == 0 { Hints::NONE } else { zones.all[element.parent] };
            if matches!(element.tag, Tag::Table | Tag::Blockquote | Tag::Pre) {
                around = around.without(Hints::CAPTION);
            }
            let mut own = facts.believed(element);
            if !believe {
                own = own.without(OTHERS);
            }
            if facts.is_teaser(element) && !around.has(Hints::BODY) {
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

/// What is not the article's.
const OTHERS: Hints = Hints(Hints::COMMENTS.0 | Hints::FURNITURE.0);
/// What only short elements are named after for good.
const META: Hints = Hints(Hints::BYLINE.0 | Hints::DATE.0 | Hints::HEADLINE.0 | Hints::SUMMARY.0);

/// Sums over the lines of a page, by which the names of elements are checked.
struct Facts {
    prose: Vec<usize>,
    paragraphs: Vec<usize>,
    letters: Vec<usize>,
    /// Headings that are links.
    teasers: Vec<usize>,
    /// The line of the one heading of the first level.
    heading: Option<usize>,
}

impl Facts {
    fn of(tree: &Tree) -> Facts {
        let proses: Vec<usize> = tree.lines.iter().map(|line| prose(tree, line)).collect();
        let teases = |line: &Line| line.heading > 0 && line.linked * 2 > line.letters;
        Facts {
            prose: sums(proses.iter().copied()),
            paragraphs: sums(proses.iter().map(|&prose| usize::from(prose > 0))),
            letters: sums(tree.lines.iter().map(|line| line.letters)),
            teasers: sums(tree.lines.iter().map(|line| usize::from(teases(line)))),
            heading: main_heading(tree),
        }
    }

    fn holds_heading(&self, element: &Element) -> bool {
        let held = self.heading.is_some_and(|line| element.lines.contains(&line));
        held && element.tag != Tag::Heading && within(&self.prose, element) > 0
    }

    /// What an element's own hints are, without those that what it holds speaks against.
    fn believed(&self, element: &Element) -> Hints {
        let mut own = element.hints;
        if self.holds_heading(element) {
            own = own.without(OTHERS);
        }
        let total = self.prose.last().copied().unwrap_or(0);
        let most = within(&self.prose, element) * 100 >= total * w::MOST && total > 0;
        if most || own.has(Hints::STATED) || element.tag == Tag::Main {
            own = own.without(Hints::FURNITURE);
        }
        let whole = matches!(element.tag, Tag::Article | Tag::Main) || own.has(Hints::BODY);
        if whole || within(&self.letters, element) > w::SHORT_META {
            own = own.without(META);
            if !matches!(element.tag, Tag::Figcaption | Tag::Figure) {
                own = own.without(Hints::CAPTION);
            }
        }
        own
    }

    /// Whether an element is a heading that is a link, with at most one paragraph and a few words.
    fn is_teaser(&self, element: &Element) -> bool {
        let short = within(&self.letters, element) < w::TEASER && within(&self.paragraphs, element) <= 1;
        let teases = within(&self.teasers, element) > 0 && element.tag != Tag::Heading;
        short && teases && !self.holds_heading(element)
    }
}

/// What of the sums an element holds.
fn within(sums: &[usize], element: &Element) -> usize {
    sums[element.lines.end] - sums[element.lines.start]
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
