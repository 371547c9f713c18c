//! What the file holds when there is more than it has room for.

use super::limits::{LIMITS, Limits};
use super::{feed, pack};
use crate::error::Error;
use crate::model::{Digest, Match};
use crate::report::lines::each_line;
use crate::report::lists::Lists;
use crate::report::schema::{Article, Body, Header, Hex, MatchName, Name, Occurrence, Occurrences, Summary};
use crate::report::{Item, Renderer, Sink, Told};
use base64::Engine as _;
use serde_json::Value;
use std::borrow::Cow;
use std::io::Read;

/// Articles that stand in so many pages each; the last one is kept.
struct Stub(Vec<usize>);

impl Stub {
    fn occurrence(&self, article: usize, at: usize) -> Occurrence<'static> {
        Occurrence {
            page: Name(Cow::Owned(format!("p/{article}-{at}.txt").into_bytes())),
            record: None,
            meta: None,
            start: 0,
            end: 100,
            first_line: 1,
            last_line: 3,
            matched: MatchName(if at + 1 == self.0[article] { Match::Kept } else { Match::Exact }),
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
        Box::new(self.0.iter().enumerate().map(|(article, &count)| (Stub::id(article), count as u64)))
    }

    fn tell(&self, renderer: &dyn Renderer, sink: Sink) -> Result<(), Error> {
        let mut lists = Lists::new(renderer, sink);
        lists.frame(|renderer, out| renderer.begin(&Header::default(), &Summary::default(), out))?;
        lists.list(
            "articles",
            self.0.len(),
            |_| false,
            |article, piece| {
                piece.item(&Item::Article(&Article {
                    id: Hex(Stub::id(article)),
                    headline: Some(&format!("Headline {article} {}", "long ".repeat(100))),
                    captions: &["A bridge".into()],
                    byline: None,
                    date: None,
                    date_iso: None,
                    body: Body(&|see| see(&format!("Text of article {article}"))),
                    occurrences: Occurrences { count: self.0[article], nth: &|at| self.occurrence(article, at) },
                    excerpt_of: Vec::new(),
                    excerpts: Vec::new(),
                }))
            },
        )
    }
}

/// The articles of the file.
fn articles(told: &Stub, limits: Limits) -> Vec<Value> {
    let mut out = Vec::new();
    let mut pack = pack::Pack::new(limits, told.ids().collect(), &mut out).unwrap();
    each_line(told, &feed::Feed, &Error::Stdout, |line| pack.take(line)).unwrap();
    pack.finish().unwrap();
    let written = String::from_utf8(out).unwrap();
    let parts = written.split("<template data-part=\"articles\" data-first=\"").skip(1);
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
    let rows = articles(&Stub(vec![5, 1]), Limits { of_one: 2, ..LIMITS });
    let codes: Vec<_> = rows[0]["at"].as_array().unwrap().iter().map(|at| at[5].as_u64().unwrap()).collect();
    assert_eq!(codes, [1, 1, 0]);
    assert_eq!(
        [&rows[0]["copies"], &rows[0]["exact"], &rows[0]["near"], &rows[0]["pages"]].map(Value::as_u64),
        [5, 4, 0, 5].map(Some)
    );
}

#[test]
fn articles_with_most_copies_come_first_and_texts_where_there_is_room() {
    let told = Stub(vec![1, 3, 1, 2]);
    let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].as_str().unwrap()[..2].to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&articles(&told, Limits { articles: 3, ..LIMITS })), ["00", "01", "03"]);
    let rows = articles(&told, Limits { text_of_singles: 20, ..LIMITS });
    assert_eq!(rows.iter().map(|row| row["body"].is_null()).collect::<Vec<_>>(), [false, false, true, false]);
    let rows = articles(&told, Limits { text: 0, text_of_singles: 0, ..LIMITS });
    assert!(rows.iter().all(|row| row["body"].is_null()));
}

#[test]
fn without_room_an_article_has_its_headline_and_the_place_of_its_kept_text() {
    let rows = articles(&Stub(vec![3, 3]), Limits { rows_of_articles: 1, ..LIMITS });
    assert_eq!((rows[0]["at"].as_array().unwrap().len(), rows[0]["captions"].as_array().unwrap().len()), (3, 1));
    assert_eq!((rows[1]["at"].as_array().unwrap().len(), rows[1]["captions"].as_array().unwrap().len()), (1, 0));
    assert_eq!(rows[1]["at"][0][5], 0);
    assert!(rows[1]["headline"].as_str().unwrap().len() < 130);
}
