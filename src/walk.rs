//! Files and folders as given → the pages to read, in one order.
//!
//! * The order is that of the roots as given; inside a folder, entries are in byte order of their
//!   names, and a folder's content stands where its name does. The file system's order never shows.
//! * A page's name is its path as given: the root, then what is below it, joined by `/`.
//! * Below a root, names that start with a dot, and folders reached through a symbolic link, are
//!   passed over unless asked for; globs narrow the rest. A file given by name is always read.
//! * A file reached in two ways (overlapping roots, a symbolic link) is read once, under the name that
//!   comes first. Two hard links are two pages: both copies exist.
//! * Whatever cannot be a page, or cannot be reached, is listed with its reason. Nothing is opened
//!   here, so nothing can hang here.

use crate::error::{Error, cause, quoted};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::FileType;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// One file, folder or stream given on the command line or in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// Standard input, as one page named `-`.
    Stdin,
    /// A file or a folder.
    Path(PathBuf),
}

/// Which of the files below the roots are pages.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// If not empty, only files that match one of these.
    pub include: Globs,
    /// No file or folder that matches one of these.
    pub exclude: Globs,
    /// Files and folders whose name starts with a dot, too.
    pub hidden: bool,
    /// Folders behind symbolic links, too.
    pub follow: bool,
    /// What this run writes, without links: no input of the same run.
    pub leave_out: Vec<PathBuf>,
}

/// Globs that are matched against a file's path below its root and against its bare name.
#[derive(Debug, Clone, Default)]
pub struct Globs {
    set: GlobSet,
    /// The globs as given, for the report.
    pub patterns: Vec<String>,
}

impl Globs {
    /// Compiles globs: `*` and `?` stay within one name, `**` crosses folders, `{a,b}` and `[a-z]` are known.
    pub fn new(patterns: &[String]) -> Result<Globs, globset::Error> {
        let mut builder = GlobSetBuilder::new();
        for pattern in patterns {
            builder.add(GlobBuilder::new(pattern).literal_separator(true).build()?);
        }
        Ok(Globs { set: builder.build()?, patterns: patterns.to_vec() })
    }

    /// Which glob a page's name matches first, in the order given. A name has no root here: it is matched
    /// from each of its folders on, down to the bare name.
    pub fn first_match(&self, page: &[u8]) -> Option<usize> {
        if self.set.is_empty() {
            return None;
        }
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'/', page).map(|slash| slash + 1));
        starts
            .filter_map(|start| self.set.matches(Path::new(OsStr::from_bytes(&page[start..]))).into_iter().min())
            .min()
    }

    fn match_any(&self, below: &Path, name: &OsStr) -> bool {
        !self.set.is_empty() && (self.set.is_match(below) || self.set.is_match(name))
    }
}

/// Where a page's bytes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file that may be read.
    File(Box<Path>),
    /// Something that cannot be a page.
    Unreadable(Box<Unreadable>),
}

/// Something that cannot be a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it is.
    pub path: PathBuf,
    /// Why it cannot be one.
    pub reason: String,
}

impl Source {
    /// The page's name: raw bytes, as given.
    pub fn name(&self) -> &[u8] {
        match self {
            Source::Stdin => b"-",
            Source::File(path) => path.as_os_str().as_encoded_bytes(),
            Source::Unreadable(unreadable) => unreadable.path.as_os_str().as_encoded_bytes(),
        }
    }

    /// Whether the bytes are gone once they are read.
    pub fn is_read_once(&self) -> bool {
        match self {
            Source::Stdin => true,
            Source::File(path) => is_open_stream(path),
            Source::Unreadable(_) => false,
        }
    }
}

/// What the walk found.
#[derive(Debug, Default)]
pub struct Walked {
    /// Every page, and everything that cannot be one, in walk order.
    pub sources: Vec<Source>,
    /// Every folder that was looked into, in walk order.
    pub folders: Vec<PathBuf>,
    /// How many files and folders the rules passed over.
    pub ignored: u64,
    /// How many roots could be opened.
    pub roots: usize,
}

/// Finds the pages below `roots`.
pub fn walk(roots: &[Root], options: &Options) -> Walked {
    let mut walk = Walk { options, found: Walked::default(), links: HashSet::new() };
    for root in roots {
        match root {
            Root::Stdin => {
                walk.found.sources.push(Source::Stdin);
                walk.found.roots += 1;
            }
            Root::Path(path) => walk.root(path),
        }
    }
    let Walk { mut found, links, .. } = walk;
    if roots.len() > 1 || !links.is_empty() {
        read_once(&mut found.sources, &links);
    }
    found
}

/// Reads the roots that a list names: one a line, or NUL-terminated. Empty names do not count.
pub fn listed(path: &Path, null: bool) -> Result<Vec<Root>, Error> {
    let list = if path == Path::new("-") {
        let mut list = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut list).map(|_| list)
    } else {
        std::fs::read(path)
    };
    let list = list.map_err(Error::read(path))?;
    let end = if null { 0 } else { b'\n' };
    Ok(list.split(|&byte| byte == end).filter(|name| !name.is_empty()).map(|name| Root::Path(to_path(name))).collect())
}

fn to_path(name: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(name))
}

struct Walk<'o> {
    options: &'o Options,
    found: Walked,
    /// Symbolic links that led somewhere, so that a file may have been reached twice.
    links: HashSet<PathBuf>,
}

impl Walk<'_> {
    fn root(&mut self, root: &Path) {
        if is_open_stream(root) {
            self.found.roots += 1;
            self.links.insert(root.to_owned());
            return self.found.sources.push(Source::File(root.into()));
        }
        let mut entries = WalkDir::new(root)
            .follow_links(self.options.follow)
            // In one folder, paths differ in their names only.
            .sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
            .into_iter();
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) => {
                    self.found.roots += usize::from(entry.depth() == 0);
                    if !self.entry(root, &entry) && entry.file_type().is_dir() {
                        entries.skip_current_dir();
                    }
                }
                Err(error) => self.failed(root, &error),
            }
        }
    }

    /// Takes one entry in; `false` if it is passed over, with whatever is below it.
    fn entry(&mut self, root: &Path, entry: &DirEntry) -> bool {
        let given = entry.depth() == 0;
        if !given && self.is_ignored(root, entry) {
            self.found.ignored += 1;
            return false;
        }
        let mut kind = entry.file_type();
        if entry.path_is_symlink() {
            self.links.insert(entry.path().to_owned());
        }
        if kind.is_symlink() {
            match std::fs::metadata(entry.path()) {
                Ok(target) if target.is_dir() && !given => {
                    self.found.ignored += 1;
                    return false;
                }
                Ok(target) => kind = target.file_type(),
                Err(error) => {
                    self.unreadable(entry.path(), format!("broken link: {}", cause(&error)));
                    return false;
                }
            }
        }
        if kind.is_dir() {
            self.found.folders.push(entry.path().to_owned());
        } else if !given && !self.is_included(root, entry) {
            self.found.ignored += 1;
        } else if kind.is_file() {
            self.found.sources.push(Source::File(entry.path().into()));
        } else {
            self.unreadable(entry.path(), special(kind).to_owned());
        }
        true
    }

    fn is_ignored(&self, root: &Path, entry: &DirEntry) -> bool {
        let name = entry.file_name();
        if !self.options.hidden && name.as_encoded_bytes().starts_with(b".") {
            return true;
        }
        let exclude = &self.options.exclude;
        if !exclude.patterns.is_empty() && exclude.match_any(below(root, entry), name) {
            return true;
        }
        self.options
            .leave_out
            .iter()
            .any(|out| out.file_name() == Some(name) && entry.path().canonicalize().is_ok_and(|path| path == *out))
    }

    fn is_included(&self, root: &Path, entry: &DirEntry) -> bool {
        let include = &self.options.include;
        include.patterns.is_empty() || include.match_any(below(root, entry), entry.file_name())
    }

    fn unreadable(&mut self, path: &Path, reason: String) {
        let path = path.to_owned();
        self.found.sources.push(Source::Unreadable(Box::new(Unreadable { path, reason })));
    }

    fn failed(&mut self, root: &Path, error: &walkdir::Error) {
        let reason = match (error.loop_ancestor(), error.io_error()) {
            (Some(_), _) => "a link that leads back to a folder it is in".to_owned(),
            (_, Some(error)) if error.kind() == std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
            (_, Some(error)) => cause(error),
            (None, None) => "cannot be looked at".to_owned(),
        };
        let path = error.path().unwrap_or(root);
        if path.is_symlink() {
            self.links.insert(path.to_owned());
        }
        self.unreadable(path, reason);
    }
}

/// For a path that is not there: one beside it that may have been meant, as the end of a message.
pub fn hint(missing: &Path) -> String {
    let folder = missing.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Some(name) = missing.file_name().filter(|_| !missing.exists()).map(OsStr::to_string_lossy) else {
        return String::new();
    };
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).into_iter().flatten().flatten();
    let near = entries.map(|entry| entry.file_name()).filter(|other| is_slip(&name, &other.to_string_lossy()));
    let meant = near.min().map(|name| folder.map_or_else(|| name.clone().into(), |folder| folder.join(&name)));
    meant.map_or(String::new(), |meant| format!("; did you mean {}?", quoted(&meant)))
}

/// Whether one name is the other with a slip: other case, a cut-off or lost end, one letter changed, or
/// two behind the first one.
fn is_slip(typed: &str, other: &str) -> bool {
    let (typed, other) = (typed.to_lowercase(), other.to_lowercase());
    let cut = typed.len() >= 2 && other.len() >= 2 && (other.starts_with(&typed) || typed.starts_with(&other));
    let allowed = if typed.chars().next() == other.chars().next() { 2 } else { 1 };
    cut || typed.chars().count() > 2 && edits(&typed, &other) <= allowed
}

/// Letters to insert, remove or replace to make one word of the other (Levenshtein 1966).
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, a) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

/// A stream that the shell opened for us, as in `newsdedup <(zcat page.gz)`; it cannot hang by itself.
pub fn is_open_stream(root: &Path) -> bool {
    root.as_os_str().as_encoded_bytes().starts_with(b"/dev/")
        && (root == Path::new("/dev/stdin") || root.starts_with("/dev/fd"))
}

fn below<'e>(root: &Path, entry: &'e DirEntry) -> &'e Path {
    entry.path().strip_prefix(root).unwrap_or(entry.path())
}

fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO, not a file; to read one, pipe it in and give '-'"
    } else if kind.is_socket() {
        "a socket, not a file"
    } else {
        "a device, not a file"
    }
}

/// Leaves every file with the first of its names only.
fn read_once(sources: &mut Vec<Source>, links: &HashSet<PathBuf>) {
    let mut folders: HashMap<PathBuf, PathBuf> = HashMap::new();
    let mut seen = HashSet::new();
    sources.retain(|source| match source {
        Source::Stdin => seen.insert(PathBuf::from("-")),
        Source::File(path) => seen.insert(identity(path, links, &mut folders)),
        Source::Unreadable(unreadable) => seen.insert(identity(&unreadable.path, links, &mut folders)),
    });
}

/// The path of a file without links in it. The folder part is looked up once a folder.
fn identity(path: &Path, links: &HashSet<PathBuf>, folders: &mut HashMap<PathBuf, PathBuf>) -> PathBuf {
    if links.contains(path) {
        return path.canonicalize().unwrap_or_else(|_| path.to_owned());
    }
    let Some(name) = path.file_name() else {
        return path.canonicalize().unwrap_or_else(|_| path.to_owned());
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if !folders.contains_key(folder) {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        folders.insert(folder.to_owned(), real);
    }
    folders[folder].join(name)
}
