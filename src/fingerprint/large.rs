//! The fingerprint of a body of many megabytes, which is read part by part: beside the page no more of it is
//! held than a part and what is kept of it. The result is that of any other body.

use super::sketch::{Lowest, SHINGLE, each_shingle};
use super::symbols::symbols;
use super::{SHORT_BODY_WORDS, Sample, count_words};
use crate::model::{Digest, Fingerprint};
use crate::normalise::normalise;
use sha2::{Digest as _, Sha256};

/// Bodies of fewer bytes are read at once.
const LARGE: usize = 8 << 20;
/// Bytes of a part; more where there are no blanks.
const PART: usize = 1 << 20;

/// What is remembered of a large body: also its sketch and its landmarks.
type Large = (Fingerprint, Box<[u32]>, Box<[u32]>);

/// Whether a body is to be read part by part.
pub fn is_large<'t>(body: impl Iterator<Item = &'t [u8]>) -> bool {
    body.map(<[u8]>::len).sum::<usize>() >= LARGE
}

/// Fingerprints a body, unless it has so few words that its headline counts.
pub fn fingerprint<'t>(body: impl Iterator<Item = &'t [u8]> + Clone, sample: Sample) -> Option<Large> {
    let (mut sha, mut words) = (Sha256::new(), 0);
    let mut sketch = Lowest::sampled();
    let mut shingles = Shingles::default();
    each_part(body.clone(), |part| {
        if words > 0 {
            sha.update(b" ");
        }
        sha.update(part);
        words += count_words(part);
        shingles.each(&symbols(part), |hash| sketch.add(hash));
    });
    if words < SHORT_BODY_WORDS {
        return None;
    }
    let read_again = |mut lowest: Lowest| {
        let mut shingles = Shingles::default();
        each_part(body.clone(), |part| shingles.each(&symbols(part), |hash| lowest.add(hash)));
        lowest.into_sorted()
    };
    let digest = Digest(sha.finalize().into());
    let mut sketch = sketch.into_sorted();
    if sketch.len() < sample.least {
        sketch = read_again(Lowest::few(sample.least));
    }
    let landmarks = if sample.holds(&digest) { read_again(Lowest::marked()) } else { Box::default() };
    let words = u32::try_from(words).unwrap_or(u32::MAX);
    Some((Fingerprint { digest, words }, sketch, landmarks))
}

/// Hands the words of a body to `see`, some megabytes at a time, joined by single spaces.
fn each_part<'t>(body: impl Iterator<Item = &'t [u8]>, mut see: impl FnMut(&str)) {
    let mut normalised = String::new();
    for mut rest in body {
        while !rest.is_empty() {
            let (part, more) = rest.split_at(end_of_part(rest));
            normalised.clear();
            normalise(part, &mut normalised);
            if !normalised.is_empty() {
                see(&normalised);
            }
            rest = more;
        }
    }
}

/// Where a text can be cut so that its words stay what they are: behind a blank between ASCII characters.
fn end_of_part(text: &[u8]) -> usize {
    let rest = text.get(PART..).unwrap_or_default();
    let cut = |&blank: &usize| rest.get(blank + 1).is_some_and(u8::is_ascii);
    memchr::memchr2_iter(b' ', b'\n', rest).find(cut).map_or(text.len(), |blank| PART + blank + 1)
}

/// The shingles of a text that comes in parts.
#[derive(Default)]
struct Shingles {
    /// The last symbols so far, fewer than make a shingle.
    last: Vec<u8>,
}

impl Shingles {
    /// Hands the shingles to `see` that end in the next part, which follows after a space.
    fn each(&mut self, part: &[u8], mut see: impl FnMut(u64)) {
        const SHORTER: usize = SHINGLE - 1;
        if !self.last.is_empty() {
            self.last.push(b' ');
            self.last.extend(&part[..part.len().min(SHORTER)]);
            each_shingle(&self.last, |_, hash| see(hash));
        }
        each_shingle(part, |_, hash| see(hash));
        if part.len() >= SHORTER || self.last.is_empty() {
            self.last.clear();
            self.last.extend(&part[part.len().saturating_sub(SHORTER)..]);
        } else {
            self.last.drain(..self.last.len().saturating_sub(SHORTER));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a body gives at once and part by part.
    #[track_caller]
    fn check(body: &[&[u8]], corpus: u64) {
        let sample = Sample::of_corpus(corpus);
        let (print, sampled) = super::super::fingerprint(None, body.iter().copied(), sample);
        let (in_parts, sketch, landmarks) = fingerprint(body.iter().copied(), sample).unwrap();
        assert!((print, sampled.sketches.get(0), sampled.landmarks.get(0)) == (in_parts, &*sketch, &*landmarks));
    }

    fn words(count: u32) -> String {
        (0..count).map(|n| format!("{:x} ", n.wrapping_mul(0x9e37_79b9))).collect()
    }

    #[test]
    fn the_parts_give_what_the_whole_gives() {
        let text = words(300_000) + "Caf\u{e9} \u{301}x 中国 AI\n";
        assert!(text.len() > 2 * PART && text.len() < LARGE);
        check(&[text.as_bytes()], 0);
        check(&[text.as_bytes(), b"", b" -- ", b"one", b"two three", &text.as_bytes()[..PART + 7]], 1 << 40);
    }

    #[test]
    fn a_text_that_repeats_itself_has_a_small_sketch() {
        check(&[words(30).repeat(10_000).as_bytes()], 0);
    }

    #[test]
    fn few_words_are_left_to_others() {
        assert_eq!(fingerprint([&b"x".repeat(3 * PART)[..]].into_iter(), Sample::of_corpus(0)), None);
    }
}
