//! Pairs, each behind the text it begins with → pairs worth a comparison.

use super::Request;
use super::filter::{Filter, Out};
use super::table::{Cell, Columns, Kind, Row};
use crate::error::Error;
use crate::group::candidates::steps::Seen;
use rustc_hash::FxHashSet;

/// Sorted by `a`: a row with what is seen of it, without `b`; then its pairs, each with what is seen of `b`.
const IN: Columns = &[
    ("a", Kind::Long),
    ("b", Kind::Long),
    ("weight", Kind::Long),
    ("times", Kind::Long),
    ("shingles", Kind::Bytes),
    ("crowded", Kind::Bytes),
];

/// Weighs pairs.
#[derive(Default)]
pub struct Weigh {
    first: Option<(i64, Seen)>,
}

impl Filter for Weigh {
    const IN: Columns = IN;
    /// `a` is the lower number.
    const OUT: Columns = &[("a", Kind::Long), ("b", Kind::Long), ("promise", Kind::Double)];

    fn new(_: &Request) -> Result<Weigh, Error> {
        Ok(Weigh::default())
    }

    fn row(&mut self, request: &Request, row: Row, out: &mut Out) -> Result<(), Error> {
        let a = row.long(0);
        let Some(b) = row.some_long(1) else {
            self.first = Some((a, seen(request, row, a)));
            return Ok(());
        };
        let Some((_, own)) = self.first.as_ref().filter(|(text, _)| *text == a) else {
            return Err(Error::Table("a pair of a text that is not there".to_owned()));
        };
        match own.promise(&seen(request, row, b), row.number(2), row.number(3), request.bar) {
            // Candidates have it in half the bits.
            Some(promise) => {
                let promise = f64::from(promise as f32);
                out.row([Cell::Long(a.min(b)), Cell::Long(a.max(b)), Cell::Double(promise)])
            }
            None => Ok(()),
        }
    }
}

fn seen(request: &Request, row: Row, text: i64) -> Seen {
    let crowded: FxHashSet<u32> = row.numbers(5).into_iter().collect();
    Seen::new(text as u64, &row.numbers(4), request.bar, |shingle| crowded.contains(&shingle))
}
