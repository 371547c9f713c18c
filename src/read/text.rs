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
        let (mut at, mut next) = (0, 0);
        let mut fresh = Fresh::default();
        while at < stored.len() {
            if ascii_compatible && next == at {
                let ascii = Encoding::ascii_valid_up_to(&stored[at..]);
                if ascii > 0 {
                    decoded.push_ascii(&stored[at..at + ascii], at);
                    at += ascii;
                    next = at;
                    continue;
                }
            }
            let last = at + 1 == stored.len();
            fresh.decode_byte(&mut decoder, stored[at], last);
            at += 1;
            if !fresh.chars.is_empty() {
                next = decoded.push_fresh(&fresh, next, at);
                fresh.clear();
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

    /// Takes in the characters that came out for the bytes `[start, end)`: as a rule one; of several, the last ones
    /// stand for one byte each. What cannot be decoded ends where the decoder says; each character behind it stands for
    /// one byte, and bytes may be left for the next one. Where that begins.
    fn push_fresh(&mut self, fresh: &Fresh, start: usize, end: usize) -> usize {
        let (mut from, mut left) = (start, fresh.chars.chars().count());
        let mut broken = fresh.broken.iter().peekable();
        for (offset, c) in fresh.chars.char_indices() {
            left -= 1;
            let to = match broken.next_if(|(at, _)| *at == offset) {
                Some((_, behind)) => end.saturating_sub(*behind).max(from + 1),
                None if fresh.broken.is_empty() => end.saturating_sub(left).max(from + 1),
                None => from + 1,
            };
            self.places.note(self.text.len(), from, c.len_utf8(), to - from);
            self.text.push(c);
            from = to;
        }
        from
    }
}

/// What comes out for one byte.
#[derive(Default)]
struct Fresh {
    /// Characters, with U+FFFD for what cannot be decoded.
    chars: String,
    /// Where these stand for something that cannot, and how many of the bytes that were read stand behind that.
    broken: Vec<(usize, usize)>,
}

impl Fresh {
    fn decode_byte(&mut self, decoder: &mut encoding_rs::Decoder, byte: u8, last: bool) {
        let source = [byte];
        let mut source = &source[..];
        loop {
            self.chars.reserve(16);
            let (result, read) = decoder.decode_to_string_without_replacement(source, &mut self.chars, last);
            source = &source[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(_, behind) => {
                    self.broken.push((self.chars.len(), usize::from(behind) + source.len()));
                    self.chars.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }

    fn clear(&mut self) {
        self.chars.clear();
        self.broken.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;

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
    fn two_characters_of_two_bytes_stand_for_one_each() {
        let decoded = Decoded::new(b"a\x88\x62b", encoding_rs::BIG5);
        assert_eq!(decoded.text, "a\u{ca}\u{304}b");
        assert_eq!([0, 1, 3, 5, 6].map(|offset| decoded.to_stored(offset)), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn broken_bytes_that_wait_for_others_are_not_lost() {
        for (encoding, stored) in [(ISO_2022_JP, &b"\x1b\x1b\xff"[..]), (GB18030, b"\xfe\x39\xfe\x39abc \xff")] {
            let decoded = Decoded::new(stored, encoding);
            assert_eq!(decoded.text, encoding.decode_without_bom_handling(stored).0);
            let places: Vec<usize> = decoded.text.char_indices().map(|(at, _)| decoded.to_stored(at)).collect();
            assert!(places.is_sorted_by(|one, next| one < next) && places.last() < Some(&stored.len()), "{places:?}");
        }
    }

    #[test]
    fn broken_bytes_become_replacement_characters_that_have_a_place() {
        check("shift_jis", b"a\x81 b", "a\u{fffd} b");
        check("gb18030", b"a\x81", "a\u{fffd}");
        check("utf-16le", b"a\0\0\xd8b\0", "a\u{fffd}b");
    }
}
