//! Texts and candidates of components, sorted → articles and excerpts.
//!
//! A component is held while it is worked on: about 200 bytes a text and 16 a candidate. Bodies wait in a temporary
//! file.

use super::Request;
use super::filter::{Filter, Out};
use super::pilot::Bodies;
use super::table::{Cell, Columns, Kind, Row};
use super::texts;
use crate::error::Error;
use crate::fingerprint::prints::Prints;
use crate::group::candidates::Candidate;
use crate::group::stock::Stock;
use crate::group::{group_found, keep};
use crate::model::{Digest, Fingerprint, Grouping};
use crate::report::rounded;
use rustc_hash::FxHashMap;

/// Sorted by component; in each first the texts, in order of their first blocks, then the candidates, without
/// `text`.
const IN: Columns = &[
    ("component", Kind::Long),
    ("text", Kind::Long),
    ("digest", Kind::Bytes),
    ("words", Kind::Long),
    ("first_page", Kind::Long),
    ("first_block", Kind::Long),
    ("first_preferred", Kind::Long),
    ("first_dated", Kind::Long),
    ("kept_page", Kind::Long),
    ("kept_block", Kind::Long),
    ("kept_preferred", Kind::Long),
    ("kept_dated", Kind::Long),
    ("body", Kind::Text),
    ("a", Kind::Long),
    ("b", Kind::Long),
    ("promise", Kind::Double),
];

/// A row for every text with the one that is kept of its article; and a row, without `text`, for every article whose
/// kept block `of_page`, `of_block` stands in the kept block of another: words `from` to `to` there.
const OUT: Columns = &[
    ("text", Kind::Long),
    ("article", Kind::Long),
    ("similarity", Kind::Double),
    ("of_page", Kind::Long),
    ("of_block", Kind::Long),
    ("page", Kind::Long),
    ("block", Kind::Long),
    ("share", Kind::Double),
    ("from", Kind::Long),
    ("to", Kind::Long),
];

/// Links components.
pub struct Link {
    stock: Stock,
    component: Component,
}

impl Filter for Link {
    const IN: Columns = IN;
    const OUT: Columns = OUT;

    fn new(request: &Request) -> Result<Link, Error> {
        Ok(Link { stock: request.stock()?, component: Component::default() })
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        if self.component.id != Some(row.long(0)) {
            self.component.link(request, &self.stock, out)?;
            self.component = Component { id: Some(row.long(0)), ..Component::default() };
        }
        self.component.add(row)
    }

    fn end(mut self, request: &Request, out: &mut Out) -> Result<(), Error> {
        self.component.link(request, &self.stock, out)
    }
}

#[derive(Default)]
struct Component {
    id: Option<i64>,
    texts: Vec<Text>,
    bodies: Bodies,
    /// By its number, which of the texts.
    index: FxHashMap<i64, u32>,
    candidates: Vec<Candidate>,
}

struct Text {
    number: i64,
    print: Fingerprint,
    first: texts::Candidate,
    kept: texts::Candidate,
}

/// A block that says where a text comes first, or the one that would be kept of it.
struct Block {
    of: texts::Candidate,
    text: usize,
}

impl Component {
    fn add(&mut self, row: Row) -> Result<(), Error> {
        let Some(number) = row.some_long(1) else { return self.add_candidate(row) };
        let digest = row.bytes(2).try_into().map_err(|_| Error::Table("a digest of another length".to_owned()))?;
        let words = row.number(3) as u32;
        self.index.insert(number, self.texts.len() as u32);
        self.texts.push(Text {
            number,
            print: Fingerprint { digest: Digest(digest), words },
            first: texts::Candidate::of(row, [4, 5, 6, 7], words),
            kept: texts::Candidate::of(row, [8, 9, 10, 11], words),
        });
        self.bodies.push(row.text(12).unwrap_or_default())
    }

    fn add_candidate(&mut self, row: Row) -> Result<(), Error> {
        let known = |column| self.index.get(&row.long(column)).copied();
        let (Some(a), Some(b)) = (known(13), known(14)) else {
            return Err(Error::Table("a candidate whose texts are not there".to_owned()));
        };
        self.candidates.push(Candidate { a: a.min(b), b: a.max(b), promise: row.double(15) as f32 });
        Ok(())
    }

    /// The first and the kept blocks of all texts, in page order.
    fn blocks(&self) -> Vec<Block> {
        let place = |block: &texts::Candidate| (block.page, block.block);
        let mut blocks = Vec::new();
        for (text, Text { first, kept, .. }) in self.texts.iter().enumerate() {
            blocks.push(Block { of: *first, text });
            if place(first) != place(kept) {
                blocks.push(Block { of: *kept, text });
            }
        }
        blocks.sort_unstable_by_key(|block| place(&block.of));
        blocks
    }

    fn link(&mut self, request: &Request, stock: &Stock, out: &mut Out) -> Result<(), Error> {
        let blocks = self.blocks();
        let prints: Prints = blocks.iter().map(|block| self.texts[block.text].print).collect();
        let copies: Vec<keep::Copy> = blocks.iter().map(|block| block.of.copy).collect();
        let rank = keep::rank(request.config.keep, &copies);
        let candidates = std::mem::take(&mut self.candidates);
        let body = |block: usize| self.bodies.get(blocks[block].text);
        let grouping = group_found(&prints, candidates, stock, &rank, &request.config.group, &body);
        self.put(&grouping, &blocks, out)
    }

    fn put(&self, grouping: &Grouping, blocks: &[Block], out: &mut Out) -> Result<(), Error> {
        let mut told = vec![false; self.texts.len()];
        for cluster in &grouping.clusters {
            let article = self.texts[blocks[cluster.kept].text].number;
            for member in &cluster.members {
                let text = blocks[member.block].text;
                if !std::mem::replace(&mut told[text], true) {
                    let similarity = rounded(member.similarity);
                    let cells = [Cell::Long(self.texts[text].number), Cell::Long(article), Cell::Double(similarity)];
                    out.row(cells.into_iter().chain([Cell::Empty; 7]))?;
                }
            }
        }
        for excerpt in &grouping.excerpts {
            let [of, within] = [excerpt.cluster, excerpt.within].map(|at| blocks[grouping.clusters[at].kept].of);
            out.row([
                Cell::Empty,
                Cell::Empty,
                Cell::Double(rounded(excerpt.similarity)),
                Cell::Long(of.page),
                Cell::Long(of.block),
                Cell::Long(within.page),
                Cell::Long(within.block),
                Cell::Double(rounded(excerpt.share)),
                Cell::number(excerpt.words.start),
                Cell::number(excerpt.words.end),
            ])?;
        }
        Ok(())
    }
}
