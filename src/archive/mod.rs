//! The archive of an output folder: every byte of every page that was read, once, and compressed.
//!
//! ```text
//! pages ──► pieces ──────────► frames ──► file
//!           new text, copies   checked, compressed
//! ```
//!
//! * **Unique text.** What is new in a page is appended to one long text. A block that equals or resembles one before
//!   is stored as copies of that one ([`bases`], [`delta`]), so that a page is a list of places in the unique text.
//!   These places are final: no copy leads to another copy.
//! * **Frames.** The unique text is cut into frames of at most [`TEXT`] bytes, the list of the pages into frames of
//!   about [`PAGES`] bytes that stand between them. Each frame is compressed by itself and has a checksum, so that damage costs only the pages
//!   that have something in the damaged frame.
//! * **Index.** The file ends with the names of all pages once more and the places of all frames. If these are lost,
//!   the frames are found one after the other ([`crate::frame`]).
//!
//! Every page comes with its size and its SHA-256: it is given back as it was, or not at all. The same pages and
//! options give the same archive, for any number of threads and any memory.

mod bases;
mod delta;
pub mod entry;
mod index;
mod read;
mod unique;
mod write;

pub use crate::frame::AVAILABLE;
pub use entry::{Entry, Piece};
pub use read::{Archive, Damage, Lost, Pages};
pub use write::write;

/// What is said by a program that has no archives.
pub const WITHOUT: &str = "this newsdedup was built without archives of pages (cargo build --features compression)";
/// The name of the archive inside the output folder.
pub const NAME: &str = "archive.newsdedup";
/// What an archive begins with; the number is the version of its form.
pub const HEAD: &[u8] = b"newsdedup archive 1\n";
/// The beginning that archives of all versions have in common.
const ANY_HEAD: &[u8] = b"newsdedup archive ";

/// The most unique text in a frame, in bytes.
const TEXT: usize = 1 << 20;
/// How much of the list of pages is in a frame, in bytes; one page may take more by itself.
const PAGES: usize = 1 << 16;

/// Whether a file begins as an archive does, of this version or another.
pub fn is_archive(path: &std::path::Path) -> bool {
    let mut head = [0; ANY_HEAD.len()];
    let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut head));
    read.is_ok() && head == ANY_HEAD
}
