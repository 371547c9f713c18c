//! What is told, and the ways to write it down.

use super::csv::Csv;
use super::dot::Dot;
use super::html;
use super::json::Json;
use super::jsonl::Jsonl;
use super::lists::{Out, Sink};
use super::parquet;
use super::schema::{Article, Header, PageMap, Quote, Skipped, Summary};
use super::text::Text;
use crate::config::{Format, Target};
use crate::error::Error;
use crate::model::Digest;
use serde::Serialize;

/// One way to write a report down. It appends to `out` and knows nothing of where that goes. The calls
/// stand in the order of the report; items, however, are rendered by several threads at once. Quotes and
/// pages come only if they are asked for.
pub trait Renderer: Sync {
    /// What the report begins with. The summary is known already.
    fn begin(&self, header: &Header, summary: &Summary, out: &mut Out);
    /// The beginning of a list: `articles`, `quotes`, `pages`, `skipped`.
    fn open(&self, _list: &str, _out: &mut Out) {}
    /// An item of the list, perhaps its first.
    fn item(&self, item: &Item, first: bool, out: &mut Out) -> Result<(), Error>;
    /// The end of a list, perhaps of an empty one.
    fn close(&self, _empty: bool, _out: &mut Out) {}
    /// The end of a whole report.
    fn end(&self, _summary: &Summary, _out: &mut Out) {}
}

/// An item of one of the lists.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Item<'i> {
    /// In order of first occurrence.
    Article(&'i Article<'i>),
    /// In order of first place.
    Quote(&'i Quote<'i>),
    /// In walk order.
    Page(&'i PageMap<'i>),
    /// In walk order.
    Skipped(&'i Skipped<'i>),
}

/// What can be told as a report: a run, or a report that was written before.
pub trait Told {
    /// The ids of all articles, in order, and how many occurrences each has.
    fn ids(&self) -> Box<dyn Iterator<Item = (Digest, u64)> + '_>;

    /// Hands all of it to a renderer, in order, and what that makes of it to `sink`.
    fn tell(&self, renderer: &dyn Renderer, sink: Sink) -> Result<(), Error>;
}

/// Writes a report in one piece.
pub fn write(told: &dyn Told, target: &Target, sink: Sink) -> Result<(), Error> {
    match target.format {
        Format::Json => told.tell(&Json, sink),
        Format::Jsonl => told.tell(&Jsonl, sink),
        Format::Csv => told.tell(&Csv, sink),
        Format::Parquet => parquet::write_one(told, sink),
        Format::Dot => told.tell(&Dot::default(), sink),
        Format::Html => html::write(told, sink),
        Format::Text => told.tell(&Text::new(target.look), sink),
    }
}
