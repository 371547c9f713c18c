//! A page in markup, as it is kept: not the markup, which takes long to read, but what it shows.
//!
//! One piece of memory holds the size, digest and encoding of the page as stored, its text, the places of the text in the page,
//! and what is what in the text. Numbers are written with seven bits a byte ([`packed`]).

use super::html::{self, Shown};
use super::page::Form;
use super::places::Places;
use super::text::Decoded;
use crate::fingerprint::sha256;
use crate::model::{Block, Digest, Split};
use crate::packed;
use encoding_rs::{Encoding, UTF_8};
use std::ops::Range;

/// What is at hand of such a page.
#[derive(Debug)]
pub struct Kept {
    /// Length of the page as stored, in bytes.
    pub size: u64,
    /// SHA-256 of the page as stored.
    pub sha256: Digest,
    /// The encoding of the page, if it is not UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// Where the text stands in what is kept.
    pub text: Range<usize>,
    /// Takes text offsets to stored ones.
    pub places: Places,
    /// Where in what is kept the rest begins.
    rest: usize,
}

/// Reads a page in markup, and packs what it shows. The encoding is that of the page if it is not UTF-8.
pub fn pack(stored: &[u8], encoding: Option<&'static Encoding>) -> Vec<u8> {
    let plain = if encoding.is_none() { std::str::from_utf8(stored).ok() } else { None };
    let shown = match plain {
        Some(html) => html::show(html),
        None => shown_of(&Decoded::new(stored, encoding.unwrap_or(UTF_8))),
    };
    let mut kept = Vec::with_capacity(shown.text.len() + shown.text.len() / 4 + 128);
    packed::write(&mut kept, stored.len() as u64);
    kept.extend(sha256(stored).0);
    let label = encoding.map_or("", Encoding::name);
    packed::write(&mut kept, label.len() as u64);
    kept.extend(label.as_bytes());
    packed::write(&mut kept, shown.text.len() as u64);
    kept.extend(shown.text.as_bytes());
    shown.places.pack(&mut kept);
    pack_split(&shown, stored, &mut kept);
    kept
}

/// Whether what was kept in a file can be used in this form.
pub fn is_sound(kept: &[u8], form: Form) -> bool {
    let Form::Shown(size) = form else { return true };
    Kept::of(kept).is_some_and(|shown| shown.size == size && shown.is_sound(kept))
}

/// What a page shows that had to be decoded: places lead through the decoded text.
fn shown_of(decoded: &Decoded) -> Shown {
    let html = decoded.as_str();
    let shown = html::show(html);
    let stored = |offset: usize| decoded.to_stored(shown.places.to_source(offset));
    let mut places = Places::default();
    for (at, c) in shown.text.char_indices() {
        let start = stored(at);
        places.note(at, start, c.len_utf8(), stored(at + c.len_utf8()) - start);
    }
    places.end(shown.text.len(), decoded.to_stored(html.len()));
    Shown { places, ..shown }
}

impl Kept {
    /// Finds its way in what [`pack`] gave; `None` for anything else.
    pub fn of(kept: &[u8]) -> Option<Kept> {
        let mut at = 0;
        let size = packed::read(kept, &mut at)?;
        let sha256 = Digest(*kept.get(at..)?.first_chunk()?);
        at += size_of::<Digest>();
        let length = packed::read(kept, &mut at)? as usize;
        let encoding = Encoding::for_label(kept.get(at..)?.get(..length)?);
        at += length;
        let length = packed::read(kept, &mut at)? as usize;
        kept.get(at..)?.get(..length)?;
        let text = at..at + length;
        at = text.end;
        let places = Places::unpack(kept, &mut at)?;
        Some(Kept { size, sha256, encoding, text, places, rest: at })
    }

    /// Whether nothing in it leads outside: what was read from a file may be anything.
    pub fn is_sound(&self, kept: &[u8]) -> bool {
        let Some(Split { spans, blocks }) = unpack_split(kept, &mut self.rest.clone()) else { return false };
        let mut end = 0;
        let tile = spans.iter().all(|span| {
            let follows = span.start == end && span.end > end;
            end = span.end;
            follows && span.block.is_none_or(|block| (block as usize) < blocks.len())
        });
        let mut before = 0;
        let in_order = blocks.iter().all(|block| {
            let follows = before <= block.start && block.start < block.end;
            let parts = [&block.headline, &block.byline, &block.date];
            let inside =
                |part: &Range<usize>| block.start <= part.start && part.start < part.end && part.end <= block.end;
            before = block.end;
            follows && parts.into_iter().flatten().all(inside)
        });
        tile && end == self.text.len() && in_order && before <= end && self.places.are_sound(end, self.size)
    }

    /// What is what in the text.
    pub fn split(&self, kept: &[u8]) -> Split {
        let mut at = self.rest;
        unpack_split(kept, &mut at).unwrap_or_default()
    }

    /// Every block's place in the text, and its first and last line in the page as stored.
    pub fn lines(&self, kept: &[u8]) -> Vec<BlockLines> {
        let mut at = self.rest;
        let blocks = unpack_split(kept, &mut at).unwrap_or_default().blocks;
        let mut line = 0;
        let mut next = || {
            line = packed::read(kept, &mut at).map_or(line, |more| more.saturating_add(line));
            line
        };
        blocks.iter().map(|block| (block.start..block.end, (next(), next()))).collect()
    }
}

/// A block's place in the text, and its first and last line in the page as stored.
pub type BlockLines = (Range<usize>, (u64, u64));

fn pack_split(shown: &Shown, stored: &[u8], out: &mut Vec<u8>) {
    let Split { spans, blocks } = &shown.split;
    let mut bytes = Vec::new();
    packed::pack(&shown.split, &mut bytes);
    packed::write(out, spans.len() as u64);
    packed::write(out, bytes.len() as u64);
    out.extend(bytes);
    packed::write(out, blocks.len() as u64);
    for block in blocks {
        packed::write(out, block.start as u64);
        packed::write(out, block.end as u64);
        for part in [&block.headline, &block.byline, &block.date] {
            // An empty range stands for none.
            let part = part.clone().unwrap_or_default();
            packed::write(out, part.start as u64);
            packed::write(out, part.end as u64);
        }
    }
    // Line ends are counted once, from each place to the next.
    let (mut seen, mut line) = (0, 1);
    for offset in blocks.iter().flat_map(|block| [block.start, last_character(&shown.text, block)]) {
        let place = shown.places.to_source(offset);
        line += memchr::memchr_iter(b'\n', &stored[seen..place]).count() as u64;
        packed::write(out, std::mem::take(&mut line));
        seen = place;
    }
}

/// Where the last character of a block begins.
fn last_character(text: &str, block: &Block) -> usize {
    text[block.start..block.end].char_indices().next_back().map_or(block.start, |(at, _)| block.start + at)
}

fn unpack_split(kept: &[u8], at: &mut usize) -> Option<Split> {
    let count = packed::read(kept, at)? as usize;
    let length = packed::read(kept, at)? as usize;
    let spans = packed::spans(kept.get(*at..)?.get(..length)?, packed::Place::default()).take(count).collect();
    *at += length;
    let mut number = || packed::read(kept, at).map(|number| number as usize);
    let count = number()?;
    let mut blocks = Vec::with_capacity(count.min(1 << 10));
    for _ in 0..count {
        let (start, end) = (number()?, number()?);
        let mut part = || Some(number()?..number()?);
        let (headline, byline, date) = (part()?, part()?, part()?);
        let given = |part: Range<usize>| (!part.is_empty()).then_some(part);
        blocks.push(Block { start, end, headline: given(headline), byline: given(byline), date: given(date) });
    }
    Some(Split { spans, blocks })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html><body><nav><a href=/>Home</a></nav><article><h1>The gate is open</h1>
<p class=byline>By Ann Weaver</p><time>3 May 2024</time><p>The gate at the harbour &amp; the mill was opened again on
Friday, after two years of work.</p><p>\u{201e}We had hoped for less,\u{201c} said the mayor, who walked through it
first.</p></article><footer>All rights reserved</footer></body></html>";

    #[test]
    fn what_was_changed_is_used_only_if_nothing_in_it_leads_outside() {
        for encoding in [None, Some(encoding_rs::WINDOWS_1252)] {
            let stored = encoding.map_or(PAGE.as_bytes().to_vec(), |encoding| encoding.encode(PAGE).0.into_owned());
            let (kept, form) = (pack(&stored, encoding), Form::Shown(stored.len() as u64));
            assert!(is_sound(&kept, form) && !is_sound(&kept, Form::Shown(1)) && is_sound(b"any text", Form::Plain));
            let changed = (0..kept.len()).flat_map(|at| {
                let with = |byte: u8| [&kept[..at], &[byte], &kept[at + 1..]].concat();
                let bytes = [0, 1, 0x7f, 0x80, 0xff, kept[at] ^ 1, kept[at].wrapping_add(8), kept[at].wrapping_sub(1)];
                bytes.map(with).into_iter().chain([kept[..at].to_vec()]).collect::<Vec<_>>()
            });
            let (sound, others): (Vec<_>, Vec<_>) = changed.partition(|changed| is_sound(changed, form));
            assert!(sound.len() > 100 && others.len() > 100, "{} {}", sound.len(), others.len());
            for kept in sound {
                let shown = Kept::of(&kept).unwrap();
                let (split, text) = (shown.split(&kept), &kept[shown.text.clone()]);
                assert_eq!(split.spans.last().map(|span| span.end), Some(text.len()));
                let places: Vec<usize> = (0..=text.len()).map(|at| shown.places.to_source(at)).collect();
                assert!(places.iter().all(|&place| place <= stored.len()));
                assert_eq!(shown.lines(&kept).len(), split.blocks.len());
            }
        }
    }
}
