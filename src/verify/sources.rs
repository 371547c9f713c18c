//! The pages of a report where they are now.

use crate::model::Digest;
use crate::read::{Library, Options, Page, Room};
use crate::restore::digest_of_file;
use crate::walk::Source;
use rustc_hash::FxHashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// All pages that were found, by the names that the report gives them.
pub struct Sources<'c> {
    locator: Locator<'c>,
    library: Library,
    by_name: FxHashMap<Vec<u8>, usize>,
}

/// Places that the names do not tell.
pub type Placed = FxHashMap<Vec<u8>, Vec<u8>>;

impl<'c> Sources<'c> {
    /// Reads the files that hold these pages: at their names, or at the same places below `corpus`. A name comes with
    /// whether it is known to be a record of a container.
    pub fn find<'n>(
        names: impl Iterator<Item = (&'n [u8], bool)>,
        corpus: Option<&'c Path>,
        placed: Placed,
        options: &Options,
    ) -> Sources<'c> {
        let names: FxHashMap<&[u8], bool> = names.collect();
        let mut names: Vec<(&[u8], bool)> = names.into_iter().collect();
        names.sort_unstable();
        let locator = Locator::new(corpus, placed, &names.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        let mut files: FxHashMap<PathBuf, &[u8]> = FxHashMap::default();
        let mut last: &[u8] = b"";
        for (name, is_record) in names {
            let in_last =
                !last.is_empty() && is_record && name.strip_prefix(last).is_some_and(|rest| rest.starts_with(b"#"));
            if let Some((file, path)) = if in_last { None } else { locator.file(name) } {
                (last, _) = (file, files.entry(path).or_insert(file));
            }
        }
        let mut paths: Vec<&PathBuf> = files.keys().collect();
        paths.sort_unstable();
        let sources: Vec<Source> = paths.into_iter().map(|path| Source::File(path.as_path().into())).collect();
        let room = Room::beside(sources.len(), options.memory);
        let (library, _) = Library::load(sources, options, &room, |_| ());
        // What a damaged file holds before the damage is a page, and the damage has the same name.
        let (damages, pages): (Vec<usize>, Vec<usize>) =
            (0..library.len()).partition(|&index| library.skipped(index).is_some());
        let named = damages.into_iter().chain(pages).map(|index| (original_name(library.name(index), &files), index));
        let by_name = named.collect();
        Sources { locator, library, by_name }
    }

    /// Whether a page is there and can be read.
    pub fn has(&self, name: &[u8]) -> bool {
        self.by_name.get(name).is_some_and(|&index| self.library.skipped(index).is_none())
    }

    /// A page, or why there is none.
    pub fn page(&self, name: &[u8]) -> Result<Page<'_>, String> {
        let Some(&index) = self.by_name.get(name) else { return Err("it is not there".to_owned()) };
        match self.library.skipped(index) {
            Some(reason) => Err(format!("it cannot be read: {reason}")),
            None => self.library.page(index).ok_or_else(|| "it changed while it was read".to_owned()),
        }
    }

    /// Length of a page as stored, in bytes.
    pub fn size(&self, name: &[u8]) -> u64 {
        self.by_name.get(name).map_or(0, |&index| self.library.bytes(index))
    }

    /// Whether a page has this size and digest, as a file of its own or as what that holds; or why there is none.
    pub fn is(&self, name: &[u8], size: u64, sha256: Digest) -> Result<bool, String> {
        let path = self
            .locator
            .path(name)
            .filter(|path| path.metadata().is_ok_and(|meta| meta.is_file() && meta.len() == size));
        if path.and_then(|path| digest_of_file(File::open(path).ok()?).ok()) == Some(sha256) {
            return Ok(true);
        }
        self.page(name).map(|page| (page.size(), page.sha256()) == (size, sha256))
    }
}

/// The name that a page had: files may be elsewhere now.
fn original_name(now: &[u8], files: &FxHashMap<PathBuf, &[u8]>) -> Vec<u8> {
    let ends = std::iter::once(now.len()).chain(memchr::memrchr_iter(b'#', now));
    let mut found = ends.filter_map(|end| Some((files.get(Path::new(OsStr::from_bytes(&now[..end])))?, end)));
    found.next().map_or_else(|| now.to_vec(), |(file, end)| [file, &now[end..]].concat())
}

/// Where the files are that hold pages.
struct Locator<'c> {
    corpus: Option<&'c Path>,
    placed: Placed,
    /// How many folders of a name are left out below `corpus`.
    left_out: usize,
}

impl<'c> Locator<'c> {
    /// The report may have been made from inside the corpus or from above it: so many folders are left out of the
    /// names that most of them are found.
    fn new(corpus: Option<&'c Path>, placed: Placed, names: &[&[u8]]) -> Locator<'c> {
        /// Names that are tried first.
        const TRIED: usize = 100;
        let mut locator = Locator { corpus, placed, left_out: 0 };
        if corpus.is_some() {
            let some: Vec<&[u8]> = names.iter().copied().step_by(names.len().div_ceil(TRIED).max(1)).collect();
            locator.left_out = locator.best(&some).or_else(|| locator.best(names)).unwrap_or_default();
        }
        locator
    }

    /// With how many folders left out most of these names are found, if any is.
    fn best(&mut self, names: &[&[u8]]) -> Option<usize> {
        let deepest = names.iter().map(|name| memchr::memchr_iter(b'/', name).count()).max().unwrap_or(0);
        let found = (0..=deepest).map(|left_out| {
            self.left_out = left_out;
            (names.iter().filter(|name| self.file(name).is_some()).count(), std::cmp::Reverse(left_out))
        });
        found.max().filter(|(found, _)| *found > 0).map(|(_, std::cmp::Reverse(left_out))| left_out)
    }

    /// The file that holds a page: its name in the report, and where it is.
    fn file<'n>(&self, name: &'n [u8]) -> Option<(&'n [u8], PathBuf)> {
        let ends = std::iter::once(name.len()).chain(memchr::memrchr_iter(b'#', name));
        ends.map(|end| &name[..end]).find_map(|name| Some((name, self.path(name).filter(|path| path.is_file())?)))
    }

    /// Where a page is, whether it was restored or never moved.
    fn path(&self, name: &[u8]) -> Option<PathBuf> {
        let Some(corpus) = self.corpus else { return Some(OsStr::from_bytes(name).into()) };
        let corpus = if corpus.is_file() { corpus.parent()? } else { corpus };
        let restored = self.placed.get(name).map(|place| corpus.join(OsStr::from_bytes(place)));
        restored.filter(|path| path.exists()).or_else(|| {
            let path = below(name);
            let mut starts = std::iter::once(0).chain(memchr::memchr_iter(b'/', &path).map(|slash| slash + 1));
            let start = starts.nth(self.left_out)?;
            Some(corpus.join(OsStr::from_bytes(&path[start..])))
        })
    }
}

/// A name as a path below a folder: without what means nothing in it, and without the way up that it begins with.
fn below(name: &[u8]) -> Vec<u8> {
    let parts = name.split(|&byte| byte == b'/').filter(|part| !matches!(*part, b"" | b"."));
    parts.skip_while(|part| *part == b"..").collect::<Vec<_>>().join(&b'/')
}
