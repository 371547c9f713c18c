//! One table of all occurrences, with the texts of the kept ones.

use super::NOTE;
use super::table::{Put, Table, cause};
use crate::error::Error;
use crate::model::Match;
use crate::report::cells::{Cell, row};
use crate::report::jsonl::Jsonl;
use crate::report::lines::{Line, each_line};
use crate::report::{Sink, Told};

const SCHEMA: &str = "message occurrences {
    required binary article (STRING);
    optional binary headline (STRING);
    required int64 copies;
    required binary match (STRING);
    required double similarity;
    required binary page (STRING);
    required int64 first_line;
    required int64 last_line;
    required int64 start;
    required int64 end;
    optional binary date_iso (STRING);
    optional binary byline (STRING);
    optional binary container (STRING);
    optional int64 record;
    optional binary record_id (STRING);
    optional binary uri (STRING);
    required binary sha256 (STRING);
    optional binary meta (STRING);
    optional binary body (STRING);
}";

/// Writes a report as one table.
pub fn write(told: &dyn Told, sink: Sink) -> Result<(), Error> {
    let Sink { out, failed } = sink;
    let mut table = Table::begin(out, SCHEMA).map_err(|error| failed(cause(error)))?;
    each_line(told, &Jsonl, failed, |line| match line {
        Line::Header(header) => {
            table.note(NOTE, header);
            Ok(())
        }
        Line::Article(article) => article.show(|article| {
            article.occurrences.iter().try_for_each(|occurrence| {
                let kept = occurrence.matched.0 == Match::Kept;
                let body = if kept { Cell::Text(article.body.to_string().into()) } else { Cell::Empty };
                table.row(row(article, &occurrence).into_iter().chain([body]).map(Put::One)).map_err(cause)
            })
        }),
        _ => Ok(()),
    })?;
    table.finish().map_err(|error| failed(cause(error)))
}
