//! Whether a page is HTML, and which encoding its markup names.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far the markup is looked through for its encoding, in bytes: the standard says so.
const PRESCAN: usize = 1024;
/// How far a page is looked through for signs of HTML, in bytes.
const HEAD: usize = 64 << 10;
/// So many tags of HTML at the start of a page, with nothing else among them, make it HTML.
const ENOUGH: usize = 3;

/// What only a whole page of HTML begins with.
const WHOLE: [&str; 4] = ["!doctype html", "html", "head", "body"];
/// Elements that a part of such a page begins with.
const PARTS: [&str; 30] = [
    "meta", "title", "link", "script", "style", "base", "div", "p", "article", "section", "header", "main", "nav",
    "h1", "h2", "h3", "span", "a", "img", "table", "ul", "ol", "li", "center", "font", "b", "br", "figure", "noscript",
    "form",
];

/// Whether a page is HTML, by how it begins: a doctype or one of the elements that every page has, or several tags
/// of HTML. A text that speaks of tags is none, nor is other XML.
pub fn looks_like_html(head: &[u8]) -> bool {
    let mut rest = head[..head.len().min(HEAD)].trim_ascii_start();
    rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest).trim_ascii_start();
    let mut tags = 0;
    while let Some(inside) = rest.strip_prefix(b"<") {
        if inside.starts_with(b"!--") || inside.starts_with(b"?") {
            let Some(after) = behind(rest, if inside.starts_with(b"?") { b">" } else { b"-->" }) else { return false };
            rest = after.trim_ascii_start();
            continue;
        }
        let open = inside.strip_prefix(b"/").unwrap_or(inside);
        let whole = WHOLE.iter().any(|name| is_named(open, name));
        if whole && tags == 0 {
            return true;
        }
        if !whole && !PARTS.iter().any(|name| is_named(open, name)) {
            return false;
        }
        tags += 1;
        // The text of an element is of no account: the next tag is.
        let Some(after) = behind(rest, b">") else { return tags >= ENOUGH };
        let Some(next) = memchr::memchr(b'<', after) else { return tags >= ENOUGH };
        if tags >= ENOUGH {
            return true;
        }
        rest = &after[next..];
    }
    false
}

fn behind<'t>(text: &'t [u8], mark: &[u8]) -> Option<&'t [u8]> {
    memchr::memmem::find(text, mark).map(|at| &text[at + mark.len()..])
}

/// Whether a tag has this name.
fn is_named(inside: &[u8], name: &str) -> bool {
    let Some((start, rest)) = inside.split_at_checked(name.len()) else { return false };
    let ends = rest.first().is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    start.eq_ignore_ascii_case(name.as_bytes()) && ends
}

/// The encoding that a page's `meta` elements name, found as the HTML standard says ("prescan a byte stream").
pub fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    let mut scan = Prescan { bytes: &head[..head.len().min(PRESCAN)], at: 0 };
    while scan.at < scan.bytes.len() {
        let rest = &scan.bytes[scan.at..];
        if rest.starts_with(b"<!--") {
            // The two dashes that begin a comment may end it too.
            scan.at += 2 + memchr::memmem::find(&rest[2..], b"-->")? + 3;
            continue;
        }
        let name = |from: usize| rest.get(from).is_some_and(u8::is_ascii_alphabetic);
        let is_meta = rest.len() > 5
            && rest[..5].eq_ignore_ascii_case(b"<meta")
            && (rest[5].is_ascii_whitespace() || rest[5] == b'/');
        if is_meta {
            scan.at += 5;
            if let Some(encoding) = scan.meta() {
                return Some(encoding);
            }
        } else if rest[0] == b'<' && (name(1) || (rest.get(1) == Some(&b'/') && name(2))) {
            scan.skip_until(|byte| byte.is_ascii_whitespace() || byte == b'>');
            while scan.attribute().is_some() {}
        } else if rest.starts_with(b"<!") || rest.starts_with(b"</") || rest.starts_with(b"<?") {
            scan.skip_until(|byte| byte == b'>');
        }
        scan.at += 1;
    }
    None
}

/// Where the prescan stands.
struct Prescan<'p> {
    bytes: &'p [u8],
    at: usize,
}

impl Prescan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_until(&mut self, end: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(|byte| !end(byte)) {
            self.at += 1;
        }
    }

    /// The encoding that one `meta` element names.
    fn meta(&mut self) -> Option<&'static Encoding> {
        let (mut pragma, mut needs_pragma, mut found) = (false, None, None);
        while let Some((name, value)) = self.attribute() {
            match name.as_slice() {
                b"http-equiv" => pragma |= value == b"content-type",
                b"content" if found.is_none() => {
                    found = in_content(&value);
                    needs_pragma = needs_pragma.or(found.map(|_| true));
                }
                b"charset" => {
                    found = Encoding::for_label(&value);
                    needs_pragma = Some(false);
                }
                _ => {}
            }
        }
        if needs_pragma? && !pragma {
            return None;
        }
        let encoding = found?;
        let utf_16 = encoding == UTF_16LE || encoding == UTF_16BE;
        if utf_16 {
            Some(UTF_8)
        } else if encoding.name() == "x-user-defined" {
            Some(WINDOWS_1252)
        } else {
            Some(encoding)
        }
    }

    /// The next attribute of a tag, in small letters; `None` at the tag's end.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        self.skip_until(|byte| !byte.is_ascii_whitespace() && byte != b'/');
        if self.peek()? == b'>' {
            return None;
        }
        let mut name = vec![self.peek()?.to_ascii_lowercase()];
        self.at += 1;
        name.extend(self.word(|byte| matches!(byte, b'=' | b'/' | b'>')));
        self.skip_until(|byte| !byte.is_ascii_whitespace());
        if self.peek()? != b'=' {
            return Some((name, Vec::new()));
        }
        self.at += 1;
        self.skip_until(|byte| !byte.is_ascii_whitespace());
        let value = match self.peek()? {
            quote @ (b'"' | b'\'') => self.quoted(quote)?,
            _ => self.word(|byte| byte == b'>'),
        };
        Some((name, value))
    }

    fn word(&mut self, ends: impl Fn(u8) -> bool) -> Vec<u8> {
        let start = self.at;
        self.skip_until(|byte| byte.is_ascii_whitespace() || ends(byte));
        self.bytes[start..self.at].to_ascii_lowercase()
    }

    fn quoted(&mut self, quote: u8) -> Option<Vec<u8>> {
        let start = self.at + 1;
        let length = memchr::memchr(quote, &self.bytes[start..])?;
        self.at = start + length + 1;
        Some(self.bytes[start..start + length].to_ascii_lowercase())
    }
}

/// The encoding that stands in `text/html; charset=…`.
fn in_content(content: &[u8]) -> Option<&'static Encoding> {
    let mut rest = content;
    loop {
        rest = behind(rest, b"charset")?.trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let label = match value.first()? {
            quote @ (b'"' | b'\'') => &value[1..1 + memchr::memchr(*quote, &value[1..])?],
            _ => value.split(|byte| byte.is_ascii_whitespace() || *byte == b';').next()?,
        };
        return Encoding::for_label(label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn html(yes: bool, head: &str) {
        assert_eq!(looks_like_html(head.as_bytes()), yes, "{head}");
    }

    #[test]
    fn html_is_told_by_how_it_begins() {
        html(true, "<!DOCTYPE html>\n<html lang=en>");
        html(true, "\u{feff}\n <!-- saved --> <?xml version=\"1.0\"?>\n<HTML>");
        html(true, "<head><title>Harbour</title>");
        html(true, "<div class=page><h1>Harbour opens</h1><p>The harbour opened.</p>");
        html(true, "<p>The harbour opened.</p><p>Boats came.</p>");
    }

    #[test]
    fn what_only_speaks_of_tags_is_text() {
        html(false, "");
        html(false, "The <p> element is a paragraph. <p> <p> <p>");
        html(false, "<p> is the tag that editors forget most.");
        html(false, "<p> is younger than <html>.");
        html(false, "<3 <3 <3");
        html(false, "<!-- nothing but a comment");
        html(false, "<? <!-- ");
    }

    #[test]
    fn other_xml_is_not_html() {
        html(false, "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>News</title>");
        html(false, "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title><link/><link/>");
        html(false, "<htmlx><body>");
        html(false, "<urlset><url><loc>a</loc></url></urlset>");
    }

    #[track_caller]
    fn declares(name: Option<&str>, head: &str) {
        assert_eq!(declared_encoding(head.as_bytes()).map(Encoding::name), name, "{head}");
    }

    #[test]
    fn the_encoding_is_the_one_that_the_first_meta_element_names() {
        declares(Some("windows-1251"), "<!doctype html><meta charset=cp1251><meta charset=utf-8>");
        declares(Some("Shift_JIS"), "<html><META http-equiv='Content-Type' content='text/html; charset=Shift_JIS'>");
        declares(Some("windows-1252"), "<meta content=\"text/html;charset='latin1'\" http-equiv=content-type>");
        declares(Some("UTF-8"), "<meta charset=utf-16le>");
    }

    #[test]
    fn what_names_no_encoding_declares_none() {
        declares(None, "");
        declares(None, "<meta content='text/html; charset=koi8-r'>");
        declares(None, "<!-- <meta charset=koi8-r> -->");
        declares(None, "<p title='<meta charset=koi8-r>'>");
        declares(None, "<meta charset=nonsense>");
        declares(None, "<meta charset=\"koi8-r");
        declares(None, "<!-- never closed <meta charset=koi8-r>");
        declares(None, &format!("{}<meta charset=koi8-r>", " ".repeat(PRESCAN)));
    }
}
