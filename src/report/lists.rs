//! From items to bytes: threads render the pieces of a list, and one of them writes what is ready, in order.
//!
//! The buffers are used again and again, so that no more is held at a time than a few pieces take.

use super::{Item, Renderer};
use crate::error::Error;
use rayon::prelude::*;
use std::io::{self, Write};

/// Pieces that are rendered while the ones before are written.
const AT_A_TIME: usize = 16;
/// Buffers larger than this go back to the system, in bytes.
const LARGEST_SPARE: usize = 4 << 20;

/// Where a report goes.
pub struct Sink<'s> {
    /// What takes the bytes; they come in large pieces.
    pub out: &'s mut (dyn Write + Send),
    /// Names what could not be written to.
    pub failed: &'s (dyn Fn(io::Error) -> Error + Sync),
}

impl Sink<'_> {
    fn write<'b>(&mut self, mut parts: impl Iterator<Item = &'b mut Vec<u8>>) -> Result<(), Error> {
        parts.try_for_each(|part| {
            self.out.write_all(part).map_err(self.failed)?;
            part.clear();
            part.shrink_to(LARGEST_SPARE);
            Ok(())
        })
    }
}

/// Writes the lists of a report.
pub(super) struct Lists<'w> {
    renderer: &'w dyn Renderer,
    sink: Sink<'w>,
    /// What is rendered and not written yet.
    ready: Vec<Vec<u8>>,
    /// What is being rendered.
    next: Vec<Vec<u8>>,
}

/// A piece of a list, as it is rendered.
pub(super) struct Piece<'p> {
    renderer: &'p dyn Renderer,
    out: &'p mut Vec<u8>,
    first: bool,
}

impl Piece<'_> {
    /// Appends an item.
    pub(super) fn item(&mut self, item: &Item) -> Result<(), Error> {
        self.renderer.item(item, std::mem::take(&mut self.first), self.out)
    }
}

impl<'w> Lists<'w> {
    pub(super) fn new(renderer: &'w dyn Renderer, sink: Sink<'w>) -> Lists<'w> {
        let buffers = || vec![Vec::new(); AT_A_TIME];
        Lists { renderer, sink, ready: buffers(), next: buffers() }
    }

    /// Writes what stands outside the lists.
    pub(super) fn frame(&mut self, render: impl FnOnce(&dyn Renderer, &mut Vec<u8>)) -> Result<(), Error> {
        render(self.renderer, &mut self.ready[0]);
        self.sink.write(self.ready[..1].iter_mut())
    }

    /// Writes one list, in so many pieces; `render` gives the items of each.
    pub(super) fn list(
        &mut self,
        name: &str,
        pieces: usize,
        render: impl Fn(usize, &mut Piece) -> Result<(), Error> + Sync,
    ) -> Result<(), Error> {
        self.frame(|renderer, out| renderer.open(name, out))?;
        let mut empty = true;
        for start in (0..pieces).step_by(AT_A_TIME) {
            let Lists { renderer, sink, ready, next } = self;
            let pieces = next[..AT_A_TIME.min(pieces - start)].par_iter_mut().with_max_len(1).enumerate();
            let render =
                |(at, out)| render(start + at, &mut Piece { renderer: *renderer, out, first: start + at == 0 });
            let (written, rendered) = rayon::join(|| sink.write(ready.iter_mut()), || pieces.try_for_each(render));
            written.and(rendered)?;
            std::mem::swap(ready, next);
            empty &= ready.iter().all(Vec::is_empty);
        }
        self.sink.write(self.ready.iter_mut())?;
        self.frame(|renderer, out| renderer.close(empty, out))
    }
}
