//! Numbers that look random and are the same on every machine and for ever, which no library promises.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
pub struct Random(u64);

impl Random {
    /// The numbers of one thing, such as one article, whatever else is made from the same seed.
    pub fn new(seed: u64, purpose: Purpose, thing: u64) -> Random {
        let mut random = Random(seed ^ (purpose as u64) << 56);
        let start = random.next() ^ thing.wrapping_mul(0xd1b5_4a32_d192_ed03);
        Random(start)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number from 0 up to but without `end`, which is at most 2³².
    pub fn below(&mut self, end: usize) -> usize {
        (((self.next() >> 32) * end as u64) >> 32) as usize
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most + 1 - least)
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, in_thousand: usize) -> bool {
        self.below(1000) < in_thousand
    }

    pub fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// What random numbers are for. Each purpose has its own, so that a change of one leaves the others.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// Which block is a copy of which.
    Plan,
    /// The text of an article.
    Text,
    /// The edits of a copy.
    Edit,
    /// The look of a site.
    Site,
    /// What a page holds.
    Page,
    /// Invented words.
    Words,
}
