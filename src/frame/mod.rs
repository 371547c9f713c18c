//! Frames: what the files are made of in which pages are kept, archives and states.
//!
//! ```text
//! mark  kind  number  size  packed size  check     packed bytes
//! 8     1     8       4     4            16 bytes
//! ```
//!
//! Numbers are little-endian. The check is the first half of the SHA-256 of all that stands between the mark and
//! itself and of the packed bytes. Behind damage, the next frame is found by its mark.

mod pack;

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

pub use pack::{AVAILABLE, Effort};

/// What every frame begins with: no text does, and nothing that took these bytes for lines.
const MARK: &[u8; 8] = b"\xf5ndup\r\n\x1a";
/// Bytes before the packed ones.
pub const HEADER: usize = 8 + FIELDS + CHECK;
const FIELDS: usize = 1 + 8 + 4 + 4;
const CHECK: usize = 16;
/// No frame is larger, packed or unpacked. A frame of this size holds one page with a very long name or list.
const LARGEST: u32 = 1 << 30;
/// A frame of an archive that holds more than this holds at most [`RATIO`] times as much as it takes: no few bytes take
/// all memory.
const FREE: u32 = 1 << 26;
/// As containers have it.
const RATIO: u32 = 1000;
/// No number is larger, as no file has more bytes.
pub const MOST: u64 = i64::MAX as u64;
/// Bytes that are looked through at once for a mark.
const CHUNK: usize = 1 << 16;

/// What a frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Unique text of an archive; the number is the place of its first byte.
    Text,
    /// A part of the list of pages; the number is that of its first page.
    Pages,
    /// The names of the pages in one frame of these, once more.
    Names,
    /// The places of all frames before.
    Index,
    /// What a state keeps of pages.
    Kept,
    /// Which pages these are, in the frame before.
    Sources,
}

impl Kind {
    /// How much a frame may hold that takes so many bytes.
    fn largest(self, packed: u32) -> u32 {
        match self {
            Kind::Kept | Kind::Sources => LARGEST,
            _ => packed.saturating_mul(RATIO).clamp(FREE, LARGEST),
        }
    }
}

const KINDS: [(Kind, u8); 6] = [
    (Kind::Text, b'T'),
    (Kind::Pages, b'P'),
    (Kind::Names, b'N'),
    (Kind::Index, b'I'),
    (Kind::Kept, b'K'),
    (Kind::Sources, b'S'),
];

/// Where a frame stands, and what it says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Its first byte in the file.
    pub at: u64,
    pub kind: Kind,
    pub number: u64,
    /// Length of what it holds, in bytes.
    pub size: u32,
    /// Length of the same as it is packed.
    pub packed: u32,
}

impl Frame {
    /// One past its last byte in the file.
    pub fn end(&self) -> u64 {
        self.at + HEADER as u64 + u64::from(self.packed)
    }

    /// Makes the bytes of a frame.
    pub fn make(kind: Kind, number: u64, raw: &[u8], effort: Effort) -> io::Result<Vec<u8>> {
        let too_large = || io::Error::other("a page has a name or a history that is too long to be kept");
        let packed = pack::pack(raw, effort)?;
        let sizes = [raw.len(), packed.len()].map(|size| u32::try_from(size).ok().filter(|&size| size <= LARGEST));
        let [Some(size), Some(packed_size)] = sizes else { return Err(too_large()) };
        if size > kind.largest(packed_size) {
            return Err(too_large());
        }
        let fields = Frame { at: 0, kind, number, size, packed: packed_size }.fields();
        let mut frame = Vec::with_capacity(HEADER + packed.len());
        frame.extend(MARK);
        frame.extend(fields);
        frame.extend(check(&fields, &packed));
        frame.extend(packed);
        Ok(frame)
    }

    /// The frame that begins at a place, with what it holds, if it is whole.
    pub fn read(file: &File, at: u64) -> io::Result<Option<(Frame, Vec<u8>)>> {
        let Some((frame, packed)) = Frame::read_packed(file, at)? else { return Ok(None) };
        let raw = pack::unpack(&packed, frame.size as usize);
        Ok(raw.ok().map(|raw| (frame, raw)))
    }

    /// The frame that begins at a place, with its packed bytes, if it is whole.
    pub fn read_packed(file: &File, at: u64) -> io::Result<Option<(Frame, Vec<u8>)>> {
        let mut header = [0; HEADER];
        if !read_at(file, &mut header, at)? {
            return Ok(None);
        }
        let Some(frame) = Frame::of_header(&header, at) else { return Ok(None) };
        // The size may be a lie: no memory is taken for what is not there.
        if file.metadata()?.len() < frame.end() {
            return Ok(None);
        }
        let mut packed = vec![0; frame.packed as usize];
        let whole =
            read_at(file, &mut packed, at + HEADER as u64)? && header[8 + FIELDS..] == check(&frame.fields(), &packed);
        Ok(whole.then_some((frame, packed)))
    }

    /// What stands at a place, by its header alone.
    pub fn peek(file: &File, at: u64) -> io::Result<Option<Frame>> {
        let mut header = [0; HEADER];
        Ok(read_at(file, &mut header, at)?.then(|| Frame::of_header(&header, at)).flatten())
    }

    /// What a header says, if it can be one.
    fn of_header(header: &[u8; HEADER], at: u64) -> Option<Frame> {
        let fields = header.strip_prefix(MARK)?;
        let kind = KINDS.iter().find(|(_, letter)| *letter == fields[0])?.0;
        let number = u64::from_le_bytes(*fields[1..].first_chunk()?);
        let [size, packed] = [9, 13].map(|at| fields[at..].first_chunk().map(|&bytes| u32::from_le_bytes(bytes)));
        let (size, packed) = (size?, packed?);
        (size <= kind.largest(packed) && packed <= LARGEST && number <= MOST).then_some(Frame {
            at,
            kind,
            number,
            size,
            packed,
        })
    }

    fn fields(&self) -> [u8; FIELDS] {
        let mut fields = [0; FIELDS];
        fields[0] = KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or(0, |(_, letter)| *letter);
        fields[1..9].copy_from_slice(&self.number.to_le_bytes());
        fields[9..13].copy_from_slice(&self.size.to_le_bytes());
        fields[13..].copy_from_slice(&self.packed.to_le_bytes());
        fields
    }
}

fn check(fields: &[u8; FIELDS], packed: &[u8]) -> [u8; CHECK] {
    let digest = Sha256::new().chain_update(fields).chain_update(packed).finalize();
    std::array::from_fn(|at| digest[at])
}

/// Hands every whole frame of a file to `see`, whatever stands between them; `true` if nothing does. The first frame
/// stands at `at`; `footer` bytes behind the last one are no damage.
pub fn scan(file: &File, mut at: u64, footer: u64, mut see: impl FnMut(Frame, Vec<u8>)) -> io::Result<bool> {
    let mut whole = true;
    let end = file.metadata()?.len();
    while at < end {
        match Frame::read(file, at)? {
            Some((frame, raw)) => {
                at = frame.end();
                see(frame, raw);
            }
            None => {
                whole &= end - at == footer;
                at = next_mark(file, at + 1)?.unwrap_or(end);
            }
        }
    }
    Ok(whole)
}

/// The frame whose mark is found first in the beginning of a file.
pub fn first(file: &File) -> io::Result<Option<Frame>> {
    let mut beginning = [0; HEADER * 4];
    let read = file.read_at(&mut beginning, 0)?;
    let mark = memchr::memmem::find(&beginning[..read], MARK);
    mark.map_or(Ok(None), |at| Frame::peek(file, at as u64))
}

/// Whether a file holds zero bytes only, as after a power cut.
pub fn is_blank(file: &File) -> io::Result<bool> {
    let (mut chunk, mut at) = (vec![0; CHUNK], 0);
    loop {
        let read = file.read_at(&mut chunk, at)?;
        if read == 0 || chunk[..read].iter().any(|&byte| byte != 0) {
            return Ok(read == 0);
        }
        at += read as u64;
    }
}

/// Where the next mark begins.
fn next_mark(file: &File, mut at: u64) -> io::Result<Option<u64>> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = file.read_at(&mut chunk, at)?;
        if let Some(found) = memchr::memmem::find(&chunk[..read], MARK) {
            return Ok(Some(at + found as u64));
        }
        if read < MARK.len() {
            return Ok(None);
        }
        at += (read - MARK.len() + 1) as u64;
    }
}

/// Fills a buffer; `false` if the file ends before.
pub fn read_at(file: &File, into: &mut [u8], at: u64) -> io::Result<bool> {
    match file.read_exact_at(into, at) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(all(test, feature = "compression"))]
mod tests {
    use super::*;
    use std::io::Write;

    const TEXT: &[u8] = b"The ferry to Sandermouth runs again.";

    fn file(parts: &[&[u8]]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&parts.concat()).unwrap();
        file
    }

    fn frame(kind: Kind, number: u64, raw: &[u8]) -> Vec<u8> {
        Frame::make(kind, number, raw, Effort::Low).unwrap()
    }

    /// A frame that holds packed bytes, whatever they are, with a check that is right, and says that it holds so many.
    fn forged(letter: u8, number: u64, size: u32, packed: &[u8]) -> Vec<u8> {
        let mut fields = [letter; FIELDS];
        fields[1..9].copy_from_slice(&number.to_le_bytes());
        fields[9..13].copy_from_slice(&size.to_le_bytes());
        fields[13..].copy_from_slice(&(packed.len() as u32).to_le_bytes());
        [&MARK[..], &fields, &check(&fields, packed), packed].concat()
    }

    #[test]
    fn frames_of_every_kind_come_back() {
        let long = "All is new. ".repeat(1 << 18);
        for (at, (kind, _)) in KINDS.into_iter().enumerate() {
            for raw in [&b""[..], TEXT, long.as_bytes()] {
                let made = frame(kind, at as u64, raw);
                let file = file(&[b"before", &made, b"behind"]);
                let (frame, read) = Frame::read(&file, 6).unwrap().unwrap();
                assert_eq!((frame.kind, frame.number, frame.end()), (kind, at as u64, 6 + made.len() as u64));
                assert!(read == raw && Frame::peek(&file, 6).unwrap() == Some(frame));
            }
        }
    }

    #[test]
    fn a_frame_that_is_not_as_it_was_made_is_none() {
        let made = frame(Kind::Text, 7, TEXT);
        for at in 0..made.len() {
            let mut damaged = made.clone();
            damaged[at] ^= 1;
            assert_eq!(Frame::read(&file(&[&damaged]), 0).unwrap(), None, "byte {at}");
            assert_eq!(Frame::read(&file(&[&made[..at]]), 0).unwrap(), None, "cut at {at}");
        }
        assert!(Frame::read(&file(&[&made]), 1).unwrap().is_none());
    }

    #[test]
    fn what_a_forged_frame_says_of_itself_is_not_believed() {
        let packed = pack::pack(TEXT, Effort::High).unwrap();
        let size = TEXT.len() as u32;
        let read = |made: Vec<u8>| Frame::read(&file(&[&made]), 0).unwrap().map(|(_, raw)| raw);
        assert_eq!(read(forged(b'T', 0, size, &packed)).as_deref(), Some(TEXT));
        for (letter, size, packed) in [
            (b'X', size, &packed[..]),
            (b'T', size - 1, &packed),
            (b'T', size + 1, &packed),
            (b'T', 1 << 21, &packed),
            (b'T', LARGEST + 1, &packed),
            (b'T', size, TEXT),
            (b'T', 1 << 21, TEXT),
        ] {
            assert_eq!(read(forged(letter, 0, size, packed)), None, "{letter} {size}");
        }
        assert_eq!(read(forged(b'T', MOST + 1, size, &packed)), None);
        // Few bytes that hold very many.
        let packed = pack::pack(&vec![0; FREE as usize + 1], Effort::Low).unwrap();
        assert!(packed.len() < FREE as usize / RATIO as usize);
        assert_eq!(read(forged(b'T', 0, FREE + 1, &packed)), None);
        assert!(read(forged(b'K', 0, FREE + 1, &packed)).is_some());
        // It is said to go on behind the end of the file.
        let mut long = forged(b'T', 0, size, &packed);
        long[8 + 13..8 + FIELDS].copy_from_slice(&LARGEST.to_le_bytes());
        assert_eq!(read(long), None);
    }

    #[test]
    fn what_is_too_large_for_a_frame_or_cannot_be_read_is_an_error() {
        let made = Frame::make(Kind::Pages, 0, &vec![0; LARGEST as usize + 1], Effort::Low);
        assert!(made.is_err_and(|error| error.to_string().contains("too long to be kept")));
        let folder = File::open(std::env::temp_dir()).unwrap();
        assert!(Frame::peek(&folder, 0).is_err() && Frame::read(&folder, 0).is_err());
    }

    #[test]
    fn whole_frames_are_found_whatever_stands_between_them() {
        let found = |parts: &[&[u8]], at, footer| {
            let mut numbers = Vec::new();
            let whole = scan(&file(parts), at, footer, |frame, _| numbers.push(frame.number)).unwrap();
            (numbers, whole)
        };
        let [a, b, c] = [1, 2, 3].map(|number| frame(Kind::Text, number, TEXT));
        assert_eq!(found(&[b"head", &a, &b, &c], 4, 0), (vec![1, 2, 3], true));
        assert_eq!(found(&[b"head", &a, &b, &c, b"footer"], 4, 6), (vec![1, 2, 3], true));
        assert_eq!(found(&[b"head", &a, &b, &c, b"footer"], 4, 9), (vec![1, 2, 3], false));
        assert_eq!(found(&[&a, &b[1..], &c], 0, 0), (vec![1, 3], false));
        assert_eq!(found(&[&a, MARK, MARK, &c], 0, 0), (vec![1, 3], false));
        // Marks across the places where one piece of the file ends and the next begins.
        for length in CHUNK - 9..CHUNK + 3 {
            assert_eq!(found(&[&vec![b'x'; length], &a], 0, 0), (vec![1], false), "{length}");
        }
        assert_eq!(found(&[&vec![b'x'; 3 * CHUNK]], 0, 0), (vec![], false));
        assert_eq!(found(&[], 0, 0), (vec![], true));
    }

    #[test]
    fn the_first_frame_tells_what_a_file_is() {
        let kind = |parts: &[&[u8]]| first(&file(parts)).unwrap().map(|frame| frame.kind);
        let kept = frame(Kind::Kept, 0, TEXT);
        assert_eq!(kind(&[&kept]), Some(Kind::Kept));
        assert_eq!(kind(&[b"newsdedup state 1\n", &kept]), Some(Kind::Kept));
        assert_eq!(kind(&[&[b'x'; HEADER * 4], &kept]), None);
        assert_eq!(kind(&[MARK, &kept]), None);
        assert_eq!(kind(&[b"notes"]), None);
    }
}
