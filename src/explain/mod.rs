//! Why two blocks are or are not one article: the numbers and rules of a run, for one pair.
//!
//! ```text
//! which ──► verdict ──► differ ──► text, json
//! blocks    rule        words      what is shown
//! ```
//!
//! The pages are walked, read, split and grouped by the very functions of a run ([`crate::run`]), so
//! that what is shown here is what decides there.

mod differ;
mod json;
mod text;
mod verdict;
mod which;

use crate::config::Config;
use crate::corpus::{Corpus, Reader};
use crate::error::Error;
use crate::group;
use crate::model::Grouping;
use crate::read::Room;
use crate::report::schema::Body;
use crate::report::texts::{Texts, each_paragraph};
use crate::walk::Root;
use std::borrow::Cow;
use std::ffi::OsString;
use std::io::Write;
use verdict::{Scores, Verdict};

/// What is to be explained, and how.
#[derive(Debug)]
pub struct Request {
    /// The one block, by its name ([`which`]).
    pub a: OsString,
    /// The other one.
    pub b: OsString,
    /// The run to explain. Without roots, the two pages are the corpus.
    pub config: Config,
    /// How the answer is written.
    pub shape: Shape,
    /// Whether long equal passages are shown in full.
    pub full: bool,
    /// Whether colours are used.
    pub colour: bool,
    /// Columns to fill, at least 20.
    pub width: usize,
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// For reading.
    Text,
    /// One JSON object.
    Json,
}

/// All there is to say about two blocks.
struct Explained<'e> {
    request: &'e Request,
    a: Side,
    b: Side,
    scores: Scores,
    verdict: Verdict,
    /// How many pages were looked at.
    pages: usize,
}

/// One of the two blocks.
struct Side {
    /// The page as given, or as found.
    page: Vec<u8>,
    /// Which of the page's blocks it is, counted from 1, and how many there are.
    number: (usize, usize),
    bytes: std::ops::Range<usize>,
    lines: (u64, u64),
    /// Words of the normalised body.
    words: u32,
    digest: crate::model::Digest,
    /// The article it is a copy of: its id, and how many copies it has.
    article: (crate::model::Digest, usize),
    headline: Option<String>,
    body: String,
    /// Passages of its normalised body that are stock phrases, the longest first.
    stock: Vec<String>,
}

/// Explains, writes the answer to `out`, and says whether the two are one article.
pub fn run(request: &Request, out: &mut dyn Write) -> Result<bool, Error> {
    let (answer, same) = crate::pool(request.config.threads)?.install(|| answer(request))?;
    out.write_all(answer.as_bytes()).and_then(|()| out.flush()).map_err(Error::Stdout)?;
    Ok(same)
}

fn answer(request: &Request) -> Result<(String, bool), Error> {
    let config = &request.config;
    let alone = config.roots.is_empty() && config.files_from.is_none();
    let (a, b) = (which::Wanted::read(&request.a, alone)?, which::Wanted::read(&request.b, alone)?);
    let mut config = config.clone();
    if alone {
        config.roots = roots(&a, &b);
    }
    let walked = crate::find(&config, Vec::new())?;
    let room = Room::beside(walked.sources.len(), config.read.memory);
    let (mut library, seen) = crate::load(&config, walked.sources, &room, None);
    let answer = {
        let mut corpus = crate::take_apart(&config, &library, seen);
        let rank = corpus.rank(config.keep, &config.prefer);
        let sampled = std::mem::take(&mut corpus.sampled);
        let stock = group::stock(&sampled, &config.group);
        let grouping = group::group(&corpus.prints, sampled, &rank, &config.group, &|block| corpus.body(block));
        let pair = verdict::Pair {
            corpus: &corpus,
            grouping: &grouping,
            stock: &stock,
            params: &config.group,
            blocks: (a.find(&corpus, &grouping)?, b.find(&corpus, &grouping)?),
        };
        let (scores, verdict) = pair.judge();
        let side = |block| Side::of(&corpus, &grouping, &pair, block);
        let (a, b) = (side(pair.blocks.0)?, side(pair.blocks.1)?);
        let explained = Explained { request, a, b, scores, verdict, pages: corpus.page_count() };
        let shown = match request.shape {
            Shape::Text => text::text(&explained),
            Shape::Json => json::json(&explained),
        };
        (shown, explained.verdict.is_same())
    };
    if library.forget_changed() {
        return Err(Error::Usage("a page changed while it was read; call it again".to_owned()));
    }
    Ok(answer)
}

/// The two pages, each once.
fn roots(a: &which::Wanted, b: &which::Wanted) -> Vec<Root> {
    let mut roots: Vec<Root> = [a, b].iter().filter_map(|wanted| wanted.root()).collect();
    roots.dedup();
    roots
}

impl Side {
    fn of(corpus: &Corpus, grouping: &Grouping, pair: &verdict::Pair, block: usize) -> Result<Side, Error> {
        let record = corpus.record(block);
        let page = corpus.page_of(block);
        let part = Reader::new(corpus).part(block, &record);
        let body = |see: &mut dyn FnMut(&str)| {
            part.iter().for_each(|part| each_paragraph(corpus, block, &record, part, see));
        };
        let texts = part.as_ref().map(|part| Texts::of(corpus, block, &record, part));
        let texts = texts.ok_or_else(|| Error::Usage("a page changed while it was read; call it again".to_owned()))?;
        let cluster = &grouping.clusters[pair.cluster_of(block)];
        Ok(Side {
            page: corpus.page_name(page).to_vec(),
            number: (corpus.index_in_page(block) + 1, corpus.blocks_of(page).len()),
            bytes: record.stored.clone(),
            lines: record.lines,
            words: corpus.prints[block].words,
            digest: corpus.prints[block].digest,
            article: (corpus.prints[cluster.kept].digest, cluster.members.len()),
            headline: texts.headline.map(Cow::into_owned),
            body: Body(&body).to_string(),
            stock: pair.stock_in(block),
        })
    }
}
