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

/// Where bytes of a text stand if its lines are joined by one unit each.
pub struct Ruler {
    /// The unit with which each line begins.
    starts: Vec<u64>,
    /// The bytes that are asked for, in order, and their units.
    places: Vec<usize>,
    units: Vec<u64>,
}

impl Ruler {
    /// Measures some places in a text.
    pub fn new(text: &str, lines: &[Range<usize>], mut places: Vec<usize>) -> Ruler {
        places.sort_unstable();
        places.dedup();
        let mut ruler =
            Ruler { starts: Vec::with_capacity(lines.len()), units: Vec::with_capacity(places.len()), places };
        let mut places = ruler.places.iter().copied().peekable();
        let mut before = 0;
        for (at, line) in lines.iter().enumerate() {
            ruler.starts.push(before);
            let next = lines.get(at + 1).map_or(usize::MAX, |next| next.start);
            let mut cursor = line.start;
            while let Some(place) = places.next_if(|&place| place < next) {
                let place = (cursor..=place.clamp(cursor, line.end)).rfind(|&at| text.is_char_boundary(at));
                let place = place.unwrap_or(cursor);
                before += length(text.get(cursor..place));
                cursor = place;
                ruler.units.push(before);
            }
            before += length(text.get(cursor..line.end)) + 1;
        }
        ruler
    }

    /// The unit of a place that was measured.
    pub fn unit(&self, place: usize) -> u64 {
        self.places.binary_search(&place).ok().and_then(|at| self.units.get(at).copied()).unwrap_or_default()
    }

    /// The line in which a unit stands, and how many units of the line stand before it.
    pub fn line(&self, unit: u64) -> (usize, u64) {
        let line = self.starts.partition_point(|&start| start <= unit).saturating_sub(1);
        (line, unit - self.starts.get(line).copied().unwrap_or_default())
    }
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
        let ruler = Ruler::new(text, &lines, places.to_vec());
        assert_eq!(places.map(|place| ruler.unit(place)), [0, 1, 2, 5, 6, 7, 8, 9, 10]);
        assert_eq!([0, 2, 5, 6, 10].map(|unit| ruler.line(unit)), [(0, 0), (1, 0), (1, 3), (1, 4), (4, 0)]);
    }

    #[test]
    fn an_empty_text_is_an_empty_line() {
        let ruler = Ruler::new("", &lines(""), vec![0]);
        assert_eq!((ruler.starts.len(), ruler.unit(0), ruler.line(0)), (1, 0, (0, 0)));
    }
}
