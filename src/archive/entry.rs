//! A page in the list of pages: its name, size and digest, and the places of its bytes in the unique text.
//!
//! Numbers take seven bits a byte ([`crate::packed`]). A piece is its length, with one bit that says whether it follows
//! the last new text or is a copy; a copy also has its distance from the end of the copy before.

use crate::model::Digest;
use crate::packed::{read, read_bytes, write, write_bytes};
use crate::read::Written;
use encoding_rs::Encoding;
use std::ops::Range;

/// A page as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Raw bytes, as in the report.
    pub name: Vec<u8>,
    /// Whether it is a record of a container: there is no file of this name.
    pub is_record: bool,
    /// What its bytes stand for.
    pub written: Written,
    /// In bytes.
    pub size: u64,
    /// Of the page as stored.
    pub sha256: Digest,
    /// Its bytes in the unique text, in order.
    pub pieces: Vec<Piece>,
}

/// No page has more pieces, which take 16 MiB: what would have more is stored as new text.
pub const MOST_PIECES: usize = 1 << 20;

/// A run of bytes of the unique text; none is empty.
pub type Piece = Range<u64>;

/// Where the pieces of the next page are likely to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The end of the last new text.
    pub new: u64,
    /// The end of the last copy.
    copy: u64,
}

impl Cursor {
    /// Where the new text of a frame of pages begins.
    pub fn at(new: u64) -> Cursor {
        Cursor { new, copy: 0 }
    }
}

/// Appends a piece, to the one before if it goes on there.
pub fn add(pieces: &mut Vec<Piece>, piece: Piece) {
    match pieces.last_mut() {
        _ if piece.is_empty() => {}
        Some(last) if last.end == piece.start => last.end = piece.end,
        _ => pieces.push(piece),
    }
}

impl Entry {
    /// Appends the entry to `out`.
    pub fn write(&self, cursor: &mut Cursor, out: &mut Vec<u8>) {
        write_bytes(&self.name, out);
        let (form, encoding) = match self.written {
            Written::Plain => (0, None),
            Written::Encoded(encoding) => (1, Some(encoding)),
            Written::Markup(None) => (2, None),
            Written::Markup(encoding) => (3, encoding),
        };
        write(out, form << 1 | u64::from(self.is_record));
        encoding.iter().for_each(|encoding| write_bytes(encoding.name().as_bytes(), out));
        write(out, self.size);
        out.extend(self.sha256.0);
        write(out, self.pieces.len() as u64);
        for piece in &self.pieces {
            let is_copy = piece.start != cursor.new;
            write(out, (piece.end - piece.start) << 1 | u64::from(is_copy));
            if is_copy {
                let distance = piece.start.wrapping_sub(cursor.copy) as i64;
                write(out, (distance << 1 ^ distance >> 63) as u64);
                cursor.copy = piece.end;
            } else {
                cursor.new = piece.end;
            }
        }
    }

    /// Reads the entry at `at` and moves behind it; `None` if there is none.
    pub fn read(bytes: &[u8], at: &mut usize, cursor: &mut Cursor) -> Option<Entry> {
        let name = read_bytes(bytes, at)?.to_vec();
        let flags = read(bytes, at)?;
        let encoding = |at: &mut usize| Encoding::for_label(read_bytes(bytes, at)?);
        let written = match flags >> 1 {
            0 => Written::Plain,
            1 => Written::Encoded(encoding(at)?),
            2 => Written::Markup(None),
            3 => Written::Markup(Some(encoding(at)?)),
            _ => return None,
        };
        let size = read(bytes, at)?;
        let sha256 = Digest(*bytes.get(*at..)?.first_chunk()?);
        *at += size_of::<Digest>();
        let count = read(bytes, at).filter(|&count| count <= MOST_PIECES as u64)?;
        let mut pieces = Vec::new();
        let mut sum = 0u64;
        for _ in 0..count {
            let length = read(bytes, at).filter(|length| length >> 1 > 0)?;
            let start = if length & 1 == 1 {
                let distance = read(bytes, at)?;
                cursor.copy.wrapping_add((distance >> 1) ^ (distance & 1).wrapping_neg())
            } else {
                cursor.new
            };
            let piece = start..start.checked_add(length >> 1)?;
            *if length & 1 == 1 { &mut cursor.copy } else { &mut cursor.new } = piece.end;
            sum = sum.checked_add(length >> 1)?;
            pieces.push(piece);
        }
        (sum == size).then_some(Entry { name, is_record: flags & 1 == 1, written, size, sha256, pieces })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::sha256;

    #[test]
    fn entries_come_back_as_they_were() {
        let entry = |name: &str, written, pieces: &[Piece]| Entry {
            name: name.into(),
            is_record: name.contains('#'),
            written,
            size: pieces.iter().map(|piece| piece.end - piece.start).sum(),
            sha256: sha256(name.as_bytes()),
            pieces: pieces.to_vec(),
        };
        let entries = [
            entry("a", Written::Plain, &[70..90, 3..9, 90..95, 12..40]),
            entry("", Written::Encoded(encoding_rs::UTF_16LE), &[]),
            entry("b#1", Written::Markup(Some(encoding_rs::KOI8_R)), &[u64::MAX - 9..u64::MAX, 95..96]),
            entry("c", Written::Markup(None), &[0..1, 3..4]),
        ];
        let (mut bytes, mut cursor) = (Vec::new(), Cursor::at(70));
        entries.iter().for_each(|entry| entry.write(&mut cursor, &mut bytes));
        let (mut at, mut cursor) = (0, Cursor::at(70));
        for entry in &entries {
            assert_eq!(Entry::read(&bytes, &mut at, &mut cursor).as_ref(), Some(entry));
        }
        assert_eq!((at, Entry::read(&bytes, &mut at, &mut cursor)), (bytes.len(), None));
    }

    #[test]
    fn what_cannot_be_an_entry_is_none() {
        let made = |flags: u64, label: Option<&str>, size: u64, pieces: &[u64]| {
            let mut bytes = Vec::new();
            write_bytes(b"a", &mut bytes);
            write(&mut bytes, flags);
            label.iter().for_each(|label| write_bytes(label.as_bytes(), &mut bytes));
            write(&mut bytes, size);
            bytes.extend([7; size_of::<Digest>()]);
            pieces.iter().for_each(|&number| write(&mut bytes, number));
            bytes
        };
        let read = |bytes: &[u8]| Entry::read(bytes, &mut 0, &mut Cursor::at(0));
        let whole = made(1 << 1, Some("utf-16le"), 5, &[1, 5 << 1]);
        assert_eq!(read(&whole).unwrap().written, Written::Encoded(encoding_rs::UTF_16LE));
        (0..whole.len()).for_each(|cut| assert_eq!(read(&whole[..cut]), None, "cut at {cut}"));
        assert_eq!(read(&made(1 << 1, Some("no encoding"), 5, &[1, 5 << 1])), None);
        assert_eq!(read(&made(4 << 1, None, 5, &[1, 5 << 1])), None);
        assert_eq!(read(&made(0, None, 6, &[1, 5 << 1])), None);
        // Pieces of nothing, and more pieces than there can be.
        assert_eq!(read(&made(0, None, 5, &[2, 5 << 1, 0])), None);
        assert_eq!(read(&made(0, None, 5, &[2, 1, 0, 5 << 1])), None);
        let many = |count: usize| [vec![count as u64], vec![1 << 1; count]].concat();
        assert!(read(&made(0, None, MOST_PIECES as u64, &many(MOST_PIECES))).is_some());
        assert_eq!(read(&made(0, None, MOST_PIECES as u64 + 1, &many(MOST_PIECES + 1))), None);
        // Places beyond the last one that there can be.
        assert_eq!(read(&made(0, None, 9, &[3, u64::MAX << 1, u64::MAX << 1, 5 << 1])), None);
        assert_eq!(read(&made(0, None, 9, &[1, 9 << 1 | 1, 1])), None);
    }
}
