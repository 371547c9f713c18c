//! Whether two texts share enough to be worth an alignment, from all their shingles.
//!
//! A sketch holds a few dozen shingles, so two texts that share a few stock phrases of one trade look alike
//! in one case of ten. With the texts at hand, a Bloom filter (Bloom, "Space/time trade-offs in hash coding
//! with allowable errors", 1970) over all shingles of the one tells that from copying in a fraction of the
//! time that an alignment takes.

use crate::fingerprint::sketch::each_shingle;

/// What share of the shorter text's shingles the longer must hold. Of pairs at or above the threshold,
/// .998 do in the most damaged labelled set.
const SHARE: f64 = 0.06;
/// Bits of the filter for every symbol. One foreign shingle in a thousand passes.
const BITS: usize = 64;

/// Whether the longer text holds enough of the shorter one's shingles.
pub fn shares_enough(shorter: &[u8], longer: &[u8]) -> bool {
    let mut filter = vec![0u64; (shorter.len() * BITS).next_power_of_two() / 64];
    let mask = filter.len() - 1;
    let bits = |hash: u64| (hash as usize & mask, 1 << (hash >> 58) | 1 << (hash >> 52 & 63));
    let mut all = 0;
    each_shingle(shorter, |_, hash| {
        let (word, bits) = bits(hash);
        filter[word] |= bits;
        all += 1;
    });
    let mut shared = 0;
    each_shingle(longer, |_, hash| {
        let (word, bits) = bits(hash);
        shared += usize::from(filter[word] & bits == bits);
    });
    shared as f64 >= SHARE * all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_a_text_is_enough_and_nothing_is_not() {
        let words = |from: u32| -> String {
            (from..from + 300).map(|n| format!("{:x} ", n.wrapping_mul(0x9e37_79b9))).collect()
        };
        let (one, other) = (words(0), words(225));
        assert!(shares_enough(one.as_bytes(), other.as_bytes()));
        assert!(!shares_enough(one.as_bytes(), words(1000).as_bytes()));
    }
}
