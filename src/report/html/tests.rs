//! What the file holds when there is more than it has room for.

use super::limits::{LIMITS, Limits, PAGE};
use super::{feed, pack};
use crate::error::Error;
use crate::model::{Digest, Kind, Match};
use crate::report::lines::each_line;
use crate::report::lists::Lists;
use crate::report::schema::{
    Article, Body, Header, Hex, KindName, MatchName, Name, Occurrence, Occurrences, PageMap, Quote, QuotePlace, Shown,
    Skipped, SpanOf, Summary,
};
use crate::report::{Item, Renderer, Sink, Told};
use base64::Engine as _;
use serde_json::Value;
use std::borrow::Cow;
use std::io::Read;

/// Articles of so many paragraphs that stand in so many pages each; the last one is kept.
struct Stub {
    places: Vec<usize>,
    paragraphs: usize,
}

impl Stub {
    fn of(places: &[usize]) -> Stub {
        Stub { places: places.to_vec(), paragraphs: 1 }
    }

    fn occurrence(&self, article: usize, at: usize) -> Occurrence<'static> {
        Occurrence {
            page: Name(Cow::Owned(format!("p/{article}-{at}.txt").into_bytes())),
            record: None,
            meta: None,
            start: 0,
            end: 100,
            first_line: 1,
            last_line: 3,
            matched: MatchName(if at + 1 == self.places[article] { Match::Kept } else { Match::Exact }),
            similarity: 1.0,
            sha256: Hex(Stub::id(article)),
        }
    }

    fn id(article: usize) -> Digest {
        Digest([article as u8; 32])
    }
}

impl Told for Stub {
    fn ids(&self) -> Box<dyn Iterator<Item = (Digest, u64)> + '_> {
        Box::new(self.places.iter().enumerate().map(|(article, &count)| (Stub::id(article), count as u64)))
    }

    fn tell(&self, renderer: &dyn Renderer, sink: Sink) -> Result<(), Error> {
        let mut lists = Lists::new(renderer, sink);
        lists.frame(|renderer, out| renderer.begin(&Header::default(), &Summary::default(), out))?;
        lists.list(
            "articles",
            self.places.len(),
            |_| false,
            |article, piece| {
                piece.item(&Item::Article(&Article {
                    id: Hex(Stub::id(article)),
                    headline: Some(&format!("Headline {article} {}", "long ".repeat(100))),
                    captions: &["A bridge".into()],
                    byline: None,
                    date: None,
                    date_iso: None,
                    body: Body(&|see| (0..self.paragraphs).for_each(|_| see(&format!("Text of article {article}")))),
                    occurrences: Occurrences { count: self.places[article], nth: &|at| self.occurrence(article, at) },
                    excerpt_of: Vec::new(),
                    excerpts: Vec::new(),
                }))
            },
        )
    }
}

/// What a report has beside its articles.
#[derive(Default)]
struct Beside {
    /// So many, in three places each: pages of their own.
    quotes: usize,
    /// What pages show, if they are not too long for that.
    pages: Vec<Option<&'static str>>,
    skipped: usize,
}

impl Beside {
    fn quote(number: usize) -> Quote<'static> {
        let place = |at: usize| QuotePlace {
            article: Hex(Stub::id(at)),
            page: Name(Cow::Owned(format!("p/{number}-{at}.txt").into_bytes())),
            start: 10,
            end: 50,
            shown: (at == 0).then_some(0..3),
        };
        Quote { words: 9, text: format!("Quote {number}").into(), places: (0..3).map(place).collect() }
    }

    fn page(&self, number: usize) -> PageMap<'static> {
        let text = self.pages[number];
        let end = text.map_or(1 << 30, str::len);
        let span = SpanOf { start: 0, end: end as u64, kind: KindName(Kind::Furniture), article: None };
        PageMap {
            page: Name(Cow::Owned(format!("p/{number}-0.txt").into_bytes())),
            bytes: end as u64,
            sha256: Hex(Stub::id(number)),
            spans: vec![span],
            shown: Some(Shown { record: None, text: text.map(str::to_owned), ends: vec![end] }),
        }
    }
}

impl Told for Beside {
    fn ids(&self) -> Box<dyn Iterator<Item = (Digest, u64)> + '_> {
        Box::new(std::iter::empty())
    }

    fn tell(&self, renderer: &dyn Renderer, sink: Sink) -> Result<(), Error> {
        let (mut lists, small) = (Lists::new(renderer, sink), |_| false);
        lists.frame(|renderer, out| renderer.begin(&Header::default(), &Summary::default(), out))?;
        lists.list("quotes", self.quotes, small, |at, piece| piece.item(&Item::Quote(&Beside::quote(at))))?;
        lists.list("pages", self.pages.len(), small, |at, piece| piece.item(&Item::Page(&self.page(at))))?;
        lists.list("skipped", self.skipped, small, |at, piece| {
            let page = Name(Cow::Owned(format!("s/{at}").into_bytes()));
            piece.item(&Item::Skipped(&Skipped { page, reason: "empty".to_owned() }))
        })
    }
}

/// The articles of the file.
fn articles(told: &Stub, limits: Limits) -> Vec<Value> {
    list("articles", told, limits)
}

/// One of the lists of the file.
fn list(name: &str, told: &dyn Told, limits: Limits) -> Vec<Value> {
    let mut out = Vec::new();
    let mut pack = pack::Pack::new(limits, told.ids().collect(), &mut out).unwrap();
    each_line(told, &feed::Feed, &Error::Stdout, |line| pack.take(line)).unwrap();
    pack.finish().unwrap();
    let written = String::from_utf8(out).unwrap();
    let begin = format!("<template data-part=\"{name}\" data-first=\"");
    let parts = written.split(&begin).skip(1);
    let rows = parts.flat_map(|part| {
        let (_, part) = part.split_once('>').unwrap();
        let packed = base64::engine::general_purpose::STANDARD.decode(part.split('<').next().unwrap()).unwrap();
        let mut text = String::new();
        flate2::read::ZlibDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
        serde_json::from_str::<Vec<Value>>(&text).unwrap()
    });
    rows.collect()
}

#[test]
fn the_totals_are_those_of_all_places_whatever_there_is_room_for() {
    let rows = articles(&Stub::of(&[5, 1]), Limits { of_one: 2, ..LIMITS });
    let codes: Vec<_> = rows[0]["at"].as_array().unwrap().iter().map(|at| at[5].as_u64().unwrap()).collect();
    assert_eq!(codes, [1, 1, 0]);
    assert_eq!(
        [&rows[0]["copies"], &rows[0]["exact"], &rows[0]["near"], &rows[0]["pages"]].map(Value::as_u64),
        [5, 4, 0, 5].map(Some)
    );
}

#[test]
fn articles_with_most_copies_come_first_and_texts_where_there_is_room() {
    let told = Stub::of(&[1, 3, 1, 2]);
    let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].as_str().unwrap()[..2].to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&articles(&told, Limits { articles: 3, ..LIMITS })), ["00", "01", "03"]);
    let rows = articles(&told, Limits { text_of_singles: 20, ..LIMITS });
    assert_eq!(rows.iter().map(|row| row["body"].is_null()).collect::<Vec<_>>(), [false, false, true, false]);
    let rows = articles(&told, Limits { text: 0, text_of_singles: 0, ..LIMITS });
    assert!(rows.iter().all(|row| row["body"].is_null()));
}

#[test]
fn without_room_an_article_has_its_headline_and_the_place_of_its_kept_text() {
    let rows = articles(&Stub::of(&[3, 3]), Limits { rows_of_articles: 1, ..LIMITS });
    assert_eq!((rows[0]["at"].as_array().unwrap().len(), rows[0]["captions"].as_array().unwrap().len()), (3, 1));
    assert_eq!((rows[1]["at"].as_array().unwrap().len(), rows[1]["captions"].as_array().unwrap().len()), (1, 0));
    assert_eq!(rows[1]["at"][0][5], 0);
    assert!(rows[1]["headline"].as_str().unwrap().len() < 130);
}

#[test]
fn of_quotes_of_their_places_and_of_skipped_sources_the_first_are_in_the_file() {
    let told = Beside { quotes: 5, skipped: 7, ..Beside::default() };
    let limits = Limits { quotes: 2, places: 1, skipped: 3, ..LIMITS };
    let quotes = list("quotes", &told, limits);
    assert_eq!(quotes.iter().map(|row| row["text"].as_str().unwrap()).collect::<Vec<_>>(), ["Quote 0", "Quote 1"]);
    assert!(quotes.iter().all(|row| row["places"] == 3 && row["in"].as_array().unwrap().len() == 1));
    assert_eq!(list("pages", &told, limits).len(), 2);
    assert_eq!(list("skipped", &told, limits).len(), 3);
    assert_eq!(list("quotes", &told, Limits { rows_of_quotes: 0, ..LIMITS }).len(), 0);
    assert_eq!(list("skipped", &told, Limits { rows: 0, ..LIMITS }).len(), 0);
}

#[test]
fn pages_have_views_where_there_is_room_for_their_texts() {
    let told = Beside { quotes: 1, pages: vec![Some("One line.\nTwo."), None, Some("Another.")], ..Beside::default() };
    let numbers = |limits| {
        let pages = list("pages", &told, limits);
        assert_eq!(list("views", &told, limits).len(), pages.iter().filter(|page| page[4] != -1).count());
        pages
            .iter()
            .map(|page| (page[0].as_str().unwrap()[2..5].to_owned(), page[4].as_i64().unwrap()))
            .collect::<Vec<_>>()
    };
    let expected =
        |rows: &[(&str, i64)]| rows.iter().map(|(name, view)| ((*name).to_owned(), *view)).collect::<Vec<_>>();
    let all = expected(&[("0-0", 0), ("0-1", -1), ("0-2", -1), ("1-0", -1), ("2-0", 1)]);
    assert_eq!(numbers(LIMITS), all);
    // The last text finds no room.
    let first = expected(&[("0-0", 0), ("0-1", -1), ("0-2", -1), ("1-0", -1), ("2-0", -1)]);
    assert_eq!(numbers(Limits { text: 15, ..LIMITS }), first);
    // Pages of which something is said already stay.
    assert_eq!(numbers(Limits { rows: 1, ..LIMITS }), expected(&[("0-0", -1), ("0-1", -1), ("0-2", -1)]));
    let view = &list("views", &told, LIMITS)[0];
    assert_eq!(
        (&view["quotes"], &view["spans"]),
        (&serde_json::json!([[0, 0, 3]]), &serde_json::json!([[3, -1, 1, 4]]))
    );
}

#[test]
fn an_article_that_is_too_long_is_counted_and_its_text_left_out() {
    let told = Stub { paragraphs: 2 * PAGE / 20, ..Stub::of(&[1]) };
    let rows = articles(&told, LIMITS);
    assert_eq!((&rows[0]["body"], rows[0]["words"].as_u64()), (&Value::Null, Some(4 * told.paragraphs as u64)));
}
