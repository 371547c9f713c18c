//! Lists, packed into parts of a size that a browser unpacks in a moment: zlib streams, which have a checksum
//! (RFC 1950), in Base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use std::io::{self, Write};

/// Bytes from which a part is full.
const FULL: usize = 1 << 18;

/// What is gathered of a list.
pub struct Part {
    kind: &'static str,
    /// What stands between its items, and around a part.
    marks: Marks,
    /// The number of its first item.
    first: usize,
    count: usize,
    text: Vec<u8>,
    /// Bytes of what was written.
    written: usize,
}

/// How items of a list stand together.
#[derive(Clone, Copy)]
enum Marks {
    /// Texts, a line each.
    Lines,
    /// An array in JSON.
    Array,
    /// One value in JSON.
    Value,
}

impl Part {
    fn new(kind: &'static str, marks: Marks) -> Part {
        Part { kind, marks, first: 0, count: 0, text: Vec::new(), written: 0 }
    }

    /// A list of texts.
    pub fn lines() -> Part {
        Part::new("lines", Marks::Lines)
    }

    /// A list of values.
    pub fn array(kind: &'static str) -> Part {
        Part::new(kind, Marks::Array)
    }

    /// Items so far.
    pub fn len(&self) -> usize {
        self.first + self.count
    }

    /// Their bytes, before they are packed.
    pub fn bytes(&self) -> usize {
        self.written + self.text.len()
    }

    /// Adds a text without line ends.
    pub fn line(&mut self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        self.separate(b"\n");
        self.text.extend_from_slice(text.as_bytes());
        self.added(out)
    }

    /// Adds a value.
    pub fn value(&mut self, value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
        self.separate(b",");
        serde_json::to_writer(&mut self.text, value)?;
        self.added(out)
    }

    fn separate(&mut self, between: &[u8]) {
        if self.count > 0 {
            self.text.extend_from_slice(between);
        } else if let Marks::Array = self.marks {
            self.text.push(b'[');
        }
    }

    fn added(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.count += 1;
        if self.text.len() >= FULL { self.finish(out) } else { Ok(()) }
    }

    /// Writes what is gathered.
    pub fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        if let Marks::Array = self.marks {
            self.text.push(b']');
        }
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&self.text)?;
        let packed = BASE64.encode(packed.finish()?);
        writeln!(out, "<template data-part=\"{}\" data-first=\"{}\">{packed}</template>", self.kind, self.first)?;
        self.written += self.text.len();
        self.first += self.count;
        self.count = 0;
        self.text.clear();
        Ok(())
    }
}

/// Writes a part that is one value.
pub fn single(kind: &'static str, value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut part = Part::new(kind, Marks::Value);
    part.value(value, out)?;
    part.finish(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn parts_say_with_which_item_they_begin() {
        let (mut part, mut out) = (Part::array("pages"), Vec::new());
        let long = "x".repeat(FULL);
        part.value(&long, &mut out).unwrap();
        part.value(&"</template><script>", &mut out).unwrap();
        part.finish(&mut out).unwrap();
        part.finish(&mut out).unwrap();
        let written = String::from_utf8(out).unwrap();
        let parts: Vec<&str> = written.lines().collect();
        assert_eq!(parts.len(), 2);
        let second = parts[1].strip_prefix("<template data-part=\"pages\" data-first=\"1\">").unwrap();
        let packed = BASE64.decode(second.strip_suffix("</template>").unwrap()).unwrap();
        let mut text = String::new();
        flate2::read::ZlibDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "[\"</template><script>\"]");
    }
}
