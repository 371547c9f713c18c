//! Every distinct line once.

use super::parts::Part;
use crate::fingerprint::sha256;
use rustc_hash::FxHashMap;
use std::io::{self, Write};

/// What tells lines apart, the beginning of their SHA-256: two of 2^32 lines share it by chance in one of 2^64 files.
type Mark = [u8; 16];

fn mark(text: &str) -> Mark {
    let digest = sha256(text.as_bytes()).0;
    std::array::from_fn(|at| digest[at])
}

/// The lines of the file, by what they say.
pub struct Distinct {
    known: FxHashMap<Mark, u32>,
    /// Bytes of all of them.
    bytes: usize,
    part: Part,
}

impl Distinct {
    /// Line 0 is the empty one.
    pub fn new(out: &mut dyn Write) -> io::Result<Distinct> {
        let mut distinct = Distinct { known: FxHashMap::default(), bytes: 0, part: Part::lines() };
        distinct.numbers(&[""], 0, out)?;
        Ok(distinct)
    }

    /// The numbers of some lines, which are added if they are new; `None`, and nothing is added, if there is no
    /// room for all of them. A line has no line end in it.
    pub fn numbers(&mut self, texts: &[&str], room: usize, out: &mut dyn Write) -> io::Result<Option<Vec<u32>>> {
        let marks: Vec<Mark> = texts.iter().map(|text| mark(text)).collect();
        let new = texts.iter().zip(&marks).filter(|(_, mark)| !self.known.contains_key(*mark));
        if self.bytes + new.map(|(text, _)| text.len()).sum::<usize>() > room {
            return Ok(None);
        }
        let mut numbers = Vec::with_capacity(texts.len());
        for (text, mark) in texts.iter().zip(marks) {
            let next = self.known.len() as u32;
            numbers.push(*self.known.entry(mark).or_insert(next));
            if self.known.len() as u32 > next {
                self.bytes += text.len();
                self.part.line(text, out)?;
            }
        }
        Ok(Some(numbers))
    }

    pub fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.part.finish(out)
    }
}

/// Numbers of lines as zlib likes them: 0 is the empty line, 1 the line that follows the last one that was not
/// empty, 2 the one behind that, and -1 the last one itself.
pub fn steps(numbers: &[u32]) -> Vec<i64> {
    let mut next = 1;
    let step = |&number: &u32| {
        if number == 0 {
            return 0;
        }
        let step = i64::from(number) - std::mem::replace(&mut next, i64::from(number) + 1);
        if step < 0 { step } else { step + 1 }
    };
    numbers.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_lines_share_a_number_and_what_finds_no_room_has_none() {
        let mut out = Vec::new();
        let mut lines = Distinct::new(&mut out).unwrap();
        let mut numbers = |texts: &[&str], room| lines.numbers(texts, room, &mut out).unwrap();
        assert_eq!(numbers(&["a", "b", "a", ""], 100), Some(vec![1, 2, 1, 0]));
        assert_eq!(numbers(&["x", "b", "cde"], 5), None);
        assert_eq!(numbers(&["b", "cde"], 5), Some(vec![2, 3]));
    }

    #[test]
    fn neighbours_are_written_alike_with_empty_lines_between() {
        assert_eq!(steps(&[5, 0, 6, 0, 4, 5, 5, 1]), [5, 0, 1, 0, -3, 1, -1, -5]);
    }
}
