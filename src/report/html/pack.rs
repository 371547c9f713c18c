//! What is told, as the tables that the script reads: numbers instead of names, and each line once.
//!
//! The fields of the tables are short, as there are many of them; `web/store.js` reads them.

use super::distinct::{Distinct, steps};
use super::feed::Own;
use super::limits::{self, Listed};

use super::pages::{Pages, shown};
use super::parts::{self, Part};
use super::shell;
use super::view::{self, Ruler};
use crate::layout::clipped;
use crate::model::{Digest, Kind, Match};
use crate::report::lines::Line;
use crate::report::schema::{
    Article, Header, Hex, Occurrence, PageMap, Parameters, Quote, Shown, Skipped, Summary, TITLE,
};
use crate::words::each_word;
use serde::Serialize;
use std::io::{self, Write};

/// Packs a report into parts.
pub struct Pack<'o> {
    listed: Listed,
    out: &'o mut (dyn Write + Send),
    lines: Distinct,
    pages: Pages,
    articles: Part,
    quotes: Part,
    views: Part,
    skipped: Part,
    header: Option<Header>,
    summary: Summary,
    bytes: Bytes,
    /// Occurrences so far.
    occurrences: usize,
    /// The pages of the quote before.
    quoted: Vec<u32>,
    /// The map of the page before.
    mapped: Option<Mapped>,
}

/// Bytes of all blocks, by how they stand to the kept one.
#[derive(Default, Serialize)]
struct Bytes {
    kept: u64,
    exact: u64,
    near: u64,
}

#[derive(Serialize)]
struct Head<'h> {
    schema: &'h str,
    version: &'h str,
    parameters: &'h Parameters,
    summary: &'h Summary,
    bytes: &'h Bytes,
    /// How much of it is in the file.
    listed: Counts,
}

#[derive(Serialize)]
struct Counts {
    articles: usize,
    quotes: usize,
    pages: usize,
    views: usize,
    skipped: usize,
}

#[derive(Serialize)]
struct ArticleRow<'r> {
    id: Hex,
    headline: Option<String>,
    /// How its body begins, if that has to stand for a headline.
    #[serde(skip_serializing_if = "Option::is_none")]
    begins: Option<String>,
    captions: Vec<String>,
    byline: Option<String>,
    date: Option<String>,
    date_iso: Option<&'r str>,
    words: u64,
    /// Its paragraphs, if there was room for them.
    body: Option<Vec<i64>>,
    copies: usize,
    at: Vec<(u32, u64, u64, u64, u64, u8, f64)>,
    #[serde(rename = "in")]
    within: Vec<(i64, f64, u64, u64)>,
    has: Vec<(i64, f64, u32, u64, u64, u64, u64)>,
}

#[derive(Serialize)]
struct QuoteRow {
    words: u64,
    text: String,
    places: usize,
    #[serde(rename = "in")]
    within: Vec<(i64, u32, u64, u64)>,
}

#[derive(Serialize)]
struct ViewRow {
    page: u32,
    lines: Vec<i64>,
    spans: Vec<SpanRow>,
    /// Lengths of the spans as stored, if they are not those of the text in UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<Vec<u64>>,
    quotes: Vec<(u32, u64, u64)>,
}

/// Kind, article, lines up to its end; and, unless it ends where a line begins, units of that line before its end.
type SpanRow = Vec<i64>;

/// A page whose text is still to come.
struct Mapped {
    page: u32,
    /// Kind, article, and one past the last byte as stored.
    spans: Vec<(u8, i64, u64)>,
}

impl<'o> Pack<'o> {
    pub fn new(listed: Listed, out: &'o mut (dyn Write + Send)) -> io::Result<Pack<'o>> {
        Ok(Pack {
            listed,
            lines: Distinct::new(out)?,
            out,
            pages: Pages::default(),
            articles: Part::array("articles"),
            quotes: Part::array("quotes"),
            views: Part::array("views"),
            skipped: Part::array("skipped"),
            header: None,
            summary: Summary::default(),
            bytes: Bytes::default(),
            occurrences: 0,
            quoted: Vec::new(),
            mapped: None,
        })
    }

    /// Takes what the next line of the feed says.
    pub fn take(&mut self, line: Line) -> io::Result<()> {
        match line {
            Line::Header(header) => self.header = Some(serde_json::from_slice(header)?),
            Line::Summary(summary) => {
                shell::begin(&summary, self.out)?;
                self.summary = summary;
            }
            Line::Article(article) => article.show(|article| self.article(article))?,
            Line::Quote(quote) => self.quote(&quote)?,
            Line::Page(page) => self.page(&page),
            Line::Skipped(skipped) => self.skipped(&skipped)?,
            Line::Own(own) => match serde_json::from_slice(own)? {
                Own::Shown(shown) => self.view(&shown)?,
                Own::Places { at } => self.places(&at),
            },
        }
        Ok(())
    }

    /// Writes what is left, and the end of the file.
    pub fn finish(self) -> io::Result<()> {
        let Pack { out, mut lines, pages, summary, .. } = self;
        let lists = [self.articles, self.quotes, self.views, self.skipped];
        let [articles, quotes, views, skipped] = lists.each_ref().map(Part::len);
        let listed = Counts { articles, quotes, pages: pages.len(), views, skipped };
        for mut part in lists {
            part.finish(out)?;
        }
        lines.finish(out)?;
        pages.finish(out)?;
        let header = self.header.unwrap_or_default();
        let Header { schema, version, parameters } = &header;
        let head = Head { schema, version, parameters, summary: &summary, bytes: &self.bytes, listed };
        parts::single("head", &head, out)?;
        shell::end(&summary, out)
    }

    /// The number of an article, or -1 if it is not in the file.
    fn number(&self, id: Digest) -> i64 {
        self.listed.number(id).map_or(-1, i64::from)
    }

    fn article(&mut self, article: &Article) -> io::Result<()> {
        article.occurrences.iter().for_each(|occurrence| self.bytes.add(&occurrence));
        if self.listed.number(article.id.0).is_none() {
            return Ok(());
        }
        let row = ArticleRow {
            id: article.id,
            headline: article.headline.map(cut),
            begins: article.headline.is_none().then(|| article.body.beginning(TITLE)),
            captions: article.captions.iter().take(limits::CAPTIONS).map(|caption| cut(caption)).collect(),
            byline: article.byline.map(cut),
            date: article.date.map(cut),
            date_iso: article.date_iso.as_deref(),
            words: words(article),
            body: self.body(article)?,
            copies: article.occurrences.count,
            at: self.occurrences(article),
            within: article
                .excerpt_of
                .iter()
                .map(|it| (self.number(it.article.0), it.share, it.start, it.end))
                .collect(),
            has: self.excerpts(article),
        };
        self.articles.value(&row, self.out)
    }

    /// The paragraphs of an article.
    fn body(&mut self, article: &Article) -> io::Result<Option<Vec<i64>>> {
        let mut paragraphs = Vec::new();
        let mut bytes = 0;
        article.body.each_paragraph(&mut |paragraph| {
            bytes += paragraph.len();
            if bytes <= limits::PAGE {
                paragraphs.push(paragraph.to_owned());
            }
        });
        if bytes > limits::PAGE {
            return Ok(None);
        }
        let room = if article.occurrences.count > 1 { limits::TEXT } else { limits::TEXT_OF_SINGLES };
        let numbers = self.lines.numbers(paragraphs.iter().map(String::as_str), room, self.out)?;
        Ok(numbers.map(|numbers| steps(&numbers)))
    }

    fn occurrences(&mut self, article: &Article) -> Vec<(u32, u64, u64, u64, u64, u8, f64)> {
        let room = limits::OF_ONE.min(limits::OCCURRENCES - self.occurrences);
        let row = |it: Occurrence| {
            let page = self.pages.number_of(&it);
            (page, it.start, it.end, it.first_line, it.last_line, code(it.matched.0), it.similarity)
        };
        let rows: Vec<_> = article.occurrences.iter().take(room).map(row).collect();
        self.occurrences += rows.len();
        rows
    }

    fn excerpts(&mut self, article: &Article) -> Vec<(i64, f64, u32, u64, u64, u64, u64)> {
        let row = |excerpt: &crate::report::schema::ExcerptHere| {
            let it = &excerpt.occurrence;
            let page = self.pages.number_of(it);
            let number = self.listed.number(excerpt.article.0).map_or(-1, i64::from);
            (number, excerpt.share, page, it.start, it.end, it.first_line, it.last_line)
        };
        article.excerpts.iter().take(limits::OF_ONE).map(row).collect()
    }

    fn quote(&mut self, quote: &Quote) -> io::Result<()> {
        self.quoted.clear();
        if self.quotes.len() >= limits::QUOTES {
            return Ok(());
        }
        let mut within = Vec::new();
        for place in quote.places.iter().take(limits::PLACES) {
            let page = self.pages.number(&place.page);
            self.quoted.push(page);
            within.push((self.number(place.article.0), page, place.start, place.end));
        }
        let row = QuoteRow { words: quote.words, text: cut(&quote.text), places: quote.places.len(), within };
        self.quotes.value(&row, self.out)
    }

    /// Where the quote before stands.
    fn places(&mut self, at: &[Option<(usize, usize)>]) {
        let number = self.quotes.len() as u32;
        for (&page, place) in self.quoted.iter().zip(at) {
            if let (Some((start, end)), Some(number)) = (place, number.checked_sub(1)) {
                self.pages.quoted(page, (number, *start, *end));
            }
        }
    }

    fn page(&mut self, map: &PageMap) {
        self.mapped = None;
        if self.pages.len() >= limits::OCCURRENCES {
            return;
        }
        let page = self.pages.number(&map.page);
        self.pages.measured(page, map.bytes);
        let spans = map.spans.iter().map(|span| {
            let article = span.article.map_or(-1, |article| self.number(article.0));
            (kind(span.kind.0), article, span.end)
        });
        self.mapped = Some(Mapped { page, spans: spans.collect() });
    }

    /// What the page before shows.
    fn view(&mut self, shown: &Shown) -> io::Result<()> {
        let Some(Mapped { page, spans }) = self.mapped.take() else { return Ok(()) };
        let text = &shown.text;
        let cuts = view::lines(text);
        let texts: Vec<String> =
            cuts.iter().map(|line| text[line.clone()].replace(Shown::BROKEN, "\u{fffd}")).collect();
        let numbers = self.lines.numbers(texts.iter().map(String::as_str), limits::TEXT, self.out)?;
        let Some(numbers) = numbers else { return Ok(()) };
        let quotes = self.pages.quotes_of(page);
        let quoted = quotes.iter().flat_map(|&(_, start, end)| [start, end]);
        let ruler = Ruler::new(text, &cuts, quoted.chain(shown.ends.iter().copied()).collect());
        let row = ViewRow {
            page,
            lines: steps(&numbers),
            spans: span_rows(&spans, &shown.ends, &ruler),
            stored: stored_lengths(&spans, shown),
            quotes: quotes.iter().map(|&(number, start, end)| (number, ruler.unit(start), ruler.unit(end))).collect(),
        };
        self.pages.viewed(page, self.views.len());
        self.views.value(&row, self.out)
    }

    fn skipped(&mut self, skipped: &Skipped) -> io::Result<()> {
        if self.skipped.len() >= limits::SKIPPED {
            return Ok(());
        }
        self.skipped.value(&(shown(&skipped.page.0), &skipped.reason), self.out)
    }
}

impl Bytes {
    fn add(&mut self, occurrence: &Occurrence) {
        let count = match occurrence.matched.0 {
            Match::Kept | Match::Excerpt => &mut self.kept,
            Match::Exact => &mut self.exact,
            Match::Near => &mut self.near,
        };
        *count += occurrence.end - occurrence.start;
    }
}

fn span_rows(spans: &[(u8, i64, u64)], ends: &[usize], ruler: &Ruler) -> Vec<SpanRow> {
    let mut before = 0;
    let row = |(&(kind, article, _), &end): (&(u8, i64, u64), &usize)| {
        let (line, units) = ruler.line(ruler.unit(end));
        let lines = line - std::mem::replace(&mut before, line);
        let mut row = vec![i64::from(kind), article, lines as i64];
        row.extend(Some(units as i64).filter(|&units| units > 0));
        row
    };
    spans.iter().zip(ends).map(row).collect()
}

/// See [`ViewRow::stored`].
fn stored_lengths(spans: &[(u8, i64, u64)], shown: &Shown) -> Option<Vec<u64>> {
    let same = spans.iter().zip(&shown.ends).all(|((.., stored), &end)| *stored == end as u64);
    if same && !shown.text.contains(['\r', Shown::BROKEN]) {
        return None;
    }
    let mut before = 0;
    Some(spans.iter().map(|&(.., end)| end - std::mem::replace(&mut before, end)).collect())
}

/// A line, unless it is very long: its beginning.
fn cut(text: &str) -> String {
    clipped(text, limits::LINE)
}

/// Words of its body. A character of a script without spaces is a word.
fn words(article: &Article) -> u64 {
    let mut words = 0;
    article.body.each_paragraph(&mut |paragraph| each_word(paragraph.as_bytes(), 0, |_| words += 1));
    words
}

fn code(matched: Match) -> u8 {
    match matched {
        Match::Kept | Match::Excerpt => 0,
        Match::Exact => 1,
        Match::Near => 2,
    }
}

fn kind(kind: Kind) -> u8 {
    match kind {
        Kind::Headline => 0,
        Kind::Caption => 1,
        Kind::Body => 2,
        Kind::Furniture => 3,
        Kind::Separator => 4,
    }
}
