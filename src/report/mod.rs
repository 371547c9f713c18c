//! Articles → a report, article by article: no more text is held at a time than a batch needs.

mod excerpts;
pub mod files;
pub mod json;
pub mod jsonl;
mod quotes;
pub mod schema;
pub(crate) mod texts;

use crate::config::{Config, SplitMode};
use crate::corpus::Corpus;
use crate::fingerprint::sha256;
use crate::model::{Grouping, Match, Member};
use crate::read::{Library, Page};
use crate::{error::Error, normalise};
use rayon::prelude::*;
use schema::{
    Article, Header, Hex, KindName, MatchName, Name, Occurrence, PageMap, Parameters, Quote, Skipped, SpanOf, Summary,
};
use std::ops::Range;

/// Articles handed to a renderer at a time: at most this many, of about this many bytes.
const BATCH: (usize, usize) = (1 << 16, 8 << 20);

/// One way to write a report down. The calls come in this order; each list comes in as many parts as
/// its writer likes, in at least one. Quotes and pages come only if they are asked for.
pub trait Renderer {
    /// What the report begins with. The summary is known already.
    fn begin(&mut self, header: &Header, summary: &Summary) -> Result<(), Error>;
    /// Some articles, in order of first occurrence.
    fn articles(&mut self, articles: &[Article]) -> Result<(), Error>;
    /// Some quotes, in order of first place; only if they are asked for.
    fn quotes(&mut self, quotes: &[Quote]) -> Result<(), Error>;
    /// Some page maps, in walk order.
    fn pages(&mut self, pages: &[PageMap]) -> Result<(), Error>;
    /// Sources that were not read, in walk order.
    fn skipped(&mut self, skipped: &[Skipped]) -> Result<(), Error>;
    /// The end of a whole report.
    fn end(&mut self, summary: &Summary) -> Result<(), Error>;
}

/// Everything that a report tells.
pub struct Report<'r> {
    /// What the user asked for.
    pub config: &'r Config,
    /// The pages.
    pub corpus: &'r Corpus<'r>,
    /// The articles.
    pub grouping: &'r Grouping,
    /// What was found, in numbers.
    pub summary: Summary,
}

impl<'r> Report<'r> {
    /// Counts what there is to report.
    pub fn new(config: &'r Config, walked: u64, corpus: &'r Corpus<'r>, grouping: &'r Grouping) -> Report<'r> {
        let summary = summarise(walked, corpus, grouping);
        Report { config, corpus, grouping, summary }
    }

    /// Hands the report to a renderer, piece by piece. Pieces whose page has changed since are left
    /// out; the library knows about it then, and the report must not be used.
    pub fn write(&self, renderer: &mut dyn Renderer) -> Result<(), Error> {
        renderer.begin(&header(self.config), &self.summary)?;
        let excerpts = excerpts::Excerpts::new(self);
        for batch in self.batches() {
            renderer.articles(&self.articles(batch, &excerpts))?;
        }
        if let Some(quotes) = &self.grouping.quotes {
            self.write_quotes(quotes, renderer)?;
        }
        if self.config.spans {
            self.write_pages(renderer)?;
        }
        renderer.skipped(&skipped(self.corpus.library))?;
        renderer.end(&self.summary)
    }

    /// Runs of articles of a bounded size; at least one, be it empty.
    fn batches(&self) -> Vec<Range<usize>> {
        let (mut batches, mut start, mut bytes) = (Vec::new(), 0, 0);
        for (index, cluster) in self.grouping.clusters.iter().enumerate() {
            bytes += self.corpus.blocks[cluster.kept].stored.len();
            if bytes >= BATCH.1 || index + 1 - start >= BATCH.0 {
                batches.push(start..index + 1);
                (start, bytes) = (index + 1, 0);
            }
        }
        batches.push(start..self.grouping.clusters.len());
        batches
    }

    fn articles(&self, batch: Range<usize>, excerpts: &excerpts::Excerpts) -> Vec<Article> {
        let kept: Vec<usize> = batch.clone().map(|cluster| self.grouping.clusters[cluster].kept).collect();
        let texts = self.corpus.show(&kept, |block, page| texts::Texts::of(self.corpus, block, page));
        let clusters = batch.into_par_iter().zip(texts);
        clusters.filter_map(|(cluster, texts)| Some(self.article(cluster, texts?, excerpts))).collect()
    }

    fn article(&self, cluster: usize, texts: texts::Texts, excerpts: &excerpts::Excerpts) -> Article {
        Article {
            id: self.id(cluster),
            headline: texts.headline,
            captions: texts.captions,
            byline: texts.byline,
            date: texts.date,
            date_iso: self.corpus.blocks[self.grouping.clusters[cluster].kept].dated.map(|dated| dated.to_string()),
            body: texts.body,
            occurrences: self.grouping.clusters[cluster].members.iter().map(|member| self.occurrence(member)).collect(),
            excerpt_of: excerpts.of(self, cluster),
            excerpts: excerpts.within(self, cluster),
        }
    }

    fn occurrence(&self, member: &Member) -> Occurrence {
        let block = &self.corpus.blocks[member.block];
        Occurrence {
            page: self.name(block.page),
            start: block.stored.start as u64,
            end: block.stored.end as u64,
            first_line: block.lines.0,
            last_line: block.lines.1,
            matched: MatchName(member.matched),
            similarity: rounded(member.similarity),
            sha256: Hex(self.corpus.prints[member.block].digest),
        }
    }

    /// The id of an article: the digest of its kept block.
    fn id(&self, cluster: usize) -> Hex {
        Hex(self.corpus.prints[self.grouping.clusters[cluster].kept].digest)
    }

    fn name(&self, page: usize) -> Name {
        Name(self.corpus.library.name(self.corpus.pages[page].source).to_vec())
    }

    fn write_pages(&self, renderer: &mut dyn Renderer) -> Result<(), Error> {
        let mut article_of = vec![Hex(crate::model::Digest([0; 32])); self.corpus.blocks.len()];
        for cluster in &self.grouping.clusters {
            let id = Hex(self.corpus.prints[cluster.kept].digest);
            cluster.members.iter().for_each(|member| article_of[member.block] = id);
        }
        let indices: Vec<usize> = (0..self.corpus.pages.len()).collect();
        renderer.pages(&[])?;
        for batch in indices.chunks(1024) {
            let pages = batch.par_iter().filter_map(|&index| {
                let page = self.corpus.library.page(self.corpus.pages[index].source)?;
                Some(self.map_page(index, &page, &article_of))
            });
            renderer.pages(&pages.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn map_page(&self, index: usize, page: &Page, article_of: &[Hex]) -> PageMap {
        let record = &self.corpus.pages[index];
        let mut start = 0;
        let spans = record.spans.spans().map(|span| {
            let end = page.to_stored(span.end) as u64;
            let article = span.block.map(|block| article_of[record.blocks.start + block as usize]);
            SpanOf { start: std::mem::replace(&mut start, end), end, kind: KindName(span.kind), article }
        });
        PageMap {
            page: self.name(index),
            bytes: page.stored().len() as u64,
            spans: spans.collect(),
            sha256: Hex(sha256(page.stored())),
        }
    }
}

/// A share or similarity with the four decimals that a reader can use.
fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

fn header(config: &Config) -> Header {
    let split = match config.split {
        SplitMode::Auto => "auto",
        SplitMode::None => "none",
    };
    let parameters = Parameters {
        normalisation: normalise::VERSION,
        split,
        near: config.group.near,
        threshold: config.group.threshold,
        quotes: config.quotes,
        keep: config.keep.name(),
        prefer: config.prefer.patterns.clone(),
        encoding: config.read.encoding.map(encoding_rs::Encoding::name),
        max_page_size: config.read.max_page_size,
        include: config.walk.include.patterns.clone(),
        exclude: config.walk.exclude.patterns.clone(),
        hidden: config.walk.hidden,
        follow: config.walk.follow,
    };
    Header { schema: schema::SCHEMA, version: env!("CARGO_PKG_VERSION"), parameters }
}

fn summarise(ignored: u64, corpus: &Corpus, grouping: &Grouping) -> Summary {
    let library = corpus.library;
    let matches = |matched| {
        let members = grouping.clusters.iter().flat_map(|cluster| &cluster.members);
        members.filter(|member| member.matched == matched).count() as u64
    };
    let mut excerpts: Vec<usize> = grouping.excerpts.iter().map(|excerpt| excerpt.cluster).collect();
    excerpts.dedup();
    Summary {
        pages: corpus.pages.len() as u64,
        bytes: (0..library.len()).map(|source| library.bytes(source)).sum(),
        blocks: corpus.blocks.len() as u64,
        articles: grouping.clusters.len() as u64,
        exact: matches(Match::Exact),
        near: matches(Match::Near),
        excerpts: excerpts.len() as u64,
        quotes: grouping.quotes.as_ref().map(|quotes| quotes.len() as u64),
        words: corpus.prints.iter().map(|print| u64::from(print.words)).sum(),
        unique_words: grouping.clusters.iter().map(|cluster| u64::from(corpus.prints[cluster.kept].words)).sum(),
        skipped: (0..library.len()).filter(|&source| library.skipped(source).is_some()).count() as u64,
        ignored,
    }
}

/// Every source that was not read, in walk order.
pub fn skipped(library: &Library) -> Vec<Skipped> {
    let entry = |source| {
        let reason = library.skipped(source)?.to_owned();
        Some(Skipped { page: Name(library.name(source).to_vec()), reason })
    };
    (0..library.len()).filter_map(entry).collect()
}
