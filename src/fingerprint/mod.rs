//! A block's text → what is remembered of it: digest and sketch.

pub mod sketch;

use crate::model::{Digest, Fingerprint};
use crate::normalise::{fold, normalise};
use sha2::{Digest as _, Sha256};

/// Bodies with fewer words than this are told apart by their headline too: two notices that both say
/// "No injuries were reported." are not one article.
pub const SHORT_BODY_WORDS: usize = 25;

/// SHA-256 of bytes as they are.
pub fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

/// Fingerprints one block.
///
/// `body` holds the pieces of the block's body in page order; they are joined as if a blank stood
/// between them. The digest covers the normalised body. For a body of fewer than
/// [`SHORT_BODY_WORDS`] words it covers the normalised headline as well, and for one without any word
/// the folded text, so that texts made of signs alone do not all count as equal.
pub fn fingerprint<'t>(headline: Option<&[u8]>, body: impl Iterator<Item = &'t [u8]> + Clone) -> Fingerprint {
    let normalised = normalise_body(body.clone());
    let words = if normalised.is_empty() { 0 } else { normalised.split(' ').count() };
    let digest = if words >= SHORT_BODY_WORDS {
        sha256(normalised.as_bytes())
    } else {
        let mut covered = String::new();
        normalise(headline.unwrap_or_default(), &mut covered);
        covered.push('\n');
        if words == 0 {
            body.for_each(|piece| fold(piece, &mut covered));
        }
        covered.push_str(&normalised);
        sha256(covered.as_bytes())
    };
    Fingerprint { digest, words: u32::try_from(words).unwrap_or(u32::MAX), sketch: sketch::sketch(&normalised) }
}

/// The normalised body of a block: its words, joined by single spaces.
pub fn normalise_body<'t>(body: impl Iterator<Item = &'t [u8]>) -> String {
    let mut normalised = String::new();
    body.for_each(|piece| normalise(piece, &mut normalised));
    normalised
}
