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

/// Where items are rendered to: memory, which is passed on as soon as there is much of it, if it may be.
#[derive(Default)]
pub struct Out<'o> {
    ready: Vec<u8>,
    /// Where it goes if this is all that is rendered just now.
    onward: Option<&'o mut (dyn Write + Send + 'o)>,
    /// Why it could not be passed on.
    failed: Option<io::Error>,
}

impl Out<'_> {
    /// Appends bytes.
    pub fn put(&mut self, bytes: &[u8]) {
        if self.onward.is_some() && self.ready.len() + bytes.len() > LARGEST_SPARE {
            self.pass_on();
            return bytes.chunks(LARGEST_SPARE).for_each(|part| {
                self.ready.extend_from_slice(part);
                self.pass_on();
            });
        }
        self.ready.extend_from_slice(bytes);
    }

    fn pass_on(&mut self) {
        if let Some(onward) = self.onward.as_mut().filter(|_| self.failed.is_none()) {
            self.failed = onward.write_all(&self.ready).err();
            self.ready.clear();
        }
    }

    /// Passes on what is left.
    fn finish(mut self) -> io::Result<()> {
        self.pass_on();
        self.failed.map_or(Ok(()), Err)
    }
}

impl Write for Out<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes);
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.put(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Where a report goes.
pub struct Sink<'s> {
    /// What takes the bytes; they come in large pieces.
    pub out: &'s mut (dyn Write + Send),
    /// Names what could not be written to.
    pub failed: &'s (dyn Fn(io::Error) -> Error + Sync),
}

impl Sink<'_> {
    fn write(&mut self, parts: &mut [Out]) -> Result<(), Error> {
        parts.iter_mut().try_for_each(|part| {
            self.out.write_all(&part.ready).map_err(self.failed)?;
            part.ready.clear();
            part.ready.shrink_to(LARGEST_SPARE);
            Ok(())
        })
    }
}

/// Writes the lists of a report.
pub(super) struct Lists<'w> {
    renderer: &'w dyn Renderer,
    sink: Sink<'w>,
    /// What is rendered and not written yet.
    ready: Vec<Out<'static>>,
    /// What is being rendered.
    next: Vec<Out<'static>>,
}

/// A piece of a list, as it is rendered.
pub(super) struct Piece<'p, 'o> {
    renderer: &'p dyn Renderer,
    out: &'p mut Out<'o>,
    first: bool,
}

impl Piece<'_, '_> {
    /// Appends an item.
    pub(super) fn item(&mut self, item: &Item) -> Result<(), Error> {
        self.renderer.item(item, std::mem::take(&mut self.first), self.out)
    }
}

impl<'w> Lists<'w> {
    pub(super) fn new(renderer: &'w dyn Renderer, sink: Sink<'w>) -> Lists<'w> {
        let buffers = || (0..AT_A_TIME).map(|_| Out::default()).collect();
        Lists { renderer, sink, ready: buffers(), next: buffers() }
    }

    /// Writes what stands outside the lists.
    pub(super) fn frame(&mut self, render: impl FnOnce(&dyn Renderer, &mut Out)) -> Result<(), Error> {
        render(self.renderer, &mut self.ready[0]);
        self.sink.write(&mut self.ready[..1])
    }

    /// Writes one list, in so many pieces; `render` gives the items of each. One that `is_large` is rendered
    /// by itself and is written as it comes: it may be larger than what memory there is.
    pub(super) fn list(
        &mut self,
        name: &str,
        pieces: usize,
        is_large: impl Fn(usize) -> bool,
        render: impl Fn(usize, &mut Piece) -> Result<(), Error> + Sync,
    ) -> Result<(), Error> {
        self.frame(|renderer, out| renderer.open(name, out))?;
        let (mut empty, mut start) = (true, 0);
        while start < pieces {
            let Lists { renderer, sink, ready, next } = self;
            let together = (start..pieces).take(AT_A_TIME).take_while(|&at| !is_large(at)).count();
            let pieces = next[..together].par_iter_mut().with_max_len(1).enumerate();
            let piece = |(at, out)| render(start + at, &mut Piece { renderer: *renderer, out, first: start + at == 0 });
            let (written, rendered) = rayon::join(|| sink.write(ready), || pieces.try_for_each(piece));
            written.and(rendered)?;
            std::mem::swap(ready, next);
            empty &= ready.iter().all(|out| out.ready.is_empty());
            if together == 0 {
                let mut out = Out { onward: Some(&mut *sink.out), ..Out::default() };
                render(start, &mut Piece { renderer: *renderer, out: &mut out, first: start == 0 })?;
                out.finish().map_err(sink.failed)?;
                empty = false;
            }
            start += together.max(1);
        }
        self.sink.write(&mut self.ready)?;
        self.frame(|renderer, out| renderer.close(empty, out))
    }
}
