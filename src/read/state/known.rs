//! Which sources a state has, and where.

use super::item::{End, Item, Part};
use super::stamp::Stamp;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// The frames of sources, and where each source stands in them: about the length of its name and 40 bytes a page.
#[derive(Debug, Default)]
pub struct Known {
    lists: Vec<List>,
    /// Sorted by the hash of the name, then as they stand in the file.
    places: Vec<Place>,
}

/// A frame of sources.
#[derive(Debug)]
pub struct List {
    pub bytes: Vec<u8>,
    /// Where the frame of what is kept begins.
    pub kept: u64,
    /// How much that keeps, in bytes.
    pub size: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    hash: u64,
    list: u32,
    at: u32,
}

/// A source as it was when it was read.
#[derive(Debug)]
pub struct Found {
    pub end: End,
    /// Its pages, each with the frame of what is kept of it.
    pub pages: Vec<(u64, Item)>,
    /// How much all of it takes before it is compressed, in bytes.
    pub size: u64,
}

impl Known {
    /// Takes in the frames of a file, in order; `None` if one of them is not as it was written.
    pub fn new(lists: Vec<List>) -> Option<Known> {
        let mut places = Vec::new();
        for (list, List { bytes, size, .. }) in lists.iter().enumerate() {
            let mut at = 0;
            while at < bytes.len() {
                let start = at as u32;
                let part = Part::read(bytes, &mut at, *size)?;
                places.push(Place { hash: hash(&part.source), list: list as u32, at: start });
            }
        }
        places.sort_unstable();
        Some(Known { lists, places })
    }

    /// What a source came to when it was read last; `None` if it is not known, or has another stamp now.
    pub fn find(&self, source: &[u8], stamp: Option<Stamp>) -> Option<Found> {
        let hash = hash(source);
        let first = self.places.partition_point(|place| place.hash < hash);
        let mut open: Vec<(u64, Item)> = Vec::new();
        let (mut found, mut length) = (None, 0);
        for place in self.places[first..].iter().take_while(|place| place.hash == hash) {
            let List { bytes, kept, size } = &self.lists[place.list as usize];
            let mut at = place.at as usize;
            let Some(part) = Part::read(bytes, &mut at, *size).filter(|part| part.source == source) else { continue };
            if part.is_first {
                open.clear();
                length = 0;
            }
            length += at - place.at as usize;
            open.extend(part.pages.into_iter().map(|page| (*kept, page)));
            if let Some(end) = part.end.filter(|end| end.pages == open.len() as u64) {
                let pages = std::mem::take(&mut open);
                let kept: usize = pages.iter().map(|(_, page)| page.bytes()).sum();
                found = Some(Found { end, pages, size: (length + kept) as u64 });
            }
        }
        found.filter(|found| stamp.is_none_or(|stamp| stamp == found.end.stamp))
    }
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name);
    hasher.finish()
}
