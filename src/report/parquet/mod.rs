//! Tables for DuckDB, Polars, pandas and Spark: the table of [`super::csv`] with the texts in one file, or a
//! folder with a table for each list of the report.
//!
//! The threads render JSON lines, and one of them makes columns of these: a table is written in order,
//! column by column, and a line has all that is in a row. The schemas below are in Parquet's own notation.

#[cfg(feature = "parquet")]
mod folder;
#[cfg(feature = "parquet")]
mod one;
#[cfg(feature = "parquet")]
mod table;

#[cfg(feature = "parquet")]
pub use {folder::write as write_folder, one::write as write_one};

#[cfg(not(feature = "parquet"))]
pub use without::{write_folder, write_one};

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The tables of a folder.
pub const TABLES: [&str; 7] = [
    "articles.parquet",
    "occurrences.parquet",
    "excerpts.parquet",
    "quotes.parquet",
    "pages.parquet",
    "spans.parquet",
    "skipped.parquet",
];
/// Under which name a file holds the header of the report it was made from.
pub const NOTE: &str = "newsdedup";
/// What a program says that was built without them.
pub const WITHOUT: &str =
    "this newsdedup was built without Parquet; build it with: cargo build --release --features parquet";
/// What every Parquet file begins and ends with.
const MAGIC: &[u8; 4] = b"PAR1";

/// Whether a file is a table that newsdedup wrote.
pub fn is_ours(path: &Path, schema: &str) -> io::Result<bool> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut end = [0; 8];
    let Some(at) = size.checked_sub(8) else { return Ok(false) };
    file.read_exact_at(&mut end, at)?;
    let [length @ .., _, _, _, _] = end;
    let length = u64::from(u32::from_le_bytes(length));
    let Some(start) = at.checked_sub(length).filter(|_| end.ends_with(MAGIC)) else { return Ok(false) };
    let mut footer = vec![0; length as usize];
    file.read_exact_at(&mut footer, start)?;
    Ok(memchr::memmem::find(&footer, schema.as_bytes()).is_some())
}

#[cfg(not(feature = "parquet"))]
mod without {
    use crate::error::Error;
    use crate::report::{Sink, Told};
    use std::path::Path;

    /// Says that it cannot.
    pub fn write_one(_: &dyn Told, _: Sink) -> Result<(), Error> {
        Err(Error::Usage(super::WITHOUT.to_owned()))
    }

    /// Says that it cannot.
    pub fn write_folder(_: &dyn Told, _: &Path) -> Result<(), Error> {
        Err(Error::Usage(super::WITHOUT.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_table_is_ours_if_its_footer_says_so() {
        let check = |parts: &[&[u8]], expected| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(&parts.concat()).unwrap();
            assert_eq!(is_ours(file.path(), "newsdedup/1").unwrap(), expected, "{parts:?}");
        };
        let length = |length: u32| length.to_le_bytes();
        check(&[MAGIC, b"data", b"of newsdedup/1", &length(14), MAGIC], true);
        check(&[MAGIC, b"newsdedup/1", b"of another", &length(10), MAGIC], false);
        check(&[MAGIC, b"data", b"of newsdedup/1", &length(14), b"PARE"], false);
        check(&[MAGIC, b"of newsdedup/1", &length(u32::MAX), MAGIC], false);
        check(&[b"newsded"], false);
        check(&[], false);
    }
}
