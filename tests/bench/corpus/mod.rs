//! Corpora of invented news of any size, with known truth: which block of which page is a copy of what.
//!
//! A seed gives an endless row of pages, always the same; a larger corpus begins with the smaller one.
//! One page is in memory at a time, and nothing is remembered of the pages before. Of the articles, 30 %
//! are exact copies of earlier ones, 20 % edited copies, and 3 % share a passage with an earlier one.

pub mod article;
mod edit;
mod grammar;
mod jaccard;
mod layout;
pub mod plan;
pub mod random;

pub use edit::Edit;
pub use plan::Origin;

use layout::{Setting, Site};
use plan::{Plan, Text};
use random::Purpose;
use serde::{Deserialize, Serialize};
use std::fs::{File, create_dir_all, write};
use std::io::{BufWriter, Result, Write};
use std::path::Path;
use std::sync::mpsc::sync_channel;

/// The folder of the pages of a corpus.
pub const PAGES: &str = "pages";
/// The file with the truth of a corpus, one [`Truth`] a line.
pub const TRUTH: &str = "truth.jsonl";

/// Pages that may wait to be written.
const WAITING: usize = 64;
/// Pages in one folder.
const IN_FOLDER: u64 = 1000;

/// What is true of one block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The page, below the folder of pages.
    pub page: String,
    /// First byte of the body.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The block's number, counted from 0 through all pages.
    pub block: u64,
    /// The number of the first block of the same article.
    pub article: u64,
    /// What it was made from.
    pub origin: Origin,
    /// How its text was edited, or the text of which it is an exact copy.
    pub edit: Option<Edit>,
    /// Runs of five words that it shares with what it was made from, by all that the two hold, 0 to 1. An
    /// exact copy has the figure of the block it copies.
    pub jaccard: f64,
}

/// One page and what is true of it.
#[derive(Debug)]
pub struct Page {
    /// Its path below the folder of pages.
    pub name: String,
    pub text: String,
    pub truth: Vec<Truth>,
}

/// How articles stand in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As sites show them: one or several on a page, with headlines, captions, menus and footers.
    Pages,
    /// The text of one article a file, and nothing else.
    Articles,
}

/// How much of a corpus is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Size {
    /// Pages that come to so many bytes.
    Bytes(u64),
    /// So many pages.
    Pages(u64),
}

/// The size of a corpus.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written {
    pub pages: u64,
    pub blocks: u64,
    pub bytes: u64,
}

/// Writes a corpus into a folder: [`PAGES`] and [`TRUTH`].
pub fn write_corpus(folder: &Path, seed: u64, layout: Layout, size: Size) -> Result<Written> {
    create_dir_all(folder.join(PAGES))?;
    let mut truth = BufWriter::new(File::create(folder.join(TRUTH))?);
    let (made, pages) = sync_channel(WAITING);
    let mut written = Written::default();
    std::thread::scope(|scope| {
        // Pages are made while others are written, until nobody wants another one.
        scope.spawn(move || Pages::new(seed, layout).try_for_each(|page| made.send(page)));
        let mut wanted = pages.into_iter();
        while !written.reaches(size)
            && let Some(page) = wanted.next()
        {
            written.add(folder, &page, &mut truth)?;
        }
        truth.flush()
    })?;
    Ok(written)
}

impl Written {
    fn add(&mut self, folder: &Path, page: &Page, truth: &mut impl Write) -> Result<()> {
        let path = folder.join(PAGES).join(&page.name);
        if self.pages.is_multiple_of(IN_FOLDER) {
            path.parent().map_or(Ok(()), create_dir_all)?;
        }
        write(path, &page.text)?;
        for block in &page.truth {
            serde_json::to_writer(&mut *truth, block)?;
            truth.write_all(b"\n")?;
        }
        self.pages += 1;
        self.blocks += page.truth.len() as u64;
        self.bytes += page.text.len() as u64;
        Ok(())
    }

    fn reaches(&self, size: Size) -> bool {
        match size {
            Size::Bytes(bytes) => self.bytes >= bytes,
            Size::Pages(pages) => self.pages >= pages,
        }
    }
}

/// The endless row of pages of a seed.
pub struct Pages {
    plan: Plan,
    sites: Vec<Site>,
    page: u64,
    block: u64,
}

impl Pages {
    pub fn new(seed: u64, layout: Layout) -> Pages {
        let plan = Plan::new(seed);
        let sites = match layout {
            Layout::Pages => Site::all(&plan),
            Layout::Articles => vec![Site::bare()],
        };
        Pages { plan, sites, page: 0, block: 0 }
    }

    /// What is true of the block that comes next.
    fn truth(&self, page: &str, body: std::ops::Range<usize>, text: &Text) -> Truth {
        let other = text.other.as_ref();
        Truth {
            page: page.to_owned(),
            start: body.start,
            end: body.end,
            block: self.block,
            article: self.plan.article_of(self.block),
            origin: self.plan.origin(self.block),
            edit: text.edit,
            jaccard: other.map_or(1.0, |other| jaccard::jaccard(&other.paragraphs, &text.article.paragraphs)),
        }
    }
}

impl Iterator for Pages {
    type Item = Page;

    fn next(&mut self) -> Option<Page> {
        let mut random = self.plan.random(Purpose::Page, self.page);
        let name = format!("{:03}/{:06}_{:016x}.txt", self.page / IN_FOLDER, self.page, random.next());
        let site = layout::pick(&self.sites, &mut random);
        let capacity = site.capacity(&mut random);
        let other = |random: &mut random::Random| random.below(self.block as usize + 1) as u64;
        let others: Vec<u64> = (0..site.teasers()).map(|_| other(&mut random)).collect();
        let teasers: Vec<String> = others.iter().map(|&other| self.plan.text(other).article.teaser()).collect();
        let mut setting = Setting::new(site, random);
        let mut truth: Vec<Truth> = Vec::new();
        let plan = &self.plan;
        // No page shows an article twice.
        while truth.len() < capacity && truth.iter().all(|known| known.article != plan.article_of(self.block)) {
            let text = plan.text(self.block);
            let body = setting.article(plan, &text.article);
            truth.push(self.truth(&name, body, &text));
            self.block += 1;
        }
        self.page += 1;
        Some(Page { name, text: setting.finish(plan, &teasers), truth })
    }
}
