//! One JSON object a line, tagged with its type: header first, summary last, so that a report that was
//! cut off is recognisable.

use super::json::write;
use super::schema::{Header, Summary};
use super::{Item, Renderer};
use crate::error::Error;
use serde::Serialize;

/// Writes a report as JSON lines.
pub struct Jsonl;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Frame<'f> {
    Header(&'f Header),
    Summary(&'f Summary),
}

impl Renderer for Jsonl {
    fn begin(&self, header: &Header, _: &Summary, out: &mut Vec<u8>) {
        line(&Frame::Header(header), out);
    }

    fn open(&self, _: &str, _: &mut Vec<u8>) {}

    fn item(&self, item: &Item, _: bool, out: &mut Vec<u8>) -> Result<(), Error> {
        line(item, out);
        Ok(())
    }

    fn close(&self, _: bool, _: &mut Vec<u8>) {}

    fn end(&self, summary: &Summary, out: &mut Vec<u8>) {
        line(&Frame::Summary(summary), out);
    }
}

fn line(value: &impl Serialize, out: &mut Vec<u8>) {
    write(value, out);
    out.push(b'\n');
}
