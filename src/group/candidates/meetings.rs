//! Which texts stand together in a bucket, text by text: four bytes a place, one for what a meeting there weighs, and
//! four more while it is known where a text stands.

use crate::roomy::{filled, roomy};
use std::ops::Range;

/// Set on the last text of a bucket.
const LAST: u32 = 1 << 31;

/// Buckets of texts, one after the other.
#[derive(Default)]
pub struct Meetings {
    /// The texts of all buckets, in ascending order within each.
    texts: Vec<u32>,
    /// What a meeting at each place weighs; where nothing is said, one.
    weights: Vec<u8>,
}

impl Meetings {
    /// No meetings yet, with room for many.
    pub fn for_many() -> Meetings {
        Meetings { texts: roomy(0), weights: roomy(0) }
    }

    /// Adds a bucket: its texts in ascending order, below 2³¹, and what a meeting there weighs, below 256. In all
    /// buckets or in none.
    pub fn weigh_and_add(&mut self, texts: impl Iterator<Item = u32>, weight: u32) {
        self.add(texts);
        self.weights.resize(self.texts.len(), weight as u8);
    }

    /// Adds a bucket where a meeting weighs one.
    pub fn add(&mut self, texts: impl Iterator<Item = u32>) {
        self.texts.extend(texts);
        if let Some(last) = self.texts.last_mut() {
            *last |= LAST;
        }
    }

    /// Adds the buckets of others.
    pub fn append(&mut self, mut others: Meetings) {
        self.texts.append(&mut others.texts);
        self.weights.append(&mut others.weights);
    }

    /// Gives back memory that was at hand for more meetings.
    pub fn completed(mut self) -> Meetings {
        self.texts.shrink_to_fit();
        self.weights.shrink_to_fit();
        self
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Makes the meetings of some texts known.
    pub fn of(&self, texts: Range<u32>) -> OfTexts<'_> {
        let count = texts.len();
        let mut first = vec![0; count + 1];
        let number = |text: u32| (text & !LAST).wrapping_sub(texts.start) as usize;
        let numbers = self.texts.iter().map(|&text| number(text));
        numbers.clone().filter(|&number| number < count).for_each(|number| first[number + 1] += 1);
        (0..count).for_each(|number| first[number + 1] += first[number]);
        let mut next = first.clone();
        let mut places = filled(0, first[count] as usize);
        for (place, number) in numbers.enumerate().filter(|&(_, number)| number < count) {
            places[next[number] as usize] = place as u32;
            next[number] += 1;
        }
        OfTexts { meetings: self, start: texts.start, places, first }
    }
}

/// The meetings of some texts that follow one another.
pub struct OfTexts<'m> {
    meetings: &'m Meetings,
    /// The first of the texts.
    start: u32,
    /// The places of all of them, one text after the other.
    places: Vec<u32>,
    /// For every text, where its places begin; one more for the end.
    first: Vec<u32>,
}

impl OfTexts<'_> {
    /// Lets a text meet up to `most` of those that stand after it in each of its buckets.
    pub fn meet(&self, text: u32, most: usize, met: &mut Met) {
        let number = (text - self.start) as usize;
        let own = self.first[number] as usize..self.first[number + 1] as usize;
        for &place in &self.places[own] {
            let place = place as usize;
            let weight = self.meetings.weights.get(place).map_or(1, |&weight| u16::from(weight));
            let mut last = self.meetings.texts[place] & LAST != 0;
            for &other in self.meetings.texts[place + 1..].iter().take(most) {
                if last {
                    break;
                }
                met.add(other & !LAST, weight);
                last = other & LAST != 0;
            }
        }
    }
}

/// Whom a text has met, and what that weighs.
pub struct Met {
    /// One more than the weight, as far as it can be told; 0 for texts not met. Small, to stay in the cache.
    weights: Vec<u16>,
    others: Vec<u32>,
}

impl Met {
    /// For `count` texts.
    pub fn new(count: usize) -> Met {
        Met { weights: vec![0; count], others: Vec::new() }
    }

    fn add(&mut self, other: u32, weight: u16) {
        let known = &mut self.weights[other as usize];
        if *known == 0 {
            *known = 1;
            self.others.push(other);
        }
        *known = known.saturating_add(weight);
    }

    /// What the meetings with a text weigh so far.
    pub fn weight(&self, other: u32) -> u32 {
        told(self.weights[other as usize])
    }

    /// Hands every text met, and the weight, to `each`, and forgets them. Whom it met very often weighs
    /// [`u32::MAX`].
    pub fn drain(&mut self, mut each: impl FnMut(u32, u32)) {
        for other in std::mem::take(&mut self.others) {
            each(other, self.weight(other));
            self.weights[other as usize] = 0;
        }
    }
}

/// What meetings weigh of which one more than the weight is known, as far as it can be told.
fn told(known: u16) -> u32 {
    match known {
        u16::MAX => u32::MAX,
        known => u32::from(known).saturating_sub(1),
    }
}

/// What meetings weigh that weigh so much together: as [`Met`] tells it.
pub fn together(weights: u64) -> u32 {
    told(u16::try_from(weights.saturating_add(1)).unwrap_or(u16::MAX))
}
