//! The answer for scripts: one JSON object, schema `newsdedup-explain/1`. Fields are only ever added.

use super::differ::{Passage, differ, shown, words};
use super::verdict::{Rule, Verdict};
use super::{Explained, Side};
use crate::group::similarity::{self, LEAST_SHARE, Relation, SHORTER_SHARE};
use crate::report::rounded;
use crate::report::schema::{Hex, Name};
use serde::Serialize;
use std::borrow::Cow;

#[derive(Serialize)]
struct Answer<'a> {
    schema: &'static str,
    version: &'static str,
    /// `same`, `excerpt` or `different`.
    verdict: &'static str,
    /// What decided.
    rule: &'static str,
    a: Block<'a>,
    b: Block<'a>,
    equal_digests: bool,
    containment: f64,
    resemblance: f64,
    similarity: f64,
    /// `version`, `piece` or `different`: what the numbers say of the two texts by themselves.
    relation: &'static str,
    /// The resemblance, or what it is with stock phrases counted in full if that is less.
    agreement: f64,
    slips: f64,
    misprints: usize,
    pieces: usize,
    rewritten: f64,
    divergence: f64,
    margin: f64,
    needed: Needed,
    /// The average similarity of the two articles, where that kept them apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    average: Option<f64>,
    /// Which of the two is the excerpt, `a` or `b`.
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<&'static str>,
    /// Share of the excerpt that stands in the longer article.
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    /// Copies that link the two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkedBy<'a>>,
    pages: usize,
    /// What differs, in order; what is equal is left out.
    differences: Vec<Difference>,
    /// Whether there is more that differs.
    more_differences: bool,
}

/// What each number has to reach. Two texts that reach all of these are versions of one text if their agreement
/// reaches `clear_resemblance`, or they stay within `margin` and `divergence`, or have misprints and a containment
/// of `misprinted`, or reach `slips` without being `rewritten` so much. Otherwise they are different if they are,
/// and else one is a piece of the other.
#[derive(Serialize)]
struct Needed {
    containment: f64,
    resemblance: f64,
    similarity: f64,
    clear_resemblance: f64,
    slips: f64,
    misprinted: f64,
    rewritten: f64,
    margin: f64,
    divergence: f64,
}

/// [`Needed`], as the rules have it.
fn needed(threshold: f64) -> Needed {
    Needed {
        containment: SHORTER_SHARE,
        resemblance: LEAST_SHARE,
        similarity: threshold,
        clear_resemblance: similarity::CLEAR_SHARE,
        slips: similarity::SLIPS,
        misprinted: similarity::MOST_SHARE,
        rewritten: similarity::MOULD,
        margin: similarity::MARGIN,
        divergence: similarity::DIVERGENCE,
    }
}

#[derive(Serialize)]
struct Block<'a> {
    page: Name<'a>,
    /// Which of the page's articles it is, counted from 1.
    number: usize,
    start: usize,
    end: usize,
    first_line: u64,
    last_line: u64,
    headline: Option<String>,
    words: u32,
    sha256: Hex,
    article: Hex,
    /// Passages of the normalised body that count as stock phrases.
    stock: Vec<String>,
}

#[derive(Serialize)]
struct LinkedBy<'a> {
    page: Name<'a>,
    number: usize,
    similarity_a: f64,
    similarity_b: f64,
}

#[derive(Serialize)]
struct Difference {
    a: String,
    b: String,
}

/// Writes the answer.
pub fn json(explained: &Explained) -> String {
    let (scores, params) = (&explained.scores, &explained.request.config.group);
    let (verdict, rule) = names(&explained.verdict);
    let (differences, more_differences) = differences(explained);
    let (excerpt, share) = match explained.verdict {
        Verdict::Excerpt { first, share, .. } => (Some(if first { "a" } else { "b" }), Some(rounded(share))),
        _ => (None, None),
    };
    let answer = Answer {
        schema: "newsdedup-explain/1",
        version: env!("CARGO_PKG_VERSION"),
        verdict,
        rule,
        a: block(&explained.a),
        b: block(&explained.b),
        equal_digests: scores.equal,
        containment: rounded(scores.overlap.containment),
        resemblance: rounded(scores.overlap.resemblance),
        similarity: rounded(scores.overlap.similarity()),
        relation: match scores.overlap.relation() {
            Relation::Version => "version",
            Relation::Piece => "piece",
            Relation::Different => "different",
        },
        agreement: rounded(scores.overlap.agreement),
        slips: rounded(scores.overlap.slips),
        misprints: scores.overlap.misprints,
        pieces: scores.overlap.pieces,
        rewritten: rounded(scores.overlap.rewritten),
        divergence: rounded(scores.overlap.divergence),
        margin: rounded(scores.overlap.margin),
        needed: needed(params.threshold),
        average: match explained.verdict {
            Verdict::Different(Rule::Average(average)) | Verdict::Excerpt { rule: Rule::Average(average), .. } => {
                Some(rounded(average))
            }
            _ => None,
        },
        excerpt,
        share,
        links: links(&explained.verdict),
        pages: explained.pages,
        differences,
        more_differences,
    };
    serde_json::to_string_pretty(&answer).unwrap_or_default() + "\n"
}

fn names(verdict: &Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::OneBlock => ("same", "one_block"),
        Verdict::Exact => ("same", "digest"),
        Verdict::Near => ("same", "similarity"),
        Verdict::Linked(_) => ("same", "linkage"),
        Verdict::Excerpt { rule, .. } => ("excerpt", rule_name(*rule)),
        Verdict::Different(rule) => ("different", rule_name(*rule)),
    }
}

fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::NearOff => "near_off",
        Rule::Containment => "containment",
        Rule::Resemblance => "resemblance",
        Rule::Threshold => "threshold",
        Rule::Mould => "mould",
        Rule::Piece => "piece",
        Rule::Average(_) => "average",
        Rule::Candidates => "candidates",
    }
}

fn block(side: &Side) -> Block<'_> {
    Block {
        page: Name(Cow::Borrowed(&side.page)),
        number: side.number.0,
        start: side.bytes.start,
        end: side.bytes.end,
        first_line: side.lines.0,
        last_line: side.lines.1,
        headline: side.headline.clone(),
        words: side.words,
        sha256: Hex(side.digest),
        article: Hex(side.article.0),
        stock: side.stock.clone(),
    }
}

fn links(verdict: &Verdict) -> Vec<LinkedBy<'_>> {
    let Verdict::Linked(links) = verdict else { return Vec::new() };
    let links = links.iter().map(|link| LinkedBy {
        page: Name(Cow::Borrowed(&link.page)),
        number: link.number,
        similarity_a: rounded(link.to_a),
        similarity_b: rounded(link.to_b),
    });
    links.collect()
}

fn differences(explained: &Explained) -> (Vec<Difference>, bool) {
    let (a, b) = (words(&explained.a.body), words(&explained.b.body));
    let (passages, more) = differ(&a, &b);
    let differences = passages.into_iter().filter_map(|passage| match passage {
        Passage::Equal(..) => None,
        Passage::Different(x, y) => Some(Difference { a: shown(&a[x]), b: shown(&b[y]) }),
    });
    (differences.collect(), more)
}
