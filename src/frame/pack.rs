//! Compression of frames: Zstandard, if it was built in.

/// Whether frames can be written and read.
pub const AVAILABLE: bool = cfg!(feature = "compression");
/// What is said if not.
#[cfg(not(feature = "compression"))]
const WITHOUT: &str = "this newsdedup was built without compression (cargo build --features compression)";
/// Memory that is taken at once for what comes out, in bytes.
#[cfg(feature = "compression")]
const FIRST: usize = 1 << 20;

#[cfg(feature = "compression")]
thread_local! {
    /// Its memory is used again for the next frame, like that of the other.
    static PACKER: std::cell::RefCell<Option<zstd::bulk::Compressor<'static>>> = const { std::cell::RefCell::new(None) };
    static UNPACKER: std::cell::RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { std::cell::RefCell::new(None) };
}

/// How hard the compressor tries; see the figures in the README.
#[derive(Debug, Clone, Copy)]
pub enum Effort {
    /// For what is kept for long.
    High,
    /// For what is written while the user waits.
    Low,
}

/// Bytes made smaller.
#[cfg(feature = "compression")]
pub fn pack(raw: &[u8], effort: Effort) -> std::io::Result<Vec<u8>> {
    let level = match effort {
        Effort::High => 9,
        Effort::Low => 1,
    };
    PACKER.with_borrow_mut(|packer| match packer {
        Some(packer) => {
            packer.set_compression_level(level)?;
            packer.compress(raw)
        }
        none => none.insert(zstd::bulk::Compressor::new(level)?).compress(raw),
    })
}

/// The bytes as they were, if there are exactly `size` of them.
#[cfg(feature = "compression")]
pub fn unpack(packed: &[u8], size: usize) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let raw = if size <= FIRST {
        UNPACKER.with_borrow_mut(|unpacker| match unpacker {
            Some(unpacker) => unpacker.decompress(packed, size),
            none => none.insert(zstd::bulk::Decompressor::new()?).decompress(packed, size),
        })?
    } else {
        // The size may be a lie: memory is taken as bytes come.
        let mut raw = Vec::with_capacity(FIRST);
        zstd::stream::read::Decoder::with_buffer(packed)?.take(size as u64 + 1).read_to_end(&mut raw)?;
        raw
    };
    if raw.len() == size { Ok(raw) } else { Err(std::io::ErrorKind::InvalidData.into()) }
}

#[cfg(not(feature = "compression"))]
pub fn pack(_: &[u8], _: Effort) -> std::io::Result<Vec<u8>> {
    Err(std::io::Error::other(WITHOUT))
}

#[cfg(not(feature = "compression"))]
pub fn unpack(_: &[u8], _: usize) -> std::io::Result<Vec<u8>> {
    Err(std::io::Error::other(WITHOUT))
}
