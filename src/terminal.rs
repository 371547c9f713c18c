//! Text of others on its way to a terminal, which would take parts of it for orders.
//!
//! Names and texts may hold control characters, and marks that turn the direction of what stands around them. A file
//! or a pipe gets them as they are; a terminal is shown them as `\u001b`, as JSON has it, and bytes that are not UTF-8
//! as `\xff`. JSON means the same then.

use crate::layout::is_safe;
use std::io::{self, IsTerminal, Write};

/// The longest start of a character that is not a whole one, in bytes.
const LONGEST_START: usize = 3;

/// Standard output for text that is not made for a terminal; it needs a flush at the end.
pub fn stdout() -> Box<dyn Write> {
    let out = io::stdout();
    if out.is_terminal() { Box::new(Harmless::new(out)) } else { Box::new(out) }
}

/// Writes what a terminal may be shown.
#[derive(Debug)]
pub struct Harmless<W> {
    out: W,
    /// The start of a character.
    start: Vec<u8>,
}

impl<W: Write> Harmless<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Harmless<W> {
        Harmless { out, start: Vec::new() }
    }
}

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.start.extend_from_slice(bytes);
        let whole = whole(&self.start);
        self.out.write_all(harmless(&self.start[..whole]).as_bytes())?;
        self.start.drain(..whole);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let start = std::mem::take(&mut self.start);
        self.out.write_all(harmless(&start).as_bytes())?;
        self.out.flush()
    }
}

/// Up to where there are whole characters, or what never becomes one.
fn whole(bytes: &[u8]) -> usize {
    let is_start = |at: &usize| {
        let error = std::str::from_utf8(&bytes[*at..]).err();
        error.is_some_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    (bytes.len().saturating_sub(LONGEST_START)..bytes.len()).find(is_start).unwrap_or(bytes.len())
}

fn harmless(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                c if c == '\n' || is_safe(c) => out.push(c),
                c => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            }
        }
        chunk.invalid().iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(parts: &[&[u8]], expected: &str) {
        let mut out = Harmless::new(Vec::new());
        parts.iter().for_each(|part| out.write_all(part).unwrap());
        out.flush().unwrap();
        assert_eq!(String::from_utf8(out.out).unwrap(), expected);
    }

    #[test]
    fn orders_are_shown_and_not_given() {
        check(&[b"a\tb\n\x1b[31m\r\x7f"], "a\\u0009b\n\\u001b[31m\\u000d\\u007f");
        check(&["\u{9b}1m \u{202e}новости".as_bytes()], "\\u009b1m \\u202eновости");
        check(&[b"\xff\xc3("], "\\xff\\xc3(");
    }

    #[test]
    fn a_character_may_come_in_parts() {
        let text = "ё\u{9b}\u{202e}𝄞".as_bytes();
        for cut in 0..=text.len() {
            check(&[&text[..cut], &text[cut..]], "ё\\u009b\\u202e𝄞");
        }
        check(&["𝄞".as_bytes().split_at(3).0], "\\xf0\\x9d\\x84");
    }
}
