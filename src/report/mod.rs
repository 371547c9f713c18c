//! Grouping → report: one article after the other, handed to whatever writes them down.
//!
//! No more text is held at a time than a few pieces of the report need.

mod cells;
mod csv;
mod dot;
pub(crate) mod excerpts;
pub mod files;
pub mod html;
mod json;
mod jsonl;
mod lines;
mod lists;
mod names;
pub mod parquet;
mod quotes;
mod render;
pub mod schema;
pub mod stored;
mod text;
pub(crate) mod texts;

pub use lists::{Out, Sink};
pub use render::{Item, Renderer, Told, write};

use crate::config::{Config, Format, SplitMode};
use crate::corpus::{Corpus, Reader};
use crate::model::{Digest, Grouping, Match, Member};
use crate::read::{Library, Page};
use crate::{error::Error, normalise};
use excerpts::Excerpts;
use lists::{Lists, Piece};
use schema::{
    Article, Body, Header, Hex, KindName, MatchName, Name, Occurrence, Occurrences, PageMap, Parameters, RecordOf,
    Shown, Skipped, SpanOf, Summary,
};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::ops::Range;
use texts::Texts;

/// Articles in one piece of the report.
const ARTICLES: usize = 32;
/// Bytes from which a block is large.
const LARGE: u64 = 16 << 20;
/// Quotes in one piece: their places are looked up together.
const QUOTES: usize = 4096;
/// Page maps in one piece.
const PAGES: usize = 64;

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

    fn write_articles(&self, lists: &mut Lists) -> Result<(), Error> {
        let excerpts = Excerpts::new(self);
        let runs = self.corpus.runs(self.grouping.clusters.iter().map(|cluster| cluster.kept), ARTICLES);
        let large = |at: usize| runs[at].clone().any(|cluster| self.is_large(self.grouping.clusters[cluster].kept));
        lists.list("articles", runs.len(), large, |at, piece| self.articles(runs[at].clone(), &excerpts, piece))
    }

    /// Whether a block takes so much memory that it is not rendered beside others.
    fn is_large(&self, block: usize) -> bool {
        let page = self.corpus.source(self.corpus.page_of(block));
        self.corpus.library.bytes(page) >= LARGE && self.corpus.record(block).text.len() as u64 >= LARGE
    }

    /// Renders a run of articles.
    fn articles(&self, run: Range<usize>, excerpts: &Excerpts, piece: &mut Piece) -> Result<(), Error> {
        let mut reader = Reader::new(self.corpus);
        for cluster in run {
            self.config.progress.add(0);
            let kept = self.grouping.clusters[cluster].kept;
            let record = self.corpus.record(kept);
            let Some(part) = reader.part(kept, &record) else { continue };
            let texts = Texts::of(self.corpus, kept, &record, &part);
            let members = &self.grouping.clusters[cluster].members;
            let body = |see: &mut dyn FnMut(&str)| texts::each_paragraph(self.corpus, kept, &record, &part, see);
            piece.item(&Item::Article(&Article {
                id: self.id(cluster),
                headline: texts.headline.as_deref(),
                captions: &texts.captions,
                byline: texts.byline.as_deref(),
                date: texts.date.as_deref(),
                date_iso: record.dated.map(|dated| dated.to_string()),
                body: Body(&body),
                occurrences: Occurrences { count: members.len(), nth: &|at| self.occurrence(&members[at]) },
                excerpt_of: excerpts.of(self, cluster),
                excerpts: excerpts.within(self, cluster),
            }))?;
        }
        Ok(())
    }

    fn occurrence(&self, member: &Member) -> Occurrence<'_> {
        let record = self.corpus.record(member.block);
        let page = self.corpus.page_of(member.block);
        Occurrence {
            page: self.name(page),
            record: self.record_of(page),
            meta: self.meta_of(page),
            start: record.stored.start as u64,
            end: record.stored.end as u64,
            first_line: record.lines.0,
            last_line: record.lines.1,
            matched: MatchName(member.matched),
            similarity: rounded(member.similarity),
            sha256: Hex(self.corpus.prints[member.block].digest),
        }
    }

    /// Which record of a container a page is.
    fn record_of(&self, page: usize) -> Option<RecordOf<'_>> {
        let record = self.corpus.library.record(self.corpus.source(page))?;
        let about = record.about.as_deref();
        Some(RecordOf {
            container: Name(Cow::Borrowed(&record.container)),
            number: record.number,
            id: about.and_then(|about| about.id.as_deref()).map(Cow::Borrowed),
            uri: about.and_then(|about| about.uri.as_deref()).map(Cow::Borrowed),
        })
    }

    /// Further fields of that record.
    fn meta_of(&self, page: usize) -> Option<&RawValue> {
        let record = self.corpus.library.record(self.corpus.source(page))?;
        serde_json::from_str(record.about.as_ref()?.meta.as_ref()?).ok()
    }

    /// The id of an article: the digest of its kept block.
    fn id(&self, cluster: usize) -> Hex {
        Hex(self.corpus.prints[self.grouping.clusters[cluster].kept].digest)
    }

    fn name(&self, page: usize) -> Name<'_> {
        Name(Cow::Borrowed(self.corpus.page_name(page)))
    }

    fn write_pages(&self, lists: &mut Lists) -> Result<(), Error> {
        let mut article_of = vec![Digest([0; 32]); self.corpus.block_count()];
        for cluster in &self.grouping.clusters {
            let id = self.corpus.prints[cluster.kept].digest;
            cluster.members.iter().for_each(|member| article_of[member.block] = id);
        }
        let count = self.corpus.page_count();
        lists.list("pages", count.div_ceil(PAGES), none, |at, piece| {
            let mut maps =
                (at * PAGES..count.min((at + 1) * PAGES)).filter_map(|page| self.map_page(page, &article_of));
            maps.try_for_each(|map| piece.item(&Item::Page(&map)))
        })
    }

    /// The map of a page; `None` if it has changed since.
    fn map_page(&self, index: usize, article_of: &[Digest]) -> Option<PageMap<'_>> {
        let page = self.corpus.library.page(self.corpus.source(index))?;
        let first = self.corpus.blocks_of(index).start;
        let mut start = 0;
        let spans = self.corpus.spans(index).map(|span| {
            let end = page.to_stored(span.end) as u64;
            let article = span.block.map(|block| Hex(article_of[first + block as usize]));
            SpanOf { start: std::mem::replace(&mut start, end), end, kind: KindName(span.kind), article }
        });
        Some(PageMap {
            page: self.name(index),
            bytes: page.size(),
            spans: spans.collect(),
            sha256: Hex(page.sha256()),
            shown: self.shown(index, &page),
        })
    }

    /// What a page shows, for a form in which pages are looked at.
    fn shown(&self, index: usize, page: &Page) -> Option<Shown<'_>> {
        let wanted = self.config.target.format == Format::Html;
        wanted.then(|| Shown {
            record: self.record_of(index),
            text: (page.text().len() <= html::limits::PAGE).then(|| Shown::text(page.text())),
            ends: self.corpus.spans(index).map(|span| span.end).collect(),
        })
    }
}

/// Piece by piece. Items whose page has changed since are left out; the library knows about it then, and the
/// report must not be used.
impl Told for Report<'_> {
    fn ids(&self) -> Box<dyn Iterator<Item = (Digest, u64)> + '_> {
        let clusters = self.grouping.clusters.iter();
        Box::new(clusters.map(|cluster| (self.corpus.prints[cluster.kept].digest, cluster.members.len() as u64)))
    }

    fn tell(&self, renderer: &dyn Renderer, sink: Sink) -> Result<(), Error> {
        let mut lists = Lists::new(renderer, sink);
        lists.frame(|renderer, out| renderer.begin(&header(self.config), &self.summary, out))?;
        self.write_articles(&mut lists)?;
        if let Some(quotes) = &self.grouping.quotes {
            let pieces: Vec<_> = quotes.chunks(QUOTES).collect();
            lists.list("quotes", pieces.len(), none, |at, piece| {
                let located = self.locate(pieces[at]);
                let mut quotes = pieces[at].iter().filter_map(|quote| self.quote(quote, &located));
                quotes.try_for_each(|quote| piece.item(&Item::Quote(&quote)))
            })?;
        }
        if self.config.spans {
            self.write_pages(&mut lists)?;
        }
        let skipped = skipped(self.corpus.library);
        lists.list("skipped", 1, none, |_, piece| {
            skipped.iter().try_for_each(|skipped| piece.item(&Item::Skipped(skipped)))
        })?;
        lists.frame(|renderer, out| renderer.end(&self.summary, out))
    }
}

/// No piece of a list is large.
fn none(_: usize) -> bool {
    false
}

/// A share or similarity with the four decimals that a reader can use. Only what is whole is 1.
pub fn rounded(share: f64) -> f64 {
    let rounded = (share * 1e4).round() / 1e4;
    if share < 1.0 { rounded.min(0.9999) } else { rounded }
}

fn header(config: &Config) -> Header {
    let split = match config.split {
        SplitMode::Auto => "auto",
        SplitMode::None => "none",
    };
    let parameters = Parameters {
        normalisation: normalise::VERSION,
        split: split.into(),
        near: config.group.near,
        threshold: config.group.threshold,
        quotes: config.quotes,
        keep: config.keep.name().into(),
        prefer: config.prefer.patterns.clone(),
        encoding: config.read.encoding.map(|encoding| encoding.name().into()),
        max_page_size: config.read.max_page_size,
        include: config.walk.include.patterns.clone(),
        exclude: config.walk.exclude.patterns.clone(),
        hidden: config.walk.hidden,
        follow: config.walk.follow,
        input_format: config.read.containers.format.map(|format| format.name().into()),
        text_field: config.read.containers.fields.text.clone(),
        id_field: config.read.containers.fields.id.clone(),
        meta_fields: config.read.containers.fields.meta.clone(),
    };
    Header { schema: schema::SCHEMA.into(), version: env!("CARGO_PKG_VERSION").into(), parameters }
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
        pages: corpus.page_count() as u64,
        bytes: (0..library.len()).map(|source| library.bytes(source)).sum(),
        blocks: corpus.block_count() as u64,
        articles: grouping.clusters.len() as u64,
        exact: matches(Match::Exact),
        near: matches(Match::Near),
        excerpts: excerpts.len() as u64,
        quotes: grouping.quotes.as_ref().map(|quotes| quotes.len() as u64),
        words: corpus.prints.iter().map(|print| u64::from(print.words)).sum(),
        unique_words: grouping.clusters.iter().map(|cluster| u64::from(corpus.prints[cluster.kept].words)).sum(),
        skipped: (0..library.len()).filter(|&source| library.skipped(source).is_some()).count() as u64,
        ignored: ignored + library.ignored(),
    }
}

/// The line of a report in JSON lines that these options give it to begin with.
pub fn header_line(config: &Config) -> Vec<u8> {
    rendered(|out| jsonl::Jsonl.begin(&header(config), &Summary::default(), out))
}

/// An item as a line of a report in JSON lines.
pub fn line(item: &Item) -> Result<Vec<u8>, Error> {
    let mut written = Ok(());
    let line = rendered(|out| written = jsonl::Jsonl.item(item, true, out));
    written.map(|()| line)
}

fn rendered(render: impl FnOnce(&mut Out)) -> Vec<u8> {
    let mut out = Out::default();
    render(&mut out);
    out.into_bytes()
}

/// Every source that was not read, in walk order.
pub fn skipped(library: &Library) -> Vec<Skipped<'static>> {
    let entry = |source| {
        let reason = library.skipped(source)?.to_owned();
        Some(Skipped { page: Name(Cow::Owned(library.name(source).to_vec())), reason })
    };
    (0..library.len()).filter_map(entry).collect()
}
