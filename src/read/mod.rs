//! Sources → pages: bytes as stored, and the text that they stand for.
//!
//! * A source is a page, or a container that holds pages: compressed, an archive, a table, lines of JSON
//!   ([`shape`] tells them apart, [`containers`] opens them).
//! * A page's text is the stored bytes themselves when they are UTF-8; a byte order mark is part of it.
//!   Other encodings are decoded, and every text offset can be taken back to a stored one ([`text`]).
//! * A file that is plainly no text, or too large, or unreadable is left out with a reason.
//! * The corpus is read as often as a stage asks, yet every stage sees the same bytes ([`library`]).

mod buffer;
mod containers;
mod detect;
mod file;
pub mod given;
mod guard;
pub mod html;
mod library;
mod load;
mod magic;
mod original;
mod page;
mod places;
pub mod record;
mod shape;
mod shown;
pub(crate) mod spool;
mod state;
mod take;
mod text;

pub use containers::{Members, Options as Containers};
pub use file::Opened;
pub use guard::quiet_caught_panics;
pub use library::Library;
pub use original::{Original, Written};
pub use page::{Page, Part};
pub use places::Places;
pub use shape::Format;
pub use state::State;

use encoding_rs::Encoding;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The largest page that is read by default, in bytes.
pub const MAX_PAGE_SIZE: u64 = 1 << 30;

/// How bytes become text.
#[derive(Debug, Clone)]
pub struct Options {
    /// The encoding of every page that has no byte order mark; `None` to find out page by page.
    pub encoding: Option<&'static Encoding>,
    /// Larger pages are skipped. Bytes.
    pub max_page_size: u64,
    /// How containers are opened.
    pub containers: Containers,
    /// Whether lines of JSON are kept as they are, to be written out again.
    pub keep_records: bool,
    /// Whether every page can be had as it is stored ([`Library::original`]).
    pub keep_originals: bool,
    /// Bytes of memory for pages: what has to be remembered of each, and texts in the [`Room`] that is left.
    /// Texts that find none are read again in each pass.
    pub memory: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            encoding: None,
            max_page_size: MAX_PAGE_SIZE,
            containers: Containers::default(),
            keep_records: false,
            keep_originals: false,
            memory: default_memory(),
        }
    }
}

/// What is remembered of a page and its blocks as long as the run goes on, in bytes. Measured on 61,451
/// pages of 4 KiB with 1.6 blocks each.
const REMEMBERED: u64 = 600;

/// Memory that is left for what makes the later passes over the pages faster. Whoever finds none does without.
/// What was found out of a page comes before its text: it takes less memory, and to find it out again takes longer
/// than to read the page.
#[derive(Debug)]
pub struct Room {
    left: AtomicU64,
    pages: AtomicU64,
    /// How many pages were found out about, and the bytes that this took.
    seen: AtomicU64,
    found: AtomicU64,
}

impl Room {
    /// What `memory` leaves beside what has to be remembered of so many pages.
    pub fn beside(pages: usize, memory: u64) -> Room {
        let pages = pages as u64;
        let left = AtomicU64::new(memory.saturating_sub(REMEMBERED * pages));
        Room { left, pages: AtomicU64::new(pages), seen: AtomicU64::new(0), found: AtomicU64::new(0) }
    }

    /// One page more has to be remembered.
    pub fn another(&self) {
        self.pages.fetch_add(1, Relaxed);
        let _ = self.left.fetch_update(Relaxed, Relaxed, |left| Some(left.saturating_sub(REMEMBERED)));
    }

    /// Takes so many bytes for what was found out of a page, if they are left.
    pub fn take(&self, bytes: u64) -> bool {
        self.seen.fetch_add(1, Relaxed);
        self.found.fetch_add(bytes, Relaxed);
        self.take_but(bytes, 0)
    }

    /// Takes so many bytes for the text of a page, if more are left than are likely to be taken by [`Room::take`].
    pub fn take_for_text(&self, bytes: u64) -> bool {
        let seen = self.seen.load(Relaxed);
        let each = self.found.load(Relaxed).checked_div(seen).unwrap_or(0);
        self.take_but(bytes, each.saturating_mul(self.pages.load(Relaxed).saturating_sub(seen)))
    }

    fn take_but(&self, bytes: u64, kept: u64) -> bool {
        let take = |left: u64| left.checked_sub(bytes).filter(|&rest| rest >= kept);
        self.left.fetch_update(Relaxed, Relaxed, take).is_ok()
    }
}

/// A quarter of the machine's memory, yet no more than 192 MiB: the system keeps recently read files
/// in its own cache, and a second copy of them saves little.
fn default_memory() -> u64 {
    static QUARTER: LazyLock<u64> = LazyLock::new(|| {
        std::fs::read_to_string("/proc/meminfo")
            .ok()
            .and_then(|text| text.lines().next()?.split_whitespace().nth(1)?.parse::<u64>().ok())
            .map_or(1 << 30, |kib| kib * 1024 / 4)
    });
    (*QUARTER).min(192 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_leave_room_for_what_will_be_found_out_of_other_pages() {
        let room = Room::beside(4, 4 * REMEMBERED + 1000);
        assert!(room.take(200));
        assert!(!room.take_for_text(300));
        assert!(room.take_for_text(200));
        assert!((0..3).all(|_| room.take(200)));
        assert!(!room.take(1));
    }
}
