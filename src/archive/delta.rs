//! One text told by another: which runs of it stand there, and what is new.
//!
//! Places of the other text that are a multiple of [`WINDOW`] are entered by the bytes that follow, fewer of them in a
//! very long text; every place of the text looks its bytes up, and what is found is made longer at both ends (as in
//! Xdelta, MacDonald 2000). Time grows with the sum of the lengths, whatever the texts, and memory is bounded.

use std::ops::Range;

/// Bytes by which a run is found.
const WINDOW: usize = 16;
/// A shorter copy takes more than the bytes it saves.
const LEAST: usize = 32;
/// Places that are entered, at most: a table of 16 MiB.
const PLACES: usize = 1 << 21;
/// A text with more copies goes on as new.
const MOST: usize = 1 << 17;

/// A run of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// It stands at this place of the other text.
    Copy(Range<usize>),
    /// It is new: this place of the text itself.
    New(Range<usize>),
}

/// Tells `text` by `base`: the runs make up all of the text, in order.
pub fn delta(base: &[u8], text: &[u8]) -> Vec<Run> {
    let head = common(base.iter().zip(text));
    let tail = common(base[head..].iter().rev().zip(text[head..].iter().rev()));
    let mut runs = Vec::new();
    let (head, tail) = (if head < LEAST && head < text.len() { 0 } else { head }, if tail < LEAST { 0 } else { tail });
    let middle = head..text.len() - tail;
    add(&mut runs, Run::Copy(0..head));
    if !middle.is_empty() {
        Finder::new(base).find(text, middle, &mut runs);
    }
    add(&mut runs, Run::Copy(base.len() - tail..base.len()));
    runs
}

fn add(runs: &mut Vec<Run>, run: Run) {
    let (Run::Copy(range) | Run::New(range)) = &run;
    if !range.is_empty() {
        runs.push(run);
    }
}

/// How many pairs are equal, from the first on.
fn common<'b>(pairs: impl Iterator<Item = (&'b u8, &'b u8)>) -> usize {
    pairs.take_while(|(a, b)| a == b).count()
}

struct Finder<'b> {
    base: &'b [u8],
    /// One more than the number of a window of `base`, by the hash of its bytes; 0 for none.
    slots: Vec<u32>,
    shift: u32,
    /// From one window to the next.
    step: usize,
}

impl<'b> Finder<'b> {
    fn new(base: &'b [u8]) -> Finder<'b> {
        let step = WINDOW.max(base.len().div_ceil(PLACES));
        let bits = (base.len() / step).next_power_of_two().trailing_zeros() + 1;
        let mut finder = Finder { base, slots: vec![0; 1 << bits], shift: 64 - bits, step };
        let windows = base.chunks(step).filter_map(|chunk| chunk.get(..WINDOW));
        for (number, window) in windows.enumerate() {
            let slot = finder.slot(window);
            // The first of equal windows stays: what follows it is likely to be longer.
            if finder.slots[slot] == 0 {
                finder.slots[slot] = number as u32 + 1;
            }
        }
        finder
    }

    fn slot(&self, window: &[u8]) -> usize {
        let half = |at: usize| window[at..].first_chunk().map_or(0, |&bytes| u64::from_le_bytes(bytes));
        let mixed = half(0).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ half(8).rotate_left(32);
        (mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> self.shift) as usize
    }

    /// Where the bytes at a place of the text begin in the base.
    fn look_up(&self, window: &[u8]) -> Option<usize> {
        let number = self.slots[self.slot(window)].checked_sub(1)?;
        let at = number as usize * self.step;
        (self.base[at..at + WINDOW] == *window).then_some(at)
    }

    fn find(&self, text: &[u8], part: Range<usize>, runs: &mut Vec<Run>) {
        let (mut new, mut at) = (part.start, part.start);
        while at + WINDOW <= part.end && runs.len() < MOST {
            let Some(found) = self.look_up(&text[at..at + WINDOW]) else {
                at += 1;
                continue;
            };
            let back = common(self.base[..found].iter().rev().zip(text[new..at].iter().rev()));
            let on = common(self.base[found..].iter().zip(&text[at..part.end]));
            if back + on < LEAST {
                at += 1;
                continue;
            }
            add(runs, Run::New(new..at - back));
            add(runs, Run::Copy(found - back..found + on));
            at += on;
            new = at;
        }
        add(runs, Run::New(new..part.end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The text made of its runs, and how many bytes of it are new.
    fn told(base: &[u8], text: &[u8]) -> usize {
        let (mut made, mut new) = (Vec::<u8>::new(), 0);
        for run in delta(base, text) {
            match run {
                Run::Copy(range) => made.extend(&base[range]),
                Run::New(range) => {
                    new += range.len();
                    made.extend(&text[range]);
                }
            }
        }
        assert_eq!(made, text);
        new
    }

    #[test]
    fn what_stands_in_the_other_text_is_not_new() {
        let words: String = (0..400).map(|number| format!("word{} ", number * number)).collect();
        let base = words.as_bytes();
        assert_eq!(told(base, base), 0);
        assert_eq!(told(base, &[b"Before. ", base, b" After."].concat()), 15);
        let edited = words.replace("word2500 ", "another ").replace("word10000 word10201 ", "");
        assert!(told(base, edited.as_bytes()) < 40);
        let turned = [&base[2000..], &base[..2000]].concat();
        assert!(told(base, &turned) < 40);
    }

    #[test]
    fn texts_with_nothing_in_common_are_new() {
        assert_eq!(told(b"", b"All of it"), 9);
        assert_eq!(told(b"All of it", b""), 0);
        assert_eq!(told(&[b'a'; 1000], &[b'b'; 1000]), 1000);
    }

    #[test]
    fn one_byte_a_million_times_takes_no_longer_than_other_texts() {
        let (base, text) = (vec![b'a'; 1 << 20], [vec![b'a'; 1 << 20], vec![b'b'], vec![b'a'; 1 << 20]].concat());
        assert!(told(&base, &text) <= 2);
    }

    #[test]
    fn a_text_of_very_many_copies_is_told_in_full() {
        let mut state = 1_u64;
        let mut noise = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state.to_be_bytes()[0]
        };
        let base: Vec<u8> = (0..1 << 20).map(|_| noise()).collect();
        let parts: Vec<&[u8]> = base.chunks(64).collect();
        let text: Vec<u8> = (0..MOST).flat_map(|at| [parts[at * 7919 % parts.len()], b"new"].concat()).collect();
        assert!(delta(&base, &text).len() <= MOST + 3);
        assert!(told(&base, &text) > 3 * MOST);
    }

    proptest! {
        #[test]
        fn every_text_is_told_in_full(
            parts in prop::collection::vec(prop::collection::vec(0u8..4, 0..80), 1..6),
            base in prop::collection::vec(0usize..6, 0..8),
            text in prop::collection::vec(0usize..6, 0..8),
        ) {
            let made = |order: &[usize]| order.iter().flat_map(|&at| parts[at % parts.len()].clone()).collect::<Vec<u8>>();
            told(&made(&base), &made(&text));
        }
    }
}
