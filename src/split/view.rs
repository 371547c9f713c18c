//! A page's lines together with what the corpus shows about them: what the rules look at.

use super::evidence::{Evidence, Hint};
use super::lines::{Line, Lines};
use super::measure::LONG_UNITS;
use super::weights as w;
use super::words::Class;

/// One page under the rules.
#[derive(Debug)]
pub struct View<'a> {
    text: &'a [u8],
    lines: &'a Lines,
    hints: Vec<Hint>,
}

impl<'a> View<'a> {
    /// Looks every line up in the evidence.
    pub fn new(text: &'a [u8], lines: &'a Lines, evidence: &Evidence) -> View<'a> {
        let mut view = View { text, lines, hints: evidence.hints(&lines.lines) };
        view.keep_cards();
        view.lift_starts();
        view
    }

    /// A headline that this very page states again over a doubled caption is no furniture.
    fn keep_cards(&mut self) {
        for i in 0..self.len() {
            if self.hints[i].furniture && self.line(i).title && self.line(i).class == Class::Text {
                let card = super::restate::card(self, i);
                if card.restated && card.captions {
                    for line in i..=card.last {
                        self.hints[line].furniture &= !self.same(i, line);
                    }
                }
            }
        }
    }

    /// An article that other pages show to start with its first paragraph starts with the headline above.
    fn lift_starts(&mut self) {
        for para in 0..self.len() {
            let votes = self.hints[para].start;
            if votes < 1.0 || !self.para(para) {
                continue;
            }
            let above = (para.saturating_sub(4)..para).rev().take_while(|&i| !self.para(i) && !self.furniture(i));
            let header = above.filter(|&i| self.title(i) && !self.line(i).doubled).last();
            if let Some(header) = header {
                self.hints[header].start = self.hints[header].start.max(votes);
                self.hints[para].start = 0.0;
            }
        }
    }

    /// The page.
    pub fn text(&self) -> &[u8] {
        self.text
    }

    /// How many lines are not blank.
    pub fn len(&self) -> usize {
        self.lines.lines.len()
    }

    /// One line.
    pub fn line(&self, i: usize) -> &Line {
        &self.lines.lines[i]
    }

    /// What the corpus shows about it.
    pub fn hint(&self, i: usize) -> Hint {
        self.hints[i]
    }

    /// Blank lines that usually stand between two paragraphs of this page.
    pub fn usual_gap(&self) -> u16 {
        self.lines.usual_gap
    }

    /// Whether wide gaps are so common in this page that they say little.
    pub fn ragged(&self) -> bool {
        self.lines.ragged
    }

    /// Site words, by the word lists or by the corpus.
    pub fn furniture(&self, i: usize) -> bool {
        self.line(i).class.is_furniture() || self.hint(i).furniture
    }

    /// Site words that stand inside articles.
    pub fn is_ad(&self, i: usize) -> bool {
        matches!(self.line(i).class, Class::Ad | Class::Intro)
    }

    /// A paragraph of an article.
    pub fn para(&self, i: usize) -> bool {
        self.line(i).para && !self.hint(i).furniture
    }

    /// A date or a byline.
    pub fn meta(&self, i: usize) -> bool {
        self.line(i).class.is_meta()
    }

    /// Could be a headline.
    pub fn title(&self, i: usize) -> bool {
        self.line(i).title && !self.hint(i).furniture
    }

    /// Stands right below the line above it.
    pub fn joined(&self, i: usize) -> bool {
        i > 0 && i < self.len() && self.line(i).gap == 0
    }

    /// Whether two lines say the same.
    pub fn same(&self, a: usize, b: usize) -> bool {
        self.lines.same(a, b)
    }

    /// Whether the shorter of two lines begins the longer: the letter bytes of both.
    pub fn begins(&self, a: usize, b: usize) -> Option<(usize, usize)> {
        self.lines.begins(self.text, a, b)
    }

    /// Whether the line ends in dots that say it was cut off.
    pub fn cut_off(&self, i: usize) -> bool {
        self.lines.cut_off(self.text, i)
    }

    /// Whether two lines say the same, or one of them most of what the other says.
    pub fn says_again(&self, a: usize, b: usize) -> bool {
        let most = |(short, long): (usize, usize)| short >= w::SAID_AGAIN && 2 * short >= long;
        self.same(a, b) || self.begins(a, b).is_some_and(most)
    }

    /// Whether the line announces what follows it.
    pub fn announces(&self, i: usize) -> bool {
        let text = &self.text[self.line(i).range()];
        text.ends_with(b":") || text.ends_with("：".as_bytes())
    }

    /// Whether a long line is a menu or a list of links, all in one line.
    pub fn links(&self, i: usize) -> bool {
        self.line(i).units >= LONG_UNITS
            && self.line(i).para
            && !self.line(i).ends
            && self.lines.lacks_punctuation(self.text, i)
    }

    /// Whether the page ends without the end of its last line.
    pub fn ends_open(&self) -> bool {
        self.text.last().is_some_and(|byte| !b"\r\n".contains(byte))
    }
}
