//! Which texts stand together in a bucket, text by text: nine bytes a place.

/// Set on the last text of a bucket.
const LAST: u32 = 1 << 31;

/// Buckets of texts, one after the other.
#[derive(Default)]
pub struct Meetings {
    /// The texts of all buckets, in ascending order within each.
    texts: Vec<u32>,
    /// What a meeting at each place weighs.
    weights: Vec<u8>,
}

impl Meetings {
    /// Adds a bucket: its texts in ascending order, below 2³¹, and what a meeting there weighs, below 256.
    pub fn add(&mut self, texts: impl Iterator<Item = u32>, weight: u32) {
        self.texts.extend(texts);
        self.weights.resize(self.texts.len(), weight as u8);
        if let Some(last) = self.texts.last_mut() {
            *last |= LAST;
        }
    }

    /// Adds the buckets of others.
    pub fn append(&mut self, mut others: Meetings) {
        self.texts.append(&mut others.texts);
        self.weights.append(&mut others.weights);
    }

    /// Makes the meetings of each of `count` texts known.
    pub fn by_text(self, count: usize) -> ByText {
        let mut first = vec![0; count + 1];
        let places = self.texts.iter().map(|&text| (text & !LAST) as usize);
        places.clone().for_each(|text| first[text + 1] += 1);
        (0..count).for_each(|text| first[text + 1] += first[text]);
        let mut next = first.clone();
        let mut of_text = vec![0; self.texts.len()];
        for (place, text) in places.enumerate() {
            of_text[next[text] as usize] = place as u32;
            next[text] += 1;
        }
        ByText { meetings: self, places: of_text, first }
    }
}

/// The meetings of every text.
pub struct ByText {
    meetings: Meetings,
    /// The places of all texts, one text after the other.
    places: Vec<u32>,
    /// For every text, where its places begin; one more for the end.
    first: Vec<u32>,
}

impl ByText {
    /// Lets a text meet up to `most` of those that stand after it in each of its buckets.
    pub fn meet(&self, text: u32, most: usize, met: &mut Met) {
        let own = self.first[text as usize] as usize..self.first[text as usize + 1] as usize;
        for &place in &self.places[own] {
            let place = place as usize;
            let weight = u16::from(self.meetings.weights[place]);
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
        match self.weights[other as usize] {
            u16::MAX => u32::MAX,
            known => u32::from(known).saturating_sub(1),
        }
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
