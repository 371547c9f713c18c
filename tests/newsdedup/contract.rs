//! The report's shape is a promise: no field is unknown to these types, and none is missing.

use crate::testenv::TestEnv;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    schema: String,
    version: String,
    parameters: Parameters,
    summary: Summary,
    articles: Vec<Article>,
    quotes: Option<Vec<Quote>>,
    pages: Option<Vec<Page>>,
    skipped: Vec<Skipped>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that the field is there is what counts")]
struct Parameters {
    normalisation: u32,
    split: String,
    near: bool,
    threshold: f64,
    quotes: Option<u64>,
    keep: String,
    prefer: Vec<String>,
    encoding: Option<String>,
    max_page_size: u64,
    include: Vec<String>,
    exclude: Vec<String>,
    hidden: bool,
    follow: bool,
    input_format: Option<String>,
    text_field: Option<String>,
    id_field: Option<String>,
    meta_fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Summary {
    pages: u64,
    bytes: u64,
    blocks: u64,
    articles: u64,
    exact: u64,
    near: u64,
    excerpts: u64,
    quotes: Option<u64>,
    words: u64,
    unique_words: u64,
    skipped: u64,
    ignored: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that the field is there is what counts")]
struct Article {
    id: String,
    headline: Option<String>,
    captions: Vec<String>,
    byline: Option<String>,
    date: Option<String>,
    date_iso: Option<String>,
    body: String,
    occurrences: Vec<Occurrence>,
    #[serde(default)]
    excerpt_of: Vec<ExcerptOf>,
    #[serde(default)]
    excerpts: Vec<ExcerptHere>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that the field is there is what counts")]
struct Occurrence {
    page: Name,
    record: Option<Record>,
    meta: Option<serde_json::Value>,
    start: u64,
    end: u64,
    first_line: u64,
    last_line: u64,
    #[serde(rename = "match")]
    matched: String,
    similarity: f64,
    sha256: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that the field is there is what counts")]
struct Record {
    container: Name,
    number: u64,
    id: Option<String>,
    uri: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that the field is there is what counts")]
struct ExcerptOf {
    article: String,
    share: f64,
    start: u64,
    end: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "that the field is there is what counts")]
struct ExcerptHere {
    article: String,
    share: f64,
    page: Name,
    record: Option<Record>,
    meta: Option<serde_json::Value>,
    start: u64,
    end: u64,
    first_line: u64,
    last_line: u64,
    #[serde(rename = "match")]
    matched: String,
    similarity: f64,
    sha256: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quote {
    words: u64,
    text: String,
    #[serde(rename = "in")]
    places: Vec<QuotePlace>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuotePlace {
    article: String,
    page: Name,
    start: u64,
    end: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    page: Name,
    bytes: u64,
    sha256: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Span {
    start: u64,
    end: u64,
    kind: String,
    article: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Skipped {
    page: Name,
    reason: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Raw(Raw),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    bytes: String,
}

impl Name {
    fn is_given(&self) -> bool {
        match self {
            Name::Text(name) => !name.is_empty(),
            Name::Raw(raw) => !raw.bytes.is_empty(),
        }
    }
}

fn parse(env: &TestEnv, line: &str) -> Report {
    let ran = env.run(line);
    serde_json::from_slice(&ran.out).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[test]
fn no_field_is_unknown_or_missing() {
    let env = TestEnv::sample();
    env.write("p/z.gz", b"\x1f\x8b");
    let report = parse(&env, "p --spans");
    assert_eq!(report.schema, "newsdedup/1");
    assert_eq!(report.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(report.parameters.split, "auto");
    assert_eq!(report.skipped.len() as u64, report.summary.skipped);
    assert!(report.skipped.iter().all(|skipped| skipped.page.is_given() && !skipped.reason.is_empty()));
    assert!(parse(&env, "p").pages.is_none());
}

#[test]
fn quotes_have_their_shape_and_come_only_when_asked_for() {
    let env = TestEnv::empty();
    for number in [1, 2] {
        let shared = " The keeper swore that no lamp would ever burn again on that rock.";
        env.write(format!("p/{number}.txt"), crate::testenv::page(number).trim_end().to_owned() + shared);
    }
    let report = parse(&env, "p -q --split none --quotes=9");
    let quotes = report.quotes.unwrap();
    assert_eq!((report.parameters.quotes, report.summary.quotes), (Some(9), Some(1)));
    assert!(!quotes[0].text.is_empty() && quotes[0].words >= 9);
    assert!(
        quotes[0]
            .places
            .iter()
            .all(|place| { is_digest(&place.article) && place.page.is_given() && place.start < place.end })
    );
    let without = parse(&env, "p -q --split none");
    assert!(without.quotes.is_none() && without.parameters.quotes.is_none() && without.summary.quotes.is_none());
}

#[test]
fn numbers_add_up() {
    let env = TestEnv::sample();
    let report = parse(&env, "p --spans");
    let Summary { pages, bytes, blocks, articles, exact, near, excerpts, words, unique_words, ignored, .. } =
        report.summary;
    let maps = report.pages.unwrap();
    assert_eq!((pages, articles), (maps.len() as u64, report.articles.len() as u64));
    assert_eq!(bytes, maps.iter().map(|map| map.bytes).sum::<u64>());
    assert_eq!(blocks, articles + exact + near);
    assert!(words >= unique_words && excerpts <= articles && ignored == 0);
    let occurrences = || report.articles.iter().flat_map(|article| &article.occurrences);
    assert_eq!(blocks, occurrences().count() as u64);
    let matched = |name: &str| occurrences().filter(|occurrence| occurrence.matched == name).count() as u64;
    assert_eq!((matched("kept"), matched("exact"), matched("near")), (articles, exact, near));
}

#[test]
fn values_are_of_their_kind() {
    let env = TestEnv::sample();
    let report = parse(&env, "p --spans");
    for occurrence in report.articles.iter().flat_map(|article| &article.occurrences) {
        assert!(occurrence.page.is_given() && is_digest(&occurrence.sha256));
        assert!(occurrence.start < occurrence.end && occurrence.first_line <= occurrence.last_line);
        assert!((0.0..=1.0).contains(&occurrence.similarity));
    }
    let ids: Vec<&str> = report.articles.iter().map(|article| article.id.as_str()).collect();
    assert!(ids.iter().all(|id| is_digest(id)));
    for map in report.pages.unwrap() {
        assert!(map.page.is_given() && is_digest(&map.sha256));
        for span in map.spans {
            assert!(span.start < span.end);
            assert!(["headline", "caption", "body", "furniture", "separator"].contains(&span.kind.as_str()));
            assert!(span.article.is_none_or(|article| ids.contains(&article.as_str())));
        }
    }
}
