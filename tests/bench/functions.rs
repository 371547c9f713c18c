//! How fast the functions are in which most of the time goes, on invented news, one thread, in MB/s.
//!
//! `cargo bench --bench functions`; a name behind it, such as `-- split`, times only those with that name.

#[allow(dead_code)] // Only the pages are needed here.
mod corpus;

use corpus::{Layout, Origin, Pages};
use divan::counter::BytesCount;
use divan::{Bencher, black_box_drop};
use newsdedup::fingerprint::sketch::{LEAST, Sketcher};
use newsdedup::group::align::Prepared;
use newsdedup::group::similarity::Overlap;
use newsdedup::group::stock::Stock;
use newsdedup::normalise::normalise;
use newsdedup::split::{Evidence, observe, read, split};
use std::collections::HashMap;

/// How many pages are worked on.
const PAGES: usize = 500;

fn main() {
    divan::main();
}

/// Pages as sites show them.
fn pages() -> Vec<String> {
    Pages::new(1, Layout::Pages).take(PAGES).map(|page| page.text).collect()
}

/// The texts of articles.
fn bodies() -> Vec<String> {
    Pages::new(1, Layout::Articles).take(PAGES).map(|page| page.text).collect()
}

fn normalised(text: &str) -> String {
    let mut out = String::new();
    normalise(text.as_bytes(), &mut out);
    out
}

/// Edited copies with the texts they were made from, normalised.
fn pairs() -> Vec<(String, String)> {
    let texts: Vec<_> = Pages::new(1, Layout::Articles).take(4 * PAGES).collect();
    let first: HashMap<u64, &str> = texts.iter().map(|page| (page.truth[0].block, page.text.as_str())).collect();
    let pairs = texts.iter().filter_map(|page| match page.truth[0].origin {
        Origin::Near(other) => Some((normalised(&page.text), normalised(first[&other]))),
        _ => None,
    });
    pairs.take(PAGES).collect()
}

/// Times calls for each of these texts.
fn time<T>(bencher: Bencher, texts: &[String], call: impl Fn(&str) -> T + Sync) {
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| texts.iter().for_each(|text| black_box_drop(call(text))));
}

#[divan::bench]
fn observe_a_page(bencher: Bencher) {
    time(bencher, &pages(), |page| observe(&read(page.as_bytes())));
}

#[divan::bench]
fn split_a_page(bencher: Bencher) {
    let pages = pages();
    let evidence = Evidence::learn(pages.iter().map(|page| observe(&read(page.as_bytes()))));
    time(bencher, &pages, |page| split(page.as_bytes(), &read(page.as_bytes()), &evidence));
}

#[divan::bench]
fn normalise_a_body(bencher: Bencher) {
    time(bencher, &bodies(), normalised);
}

#[divan::bench]
fn sketch_a_body(bencher: Bencher) {
    let normalised: Vec<String> = bodies().iter().map(|body| normalised(body)).collect();
    time(bencher, &normalised, |text| Sketcher::default().sketch(text, LEAST, true).0.len());
}

#[divan::bench]
fn compare_two_bodies(bencher: Bencher) {
    let pairs = pairs();
    let bytes: usize = pairs.iter().map(|(a, b)| a.len() + b.len()).sum();
    let stock = Stock::default();
    let compare = |(a, b): &(String, String)| Overlap::of(&Prepared::new(a, &stock), &Prepared::new(b, &stock));
    bencher.counter(BytesCount::new(bytes)).bench(|| pairs.iter().for_each(|pair| black_box_drop(compare(pair))));
}
