//! Which shingles stand for a text.
//!
//! A shingle is a run of [`SHINGLE`] symbols of the normalised body. Those whose hash falls below a
//! fixed fraction of the hash range are kept (FracMinHash: Irber et al., "Lightweight compositional
//! analysis of metagenomes with FracMinHash and minimum metagenome covers", 2022), so that two texts
//! keep the same ones of the shingles they share, whatever else they hold. A text too short for that
//! keeps its lowest hashes until it has [`LEAST`].

use super::symbols::symbols;

/// Symbols in a shingle. At 8 symbols most shared shingles are idioms; at 16 too few survive where
/// every tenth character is a scan error. At 12 no pair of damaged copies was lost in 5,000 wire texts.
pub const SHINGLE: usize = 12;
/// One shingle in this many is a landmark.
const MARKED: u64 = 16;
/// One shingle in this many is in a sketch.
const SAMPLED: u64 = 64;
/// A sketch holds at least this many shingles, if the text has them. Of the pairs at or above the threshold,
/// .995 are found with 128 shingles in wire copy, and .989 with 64.
pub const LEAST: usize = 128;
/// The same in a large corpus, to save memory.
pub const LEAST_OF_MANY: usize = 64;
/// The same in a very large one. With 32 shingles, the adjusted Rand index of the labelled sets is as with 64, and .014
/// lower where every tenth character is wrong; in two gigabytes of invented news .993 of the copies with a similarity
/// of .8 or more are found (.999), and fewer passages are taken for copies.
pub const LEAST_OF_MOST: usize = 32;

/// The highest hash of a landmark.
const MARK: u64 = u64::MAX / MARKED;
/// The highest hash that is in a sketch whatever else the text holds.
const SAMPLE: u64 = u64::MAX / SAMPLED;

/// Makes sketches; its scratch space is kept from text to text.
#[derive(Debug, Default)]
pub struct Sketcher {
    hashes: Vec<u64>,
    lowest: Vec<u32>,
}

impl Sketcher {
    /// The sketch of a normalised body, of at least so many shingles if it has them, and if it is to be `marked`,
    /// its landmarks in ascending order, without repeats.
    pub fn sketch(&mut self, normalised: &str, least: usize, marked: bool) -> (&[u32], &[u32]) {
        let symbols = symbols(normalised);
        // A bound under which half as many shingles again lie as are needed: few have to be sorted.
        let likely = u64::MAX / (2 * symbols.len() / (3 * least)).max(1) as u64;
        let mut bound = likely.max(if marked { MARK } else { SAMPLE });
        self.find(&symbols, bound);
        while self.lowest.len() < least && bound < u64::MAX {
            bound = bound.saturating_mul(4);
            self.find(&symbols, bound);
        }
        let marks = if marked { up_to(&self.lowest, abridged(MARK)) } else { &[] };
        let count = up_to(&self.lowest, abridged(SAMPLE)).len().max(least.min(self.lowest.len()));
        (&self.lowest[..count], marks)
    }

    /// Finds the hashes up to a bound: in ascending order, without repeats.
    fn find(&mut self, symbols: &[u8], bound: u64) {
        self.hashes.clear();
        hashes_up_to(symbols, bound, &mut self.hashes);
        sort(&self.hashes, bound, &mut self.lowest);
        self.lowest.dedup();
    }
}

/// Shingles that are hashed in one go.
const LOT: usize = 128;

/// Appends the hashes up to a bound. Every hash is written; one that lies above is written over, which is faster
/// than to ask at each.
fn hashes_up_to(symbols: &[u8], bound: u64, out: &mut Vec<u64>) {
    let mut low = [0; LOT];
    for start in (0..symbols.len().saturating_sub(SHINGLE - 1)).step_by(LOT) {
        let mut kept = 0;
        each_shingle(&symbols[start..symbols.len().min(start + LOT + SHINGLE - 1)], |_, hash| {
            low[kept % LOT] = hash;
            kept += usize::from(hash <= bound);
        });
        out.extend_from_slice(&low[..kept]);
    }
}

/// Parts of the range of hashes. With about one hash in each, sorting takes about as long as reading them.
const BUCKETS: usize = 256;
/// Hashes in one bucket from which on it takes too long to put each in its place.
const CROWDED: u32 = 16;

/// Abridges hashes up to a bound and puts them in ascending order: by buckets, then by insertion.
fn sort(hashes: &[u64], bound: u64, out: &mut Vec<u32>) {
    let scale = ((BUCKETS as u64) << 32) / ((bound >> 32) + 1);
    let bucket = |hash: u64| (((hash >> 32) * scale) >> 32) as usize % BUCKETS;
    let mut ends = [0u32; BUCKETS];
    hashes.iter().for_each(|&hash| ends[bucket(hash)] += 1);
    out.clear();
    if ends.iter().any(|&count| count > CROWDED) {
        out.extend(hashes.iter().map(|&hash| abridged(hash)));
        return out.sort_unstable();
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    out.resize(hashes.len(), 0);
    for &hash in hashes {
        let end = &mut ends[bucket(hash)];
        *end -= 1;
        out[*end as usize] = abridged(hash);
    }
    insertion_sort(out);
}

/// Sorts numbers that are nearly in order.
fn insertion_sort(numbers: &mut [u32]) {
    for at in 1..numbers.len() {
        let number = numbers[at];
        let mut to = at;
        while to > 0 && numbers[to - 1] > number {
            numbers[to] = numbers[to - 1];
            to -= 1;
        }
        numbers[to] = number;
    }
}

/// The lowest hashes of a text that is too large to remember all of it.
pub struct Lowest {
    bound: u64,
    most: usize,
    found: Vec<u32>,
    /// With so many found, those are dropped that are not needed.
    full: usize,
}

impl Lowest {
    /// Hashes that are in a sketch whatever else the text holds.
    pub fn sampled() -> Lowest {
        Lowest { bound: SAMPLE, most: usize::MAX, found: Vec::new(), full: 1 << 20 }
    }

    /// Landmarks.
    pub fn marked() -> Lowest {
        Lowest { bound: MARK, ..Lowest::sampled() }
    }

    /// The lowest hashes of a text with few different ones: so many.
    pub fn few(count: usize) -> Lowest {
        Lowest { bound: u64::MAX, most: count, ..Lowest::sampled() }
    }

    /// Takes a hash in, if it is among those wanted.
    pub fn add(&mut self, hash: u64) {
        if hash <= self.bound {
            self.found.push(abridged(hash));
            if self.found.len() >= self.full {
                self.compact();
                self.full = self.full.max(2 * self.found.len());
            }
        }
    }

    fn compact(&mut self) {
        self.found.sort_unstable();
        self.found.dedup();
        self.found.truncate(self.most);
    }

    /// The hashes, in ascending order, without repeats.
    pub fn into_sorted(mut self) -> Box<[u32]> {
        self.compact();
        self.found.into_boxed_slice()
    }
}

/// A hash in 32 bits, in the same order: the number of leading zeros, up to 15, and the 28 bits after the
/// first one. Low hashes, which are the ones that are kept, lose less than by cutting off.
fn abridged(hash: u64) -> u32 {
    let zeros = hash.leading_zeros().min(15);
    let bits = if zeros < 15 { hash << (zeros + 1) } else { hash << 15 };
    (15 - zeros) << 28 | (bits >> 36) as u32
}

/// Calls `sink` with the place and the hash of every landmark, in order.
pub fn each_landmark(symbols: &[u8], mut sink: impl FnMut(usize, u32)) {
    each_shingle(symbols, |at, hash| {
        if hash <= MARK {
            sink(at, abridged(hash));
        }
    });
}

/// The part of a sketch that a coarser sampling would have kept: half as many shingles for each of up to 4
/// halvings.
pub fn part(sketch: &[u32], halvings: u32) -> &[u32] {
    let sampled = up_to(sketch, abridged(SAMPLE >> halvings)).len().max(LEAST >> halvings);
    &sketch[..sampled.min(sketch.len())]
}

/// The hash up to which a [`part`] of so many shingles holds every one of its text; `last` is its highest.
pub fn reach(last: Option<u32>, count: usize, halvings: u32) -> u32 {
    match last {
        Some(last) if count >= LEAST_OF_MOST >> halvings => last.max(abridged(SAMPLE >> halvings)),
        _ => u32::MAX,
    }
}

/// Whether a text is short, by the [`reach`] of its part: a whole sketch holds a twelfth of its shingles or more.
pub fn is_short(reach: u32, halvings: u32) -> bool {
    reach >= abridged((u64::MAX / 12) >> halvings)
}

/// The ascending hashes up to a bound.
pub fn up_to(hashes: &[u32], bound: u32) -> &[u32] {
    &hashes[..hashes.partition_point(|&hash| hash <= bound)]
}

/// Calls `sink` with the place and the hash of every shingle, in order.
pub fn each_shingle(symbols: &[u8], mut sink: impl FnMut(usize, u64)) {
    for (at, shingle) in symbols.windows(SHINGLE).enumerate() {
        if let (Some(head), Some(tail)) = (shingle.first_chunk(), shingle.last_chunk()) {
            sink(at, hash(u64::from_le_bytes(*head), u32::from_le_bytes(*tail)));
        }
    }
}

/// The hash of a shingle by its first eight and last four symbols: the two halves of one product, folded
/// (as in wyhash, by Wang Yi, 2019).
fn hash(head: u64, tail: u32) -> u64 {
    let product = u128::from(head ^ 0x9e37_79b9_7f4a_7c15) * u128::from(u64::from(tail) ^ 0xc2b2_ae3d_27d4_eb4f);
    product as u64 ^ (product >> 64) as u64
}

/// Spreads a hash over the whole range: the finaliser of SplitMix64 (Steele, Lea, Flood, 2014), one round.
pub fn mix(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(range: std::ops::Range<u32>) -> String {
        range.map(|n| format!("{:x} ", mix(u64::from(n) + 7))).collect()
    }

    fn sketch(text: &str) -> Vec<u32> {
        Sketcher::default().sketch(text, LEAST, true).0.into()
    }

    /// What a sketch holds whatever else the text does.
    fn sampled(text: &str) -> Vec<u32> {
        up_to(&sketch(text), abridged(SAMPLE)).to_vec()
    }

    fn shared(a: &str, b: &str) -> usize {
        let (a, b) = (sampled(a), sampled(b));
        a.iter().filter(|hash| b.contains(hash)).count()
    }

    #[test]
    fn a_sketch_holds_what_the_sketch_of_a_part_holds() {
        let part = sampled(&words(500..1200)).len();
        assert_eq!(shared(&words(0..2000), &words(500..1200)), part);
        assert!(part > 100, "{part}");
    }

    #[test]
    fn different_texts_keep_different_shingles() {
        assert!(shared(&words(0..1000), &words(5000..6000)) < 3);
    }

    #[test]
    fn a_text_shorter_than_a_shingle_has_an_empty_sketch() {
        assert!(sketch("no news").is_empty());
    }

    #[test]
    fn short_texts_keep_their_lowest_shingles() {
        let text = words(0..30);
        assert_eq!(sketch(&text).len(), LEAST);
        assert!(sketch(&words(0..2000)).len() > LEAST);
    }

    #[test]
    fn a_text_that_repeats_itself_keeps_each_shingle_once() {
        let text = words(0..300);
        let all = |text: &str| Sketcher::default().sketch(text, usize::MAX >> 8, true).0.to_vec();
        assert_eq!(all(&text.repeat(100)), all(&text.repeat(2)));
    }

    #[test]
    fn hashes_come_in_order_whether_they_lie_close_or_not() {
        for close in [0, 30] {
            let hashes: Vec<u64> = (0..300).map(|n| MARK - (mix(n) >> 4 >> close)).collect();
            let (mut expected, mut sorted) = (hashes.clone(), vec![7]);
            expected.sort_unstable();
            sort(&hashes, MARK, &mut sorted);
            assert_eq!(sorted, expected.into_iter().map(abridged).collect::<Vec<_>>());
        }
    }
}
