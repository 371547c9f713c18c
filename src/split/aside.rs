//! Which lines within a body are no part of it: captions, credits, links to other articles.

use super::view::View;
use super::weights as w;
use super::words::Class;
use crate::model::Kind;
use rustc_hash::FxHashSet;

/// What a line between the first and the last line of a body is. `first` is the first line of the body,
/// `cards` holds the captions of the headline card.
pub fn kind_within(view: &View, i: usize, first: usize, cards: &FxHashSet<u64>) -> Kind {
    let line = view.line(i);
    let carded = cards.contains(&line.key);
    if view.furniture(i) {
        let caption = carded || line.doubled || line.class == Class::Credit;
        return if caption { Kind::Caption } else { Kind::Furniture };
    }
    if carded || is_caption(view, i, first) {
        return Kind::Caption;
    }
    if is_link(view, i) { Kind::Furniture } else { Kind::Body }
}

/// A picture's text, its caption or its credit.
fn is_caption(view: &View, i: usize, first: usize) -> bool {
    let line = view.line(i);
    let credit = line.class == Class::Credit && line.units < 30;
    let credited = line.units < w::CAPTION
        && view.usual_gap() > 0
        && view.joined(i + 1)
        && view.line(i + 1).class == Class::Credit;
    credit || credited || (line.doubled && line.units < w::CAPTION) || said_again(view, i, first)
}

/// Whether the line above or below says the same, as a picture's text and its caption do. The opening of an
/// article may stand twice as well, as a teaser and as the first paragraph: without it something would be lost.
fn said_again(view: &View, i: usize, first: usize) -> bool {
    let sentence = |i: usize| view.line(i).para && view.line(i).ends;
    let above = i.checked_sub(1).filter(|&above| view.says_again(above, i));
    let below = Some(i + 1).filter(|&below| below < view.len() && view.says_again(i, below));
    let opens = |other: usize| i < first + w::OPENING && sentence(i) && sentence(other);
    view.line(i).letters as usize >= w::SAID_AGAIN && above.or(below).is_some_and(|other| !opens(other))
}

/// The title of another article below its introduction ("Read also:"), or an entry of a list of them.
fn is_link(view: &View, i: usize) -> bool {
    let introduced = i > 0 && view.line(i - 1).class == Class::Intro && view.title(i);
    introduced || (view.line(i).item && is_below_site_words(view, i))
}

/// Whether the list of entries around a line stands below site words that do not interrupt it.
fn is_below_site_words(view: &View, i: usize) -> bool {
    let head = (0..i).rev().take(w::LINK_LIST).find(|&above| !view.line(above).item);
    head.is_some_and(|head| view.furniture(head) && (head == 0 || !view.line(head - 1).item))
}
