//! Where a body begins and ends, once the run of lines is found that speaks most for it.

use super::start::Start;
use super::view::View;
use super::weights as w;
use super::words::Class;
use std::ops::Range;

/// A poem or a list: what is not furniture.
pub fn everything(view: &View, lines: Range<usize>) -> Range<usize> {
    let is_text = |&line: &usize| !view.furniture(line) && !view.line(line).doubled && !view.meta(line);
    let first = lines.clone().find(is_text).unwrap_or(lines.start);
    let last = lines.clone().rev().find(is_text).map_or(first, |line| line + 1);
    first..last.max(first)
}

/// Where the body starts once the longer lines right above its first paragraph are looked at.
pub fn standfirst(view: &View, start: &Start, mut first: usize) -> usize {
    while first > start.card.last + 1 && is_standfirst(view, first - 1) {
        first -= 1;
    }
    first
}

/// Where the body ends once the short lines behind it are looked at.
pub fn trailing(view: &View, mut end: usize, limit: usize, start: &Start, next: Option<&Start>) -> usize {
    end = listed(view, end, limit);
    if start.strong && next.is_some_and(|next| next.strong) {
        while end < limit && may_trail(view, end) {
            end += 1;
        }
    }
    if end + 1 == view.len() && limit == view.len() && view.ends_open() && may_trail(view, end) {
        end += 1;
    }
    end
}

/// The end of a list that stands right behind the body and belongs to it: its entries have bullets, or the
/// line above them ends in a colon.
fn listed(view: &View, end: usize, limit: usize) -> usize {
    let begins = |i: usize| i < limit && (view.line(i).item || (i > 0 && view.announces(i - 1)));
    let first = if begins(end) {
        end
    } else if begins(end + 1) && may_trail(view, end) {
        end + 1
    } else {
        return end;
    };
    let entries = (first..limit).take_while(|&i| is_entry(view, i, first)).count();
    if entries >= w::LIST { first + entries } else { end }
}

/// Whether a line continues the list that starts at `first`: the same sort of line, no further apart.
fn is_entry(view: &View, i: usize, first: usize) -> bool {
    let (line, like) = (view.line(i), view.line(first));
    let aside = view.furniture(i) || view.meta(i) || line.doubled || line.class == Class::Credit;
    !aside && line.item == like.item && (i == first || line.gap <= like.gap)
}

fn may_trail(view: &View, i: usize) -> bool {
    let line = view.line(i);
    let heads = view.title(i) && line.gap > view.usual_gap();
    !view.furniture(i) && !line.doubled && !view.meta(i) && line.gap < view.usual_gap() + 2 && !heads
}

fn is_standfirst(view: &View, i: usize) -> bool {
    let line = view.line(i);
    line.class == Class::Text && !line.doubled && !line.item && !view.furniture(i) && line.units >= w::STANDFIRST
}
