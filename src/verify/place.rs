//! Page by page: whether it is there and as it was, whether its spans tile it, and whether every block stands where
//! the report says and has its digest.

use super::claims::{Claim, Claims};
use super::pages::{Pages, Rules, text_of};
use super::{Findings, Law};
use crate::error::{Error, is_invisible};
use crate::fingerprint::digest;
use crate::model::{Digest, Kind, Split};
use crate::progress::Progress;
use crate::read::Page;
use crate::report::schema::{Header, PageMap, SpanOf, Summary};
use crate::report::stored::Stored;
use crate::report::{Item, Out, Renderer, Sink, Told};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io;
use std::ops::Range;

/// Lines of a headline's first statement, at most.
const HEADLINE: usize = 3;

/// Pages that only their map, or else the report's word, takes apart.
pub type Unsplit<'c> = FxHashSet<&'c [u8]>;

/// Verifies all claims about pages. Gives those that cannot be taken apart, if the report has no maps of them.
pub fn verify<'c>(
    report: &Stored,
    claims: &'c Claims,
    pages: &Pages,
    rules: &Rules,
    progress: &Progress,
    findings: &Findings,
) -> Result<Unsplit<'c>, Error> {
    let work = Work { claims, pages, rules, progress, findings };
    if claims.has_maps {
        report.tell(&work, Sink { out: &mut io::sink(), failed: &Error::Stdout })?;
        return Ok(Unsplit::default());
    }
    let names: Vec<&[u8]> = claims.names().collect();
    let unsplit: Vec<&[u8]> = names.into_par_iter().filter(|name| work.page(name, None) == Some(false)).collect();
    Ok(unsplit.into_iter().collect())
}

struct Work<'w> {
    claims: &'w Claims,
    pages: &'w Pages<'w>,
    rules: &'w Rules,
    progress: &'w Progress,
    findings: &'w Findings,
}

impl Renderer for Work<'_> {
    fn begin(&self, _: &Header, _: &Summary, _: &mut Out) {}

    fn item(&self, item: &Item, _: bool, _: &mut Out) -> Result<(), Error> {
        if let Item::Page(map) = item {
            self.page(&map.page.0, Some(map));
        }
        Ok(())
    }
}

impl Work<'_> {
    /// Whether the page says by itself what is what in it; nothing if it is not there.
    fn page(&self, name: &[u8], map: Option<&PageMap>) -> Option<bool> {
        let broken = |law, what: String| self.findings.broken(law, name, what);
        let claims = self.claims.of(name);
        if let Some(map) = map {
            self.findings.count(|counts| counts.maps += 1);
            tile(map, claims, |what| broken(Law::Spans, what));
        }
        let page = match self.pages.page(name) {
            Ok(page) => page,
            Err(why) => {
                broken(Law::Page, why);
                return None;
            }
        };
        self.progress.add(page.text().len());
        self.findings.count(|counts| counts.pages += 1);
        if let Some(map) = map.filter(|map| (map.bytes, map.sha256.0) != (page.size(), page.sha256())) {
            let what = if map.bytes == page.size() { "its digest is another" } else { "its size is another" };
            broken(Law::Page, what.to_owned());
        }
        let split = self.rules.split(&page);
        let own = split.iter().flat_map(|split| split.blocks.iter().map(|block| block.start..block.end).zip(0..));
        let blocks: FxHashMap<Bytes, usize> = by_place(&page, own);
        let markup_lines = by_place(&page, page.lines());
        let mut lines = Lines { text: page.text(), at: 0, line: 1 };
        for claim in claims {
            let Claim { start, end, .. } = *claim;
            if start >= end || end > page.size() {
                broken(Law::Place, format!("an article is said to stand at bytes {start} to {end} of {}", page.size()));
                continue;
            }
            let block = blocks.get(&(start, end)).copied();
            let found = match (&split, map) {
                (Some(split), _) => Some(block.is_some_and(|block| has_digest(&page, split, block, claim))),
                (None, Some(map)) => by_map(&page, map, claim),
                (None, None) => None,
            };
            if split.is_none() && map.is_some_and(|map| !has_edges(&page, map, claim)) {
                broken(Law::Place, format!("bytes {start} to {end} are not all of the text in their spans"));
            }
            if found.is_some() {
                self.findings.count(|counts| counts.derived += 1);
            }
            if found == Some(false) {
                broken(Law::Digest, format!("the article at bytes {start} to {end} does not have its digest"));
            }
            let found = markup_lines.get(&(start, end)).copied().or_else(|| lines.of(&page, claim));
            if found != Some(claim.lines) {
                let (first, last) = claim.lines;
                broken(Law::Place, format!("bytes {start} to {end} are not lines {first} to {last}"));
            }
        }
        Some(split.is_some())
    }
}

/// Whether spans follow each other from the first byte to the last, and those of an article stand where it occurs.
fn tile(map: &PageMap, claims: &[Claim], mut broken: impl FnMut(String)) {
    let mut at = 0;
    for span in &map.spans {
        if span.start != at || span.end <= span.start {
            broken(format!("behind byte {at} comes a span of bytes {} to {}", span.start, span.end));
        }
        at = span.end;
        let mut own = around(claims, span);
        if span.article.is_some_and(|article| !own.any(|claim| claim.article == article.0)) {
            broken(format!("the span at byte {} is in no occurrence of its article", span.start));
        }
    }
    if at != map.bytes {
        broken(format!("the last span ends at byte {at} of {}", map.bytes));
    }
    for Claim { start, end, article, .. } in claims {
        let has = |byte| span_at(map, byte).is_some_and(|span| span.article.map(|id| id.0) == Some(*article));
        if start < end && !(has(*start) && has(end - 1)) {
            broken(format!("bytes {start} to {end} do not begin and end with spans of the article that stands there"));
        }
    }
}

/// The span that holds a byte.
fn span_at<'m>(map: &'m PageMap, byte: u64) -> Option<&'m SpanOf> {
    let after = map.spans.partition_point(|span| span.start <= byte);
    map.spans[..after].last().filter(|span| byte < span.end)
}

/// The occurrences of which a span holds anything. A span is made of whole lines, and a block begins and ends with
/// its text.
fn around<'c>(claims: &'c [Claim], span: &SpanOf) -> impl Iterator<Item = &'c Claim> {
    let (start, end) = (span.start, span.end);
    let first = claims.partition_point(|claim| claim.end <= start);
    claims[first..].iter().take_while(move |claim| claim.start < end)
}

/// Where something begins and ends in a page as stored, in bytes.
type Bytes = (u64, u64);

/// What stands at parts of the text, by the places of these in the page as stored.
fn by_place<T>(page: &Page, parts: impl IntoIterator<Item = (Range<usize>, T)>) -> FxHashMap<Bytes, T> {
    let place = |offset| page.to_stored(offset) as u64;
    parts.into_iter().map(|(part, what)| ((place(part.start), place(part.end)), what)).collect()
}

/// Whether a block of the page, taken apart by itself, has the digest.
fn has_digest(page: &Page, split: &Split, block: usize, claim: &Claim) -> bool {
    let text = page.text();
    let headline = split.blocks[block].headline.clone().map(|range| &text[range]);
    digest(headline, split.spans_of(block, Kind::Body).map(|range| &text[range])) == claim.sha256
}

/// Whether the spans of the map give the digest. A short body counts with its headline, which is one line or two.
fn by_map(page: &Page, map: &PageMap, claim: &Claim) -> Option<bool> {
    let first = map.spans.partition_point(|span| span.end <= claim.start);
    let own = map.spans[first..].iter().take_while(|span| span.start < claim.end);
    let body = own.filter(|span| span.kind.0 == Kind::Body && span.article.is_some_and(|id| id.0 == claim.article));
    let pieces: Option<Vec<&[u8]>> =
        body.map(|span| text_of(page, span.start.max(claim.start)..span.end.min(claim.end))).collect();
    let Some(pieces) = pieces else { return Some(false) };
    let text = text_of(page, claim.start..claim.end)?;
    let ends = memchr::memchr2_iter(b'\n', b'\r', text).chain([text.len()]).take(2 * HEADLINE);
    let headlines = std::iter::once(None).chain(ends.map(|end| Some(&text[..end])));
    let given = |headline| -> Digest { digest(headline, pieces.iter().copied()) };
    Some(headlines.into_iter().any(|headline| given(headline) == claim.sha256))
}

/// Whether there is nothing but blanks between the edges of a block and those of its first and last span.
fn has_edges(page: &Page, map: &PageMap, Claim { start, end, .. }: &Claim) -> bool {
    let (Some(first), Some(last)) = (span_at(map, *start), span_at(map, end - 1)) else { return false };
    let is_blank = |text: Option<&[u8]>| {
        let text = String::from_utf8_lossy(text.unwrap_or_default());
        text.chars().all(|c| c.is_whitespace() || is_invisible(c))
    };
    is_blank(text_of(page, first.start..*start)) && is_blank(text_of(page, *end..last.end))
}

/// Counts lines, forwards only: they end with a line feed, a carriage return, or both in this order.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The first and last line of a block.
    fn of(&mut self, page: &Page, claim: &Claim) -> Option<(u64, u64)> {
        let (start, end) = (page.to_text(claim.start)?, page.to_text(claim.end)?);
        let first = self.line_of(start);
        let before = (self.at, self.line);
        let last = self.line_of(end.saturating_sub(1).max(start));
        // The next block may begin before this one ends, if the report says so.
        (self.at, self.line) = before;
        Some((first, last))
    }

    fn line_of(&mut self, offset: usize) -> u64 {
        while self.at < offset {
            let ends = match self.text[self.at] {
                b'\r' => self.text.get(self.at + 1) != Some(&b'\n'),
                byte => byte == b'\n',
            };
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}
