//! Archives made by hand: their checksums are right, whatever else they say.

use newsdedup::archive::HEAD;
use sha2::{Digest, Sha256};

const MARK: &[u8; 8] = b"\xf5ndup\r\n\x1a";
const END: &[u8; 8] = b"ndup end";
/// Kinds of frames: text, pages, names, index.
const KINDS: [u8; 4] = *b"TPNI";
/// Numbers that frames may have; the last ones are made to overflow.
const NUMBERS: [u64; 8] = [0, 1, 2, 3, 8, i64::MAX as u64 - 1, u64::MAX - 1, u64::MAX];

/// An archive of frames as the input says them, with the end that a whole one has or without.
pub fn archive(mut input: &[u8]) -> Vec<u8> {
    let Some((&ended, rest)) = input.split_first() else { return HEAD.to_vec() };
    input = rest;
    let (mut bytes, mut listed) = (HEAD.to_vec(), Vec::new());
    while let Some((&[kind, length], rest)) = input.split_first_chunk() {
        let (content, rest) = rest.split_at(usize::from(length).min(rest.len()));
        input = rest;
        let number = NUMBERS[usize::from(kind >> 2 & 7)];
        let letter = usize::from(kind & 3);
        listed.push((letter as u8, number as u8, bytes.len()));
        let frame = if kind & 128 == 0 { frame(letter, number, content) } else { packed(letter, number, content) };
        bytes.extend(frame);
    }
    if ended & 1 != 0 {
        end(&mut bytes, &listed, ended);
    }
    bytes
}

/// An index of all frames, and the footer.
fn end(bytes: &mut Vec<u8>, listed: &[(u8, u8, usize)], pages: u8) {
    let at = bytes.len();
    let mut raw = vec![pages >> 1, 0, listed.len() as u8 & 0x7f];
    let ends = listed.iter().skip(1).map(|(_, _, start)| *start).chain([at]);
    for ((kind, number, start), end) in listed.iter().zip(ends) {
        let length = end - start;
        raw.extend([kind % 3, number & 0x7f, length as u8 | 0x80, (length >> 7) as u8 & 0x7f]);
    }
    bytes.extend(frame(3, 0, &raw));
    bytes.extend((at as u64).to_le_bytes());
    bytes.extend(END);
}

/// A frame that holds these bytes as they are: a Zstandard frame (RFC 8878) of one raw block.
fn frame(kind: usize, number: u64, raw: &[u8]) -> Vec<u8> {
    const ONE_SEGMENT_AND_ITS_SIZE: [u8; 5] = [0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    let length = raw.len() as u32;
    let last_and_raw = (length << 3 | 1).to_le_bytes();
    let zstd = [&ONE_SEGMENT_AND_ITS_SIZE[..], &length.to_le_bytes(), &last_and_raw[..3], raw].concat();
    checked(kind, number, length, &zstd)
}

/// A frame that holds these bytes as if they were compressed; the first says how large they claim to be.
fn packed(kind: usize, number: u64, bytes: &[u8]) -> Vec<u8> {
    let Some((&size, bytes)) = bytes.split_first() else { return frame(kind, number, bytes) };
    checked(kind, number, u32::from(size) << (size >> 5), bytes)
}

fn checked(kind: usize, number: u64, size: u32, packed: &[u8]) -> Vec<u8> {
    let mut fields = vec![KINDS[kind]];
    fields.extend(number.to_le_bytes());
    fields.extend(size.to_le_bytes());
    fields.extend((packed.len() as u32).to_le_bytes());
    let check = Sha256::new().chain_update(&fields).chain_update(packed).finalize();
    [&MARK[..], &fields, &check[..16], packed].concat()
}
