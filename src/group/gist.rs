//! Whether two texts share enough to be worth an alignment, from all their shingles.
//!
//! A sketch holds a few dozen shingles, so two texts that share a few stock phrases of one trade look alike
//! in one case of ten. With the texts at hand, a Bloom filter (Bloom, "Space/time trade-offs in hash coding
//! with allowable errors", 1970) over all shingles of the one tells that from copying in a fraction of the
//! time that an alignment takes.

use super::align::Prepared;
use crate::fingerprint::sketch::each_shingle;

/// What share of the shorter text's shingles the longer must hold. Of pairs at or above the threshold,
/// .995 do in the most damaged labelled set, and .999 in the others.
pub const SHARE: f64 = 0.035;
/// Bits of the filter for every symbol. One foreign shingle in a thousand passes.
const BITS: usize = 64;

/// Whether the longer text holds enough of the shorter one's shingles, stock phrases left out.
pub fn shares_enough(shorter: &Prepared, longer: &Prepared) -> bool {
    let mut filter = vec![0u64; (shorter.len() * BITS).next_power_of_two() / 64];
    let mask = filter.len() - 1;
    let bits = |hash: u64| (hash as usize & mask, 1 << (hash >> 58) | 1 << (hash >> 52 & 63));
    let mut all = 0;
    let mut add = |_, hash| {
        let (word, bits) = bits(hash);
        filter[word] |= bits;
        all += 1;
    };
    shorter.own().into_iter().for_each(|run| each_shingle(run, &mut add));
    let mut shared = 0;
    let mut look_up = |_, hash| {
        let (word, bits) = bits(hash);
        shared += usize::from(filter[word] & bits == bits);
    };
    longer.own().into_iter().for_each(|run| each_shingle(run, &mut look_up));
    shared as f64 >= SHARE * all as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::stock::Stock;

    #[test]
    fn a_quarter_of_a_text_is_enough_and_nothing_is_not() {
        let words = |from: u32| -> String {
            (from..from + 300).map(|n| format!("{:x} ", n.wrapping_mul(0x9e37_79b9))).collect()
        };
        let prepared = |from| Prepared::new(words(from), &Stock::default());
        assert!(shares_enough(&prepared(0), &prepared(225)));
        assert!(!shares_enough(&prepared(0), &prepared(1000)));
    }
}
