//! Headline cards: a headline, captions and site words, then the same headline again.

use super::view::View;

/// How many lines below a headline its next statement may stand.
const WINDOW: usize = 10;
/// How many further statements are looked for.
const STATEMENTS: usize = 4;
/// How many different lines may stand between two statements.
const BETWEEN: usize = 6;

/// One headline with all its statements.
#[derive(Debug, Clone, Copy, Default)]
pub struct Card {
    /// Line of the last statement; the headline's own line if it is stated once.
    pub last: usize,
    /// The headline is stated again.
    pub restated: bool,
    /// Nothing stands between the statements.
    pub adjacent: bool,
    /// What stands between is a caption: stated again behind, or the only line there.
    pub full: bool,
    /// A caption within the card is stated twice.
    pub captions: bool,
    /// The headline runs over two lines.
    pub two_lines: bool,
}

/// The card whose first headline line is `first`.
pub fn card(view: &View, first: usize) -> Card {
    let mut card = Card { last: first, ..Card::default() };
    if view.line(first).doubled && view.usual_gap() > 0 {
        // Pairs of lines without a gap are lists of links, each with its picture's text.
        return card;
    }
    for _ in 0..STATEMENTS {
        let Some(next) = next_statement(view, first, card.last) else { break };
        let between = card.last + 1..next;
        if between.is_empty() {
            card.adjacent |= !card.restated;
        } else {
            card.adjacent = false;
            let repeated = between.clone().any(|line| !view.furniture(line) && stated_after(view, line, next));
            let doubled = between.clone().any(|line| view.line(line).doubled && !view.same(line, first));
            let only = between.len() == 1 && !view.is_ad(between.start);
            card.full |= repeated || only;
            card.captions |= repeated || doubled;
        }
        card.restated = true;
        card.two_lines |= view.joined(first + 1) && view.joined(next + 1) && first + 1 < next && {
            let second = view.line(first + 1);
            view.same(first + 1, next + 1) && !second.doubled && !second.para && view.usual_gap() > 0
        };
        card.last = next;
    }
    if card.two_lines && card.last + 1 < view.len() {
        card.last += 1;
    }
    card
}

fn next_statement(view: &View, first: usize, after: usize) -> Option<usize> {
    let end = view.len().min(after + 1 + WINDOW);
    let next = (after + 1..end).find(|&line| states(view, first, line))?;
    if next == after + 1 {
        let apart = view.line(next).gap > 0 && view.line(first).title;
        return apart.then_some(next);
    }
    all_explained(view, first, after + 1, next).then_some(next)
}

/// Whether `line` says what `first` says, or one of the two is the other one cut off.
fn states(view: &View, first: usize, line: usize) -> bool {
    view.same(first, line) || ((view.cut_off(first) || view.cut_off(line)) && view.begins(first, line).is_some())
}

/// Whether everything between two statements belongs to a headline card.
fn all_explained(view: &View, first: usize, start: usize, next: usize) -> bool {
    let (mut unexplained, mut distinct) = (0, 0);
    for line in start..next {
        distinct += usize::from(!(start..line).any(|earlier| view.same(earlier, line)));
        if !is_explained(view, first, line, next) {
            unexplained += if view.para(line) { 2 } else { 1 };
        }
    }
    unexplained <= 1 && distinct <= BETWEEN
}

fn is_explained(view: &View, first: usize, line: usize, next: usize) -> bool {
    let class = view.line(line).class;
    view.line(line).doubled
        || class.is_meta()
        || class == super::words::Class::Credit
        || view.furniture(line)
        || view.same(first, line)
        || stated_after(view, line, next)
}

fn stated_after(view: &View, line: usize, next: usize) -> bool {
    (next + 1..view.len().min(next + 1 + WINDOW)).any(|later| view.same(line, later))
}
