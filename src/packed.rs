//! What is kept of a page's spans once its text is dropped: about three bytes a span.
//!
//! A span is written as two numbers of seven bits a byte, the highest bit saying that more follow: its
//! kind with its block (none, that of the span before, or how many further on), and its length. A block's
//! part can be read by itself.

use crate::model::{Kind, Span, Split};

const KINDS: [Kind; 5] = [Kind::Headline, Kind::Caption, Kind::Body, Kind::Furniture, Kind::Separator];

/// Where a block's spans begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Byte of the packed form.
    pub at: usize,
    /// Text offset of the span that is written there.
    pub text: usize,
    /// The block expected there, if none is left out.
    pub next: u32,
}

/// Appends a page's spans to `bytes`, and says for each of its blocks where they begin, if it has any.
/// Blocks come in page order.
pub fn pack(split: &Split, bytes: &mut Vec<u8>) -> Vec<Option<Place>> {
    let start = bytes.len();
    let mut places = vec![None; split.blocks.len()];
    let mut next = 0;
    for span in &split.spans {
        let standing = match span.block {
            None => 0,
            Some(block) if block < next => 1,
            Some(block) => {
                places[block as usize] = Some(Place { at: bytes.len() - start, text: span.start, next });
                let left_out = block - next;
                next = block + 1;
                2 + u64::from(left_out)
            }
        };
        write(bytes, span.kind as u64 | standing << 3);
        write(bytes, (span.end - span.start) as u64);
    }
    places
}

/// All spans of a page from a place on, in page order.
pub fn spans(bytes: &[u8], place: Place) -> impl Iterator<Item = Span> + '_ {
    let Place { mut at, mut text, mut next } = place;
    std::iter::from_fn(move || {
        let head = read(bytes, &mut at)?;
        let length = read(bytes, &mut at)? as usize;
        let block = match head >> 3 {
            0 => None,
            1 => next.checked_sub(1),
            standing => {
                next = u32::try_from(standing - 1).ok()?.checked_add(next).filter(|&next| next > 0)?;
                Some(next - 1)
            }
        };
        let start = text;
        text = start.checked_add(length)?;
        Some(Span { start, end: text, kind: *KINDS.get((head & 7) as usize)?, block })
    })
}

/// The spans of one block, in page order.
pub fn spans_of(bytes: &[u8], block: u32, place: Option<Place>) -> impl Iterator<Item = Span> + '_ {
    place
        .into_iter()
        .flat_map(|place| spans(bytes, place))
        .take_while(move |span| span.block.is_none_or(|other| other == block))
        .filter(|span| span.block.is_some())
}

/// Appends a number, seven bits a byte.
pub fn write(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads the number at `at` and moves behind it.
pub fn read(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// Appends bytes with their number before them.
pub fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    write(out, bytes.len() as u64);
    out.extend(bytes);
}

/// Reads what [`write_bytes`] wrote.
pub fn read_bytes<'b>(bytes: &'b [u8], at: &mut usize) -> Option<&'b [u8]> {
    let length = usize::try_from(read(bytes, at)?).ok()?;
    let found = bytes.get(*at..)?.get(..length)?;
    *at += length;
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Block;

    #[test]
    fn spans_come_back_as_they_were() {
        let mut split = Split::default();
        let mut start = 0;
        let plan = [
            (None, 0),
            (Some(0), 5),
            (None, 300),
            (Some(0), 1),
            (Some(1), 70_000),
            (Some(1), 2),
            (None, 9),
            (Some(3), 3),
        ];
        for (index, (block, length)) in plan.into_iter().enumerate() {
            split.spans.push(Span { start, end: start + length, kind: KINDS[index % 5], block });
            start += length;
        }
        split.blocks = vec![Block { start: 0, end: 0, headline: None, byline: None, date: None }; 4];
        let mut bytes = Vec::new();
        let places = pack(&split, &mut bytes);
        assert_eq!(spans(&bytes, Place::default()).collect::<Vec<_>>(), split.spans);
        for block in 0..4 {
            let expected: Vec<Span> = split.spans.iter().filter(|span| span.block == Some(block)).copied().collect();
            assert_eq!(spans_of(&bytes, block, places[block as usize]).collect::<Vec<_>>(), expected);
        }
    }
}
