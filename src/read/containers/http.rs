//! What a web server answered, as web archives store it: a header, and a page behind it.

use encoding_rs::Encoding;

/// Fields of a header that are looked at; a header with more is still read, by its first line and its end.
const FIELDS: usize = 128;

/// A page, and the encoding that its server gave.
pub type Answer = (Vec<u8>, Option<&'static Encoding>);

/// The page of an answer, with the encoding that the server gave. `Ok(None)` if the answer is no page by its own
/// word, such as an image or an error; or why it cannot be read.
pub fn page_of(response: &[u8], limit: u64) -> Result<Option<Answer>, String> {
    if !response.starts_with(b"HTTP/") {
        return Ok(Some((response.to_vec(), None)));
    }
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut header = httparse::Response::new(&mut fields);
    let length = match httparse::ParserConfig::default()
        .ignore_invalid_headers_in_responses(true)
        .parse_response(&mut header, response)
    {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Err("the header of the answer breaks off".to_owned()),
        Err(error) => return Err(format!("the header of the answer cannot be read: {error}")),
    };
    let field = |name: &str| {
        let found = header.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(found.value).to_ascii_lowercase())
    };
    let kind = field("content-type").unwrap_or_default();
    if header.code != Some(200) || !is_page(&kind) {
        return Ok(None);
    }
    let mut body = response[length..].to_vec();
    if field("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
        body = match unchunked(&body) {
            Some(whole) => whole.ok_or("the answer breaks off")?,
            None => body,
        };
    }
    let coding = field("content-encoding").unwrap_or_default();
    Ok(Some((expanded(body, coding.trim(), limit)?, charset(&kind))))
}

/// Whether the type that the server gives is that of a page; none at all says nothing against it.
fn is_page(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    matches!(kind, "" | "text/html" | "text/plain" | "application/xhtml+xml" | "text/xhtml")
}

fn charset(kind: &str) -> Option<&'static Encoding> {
    let label = kind.split("charset=").nth(1)?.split(';').next()?;
    Encoding::for_label(label.trim().trim_matches('"').as_bytes())
}

/// Puts a body together that was sent in pieces (RFC 9112, section 7.1); nothing if it was not, as archives often
/// store it whole beside the header that says otherwise. `Some(None)` if it breaks off.
fn unchunked(mut rest: &[u8]) -> Option<Option<Vec<u8>>> {
    let mut body = Vec::with_capacity(rest.len());
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(&rest[..end]).ok()?;
        let length = usize::from_str_radix(line.split(';').next()?.trim(), 16).ok()?;
        if length == 0 {
            return Some(Some(body));
        }
        rest = &rest[end + 1..];
        if length >= rest.len() {
            return Some(None);
        }
        body.extend_from_slice(&rest[..length]);
        rest = rest[length..].strip_prefix(b"\r\n").or_else(|| rest[length..].strip_prefix(b"\n"))?;
    }
}

/// Expands a body; archives often store it expanded beside the header that says otherwise.
fn expanded(body: Vec<u8>, coding: &str, limit: u64) -> Result<Vec<u8>, String> {
    let packed = match coding {
        "gzip" | "x-gzip" => body.starts_with(b"\x1f\x8b"),
        "deflate" => body.first().is_some_and(|first| first & 15 == 8),
        "zstd" => body.starts_with(b"\x28\xb5\x2f\xfd"),
        "br" => !looks_expanded(&body),
        _ => false,
    };
    if !packed {
        return Ok(body);
    }
    let mut out = Vec::new();
    decode(&body, coding, limit, &mut out)?;
    if out.len() as u64 > limit { Err(crate::read::file::too_large(limit)) } else { Ok(out) }
}

#[cfg(feature = "compression")]
fn decode(body: &[u8], coding: &str, limit: u64, out: &mut Vec<u8>) -> Result<(), String> {
    use std::io::Read;
    let read = |reader: &mut dyn Read, out: &mut Vec<u8>| reader.take(limit.saturating_add(1)).read_to_end(out);
    let done = match coding {
        "br" => return Err("the answer is compressed with brotli, which is not read".to_owned()),
        "deflate" => read(&mut flate2::bufread::ZlibDecoder::new(body), out),
        "zstd" => zstd::stream::read::Decoder::with_buffer(body).and_then(|mut reader| read(&mut reader, out)),
        _ => read(&mut flate2::bufread::MultiGzDecoder::new(body), out),
    };
    done.map(drop).map_err(|error| format!("the answer cannot be expanded: {error}"))
}

#[cfg(not(feature = "compression"))]
fn decode(_: &[u8], _: &str, _: u64, _: &mut Vec<u8>) -> Result<(), String> {
    Err("the answer is compressed, which this newsdedup was built without (cargo build --features compression)"
        .to_owned())
}

fn looks_expanded(body: &[u8]) -> bool {
    std::str::from_utf8(&body[..body.len().min(256)]).is_ok_and(|head| head.trim_start().starts_with('<'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(response: &str, expected: Option<&str>) {
        let page = page_of(response.as_bytes(), 1 << 20).unwrap();
        assert_eq!(page.map(|(page, _)| String::from_utf8_lossy(&page).into_owned()).as_deref(), expected);
    }

    #[test]
    fn a_page_is_what_stands_behind_the_header() {
        check("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>One", Some("<p>One"));
        check("HTTP/1.1 404 Not Found\r\n\r\n<p>Gone", None);
        check("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG", None);
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nOne\r\n4;x=y\r\n two\r\n0\r\n\r\n",
            Some("One two"),
        );
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nOne two", Some("One two"));
        check("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n<p>One", Some("<p>One"));
        for broken in ["Content-Ty", "Transfer-Encoding: chunked\r\n\r\nff\r\nOne"] {
            assert!(page_of(format!("HTTP/1.1 200 OK\r\n{broken}").as_bytes(), 1 << 20).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_server_knows_the_encoding() {
        let response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; Charset=\"Windows-1251\"\r\n\r\n\xcd";
        let (_, encoding) = page_of(response, 1 << 20).unwrap().unwrap();
        assert_eq!(encoding, Some(encoding_rs::WINDOWS_1251));
    }

    #[cfg(feature = "compression")]
    #[test]
    fn a_body_is_expanded_as_the_server_says_if_it_is_compressed() {
        use std::io::Write;
        let page = "<p>One of many. ".repeat(100).into_bytes();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(&page).unwrap();
        zlib.write_all(&page).unwrap();
        let zstd = zstd::stream::encode_all(&page[..], 3).unwrap();
        let answer = |coding: &str, body: &[u8], limit| {
            let header = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
            page_of(&[header.as_bytes(), body].concat(), limit).map(|answer| answer.unwrap().0)
        };
        for (coding, packed) in [("gzip", gzip.finish().unwrap()), ("deflate", zlib.finish().unwrap()), ("zstd", zstd)]
        {
            assert_eq!(answer(coding, &packed, 1 << 20), Ok(page.clone()), "{coding}");
            assert_eq!(answer(coding, &page, 1 << 20), Ok(page.clone()), "{coding}, expanded already");
            assert_eq!(answer("identity", &packed, 1 << 20), Ok(packed.clone()));
            assert!(answer(coding, &packed, 99).is_err_and(|why| why.contains("larger")), "{coding}");
            assert!(answer(coding, &packed[..packed.len() / 2], 1 << 20).is_err(), "{coding}");
        }
        assert_eq!(answer("br", &page, 1 << 20), Ok(page));
        assert!(answer("br", b"\x1b\x02", 1 << 20).is_err_and(|why| why.contains("brotli")));
        assert_eq!(page_of(b"<p>One", 99).unwrap().unwrap().0, b"<p>One");
    }
}
