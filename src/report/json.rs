//! One JSON object; every article, page map and skipped source is a line of its own, so that `grep`,
//! `diff` and `less` are of use as well as `jq`.

use super::schema::{Header, Summary};
use super::{Item, Out, Renderer};
use crate::error::Error;
use serde::Serialize;

/// Writes a report as JSON.
pub struct Json;

impl Renderer for Json {
    fn begin(&self, header: &Header, summary: &Summary, out: &mut Out) {
        out.put(b"{\"schema\":");
        write(&header.schema, out);
        out.put(b",\n\"version\":");
        write(&header.version, out);
        out.put(b",\n\"parameters\":");
        write(&header.parameters, out);
        out.put(b",\n\"summary\":");
        write(summary, out);
    }

    fn open(&self, list: &str, out: &mut Out) {
        out.put(b",\n");
        write(&list, out);
        out.put(b":[");
    }

    fn item(&self, item: &Item, first: bool, out: &mut Out) -> Result<(), Error> {
        out.put(if first { &b"\n"[..] } else { b",\n" });
        match item {
            Item::Article(article) => write(article, out),
            Item::Quote(quote) => write(quote, out),
            Item::Page(page) => write(page, out),
            Item::Skipped(skipped) => write(skipped, out),
        }
        Ok(())
    }

    fn close(&self, empty: bool, out: &mut Out) {
        out.put(if empty { &b"]"[..] } else { b"\n]" });
    }

    fn end(&self, _: &Summary, out: &mut Out) {
        out.put(b"}\n");
    }
}

/// Appends a value as JSON. Nothing in a report fails to be JSON, and memory does not fail to be written.
pub(super) fn write(value: &impl Serialize, out: &mut Out) {
    serde_json::to_writer(out, value).expect("every value of a report is JSON");
}
