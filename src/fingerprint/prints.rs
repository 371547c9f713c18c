//! What is remembered of all texts: once for equal ones, and in few pieces of memory. A corpus of two gigabytes
//! has half a million texts with some dozens of shingles each; a piece of memory for each of them would take
//! more than the system needs to keep track of it, and would not be given back.

use crate::model::{Digest, Fingerprint};
use crate::roomy::{filled, roomy};
use std::ops::Index;

/// The fingerprints of blocks, in page order.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    /// For every block, which of the texts it has.
    text_of: Vec<u32>,
    /// Every text once, in the order of their first blocks.
    texts: Vec<Fingerprint>,
    /// Where each text is found by its digest: one more than its number, 0 for none. At least half are free.
    slots: Vec<u32>,
}

impl Prints {
    /// No prints yet, with room for many.
    pub fn for_many() -> Prints {
        Prints { text_of: roomy(0), texts: roomy(0), slots: Vec::new() }
    }

    /// Appends a block's fingerprint; `true` if its text is new.
    pub fn push(&mut self, print: Fingerprint) -> bool {
        if 2 * self.texts.len() >= self.slots.len() {
            self.make_slots();
        }
        let slot = self.slot(&print.digest);
        let new = self.slots[slot] == 0;
        if new {
            self.texts.push(print);
            self.slots[slot] = self.texts.len() as u32;
        }
        self.text_of.push(self.slots[slot] - 1);
        new
    }

    /// Whether a block with this digest is there.
    pub fn holds(&self, digest: &Digest) -> bool {
        !self.slots.is_empty() && self.slots[self.slot(digest)] > 0
    }

    /// No more blocks will come: gives back what is only needed to find texts.
    pub fn complete(&mut self) {
        self.slots = Vec::new();
        self.text_of.shrink_to_fit();
        self.texts.shrink_to_fit();
    }

    /// Number of blocks.
    pub fn len(&self) -> usize {
        self.text_of.len()
    }

    /// Whether there is no block at all.
    pub fn is_empty(&self) -> bool {
        self.text_of.is_empty()
    }

    /// The fingerprints of all blocks, in page order.
    pub fn iter(&self) -> impl Iterator<Item = &Fingerprint> {
        self.text_of.iter().map(|&text| &self.texts[text as usize])
    }

    /// For every block, which of the [`Prints::texts`] it has.
    pub fn text_of(&self) -> &[u32] {
        &self.text_of
    }

    /// The fingerprint of every text, in the order of their first blocks.
    pub fn texts(&self) -> &[Fingerprint] {
        &self.texts
    }

    /// Where a digest is found, or would be.
    fn slot(&self, digest: &Digest) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = digest.0.first_chunk().map_or(0, |first| u64::from_le_bytes(*first)) as usize & mask;
        while self.slots[slot].checked_sub(1).is_some_and(|text| self.texts[text as usize].digest != *digest) {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn make_slots(&mut self) {
        // The old ones are given back first.
        self.slots = Vec::new();
        self.slots = filled(0, (4 * self.texts.len()).next_power_of_two().max(64));
        for text in 0..self.texts.len() {
            let slot = self.slot(&self.texts[text].digest);
            self.slots[slot] = text as u32 + 1;
        }
    }
}

impl Index<usize> for Prints {
    type Output = Fingerprint;

    /// The fingerprint of a block.
    fn index(&self, block: usize) -> &Fingerprint {
        &self.texts[self.text_of[block] as usize]
    }
}

impl FromIterator<Fingerprint> for Prints {
    fn from_iter<I: IntoIterator<Item = Fingerprint>>(blocks: I) -> Prints {
        let mut prints = Prints::default();
        blocks.into_iter().for_each(|print| {
            prints.push(print);
        });
        prints.complete();
        prints
    }
}

/// What is sampled of the shingles of texts, abridged, in ascending order, without repeats.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sampled {
    /// Which shingles stand for each text; none for short ones.
    pub sketches: Lists,
    /// More of them, by which stock phrases are told; of a sample of the texts only.
    pub landmarks: Lists,
}

impl Sampled {
    /// Appends what is sampled of one more text.
    pub fn push(&mut self, sketch: &[u32], landmarks: &[u32]) {
        self.sketches.push(sketch);
        self.landmarks.push(landmarks);
    }
}

/// Lists of numbers, one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    numbers: Vec<u32>,
    /// Where each list ends.
    ends: Vec<usize>,
}

impl Lists {
    /// No lists yet, with room for many.
    pub fn for_many() -> Lists {
        Lists { numbers: roomy(0), ends: roomy(0) }
    }

    /// Appends a list.
    pub fn push(&mut self, list: &[u32]) {
        self.numbers.extend_from_slice(list);
        self.ends.push(self.numbers.len());
    }

    /// Number of lists.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no list at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// One of the lists.
    pub fn get(&self, index: usize) -> &[u32] {
        &self.numbers[index.checked_sub(1).map_or(0, |before| self.ends[before])..self.ends[index]]
    }

    /// All lists, in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// How many numbers all lists hold.
    pub fn count(&self) -> usize {
        self.numbers.len()
    }

    /// Gives back memory that was at hand for more lists.
    pub fn complete(&mut self) {
        self.numbers.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Hands out the lists in pieces of `count`, each with where it begins and where its lists end.
    pub fn pieces_mut(&mut self, count: usize) -> Vec<Piece<'_>> {
        let (mut rest, mut start) = (&mut self.numbers[..], 0);
        let pieces = self.ends.chunks(count).map(|ends| {
            let end = ends.last().copied().unwrap_or(start);
            let (numbers, more) = std::mem::take(&mut rest).split_at_mut(end - start);
            rest = more;
            Piece { numbers, start: std::mem::replace(&mut start, end), ends }
        });
        pieces.collect()
    }
}

impl<'l> FromIterator<&'l [u32]> for Lists {
    fn from_iter<I: IntoIterator<Item = &'l [u32]>>(lists: I) -> Lists {
        let mut all = Lists::for_many();
        lists.into_iter().for_each(|list| all.push(list));
        all.complete();
        all
    }
}

/// Some lists that follow one another.
pub struct Piece<'l> {
    numbers: &'l mut [u32],
    start: usize,
    ends: &'l [usize],
}

impl Piece<'_> {
    /// What `change` gives for every list.
    pub fn change<T>(self, mut change: impl FnMut(&mut [u32]) -> T) -> Vec<T> {
        let mut from = 0;
        let change =
            |end: &usize| change(&mut self.numbers[std::mem::replace(&mut from, end - self.start)..end - self.start]);
        self.ends.iter().map(change).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_there_once() {
        // All in the same slot, at first.
        let digest = |n: u32| Digest(std::array::from_fn(|at| if at < 28 { 0 } else { n.to_le_bytes()[at - 28] }));
        let mut prints = Prints::default();
        for round in 0..2 {
            for n in 0..500 {
                assert_eq!(prints.holds(&digest(n)), round == 1);
                assert_eq!(prints.push(Fingerprint { digest: digest(n), words: n }), round == 0);
            }
        }
        prints.complete();
        assert_eq!((prints.len(), prints.texts().len()), (1000, 500));
        assert_eq!((prints[7], prints[507].words), (prints[507], 7));
    }

    #[test]
    fn lists_are_changed_in_place() {
        let mut lists: Lists = [&[1, 2][..], &[], &[4], &[5, 6]].into_iter().collect();
        assert_eq!((lists.len(), lists.count()), (4, 5));
        let firsts = |piece: Piece| {
            piece.change(|list| {
                list.reverse();
                list.first().copied()
            })
        };
        let first: Vec<_> = lists.pieces_mut(3).into_iter().flat_map(firsts).collect();
        assert_eq!(first, [Some(2), None, Some(4), Some(6)]);
        assert_eq!(lists.get(3), [6, 5]);
    }
}
