//! The names by which a user means a block: a page, a page and a number, a page and a byte, or the
//! beginning of a digest.

use crate::corpus::Corpus;
use crate::error::{Error, quoted, quoted_bytes};
use crate::model::Grouping;
use crate::walk::Root;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Digits that a digest's beginning has at least.
const DIGITS: usize = 4;

/// A block as a user names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A block of a page.
    InPage(PathBuf, Place),
    /// An article by its id, or a block by its digest: the first digits of it.
    Digest(String),
}

/// Which block of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first.
    First,
    /// The one with this number, counted from 1.
    Number(usize),
    /// The one in which this byte of the page as stored stands.
    Byte(usize),
}

impl Wanted {
    /// Reads a name. A file of exactly this name goes before any other reading; `alone` says that there
    /// is no corpus in which a digest could be found.
    pub fn read(name: &OsStr, alone: bool) -> Result<Wanted, Error> {
        let bytes = name.as_bytes();
        if bytes.is_empty() {
            return Err(Error::Usage("a page is empty; give a file, as in: newsdedup explain a.txt b.txt".to_owned()));
        }
        if bytes == b"-" || Path::new(name).exists() {
            return Ok(Wanted::InPage(PathBuf::from(name), Place::First));
        }
        if let Some((page, place)) = placed(bytes) {
            return Ok(Wanted::InPage(PathBuf::from(OsStr::from_bytes(page)), place));
        }
        if bytes.len() >= DIGITS && bytes.len() <= 64 && bytes.iter().all(u8::is_ascii_hexdigit) {
            let digits = String::from_utf8_lossy(bytes).to_lowercase();
            return if alone { Err(needs_corpus(&digits)) } else { Ok(Wanted::Digest(digits)) };
        }
        Ok(Wanted::InPage(PathBuf::from(name), Place::First))
    }

    /// The page, if it is one.
    pub fn root(&self) -> Option<Root> {
        match self {
            Wanted::InPage(page, _) if page.as_os_str() == "-" => Some(Root::Stdin),
            Wanted::InPage(page, _) => Some(Root::Path(page.clone())),
            Wanted::Digest(_) => None,
        }
    }

    /// The block, as an index into [`Corpus::blocks`].
    pub fn find(&self, corpus: &Corpus, grouping: &Grouping) -> Result<usize, Error> {
        match self {
            Wanted::InPage(page, place) => in_page(corpus, page, *place),
            Wanted::Digest(digits) => by_digest(corpus, grouping, digits),
        }
    }
}

/// Cuts a place off the end of a name: `page:2`, `page@3480`.
fn placed(name: &[u8]) -> Option<(&[u8], Place)> {
    let sign = name.iter().rposition(|byte| matches!(byte, b':' | b'@'))?;
    let number = std::str::from_utf8(&name[sign + 1..]).ok()?.parse().ok()?;
    let place = if name[sign] == b':' { Place::Number(number) } else { Place::Byte(number) };
    (sign > 0).then_some((&name[..sign], place))
}

fn needs_corpus(digits: &str) -> Error {
    Error::Usage(format!(
        "'{digits}' is no file; an article's id needs the pages to look in: newsdedup explain {digits} B seeds/"
    ))
}

fn in_page(corpus: &Corpus, page: &Path, place: Place) -> Result<usize, Error> {
    let blocks = corpus.blocks_of(find_page(corpus, page)?);
    let found = match place {
        Place::First => blocks.clone().next(),
        Place::Number(number) => number.checked_sub(1).and_then(|at| blocks.clone().nth(at)),
        Place::Byte(byte) => blocks.clone().find(|&block| corpus.record(block).stored.contains(&byte)),
    };
    found.ok_or_else(|| {
        let what = match place {
            Place::First => return Error::Usage(format!("{} holds no article", quoted(page))),
            Place::Number(number) => format!("{} has no article {number}", quoted(page)),
            Place::Byte(byte) => format!("byte {byte} of {} is in no article", quoted(page)),
        };
        let list = blocks.map(|block| {
            let (number, stored) = (corpus.index_in_page(block) + 1, corpus.record(block).stored);
            format!("\n  {}:{number}  bytes {} to {}", page.display(), stored.start, stored.end)
        });
        Error::Usage(format!("{what}; there are:{}", list.collect::<String>()))
    })
}

/// The page of this name, or the same file under another name.
fn find_page(corpus: &Corpus, page: &Path) -> Result<usize, Error> {
    let library = corpus.library;
    let name = |index: usize| corpus.page_name(index);
    let wanted = page.as_os_str().as_bytes();
    let same_file = |index: usize| {
        let other = Path::new(OsStr::from_bytes(name(index)));
        other.file_name() == page.file_name() && other.canonicalize().ok() == page.canonicalize().ok()
    };
    let mut pages = 0..corpus.page_count();
    if let Some(found) = pages.clone().find(|&index| name(index) == wanted).or_else(|| pages.find(|&i| same_file(i))) {
        return Ok(found);
    }
    let skipped = (0..library.len()).find(|&source| library.name(source) == wanted);
    Err(match skipped.and_then(|source| library.skipped(source)) {
        Some(reason) => Error::Usage(format!("cannot compare {}: {reason}", quoted(page))),
        None => Error::Usage(format!("{} is not among the pages that were read; add it to the paths", quoted(page))),
    })
}

fn by_digest(corpus: &Corpus, grouping: &Grouping, digits: &str) -> Result<usize, Error> {
    let named = |block: usize| corpus.prints[block].digest.to_string().starts_with(digits);
    let articles = grouping.clusters.iter().map(|cluster| cluster.kept).filter(|&kept| named(kept));
    let mut found: Vec<usize> = articles.collect();
    if found.is_empty() {
        found.extend((0..corpus.block_count()).filter(|&block| named(block)));
    }
    found.sort_by_key(|&block| (corpus.prints[block].digest, block));
    found.dedup_by_key(|block| corpus.prints[*block].digest);
    match found[..] {
        [block] => Ok(block),
        [] => Err(Error::Usage(format!("no article's id begins with {}", quoted_bytes(digits.as_bytes())))),
        _ => {
            let ids = found.iter().take(8).map(|&block| format!("\n  {}", corpus.prints[block].digest));
            Err(Error::Usage(format!("'{digits}' begins several ids; give more digits:{}", ids.collect::<String>())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Wanted) {
        assert_eq!(Wanted::read(OsStr::new(name), false).unwrap(), expected);
    }

    #[test]
    fn names_are_pages_places_or_digests() {
        let page = |name: &str, place| Wanted::InPage(PathBuf::from(name), place);
        check("gone/a.txt", page("gone/a.txt", Place::First));
        check("gone/a.txt:2", page("gone/a.txt", Place::Number(2)));
        check("gone/a.txt@3480", page("gone/a.txt", Place::Byte(3480)));
        check("a:b.txt", page("a:b.txt", Place::First));
        check("4FD1c20a", Wanted::Digest("4fd1c20a".to_owned()));
        check("abc", page("abc", Place::First));
        check("-", page("-", Place::First));
    }

    #[test]
    fn a_digest_needs_a_corpus() {
        let error = Wanted::read(OsStr::new("4fd1c20a"), true).unwrap_err().to_string();
        assert!(error.contains("newsdedup explain 4fd1c20a B seeds/"), "{error}");
    }
}
