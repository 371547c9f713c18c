//! The text of a page, and the way back from its offsets to the bytes as stored.

use super::places::Places;
use encoding_rs::{DecoderResult, Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};

/// Text that was decoded, with the place of every character.
#[derive(Debug)]
pub struct Decoded {
    text: String,
    places: Places,
}

impl Decoded {
    /// Decodes a whole page. What cannot be decoded becomes U+FFFD.
    ///
    /// The decoder is fed so that every character's first stored byte is known: whole runs of ASCII
    /// where one byte is one character, single bytes elsewhere. Bytes that only change the decoder's
    /// state, such as escape sequences, count towards the character after them.
    pub fn new(stored: &[u8], encoding: &'static Encoding) -> Decoded {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let mut decoded = Decoded { text: String::with_capacity(stored.len() * 2), places: Places::default() };
        let ascii_compatible = ![UTF_16LE, UTF_16BE, ISO_2022_JP].contains(&encoding);
        let (mut at, mut pending) = (0, 0);
        let mut fresh = String::with_capacity(64);
        while at < stored.len() {
            if ascii_compatible && pending == at {
                let ascii = Encoding::ascii_valid_up_to(&stored[at..]);
                if ascii > 0 {
                    decoded.push_ascii(&stored[at..at + ascii], at);
                    at += ascii;
                    pending = at;
                    continue;
                }
            }
            let last = at + 1 == stored.len();
            decode_byte(&mut decoder, stored[at], last, &mut fresh);
            at += 1;
            if !fresh.is_empty() {
                decoded.push_chars(&fresh, pending, at);
                fresh.clear();
                pending = at;
            }
        }
        decoded.places.end(decoded.text.len(), stored.len());
        decoded
    }

    /// The text.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Takes an offset at a character's start, or the end of the text, to the byte of the page as
    /// stored where that character starts. Strictly increasing, from 0 to the page's length.
    pub fn to_stored(&self, offset: usize) -> usize {
        self.places.to_source(offset)
    }

    fn push_ascii(&mut self, ascii: &[u8], at: usize) {
        self.places.note(self.text.len(), at, 1, 1);
        self.text.push_str(std::str::from_utf8(ascii).unwrap_or_default());
    }

    /// Takes in the characters that came out for the bytes `[start, end)`: as a rule one. After an
    /// error there can be more; then the last ones stand for one byte each.
    fn push_chars(&mut self, chars: &str, start: usize, end: usize) {
        let mut left = chars.chars().count();
        let mut from = start;
        for c in chars.chars() {
            left -= 1;
            let to = end.saturating_sub(left).clamp(from, end);
            self.places.note(self.text.len(), from, c.len_utf8(), to - from);
            self.text.push(c);
            from = to;
        }
    }
}

/// Feeds one byte; what comes out is appended to `out`, with U+FFFD for what cannot be decoded.
fn decode_byte(decoder: &mut encoding_rs::Decoder, byte: u8, last: bool, out: &mut String) {
    let source = [byte];
    let mut source = &source[..];
    loop {
        out.reserve(16);
        let (result, read) = decoder.decode_to_string_without_replacement(source, out, last);
        source = &source[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => out.push(char::REPLACEMENT_CHARACTER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes, and checks the place of every character by decoding the bytes up to there again.
    #[track_caller]
    fn check(label: &str, stored: &[u8], expected: &str) {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let decoded = Decoded::new(stored, encoding);
        assert_eq!(decoded.text, expected);
        assert_eq!(decoded.text, encoding.decode_without_bom_handling(stored).0, "agrees with decoding in one go");
        let mut before = None;
        for (offset, _) in expected.char_indices().chain([(expected.len(), ' ')]) {
            let place = decoded.to_stored(offset);
            assert!(before.is_none_or(|before| before < place), "{label}: {offset} does not move on");
            before = Some(place);
            let (head, _) = encoding.decode_without_bom_handling(&stored[..place]);
            assert_eq!(head, expected[..offset], "{label}: text before {offset}");
        }
        assert_eq!(decoded.to_stored(0), 0);
        assert_eq!(decoded.to_stored(decoded.text.len()), stored.len());
    }

    #[test]
    fn every_character_is_found_again_in_the_bytes_as_stored() {
        for (label, text) in [
            ("windows-1251", "Новости дня: 5 апреля.\r\n"),
            ("windows-1252", "Café “Zürich” – 10 €\n"),
            ("windows-1256", "أخبار اليوم 2021\n"),
            ("iso-8859-2", "Dzień dobry, Łódź\n"),
            ("koi8-r", "Москва сегодня\n"),
            ("shift_jis", "東京の天気 ﾊﾝｶｸ ok\n"),
            ("euc-jp", "東京の天気 ok\n"),
            ("euc-kr", "서울 뉴스 ok\n"),
            ("gb18030", "北京新闻 𠮷 ok\n"),
            ("big5", "台北新聞 ok\n"),
        ] {
            let (stored, _, lossy) = Encoding::for_label(label.as_bytes()).unwrap().encode(text);
            assert!(!lossy, "{label} can write its sample");
            check(label, &stored, text);
        }
    }

    #[test]
    fn utf_16_keeps_its_pairs_together() {
        let text = "Ab\u{1f4f0}ё\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check("utf-16le", &little, text);
        check("utf-16be", &big, text);
    }

    #[test]
    fn escape_sequences_count_towards_the_character_after_them() {
        let stored = b"ok \x1b$B%F%9%H\x1b(B end\n";
        let decoded = Decoded::new(stored, ISO_2022_JP);
        assert_eq!(decoded.text, "ok テスト end\n");
        assert_eq!(decoded.to_stored(3), 3);
        assert_eq!(decoded.to_stored(6), 8);
        assert_eq!(decoded.to_stored(12), 12);
        assert_eq!(decoded.to_stored(decoded.text.len()), stored.len());
    }

    #[test]
    fn broken_bytes_become_replacement_characters_that_have_a_place() {
        check("shift_jis", b"a\x81 b", "a\u{fffd} b");
        check("gb18030", b"a\x81", "a\u{fffd}");
        check("utf-16le", b"a\0\0\xd8b\0", "a\u{fffd}b");
    }
}
