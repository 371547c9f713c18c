//! Where an article starts: every line is weighed as a headline, and the page is read from the top.

use super::restate::{Card, card};
use super::view::View;
use super::weights as w;
use super::words::Class;

/// A line taken for the headline of an article.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// The first line of the headline.
    pub line: usize,
    /// Its statements.
    pub card: Card,
    /// How much speaks for it.
    pub score: f32,
    /// The page itself states headline or caption twice.
    pub strong: bool,
    /// Other pages show the start, or the page begins with it and a date or a byline.
    pub known: bool,
}

/// The starts of a page, in page order.
pub fn starts(view: &View) -> Vec<Start> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < view.len() {
        let Some(start) = weigh(view, at).filter(|start| start.score >= w::THRESHOLD) else {
            at += 1;
            continue;
        };
        let start = better_headline(view, start);
        at = behind_first_para(view, start.card.last + 1);
        found.push(start);
    }
    found
}

/// The line behind the first paragraph from `from`, or behind the window in which one is expected.
fn behind_first_para(view: &View, from: usize) -> usize {
    let end = view.len().min(from + w::PARA_WINDOW);
    (from..end).find(|&line| view.para(line) && !view.line(line).doubled).map_or(from, |line| line + 1)
}

/// A better headline close below: a restated line, one that scores clearly more, or the most title-like one.
fn better_headline(view: &View, start: Start) -> Start {
    for line in start.line + 1..view.len().min(start.line + 3) {
        if start.card.restated || line <= start.card.last {
            break;
        }
        if let Some(next) = weigh(view, line) {
            let more = !start.strong && next.score >= start.score + w::CLEARLY_MORE;
            if next.score >= w::THRESHOLD && (next.card.restated || more) {
                return next;
            }
        }
        if view.para(line) {
            break;
        }
    }
    let first = view.line(start.line);
    let dated = first.title && first.units >= 5 && start.line + 1 < view.len() && view.meta(start.line + 1);
    if start.strong || start.card.restated || dated {
        return start;
    }
    let end = (start.line..view.len().min(start.line + w::PARA_WINDOW))
        .find(|&line| view.para(line) && line > start.line)
        .unwrap_or(start.line + 1);
    let line = best_header(view, start.line, end).unwrap_or(start.line);
    Start { line, card: card(view, line), ..start }
}

/// The line of `from..to` that reads most like a headline.
pub fn best_header(view: &View, from: usize, to: usize) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    for line in from..to {
        if let Some(score) = header_score(view, line) {
            let score = score - w::HEADER_STEP * (line - from) as f32;
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, line));
            }
        }
    }
    let (_, best) = best?;
    (from..=best).find(|&line| view.same(line, best))
}

fn header_score(view: &View, i: usize) -> Option<f32> {
    let line = view.line(i);
    if view.furniture(i) || view.meta(i) || line.crumb || line.class == Class::Credit || line.units < 2 || view.para(i)
    {
        return None;
    }
    if line.item || line.spread >= w::TOO_OFTEN {
        return None;
    }
    let mut score = if view.title(i) { w::TITLE } else { w::NOT_TITLE };
    if (5..=22).contains(&line.units) {
        score += w::HEADER_LENGTH;
    }
    if (i + 1..view.len().min(i + 4)).take_while(|&below| !view.para(below)).any(|below| view.meta(below)) {
        score += w::HEADER_META;
    }
    if line.echoes > 0 && line.units >= 4 && !line.doubled {
        score += w::HEADER_ECHO;
    }
    if line.doubled {
        score -= w::HEADER_META;
    }
    Some(score + w::HEADER_KNOWN * view.hint(i).start.min(1.5))
}

/// What is known of a line as a headline before it is weighed.
struct Signs {
    card: Card,
    /// Blank lines above, labels passed over.
    gap: u16,
    /// Nothing but labels above.
    top: bool,
    /// A doubled caption below.
    caption: bool,
    /// What the date and byline below are worth.
    meta: f32,
    /// Votes of other pages.
    votes: f32,
    /// Enough of them.
    known: bool,
    /// The card stands for more than a line said twice.
    backed: bool,
    /// The page itself states headline or caption twice.
    strong: bool,
}

impl Signs {
    fn of(view: &View, i: usize) -> Signs {
        let card = card(view, i);
        let (gap, top) = inherited_gap(view, i);
        let caption = doubled_caption_below(view, i);
        let meta = meta_below(view, card.last);
        let votes = view.hint(i).start;
        // Below a time of day stands an entry of a live blog, which may be an article elsewhere.
        let timed = i > 0 && view.line(i - 1).class == Class::Date && gap <= view.usual_gap();
        let apart = gap >= view.usual_gap() + 2;
        let backed = card.captions || caption || top || apart || meta > 0.0 || votes > 0.0;
        let strong = (card.restated && backed) || (caption && !view.line(i).doubled);
        Signs { card, gap, top, caption, meta, votes, known: votes >= 1.0 && !timed, backed, strong }
    }

    /// The line continues what stands above it: no wider gap than between paragraphs.
    fn joined(&self, view: &View) -> bool {
        self.gap <= view.usual_gap()
    }

    /// Other pages show the start of an article at a line that can be its headline.
    fn told(&self, view: &View, i: usize) -> bool {
        self.known && !view.para(i)
    }
}

/// What speaks for `i` as a headline; none if something rules it out.
fn weigh(view: &View, i: usize) -> Option<Start> {
    let line = view.line(i);
    if view.furniture(i) || line.class == Class::Date || line.crumb || line.item || line.units < 2 {
        return None;
    }
    if line.class == Class::Credit && line.units < 8 {
        return None;
    }
    let signs = Signs::of(view, i);
    if ruled_out(view, i, &signs) {
        return None;
    }
    let known = signs.votes > 0.0 || (signs.top && signs.meta > 0.0);
    Some(Start { line: i, card: signs.card, score: score(view, i, &signs), strong: signs.strong, known })
}

fn ruled_out(view: &View, i: usize, signs: &Signs) -> bool {
    let line = view.line(i);
    let Signs { card, strong, top, meta, .. } = *signs;
    if (line.doubled && !strong) || (line.spread >= w::TOO_OFTEN && !card.captions) {
        return true;
    }
    let joined = signs.joined(view);
    if view.para(i) && !line.title {
        let open = top || !joined || (i > 0 && view.furniture(i - 1));
        let carded = card.restated && card.captions && (top || !joined);
        if !(signs.known && open || carded || top && meta > 0.0) {
            return true;
        }
    }
    let told = signs.told(view, i) && view.usual_gap() == 0;
    if !strong && ((meta <= 0.0 && !told && joined && below_tail(view, i)) || in_teasers(view, i)) {
        return true;
    }
    !para_follows(view, &card, strong || (meta > 0.0 && view.ends_open()), signs.caption)
}

fn score(view: &View, i: usize, signs: &Signs) -> f32 {
    let mut score = page_score(view, i, signs);
    score += known_start(signs.votes, score > w::SOME_EVIDENCE);
    if signs.told(view, i) {
        return score + w::TITLE;
    }
    score += if view.title(i) { w::TITLE } else { w::NOT_TITLE };
    let joined = signs.joined(view);
    let in_body = i > 0 && (view.para(i - 1) || view.is_ad(i - 1));
    if in_body && joined && !signs.caption && !signs.card.captions {
        score += w::IN_BODY;
    }
    let above_para = i + 1 < view.len() && view.para(i + 1) && view.line(i + 1).gap <= view.usual_gap();
    if above_para && joined && !signs.strong && signs.meta <= 0.0 && !signs.top {
        score += w::SUBHEAD;
    }
    score
}

/// What the page by itself shows for a start.
fn page_score(view: &View, i: usize, signs: &Signs) -> f32 {
    let mut score = signs.meta;
    if signs.card.restated {
        let weight = if signs.card.adjacent { w::RESTATED_ADJACENT } else { w::RESTATED };
        score += if signs.backed { weight } else { weight * w::UNBACKED };
        score += if signs.backed && signs.card.full { w::FULL_CARD } else { 0.0 };
    }
    score += if signs.caption { w::DOUBLED_CAPTION } else { 0.0 };
    score += if signs.top { w::TOP_OF_PAGE } else { 0.0 };
    score += match signs.gap.saturating_sub(view.usual_gap()) {
        0 => 0.0,
        1 => w::GAP_ONE_MORE,
        _ if view.ragged() => w::GAP_ONE_MORE,
        _ => w::GAP_TWO_MORE,
    };
    let below_furniture = i > 0 && view.furniture(i - 1) && !view.is_ad(i - 1);
    score + if below_furniture { w::BELOW_FURNITURE } else { 0.0 }
}

fn known_start(votes: f32, backed: bool) -> f32 {
    let weight = w::KNOWN_START * votes.min(1.5);
    if votes < 1.5 && !backed { weight * 0.5 } else { weight }
}

/// The blank lines above the headline, through a few short labels above it; whether the page starts there.
fn inherited_gap(view: &View, i: usize) -> (u16, bool) {
    let mut gap = view.line(i).gap;
    let mut at = i;
    while at > 0 && i - at < 3 {
        let label = view.line(at - 1);
        let site = view.furniture(at - 1) && !view.is_ad(at - 1) && label.class != Class::Tail;
        if !(site || label.units < 3 || view.meta(at - 1) || label.crumb) {
            break;
        }
        at -= 1;
        gap = gap.max(view.line(at).gap);
    }
    (gap, at == 0)
}

fn doubled_caption_below(view: &View, i: usize) -> bool {
    for line in i + 1..view.len().min(i + 4) {
        if view.line(line).doubled && !view.same(i, line) {
            return true;
        }
        if view.para(line) {
            return false;
        }
    }
    false
}

/// What a date or a byline below the headline is worth.
fn meta_below(view: &View, last: usize) -> f32 {
    let (mut date, mut byline) = (false, false);
    for line in last + 1..view.len().min(last + 6) {
        if view.para(line) {
            break;
        }
        date |= view.line(line).class == Class::Date;
        byline |= view.line(line).class == Class::Byline && line <= last + 3;
    }
    match (date, byline) {
        (true, true) => w::DATE + w::BYLINE_TOO,
        (true, false) => w::DATE,
        (false, true) => w::DATE * w::BYLINE_ALONE,
        (false, false) => 0.0,
    }
}

/// Whether a line that ends an article stands a few lines above, with nothing setting the two apart.
fn below_tail(view: &View, i: usize) -> bool {
    for line in (i.saturating_sub(6)..i).rev() {
        if view.line(line).class == Class::Tail {
            return true;
        }
        if view.para(line) {
            return false;
        }
    }
    false
}

/// Whether the line is one of several titles with a date or byline each, and no paragraph between.
fn in_teasers(view: &View, i: usize) -> bool {
    let dated = |line: usize| line + 1 < view.len() && view.title(line) && view.meta(line + 1);
    let end = view.len().min(i + 1 + w::PARA_WINDOW);
    dated(i) && (i + 2..end).take_while(|&line| !view.para(line)).any(dated)
}

/// An article has a paragraph soon after its headline, unless the page is cut off or it is a poem.
fn para_follows(view: &View, card: &Card, strong: bool, caption: bool) -> bool {
    let from = card.last + 1;
    let end = view.len().min(from + w::PARA_WINDOW);
    if (from..end).any(|line| view.para(line) && !view.line(line).doubled) {
        return true;
    }
    if strong && from + w::PARA_WINDOW > view.len() {
        return true;
    }
    let free = (from..end).filter(|&line| !view.line(line).doubled && !view.furniture(line) && !view.meta(line));
    card.full && caption && free.count() >= 4
}
