//! Where a report goes. Files and folders are built beside their final name and take it in one step,
//! so that an old output stays whole until the new one is complete, whatever happens in between.
//!
//! * What is being built is named `.NAME.newsdedup-…` and locked; a later run removes what a killed one
//!   left behind, and an interrupted one removes it itself ([`Scratch`]).
//! * A folder is only replaced if newsdedup wrote everything in it.
//! * A pipe, a terminal or a device is never replaced: the whole is written to it once it is complete.
//! * Files get the permissions that the user's umask gives.

use crate::archive;
use crate::config::{Format, Output, Target};
use crate::corpus::Corpus;
use crate::error::{Error, quoted};
use crate::model::Grouping;
use crate::report::files::{self, WithFiles};
use crate::report::{Sink, Told, parquet, write};
use crate::stdout::Stdout;
use crate::terminal::Harmless;
use left_behind::{RANDOM, prefix};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{self, File, Permissions};
use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Seek, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

mod apart;
mod left_behind;
pub mod mount;
#[cfg(test)]
mod tests;

pub use apart::keep_apart;
pub use left_behind::{is_inside_draft, tidy};

const STDOUT: &str = "/dev/stdout";
const STDERR: &str = "/dev/stderr";
/// What a folder's drafts are named for that are never to have another name.
const INSIDE: &str = "restored";
/// So often something is begun that other runs take for left behind.
const TRIES: usize = 10;
/// Bytes of two files that are compared at once.
const CHUNK: usize = 1 << 16;

/// What is being built, so that an interrupt can remove it.
#[derive(Debug, Clone, Default)]
pub struct Scratch(Arc<Mutex<Vec<PathBuf>>>);

impl Scratch {
    fn paths(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes whatever is being built and calls `end`, which does not come back. No output takes its
    /// final name meanwhile.
    pub fn abandon(&self, end: impl FnOnce()) {
        let paths = self.paths();
        for path in paths.iter() {
            // Another thread may just be adding a file.
            for _ in 0..50 {
                if remove(path).is_ok() {
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        end();
    }
}

/// A file or folder that does not have its final name yet. Dropping it removes it.
pub struct Draft {
    path: PathBuf,
    target: PathBuf,
    /// Open and locked as long as this run lives.
    file: File,
    /// Whether the target is written to and not replaced.
    is_stream: bool,
    scratch: Scratch,
}

impl Draft {
    /// Creates an empty file or folder beside `target`, whose folder is created if need be.
    pub fn begin(target: &Path, folder: bool, scratch: &Scratch) -> Result<Draft, Error> {
        let target = if is_descriptor(target) { target.to_owned() } else { real(target) };
        let is_stream = is_stream(&target);
        let parent = if is_stream { std::env::temp_dir() } else { parent(&target).to_owned() };
        let mut draft = Draft::create(&parent, &target, folder, scratch).map_err(Error::write(&target))?;
        draft.is_stream = is_stream;
        Ok(draft)
    }

    /// Creates an empty folder in another one, which is created if need be. It is not to have another name.
    pub fn inside(folder: &Path, scratch: &Scratch) -> Result<Draft, Error> {
        Draft::create(folder, &folder.join(INSIDE), true, scratch).map_err(Error::write(folder))
    }

    fn create(parent: &Path, target: &Path, folder: bool, scratch: &Scratch) -> io::Result<Draft> {
        fs::create_dir_all(parent)?;
        let prefix = prefix(target);
        left_behind::remove(parent, &prefix, |_| true);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).rand_bytes(RANDOM);
        for _ in 0..TRIES {
            // Under the lock, an interrupt finds either nothing or all of it.
            let mut paths = scratch.paths();
            let path = if folder {
                builder.permissions(Permissions::from_mode(0o777)).tempdir_in(parent)?.keep()
            } else {
                builder.permissions(Permissions::from_mode(0o666)).tempfile_in(parent)?.into_temp_path().keep()?
            };
            paths.push(path.clone());
            drop(paths);
            let locked = locked(&path, folder);
            if let Ok(Some(file)) = locked {
                return Ok(Draft { path, target: target.to_owned(), file, is_stream: false, scratch: scratch.clone() });
            }
            let _ = remove(&path);
            scratch.paths().retain(|other| *other != path);
            locked?;
        }
        Err(io::Error::other("other runs take away what is begun there"))
    }

    /// The file, to be written.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The name that it will have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where it is, and where it will be.
    pub fn paths(&self) -> [PathBuf; 2] {
        [self.path.clone(), self.target.clone()]
    }

    /// When the draft was begun, by the clock of its file system.
    fn begun(&self) -> io::Result<SystemTime> {
        self.file.metadata()?.modified()
    }

    /// Gives the draft its final name. What stood there before goes away afterwards.
    pub fn publish(self) -> Result<(), Error> {
        let publish = || {
            if self.is_stream {
                return self.pour();
            }
            let mut paths = self.scratch.paths();
            if self.target.is_dir() {
                exchange(&self.path, &self.target)?;
            } else {
                fs::rename(&self.path, &self.target)?;
                paths.retain(|path| *path != self.path);
            }
            File::open(parent(&self.target))?.sync_all()
        };
        publish().map_err(Error::write(&self.target))
    }

    /// Writes what is complete to where it cannot take a name.
    fn pour(&self) -> io::Result<()> {
        let (mut draft, mut stream) = (&self.file, open_stream(&self.target)?);
        draft.rewind()?;
        if stream.is_terminal() {
            let mut terminal = Harmless::new(stream);
            io::copy(&mut draft, &mut terminal)?;
            return terminal.flush();
        }
        io::copy(&mut draft, &mut stream).map(drop)
    }
}

/// Opens and locks what was just made; nothing if another run found it before that, and took it for left behind.
fn locked(path: &Path, folder: bool) -> io::Result<Option<File>> {
    let opened = if folder { File::open(path) } else { File::options().write(true).read(true).open(path) };
    let file = match opened {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    if flock(&file, FlockOperation::NonBlockingLockExclusive) == Err(Errno::WOULDBLOCK) {
        return Ok(None);
    }
    let own = file.metadata()?;
    let is_there = fs::metadata(path).is_ok_and(|now| (now.dev(), now.ino()) == (own.dev(), own.ino()));
    Ok(is_there.then_some(file))
}

impl Drop for Draft {
    fn drop(&mut self) {
        let mut paths = self.scratch.paths();
        if paths.contains(&self.path) {
            let _ = remove(&self.path);
            paths.retain(|path| *path != self.path);
        }
    }
}

/// All that one run writes, from before its first page is read.
pub struct Writer<'c> {
    target: &'c Target,
    /// Where the report is built, if it goes to a file or a folder.
    draft: Option<Draft>,
    stamp: Option<Draft>,
    /// Where the report goes otherwise.
    stdout: Option<Stdout>,
    begun: Option<SystemTime>,
}

impl<'c> Writer<'c> {
    /// Makes sure that the output can be written before any work is done for it.
    pub fn begin(target: &'c Target, scratch: &Scratch) -> Result<Writer<'c>, Error> {
        let draft = match &target.output {
            Output::Stdout | Output::Nowhere => None,
            Output::File(path) => {
                if path.is_dir() {
                    return Err(Error::Usage(format!(
                        "{} is a folder; to write one, end its name with '/'",
                        quoted(path)
                    )));
                }
                mount::refuse(path)?;
                Some(Draft::begin(path, false, scratch)?)
            }
            Output::Folder(path) => {
                check_replaceable(path, target.archive)?;
                mount::refuse(path)?;
                Some(Draft::begin(path, true, scratch)?)
            }
        };
        let stamp = target.stamp.as_ref().map(|path| Draft::begin(path, false, scratch)).transpose()?;
        let begun = draft.as_ref().map(Draft::begun).transpose().ok().flatten();
        Ok(Writer { target, draft, stamp, stdout: None, begun })
    }

    /// Everything that this run writes: no page of the same run.
    pub fn paths(&self) -> Vec<PathBuf> {
        let drafts = self.draft.iter().chain(&self.stamp);
        let real = |path: &PathBuf| path.canonicalize().ok();
        let drafts = drafts.flat_map(Draft::paths).collect::<Vec<_>>();
        let named = self.target.depfile.iter().chain(&drafts).filter_map(real);
        named.collect()
    }

    /// Writes the report, or writes it anew. `settled` says that no page can change any more: only then
    /// may standard output see it at once.
    pub fn write(&mut self, told: &dyn Told, settled: bool) -> Result<(), Error> {
        match (&self.target.output, &self.draft) {
            (Output::Folder(_), Some(draft)) => write_folder(&draft.path, self.target, told),
            (Output::File(_), Some(draft)) => {
                let mut file = &draft.file;
                file.set_len(0).and_then(|()| file.rewind()).map_err(Error::write(&draft.target))?;
                write(told, self.target, Sink { out: &mut file, failed: &failed(&draft.target) })
            }
            (Output::Nowhere, _) => Ok(()),
            _ => {
                let stdout = match &mut self.stdout {
                    Some(stdout) => stdout,
                    closed => closed.insert(Stdout::open(self.target.format == Format::Text).map_err(Error::Stdout)?),
                };
                let (out, failed) = stdout.begin(settled)?;
                write(told, self.target, Sink { out, failed: &failed })
            }
        }
    }

    /// Writes the archive of all pages into the output folder, or writes it anew.
    pub fn archive(&self, corpus: &Corpus, grouping: &Grouping) -> Result<(), Error> {
        let Some(draft) = &self.draft else { return Ok(()) };
        let path = draft.path.join(archive::NAME);
        let write = || {
            let mut file = BufWriter::new(File::create(&path)?);
            archive::write(corpus, grouping, &mut file)?;
            file.into_inner()?.sync_all()
        };
        write().map_err(Error::write(&draft.target.join(archive::NAME)))
    }

    /// Puts everything where it belongs; `dependencies` is the content of the depfile. The depfile
    /// comes first and the stamp last: make starts over after an interrupt at any point between.
    pub fn publish(mut self, dependencies: Option<Vec<u8>>) -> Result<(), Error> {
        if let (Some(path), Some(content)) = (&self.target.depfile, dependencies) {
            let scratch = self.draft.as_ref().or(self.stamp.as_ref()).map(|draft| draft.scratch.clone());
            write_file(path, &content, &scratch.unwrap_or_default())?;
        }
        if let Some(stdout) = self.stdout.take() {
            stdout.publish().map_err(Error::Stdout)?;
        }
        if let Some(draft) = self.draft.take() {
            self.publish_draft(draft)?;
        }
        self.stamp.take().map_or(Ok(()), Draft::publish)
    }

    /// With a stamp beside it, what is unchanged keeps its time; the stamp has the new one.
    fn publish_draft(&self, draft: Draft) -> Result<(), Error> {
        let folder = matches!(self.target.output, Output::Folder(_));
        let finish = || -> io::Result<bool> {
            if self.target.stamp.is_some() {
                if folder && keep_times(&draft.path, &draft.target)? || !folder && same(&draft.path, &draft.target) {
                    return Ok(false);
                }
            } else if let (Some(_), Some(begun)) = (&self.target.depfile, self.begun) {
                // A page that changed while the run went on is newer than the output.
                let made =
                    if folder { draft.path.join(files::report_name(self.target.format)) } else { draft.path.clone() };
                File::options().write(true).open(made)?.set_modified(begun)?;
            }
            sync(&draft.file, folder)?;
            Ok(true)
        };
        if finish().map_err(Error::write(&draft.target))? { draft.publish() } else { Ok(()) }
    }
}

/// Names a file that could not be written.
fn failed(path: &Path) -> impl Fn(io::Error) -> Error + Sync {
    move |source| Error::write(path)(source)
}

fn write_folder(folder: &Path, target: &Target, told: &dyn Told) -> Result<(), Error> {
    if target.format == Format::Parquet {
        return parquet::write_folder(told, folder);
    }
    let articles = folder.join(files::ARTICLES);
    let path = folder.join(files::report_name(target.format));
    let prepare = || {
        if articles.exists() {
            fs::remove_dir_all(&articles)?;
        }
        fs::create_dir(&articles)?;
        File::create(&path)
    };
    let mut file = prepare().map_err(Error::write(folder))?;
    let told = WithFiles { told, folder: &articles };
    write(&told, target, Sink { out: &mut file, failed: &failed(&path) })?;
    file.sync_all().map_err(Error::write(&path))
}

/// Replaces one small file as a whole, unless it is as it should be already.
fn write_file(path: &Path, content: &[u8], scratch: &Scratch) -> Result<(), Error> {
    if path.is_file() && fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    let draft = Draft::begin(path, false, scratch)?;
    (&draft.file).write_all(content).and_then(|()| draft.file.sync_all()).map_err(Error::write(path))?;
    draft.publish()
}

/// Refuses to replace a folder with anything in it that newsdedup did not write, or an archive by nothing.
fn check_replaceable(folder: &Path, archive: bool) -> Result<(), Error> {
    if !folder.exists() {
        return Ok(());
    }
    if !folder.is_dir() {
        return Err(Error::Usage(format!(
            "{} is a file; for a report in one file give a name that ends in .json, .jsonl, .csv or the like",
            quoted(folder)
        )));
    }
    match files::stranger(folder).map_err(Error::read(folder))? {
        None if !archive && archive::is_archive(&folder.join(archive::NAME)) => Err(Error::Usage(format!(
            "{} holds an archive of pages, which would be lost; write a new one with --archive, or give another folder",
            quoted(folder)
        ))),
        None => Ok(()),
        Some(name) => Err(Error::Usage(format!(
            "{} holds {}, which newsdedup did not write, and would be replaced; give a folder of its own: -o {}",
            quoted(folder),
            quoted(Path::new(&name)),
            quoted(&folder.join("newsdedup"))
        ))),
    }
}

/// Gives files that are as they were the time they had; `true` if the folders do not differ at all.
fn keep_times(new: &Path, old: &Path) -> io::Result<bool> {
    if !old.is_dir() {
        return Ok(false);
    }
    let (names, before) = (files::names(new)?, files::names(old)?);
    let mut equal = names == before;
    for name in &names {
        let (new, old) = (new.join(name), old.join(name));
        if same(&new, &old) {
            let time = fs::metadata(&old)?.modified()?;
            File::options().write(true).open(&new)?.set_modified(time)?;
        } else {
            equal = false;
        }
    }
    Ok(equal)
}

/// Whether two files hold the same bytes.
fn same(a: &Path, b: &Path) -> bool {
    let size = |path: &Path| fs::metadata(path).map(|meta| meta.len()).ok();
    size(a).is_some() && size(a) == size(b) && equal(a, b).unwrap_or(false)
}

fn equal(a: &Path, b: &Path) -> io::Result<bool> {
    let [mut a, mut b] =
        [BufReader::with_capacity(CHUNK, File::open(a)?), BufReader::with_capacity(CHUNK, File::open(b)?)];
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let count = left.len().min(right.len());
        if left[..count] != right[..count] {
            return Ok(false);
        }
        if count == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        a.consume(count);
        b.consume(count);
    }
}

/// Makes sure that what was written survives a power cut: a file by itself, a folder with all of its
/// files in one call where the system has one.
pub(crate) fn sync(file: &File, folder: bool) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if folder {
        return Ok(rustix::fs::syncfs(file)?);
    }
    let _ = folder;
    file.sync_all()
}

/// Swaps two folders in one step where the file system can, in several where it cannot.
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    exchange_in_turn(new, old)
}

fn exchange_in_turn(new: &Path, old: &Path) -> io::Result<()> {
    let mut aside = new.as_os_str().to_owned();
    aside.push("-old");
    fs::rename(old, &aside)?;
    fs::rename(new, old)?;
    fs::rename(&aside, new)
}

/// Whether something is there that cannot be replaced: what the shell opened, or what is neither a file nor a folder.
pub fn is_stream(path: &Path) -> bool {
    is_descriptor(path) || fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// Whether this names something that the shell opened, be it a file.
fn is_descriptor(path: &Path) -> bool {
    let named = [STDOUT, STDERR].into_iter().any(|name| path == Path::new(name));
    named || path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd")
}

/// Others may write to the same file: what is poured goes behind what is there.
fn open_stream(path: &Path) -> io::Result<File> {
    match path.to_str() {
        Some(STDOUT) => io::stdout().as_fd().try_clone_to_owned().map(File::from),
        Some(STDERR) => io::stderr().as_fd().try_clone_to_owned().map(File::from),
        _ => File::options().append(true).open(path),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What a link leads to.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
