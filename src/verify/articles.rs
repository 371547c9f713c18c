//! What can be seen of an article without its pages: that it is its own text, and that its file holds it.

use super::claims::is_equal;
use super::{Findings, Law};
use crate::fingerprint::digest;
use crate::model::{Digest, Match};
use crate::normalise::normalise;
use crate::report::Told;
use crate::report::files::{self, ARTICLES};
use crate::report::schema::Article;
use crate::report::stored::Stored;
use rustc_hash::FxHashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Looks at the article by itself.
pub fn verify(article: &Article, mut broken: impl FnMut(&str)) {
    let id = article.id.0;
    let kept = article.occurrences.iter().filter(|occurrence| occurrence.matched.0 == Match::Kept).count();
    if kept != 1 {
        broken(&format!("{kept} of its occurrences are said to be kept, not one"));
    }
    if article.occurrences.iter().any(|occurrence| is_equal(&occurrence) != (occurrence.sha256.0 == id)) {
        broken("an occurrence is said to be equal and has another digest, or is said to be edited and has the same");
    }
    let (mut body, mut normalised) = (Vec::new(), String::new());
    article.body.each_paragraph(&mut |paragraph| {
        normalise(paragraph.as_bytes(), &mut normalised);
        body.extend_from_slice(paragraph.as_bytes());
        body.push(b'\n');
    });
    // The digest of a text without any word depends on where its lines ended.
    let has_words = !normalised.is_empty();
    if has_words && digest(article.headline.map(str::as_bytes), [&body[..]].into_iter()) != id {
        broken("its text does not have its digest");
    }
}

/// The files of the articles.
pub struct Files {
    folder: PathBuf,
    /// Articles whose file name shows all of their digest.
    long: FxHashSet<Digest>,
    names: Mutex<FxHashSet<OsString>>,
}

impl Files {
    /// Those of a folder that a run wrote; nothing if they are gone, all of them, which is told.
    pub fn of(folder: &Path, report: &Stored, findings: &Findings) -> Option<Files> {
        let folder = folder.join(ARTICLES);
        if !folder.is_dir() {
            findings.broken(Law::File, ARTICLES.as_bytes(), "the folder of the articles is not there");
            return None;
        }
        let long = files::long(report.ids().map(|(id, _)| id));
        Some(Files { folder, long, names: Mutex::default() })
    }

    /// Compares the file of an article with it.
    pub fn verify(&self, article: &Article, findings: &Findings) {
        let name = files::name_of(article, &self.long);
        let path = self.folder.join(&name);
        let of = format!("{ARTICLES}/{name}").into_bytes();
        let compared = File::open(&path).and_then(|file| {
            let mut same = Same { file: BufReader::new(file), is_same: true };
            files::write_text(article, &mut same)?;
            Ok(same.is_same && same.file.read(&mut [0])? == 0)
        });
        match compared {
            Ok(true) => {}
            Ok(false) => findings.broken(Law::File, &of, "it does not hold its article as the report gives it"),
            Err(error) => findings.broken(Law::File, &of, crate::error::cause(&error)),
        }
        findings.count(|counts| counts.files += 1);
        self.names.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into());
    }

    /// Names the files that belong to no article.
    pub fn find_strangers(&self, findings: &Findings) {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !names.contains(&name) && !files::is_of_the_system(&name) {
                let of = [ARTICLES.as_bytes(), b"/", name.as_bytes()].concat();
                findings.broken(Law::File, &of, "the report has no such article");
            }
        }
    }
}

/// Takes bytes that should be those of a file.
struct Same {
    file: BufReader<File>,
    is_same: bool,
}

impl Write for Same {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut found = Vec::new();
        if self.is_same {
            (&mut self.file).take(bytes.len() as u64).read_to_end(&mut found)?;
        }
        self.is_same &= found == bytes;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
