//! What is told, as the tables that the script reads: numbers instead of names, and each line once.
//!
//! The fields of the tables are short, as there are many of them; `web/store.js` reads them.

use super::distinct::{Distinct, steps};
use super::feed::Own;
use super::limits::{self, Limits, Listed};

use super::pages::{Pages, cut, shown};
use super::parts::{self, Part};
use super::shell;
use super::view::{self, Ruler};
use crate::layout::clipped;
use crate::model::{Digest, Kind, Match};
use crate::report::lines::Line;
use crate::report::schema::{
    Article, ExcerptHere, ExcerptOf, Header, Occurrence, PageMap, Parameters, Quote, Shown, Skipped, Summary, TITLE,
};
use crate::words::each_word;
use serde::Serialize;
use std::io::{self, Write};

/// Packs a report into parts.
pub struct Pack<'o> {
    limits: Limits,
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
    /// Whether any page came with what it shows.
    from_pages: bool,
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
    /// Whether it was made from the pages, not from a report.
    from_pages: bool,
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
    /// Its first 16 digits.
    id: String,
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
    /// Exact copies among them, edited ones, and the pages that all of them stand in.
    exact: usize,
    near: usize,
    pages: usize,
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
    pub fn new(limits: Limits, ids: Vec<(Digest, u64)>, out: &'o mut (dyn Write + Send)) -> io::Result<Pack<'o>> {
        Ok(Pack {
            limits,
            listed: Listed::at_most(limits.articles, ids),
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
            from_pages: false,
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
            Line::Own(own) => match serde_json::from_slice::<Own<Shown>>(own)? {
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
        let head = Head {
            schema,
            version,
            parameters,
            summary: &summary,
            bytes: &self.bytes,
            listed,
            from_pages: self.from_pages,
        };
        parts::single("head", &head, out)?;
        shell::end(&summary, out)
    }

    /// The number of an article, or -1 if it is not in the file.
    fn number(&self, id: Digest) -> i64 {
        self.listed.number(id).map_or(-1, i64::from)
    }

    fn article(&mut self, article: &Article) -> io::Result<()> {
        let totals = self.totals(article);
        if self.listed.number(article.id.0).is_none() {
            return Ok(());
        }
        let roomy = self.rows() < self.limits.rows_of_articles;
        let (columns, captions) = if roomy { (limits::LINE, limits::CAPTIONS) } else { (limits::SHORT, 0) };
        let (words, body) = self.body(article)?;
        let row = ArticleRow {
            id: format!("{:.16}", article.id),
            headline: article.headline.map(|headline| clipped(headline, columns)),
            begins: article.headline.is_none().then(|| article.body.beginning(TITLE)),
            captions: article.captions.iter().take(captions).map(|caption| cut(caption)).collect(),
            byline: article.byline.map(|byline| clipped(byline, columns)),
            date: article.date.map(|date| clipped(date, columns)),
            date_iso: article.date_iso.as_deref(),
            words,
            body,
            copies: article.occurrences.count,
            exact: totals.exact,
            near: totals.near,
            pages: totals.pages,
            at: self.occurrences(article, roomy),
            within: self.within(article, roomy),
            has: self.excerpts(article, roomy),
        };
        self.articles.value(&row, self.out)
    }

    /// The words of an article, and its paragraphs. A character of a script without spaces is a word.
    fn body(&mut self, article: &Article) -> io::Result<(u64, Option<Vec<i64>>)> {
        let mut paragraphs = Vec::new();
        let (mut words, mut bytes) = (0, 0);
        article.body.each_paragraph(&mut |paragraph| {
            each_word(paragraph.as_bytes(), 0, |_| words += 1);
            bytes += paragraph.len();
            if bytes <= limits::PAGE {
                paragraphs.push(paragraph.to_owned());
            }
        });
        if bytes > limits::PAGE {
            return Ok((words, None));
        }
        let room = if article.occurrences.count > 1 { self.limits.text } else { self.limits.text_of_singles };
        let numbers = self.lines.numbers(&paragraphs.iter().map(String::as_str).collect::<Vec<_>>(), room, self.out)?;
        Ok((words, numbers.map(|numbers| steps(&numbers))))
    }

    /// Counts what stands at all its places.
    fn totals(&mut self, article: &Article) -> Totals {
        let (mut totals, mut before) = (Totals::default(), None);
        for occurrence in article.occurrences.iter() {
            self.bytes.add(&occurrence);
            totals.exact += usize::from(occurrence.matched.0 == Match::Exact);
            totals.near += usize::from(occurrence.matched.0 == Match::Near);
            let page = Some(occurrence.page);
            totals.pages += usize::from(page != before);
            before = page;
        }
        totals
    }

    /// Its first places, or none if room is short; that of the kept text always.
    fn occurrences(&mut self, article: &Article, roomy: bool) -> Vec<(u32, u64, u64, u64, u64, u8, f64)> {
        let most = self.most(roomy);
        let wanted = article.occurrences.iter().enumerate();
        let wanted = wanted.filter(|(at, it)| *at < most || it.matched.0 == Match::Kept);
        let row = |(_, it): (usize, Occurrence)| {
            let page = self.place(&it);
            (page, it.start, it.end, it.first_line, it.last_line, code(it.matched.0), it.similarity)
        };
        wanted.map(row).collect()
    }

    /// The longer articles that contain it.
    fn within(&self, article: &Article, roomy: bool) -> Vec<(i64, f64, u64, u64)> {
        let row = |it: &ExcerptOf| (self.number(it.article.0), it.share, it.start, it.end);
        article.excerpt_of.iter().take(self.most(roomy)).map(row).collect()
    }

    /// The shorter articles that it contains.
    fn excerpts(&mut self, article: &Article, roomy: bool) -> Vec<(i64, f64, u32, u64, u64, u64, u64)> {
        let some = article.excerpts.iter().take(self.most(roomy));
        let row = |excerpt: &ExcerptHere| {
            let it = &excerpt.occurrence;
            let page = self.place(it);
            let number = self.number(excerpt.article.0);
            (number, excerpt.share, page, it.start, it.end, it.first_line, it.last_line)
        };
        some.map(row).collect()
    }

    fn most(&self, roomy: bool) -> usize {
        if roomy { self.limits.of_one } else { 0 }
    }

    /// The page of an occurrence.
    fn place(&mut self, occurrence: &Occurrence) -> u32 {
        let page = self.pages.number(&occurrence.page);
        self.pages.is_record(page, occurrence.record.as_ref());
        page
    }

    /// Bytes of all rows so far, before they are packed.
    fn rows(&self) -> usize {
        let parts = [&self.articles, &self.quotes, &self.views, &self.skipped];
        parts.map(Part::bytes).iter().sum::<usize>() + self.pages.bytes()
    }

    fn quote(&mut self, quote: &Quote) -> io::Result<()> {
        self.quoted.clear();
        if self.quotes.len() >= self.limits.quotes || self.rows() >= self.limits.rows_of_quotes {
            return Ok(());
        }
        let mut within = Vec::new();
        for place in quote.places.iter().take(self.limits.places) {
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
        let page = match self.pages.known(&map.page) {
            Some(page) => page,
            None if self.rows() >= self.limits.rows => return,
            None => self.pages.number(&map.page),
        };
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
        self.pages.is_record(page, shown.record.as_ref());
        self.from_pages = true;
        let Some(text) = shown.text.as_deref().filter(|_| self.rows() < self.limits.rows) else { return Ok(()) };
        let cuts = view::lines(text);
        let texts: Vec<String> =
            cuts.iter().map(|line| text[line.clone()].replace(Shown::BROKEN, "\u{fffd}")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let numbers = self.lines.numbers(&texts, self.limits.text, self.out)?;
        let Some(numbers) = numbers else { return Ok(()) };
        let quotes = self.pages.quotes_of(page);
        let quoted = quotes.iter().flat_map(|&(_, start, end)| [start, end]);
        let ruler = Ruler::new(text, &cuts, quoted.chain(shown.ends.iter().copied()).collect());
        let row = ViewRow {
            page,
            lines: steps(&numbers),
            spans: span_rows(&spans, &shown.ends, &ruler),
            stored: stored_lengths(&spans, text, &shown.ends),
            quotes: quotes.iter().map(|&(number, start, end)| (number, ruler.unit(start), ruler.unit(end))).collect(),
        };
        self.pages.viewed(page, self.views.len());
        self.views.value(&row, self.out)
    }

    fn skipped(&mut self, skipped: &Skipped) -> io::Result<()> {
        if self.skipped.len() >= self.limits.skipped || self.rows() >= self.limits.rows {
            return Ok(());
        }
        self.skipped.value(&(shown(&skipped.page.0), cut(&skipped.reason)), self.out)
    }
}

/// What stands at all places of an article, also at those that there is no room for.
#[derive(Default)]
struct Totals {
    exact: usize,
    near: usize,
    pages: usize,
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
fn stored_lengths(spans: &[(u8, i64, u64)], text: &str, ends: &[usize]) -> Option<Vec<u64>> {
    let same = spans.iter().zip(ends).all(|((.., stored), &end)| *stored == end as u64);
    if same && !text.contains(['\r', Shown::BROKEN]) {
        return None;
    }
    let mut before = 0;
    Some(spans.iter().map(|&(.., end)| end - std::mem::replace(&mut before, end)).collect())
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
