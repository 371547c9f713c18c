//! Article files of an earlier run, known again by the digest in their name.
//!
//! Such a file needs no guess at its parts: it is a headline, an empty line and a body, or one of
//! them alone, exactly if one of these has the digest that the name claims ([`crate::report::files`]).

use crate::fingerprint::digest as digest_of;
use crate::model::{Block, Kind, Span, Split};

/// The parts of an article that newsdedup wrote; `None` for any other page.
pub fn recognise(name: &[u8], text: &[u8]) -> Option<Split> {
    let digest = claimed(name)?;
    let first = text.iter().position(|&byte| byte == b'\n')? + 1;
    // A headline with a body, a headline alone, or a body alone; each may look like another.
    let headlines = if text[first..].first().is_none_or(|&byte| byte == b'\n') { vec![first, 0] } else { vec![0] };
    let mut splits = headlines.into_iter().map(|headline| parts(text, headline));
    splits.find(|split| proves(split, text, &digest))
}

/// The digest, or the beginning of it, at the end of a file's name.
fn claimed(name: &[u8]) -> Option<String> {
    let stem = name.strip_suffix(b".txt")?;
    let digest = &stem[stem.iter().rposition(|&byte| byte == b'-')? + 1..];
    let is_hex = digest.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte));
    (is_hex && [16, 64].contains(&digest.len())).then(|| String::from_utf8_lossy(digest).into_owned())
}

fn proves(split: &Split, text: &[u8], digest: &str) -> bool {
    split.blocks.first().is_some_and(|block| {
        let body = split.spans.iter().filter(|span| span.kind == Kind::Body).map(|span| &text[span.start..span.end]);
        let headline = block.headline.clone().map(|range| &text[range]);
        digest_of(headline, body).to_string().starts_with(digest)
    })
}

/// Takes `headline` bytes as the headline's line and every line after it that is not empty as body.
fn parts(text: &[u8], headline: usize) -> Split {
    let mut split = Split::default();
    let mut end = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let start = split.spans.last().map_or(0, |span: &Span| span.end);
        let (kind, block) = match start {
            _ if line == b"\n" => (Kind::Separator, None),
            start if start < headline => (Kind::Headline, Some(0)),
            _ => (Kind::Body, Some(0)),
        };
        if block.is_some() {
            end = start + line.strip_suffix(b"\n").unwrap_or(line).len();
        }
        split.spans.push(Span { start, end: start + line.len(), kind, block });
    }
    if end > 0 {
        let headline = (headline > 0).then(|| 0..headline - 1);
        split.blocks.push(Block { start: 0, end, headline, byline: None, date: None });
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn named(headline: Option<&str>, body: &str) -> String {
        let digest = digest_of(headline.map(str::as_bytes), [body.as_bytes()].into_iter()).to_string();
        format!("out/articles/Some-words-{}.txt", &digest[..16])
    }

    #[test]
    fn a_file_whose_name_tells_its_digest_needs_no_guess() {
        let split =
            recognise(named(Some("News"), "One two.\n\nThree.").as_bytes(), b"News\n\nOne two.\n\nThree.\n").unwrap();
        assert_eq!(split.blocks[0].headline, Some(0..4));
        assert_eq!((split.blocks[0].start, split.blocks[0].end), (0, 22));
        let split = recognise(named(None, "One two.\n\nThree.").as_bytes(), b"One two.\n\nThree.\n").unwrap();
        assert_eq!(split.blocks[0].headline, None);
    }

    #[test]
    fn any_other_page_is_no_article_file() {
        let name = named(Some("News"), "One two.");
        assert_eq!(recognise(name.as_bytes(), b"News\n\nOne three.\n"), None);
        assert_eq!(recognise(b"seeds/000_c9adb202572da5b4.txt", b"News\n\nOne two.\n"), None);
        assert_eq!(recognise(b"a-0123456789abcdef.txt", b""), None);
    }
}
