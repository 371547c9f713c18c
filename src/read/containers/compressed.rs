//! Compressed streams: gzip, zstd, bzip2 and xz, of one member or many.

use super::expanding::Expanding;
use super::gzip::Members;
use super::{Opened, Opener, Place};
use crate::read::shape::Compression;
use std::io::{BufRead, Read};

/// The most memory that a decoder may take for its window, in KiB.
const WINDOW: u32 = 256 << 10;

impl Opener<'_> {
    pub(super) fn compressed(&mut self, place: &Place, compression: Compression, input: impl BufRead) -> Opened {
        let (expanded, what): (Box<dyn Read + '_>, _) = match compression {
            Compression::Gzip => (Box::new(Members::new(input)), "gzip data"),
            Compression::Zstd => (Box::new(zstd::stream::read::Decoder::with_buffer(input)?), "zstd data"),
            Compression::Bzip2 => (Box::new(bzip2::bufread::MultiBzDecoder::new(input)), "bzip2 data"),
            Compression::Xz => (Box::new(lzma_rust2::XzReader::new_mem_limit(input, true, WINDOW)), "xz data"),
        };
        let inner = Place { hint: without_ending(&place.hint), depth: place.depth + 1, ..place.clone() };
        let expanded = Expanding::new(expanded, what, self.growth.clone());
        let expanded = if matches!(compression, Compression::Gzip) { expanded.that_can_go_on() } else { expanded };
        if self.stream(&inner, Box::new(expanded), None) { Ok(()) } else { Err(super::Stop::Unwanted) }
    }
}

/// A name without the ending that says how it is compressed.
fn without_ending(name: &[u8]) -> Vec<u8> {
    match name.iter().rposition(|&byte| byte == b'.') {
        Some(dot) if name[dot..].eq_ignore_ascii_case(b".tgz") => [&name[..dot], b".tar"].concat(),
        Some(dot) => name[..dot].to_vec(),
        None => name.to_vec(),
    }
}
