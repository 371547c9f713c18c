//! A table for spreadsheets and data frames: one line an occurrence, the columns always the same.
//!
//! Lines end in a line feed, cells are quoted as RFC 4180 says, and the text is UTF-8 without a byte order
//! mark. A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end for a formula,
//! and what stands on news pages is not ours: such a cell gets a `'` in front. So does a cell that would
//! look as if it had got one, so that taking the `'` away from every cell that begins with `'` and one of
//! these gives back what was there. Numbers never need it.

use super::cells::{COLUMNS, Cell, row};
use super::schema::{Header, Summary};
use super::{Item, Out, Renderer};
use crate::error::Error;
use std::borrow::Cow;

/// Bytes that are gathered before they are handed on.
const BUFFER: usize = 1 << 12;

/// Writes a report as a table.
pub struct Csv;

impl Renderer for Csv {
    fn begin(&self, _: &Header, _: &Summary, out: &mut Out) {
        out.put(COLUMNS.join(",").as_bytes());
        out.put(b"\n");
    }

    fn item(&self, item: &Item, _: bool, out: &mut Out) -> Result<(), Error> {
        if let Item::Article(article) = item {
            let mut table = csv::WriterBuilder::new().buffer_capacity(BUFFER).from_writer(out);
            for occurrence in article.occurrences.iter() {
                let cells = row(article, &occurrence).map(written);
                table.write_record(cells.iter().map(|cell| cell.as_bytes())).expect("memory takes any row");
            }
            table.flush().expect("memory takes any row");
        }
        Ok(())
    }
}

fn written(cell: Cell) -> Cow<str> {
    match cell {
        Cell::Empty => "".into(),
        Cell::Word(word) => word,
        Cell::Text(text) => guarded(text),
        Cell::Number(number) => number.to_string().into(),
        Cell::Share(share) => format!("{share:?}").into(),
    }
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: Cow<str>) -> Cow<str> {
    match cell.trim_start_matches('\'').as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n') => format!("'{cell}").into(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_can_be_had_back() {
        for (text, cell) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("-a.txt", "'-a.txt"),
            ("'=1", "''=1"),
            ("\tx", "'\tx"),
            ("'Never again'", "'Never again'"),
            ("seeds/a.txt", "seeds/a.txt"),
            ("", ""),
        ] {
            assert_eq!(guarded(text.into()), cell);
        }
    }
}
