//! Pages → their blocks, with all that the later stages and the report ask of each.

use super::Request;
use super::filter::{Filter, Out};
use super::pages::{PAGE, Pages, take_apart};
use super::read::of_record;
use super::table::{Cell, Columns, Kind, Row, packed};
use crate::corpus::{Corpus, Reader};
use crate::error::Error;
use crate::report::texts::{self, Texts};
use crate::split::Evidence;

/// Blocks of pages; only those have a sketch that stand for the first of equal ones among pages that come together.
const OUT: Columns = &[
    ("page", Kind::Long),
    ("block", Kind::Long),
    ("digest", Kind::Bytes),
    ("words", Kind::Long),
    ("sketch", Kind::Bytes),
    ("landmarks", Kind::Bytes),
    ("preferred", Kind::Long),
    ("dated", Kind::Long),
    ("name", Kind::Bytes),
    ("container", Kind::Bytes),
    ("record", Kind::Long),
    ("record_id", Kind::Text),
    ("uri", Kind::Text),
    ("meta", Kind::Text),
    ("start", Kind::Long),
    ("end", Kind::Long),
    ("first_line", Kind::Long),
    ("last_line", Kind::Long),
    ("headline", Kind::Text),
    ("byline", Kind::Text),
    ("date", Kind::Text),
    ("date_iso", Kind::Text),
    ("captions", Kind::Text),
    ("text", Kind::Text),
    ("body", Kind::Text),
];

/// Bytes of pages that are taken apart together.
const TOGETHER: usize = 8 << 20;

/// Takes pages apart.
pub struct Split {
    evidence: Evidence,
    pages: Pages,
}

impl Filter for Split {
    const IN: Columns = PAGE;
    const OUT: Columns = OUT;

    fn new(request: &Request) -> Result<Split, Error> {
        Ok(Split { evidence: request.evidence()?, pages: Pages::default() })
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        self.pages.add(row)?;
        if self.pages.bytes() >= TOGETHER { self.split(request, out) } else { Ok(()) }
    }

    fn end(mut self, request: &Request, out: &mut Out) -> Result<(), Error> {
        self.split(request, out)
    }
}

impl Split {
    fn split(&mut self, request: &Request, out: &mut Out) -> Result<(), Error> {
        let (library, numbers) = self.pages.take();
        let corpus = take_apart(request, &self.evidence, &library);
        let mut known = vec![false; corpus.prints.texts().len()];
        let mut reader = Reader::new(&corpus);
        for block in 0..corpus.block_count() {
            let text = corpus.prints.text_of()[block] as usize;
            let sampled = (!std::mem::replace(&mut known[text], true)).then_some(text);
            put(request, &corpus, &mut reader, block, sampled, numbers[corpus.source(corpus.page_of(block))], out)?;
        }
        Ok(())
    }
}

fn put<'c>(
    request: &Request,
    corpus: &'c Corpus<'c>,
    reader: &mut Reader<'c>,
    block: usize,
    sampled: Option<usize>,
    page: i64,
    out: &mut Out,
) -> Result<(), Error> {
    let (record, print) = (corpus.record(block), corpus.prints[block]);
    let own_page = corpus.page_of(block);
    let Some(part) = reader.part(block, &record) else { return Ok(()) };
    let texts = Texts::of(corpus, block, &record, &part);
    let mut text = String::new();
    texts::each_paragraph(corpus, block, &record, &part, &mut |paragraph| {
        text.push_str(if text.is_empty() { "" } else { "\n\n" });
        text.push_str(paragraph);
    });
    let mut body = String::new();
    corpus.body_into(block, &mut body);
    let captions = serde_json::to_string(&texts.captions).unwrap_or_default();
    let date_iso = record.dated.map(|dated| dated.to_string());
    let sketch = sampled.map(|text| packed(corpus.sampled.sketches.get(text)));
    let landmarks = sampled.map(|text| packed(corpus.sampled.landmarks.get(text)));
    let [container, number, id, uri, meta] = of_record(corpus.library.record(corpus.source(own_page)));
    out.row([
        Cell::Long(page),
        Cell::number(corpus.index_in_page(block)),
        Cell::Bytes(&print.digest.0),
        Cell::number(print.words),
        Cell::bytes(sketch.as_deref()),
        Cell::bytes(landmarks.as_deref()),
        Cell::some_number(request.config.prefer.first_match(corpus.page_name(own_page))),
        Cell::some_number(record.dated.map(|dated| dated.to_number())),
        Cell::Bytes(corpus.page_name(own_page)),
        container,
        number,
        id,
        uri,
        meta,
        Cell::number(record.stored.start),
        Cell::number(record.stored.end),
        Cell::number(record.lines.0),
        Cell::number(record.lines.1),
        Cell::text(texts.headline.as_deref()),
        Cell::text(texts.byline.as_deref()),
        Cell::text(texts.date.as_deref()),
        Cell::text(date_iso.as_deref()),
        Cell::Text(&captions),
        Cell::Text(&text),
        Cell::Text(&body),
    ])
}
