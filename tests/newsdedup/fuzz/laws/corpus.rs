//! Pages of an input → articles, as a run would find them.

use super::desk;
use newsdedup::Config;
use newsdedup::corpus::Corpus;
use newsdedup::group::{self, quotes};
use newsdedup::model::Grouping;
use newsdedup::read::{Library, Room};
use newsdedup::split::{self, Evidence, Gathered};
use newsdedup::walk::{Globs, Source};
use std::path::PathBuf;

/// Stands between two pages of an input.
const BORDER: u8 = 0;
/// What the pages of an input are called; more go with the last.
const NAMES: [&[u8]; 4] = [b"a.txt", b"b\x1b[1m\n\xff", b"c.html", b"d.jsonl"];

/// Writes the pages of an input to files.
pub fn files(input: &[u8]) -> Vec<(PathBuf, &[u8])> {
    let pages = input.splitn(NAMES.len(), |&byte| byte == BORDER);
    NAMES.into_iter().zip(pages).map(|(name, page)| (desk::put(name, page), page)).collect()
}

/// Reads files, takes them apart and puts equal blocks together, then shows what came of it.
pub fn grouped<T>(
    files: impl Iterator<Item = PathBuf>,
    config: &Config,
    see: impl FnOnce(&Corpus, &Grouping) -> T,
) -> T {
    let sources: Vec<Source> = files.map(|path| Source::File(path.into())).collect();
    let room = Room::beside(sources.len(), config.read.memory);
    let gathered = Gathered::default();
    let (library, _) = Library::load(sources, &config.read, &room, |page| {
        if !page.is_shown() {
            gathered.add(&split::observe(&split::read(page.text())));
        }
    });
    let evidence = Evidence::of(gathered);
    let mut corpus = Corpus::take_apart(&library, |_, page| {
        page.split().unwrap_or_else(|| split::split(page.text(), &split::read(page.text()), &evidence))
    });
    let sampled = std::mem::take(&mut corpus.sampled);
    let rank = corpus.rank(config.keep, &Globs::default());
    let mut grouping = group::group(&corpus.prints, sampled, &rank, &config.group, &|block| corpus.body(block));
    grouping.quotes = config.quotes.map(|words| {
        let (body, worded) = (|block| corpus.body(block), |block| corpus.words(block));
        quotes::quotes(&corpus.prints, &grouping, words, &body, &worded)
    });
    see(&corpus, &grouping)
}
