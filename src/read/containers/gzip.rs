//! Gzip data of many members, as web archives are stored: one for each record.
//!
//! After a damaged member, reading goes on at the next: its beginning is looked for. Zeros between members and behind
//! the last are padding.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Chain, Cursor, Read};

/// How a member begins (RFC 1952).
const HEADER: [u8; 3] = [0x1f, 0x8b, 8];

/// Expands one member after the other. An error is given once for each damage.
pub struct Members<R>(Option<GzDecoder<Chain<Cursor<Vec<u8>>, R>>>);

impl<R: BufRead> Members<R> {
    /// Begins with the first member.
    pub fn new(input: R) -> Members<R> {
        Members(Some(GzDecoder::new(Cursor::new(Vec::new()).chain(input))))
    }

    /// Goes on at the next member; says whether there was anything else before it, or at the end, but zeros.
    fn go_on(&mut self) -> io::Result<bool> {
        let Some(decoder) = self.0.take() else { return Ok(false) };
        let (_, mut input) = decoder.into_inner().into_inner();
        let (mut last, mut odd) = ([0; HEADER.len()], false);
        while last != HEADER {
            let Some(&byte) = input.fill_buf()?.first() else { return Ok(odd || last != [0; 3]) };
            input.consume(1);
            odd |= last[0] != 0;
            last = [last[1], last[2], byte];
        }
        self.0 = Some(GzDecoder::new(Cursor::new(HEADER.to_vec()).chain(input)));
        Ok(odd)
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            match decoder.read(into) {
                Ok(0) if into.is_empty() => return Ok(0),
                Ok(0) => {
                    if self.go_on()? {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "something else between its members"));
                    }
                }
                Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                    self.go_on()?;
                    return Err(error);
                }
                read => return read,
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use std::io::Write;

    fn member(text: &str) -> Vec<u8> {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    }

    /// All text, and how many errors came between.
    fn read(bytes: &[u8], capacity: usize) -> (String, usize) {
        let mut members = Members::new(io::BufReader::with_capacity(capacity, bytes));
        let (mut text, mut errors) = (Vec::new(), 0);
        while members.read_to_end(&mut text).is_err() {
            errors += 1;
        }
        (String::from_utf8_lossy(&text).into_owned(), errors)
    }

    #[test]
    fn members_are_read_one_after_the_other() {
        let (one, two) = (member("One story. "), member("Two stories."));
        for capacity in [1, 2, 3, 7, 1 << 16] {
            assert_eq!(read(&[one.clone(), two.clone()].concat(), capacity), ("One story. Two stories.".to_owned(), 0));
            let padded = [one.clone(), vec![0; 512], two.clone(), vec![0; 700]].concat();
            assert_eq!(read(&padded, capacity), ("One story. Two stories.".to_owned(), 0));
            assert_eq!(read(&one, capacity), ("One story. ".to_owned(), 0));
        }
    }

    #[test]
    fn a_damaged_member_costs_itself_alone() {
        let (one, mut two, three) = (member("One story. "), member("Two stories. "), member("Three."));
        let middle = two.len() / 2;
        two[middle] ^= 0x55;
        for capacity in [1, 5, 1 << 16] {
            let (text, errors) = read(&[one.clone(), two.clone(), three.clone()].concat(), capacity);
            assert!(text.starts_with("One story. ") && text.ends_with("Three.") && errors == 1, "{text} {errors}");
            assert_eq!(read(&[&one[..], b"rubbish", &three[..]].concat(), capacity).1, 1);
            assert_eq!(read(&[&one[..], b"rubbish"].concat(), capacity).1, 1);
            assert_eq!(read(&one[..one.len() - 2], capacity).1, 1);
        }
    }
}
