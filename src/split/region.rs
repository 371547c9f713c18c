//! Which lines below a headline are the body: the run of lines that speaks most for it.

use super::view::View;
use super::weights as w;
use super::words::Class;
use std::ops::Range;

/// The best run of lines within `lines`; none if nothing there reads like a body.
pub fn region(view: &View, lines: Range<usize>) -> Option<Range<usize>> {
    let mut best: Option<(f32, Range<usize>)> = None;
    let (mut from, mut sum, mut shorts) = (lines.start, 0.0f32, 0.0f32);
    let is_last = lines.end == view.len();
    let mut due = Due::default();
    for line in lines {
        if view.line(line).class == Class::Tail && best.as_ref().is_some_and(|(most, _)| *most >= w::ENOUGH) {
            break;
        }
        if sum <= 0.0 {
            (from, sum) = (line, 0.0);
        } else if view.line(line).gap >= view.usual_gap() + 2 {
            sum += w::APART;
        }
        if is_last {
            due.pass(view.line(line).class);
        }
        let mut worth = worth(view, line);
        if worth == w::SHORT {
            worth = worth.max(w::SHORT_RUN - shorts);
            shorts += worth;
        } else if worth > 0.0 {
            shorts = 0.0;
        }
        sum += worth;
        let enough =
            |(most, run): &(f32, Range<usize>)| sum >= *most + if run.start == from { due.going_on } else { due.anew };
        if sum > 0.0 && best.as_ref().is_none_or(enough) {
            (best, due) = (Some((sum, from..line + 1)), Due::default());
        }
    }
    best.map(|(_, run)| run)
}

/// What the lines behind the best run of the last article must add to it: below that stands the page's foot.
#[derive(Default)]
struct Due {
    /// If the run goes on.
    going_on: f32,
    /// If a new one begins.
    anew: f32,
}

impl Due {
    fn pass(&mut self, class: Class) {
        if matches!(class, Class::Furniture | Class::Tail) {
            self.going_on = w::FOOT;
        }
        if class == Class::Tail {
            self.anew = w::TEASERS;
        }
    }
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
