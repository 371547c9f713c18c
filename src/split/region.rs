//! Which lines below a headline are the body: the run of lines that speaks most for it.

use super::view::View;
use super::weights as w;
use super::words::Class;
use std::ops::Range;

/// The best run of lines within `lines`; none if nothing there reads like a body.
pub fn region(view: &View, lines: Range<usize>) -> Option<Range<usize>> {
    let mut best: Option<(f32, Range<usize>)> = None;
    let (mut from, mut sum, mut shorts) = (lines.start, 0.0f32, 0.0f32);
    let foot = if lines.end == view.len() { w::FOOT } else { 0.0 };
    // What the lines behind the best run must add to it.
    let mut due = 0.0;
    for line in lines {
        if view.line(line).class == Class::Tail && best.as_ref().is_some_and(|(most, _)| *most >= w::ENOUGH) {
            break;
        }
        if sum <= 0.0 {
            (from, sum) = (line, 0.0);
        } else if view.line(line).gap >= view.usual_gap() + 2 {
            sum += w::APART;
        }
        if matches!(view.line(line).class, Class::Furniture | Class::Tail) {
            due = foot;
        }
        let mut worth = worth(view, line);
        if worth == w::SHORT {
            worth = worth.max(w::SHORT_RUN - shorts);
            shorts += worth;
        } else if worth > 0.0 {
            shorts = 0.0;
        }
        sum += worth;
        let enough = |(most, run): &(f32, Range<usize>)| sum >= *most + if run.start == from { due } else { 0.0 };
        if sum > 0.0 && best.as_ref().is_none_or(enough) {
            (best, due) = (Some((sum, from..line + 1)), 0.0);
        }
    }
    best.map(|(_, run)| run)
}

fn worth(view: &View, i: usize) -> f32 {
    let line = view.line(i);
    if line.class == Class::Tail {
        return w::TAIL;
    }
    if view.furniture(i) || view.links(i) {
        return w::FURNITURE;
    }
    if line.doubled {
        return 0.0;
    }
    if (line.class.is_meta() && !line.item) || (line.class == Class::Credit && line.units < 30) {
        return w::META;
    }
    if line.para {
        return (line.units as f32 / 2.0).clamp(w::PARA_MIN, w::PARA_MAX);
    }
    if line.ends && line.units >= 2 { w::SENTENCE } else { w::SHORT }
}

/// Words of a run of lines that count for a body.
pub fn words(view: &View, run: impl Iterator<Item = usize>) -> u32 {
    run.filter(|&line| !view.furniture(line)).map(|line| view.line(line).units).fold(0, u32::saturating_add)
}
