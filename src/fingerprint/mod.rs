//! A block's text → what is remembered of it: digest and sketch.

mod large;
pub mod prints;
pub mod sketch;
pub mod symbols;

use crate::model::{Digest, Fingerprint};
use crate::normalise::{fold, normalise};
use prints::Sampled;
use sha2::{Digest as _, Sha256};
use sketch::Sketcher;

/// Bodies with fewer words than this are told apart by their headline too: two notices that both say
/// "No injuries were reported." are not one article.
pub const SHORT_BODY_WORDS: usize = 25;

/// SHA-256 of bytes as they are.
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// Fingerprints one block, and samples its shingles; see [`Printer::print`].
pub fn fingerprint<'t>(
    headline: Option<&[u8]>,
    body: impl Iterator<Item = &'t [u8]> + Clone,
    sample: Sample,
) -> (Fingerprint, Sampled) {
    let mut sampled = Sampled::default();
    let print = Printer::new(sample).print(headline, body, |_| false, &mut sampled);
    (print, sampled)
}

/// Fingerprints blocks; its scratch space is kept from block to block.
#[derive(Debug)]
pub struct Printer {
    sample: Sample,
    normalised: String,
    sketcher: Sketcher,
}

impl Printer {
    /// Keeps as much of every block as `sample` says.
    pub fn new(sample: Sample) -> Printer {
        Printer { sample, normalised: String::with_capacity(1 << 13), sketcher: Sketcher::default() }
    }

    /// Fingerprints one block, and appends what is sampled of its shingles: a list each, perhaps an empty one.
    ///
    /// `body` holds the pieces of the block's body in page order; they are joined as if a blank stood
    /// between them. The digest covers the normalised body. For a body of fewer than
    /// [`SHORT_BODY_WORDS`] words it covers the normalised headline as well, and for one without any word
    /// the folded text, so that texts made of signs alone do not all count as equal. Such short bodies have
    /// an empty sketch: they are never near copies of anything. A text that is `known` already gets no sketch,
    /// either: that of its first block stands for it.
    pub fn print<'t>(
        &mut self,
        headline: Option<&[u8]>,
        body: impl Iterator<Item = &'t [u8]> + Clone,
        known: impl FnOnce(&Digest) -> bool,
        sampled: &mut Sampled,
    ) -> Fingerprint {
        let Printer { sample, normalised, sketcher } = self;
        let large = if large::is_large(body.clone()) { large::fingerprint(body.clone(), *sample) } else { None };
        if let Some((print, sketch, landmarks)) = large {
            sampled.push(&sketch, &landmarks);
            return print;
        }
        normalised.clear();
        body.clone().for_each(|piece| normalise(piece, normalised));
        let words = count_words(normalised);
        let digest = digest_of(headline, body, normalised, words);
        let (sketch, landmarks) = if words >= SHORT_BODY_WORDS && !known(&digest) {
            sketcher.sketch(normalised, sample.least, sample.holds(&digest))
        } else {
            Default::default()
        };
        sampled.push(sketch, landmarks);
        Fingerprint { digest, words: u32::try_from(words).unwrap_or(u32::MAX) }
    }
}

/// The digest of one block, as in its [`fingerprint`].
pub fn digest<'t>(headline: Option<&[u8]>, body: impl Iterator<Item = &'t [u8]> + Clone) -> Digest {
    let normalised = normalise_body(body.clone());
    digest_of(headline, body, &normalised, count_words(&normalised))
}

fn digest_of<'t>(
    headline: Option<&[u8]>,
    body: impl Iterator<Item = &'t [u8]>,
    normalised: &str,
    words: usize,
) -> Digest {
    if words >= SHORT_BODY_WORDS {
        return sha256(normalised.as_bytes());
    }
    let mut covered = String::new();
    normalise(headline.unwrap_or_default(), &mut covered);
    covered.push('\n');
    if words == 0 {
        body.for_each(|piece| fold(piece, &mut covered));
    }
    covered.push_str(normalised);
    sha256(covered.as_bytes())
}

/// The words of a normalised text.
fn count_words(normalised: &str) -> usize {
    if normalised.is_empty() { 0 } else { memchr::memchr_iter(b' ', normalised.as_bytes()).count() + 1 }
}

/// How much is remembered of a text. In a large corpus landmarks are kept of a sample only, drawn by digest.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    bound: u64,
    least: usize,
}

impl Sample {
    /// So many bytes of pages are sampled in full.
    const WHOLE: u64 = 64 << 20;

    /// From so many bytes on, sketches are smaller.
    const LARGE: u64 = 512 << 20;

    /// From so many bytes on, they are smaller still.
    const LARGEST: u64 = 1 << 30;

    /// What to keep of a corpus of `bytes` bytes: the landmarks of about 64 MiB of it.
    pub fn of_corpus(bytes: u64) -> Sample {
        let least = match bytes {
            0..Sample::LARGE => sketch::LEAST,
            Sample::LARGE..Sample::LARGEST => sketch::LEAST_OF_MANY,
            Sample::LARGEST.. => sketch::LEAST_OF_MOST,
        };
        Sample { bound: u64::MAX / bytes.div_ceil(Sample::WHOLE).max(1), least }
    }

    fn holds(self, digest: &Digest) -> bool {
        digest.0.first_chunk().is_some_and(|&first| u64::from_be_bytes(first) <= self.bound)
    }
}

/// The normalised body of a block: its words, joined by single spaces.
pub fn normalise_body<'t>(body: impl Iterator<Item = &'t [u8]>) -> String {
    let mut normalised = String::new();
    body.for_each(|piece| normalise(piece, &mut normalised));
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(headline: &str, body: &str) -> (Fingerprint, Sampled) {
        fingerprint(Some(headline.as_bytes()), [body.as_bytes()].into_iter(), Sample::of_corpus(0))
    }

    #[test]
    fn short_bodies_are_told_apart_by_their_headlines() {
        let body = "No injuries were reported, the fire brigade said. The road is open again.";
        assert_eq!(print("Fire in Elm Street", body), print("FIRE in Elm Street!", body));
        assert_ne!(print("Fire in Elm Street", body).0, print("Fire in Oak Street", body).0);
        assert!(print("Fire in Elm Street", body).1.sketches.get(0).is_empty());
    }

    #[test]
    fn the_headline_of_a_longer_body_does_not_count() {
        let body = "The harbour master counted every boat twice. ".repeat(6);
        assert_eq!(print("Boats counted", &body), print("Twice as many boats", &body));
    }

    #[test]
    fn texts_of_signs_alone_are_not_all_equal() {
        assert_ne!(print("", "* * *").0, print("", "- - -").0);
    }
}
