//! The lines of all pages → which of them are furniture, and where articles start and end.
//!
//! All lines stand in one list, page after page, and every line that occurs again knows where: eight and four
//! bytes a line. Lines that occur once cost nothing more. What is found depends neither on threads nor, as the
//! pages are visited in an order of their own, on where they stand.

use super::evidence::{FLAGS, Hint, LISTED, LONG, PARA};
use super::gathered::{BORDER, Page, Pages};
use crate::roomy::{filled, roomy};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::{Deref, DerefMut, Range};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// How many lines above or below an occurrence are looked at for relatives.
const WINDOW: usize = 6;
/// How many lines may be passed over to fill that window.
const REACH: usize = 24;
/// How many paragraphs below a headline are looked at, within how many lines.
const PARA_WINDOW: usize = 4;
/// See [`PARA_WINDOW`].
const LONG_REACH: usize = 60;
/// How many occurrences of one line are looked at.
const SAMPLE: usize = 64;
/// How many of them are compared with each other.
const COMPARED: usize = 8;
/// How many pages must have a line before it can be furniture.
const FURNITURE_PAGES: usize = 3;
/// Most rounds of mining; each one sees past the furniture of the one before.
const ROUNDS: usize = 4;
/// How many parts the lines are sorted into by their hashes, so that those of one part fit a processor's cache.
const PARTS: usize = 256;
/// Lines whose places are in memory at once, sixteen bytes each, give or take a part.
const AT_ONCE: usize = 1 << 21;
/// How many lines are looked at as one piece of work.
const PIECE: usize = 1 << 14;
/// How many lines have what is found at them written down in small pieces of memory, before these are put together.
const TOGETHER: usize = 1 << 19;

/// What the pages show together about single lines.
pub fn mine(pages: Pages) -> FxHashMap<u64, Hint> {
    let mut corpus = Corpus::new(pages);
    let mut hints: FxHashMap<u64, Hint> = FxHashMap::default();
    let mut open = corpus.candidates();
    for _ in 0..ROUNDS {
        let (found, rest): (Vec<u32>, Vec<u32>) = open.into_par_iter().partition(|&first| corpus.floats(first));
        if found.is_empty() {
            break;
        }
        for first in found {
            hints.entry(corpus.key(first)).or_default().furniture = true;
            corpus.list(first);
        }
        open = rest;
    }
    let bounds = corpus.bounds();
    hints.reserve(bounds.len());
    for (key, start, end) in bounds {
        let hint = hints.entry(key).or_default();
        (hint.start, hint.end) = (start, end);
    }
    hints
}

/// All lines of all pages. A place is an index into them.
struct Corpus {
    /// Hash and flags of every line, with a border before the first page and behind every one.
    lines: Vec<u64>,
    /// Where a line occurs next, with [`AGAIN`] and [`SAME_PAGE`]; 0 if it does not.
    next: Vec<AtomicU32>,
}

/// The line has occurred before.
const AGAIN: u32 = 1 << 31;
/// It has occurred before in the same page.
const SAME_PAGE: u32 = 1 << 30;
/// The rest of an entry: the next place.
const PLACE: u32 = SAME_PAGE - 1;

impl Corpus {
    fn new(Pages { lines, pages }: Pages) -> Corpus {
        let count = lines.len();
        let corpus = Corpus { next: (0..count).map(|_| AtomicU32::new(0)).collect(), lines };
        // So many parts at once that their places take little memory beside the lines.
        let at_once = (PARTS * AT_ONCE / count.max(1)).clamp(1, PARTS);
        for first in (0..PARTS).step_by(at_once) {
            corpus.link(&pages, first..PARTS.min(first + at_once));
        }
        corpus
    }

    /// Links every line of some parts with its next occurrence.
    fn link(&self, pages: &[Page], parts: Range<usize>) {
        let mut next = vec![0; parts.len()];
        let sorted = |code: u64| Some(part(code)).filter(|part| code != BORDER && parts.contains(part));
        let count = |code: &u64| sorted(*code).into_iter().for_each(|part| next[part - parts.start] += 1);
        self.lines.iter().for_each(count);
        let mut count = 0;
        for next in &mut next {
            (count, *next) = (count + *next, count);
        }
        let mut places = filled(Place::default(), count);
        for (page, own) in pages.iter().map(Pages::places).enumerate() {
            for line in own {
                let code = self.lines[line];
                if let Some(part) = sorted(code) {
                    let (key, page, line) = (code & !FLAGS, page as u32, line as u32);
                    let next = &mut next[part - parts.start];
                    places[*next] = Place { key, page, line };
                    *next += 1;
                }
            }
        }
        places.par_chunk_by(|a, b| part(a.key) == part(b.key)).for_each(|places| self.link_part(places));
    }

    /// Links lines that come in order, among them all occurrences of each.
    fn link_part(&self, places: &[Place]) {
        let mut last: FxHashMap<u64, (u32, u32)> = FxHashMap::default();
        last.reserve(places.len());
        for &Place { key, page, line } in places {
            if let Some((before, page_before)) = last.insert(key, (line, page)) {
                let same = if page_before == page { SAME_PAGE } else { 0 };
                self.next[before as usize].fetch_or(line, Relaxed);
                self.next[line as usize].store(AGAIN | same, Relaxed);
            }
        }
    }

    fn key(&self, place: u32) -> u64 {
        self.lines[place as usize] & !FLAGS
    }

    fn entry(&self, place: u32) -> u32 {
        self.next[place as usize].load(Relaxed)
    }

    /// All places of a line, from the first on.
    fn places(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        let next = |&place: &u32| Some(self.entry(place) & PLACE).filter(|&next| next > 0);
        std::iter::successors(Some(first), next)
    }

    /// The first place in every page, of the first few places.
    fn pages(&self, first: u32) -> impl Iterator<Item = u32> + '_ {
        self.places(first).take(SAMPLE).filter(|&place| self.entry(place) & SAME_PAGE == 0)
    }

    /// What `look` makes of the first places of all lines that more than one page has.
    fn of_recurring<T: Send>(&self, look: impl Fn(u32) -> Option<T> + Sync) -> Vec<T> {
        let mut found = roomy(0);
        for start in (0..self.next.len()).step_by(TOGETHER) {
            let entries = &self.next[start..self.next.len().min(start + TOGETHER)];
            let pieces = entries.par_chunks(PIECE).enumerate();
            found.par_extend(pieces.flat_map_iter(|(piece, entries)| {
                let begins = |entry: &AtomicU32| (1..AGAIN).contains(&entry.load(Relaxed));
                let first = entries.iter().enumerate().filter(move |(_, entry)| begins(entry));
                let first = first.map(move |(at, _)| (start + piece * PIECE + at) as u32);
                first.filter(|&first| self.pages(first).nth(1).is_some()).filter_map(&look)
            }));
        }
        found
    }

    /// Lines that enough pages have, and that are not too long for furniture.
    fn candidates(&self) -> Vec<u32> {
        let long = |first: u32| !self.lines[first as usize] & (PARA | LONG) == 0;
        let enough = |first: u32| self.pages(first).nth(FURNITURE_PAGES - 1).is_some();
        self.of_recurring(|first| (!long(first) && enough(first)).then_some(first))
    }

    /// Lists a line as furniture, wherever it stands.
    fn list(&mut self, first: u32) {
        let mut place = first;
        while place > 0 {
            self.lines[place as usize] |= LISTED;
            place = self.entry(place) & PLACE;
        }
    }

    /// Whether a line stands between ever different paragraphs.
    fn floats(&self, first: u32) -> bool {
        let enough = FURNITURE_PAGES.max(self.pages(first).count() / 2);
        let [(above, top), (below, bottom)] = [false, true].map(|below| {
            let places = self.places(first).take(SAMPLE);
            let mut anchors: Few<u64, SAMPLE> = places.map(|place| self.anchor(place, below)).collect();
            anchors.sort_unstable();
            (anchors.chunk_by(|a, b| a == b).count() >= enough, anchors.iter().all(|&anchor| anchor == 0))
        });
        (above || top) && (below || bottom) && !(top && bottom) && (bottom || !self.leads(first))
    }

    /// Whether the paragraphs below a line tend to be the same: a headline among other headlines.
    fn leads(&self, first: u32) -> bool {
        let paras = |place| self.around(place, true, LONG_REACH).filter(|code| code & PARA != 0);
        let below: Few<Few<u64, PARA_WINDOW>, COMPARED> =
            self.pages(first).take(COMPARED).map(|place| paras(place).take(PARA_WINDOW).collect()).collect();
        let unrelated = (0..below.len()).filter(|&i| (0..i).all(|j| !related(&below[i], &below[j], PARA))).count();
        unrelated < FURNITURE_PAGES
    }

    /// The nearest paragraph above or below that is not furniture; 0 at the end of the page.
    fn anchor(&self, place: u32, below: bool) -> u64 {
        let found = self.around(place, below, REACH).find(|code| code & PARA != 0);
        found.map_or(0, |code| code & !FLAGS)
    }

    /// Lines above or below a place, nearest first, furniture left out.
    fn around(&self, place: u32, below: bool, reach: usize) -> impl Iterator<Item = u64> + '_ {
        let place = place as usize;
        let (up, down) = if below { (0, self.lines.len()) } else { (place, 0) };
        let above = self.lines[..up].iter().rev();
        let below = self.lines[..down].get(place + 1..).unwrap_or_default().iter();
        let page = above.chain(below).copied().take_while(|&code| code != BORDER);
        page.take(reach).filter(|code| code & LISTED == 0)
    }

    /// The lines at which articles start or end, and how many pages show each.
    fn bounds(&self) -> Vec<(u64, f32, f32)> {
        self.of_recurring(|first| {
            if self.lines[first as usize] & LISTED != 0 {
                return None;
            }
            let [above, below] = [false, true].map(|below| {
                let window = |place| self.around(place, below, REACH).take(WINDOW).collect();
                self.pages(first).take(COMPARED).map(window).collect::<Few<Window, COMPARED>>()
            });
            let (start, end) = (votes(&above, &below), votes(&below, &above));
            (start > 0.0 || end > 0.0).then_some((self.key(first), start, end))
        })
    }
}

/// A line in its page.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    key: u64,
    page: u32,
    line: u32,
}

/// Lines near a place.
type Window = Few<u64, WINDOW>;

/// A few values, without memory of their own: those beyond the first `N` are dropped.
#[derive(Debug, Clone, Copy)]
struct Few<T, const N: usize> {
    values: [T; N],
    len: usize,
}

impl<T: Copy + Default, const N: usize> Default for Few<T, N> {
    fn default() -> Few<T, N> {
        Few { values: [T::default(); N], len: 0 }
    }
}

impl<T: Copy + Default, const N: usize> FromIterator<T> for Few<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Few<T, N> {
        let mut few = Few::default();
        for (slot, value) in few.values.iter_mut().zip(values) {
            *slot = value;
            few.len += 1;
        }
        few
    }
}

impl<T, const N: usize> Deref for Few<T, N> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.values[..self.len]
    }
}

impl<T, const N: usize> DerefMut for Few<T, N> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.values[..self.len]
    }
}

/// Which part a line is sorted into: a hash of its own, as the lowest bits are flags.
fn part(code: u64) -> usize {
    (code >> 56) as usize % PARTS
}

/// Into how many groups of related occurrences one side falls that are related on the other side, less one.
fn votes(side: &[Window], other: &[Window]) -> f32 {
    let mut group: Few<usize, COMPARED> = (0..side.len()).collect();
    for i in 0..side.len() {
        for j in 0..i {
            if group[i] != group[j] && related(&side[i], &side[j], 0) {
                let (from, to) = (group[i], group[j]);
                group.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
    }
    let mut shared = [false; COMPARED];
    for i in 0..side.len() {
        for j in 0..i {
            if group[i] != group[j] && !other[i].is_empty() && related(&other[i], &other[j], PARA) {
                (shared[group[i]], shared[group[j]]) = (true, true);
            }
        }
    }
    shared.iter().filter(|&&shared| shared).count().saturating_sub(1) as f32
}

/// Whether two windows share a line that has the flag; two empty ones do.
fn related(a: &[u64], b: &[u64], flag: u64) -> bool {
    let shared = |line: &u64| line & flag == flag && b.iter().any(|other| other & !FLAGS == line & !FLAGS);
    (a.is_empty() && b.is_empty()) || a.iter().any(shared)
}
