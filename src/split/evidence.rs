//! What the corpus shows about a line: that it is furniture, that an article starts or ends there.
//!
//! A line that recurs between unrelated lines is furniture. A line that has unrelated lines above it in
//! different pages, but the same below, starts an article; the other way round it ends one. An edited copy,
//! where one paragraph was dropped, has related lines a little further off.
//!
//! Nothing here depends on the order of the pages: they are sorted by their own content first.

use super::lines::{Line, Lines};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// How many lines are learned from, at eight bytes each; of a larger corpus, a sample of its pages.
const BUDGET: usize = 1 << 26;
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

/// A paragraph of at least twelve words.
const PARA: u64 = 1;
/// Furniture by the word lists.
const LISTED: u64 = 2;
/// A paragraph too long to be furniture.
const LONG: u64 = 4;
const FLAGS: u64 = 7;

/// What one page can tell about the others: made by [`super::observe`], joined by [`Evidence::learn`].
/// Eight bytes a line.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageEvidence {
    hash: u64,
    /// The mined hash of every line, its lowest bits replaced by flags.
    lines: Box<[u64]>,
}

impl PageEvidence {
    pub(super) fn of(lines: &Lines) -> PageEvidence {
        let lines: Box<[u64]> = lines.lines.iter().filter(|line| line.letters > 0).map(code).collect();
        let mut hasher = FxHasher::default();
        lines.iter().for_each(|&line| hasher.write_u64(line));
        PageEvidence { hash: hasher.finish(), lines }
    }
}

fn code(line: &Line) -> u64 {
    let para = if line.para && !line.doubled { PARA } else { 0 };
    let long = if line.units >= 40 { LONG } else { 0 };
    let listed = if line.class.is_furniture() || line.class.is_meta() { LISTED } else { 0 };
    (line.mined & !FLAGS) | para | long | listed
}

/// What the corpus as a whole shows.
#[derive(Debug, Default)]
pub struct Evidence {
    hints: FxHashMap<u64, Hint>,
}

/// What the corpus shows about one line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint {
    /// Recurs between unrelated lines: furniture.
    pub furniture: bool,
    /// How many pages show that an article starts here.
    pub start: f32,
    /// How many pages show that an article ends here.
    pub end: f32,
}

impl Evidence {
    /// Joins what all pages show. The order of the pages does not matter.
    pub fn learn(pages: impl IntoIterator<Item = PageEvidence>) -> Evidence {
        let mut corpus = Corpus::new(sample(pages));
        for _ in 0..ROUNDS {
            if !corpus.mine_furniture() {
                break;
            }
        }
        corpus.mine_bounds();
        Evidence { hints: corpus.hints }
    }

    /// What is known of each of these lines.
    pub(super) fn hints(&self, lines: &[Line]) -> Vec<Hint> {
        let mut hints: Vec<Hint> =
            lines.iter().map(|line| self.hints.get(&(line.mined & !FLAGS)).copied().unwrap_or_default()).collect();
        self.start_behind_ends(lines, &mut hints);
        hints
    }

    /// Where one article ends the next one may start, behind the furniture.
    fn start_behind_ends(&self, lines: &[Line], hints: &mut [Hint]) {
        let mut ended = 0.0f32;
        for (line, hint) in lines.iter().zip(hints) {
            hint.furniture &= !line.number;
            if hint.furniture || line.class.is_furniture() {
                continue;
            }
            hint.start += ended;
            ended = (hint.end * 0.5).min(0.75);
        }
    }
}

/// All pages in the order of their hashes, or so many of the first as the budget allows.
fn sample(pages: impl IntoIterator<Item = PageEvidence>) -> Vec<PageEvidence> {
    let (mut kept, mut lines) = (Vec::new(), 0);
    for page in pages {
        lines += page.lines.len();
        kept.push(page);
        if lines > 2 * BUDGET {
            lines = cut_to_budget(&mut kept);
        }
    }
    cut_to_budget(&mut kept);
    kept
}

/// Keeps the pages with the smallest hashes, which are the same ones whatever the order; their lines.
fn cut_to_budget(pages: &mut Vec<PageEvidence>) -> usize {
    pages.sort_unstable();
    let mut lines = 0;
    let within = pages.iter().take_while(|page| {
        lines += page.lines.len();
        lines <= BUDGET
    });
    let count = within.count();
    pages.truncate(count);
    pages.iter().map(|page| page.lines.len()).sum()
}

/// Where a line stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    page: u32,
    line: u32,
}

struct Corpus {
    pages: Vec<PageEvidence>,
    /// Where the lines stand that more than one page has, at most [`SAMPLE`] places each.
    places: FxHashMap<u64, Vec<Place>>,
    hints: FxHashMap<u64, Hint>,
}

impl Corpus {
    fn new(pages: Vec<PageEvidence>) -> Corpus {
        let mut keys: Vec<u64> = Vec::new();
        let mut in_page = Vec::new();
        for page in &pages {
            in_page.clear();
            in_page.extend(page.lines.iter().map(|line| line & !FLAGS));
            in_page.sort_unstable();
            in_page.dedup();
            keys.extend_from_slice(&in_page);
        }
        keys.sort_unstable();
        let mut places: FxHashMap<u64, Vec<Place>> = FxHashMap::default();
        for same in keys.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
            places.insert(same[0], Vec::with_capacity(same.len().min(SAMPLE)));
        }
        for (number, page) in pages.iter().enumerate() {
            for (line, code) in page.lines.iter().enumerate() {
                if let Some(places) = places.get_mut(&(code & !FLAGS)).filter(|places| places.len() < SAMPLE) {
                    places.push(Place { page: number as u32, line: line as u32 });
                }
            }
        }
        Corpus { pages, places, hints: FxHashMap::default() }
    }

    fn is_furniture(&self, code: u64) -> bool {
        code & LISTED != 0 || self.hints.get(&(code & !FLAGS)).is_some_and(|hint| hint.furniture)
    }

    /// Finds furniture; whether there was any that was not known.
    fn mine_furniture(&mut self) -> bool {
        let unknown = self.places.iter().filter(|(key, _)| !self.hints.contains_key(key));
        let found: Vec<u64> = unknown.filter(|(_, places)| self.floats(places)).map(|(&key, _)| key).collect();
        for &key in &found {
            self.hints.entry(key).or_default().furniture = true;
        }
        !found.is_empty()
    }

    /// Whether a line stands between ever different paragraphs.
    fn floats(&self, places: &[Place]) -> bool {
        let mut pages: Vec<u32> = places.iter().map(|place| place.page).collect();
        pages.dedup();
        let code = self.code(places[0]);
        if pages.len() < FURNITURE_PAGES || (code & PARA != 0 && code & LONG != 0) {
            return false;
        }
        let mut above: Vec<u64> = places.iter().map(|&place| self.anchor(place, false)).collect();
        let mut below: Vec<u64> = places.iter().map(|&place| self.anchor(place, true)).collect();
        let enough = FURNITURE_PAGES.max(pages.len() / 2);
        let [(above, top), (below, bottom)] = [&mut above, &mut below].map(|anchors| {
            anchors.sort_unstable();
            anchors.dedup();
            (anchors.len() >= enough, anchors[..] == [0])
        });
        (above || top) && (below || bottom) && !(top && bottom) && (bottom || !self.leads(places))
    }

    /// Whether the paragraphs below a line tend to be the same: a headline among other headlines.
    fn leads(&self, places: &[Place]) -> bool {
        let below = self.windows(places, |place| {
            self.around(place, true, LONG_REACH).filter(|code| code & PARA != 0).take(PARA_WINDOW).collect()
        });
        let unrelated = (0..below.len()).filter(|&i| (0..i).all(|j| !related(&below[i], &below[j], PARA))).count();
        unrelated < FURNITURE_PAGES
    }

    fn code(&self, place: Place) -> u64 {
        self.pages[place.page as usize].lines[place.line as usize]
    }

    /// The nearest paragraph above or below that is not furniture; 0 at the end of the page.
    fn anchor(&self, place: Place, below: bool) -> u64 {
        let found = self.around(place, below, REACH).find(|code| code & PARA != 0);
        found.map_or(0, |code| code & !FLAGS)
    }

    /// Lines above or below a place, nearest first, furniture left out.
    fn around(&self, place: Place, below: bool, reach: usize) -> impl Iterator<Item = u64> + '_ {
        let lines = &self.pages[place.page as usize].lines;
        let at = place.line as usize;
        let (up, down) = if below { (&lines[..0], &lines[at + 1..]) } else { (&lines[..at], &lines[..0]) };
        up.iter().rev().chain(down).copied().take(reach).filter(|&code| !self.is_furniture(code))
    }

    fn mine_bounds(&mut self) {
        let bounds: Vec<(u64, f32, f32)> = self
            .places
            .iter()
            .filter(|(_, places)| !self.is_furniture(self.code(places[0])))
            .map(|(&key, places)| {
                let above = self.windows(places, |place| self.around(place, false, REACH).take(WINDOW).collect());
                let below = self.windows(places, |place| self.around(place, true, REACH).take(WINDOW).collect());
                (key, votes(&above, &below), votes(&below, &above))
            })
            .filter(|&(_, start, end)| start > 0.0 || end > 0.0)
            .collect();
        for (key, start, end) in bounds {
            let hint = self.hints.entry(key).or_default();
            (hint.start, hint.end) = (start, end);
        }
    }

    /// One window for each page, of the first few.
    fn windows(&self, places: &[Place], window: impl Fn(Place) -> Vec<u64>) -> Vec<Vec<u64>> {
        let mut last = None;
        let first_in_page = places.iter().filter(|place| last.replace(place.page) != Some(place.page));
        first_in_page.take(COMPARED).map(|&place| window(place)).collect()
    }
}

/// Into how many groups of related occurrences one side falls that are related on the other side, less one.
fn votes(side: &[Vec<u64>], other: &[Vec<u64>]) -> f32 {
    let mut group: Vec<usize> = (0..side.len()).collect();
    for i in 0..side.len() {
        for j in 0..i {
            if group[i] != group[j] && related(&side[i], &side[j], 0) {
                let (from, to) = (group[i], group[j]);
                group.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
            }
        }
    }
    let mut shared: Vec<usize> = Vec::new();
    for i in 0..side.len() {
        for j in 0..i {
            if group[i] != group[j] && !other[i].is_empty() && related(&other[i], &other[j], PARA) {
                shared.extend([group[i], group[j]]);
            }
        }
    }
    shared.sort_unstable();
    shared.dedup();
    shared.len().saturating_sub(1) as f32
}

/// Whether two windows share a line that has the flag; two empty ones do.
fn related(a: &[u64], b: &[u64], flag: u64) -> bool {
    let shared = |line: &u64| line & flag == flag && b.iter().any(|other| other & !FLAGS == line & !FLAGS);
    (a.is_empty() && b.is_empty()) || a.iter().any(shared)
}
