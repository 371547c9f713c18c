//! One JSON object; every article, page map and skipped source is a line of its own, so that `grep`,
//! `diff` and `less` are of use as well as `jq`.

use super::schema::{Header, Summary};
use super::{Item, Out, Renderer};
use crate::error::Error;
use serde::Serialize;
use std::io::Write;

/// Writes a report as JSON.
pub struct Json;

impl Renderer for Json {
    fn begin(&self, header: &Header, summary: &Summary, out: &mut Out) {
        put(format_args!("{{\"schema\":\"{}\",\n\"version\":\"{}\",\n", header.schema, header.version), out);
        put(format_args!("\"parameters\":"), out);
        write(&header.parameters, out);
        put(format_args!(",\n\"summary\":"), out);
        write(summary, out);
    }

    fn open(&self, list: &str, out: &mut Out) {
        put(format_args!(",\n\"{list}\":["), out);
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

fn put(text: std::fmt::Arguments, out: &mut Out) {
    out.write_fmt(text).expect("memory takes any text");
}
