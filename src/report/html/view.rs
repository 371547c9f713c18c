//! One page as it is looked at: its lines, and places in them as a browser counts.
//!
//! A browser counts UTF-16 code units, and whatever ends a line is one of them here.

use std::ops::Range;

/// The lines of a text, without what ends them. CRLF, LF and a lone CR end a line.
pub fn lines(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let mut start = 0;
    for end in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        // The line feed of a CRLF.
        if end < start {
            continue;
        }
        lines.push(start..end);
        start = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    lines.push(start..bytes.len());
    lines
}

/// Where bytes of a text stand if its lines are joined by one unit each. `places` are in order.
pub fn units(text: &str, lines: &[Range<usize>], places: &[usize]) -> Vec<u64> {
    let mut units = Vec::with_capacity(places.len());
    let mut places = places.iter().copied().peekable();
    let mut before = 0;
    for (at, line) in lines.iter().enumerate() {
        let next = lines.get(at + 1).map_or(usize::MAX, |next| next.start);
        let mut cursor = line.start;
        while let Some(place) = places.next_if(|&place| place < next) {
            let place = place.clamp(cursor, line.end);
            before += length(text.get(cursor..place));
            cursor = place;
            units.push(before);
        }
        before += length(text.get(cursor..line.end)) + 1;
    }
    units
}

fn length(text: Option<&str>) -> u64 {
    let text = text.unwrap_or_default();
    if text.is_ascii() { text.len() as u64 } else { text.encode_utf16().count() as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_one_unit() {
        let text = "a\r\nä𝄞b\r\n\rc\n";
        let lines = lines(text);
        let shown: Vec<&str> = lines.iter().map(|line| &text[line.clone()]).collect();
        assert_eq!(shown, ["a", "ä𝄞b", "", "c", ""]);
        // Before and behind each line end, and behind the treble clef, which is two units.
        let places = [0, 1, 3, 9, 10, 12, 13, 14, 15];
        assert_eq!(units(text, &lines, &places), [0, 1, 2, 5, 6, 7, 8, 9, 10]);
    }

    #[test]
    fn an_empty_text_is_an_empty_line() {
        assert_eq!((lines("").len(), units("", &lines(""), &[0])), (1, vec![0]));
    }
}
