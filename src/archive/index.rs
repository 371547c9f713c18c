//! The end of an archive: how many pages and bytes there are, and the places of all frames.

use super::HEAD;
use crate::frame::{Effort, Frame, HEADER, Kind, MOST, read_at};
use crate::packed::{read, write};
use std::fs::File;
use std::io;

/// Bytes behind the index: its place, and [`END`].
pub const FOOTER: usize = 8 + END.len();
/// The last bytes of a whole archive.
const END: &[u8; 8] = b"ndup end";

/// What the index says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Pages in the archive.
    pub pages: u64,
    /// Bytes of unique text.
    pub text: u64,
    /// All frames but the index itself: kind, number, place.
    pub frames: Vec<Listed>,
}

/// A frame as it is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    pub kind: Kind,
    pub number: u64,
    /// Its first byte in the file.
    pub at: u64,
}

impl Listed {
    /// What the frame holds, if it is whole and the one that is listed.
    pub fn read(&self, file: &File) -> io::Result<Option<Vec<u8>>> {
        let found = Frame::read(file, self.at)?;
        Ok(found.filter(|(frame, _)| frame.kind == self.kind && frame.number == self.number).map(|(_, raw)| raw))
    }
}

const KINDS: [Kind; 3] = [Kind::Text, Kind::Pages, Kind::Names];

/// The index and the footer behind it. Frames follow each other without gaps from [`HEAD`] on, and the last one ends
/// at `at`.
pub fn make(index: &Index, at: u64) -> io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    write(&mut raw, index.pages);
    write(&mut raw, index.text);
    write(&mut raw, index.frames.len() as u64);
    let ends = index.frames.iter().skip(1).map(|frame| frame.at).chain([at]);
    for (frame, end) in index.frames.iter().zip(ends) {
        let kind = KINDS.iter().position(|kind| *kind == frame.kind).unwrap_or_default();
        write(&mut raw, kind as u64);
        write(&mut raw, frame.number);
        write(&mut raw, end - frame.at);
    }
    let mut bytes = Frame::make(Kind::Index, 0, &raw, Effort::High)?;
    bytes.extend(at.to_le_bytes());
    bytes.extend(END);
    Ok(bytes)
}

/// The index of an archive, if the end of the file is whole.
pub fn find(file: &File) -> io::Result<Option<Index>> {
    let end = file.metadata()?.len();
    let Some(footer) = end.checked_sub(FOOTER as u64) else { return Ok(None) };
    let mut bytes = [0; FOOTER];
    if !read_at(file, &mut bytes, footer)? || bytes[8..] != *END {
        return Ok(None);
    }
    let at = bytes.first_chunk().map_or(0, |&bytes| u64::from_le_bytes(bytes));
    let found = if at < footer { Frame::read(file, at)? } else { None };
    let Some((_, raw)) = found.filter(|(frame, _)| frame.kind == Kind::Index && frame.end() == footer) else {
        return Ok(None);
    };
    let mut frames = Vec::new();
    let parsed = parse(&raw, |frame| frames.push(frame)).filter(|(.., end)| *end == at);
    Ok(parsed.map(|(pages, text, _)| Index { pages, text, frames }))
}

/// How many pages an index says there are, wherever it stands now.
pub fn pages(raw: &[u8]) -> Option<u64> {
    parse(raw, drop).map(|(pages, ..)| pages)
}

/// Hands the frames that an index lists to `see`. Its pages, its bytes of text, and where the last frame ends.
fn parse(raw: &[u8], mut see: impl FnMut(Listed)) -> Option<(u64, u64, u64)> {
    let mut at = 0;
    let mut number = || read(raw, &mut at).filter(|&number| number <= MOST);
    let (pages, text, count) = (number()?, number()?, number()?);
    let mut place = HEAD.len() as u64;
    for _ in 0..count {
        let kind = *KINDS.get(usize::try_from(number()?).ok()?)?;
        let first = number()?;
        let length = number()?;
        see(Listed { kind, number: first, at: place });
        place = place.checked_add(length).filter(|_| length >= HEADER as u64)?;
    }
    Some((pages, text, place))
}
