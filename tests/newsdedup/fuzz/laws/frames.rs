//! Files of frames, made by hand: the checksums are right, whatever else is said.

use newsdedup::archive::HEAD;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::ops::Range;

const MARK: &[u8; 8] = b"\xf5ndup\r\n\x1a";
/// Bytes before those that are packed, and the first ones that a checksum is made of.
const HEADER: usize = 41;
const FIELDS: Range<usize> = 8..25;
const END: &[u8; 8] = b"ndup end";
/// Kinds of the frames of an archive: text, pages, names, index.
const KINDS: &[u8; 4] = b"TPNI";
/// Numbers that frames may have; the last ones are made to overflow.
const NUMBERS: [u64; 8] = [0, 1, 2, 3, 8, i64::MAX as u64, u64::MAX - 1, u64::MAX];

/// An archive of frames as the input says them, with the end that a whole one has or without.
pub fn archive(input: &[u8]) -> Vec<u8> {
    let Some((&ended, input)) = input.split_first() else { return HEAD.to_vec() };
    let mut bytes = [HEAD, &frames(KINDS, input)].concat();
    if ended & 1 != 0 {
        end(&mut bytes, ended);
    }
    bytes
}

/// Frames of these kinds as the input says them, one after the other.
pub fn frames(kinds: &[u8], mut input: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some((&[kind, length], rest)) = input.split_first_chunk() {
        let (content, rest) = rest.split_at(usize::from(length).min(rest.len()));
        input = rest;
        let (letter, number) = (kinds[usize::from(kind & 3) % kinds.len()], NUMBERS[usize::from(kind >> 2 & 7)]);
        bytes.extend(if kind & 128 == 0 { frame(letter, number, content) } else { packed(letter, number, content) });
    }
    bytes
}

/// An index of all frames, and the footer.
fn end(bytes: &mut Vec<u8>, pages: u8) {
    let (at, all) = (bytes.len(), list(bytes));
    let mut raw = vec![pages >> 1, 0, all.len() as u8 & 0x7f];
    for range in &all {
        let kind = KINDS.iter().position(|kind| *kind == bytes[range.start + FIELDS.start]).unwrap_or_default();
        let number = bytes[range.start + FIELDS.start + 1];
        raw.extend([kind as u8 % 3, number & 0x7f, range.len() as u8 | 0x80, (range.len() >> 7) as u8 & 0x7f]);
    }
    bytes.extend(frame(b'I', 0, &raw));
    bytes.extend((at as u64).to_le_bytes());
    bytes.extend(END);
}

/// A frame that holds these bytes as they are: a Zstandard frame (RFC 8878) of one raw block.
pub fn frame(kind: u8, number: u64, raw: &[u8]) -> Vec<u8> {
    const ONE_SEGMENT_AND_ITS_SIZE: [u8; 5] = [0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    let length = raw.len() as u32;
    let last_and_raw = (length << 3 | 1).to_le_bytes();
    let zstd = [&ONE_SEGMENT_AND_ITS_SIZE[..], &length.to_le_bytes(), &last_and_raw[..3], raw].concat();
    checked(kind, number, length, &zstd)
}

/// A frame that holds these bytes as if they were compressed; the first says how large they claim to be.
fn packed(kind: u8, number: u64, bytes: &[u8]) -> Vec<u8> {
    let Some((&size, bytes)) = bytes.split_first() else { return frame(kind, number, bytes) };
    checked(kind, number, u32::from(size) << (size >> 5), bytes)
}

/// A frame that holds packed bytes and says how many they are unpacked.
pub fn checked(kind: u8, number: u64, size: u32, packed: &[u8]) -> Vec<u8> {
    let mut fields = vec![kind];
    fields.extend(number.to_le_bytes());
    fields.extend(size.to_le_bytes());
    fields.extend((packed.len() as u32).to_le_bytes());
    let check = Sha256::new().chain_update(&fields).chain_update(packed).finalize();
    [&MARK[..], &fields, &check[..16], packed].concat()
}

/// Where the frames of a file stand.
pub fn list(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = memchr::memmem::find_iter(bytes, MARK).collect();
    starts.push(bytes.len());
    starts.windows(2).map(|pair| pair[0]..pair[1]).filter(|range| range.len() >= HEADER).collect()
}

/// The kind and the number of a frame, and what it holds.
pub fn open(frame: &[u8]) -> Option<(u8, u64, Vec<u8>)> {
    let (kind, number) = frame[FIELDS].split_first()?;
    let mut raw = Vec::new();
    zstd::Decoder::with_buffer(&frame[HEADER..]).ok()?.read_to_end(&mut raw).ok()?;
    Some((*kind, u64::from_le_bytes(*number.first_chunk()?), raw))
}
