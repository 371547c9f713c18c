//! JSON values out of a file, one after the other; no more is held than one of them takes.
//!
//! Only strings and brackets are looked at: whether a value is what it should be is for its reader to
//! say. Blanks between its parts are left out.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// Bytes that are read at once, at first and at most: many a report is small.
const CHUNK: (usize, usize) = (1 << 12, 1 << 18);

/// Why there is no value.
#[derive(Debug)]
pub enum Damage {
    /// The file could not be read.
    Unreadable(io::Error),
    /// What is wrong, and at which byte.
    At(u64, String),
}

impl From<io::Error> for Damage {
    fn from(error: io::Error) -> Damage {
        Damage::Unreadable(error)
    }
}

/// A place in a file that moves on. Others may read the same file.
pub struct Scan<'f> {
    file: &'f File,
    chunk: Vec<u8>,
    /// Where the chunk begins in the file.
    start: u64,
    /// How much of the chunk is done with.
    used: usize,
}

impl<'f> Scan<'f> {
    /// Begins at a byte of the file.
    pub fn new(file: &'f File, start: u64) -> Scan<'f> {
        Scan { file, chunk: Vec::new(), start, used: 0 }
    }

    /// The byte of the file that is next.
    pub fn at(&self) -> u64 {
        self.start + self.used as u64
    }

    /// What is read and not done with; empty only at the end of the file.
    fn rest(&mut self) -> io::Result<&[u8]> {
        if self.used == self.chunk.len() {
            self.start = self.at();
            self.used = 0;
            self.chunk.resize((8 * self.chunk.len()).clamp(CHUNK.0, CHUNK.1), 0);
            let read = loop {
                match self.file.read_at(&mut self.chunk, self.start) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read,
                }
            };
            self.chunk.truncate(*read.as_ref().unwrap_or(&0));
            read?;
        }
        Ok(&self.chunk[self.used..])
    }

    /// The next byte that is no blank, which stays.
    pub fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let rest = self.rest()?;
            let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let (next, empty) = (rest.get(blanks).copied(), rest.is_empty());
            self.used += blanks;
            if next.is_some() || empty {
                return Ok(next);
            }
        }
    }

    /// Whether the next byte that is no blank is this one; if so, it is done with.
    pub fn take(&mut self, byte: u8) -> io::Result<bool> {
        let found = self.peek()? == Some(byte);
        self.used += usize::from(found);
        Ok(found)
    }

    /// As [`Scan::take`], for a byte that must be there.
    pub fn expect(&mut self, byte: u8) -> Result<(), Damage> {
        if self.take(byte)? {
            return Ok(());
        }
        Err(match self.peek()? {
            Some(found) => {
                self.damage(format!("'{}' stands where '{}' should", found.escape_ascii(), char::from(byte)))
            }
            None => self.cut_off(),
        })
    }

    /// Appends the next value to `out`.
    pub fn value(&mut self, out: &mut Vec<u8>) -> Result<(), Damage> {
        let (begin, mut depth, mut blank) = (out.len(), 0_usize, false);
        self.peek()?;
        loop {
            let Some(&byte) = self.rest()?.first() else {
                return if depth == 0 && out.len() > begin { Ok(()) } else { Err(self.cut_off()) };
            };
            match byte {
                b'}' | b']' | b',' | b':' if depth == 0 && out.len() == begin => {
                    return Err(self.damage(format!("'{}' stands where a value should", char::from(byte))));
                }
                b'}' | b']' | b',' | b':' if depth == 0 => return Ok(()),
                _ if byte.is_ascii_whitespace() => {
                    if depth == 0 {
                        return Ok(());
                    }
                    blank = true;
                    self.used += 1;
                    continue;
                }
                _ => {}
            }
            // Two values without a comma between them must not become one.
            if std::mem::take(&mut blank) && !is_sign(byte) && out.last().is_some_and(|&last| !is_sign(last)) {
                out.push(b' ');
            }
            match byte {
                b'"' => self.string(out)?,
                _ => {
                    out.push(byte);
                    self.used += 1;
                }
            }
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                b'"' => {}
                _ => continue,
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Appends a string with its quotes.
    fn string(&mut self, out: &mut Vec<u8>) -> Result<(), Damage> {
        out.push(b'"');
        self.used += 1;
        loop {
            let rest = self.rest()?;
            let Some(sign) = memchr::memchr2(b'"', b'\\', rest) else {
                let all = rest.len();
                out.extend_from_slice(rest);
                self.used += all;
                if all == 0 {
                    return Err(self.cut_off());
                }
                continue;
            };
            out.extend_from_slice(&rest[..=sign]);
            let end = rest[sign] == b'"';
            self.used += sign + 1;
            if end {
                return Ok(());
            }
            let Some(&escaped) = self.rest()?.first() else { return Err(self.cut_off()) };
            out.push(escaped);
            self.used += 1;
        }
    }

    /// Something is wrong here.
    pub fn damage(&self, what: String) -> Damage {
        Damage::At(self.at(), what)
    }

    /// Something should go on here.
    pub fn cut_off(&self) -> Damage {
        self.damage("it ends here, but is not complete".to_owned())
    }
}

fn is_sign(byte: u8) -> bool {
    matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(text: &str) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    /// All values of a text, and what ends them.
    #[track_caller]
    fn check(text: &str, values: &[&str], damage: Option<u64>) {
        let file = file(text);
        let mut scan = Scan::new(&file, 0);
        let mut found = Vec::new();
        let ended = loop {
            match scan.peek().unwrap() {
                None => break None,
                Some(_) => {
                    let mut value = Vec::new();
                    match scan.value(&mut value) {
                        Ok(()) => found.push(String::from_utf8(value).unwrap()),
                        Err(Damage::At(at, _)) => break Some(at),
                        Err(Damage::Unreadable(error)) => panic!("{error}"),
                    }
                }
            }
        };
        assert_eq!((found, ended), (values.iter().map(|&value| value.to_owned()).collect(), damage), "{text}");
    }

    #[test]
    fn values_come_one_by_one_without_blanks_between_their_parts() {
        check("{\"a\" : [1, \"x y\\\" }\"]}\n{}", &["{\"a\":[1,\"x y\\\" }\"]}", "{}"], None);
        check(" 12  \"\" null", &["12", "\"\"", "null"], None);
        check("[1 2]", &["[1 2]"], None);
        check(&format!("\"{}\"", "x".repeat(CHUNK.1 * 2)), &[&format!("\"{}\"", "x".repeat(CHUNK.1 * 2))], None);
    }

    #[test]
    fn what_is_cut_off_or_no_value_is_told_with_its_place() {
        check("{} {\"a\":", &["{}"], Some(8));
        check("\"abc", &[], Some(4));
        check("\"abc\\", &[], Some(5));
        check("1 ]", &["1"], Some(2));
    }
}
