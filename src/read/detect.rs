//! Which encoding a page is stored in.
//!
//! In this order: a byte order mark; the encoding that the user names; UTF-16 by the place of its zero
//! bytes; ISO-2022-JP by its escape sequences; UTF-8 if it is valid or nearly so; a guess by letter
//! frequencies (chardetng, the detector of a web browser).

use super::magic::is_odd_control;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;
use encoding_rs::{ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a page the guess looks at, in bytes.
const GUESS: usize = 1 << 20;
/// How much of a page is looked at for signs of binary data, in bytes.
const SAMPLE: usize = 8 << 10;

/// What a page's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// UTF-8, well-formed or not: the text is the stored bytes.
    Utf8,
    /// Another encoding; the text has to be decoded.
    Encoded(&'static Encoding),
    /// No text in any encoding.
    Binary,
}

/// Finds out how a page is stored.
pub fn detect(stored: &[u8], forced: Option<&'static Encoding>) -> Stored {
    if let Some((encoding, _)) = Encoding::for_bom(stored) {
        return encoded(encoding);
    }
    if let Some(encoding) = forced {
        return encoded(encoding);
    }
    let has_zero = memchr::memchr(0, stored).is_some();
    if has_zero && let Some(encoding) = utf16(stored) {
        return Stored::Encoded(encoding);
    }
    match simdutf8::basic::from_utf8(stored) {
        Ok(_) if is_iso_2022_jp(stored) => Stored::Encoded(ISO_2022_JP),
        Ok(_) if has_zero && odd_controls(stored) > 30 => Stored::Binary,
        Ok(_) => Stored::Utf8,
        Err(_) if odd_controls(stored) > 5 => Stored::Binary,
        Err(_) if is_mostly_utf8(stored) => Stored::Utf8,
        Err(_) => guess(stored),
    }
}

fn encoded(encoding: &'static Encoding) -> Stored {
    if encoding == UTF_8 { Stored::Utf8 } else { Stored::Encoded(encoding) }
}

/// Text in UTF-16 without a byte order mark has spaces and line ends that read so in one byte order
/// only, decodes without an error, and holds no odd control characters.
fn utf16(stored: &[u8]) -> Option<&'static Encoding> {
    let sample = &stored[..stored.len().min(SAMPLE) & !1];
    if sample.len() < 4 || !stored.len().is_multiple_of(2) {
        return None;
    }
    let blanks = |order: fn([u8; 2]) -> u16| {
        let units = sample.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
        units.filter(|unit| matches!(unit, 0x0a | 0x0d | 0x20)).count()
    };
    let (little, big) = (blanks(u16::from_le_bytes), blanks(u16::from_be_bytes));
    let encoding = if little > big { UTF_16LE } else { UTF_16BE };
    if little.max(big) * 100 < sample.len() / 2 {
        return None;
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(stored)?;
    let odd = text.chars().any(|c| u8::try_from(c).is_ok_and(is_odd_control));
    (!odd).then_some(encoding)
}

/// Seven-bit Japanese announces itself: its escape sequences have no other use.
fn is_iso_2022_jp(stored: &[u8]) -> bool {
    let announced = |sequence: &[u8]| memchr::memmem::find(stored, sequence).is_some();
    memchr::memchr(0x1b, stored).is_some()
        && (announced(b"\x1b$B") || announced(b"\x1b$@"))
        && stored.is_ascii()
        && ISO_2022_JP.decode_without_bom_handling_and_without_replacement(stored).is_some()
}

/// The share of odd control characters at the start of a page, in percent. A few lines say nothing.
fn odd_controls(stored: &[u8]) -> usize {
    let sample = &stored[..stored.len().min(SAMPLE)];
    if sample.len() < 64 {
        return 0;
    }
    sample.iter().filter(|&&byte| is_odd_control(byte)).count() * 100 / sample.len()
}

/// Whether the page is UTF-8 with some broken bytes: legacy text hardly ever forms valid sequences of
/// several bytes, so twice as many of these as of broken ones decide. A cut-off last character is no
/// evidence against UTF-8.
fn is_mostly_utf8(stored: &[u8]) -> bool {
    let (mut valid, mut broken) = (0usize, 0usize);
    for chunk in stored.utf8_chunks() {
        valid += chunk.valid().bytes().filter(|&byte| byte >= 0xc0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let cut_off = std::str::from_utf8(stored).is_err_and(|error| error.error_len().is_none());
    cut_off || valid >= 2 * broken
}

fn guess(stored: &[u8]) -> Stored {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let start = stored.iter().position(|byte| !byte.is_ascii()).unwrap_or(0).saturating_sub(64);
    let end = stored.len().min(start + GUESS);
    detector.feed(&stored[start..end], end == stored.len());
    encoded(detector.guess(None, Utf8Detection::Deny))
}
