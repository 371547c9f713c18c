//! Compression of frames: Zstandard, if it was built in.

/// Whether archives can be written and read.
pub const AVAILABLE: bool = cfg!(feature = "compression");
/// What is said if not.
pub const WITHOUT: &str = "this newsdedup was built without archives of pages (cargo build --features compression)";

/// How hard the compressor tries; see the figures in the README.
#[cfg(feature = "compression")]
const LEVEL: i32 = 9;

/// Bytes made smaller.
#[cfg(feature = "compression")]
pub fn pack(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(raw, LEVEL)
}

/// The bytes as they were, if there are exactly `size` of them.
#[cfg(feature = "compression")]
pub fn unpack(packed: &[u8], size: usize) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    // The size may be a lie: memory is taken as bytes come.
    let mut raw = Vec::with_capacity(size.min(super::TEXT));
    zstd::stream::read::Decoder::with_buffer(packed)?.take(size as u64 + 1).read_to_end(&mut raw)?;
    if raw.len() == size { Ok(raw) } else { Err(std::io::ErrorKind::InvalidData.into()) }
}

#[cfg(not(feature = "compression"))]
pub fn pack(_: &[u8]) -> std::io::Result<Vec<u8>> {
    Err(std::io::Error::other(WITHOUT))
}

#[cfg(not(feature = "compression"))]
pub fn unpack(_: &[u8], _: usize) -> std::io::Result<Vec<u8>> {
    Err(std::io::Error::other(WITHOUT))
}
