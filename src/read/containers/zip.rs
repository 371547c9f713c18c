//! Zip archives: every file in it is a page or a container of its own.
//!
//! The directory at the end says what is in it. Where that is damaged, the archive is read from its beginning on,
//! file by file, as far as it goes.

use super::expanding::Expanding;
use super::limits::Watched;
use super::{Content, Found, Opened, Opener, Place, Stop};
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::rc::Rc;
use zip::read::{ZipFile, read_zipfile_from_stream};
use zip::result::ZipError;

impl Opener<'_> {
    pub(super) fn zip(&mut self, place: &Place, input: impl Read, whole: Option<&File>) -> Opened {
        let file = self.seekable(input, whole)?;
        self.read_all_of(&file)?;
        let mut seen = FxHashSet::default();
        let watched = BufReader::new(Watched::new(&file, Rc::clone(&self.has_failed)));
        let mut archive = match zip::ZipArchive::new(watched) {
            Ok(archive) => archive,
            Err(error) => {
                let mut watched = Watched::new(file, Rc::clone(&self.has_failed));
                watched.rewind()?;
                return self.zip_from_its_beginning(place, &mut BufReader::new(watched), &error);
            }
        };
        for at in 0..archive.len() {
            match archive.by_index(at) {
                Ok(member) => self.zipped(place, at, member, &mut seen)?,
                Err(error) => self.broken_file(place, at, &error)?,
            }
        }
        Ok(())
    }

    fn zip_from_its_beginning(&mut self, place: &Place, mut input: &mut impl Read, directory: &ZipError) -> Opened {
        let mut seen = FxHashSet::default();
        for at in 0.. {
            match read_zipfile_from_stream(&mut input) {
                Ok(Some(member)) => self.zipped(place, at, member, &mut seen)?,
                Ok(None) | Err(_) => break,
            }
        }
        Err(Stop::Broken(format!("damaged zip archive: {directory}")))
    }

    fn zipped<R: Read>(
        &mut self,
        place: &Place,
        at: usize,
        file: ZipFile<'_, R>,
        seen: &mut FxHashSet<Vec<u8>>,
    ) -> Opened {
        if file.is_dir() {
            return Ok(());
        }
        let path = file.name_raw().to_vec();
        let member = place.member(&path, at as u64 + 1, !seen.insert(path.clone()));
        if !file.is_file() || !self.options.members.holds(&path) {
            return self.give(Found { content: Content::Other, ..member.found() });
        }
        let expanded = Expanding::new(file, "zip archive", self.growth.clone());
        if self.stream(&member, Box::new(expanded), None) { Ok(()) } else { Err(Stop::Unwanted) }
    }

    /// A file that cannot be opened; the others can.
    fn broken_file(&mut self, place: &Place, at: usize, error: &ZipError) -> Opened {
        let member = place.member((at + 1).to_string().as_bytes(), at as u64 + 1, false);
        self.give(Found { name: member.name, record: None, content: Content::Broken(error.to_string()) })
    }
}
