//! Which pairs of copies the search for candidates finds, against a comparison of all with all.

use crate::corpus::article::{Article, length};
use crate::corpus::plan::Plan;
use crate::corpus::random::{Purpose, Random};
use newsdedup::fingerprint::{SHORT_BODY_WORDS, Sample, fingerprint, normalise_body};
use newsdedup::group::Params;
use newsdedup::group::align::Prepared;
use newsdedup::group::candidates::candidates;
use newsdedup::group::similarity::Overlap;
use newsdedup::group::stock::Stock;
use rayon::prelude::*;
use std::collections::HashSet;

/// Articles; each is there three times with scan errors and twice in part.
const ARTICLES: u64 = 100;
/// Of a thousand letters, how many a scan gets wrong, in the three copies.
const ERRORS: [usize; 3] = [15, 50, 90];

/// A text as a bad scan gives it back.
fn scanned(text: &str, errors: usize, random: &mut Random) -> String {
    let mut scanned = String::new();
    for c in text.chars() {
        match random.below(1000) {
            wrong if wrong >= errors => scanned.push(c),
            wrong if wrong % 3 == 0 => {}
            wrong if wrong % 3 == 1 => scanned.extend([c, *random.pick(&['i', 'l', '.', ' '])]),
            _ => scanned.push(*random.pick(&['c', 'e', 'o', 'n', 'r', 'u', 'l', ' '])),
        }
    }
    scanned
}

/// The normalised bodies of all versions of an article.
fn versions(plan: &Plan, number: u64) -> Vec<String> {
    let mut random = plan.random(Purpose::Text, number);
    let words = length(&mut random);
    let mut write = |words| Article::write(plan.grammar(), words, &mut random).paragraphs;
    let (own, other) = (write(words), write(words));
    let mut random = plan.random(Purpose::Edit, number);
    let mut versions: Vec<String> = ERRORS.map(|errors| scanned(&own.join("\n"), errors, &mut random)).into();
    versions.push(own[..own.len().div_ceil(2)].join("\n"));
    versions.push([&own[own.len() / 2..], &other[..other.len() / 3]].concat().join("\n"));
    versions.iter().map(|text| normalise_body([text.as_bytes()].into_iter())).collect()
}

#[test]
fn nearly_all_pairs_at_the_threshold_are_found() {
    let plan = Plan::new(5);
    let mut texts: Vec<String> = (0..ARTICLES).flat_map(|number| versions(&plan, number)).collect();
    texts.retain(|text| text.split(' ').count() >= SHORT_BODY_WORDS);
    let whole = Sample::of_corpus(0);
    let prints: Vec<_> = texts.iter().map(|text| fingerprint(None, [text.as_bytes()].into_iter(), whole)).collect();
    let order: Vec<u32> = (0..texts.len() as u32).collect();
    let sketches = prints.iter().map(|(_, sampled)| sampled.sketches.get(0)).collect();
    let found = candidates(sketches, &order, &|_, _| true);
    let found: HashSet<_> = found.iter().map(|pair| (pair.a, pair.b)).collect();
    let stock = Stock::of(prints.par_iter().map(|(_, sampled)| sampled.landmarks.get(0)), 1.0);
    let texts: Vec<Prepared> = texts.iter().map(|text| Prepared::new(text, &stock)).collect();

    let similar = |similarity: f64| similarity >= Params::THRESHOLD;
    let all = order.par_iter().flat_map_iter(|&a| (a + 1..texts.len() as u32).map(move |b| (a, b)));
    let of = |pair: (u32, u32)| [pair.0, pair.1].map(|text| &texts[text as usize]);
    let near = all.filter(|&pair| similar(Overlap::of(of(pair)[0], of(pair)[1]).similarity())).collect::<Vec<_>>();
    let compared = near.iter().filter(|pair| found.contains(pair));
    let compared = compared.filter(|&&pair| similar(Overlap::if_any(of(pair)[0], of(pair)[1]).similarity())).count();
    assert!(near.len() > 600, "{}", near.len());
    assert!(compared as f64 >= 0.995 * near.len() as f64, "{compared} of {}", near.len());
    // What is not found is what the search is for: to compare few of the other pairs.
    assert!(found.len() < 4 * near.len(), "{} candidates for {} pairs", found.len(), near.len());
}
