//! What a run of bytes is: told by its content, and where that says nothing by its name.

use super::magic;

/// How much is looked at, in bytes.
pub const HEAD: usize = 1 << 16;

/// What pages are written in, as the user may name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text, one page.
    Text,
    /// Markup, one page.
    Html,
    /// JSON objects, one a line; each is a page.
    Jsonl,
    /// A table with a line of names; each line below it is a page.
    Csv,
    /// A web archive, WARC or WET; each response is a page.
    Warc,
    /// A Parquet table; each row is a page.
    Parquet,
}

impl Format {
    /// The one of this name.
    pub fn named(name: &str) -> Option<Format> {
        let all = [Format::Text, Format::Html, Format::Jsonl, Format::Csv, Format::Warc, Format::Parquet];
        all.into_iter().find(|format| format.name() == name)
    }

    /// Its name on the command line and in a report.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Html => "html",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Warc => "warc",
            Format::Parquet => "parquet",
        }
    }
}

/// How bytes are packed smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952, one member or many.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The format of bzip2.
    Bzip2,
    /// The `.xz` format.
    Xz,
}

/// Several files in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archive {
    /// POSIX tar, with the extensions of GNU.
    Tar,
    /// Zip.
    Zip,
}

/// What to do with some bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// To be expanded; what comes out has a shape of its own.
    Compressed(Compression),
    /// To be opened; each file in it has a shape of its own.
    Archive(Archive),
    /// Pages, or one page.
    Format(Format),
    /// Plainly no page; what it looks like.
    NotText(&'static str),
}

impl Shape {
    /// Whether the bytes are one page as they stand.
    pub fn is_page(self) -> bool {
        matches!(self, Shape::Format(Format::Text | Format::Html) | Shape::NotText(_))
    }
}

/// Recognises bytes by how they begin: `head` is all of them or the first [`HEAD`]. What the user says counts for
/// pages, not for what they are packed in.
pub fn recognise(head: &[u8], name: &[u8], told: Option<Format>) -> Shape {
    if let Some(packed) = packed(head) {
        return packed;
    }
    if let Some(format) = told {
        return Shape::Format(format);
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    match head.trim_ascii_start().first() {
        Some(b'{') if !magic::is_report(head) && is_jsonl(head, name) => return Shape::Format(Format::Jsonl),
        Some(b'<') if has_ending(name, HTML) || super::html::looks_like_html(head) => {
            return Shape::Format(Format::Html);
        }
        Some(b'W') if head.starts_with(b"WARC/") => return Shape::Format(Format::Warc),
        None if has_ending(name, &[b".jsonl", b".ndjson"]) => return Shape::Format(Format::Jsonl),
        Some(b'P') if head.starts_with(b"PAR1") => return Shape::Format(Format::Parquet),
        _ => {}
    }
    match magic::not_text(head) {
        Some(looks) => Shape::NotText(looks),
        None if has_ending(name, CSV) => Shape::Format(Format::Csv),
        None => Shape::Format(Format::Text),
    }
}

const HTML: &[&[u8]] = &[b".html", b".htm", b".xhtml"];
const JSONL: &[&[u8]] = &[b".jsonl", b".ndjson", b".json"];
const CSV: &[&[u8]] = &[b".csv", b".tsv"];

/// Whether a name ends in one of these, in letters of either case.
pub fn has_ending(name: &[u8], endings: &[&[u8]]) -> bool {
    endings
        .iter()
        .any(|ending| name.len() >= ending.len() && name[name.len() - ending.len()..].eq_ignore_ascii_case(ending))
}

fn packed(head: &[u8]) -> Option<Shape> {
    let shape = match head {
        [0x1f, 0x8b, 8, ..] => Shape::Compressed(Compression::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Shape::Compressed(Compression::Zstd),
        // Zstd data may begin with frames that hold nothing.
        [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Shape::Compressed(Compression::Zstd),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..] => {
            Shape::Compressed(Compression::Bzip2)
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Shape::Compressed(Compression::Xz),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => match document(head) {
            Some(document) => Shape::NotText(document),
            None => Shape::Archive(Archive::Zip),
        },
        _ if is_tar(head) => Shape::Archive(Archive::Tar),
        _ => return None,
    };
    Some(shape)
}

/// Office documents and books are zip archives, but no archives of pages.
fn document(zip: &[u8]) -> Option<&'static str> {
    let length = u16::from_le_bytes([*zip.get(26)?, *zip.get(27)?]) as usize;
    match zip.get(30..30 + length)? {
        b"[Content_Types].xml" | b"_rels/.rels" => Some("an Office document"),
        b"mimetype" => Some("an OpenDocument text or an EPUB book"),
        _ => None,
    }
}

/// A tar archive is known by the check sum of its first header; the word `ustar` alone may stand in any text.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512).filter(|header| header[0] != 0) else { return false };
    let digits = header[148..156].trim_ascii_start();
    let end = digits.iter().position(|byte| !(b'0'..=b'7').contains(byte)).unwrap_or(digits.len());
    let Ok(claimed) = u32::from_str_radix(std::str::from_utf8(&digits[..end]).unwrap_or_default(), 8) else {
        return false;
    };
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    let own: u32 = header[148..156].iter().map(|&byte| u32::from(byte)).sum();
    claimed == sum - own + 8 * u32::from(b' ')
}

/// Lines of JSON begin with a line that is an object. Where the first line does not end within `head`, or is
/// broken, the name decides.
fn is_jsonl(head: &[u8], name: &[u8]) -> bool {
    let named = has_ending(name, JSONL);
    let line = head.trim_ascii_start().split(|&byte| byte == b'\n').next().unwrap_or_default();
    if line.len() == head.len() && head.len() >= HEAD {
        return named || line.starts_with(b"{\"");
    }
    let object: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(line);
    object.is_ok() || named && !has_ending(name, &[b".json"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], name: &str, expected: Shape) {
        assert_eq!(recognise(head, name.as_bytes(), None), expected, "{name}");
    }

    #[test]
    fn content_goes_before_the_name() {
        check(b"{\"text\":\"One.\"}\n{\"text\":\"Two.\"}\n", "a.txt", Shape::Format(Format::Jsonl));
        check(b"{broken\n", "a.jsonl", Shape::Format(Format::Jsonl));
        check(b"{broken\n", "a.txt", Shape::Format(Format::Text));
        check(b"{\n \"text\": \"One.\"\n}\n", "a.json", Shape::Format(Format::Text));
        check(b"WARC/1.0\r\n", "a", Shape::Format(Format::Warc));
        check(b"Warsaw, Friday\n", "a", Shape::Format(Format::Text));
        check(b"text,id\n", "A.CSV", Shape::Format(Format::Csv));
        check(b"text,id\n", "a.txt", Shape::Format(Format::Text));
        check(b"\x1f\x8b\x08\0", "a.txt", Shape::Compressed(Compression::Gzip));
        check(b"BZh91 is no archive\n", "a.txt", Shape::Format(Format::Text));
        check(b"%PDF-1.7\n", "a.txt", Shape::NotText("a PDF document"));
    }

    #[test]
    fn what_the_user_says_goes_before_all_but_packing() {
        let told = |head: &[u8]| recognise(head, b"a.jsonl", Some(Format::Text));
        assert_eq!(told(b"{\"text\":\"One.\"}\n"), Shape::Format(Format::Text));
        assert_eq!(told(b"\x1f\x8b\x08\0"), Shape::Compressed(Compression::Gzip));
    }

    #[test]
    fn documents_are_no_archives() {
        let mut zip = b"PK\x03\x04".to_vec();
        zip.resize(30, 0);
        zip[26] = 8;
        zip.extend(b"mimetypeapplication/epub+zip");
        check(&zip, "book.epub", Shape::NotText("an OpenDocument text or an EPUB book"));
    }

    #[test]
    fn a_tar_archive_is_known_by_its_check_sum() {
        let mut header = vec![0u8; 512];
        header[..8].copy_from_slice(b"page.txt");
        header[257..262].copy_from_slice(b"ustar");
        check(&header, "a", Shape::NotText("a tar archive"));
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum::<u32>() + 8 * 32;
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        check(&header, "a", Shape::Archive(Archive::Tar));
    }
}
