//! Tables of separated values: a line of names, then a page a line. Fields may be quoted and hold line ends (RFC 4180).
//!
//! The separator is the one of comma, semicolon and tab that the line of names has most of.

use super::{Content, Opened, Opener, Place, Stop};
use crate::read::record::{About, Fields, Meta};
use crate::read::take::Said;
use csv::{ByteRecord, ReaderBuilder};
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

impl Opener<'_> {
    pub(super) fn csv(&mut self, place: &Place, mut input: impl BufRead) -> Opened {
        let separator = separator(input.fill_buf()?);
        let left = Rc::new(Cell::new(0));
        let limit = self.max_page_size.saturating_mul(2).saturating_add(MORE);
        let bounded = Bounded { inner: input, left: Rc::clone(&left), limit, quotes: 0, last: b'\n' };
        let mut table =
            ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(bounded);
        let mut row = ByteRecord::new();
        left.set(limit);
        if !table.read_byte_record(&mut row).map_err(damaged)? {
            return Ok(());
        }
        let columns = Columns::new(&row, &self.options.fields).map_err(Stop::Broken)?;
        let container = place.name.as_slice().into();
        let mut last_lines = false;
        for number in 1.. {
            left.set(limit);
            if !table.read_byte_record(&mut row).map_err(damaged)? {
                break;
            }
            last_lines = row.iter().any(|cell| cell.contains(&b'\n'));
            let content = match row.get(columns.text) {
                Some(text) => Content::Text(text.to_vec(), Said::Nothing),
                None => Content::Broken(format!("a line of {} fields, without its text", row.len())),
            };
            self.record_in(&container, number, columns.about(&row, &self.options.fields), content)?;
        }
        let open = last_lines || !table.get_ref().ends_a_line();
        if open && table.get_ref().has_odd_quotes() {
            return Err(Stop::Broken("it ends within a quoted field".to_owned()));
        }
        Ok(())
    }
}

/// What a line may be longer than its page, in bytes.
const MORE: u64 = 1 << 20;

fn damaged(error: csv::Error) -> Stop {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Stop::Broken(format!("damaged table: {other:?}")),
    }
}

fn separator(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    // Every other piece between quotation marks is quoted.
    let names = || line.split(|&byte| byte == b'"').step_by(2).flatten();
    let count = |&separator: &u8| names().filter(|&&byte| byte == separator).count();
    // Of equal ones, the last counts as the greatest.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

/// Which columns are read.
struct Columns {
    text: usize,
    id: Option<usize>,
    uri: Option<usize>,
    meta: Vec<(usize, String)>,
}

impl Columns {
    fn new(names: &ByteRecord, fields: &Fields) -> Result<Columns, String> {
        let name = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).trim().to_owned()
        };
        let names: Vec<String> = names.iter().map(name).collect();
        let ranked = names.iter().enumerate().filter_map(|(at, name)| Some((fields.text_rank(name)?, at)));
        let Some((_, text)) = ranked.min() else {
            return Err(fields.missing(names.iter().map(String::as_str)));
        };
        let asked = names.iter().enumerate().filter(|(_, name)| fields.meta.contains(name));
        Ok(Columns {
            text,
            id: names.iter().position(|name| fields.is_id(name)),
            uri: names.iter().position(|name| fields.is_uri(name)),
            meta: asked.map(|(at, name)| (at, name.clone())).collect(),
        })
    }

    fn about(&self, row: &ByteRecord, fields: &Fields) -> About {
        let cell = |at: usize| row.get(at).map(|cell| String::from_utf8_lossy(cell).into_owned());
        let mut meta = Meta::default();
        self.meta.iter().for_each(|(at, name)| meta.add_text(name, &cell(*at).unwrap_or_default()));
        let said = |at: Option<usize>| at.and_then(cell).filter(|said| !said.is_empty());
        About { id: said(self.id), uri: said(self.uri), meta: meta.into_json(&fields.meta) }
    }
}

/// A reader that ends with an error where a line grows beyond measure, as after a quotation mark that is never closed.
struct Bounded<R> {
    inner: R,
    left: Rc<Cell<u64>>,
    limit: u64,
    /// Quotation marks so far: two for a field, two for one inside of it.
    quotes: usize,
    last: u8,
}

impl<R> Bounded<R> {
    /// Whether one mark has no partner: that of a field that is never closed, or one inside of a field that is not
    /// quoted.
    fn has_odd_quotes(&self) -> bool {
        self.quotes % 2 == 1
    }

    fn ends_a_line(&self) -> bool {
        self.last == b'\n'
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other(format!("a line of more than {} bytes", self.limit)));
        }
        let count = self.inner.read(into)?;
        self.left.set(self.left.get().saturating_sub(count as u64));
        self.quotes += memchr::memchr_iter(b'"', &into[..count]).count();
        self.last = into[..count].last().copied().unwrap_or(self.last);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_that_the_names_have_most_of() {
        let lines = [
            ("text,id", b','),
            ("text;id", b';'),
            ("a b\ttext\tid", b'\t'),
            ("text", b','),
            ("\"id, or so, n\";\"text\"", b';'),
        ];
        for (line, expected) in lines {
            assert_eq!(separator(format!("{line}\n1;2;3;4").as_bytes()), expected, "{line}");
        }
    }
}
