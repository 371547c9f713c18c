//! For pipelines that only filter their own files: which pages to keep and which to drop, and records without the
//! duplicates, byte for byte as they were.
//!
//! A page is dropped if it holds articles and each of them is kept elsewhere. All others are kept, those without an
//! article and those that could not be read among them: what nobody understood is not thrown away.

use crate::corpus::Corpus;
use crate::error::{Error, quoted_bytes};
use crate::model::Grouping;
use crate::output::{Draft, Scratch};
use crate::read::Library;
use crate::stdout::Stdout;
use std::io::{self, BufWriter, Seek, Write};
use std::path::PathBuf;

/// What is written for a pipeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where the names of the pages to keep go.
    pub keep_list: Option<Place>,
    /// Where the names of the pages to drop go.
    pub drop_list: Option<Place>,
    /// Where the records to keep go.
    pub records: Option<Place>,
    /// Whether names end in a NUL byte instead of a line end.
    pub null: bool,
    /// Whether a record is named by what it calls itself.
    pub by_id: bool,
}

/// Where something goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Standard output.
    Stdout,
    /// One file, replaced as a whole.
    File(PathBuf),
}

impl Filter {
    fn parts(&self) -> impl Iterator<Item = (Part, &Place)> {
        let parts = [(Part::Keep, &self.keep_list), (Part::Drop, &self.drop_list), (Part::Records, &self.records)];
        parts.into_iter().filter_map(|(part, place)| Some((part, place.as_ref()?)))
    }

    /// Whether it writes names.
    pub fn has_lists(&self) -> bool {
        self.keep_list.is_some() || self.drop_list.is_some()
    }

    /// The files that are written.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.parts().filter_map(|(_, place)| match place {
            Place::File(path) => Some(path),
            Place::Stdout => None,
        })
    }

    /// Whether something of it goes to standard output.
    pub fn takes_stdout(&self) -> bool {
        self.parts().any(|(_, place)| *place == Place::Stdout)
    }
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Keep,
    Drop,
    Records,
}

/// All that is written for a pipeline by one run.
pub struct Writer<'f> {
    filter: &'f Filter,
    drafts: Vec<(Part, Draft)>,
    stdout: Option<(Part, Stdout)>,
}

impl<'f> Writer<'f> {
    /// Makes sure that everything can be written before any work is done for it.
    pub fn begin(filter: &'f Filter, scratch: &Scratch) -> Result<Writer<'f>, Error> {
        let mut writer = Writer { filter, drafts: Vec::new(), stdout: None };
        for (part, place) in filter.parts() {
            match place {
                Place::File(path) => writer.drafts.push((part, Draft::begin(path, false, scratch)?)),
                Place::Stdout => writer.stdout = Some((part, Stdout::open(false).map_err(Error::Stdout)?)),
            }
        }
        Ok(writer)
    }

    /// Everything that is written: no page of the same run.
    pub fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.drafts.iter().flat_map(|(_, draft)| draft.paths())
    }

    /// Writes everything, or writes it anew.
    pub fn write(&mut self, corpus: &Corpus, grouping: &Grouping) -> Result<(), Error> {
        if self.drafts.is_empty() && self.stdout.is_none() {
            return Ok(());
        }
        let sieve = Sieve { filter: self.filter, library: corpus.library, dropped: dropped(corpus, grouping) };
        for (part, draft) in &self.drafts {
            let mut file = draft.file();
            file.set_len(0).and_then(|()| file.rewind()).map_err(Error::write(draft.target()))?;
            sieve.write(*part, &mut BufWriter::new(file), &|error| Error::write(draft.target())(error))?;
        }
        if let Some((part, stdout)) = &mut self.stdout {
            let (out, failed) = stdout.begin(corpus.library.is_held())?;
            sieve.write(*part, &mut BufWriter::new(out), &failed)?;
        }
        Ok(())
    }

    /// Puts everything where it belongs.
    pub fn publish(self) -> Result<(), Error> {
        for (_, draft) in self.drafts {
            draft.file().sync_all().map_err(Error::write(draft.target()))?;
            draft.publish()?;
        }
        self.stdout.map_or(Ok(()), |(_, stdout)| stdout.publish().map_err(Error::Stdout))
    }
}

/// For every page, whether each of its articles is kept elsewhere.
fn dropped(corpus: &Corpus, grouping: &Grouping) -> Vec<bool> {
    let mut kept = vec![false; corpus.block_count()];
    grouping.clusters.iter().for_each(|cluster| kept[cluster.kept] = true);
    let mut dropped = vec![false; corpus.library.len()];
    for page in 0..corpus.page_count() {
        let mut blocks = corpus.blocks_of(page);
        dropped[corpus.source(page)] = !blocks.is_empty() && !blocks.any(|block| kept[block]);
    }
    dropped
}

struct Sieve<'s> {
    filter: &'s Filter,
    library: &'s Library,
    dropped: Vec<bool>,
}

impl Sieve<'_> {
    fn write(&self, part: Part, out: &mut impl Write, failed: &dyn Fn(io::Error) -> Error) -> Result<(), Error> {
        match part {
            Part::Keep => self.write_list(false, out, failed)?,
            Part::Drop => self.write_list(true, out, failed)?,
            Part::Records => self.write_records(out, failed)?,
        }
        out.flush().map_err(failed)
    }

    fn write_list(
        &self,
        dropped: bool,
        out: &mut impl Write,
        failed: &dyn Fn(io::Error) -> Error,
    ) -> Result<(), Error> {
        let end = if self.filter.null { 0 } else { b'\n' };
        for index in (0..self.dropped.len()).filter(|&index| self.dropped[index] == dropped) {
            let name = self.name(index);
            if name.contains(&end) {
                return Err(Error::Usage(format!(
                    "the name {} holds a line end, so a list of lines cannot name it; give -0 for names that end in \
                     a NUL byte",
                    quoted_bytes(name)
                )));
            }
            out.write_all(name).and_then(|()| out.write_all(&[end])).map_err(failed)?;
        }
        Ok(())
    }

    fn name(&self, index: usize) -> &[u8] {
        let id = self.library.record(index).filter(|_| self.filter.by_id).and_then(|record| record.id());
        id.map_or(self.library.name(index), str::as_bytes)
    }

    /// Writes lines of JSON as they were; the last line of a file may have no end, and then gets one.
    fn write_records(&self, out: &mut impl Write, failed: &dyn Fn(io::Error) -> Error) -> Result<(), Error> {
        let mut ended = true;
        for index in (0..self.dropped.len()).filter(|&index| !self.dropped[index]) {
            let Some(record) = self.library.raw_record(index) else {
                if self.library.skipped(index).is_some() && self.library.record(index).is_none() {
                    continue;
                }
                if self.library.keeps_no_records() {
                    let why = "--output-records keeps lines in the folder for temporary files (TMPDIR), which fails";
                    return Err(Error::Usage(why.to_owned()));
                }
                return Err(Error::Usage(format!(
                    "--output-records takes lines of JSON, and {} is none; for files of other kinds: --keep-list FILE",
                    quoted_bytes(self.library.name(index))
                )));
            };
            let record = record.map_err(failed)?;
            if !ended {
                out.write_all(b"\n").map_err(failed)?;
            }
            out.write_all(&record).map_err(failed)?;
            ended = record.ends_with(b"\n");
        }
        Ok(())
    }
}
