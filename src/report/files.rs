//! One readable file an article: its headline, an empty line, its paragraphs with empty lines between.
//!
//! A file holds nothing else, so that newsdedup finds the same article in it again. Its name is made
//! from the headline and the article's digest and is safe on every file system: letters and digits of
//! any script, joined by `-`, at most 100 bytes, no name that some system keeps for itself.

use super::schema::{Article, Header, SCHEMA, Summary};
use super::{Item, Out, Renderer, Sink, Told, cells, dot, html, parquet, text};
use crate::archive;
use crate::config::Format;
use crate::error::Error;
use crate::model::Digest;
use rustc_hash::FxHashSet;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folder of the articles, inside the output folder.
pub const ARTICLES: &str = "articles";
/// Digits of the digest in a file's name.
const DIGITS: usize = 16;
/// Bytes of a file that are written at once.
const BUFFER: usize = 1 << 16;
/// The longest part of a name that is made from words, in bytes.
const WORDS: usize = 79;

/// The report's name inside the output folder.
pub fn report_name(format: Format) -> &'static str {
    match format {
        Format::Json => "report.json",
        Format::Jsonl => "report.jsonl",
        Format::Csv => "report.csv",
        Format::Dot => "report.dot",
        Format::Html => "report.html",
        Format::Text => "report.txt",
        Format::Parquet => "articles.parquet",
    }
}

/// A report of which each article is written to a file of its own, whatever else becomes of it.
pub struct WithFiles<'w> {
    /// The report.
    pub told: &'w dyn Told,
    /// Where the files go: a folder that exists and is empty.
    pub folder: &'w Path,
}

impl Told for WithFiles<'_> {
    fn ids(&self) -> Box<dyn Iterator<Item = (Digest, u64)> + '_> {
        self.told.ids()
    }

    fn tell(&self, renderer: &dyn Renderer, sink: Sink) -> Result<(), Error> {
        self.told.tell(&Files::new(self.folder, self.ids().map(|(id, _)| id), renderer), sink)
    }
}

/// Writes each article to a file and hands everything on to another renderer.
struct Files<'w> {
    folder: &'w Path,
    inner: &'w dyn Renderer,
    /// Articles whose file name shows all of their digest, because an article before shares the beginning.
    long: FxHashSet<Digest>,
}

impl<'w> Files<'w> {
    /// `ids` are those of all articles, in order.
    fn new(folder: &'w Path, ids: impl Iterator<Item = Digest>, inner: &'w dyn Renderer) -> Files<'w> {
        Files { folder, inner, long: long(ids) }
    }

    fn write(&self, article: &Article) -> Result<(), Error> {
        let path = self.folder.join(name_of(article, &self.long));
        let write = || {
            let mut file = BufWriter::with_capacity(BUFFER, File::create(&path)?);
            write_text(article, &mut file)?;
            file.flush()
        };
        write().map_err(Error::write(&path))
    }
}

impl Renderer for Files<'_> {
    fn begin(&self, header: &Header, summary: &Summary, out: &mut Out) {
        self.inner.begin(header, summary, out);
    }

    fn open(&self, list: &str, out: &mut Out) {
        self.inner.open(list, out);
    }

    fn item(&self, item: &Item, first: bool, out: &mut Out) -> Result<(), Error> {
        if let Item::Article(article) = item {
            self.write(article)?;
        }
        self.inner.item(item, first, out)
    }

    fn close(&self, empty: bool, out: &mut Out) {
        self.inner.close(empty, out);
    }

    fn end(&self, summary: &Summary, out: &mut Out) {
        self.inner.end(summary, out);
    }
}

/// The articles, of all, whose file name shows all of their digest.
pub fn long(ids: impl Iterator<Item = Digest>) -> FxHashSet<Digest> {
    let mut used: FxHashSet<[u8; DIGITS / 2]> = FxHashSet::default();
    ids.filter(|id| id.0.first_chunk().is_some_and(|short| !used.insert(*short))).collect()
}

/// The name of an article's file, given those with a long one.
pub fn name_of(article: &Article, long: &FxHashSet<Digest>) -> String {
    file_name(article, if long.contains(&article.id.0) { 64 } else { DIGITS })
}

/// Writes what an article's file holds.
pub fn write_text(article: &Article, file: &mut impl Write) -> io::Result<()> {
    let headline = article.headline.unwrap_or_default();
    file.write_all(headline.as_bytes())?;
    let (mut between, mut written) = (if headline.is_empty() { "" } else { "\n\n" }, Ok(()));
    article.body.each_paragraph(&mut |paragraph| {
        if written.is_ok() {
            written = file.write_all(between.as_bytes()).and_then(|()| file.write_all(paragraph.as_bytes()));
            between = "\n\n";
        }
    });
    written.and_then(|()| file.write_all(b"\n"))
}

fn file_name(article: &Article, digits: usize) -> String {
    let words = article.headline.map_or_else(|| article.body.beginning(4 * WORDS), str::to_owned);
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
            Some(name) if is_report(name, &entry.path()) => reports += 1,
            Some(archive::NAME) if archive::is_archive(&entry.path()) => {}
            Some(ARTICLES) if entry.file_type()?.is_dir() => {}
            Some(_) if is_of_the_system(&entry.file_name()) => {}
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

/// Whether a file has the name of a report and begins as one does.
fn is_report(name: &str, path: &Path) -> bool {
    let head = || -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        File::open(path)?.take(64).read_to_end(&mut head)?;
        Ok(head)
    };
    let schema = format!("\"schema\":\"{SCHEMA}\"");
    let mark = match name {
        "report.json" | "report.jsonl" => &schema,
        "report.csv" => cells::COLUMNS[0],
        "report.dot" => dot::HEAD,
        "report.html" => html::HEAD,
        "report.txt" => text::HEAD,
        name if parquet::TABLES.contains(&name) => return parquet::is_ours(path, &schema).unwrap_or(false),
        _ => return false,
    };
    head().is_ok_and(|head| String::from_utf8_lossy(&head).contains(mark))
}

/// Whether a file is one that desktops put into folders.
pub fn is_of_the_system(name: &OsStr) -> bool {
    matches!(name.to_str(), Some(".DS_Store" | "Thumbs.db" | "desktop.ini"))
}

/// Whether a name ends as [`file_name`] makes it end.
fn is_article_name(name: &OsString) -> bool {
    let of_the_system = is_of_the_system(name);
    let name = name.to_string_lossy();
    let Some((_, digest)) = name.strip_suffix(".txt").and_then(|stem| stem.rsplit_once('-')) else {
        return of_the_system;
    };
    [DIGITS, 64].contains(&digest.len()) && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The files of an output folder, below it, in order.
pub fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for (folder, below) in [(folder.to_owned(), Path::new("")), (folder.join(ARTICLES), Path::new(ARTICLES))] {
        if !folder.is_dir() {
            continue;
        }
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
    use crate::report::schema::{Body, Hex, Occurrences};

    fn untitled<'a>() -> Article<'a> {
        Article {
            id: Hex(Digest([0xab; 32])),
            headline: None,
            captions: &[],
            byline: None,
            date: None,
            date_iso: None,
            body: Body(&|_| {}),
            occurrences: Occurrences { count: 0, nth: &|_| unreachable!("it has no occurrences") },
            excerpt_of: Vec::new(),
            excerpts: Vec::new(),
        }
    }

    #[track_caller]
    fn named(headline: &str, expected: &str) {
        let article = Article { headline: Some(headline), ..untitled() };
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
    fn what_newsdedup_did_not_write_is_found_in_a_folder() {
        let check = |files: &[(&str, &str)], expected: Option<&str>| {
            let folder = tempfile::TempDir::new().unwrap();
            for (name, text) in files {
                let path = folder.path().join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            assert_eq!(stranger(folder.path()).unwrap(), expected.map(OsString::from), "{files:?}");
        };
        let article = ("articles/A-gate-0123456789abcdef.txt", "A gate\n");
        let report = ("report.txt", "newsdedup: 1 page");
        check(&[], None);
        check(&[report, article, (".DS_Store", ""), ("articles/Thumbs.db", "")], None);
        check(&[("report.dot", dot::HEAD), ("report.html", html::HEAD), ("report.csv", "article,headline")], None);
        check(&[("archive.newsdedup", "newsdedup archive 1\n"), report], None);
        check(&[("archive.newsdedup", "another archive"), report], Some("archive.newsdedup"));
        check(&[("report.csv", "name,age"), article], Some("articles"));
        check(&[("report.html", "<!DOCTYPE html>")], Some("report.html"));
        check(&[("articles", "a file"), report], Some("articles"));
        check(&[article], Some("articles"));
        for name in ["notes.txt", "A-gate-0123456789abcdeg.txt", "A-gate-0123.txt", "0123456789abcdef.txt", "x.md"] {
            let name = format!("articles/{name}");
            check(&[report, article, (&name, "")], Some(&name));
        }
    }

    #[test]
    fn what_finds_no_room_is_an_error_and_not_tried_again() {
        struct Full(usize);
        impl Write for Full {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
                Ok(bytes.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let article = Article { body: Body(&|see| ["One.", "Two."].into_iter().for_each(see)), ..untitled() };
        let has_room = |room: &usize| write_text(&article, &mut Full(*room)).is_ok();
        assert_eq!((0..100).find(has_room), Some("One.\n\nTwo.\n".len()));
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
