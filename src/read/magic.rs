//! Files that are plainly not text, told by their first bytes.

/// What newsdedup itself writes.
const REPORT: &str = "a report of newsdedup";

/// First bytes (at an offset) and what they look like. From the formats' own specifications.
const MAGIC: &[(usize, &[u8], &str)] = &[
    (0, b"\x1f\x8b", "gzip data"),
    (0, b"\x28\xb5\x2f\xfd", "zstd data"),
    (0, b"BZh", "bzip2 data"),
    (0, b"\xfd7zXZ\0", "xz data"),
    (0, b"\x04\x22\x4d\x18", "lz4 data"),
    (0, b"PK\x03\x04", "a zip archive (also docx, xlsx, epub)"),
    (0, b"PK\x05\x06", "an empty zip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\x07", "a rar archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (8, b"WEBP", "a WebP image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (4, b"ftyp", "a video or HEIF image"),
    (0, b"ID3", "MP3 sound"),
    (0, b"OggS", "Ogg sound"),
    (0, b"fLaC", "FLAC sound"),
    (0, b"RIFF", "sound or video"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska video"),
    (0, b"\x7fELF", "a program (ELF)"),
    (0, b"\xcf\xfa\xed\xfe", "a program (Mach-O)"),
    (0, b"\xca\xfe\xba\xbe", "a program (Mach-O or Java)"),
    (0, b"\0asm", "a program (WebAssembly)"),
    (0, b"PAR1", "a Parquet table"),
    (0, b"ARROW1\0\0", "an Arrow table"),
    (0, b"ORC\x01", "an ORC table"),
    (0, b"Obj\x01", "an Avro table"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (0, b"wOF2", "a font"),
    (0, b"\0\x01\0\0\0", "a font"),
    (0, b"\xff\xfe\0\0", "UTF-32 text"),
    (0, b"\0\0\xfe\xff", "UTF-32 text"),
    (0, b"{\"schema\":\"newsdedup/", REPORT),
    (0, b"{\"type\":\"header\",\"schema\":\"newsdedup/", REPORT),
];

/// Formats that are written in letters, yet no page.
const WRITTEN: &[&str] = &["a PDF document", "an RTF document", "a PostScript document", REPORT];

/// What `stored` looks like, if it is plainly not text.
pub fn not_text(stored: &[u8]) -> Option<&'static str> {
    let (_, _, looks) = MAGIC.iter().find(|(at, bytes, looks)| {
        // Nearly every page differs in the first byte already.
        stored.get(*at) == Some(&bytes[0])
            && stored[*at..].starts_with(bytes)
            && (WRITTEN.contains(looks) || !reads_well(stored))
    })?;
    Some(looks)
}

/// Whether these bytes begin a report of newsdedup.
pub fn is_report(stored: &[u8]) -> bool {
    not_text(stored) == Some(REPORT)
}

/// Whether the first bytes could be a text: some magic numbers are words too.
fn reads_well(stored: &[u8]) -> bool {
    let head = &stored[..stored.len().min(512)];
    let text = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    text && !head.iter().any(|&byte| is_odd_control(byte))
}

/// Control characters that no text uses; tabs, line ends, form feeds, backspaces and escapes are used.
pub fn is_odd_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, 8 | 9 | 10 | 12 | 13 | 27)) || byte == 0x7f
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_begins_with_a_magic_word_is_a_page() {
        assert_eq!(not_text(b"RIFF raff on the streets of Lisbon"), None);
        assert_eq!(not_text(b"ID3 tags explained"), None);
        assert_eq!(not_text("BZh\u{fc}rich wins".as_bytes()), None);
        assert_eq!(not_text(b"BZh91AY&SY\x12\x9d\xff"), Some("bzip2 data"));
    }

    #[test]
    fn a_magic_word_inside_of_a_text_is_a_word() {
        assert_eq!(not_text(b"The new WEBP format loads faster, says its maker."), None);
        let text = [&[b'a'; 257], &b"ustard on everything, he said"[..]].concat();
        assert_eq!(not_text(&text), None);
    }

    #[test]
    fn a_tar_archive_is_known_by_its_header() {
        let mut tar = vec![0; 512];
        tar[..8].copy_from_slice(b"page.txt");
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(not_text(&tar), Some("a tar archive"));
    }
}
