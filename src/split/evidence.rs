//! What the corpus shows about a line: that it is furniture, that an article starts or ends there.
//!
//! A line that recurs between unrelated lines is furniture. A line that has unrelated lines above it in
//! different pages, but the same below, starts an article; the other way round it ends one. An edited copy,
//! where one paragraph was dropped, has related lines a little further off.
//!
//! Nothing here depends on the order of the pages: they are sorted by their own content first.

use super::gathered::Gathered;
use super::lines::{Line, Lines};
use super::mine;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// A paragraph of at least twelve words.
pub(super) const PARA: u64 = 1;
/// Furniture by the word lists.
pub(super) const LISTED: u64 = 2;
/// A paragraph too long to be furniture.
pub(super) const LONG: u64 = 4;
/// All of these.
pub(super) const FLAGS: u64 = 7;

/// What one page can tell about the others: made by [`super::observe`], joined in [`Gathered`].
/// Eight bytes a line.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct PageEvidence {
    pub(super) hash: u64,
    /// The mined hash of every line, its lowest bits replaced by flags.
    pub(super) lines: Box<[u64]>,
}

impl PageEvidence {
    pub(super) fn of(lines: &Lines) -> PageEvidence {
        let mut codes = Vec::with_capacity(lines.lines.len());
        codes.extend(lines.lines.iter().filter(|line| line.letters > 0).map(code));
        PageEvidence::of_codes(codes.into_boxed_slice())
    }

    fn of_codes(lines: Box<[u64]>) -> PageEvidence {
        let mut hasher = FxHasher::default();
        lines.iter().for_each(|&line| hasher.write_u64(line));
        PageEvidence { hash: hasher.finish(), lines }
    }
}

/// In bytes, for evidence that is gathered elsewhere.
impl PageEvidence {
    /// The bytes.
    pub fn write(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| line.to_le_bytes()).collect()
    }

    /// What [`PageEvidence::write`] made bytes of.
    pub fn read(bytes: &[u8]) -> PageEvidence {
        PageEvidence::of_codes(bytes.as_chunks().0.iter().map(|&line| u64::from_le_bytes(line)).collect())
    }

    /// By what pages are sorted: of a large corpus, those with the lowest are learned from.
    pub fn hash(&self) -> u64 {
        self.hash
    }
}

fn code(line: &Line) -> u64 {
    let para = if line.para && !line.doubled { PARA } else { 0 };
    let long = if line.units >= 40 { LONG } else { 0 };
    let listed = if line.class.is_furniture() || line.class.is_meta() { LISTED } else { 0 };
    (line.mined & !FLAGS) | para | long | listed
}

/// Bytes that say what is known of one line.
const HINT: usize = 17;

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
        let gathered = Gathered::default();
        pages.into_iter().for_each(|page| gathered.add(&page));
        Evidence::of(gathered)
    }

    /// What all pages together show.
    pub fn of(pages: Gathered) -> Evidence {
        Evidence { hints: mine::mine(pages.into_sorted()) }
    }

    /// All of it in bytes, the same for the same evidence: [`HINT`] for each line of which something is known.
    pub fn write(&self) -> Vec<u8> {
        let mut hints: Vec<(&u64, &Hint)> = self.hints.iter().collect();
        hints.sort_unstable_by_key(|(key, _)| **key);
        let mut bytes = Vec::with_capacity(HINT * hints.len());
        for (key, hint) in hints {
            bytes.extend(key.to_le_bytes());
            bytes.push(u8::from(hint.furniture));
            bytes.extend(hint.start.to_le_bytes());
            bytes.extend(hint.end.to_le_bytes());
        }
        bytes
    }

    /// What [`Evidence::write`] made bytes of.
    pub fn read(bytes: &[u8]) -> Evidence {
        let hint = |bytes: &[u8; HINT]| {
            let [key @ .., furniture, s0, s1, s2, s3, e0, e1, e2, e3] = *bytes;
            let (start, end) = (f32::from_le_bytes([s0, s1, s2, s3]), f32::from_le_bytes([e0, e1, e2, e3]));
            (u64::from_le_bytes(key), Hint { furniture: furniture > 0, start, end })
        };
        Evidence { hints: bytes.as_chunks().0.iter().map(hint).collect() }
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
