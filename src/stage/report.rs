//! Articles with all that belongs to them, sorted → lines of the report.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::error::Error;
use crate::model::{Digest, Match};
use crate::report::schema::{
    Article, Body, ExcerptHere, ExcerptOf, Hex, MatchName, Name, Occurrence, Occurrences, RecordOf,
};
use crate::report::{Item, line};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Sorted by article, kind and place: the article itself, its occurrences, the longer articles that contain it, and
/// the shorter ones that it contains.
const IN: Columns = &[
    ("order_page", Kind::Long),
    ("order_block", Kind::Long),
    ("kind", Kind::Long),
    ("id", Kind::Bytes),
    ("headline", Kind::Text),
    ("byline", Kind::Text),
    ("date", Kind::Text),
    ("date_iso", Kind::Text),
    ("captions", Kind::Text),
    ("text", Kind::Text),
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
    ("match", Kind::Text),
    ("similarity", Kind::Double),
    ("share", Kind::Double),
];

/// Writes articles down.
#[derive(Default)]
pub struct Tell(Option<Told>);

impl Filter for Tell {
    const IN: Columns = IN;
    /// One line an article, in the order of the report.
    const OUT: Columns = &[("order_page", Kind::Long), ("order_block", Kind::Long), ("line", Kind::Text)];

    fn new(_: &Request) -> Result<Tell, Error> {
        Ok(Tell::default())
    }

    fn row(&mut self, _: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        match (row.long(2), &mut self.0) {
            (0, last) => last.replace(Told::of(row)).map_or(Ok(()), |told| told.put(out)),
            (kind, Some(told)) if told.order == (row.long(0), row.long(1)) => {
                let places = match kind {
                    1 => &mut told.occurrences,
                    2 => &mut told.excerpt_of,
                    _ => &mut told.excerpts,
                };
                places.push(Place::of(row));
                Ok(())
            }
            _ => Err(Error::Table("a part of an article that is not there".to_owned())),
        }
    }

    fn end(self, _: &Request, out: &mut Out) -> Result<(), Error> {
        self.0.map_or(Ok(()), |told| told.put(out))
    }
}

/// An article, as far as it has come in.
struct Told {
    order: (i64, i64),
    id: Hex,
    headline: Option<String>,
    byline: Option<String>,
    date: Option<String>,
    date_iso: Option<String>,
    captions: Vec<String>,
    text: String,
    occurrences: Vec<Place>,
    excerpt_of: Vec<Place>,
    excerpts: Vec<Place>,
}

/// An occurrence, or where an excerpt stands.
struct Place {
    id: Hex,
    name: Vec<u8>,
    record: Option<RecordOf<'static>>,
    meta: Option<Box<RawValue>>,
    bytes: (u64, u64),
    lines: (u64, u64),
    matched: MatchName,
    similarity: f64,
    share: f64,
}

fn hex(row: Row) -> Hex {
    Hex(Digest(row.bytes(3).try_into().unwrap_or_default()))
}

impl Told {
    fn of(row: Row) -> Told {
        let text = |column| row.text(column).map(str::to_owned);
        Told {
            order: (row.long(0), row.long(1)),
            id: hex(row),
            headline: text(4),
            byline: text(5),
            date: text(6),
            date_iso: text(7),
            captions: row.text(8).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default(),
            text: text(9).unwrap_or_default(),
            occurrences: Vec::new(),
            excerpt_of: Vec::new(),
            excerpts: Vec::new(),
        }
    }

    fn put(&self, out: &mut Out) -> Result<(), Error> {
        let captions: Vec<Cow<str>> = self.captions.iter().map(Cow::from).collect();
        let body = |see: &mut dyn FnMut(&str)| {
            if !self.text.is_empty() {
                self.text.split("\n\n").for_each(see);
            }
        };
        let of = |place: &Place| ExcerptOf {
            article: place.id,
            share: place.share,
            start: place.bytes.0,
            end: place.bytes.1,
        };
        let article = Article {
            id: self.id,
            headline: self.headline.as_deref(),
            captions: &captions,
            byline: self.byline.as_deref(),
            date: self.date.as_deref(),
            date_iso: self.date_iso.clone(),
            body: Body(&body),
            occurrences: Occurrences { count: self.occurrences.len(), nth: &|at| self.occurrences[at].occurrence() },
            excerpt_of: self.excerpt_of.iter().map(of).collect(),
            excerpts: self.excerpts.iter().map(Place::excerpt).collect(),
        };
        let line = line(&Item::Article(&article))?;
        let line = String::from_utf8_lossy(&line);
        out.row([Cell::Long(self.order.0), Cell::Long(self.order.1), Cell::Text(line.trim_end_matches('\n'))])
    }
}

impl Place {
    fn of(row: Row) -> Place {
        let text = |column| row.text(column).map(str::to_owned);
        let all = [Match::Kept, Match::Exact, Match::Near, Match::Excerpt].map(MatchName);
        let matched = all.into_iter().find(|name| Some(name.name()) == row.text(20)).unwrap_or(MatchName(Match::Kept));
        Place {
            id: hex(row),
            name: row.bytes(10).to_vec(),
            record: row.some_bytes(11).map(|container| RecordOf {
                container: Name(container.to_vec().into()),
                number: row.number(12),
                id: text(13).map(Cow::Owned),
                uri: text(14).map(Cow::Owned),
            }),
            meta: row.text(15).and_then(|json| RawValue::from_string(json.to_owned()).ok()),
            bytes: (row.number(16), row.number(17)),
            lines: (row.number(18), row.number(19)),
            matched,
            similarity: row.double(21),
            share: row.double(22),
        }
    }

    fn excerpt(&self) -> ExcerptHere<'_> {
        ExcerptHere { article: self.id, share: self.share, occurrence: self.occurrence() }
    }

    fn occurrence(&self) -> Occurrence<'_> {
        Occurrence {
            page: Name(Cow::Borrowed(&self.name)),
            record: self.record.clone(),
            meta: self.meta.as_deref(),
            start: self.bytes.0,
            end: self.bytes.1,
            first_line: self.lines.0,
            last_line: self.lines.1,
            matched: self.matched,
            similarity: self.similarity,
            sha256: self.id,
        }
    }
}
