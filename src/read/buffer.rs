//! Buffers that a thread uses again and again: to get fresh memory from the system costs more than to
//! read a page into it.

use std::cell::Cell;
use std::io::{self, Read};
use std::ops::Range;

/// Buffers larger than this go back to the system, in bytes.
const LARGEST_SPARE: usize = 1 << 20;

thread_local! {
    static SPARE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Some bytes; their memory is used again once they are dropped.
#[derive(Debug)]
pub struct Buffer {
    /// Longer than what is used, so that nothing has to be cleared before the next bytes are read.
    room: Vec<u8>,
    used: usize,
}

impl Buffer {
    /// An empty buffer.
    pub fn new() -> Buffer {
        Buffer { room: SPARE.take(), used: 0 }
    }

    /// Bytes that are in memory already.
    pub fn of(bytes: Vec<u8>) -> Buffer {
        Buffer { used: bytes.len(), room: bytes }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.room[..self.used]
    }

    /// Reads to the end, or one byte beyond `limit`. A file of which the system says that it has `size`
    /// bytes, and that gives just so many when it is asked for more, is not asked again.
    pub fn read_all(&mut self, from: &mut impl Read, size: Option<u64>, limit: u64) -> io::Result<()> {
        let size = size.map_or(0, |size| size.min(limit) as usize);
        self.make_room(size + 1);
        while self.used as u64 <= limit {
            self.make_room(self.used + 1);
            match from.read(&mut self.room[self.used..]) {
                Ok(0) => break,
                Ok(count) => self.used += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            }
            if size > 0 && self.used == size {
                break;
            }
        }
        Ok(())
    }

    /// Fills the buffer with exactly `count` bytes.
    pub fn read_exactly(&mut self, count: usize, fill: impl FnOnce(&mut [u8]) -> io::Result<()>) -> io::Result<()> {
        self.make_room(count);
        fill(&mut self.room[..count])?;
        self.used = count;
        Ok(())
    }

    /// Appends the bytes to others, and says where they stand there.
    pub fn append_to(mut self, others: &mut Vec<u8>) -> Range<usize> {
        let start = others.len();
        if others.is_empty() && self.used > LARGEST_SPARE {
            // Too large to be there twice.
            *others = std::mem::take(&mut self.room);
            others.truncate(self.used);
        } else {
            others.extend_from_slice(self.bytes());
        }
        start..others.len()
    }

    fn make_room(&mut self, wanted: usize) {
        if self.room.len() < wanted {
            self.room.resize(wanted.max(2 * self.room.len()).max(1 << 14), 0);
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if self.room.len() <= LARGEST_SPARE {
            SPARE.set(std::mem::take(&mut self.room));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], size: Option<u64>, limit: u64, expected: &[u8]) {
        let mut buffer = Buffer::new();
        buffer.read_all(&mut &bytes[..], size, limit).unwrap();
        assert_eq!(buffer.bytes(), expected);
        let mut others = vec![1, 2];
        assert_eq!(buffer.append_to(&mut others), 2..2 + expected.len());
        assert_eq!(&others[2..], expected);
    }

    #[test]
    fn all_is_read_whatever_size_was_promised() {
        let bytes: Vec<u8> = (0..100_000u32).map(|n| n as u8).collect();
        for size in [None, Some(0), Some(10), Some(100_000), Some(200_000)] {
            check(&bytes, size, 1 << 20, &bytes);
        }
    }
}
