//! From items to bytes: threads render the pieces of a list, and one of them writes what is ready, in order.
//!
//! The buffers are used again and again, so that no more is held at a time than a few pieces take.

use super::{Item, Renderer};
use crate::error::Error;
use rayon::prelude::*;
use std::io::{self, Write};

/// Pieces that are rendered while the ones before are written.
pub(super) const AT_A_TIME: usize = 16;
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
    /// What was rendered.
    pub fn into_bytes(self) -> Vec<u8> {
        self.ready
    }

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
pub(super) struct Lists<'w, 's> {
    renderer: &'w dyn Renderer,
    sink: Sink<'s>,
    /// What is rendered and not written yet.
    ready: Vec<Out<'static>>,
    /// What is being rendered.
    next: Vec<Out<'static>>,
    /// Whether nothing of the list has been rendered yet.
    first: bool,
    /// Whether nothing of the list has been written.
    empty: bool,
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

impl<'w, 's> Lists<'w, 's> {
    pub(super) fn new(renderer: &'w dyn Renderer, sink: Sink<'s>) -> Lists<'w, 's> {
        let buffers = || (0..AT_A_TIME).map(|_| Out::default()).collect();
        Lists { renderer, sink, ready: buffers(), next: buffers(), first: true, empty: true }
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
        self.open(name)?;
        let mut start = 0;
        while start < pieces {
            let together: Vec<usize> = (start..pieces).take(AT_A_TIME).take_while(|&at| !is_large(at)).collect();
            self.together(&together, |&at, piece| render(at, piece))?;
            if together.is_empty() {
                let Lists { renderer, sink, .. } = self;
                let mut out = Out { onward: Some(&mut *sink.out), ..Out::default() };
                render(start, &mut Piece { renderer: *renderer, out: &mut out, first: self.first })?;
                out.finish().map_err(sink.failed)?;
                (self.first, self.empty) = (false, false);
            }
            start += together.len().max(1);
        }
        self.close()
    }

    /// Begins a list.
    pub(super) fn open(&mut self, name: &str) -> Result<(), Error> {
        (self.first, self.empty) = (true, true);
        self.frame(|renderer, out| renderer.open(name, out))
    }

    /// Renders the next pieces of a list, at most [`AT_A_TIME`], while those before are written.
    pub(super) fn together<T: Sync>(
        &mut self,
        pieces: &[T],
        render: impl Fn(&T, &mut Piece) -> Result<(), Error> + Sync,
    ) -> Result<(), Error> {
        let Lists { renderer, sink, ready, next, first, empty } = self;
        let outs = next[..pieces.len()].par_iter_mut().zip(pieces).with_max_len(1).enumerate();
        let piece = |(at, (out, piece)): (usize, (&mut Out<'static>, &T))| {
            render(piece, &mut Piece { renderer: *renderer, out, first: *first && at == 0 })
        };
        let (written, rendered) = rayon::join(|| sink.write(ready), || outs.try_for_each(piece));
        written.and(rendered)?;
        std::mem::swap(ready, next);
        *empty &= ready.iter().all(|out| out.ready.is_empty());
        *first &= pieces.is_empty();
        Ok(())
    }

    /// Ends a list.
    pub(super) fn close(&mut self) -> Result<(), Error> {
        self.sink.write(&mut self.ready)?;
        let empty = self.empty;
        self.frame(|renderer, out| renderer.close(empty, out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schema::{Header, Name, Skipped, Summary};

    /// Writes every reason, and a mark for each of the other calls.
    struct Reasons;

    impl Renderer for Reasons {
        fn begin(&self, _: &Header, _: &Summary, _: &mut Out) {}

        fn open(&self, list: &str, out: &mut Out) {
            out.write_all(list.as_bytes()).unwrap();
        }

        fn item(&self, item: &Item, first: bool, out: &mut Out) -> Result<(), Error> {
            if let Item::Skipped(skipped) = item {
                out.put(if first { b"[" } else { b"," });
                assert_eq!(out.write(skipped.reason.as_bytes()).unwrap(), skipped.reason.len());
            }
            Ok(())
        }

        fn close(&self, empty: bool, out: &mut Out) {
            out.put(if empty { b"." } else { b"]" });
        }
    }

    /// Takes so many bytes.
    struct Sized {
        taken: Vec<u8>,
        room: usize,
        /// The most that came at once.
        most: usize,
    }

    impl Write for Sized {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.taken.len() + bytes.len() > self.room {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.taken.extend_from_slice(bytes);
            self.most = self.most.max(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Writes a list in which some pieces are large, and gives what came of it.
    fn written(reasons: &[&str], is_large: impl Fn(usize) -> bool, room: usize) -> (Sized, Result<(), Error>) {
        let mut out = Sized { taken: Vec::new(), room, most: 0 };
        let done = Lists::new(&Reasons, Sink { out: &mut out, failed: &Error::Stdout }).list(
            "list",
            reasons.len(),
            is_large,
            |at, piece| {
                let page = Name(std::borrow::Cow::Borrowed(b"page"));
                piece.item(&Item::Skipped(&Skipped { page, reason: reasons[at].to_owned() }))
            },
        );
        (out, done)
    }

    #[test]
    fn a_large_piece_stands_in_its_place_and_is_never_held_as_a_whole() {
        let long = "x".repeat(5 * LARGEST_SPARE / 2);
        let small = vec!["small"; 2 * AT_A_TIME + 3];
        let reasons = [&[&long[..], "a", "b", &long, &long][..], &small[..]].concat();
        let (out, done) = written(&reasons, |at| reasons[at].len() > LARGEST_SPARE, usize::MAX);
        assert!(done.is_ok() && out.most <= LARGEST_SPARE, "{}", out.most);
        assert!(out.taken == format!("list[{}]", reasons.join(",")).into_bytes());
        assert_eq!(written(&[], |_| false, 100).0.taken, b"list.");
    }

    #[test]
    fn what_finds_no_room_ends_the_list_with_the_reason() {
        let long = "x".repeat(3 * LARGEST_SPARE);
        let reasons = ["a", &long, "b"];
        for room in [0, 3, 5, LARGEST_SPARE + 10, 2 * LARGEST_SPARE + 10, long.len() + 8] {
            for large in [false, true] {
                let (out, done) = written(&reasons, |at| large && at == 1, room);
                assert!(matches!(done, Err(Error::Stdout(error)) if error.kind() == io::ErrorKind::StorageFull));
                assert!(format!("list[a,{long},b]").as_bytes().starts_with(&out.taken));
            }
        }
    }
}
