//! Lines of JSON: every line is an object, and one of its fields is a page.

use super::{Content, Opened, Opener, Place};
use crate::read::record::{About, Fields, Meta};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, Read as _};
use std::sync::Arc;

/// What a line may be longer than its page, in bytes: other fields, and characters that take six bytes.
const MORE: u64 = 64 << 20;

/// Objects in objects are looked into as long as their names together have no more bytes.
const DEEPEST: usize = 256;

impl Opener<'_> {
    pub(super) fn jsonl(&mut self, place: &Place, mut input: impl BufRead) -> Opened {
        let container: Arc<[u8]> = Arc::from(place.name.as_slice());
        let limit = self.max_page_size.saturating_mul(2).saturating_add(MORE);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let ended = input.by_ref().take(limit).read_until(b'\n', &mut line);
            if line.is_empty() {
                ended?;
                break;
            }
            let content = match ended {
                Ok(_) if line.len() as u64 == limit && !line.ends_with(b"\n") => {
                    input.skip_until(b'\n')?;
                    Content::Broken(format!("a line of more than {limit} bytes"))
                }
                Ok(_) if line.trim_ascii().is_empty() => continue,
                Ok(_) => Content::Line(std::mem::take(&mut line)),
                // A line that breaks off is no object; what ended it is said of the container.
                Err(error) => return Err(error.into()),
            };
            self.record_in(&container, number, About::default(), content)?;
        }
        Ok(())
    }
}

/// The page of a line, and what the line says of it; or why there is none.
pub fn page_of(line: &[u8], fields: &Fields) -> Result<(Vec<u8>, About), String> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let json = readable(line);
    let mut found = Found::default();
    found.read(&json, "", fields).map_err(|error| format!("no JSON object: {}", place_in_line(&error)))?;
    let Some((_, text)) = found.text else {
        return Err(fields.missing(found.names.iter().map(String::as_str)));
    };
    let text = if matches!(json, Cow::Owned(_)) { as_stored(&text) } else { text };
    Ok((text, About { meta: found.meta.into_json(&fields.meta), id: found.id, uri: found.uri }))
}

/// The parser counts lines, but there is just one.
fn place_in_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    format!("{text} at byte {} of the line", error.column())
}

/// A line as JSON must be: bytes that are not UTF-8 become escapes of the surrogates U+DC80 to U+DCFF, as Python's
/// `surrogateescape` does (PEP 383), so that they can be told again in the page.
fn readable(line: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = simdutf8::basic::from_utf8(line) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(line.len() + line.len() / 8);
    for chunk in line.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\udc{byte:02x}")));
    }
    Cow::Owned(text)
}

/// A page with the bytes that [`readable`] took for surrogates.
fn as_stored(text: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        match rest {
            // What U+DC80 to U+DCFF would be in UTF-8.
            [0xed, high @ 0xb2..=0xb3, low @ 0x80..=0xbf, after @ ..] => {
                stored.push((high & 3) << 6 | (low & 0x3f));
                rest = after;
            }
            _ => {
                stored.push(first);
                rest = after;
            }
        }
    }
    stored
}

/// What is read of an object.
#[derive(Default)]
struct Found {
    /// The best text so far, and how well its field serves.
    text: Option<(usize, Vec<u8>)>,
    id: Option<String>,
    uri: Option<String>,
    meta: Meta,
    /// The fields of the object itself.
    names: Vec<String>,
}

impl Found {
    /// Reads an object; `path` are the names of those that hold it, each with a dot behind it.
    fn read(&mut self, json: &str, path: &str, fields: &Fields) -> serde_json::Result<()> {
        let Object(values) = serde_json::from_str(json)?;
        for (name, value) in values {
            let name = format!("{path}{name}");
            self.field(&name, value, fields);
            if path.len() < DEEPEST && fields.lead_into(&name) && value.get().starts_with('{') {
                self.read(value.get(), &format!("{name}."), fields)?;
            }
            if path.is_empty() {
                self.names.push(name);
            }
        }
        Ok(())
    }

    fn field(&mut self, name: &str, value: &RawValue, fields: &Fields) {
        if let Some(rank) = fields.text_rank(name)
            && self.text.as_ref().is_none_or(|(best, _)| rank <= *best)
            && let Some(text) = string(value)
        {
            self.text = Some((rank, text));
        }
        if fields.is_id(name) {
            self.id = told(value);
        }
        if fields.is_uri(name) {
            self.uri = told(value);
        }
        if fields.meta.iter().any(|meta| meta == name) {
            self.meta.add_json(name, value.get());
        }
    }
}

/// A string's bytes, surrogates without a partner among them; nothing if it is none.
fn string(value: &RawValue) -> Option<Vec<u8>> {
    value.get().starts_with('"').then(|| serde_json::from_str(value.get()).ok().map(|Bytes(bytes)| bytes)).flatten()
}

/// What a field says, as text.
fn told(value: &RawValue) -> Option<String> {
    match (value.get(), string(value)) {
        (_, Some(text)) => Some(String::from_utf8_lossy(&text).into_owned()),
        ("null", _) => None,
        (json, _) => Some(json.to_owned()),
    }
}

/// The fields of an object, in order.
struct Object<'j>(Vec<(String, &'j RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(parser: D) -> Result<Object<'de>, D::Error> {
        parser.deserialize_map(Object(Vec::new()))
    }
}

impl<'de> Visitor<'de> for Object<'de> {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Object<'de>, A::Error> {
        while let Some(Bytes(name)) = map.next_key()? {
            self.0.push((String::from_utf8_lossy(&name).into_owned(), map.next_value()?));
        }
        Ok(self)
    }
}

/// A string that need not be UTF-8.
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(parser: D) -> Result<Bytes, D::Error> {
        parser.deserialize_bytes(Bytes(Vec::new()))
    }
}

impl<'de> Visitor<'de> for Bytes {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
        Ok(Bytes(bytes.to_vec()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Bytes, E> {
        Ok(Bytes(text.as_bytes().to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str, meta: &[&str]) -> Fields {
        let text = (!text.is_empty()).then(|| text.to_owned());
        Fields { text, id: None, meta: meta.iter().map(|&name| name.to_owned()).collect() }
    }

    #[track_caller]
    fn check(line: &str, fields: &Fields, text: &str, about: (Option<&str>, Option<&str>, Option<&str>)) {
        let (found, said) = page_of(line.as_bytes(), fields).unwrap();
        assert_eq!(String::from_utf8_lossy(&found), text);
        assert_eq!((said.id.as_deref(), said.uri.as_deref(), said.meta.as_deref()), about);
    }

    #[test]
    fn the_page_is_in_the_field_that_is_named_or_known() {
        let line = r#"{"id":7,"url":"http://a.example/","html":"<p>","text":"One \u00e9\n","day":{"y":2031}}"#;
        check(
            line,
            &fields("", &["day", "id"]),
            "One é\n",
            (Some("7"), Some("http://a.example/"), Some(r#"{"day":{"y":2031},"id":7}"#)),
        );
        check(
            line,
            &fields("html", &["day.y"]),
            "<p>",
            (Some("7"), Some("http://a.example/"), Some(r#"{"day.y":2031}"#)),
        );
        check(r#"{"a":{"b":{"c":"deep"}}}"#, &fields("a.b.c", &[]), "deep", (None, None, None));
        check(r#"{"text":null,"content":"here"}"#, &fields("", &[]), "here", (None, None, None));
    }

    #[test]
    fn a_line_without_a_page_says_what_it_has() {
        let why = page_of(br#"{"title":"One","n":1}"#, &fields("", &[])).unwrap_err();
        assert_eq!(why, "no field that is known to hold a text (--text-field NAME); it has: title, n");
        let why = page_of(br#"{"title":"One","n":1}"#, &fields("n", &[])).unwrap_err();
        assert!(why.starts_with("no text in a field 'n' (--text-field NAME); it has: title, n"), "{why}");
        let why = page_of(br#"{"text":"One"#, &fields("", &[])).unwrap_err();
        assert!(why.starts_with("no JSON object: EOF while parsing a string at byte 12"), "{why}");
        assert!(page_of(b"[1]", &fields("", &[])).is_err());
    }

    #[test]
    fn bytes_that_are_not_utf_8_stay_as_they_are() {
        let (text, about) = page_of(b"{\"id\":\"\xff\",\"text\":\"caf\xe9 \xf0\x9f\"}", &fields("", &[])).unwrap();
        assert_eq!(text, b"caf\xe9 \xf0\x9f");
        assert!(about.id.is_some());
    }
}
