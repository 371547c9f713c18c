//! One readable file an article: its headline, an empty line, its paragraphs with empty lines between.
//!
//! A file holds nothing else, so that newsdedup finds the same article in it again. Its name is made
//! from the headline and the article's digest and is safe on every file system: letters and digits of
//! any script, joined by `-`, at most 100 bytes, no name that some system keeps for itself.

use super::Renderer;
use super::schema::{Article, Header, PageMap, Quote, SCHEMA, Skipped, Summary};
use crate::config::Format;
use crate::error::Error;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folder of the articles, inside the output folder.
pub const ARTICLES: &str = "articles";
/// Digits of the digest in a file's name.
const DIGITS: usize = 16;
/// The longest part of a name that is made from words, in bytes.
const WORDS: usize = 79;

/// The report's name inside the output folder.
pub fn report_name(format: Format) -> &'static str {
    match format {
        Format::Json => "report.json",
        Format::Jsonl => "report.jsonl",
    }
}

/// Writes each article to a file of its own and hands everything on to another renderer.
pub struct Files<'w> {
    folder: PathBuf,
    inner: Box<dyn Renderer + 'w>,
    /// Digests so far, cut to what a name shows of them.
    used: FxHashSet<[u8; DIGITS / 2]>,
}

impl<'w> Files<'w> {
    /// `folder` exists and is empty.
    pub fn new(folder: PathBuf, inner: Box<dyn Renderer + 'w>) -> Files<'w> {
        Files { folder, inner, used: FxHashSet::default() }
    }

    /// The name of an article's file, with all of its digest if another article shares the beginning.
    fn name(&mut self, article: &Article) -> String {
        let mut short = [0; DIGITS / 2];
        short.copy_from_slice(&article.id.0.0[..DIGITS / 2]);
        let digits = if self.used.insert(short) { DIGITS } else { 64 };
        file_name(article, digits)
    }
}

impl Renderer for Files<'_> {
    fn begin(&mut self, header: &Header, summary: &Summary) -> Result<(), Error> {
        self.inner.begin(header, summary)
    }

    fn articles(&mut self, articles: &[Article]) -> Result<(), Error> {
        let names: Vec<String> = articles.iter().map(|article| self.name(article)).collect();
        names.par_iter().zip(articles).try_for_each(|(name, article)| {
            let path = self.folder.join(name);
            std::fs::write(&path, text(article)).map_err(Error::write(&path))
        })?;
        self.inner.articles(articles)
    }

    fn quotes(&mut self, quotes: &[Quote]) -> Result<(), Error> {
        self.inner.quotes(quotes)
    }

    fn pages(&mut self, pages: &[PageMap]) -> Result<(), Error> {
        self.inner.pages(pages)
    }

    fn skipped(&mut self, skipped: &[Skipped]) -> Result<(), Error> {
        self.inner.skipped(skipped)
    }

    fn end(&mut self, summary: &Summary) -> Result<(), Error> {
        self.inner.end(summary)
    }
}

/// What an article's file holds.
fn text(article: &Article) -> String {
    let headline = article.headline.as_deref().unwrap_or_default();
    let parts: Vec<&str> = [headline, &article.body].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

fn file_name(article: &Article, digits: usize) -> String {
    let words = article.headline.as_deref().unwrap_or(&article.body);
    let mut name = String::new();
    for c in words.chars().take(4 * WORDS).nfc() {
        if name.len() + c.len_utf8() > WORDS {
            break;
        }
        if c.is_alphanumeric() || is_combining_mark(c) && !name.is_empty() && !name.ends_with('-') {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') && !matches!(c, '\'' | '’') {
            name.push('-');
        }
    }
    let name = match name.trim_end_matches('-') {
        "" => "untitled",
        name => name,
    };
    let digest = article.id.0.to_string();
    format!("{name}-{}.txt", &digest[..digits])
}

/// The first thing in an output folder that newsdedup did not write, if any.
pub fn stranger(folder: &Path) -> io::Result<Option<OsString>> {
    let mut reports = 0;
    let mut others = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_name().to_str() {
            Some("report.json" | "report.jsonl") if is_report(&entry.path()) => reports += 1,
            Some(ARTICLES) if entry.file_type()?.is_dir() => {}
            Some(".DS_Store" | "Thumbs.db" | "desktop.ini") => {}
            _ => others.push(entry.file_name()),
        }
    }
    let articles = folder.join(ARTICLES);
    if articles.is_dir() {
        if reports == 0 {
            others.push(ARTICLES.into());
        }
        for entry in std::fs::read_dir(&articles)? {
            let name = entry?.file_name();
            if !is_article_name(&name) {
                others.push(Path::new(ARTICLES).join(name).into());
            }
        }
    }
    Ok(others.into_iter().min())
}

fn is_report(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(64).read_to_end(&mut head));
    let schema = format!("\"schema\":\"{}\"", SCHEMA);
    read.is_ok() && String::from_utf8_lossy(&head).contains(&schema)
}

/// Whether a name ends as [`file_name`] makes it end.
fn is_article_name(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    let Some((_, digest)) = name.strip_suffix(".txt").and_then(|stem| stem.rsplit_once('-')) else {
        return matches!(&*name, ".DS_Store" | "Thumbs.db" | "desktop.ini");
    };
    [DIGITS, 64].contains(&digest.len()) && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The files of an output folder, below it, in order.
pub fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for (folder, below) in [(folder.to_owned(), Path::new("")), (folder.join(ARTICLES), Path::new(ARTICLES))] {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.push(below.join(entry.file_name()));
            }
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Digest;
    use crate::report::schema::Hex;

    #[track_caller]
    fn named(headline: &str, expected: &str) {
        let article = Article {
            id: Hex(Digest([0xab; 32])),
            headline: Some(headline.to_owned()),
            captions: Vec::new(),
            byline: None,
            date: None,
            date_iso: None,
            body: String::new(),
            occurrences: Vec::new(),
            excerpt_of: Vec::new(),
            excerpts: Vec::new(),
        };
        let name = file_name(&article, DIGITS);
        assert!(name.len() <= 100 && is_article_name(&OsString::from(&name)), "{name}");
        assert_eq!(name.strip_suffix("-abababababababab.txt"), Some(expected));
    }

    #[test]
    fn names_are_words_of_any_script() {
        named("Iran’s “letter”: Putin/Duma...", "Irans-letter-Putin-Duma");
        named("Новости — Москва", "Новости-Москва");
        named("北京新闻。", "北京新闻");
        named("हिन्दी समाचार", "हिन्दी-समाचार");
    }

    #[test]
    fn names_cannot_do_harm() {
        named("../../etc/passwd\0\n", "etc-passwd");
        named("-rf", "rf");
        named("CON", "CON");
        named("***", "untitled");
        named(&"ж".repeat(200), &"ж".repeat(39));
    }
}
