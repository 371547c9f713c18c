//! Any pages → an archive → the same pages; any archive, damaged or made to deceive → pages as they were, or none.

use super::corpus::{files, grouped};
use super::{desk, frames};
use newsdedup::archive::{self, Archive, Damage, Entry};
use newsdedup::fingerprint::sha256;
use newsdedup::restore::places::Places;
use newsdedup::{Config, read};
use rustc_hash::FxHashMap;
use std::io;
use std::path::Path;

/// More bytes of a page are not asked for.
const MOST: usize = 1 << 16;

/// The first byte of an input says what the others are: an archive, the frames of one, or pages and a damage.
pub fn attack(input: &[u8]) {
    match input {
        [0..64, bytes @ ..] => drop(each_page(&desk::put(b"archive", bytes), |_, _| ())),
        [64..128, bytes @ ..] => drop(each_page(&desk::put(b"archive", &frames::archive(bytes)), |_, _| ())),
        [how, place, bits, pages @ ..] => pages_come_back(pages, (*how, *place, *bits)),
        _ => {}
    }
}

fn pages_come_back(pages: &[u8], (how, place, bits): (u8, u8, u8)) {
    let read =
        read::Options { memory: 1 << 20, max_page_size: 1 << 15, keep_originals: true, ..read::Options::default() };
    let config = Config { read, ..Config::default() };
    let files = files(pages).into_iter().map(|(path, _)| path);
    let (mut bytes, originals) = grouped(files, &config, |corpus, grouping| {
        let mut bytes = Vec::new();
        archive::write(corpus, grouping, &mut bytes).expect("memory takes all of it");
        let original = |page| {
            let original = corpus.library.original(corpus.source(page)).expect("nobody changed the file");
            (corpus.page_name(page).to_vec(), original.bytes().to_vec())
        };
        (bytes, (0..corpus.page_count()).map(original).collect::<FxHashMap<_, _>>())
    });
    let is_damaged = damage(&mut bytes, how % 8, usize::from(place), bits);
    let mut found = 0;
    let whole = each_page(&desk::put(b"archive", &bytes), |entry, rebuilt| match rebuilt {
        Ok(bytes) => {
            assert!(originals.get(&entry.name).is_some_and(|original| *original == bytes), "not the page as it was");
            found += 1;
        }
        Err(damage) => assert!(is_damaged, "{damage}"),
    });
    assert!(is_damaged || whole == Some(true) && found == originals.len(), "not all pages came back");
}

/// Damages an archive at one place; `false` if it is left as it was. `place` is counted from the beginning or the end.
fn damage(bytes: &mut Vec<u8>, how: u8, place: usize, bits: u8) -> bool {
    let at = if bits & 1 == 0 { place * 4 } else { bytes.len().saturating_sub(place + 1) }.min(bytes.len() - 1);
    match how {
        0 => return false,
        1 => bytes.truncate(at),
        2 => drop(bytes.remove(at)),
        3 => bytes.insert(at, bits),
        4 => bytes.drain(..at).for_each(drop),
        5 => bytes.extend_from_within(at..),
        6 => bytes[at] = bits,
        _ => bytes[at] ^= bits.max(1),
    }
    true
}

/// Rebuilds every page of an archive; whether it says that it is whole, if it is one at all.
fn each_page(path: &Path, mut see: impl FnMut(Entry, Result<Vec<u8>, Damage>)) -> Option<bool> {
    let mut archive = match Archive::open(path) {
        Ok(archive) => archive,
        Err(error) => {
            error.to_string();
            return None;
        }
    };
    archive.unpack_into(&desk::folder()).expect("a temporary file");
    let (mut whole, mut places) = (!archive.is_damaged, Places::default());
    for pages in archive.pages() {
        match pages.expect("the file can be read") {
            Err(_) => whole = false,
            Ok(pages) => {
                for (number, entry) in (pages.first..).zip(pages.entries) {
                    stays_inside(&places.of(number, &entry.name).path);
                    let rebuilt = rebuild(&archive, &entry);
                    see(entry, rebuilt);
                }
            }
        }
    }
    Some(whole)
}

fn rebuild(archive: &Archive, entry: &Entry) -> Result<Vec<u8>, Damage> {
    let mut bytes = Vec::new();
    archive.rebuild(entry, &mut |part| {
        bytes.extend_from_slice(part);
        if bytes.len() > MOST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
    })?;
    assert!(bytes.len() as u64 == entry.size && sha256(&bytes) == entry.sha256, "a wrong page");
    Ok(bytes)
}

/// Where a page is restored to is below the folder.
fn stays_inside(path: &[u8]) {
    let is_part = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    assert!(path.split(|&byte| byte == b'/').all(is_part), "{}", path.escape_ascii());
}
