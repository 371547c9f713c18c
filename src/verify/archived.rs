//! Whether an archive gives every page back, and the same as the corpus has.

use super::sources::{Placed, Sources};
use super::{Findings, Law};
use crate::archive::{Archive, Entry, Lost};
use crate::error::Error;
use crate::progress::Progress;
use crate::restore::places::Places;
use rayon::prelude::*;

/// The pages of an archive.
#[derive(Default)]
pub struct Listed {
    pub entries: Vec<Entry>,
    /// Those that are restored to a place that their name does not tell.
    pub placed: Placed,
}

/// All pages of an archive; those that are not listed any more are told.
pub fn list(archive: &Archive, findings: &Findings) -> Result<Listed, Error> {
    let of = archive.path.as_os_str().as_encoded_bytes();
    if archive.is_damaged {
        findings.broken(Law::Archive, of, "its beginning or its end is not as it was written");
    }
    let (mut listed, mut places) = (Listed::default(), Places::default());
    for pages in archive.pages() {
        match pages.map_err(Error::read(&archive.path))? {
            Ok(pages) => {
                let numbered = (pages.first..).zip(&pages.entries);
                let placed = numbered.map(|(number, entry)| (entry.name.clone(), places.of(number, &entry.name)));
                listed
                    .placed
                    .extend(placed.filter(|(_, place)| place.is_other).map(|(name, place)| (name, place.path)));
                listed.entries.extend(pages.entries);
            }
            Err(lost) => {
                places.lose(&lost);
                tell_lost(&lost, of, findings);
            }
        }
    }
    Ok(listed)
}

fn tell_lost(lost: &Lost, archive: &[u8], findings: &Findings) {
    const WHY: &str = "the archive is damaged where it is listed";
    lost.names.iter().for_each(|name| findings.broken(Law::Archive, name, WHY));
    if lost.names.is_empty() {
        let what = match lost.count {
            Some(_) => format!("pages from number {} on are not listed any more", lost.first + 1),
            None => format!("whether there were pages behind number {} cannot be told", lost.first),
        };
        findings.broken(Law::Archive, archive, what);
    }
}

/// Rebuilds every page.
pub fn verify(
    archive: &Archive,
    entries: &[Entry],
    corpus: Option<&Sources>,
    progress: &Progress,
    findings: &Findings,
) {
    entries.par_iter().for_each(|entry| {
        progress.add(entry.size as usize);
        match archive.rebuild(entry, &mut |_| Ok(())) {
            Ok(()) => findings.count(|counts| counts.archived += 1),
            Err(damage) => findings.broken(Law::Archive, &entry.name, damage.to_string()),
        }
        if let Some(corpus) = corpus {
            match corpus.is(&entry.name, entry.size, entry.sha256) {
                Ok(true) => {}
                Ok(false) => findings.broken(Law::Archive, &entry.name, "the page differs from the one in the archive"),
                Err(why) => findings.broken(Law::Page, &entry.name, why),
            }
        }
    });
}
