//! Which element holds the article: the one whose lines speak for it most, when what speaks against it counts too.

use super::hints::Hints;
use super::measure::Measured;
use super::tags::Tag;
use super::tree::Tree;
use super::weights as w;

/// Sums over lines of what they speak for or against the element that they stand in.
pub(super) struct Scores {
    sums: Vec<i64>,
    gains: Vec<i64>,
}

impl Scores {
    pub fn of(tree: &Tree, measured: &[Measured]) -> Scores {
        let mut scores = Scores { sums: vec![0], gains: vec![0] };
        let (mut sum, mut gain) = (0, 0);
        for (line, seen) in tree.lines.iter().zip(measured) {
            let score = score(line.letters as i64, line.linked as i64, line.heading > 0, seen);
            sum += score;
            gain += score.max(0);
            scores.sums.push(sum);
            scores.gains.push(gain);
        }
        scores
    }

    /// What an element's lines come to.
    fn of_element(&self, tree: &Tree, element: usize) -> i64 {
        let lines = &tree.elements[element].lines;
        self.sums[lines.end] - self.sums[lines.start]
    }

    /// What speaks for an element, without what speaks against it.
    pub fn gain(&self, tree: &Tree, element: usize) -> i64 {
        let lines = &tree.elements[element].lines;
        self.gain_of(lines.start, lines.end)
    }

    /// The same of lines.
    pub fn gain_of(&self, start: usize, end: usize) -> i64 {
        self.gains[end] - self.gains[start]
    }
}

fn score(letters: i64, linked: i64, heading: bool, seen: &Measured) -> i64 {
    let named = seen.hints.has(Hints::BODY);
    if seen.blank {
        0
    } else if seen.hints.has(Hints::COMMENTS) {
        -letters - w::COMMENT_LINE
    } else if seen.hints.has(Hints::FURNITURE) {
        -letters / 2 - w::FURNITURE_LINE
    } else if seen.prose > 0 {
        seen.prose as i64 * if named { w::NAMED_BODY } else { 1 }
    } else if named && !seen.linked {
        letters
    } else {
        -linked - if heading { 0 } else { w::LINE }
    }
}

/// The element that holds the article or all articles, if there is one.
pub(super) fn container(tree: &Tree, scores: &Scores) -> Option<usize> {
    let holds = |index: &usize| !matches!(tree.elements[*index].tag, Tag::P | Tag::Heading | Tag::Li);
    let best = (0..tree.elements.len()).filter(holds).max_by_key(|&index| (scores.of_element(tree, index), index))?;
    (scores.of_element(tree, best) > 0).then_some(best)
}

/// Goes down as long as one element holds nearly all.
pub(super) fn descend(tree: &Tree, scores: &Scores, from: usize) -> usize {
    let mut at = from;
    for (index, element) in tree.elements.iter().enumerate().skip(from + 1) {
        if element.lines.start >= tree.elements[at].lines.end {
            break;
        }
        let holds = !matches!(element.tag, Tag::P | Tag::Heading | Tag::Li | Tag::Blockquote);
        let nearly_all = || scores.gain(tree, index) * 100 >= scores.gain(tree, at) * w::NEARLY_ALL;
        if element.parent == at && holds && nearly_all() {
            at = index;
        }
    }
    at
}
