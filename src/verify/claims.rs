//! What a report claims, page by page; and what can be seen of its articles without any page.

use super::articles::Files;
use super::{Findings, Law};
use crate::error::Error;
use crate::model::{Digest, Match};
use crate::report::schema::{Article, Header, Occurrence, Summary};
use crate::report::stored::Stored;
use crate::report::{Item, Out, Renderer, Sink, Told};
use rustc_hash::FxHashMap;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// What a report says of a block.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Bytes of the page as stored.
    pub start: u64,
    pub end: u64,
    /// First and last line.
    pub lines: (u64, u64),
    pub sha256: Digest,
    /// The id of its article.
    pub article: Digest,
}

/// All claims, by the name of the page.
#[derive(Debug, Default)]
pub struct Claims {
    by_page: FxHashMap<Box<[u8]>, Vec<Claim>>,
    /// Pages that have a map or a block, and whether each is a record of a container.
    sources: FxHashMap<Box<[u8]>, bool>,
    /// Whether the report has maps of pages.
    pub has_maps: bool,
}

impl Claims {
    /// What is said of a page, in page order.
    pub fn of(&self, page: &[u8]) -> &[Claim] {
        self.by_page.get(page).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many pages are named.
    pub fn pages(&self) -> usize {
        self.sources.len()
    }

    /// The names of all pages.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.sources.keys().map(|name| &**name)
    }

    /// The name of a page, if it is named.
    pub fn name(&self, page: &[u8]) -> Option<&[u8]> {
        self.sources.get_key_value(page).map(|(name, _)| &**name)
    }

    /// The names of all pages, and whether each is known to be a record of a container.
    pub fn sources(&self) -> impl Iterator<Item = (&[u8], bool)> {
        self.sources.iter().map(|(name, is_record)| (&**name, *is_record))
    }
}

/// Reads all claims of a report. `folder` is where the files of its articles are, if there are any.
pub fn gather(report: &Stored, folder: Option<&Path>, findings: &Findings) -> Result<Claims, Error> {
    let files = folder.and_then(|folder| Files::of(folder, report, findings));
    let gatherer = Gatherer { claims: Mutex::default(), files: files.as_ref(), findings };
    report.tell(&gatherer, Sink { out: &mut io::sink(), failed: &Error::Stdout })?;
    if let Some(files) = &files {
        files.find_strangers(findings);
    }
    let mut claims = gatherer.claims.into_inner().unwrap_or_else(PoisonError::into_inner);
    claims.by_page.values_mut().for_each(|claims| claims.sort_by_key(|claim| (claim.start, claim.end)));
    Ok(claims)
}

struct Gatherer<'g> {
    claims: Mutex<Claims>,
    files: Option<&'g Files>,
    findings: &'g Findings,
}

impl Renderer for Gatherer<'_> {
    fn begin(&self, _: &Header, _: &Summary, _: &mut Out) {}

    fn item(&self, item: &Item, _: bool, _: &mut Out) -> Result<(), Error> {
        match item {
            Item::Article(article) => {
                self.add(article);
                let of = article.id.to_string();
                super::articles::verify(article, |what| self.findings.broken(Law::Article, of.as_bytes(), what));
                if let Some(files) = self.files {
                    files.verify(article, self.findings);
                }
            }
            Item::Page(map) => {
                let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
                claims.has_maps = true;
                claims.sources.entry(map.page.0.as_ref().into()).or_default();
            }
            Item::Quote(_) | Item::Skipped(_) => {}
        }
        Ok(())
    }
}

impl Gatherer<'_> {
    fn add(&self, article: &Article) {
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        let Claims { by_page, sources, .. } = &mut *claims;
        for occurrence in article.occurrences.iter() {
            let Occurrence { page, record, start, end, first_line, last_line, sha256, .. } = occurrence;
            let claim = Claim { start, end, lines: (first_line, last_line), sha256: sha256.0, article: article.id.0 };
            *sources.entry(page.0.as_ref().into()).or_default() |= record.is_some();
            by_page.entry(page.0.as_ref().into()).or_default().push(claim);
        }
        drop(claims);
        self.findings.count(|counts| {
            counts.articles += 1;
            counts.occurrences += article.occurrences.count as u64;
        });
    }
}

/// Whether an occurrence has the text of the article, word for word.
pub fn is_equal(occurrence: &Occurrence) -> bool {
    matches!(occurrence.matched.0, Match::Kept | Match::Exact)
}
