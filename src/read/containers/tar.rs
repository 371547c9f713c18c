//! Tar archives: every file in it is a page or a container of its own.

use super::{Content, Found, Opened, Opener, Place, Stop};
use rustc_hash::FxHashSet;
use std::io::Read;

impl Opener<'_> {
    pub(super) fn tar(&mut self, place: &Place, input: impl Read) -> Opened {
        let mut archive = tar::Archive::new(input);
        // Archives may stand one after the other.
        archive.set_ignore_zeros(true);
        let mut seen = FxHashSet::default();
        for (at, entry) in archive.entries()?.enumerate() {
            let entry = entry?;
            let path = entry.path_bytes().into_owned();
            let kind = entry.header().entry_type();
            if kind.is_dir() {
                continue;
            }
            let member = place.member(&path, at as u64 + 1, !seen.insert(path.clone()));
            let is_file = kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse();
            if !is_file || !self.options.members.holds(&path) {
                self.give(Found { content: Content::Other, ..member.found() })?;
            } else if !self.stream(&member, Box::new(entry), None) {
                return Err(Stop::Unwanted);
            }
        }
        Ok(())
    }
}
