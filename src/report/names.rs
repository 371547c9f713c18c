//! How names, digests and kinds are written in a report, and read again.

use crate::model::{Digest, Kind, Match};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::marker::PhantomData;

/// A page's name: a string, or `{"bytes": "<base64>"}` if it is not UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name<'a>(pub Cow<'a, [u8]>);

impl Serialize for Name<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(name) => serializer.serialize_str(name),
            Err(_) => RawName { bytes: BASE64.encode(&self.0) }.serialize(serializer),
        }
    }
}

/// A name that is not UTF-8.
#[derive(Serialize, Deserialize)]
struct RawName {
    bytes: String,
}

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'a>, D::Error> {
        deserializer.deserialize_any(NameVisitor(PhantomData))
    }
}

struct NameVisitor<'a>(PhantomData<Name<'a>>);

impl<'de: 'a, 'a> de::Visitor<'de> for NameVisitor<'a> {
    type Value = Name<'a>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or its bytes")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'a>, E> {
        Ok(Name(Cow::Borrowed(name.as_bytes())))
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'a>, E> {
        Ok(Name(Cow::Owned(name.as_bytes().to_vec())))
    }

    fn visit_map<M: de::MapAccess<'de>>(self, map: M) -> Result<Name<'a>, M::Error> {
        let raw = RawName::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Name(Cow::Owned(BASE64.decode(raw.bytes).map_err(de::Error::custom)?)))
    }
}

/// A digest, in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hex(pub Digest);

impl Hex {
    /// The digits, without a call of the formatter.
    fn digits(self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        hex
    }

    fn read(text: &str) -> Option<Hex> {
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        let bytes: Vec<u8> = text
            .as_bytes()
            .chunks(2)
            .map(|pair| Some(digit(pair[0])? << 4 | digit(*pair.get(1)?)?))
            .collect::<Option<_>>()?;
        Some(Hex(Digest(bytes.try_into().ok()?)))
    }
}

impl Display for Hex {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

/// How a block stands to the kept one, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchName(pub Match);

impl MatchName {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self.0 {
            Match::Kept => "kept",
            Match::Exact => "exact",
            Match::Near => "near",
            Match::Excerpt => "excerpt",
        }
    }

    fn read(text: &str) -> Option<MatchName> {
        [Match::Kept, Match::Exact, Match::Near, Match::Excerpt]
            .map(MatchName)
            .into_iter()
            .find(|one| one.name() == text)
    }
}

/// What a run of bytes is, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindName(pub Kind);

impl KindName {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Headline => "headline",
            Kind::Caption => "caption",
            Kind::Body => "body",
            Kind::Furniture => "furniture",
            Kind::Separator => "separator",
        }
    }

    fn read(text: &str) -> Option<KindName> {
        let all = [Kind::Headline, Kind::Caption, Kind::Body, Kind::Furniture, Kind::Separator];
        all.map(KindName).into_iter().find(|one| one.name() == text)
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.digits()).unwrap_or_default())
    }
}

impl Serialize for MatchName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for KindName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hex, D::Error> {
        named(deserializer, "a SHA-256 digest in hexadecimal", Hex::read)
    }
}

impl<'de> Deserialize<'de> for MatchName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<MatchName, D::Error> {
        named(deserializer, "kept, exact, near or excerpt", MatchName::read)
    }
}

impl<'de> Deserialize<'de> for KindName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<KindName, D::Error> {
        named(deserializer, "headline, caption, body, furniture or separator", KindName::read)
    }
}

/// Reads a value that is written as a word.
fn named<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    struct Word<'w>(#[serde(borrow)] Cow<'w, str>);
    let Word(word) = Word::deserialize(deserializer)?;
    read(&word).ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&word), &expected))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;

    #[test]
    fn names_come_back_whatever_their_bytes_are() {
        for name in [&b"a/b.txt"[..], "\u{436}\"\n".as_bytes(), b"\xff\x00", b""] {
            let written = serde_json::to_string(&Name(Cow::Borrowed(name))).unwrap();
            assert_eq!(serde_json::from_str::<Name>(&written).unwrap().0, name);
        }
    }

    #[test]
    fn words_come_back_and_no_others_are_taken() {
        fn check<T: Serialize + DeserializeOwned + PartialEq + fmt::Debug>(values: &[T], wrong: &[&str]) {
            for value in values {
                assert_eq!(&serde_json::from_str::<T>(&serde_json::to_string(value).unwrap()).unwrap(), value);
            }
            wrong.iter().for_each(|wrong| assert!(serde_json::from_str::<T>(wrong).is_err(), "{wrong}"));
        }
        check(&[Match::Kept, Match::Exact, Match::Near, Match::Excerpt].map(MatchName), &["\"Kept\"", "\"\"", "1"]);
        let kinds = [Kind::Headline, Kind::Caption, Kind::Body, Kind::Furniture, Kind::Separator];
        check(&kinds.map(KindName), &["\"bodies\"", "null"]);
        let digits = "0123456789abcdef".repeat(4);
        let wrong = [&digits[1..], &digits[2..], &digits.replace('a', "g"), &format!("{digits}00")]
            .map(|it| format!("\"{it}\""));
        check(&[Hex(Digest([0x1f; 32]))], &wrong.each_ref().map(String::as_str));
        assert_eq!(serde_json::from_str::<Hex>(&format!("\"{digits}\"")).unwrap().to_string(), digits);
    }

    #[test]
    fn bytes_of_a_name_that_are_no_base64_are_refused() {
        for wrong in ["{\"bytes\":\"?\"}", "{\"byte\":\"\"}", "7", "[1]"] {
            assert!(serde_json::from_str::<Name>(wrong).is_err(), "{wrong}");
        }
        let refused = serde_json::from_str::<Name>("7").unwrap_err().to_string();
        assert!(refused.contains("expected a name, or its bytes"), "{refused}");
    }
}
