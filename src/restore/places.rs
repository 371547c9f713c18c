//! A page's name → its place below the folder that is restored to. A name may say anything; a place stays inside.
//!
//! * The place is the name, without what means nothing in a path: empty parts and `.`. So `/a/b`, `./a/b` and `a//b`
//!   all become `a/b`.
//! * A page whose name has a part `..`, or cannot be the path of a file, gets the place `%N`: N is its number in the
//!   archive, counted from 1. So does a page whose place is taken, by one before it or by a folder of one before it,
//!   and one whose place would look like that of a page so numbered, or lead into what is built while restoring.
//!
//! A page's place depends on the archive alone, not on which pages are asked for or on what is in the folder. Pages
//! that are lost keep their places. If their names are lost too, any of them may have the place of a later page, unless
//! that is the very name of the later page: then it gets `%N`.

use crate::archive::Lost;
use crate::fingerprint::sha256;
use crate::output::is_inside_draft;
use rustc_hash::FxHashSet;

/// The longest part of a path that file systems take, in bytes.
const LONGEST_PART: usize = 255;
/// The longest path, in bytes; the system takes 4096 with that of the folder.
const LONGEST: usize = 3000;

/// Where a page is restored to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Relative, joined by `/`; no part is empty, `.` or `..`.
    pub path: Vec<u8>,
    /// Whether the name does not tell it.
    pub is_other: bool,
}

/// All places so far.
#[derive(Debug, Default)]
pub struct Places {
    files: FxHashSet<u128>,
    folders: FxHashSet<u128>,
    /// Whether there are pages before whose places are not known.
    are_unknown: bool,
}

impl Places {
    /// The place of the next page: its number, counted from 0, and its name.
    pub fn of(&mut self, number: u64, name: &[u8]) -> Place {
        let is_its_own = |path: &[u8]| self.is_free(path) && (!self.are_unknown || path == name);
        match path(name).filter(|path| is_its_own(path) && !path.split(|&byte| byte == b'/').any(is_inside_draft)) {
            Some(path) => {
                self.files.insert(key(&path));
                self.folders.extend(folders(&path).map(key));
                Place { path, is_other: false }
            }
            None => Place { path: format!("%{}", number + 1).into_bytes(), is_other: true },
        }
    }

    /// Pages that are not listed any more: no other page gets their places.
    pub fn lose(&mut self, lost: &Lost) {
        (lost.first..).zip(&lost.names).for_each(|(number, name)| drop(self.of(number, name)));
        self.are_unknown |= lost.names.is_empty();
    }

    fn is_free(&self, path: &[u8]) -> bool {
        let own = key(path);
        !self.files.contains(&own)
            && !self.folders.contains(&own)
            && folders(path).all(|folder| !self.files.contains(&key(folder)))
    }
}

/// The path that a name means, if it is one that may be used.
pub fn path(name: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = name.split(|&byte| byte == b'/').filter(|part| !matches!(*part, b"" | b".")).collect();
    let can_be = |part: &&[u8]| *part != b".." && !part.contains(&0) && part.len() <= LONGEST_PART;
    let is_numbered = parts.first()?.strip_prefix(b"%").is_some_and(|rest| rest.iter().all(u8::is_ascii_digit));
    let path = parts.join(&b'/');
    (parts.iter().all(can_be) && !is_numbered && path.len() <= LONGEST).then_some(path)
}

/// The folders above a path, from the outermost on.
fn folders(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'/', path).map(|slash| &path[..slash])
}

/// Tells paths apart, also those that are made to deceive.
fn key(path: &[u8]) -> u128 {
    sha256(path).0.first_chunk().map_or(0, |&bytes| u128::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&[u8]], expected: &[&str]) {
        let mut places = Places::default();
        let found: Vec<Vec<u8>> = (0..).zip(names).map(|(number, name)| places.of(number, name).path).collect();
        assert_eq!(found, expected.iter().map(|path| path.as_bytes().to_vec()).collect::<Vec<_>>());
    }

    #[test]
    fn names_are_places_without_what_means_nothing() {
        check(&[b"a/b.txt", b"/c//./d", b"./e/", b"-", b"\n\x1b"], &["a/b.txt", "c/d", "e", "-", "\n\u{1b}"]);
    }

    #[test]
    fn names_that_lead_outside_or_nowhere_are_numbered() {
        check(&[b"../a", b"a/../b", b"..", b"", b"/", b"a\0b"], &["%1", "%2", "%3", "%4", "%5", "%6"]);
        check(&[&[b'x'; 256], &[b'x'; 255]], &["%1", &"x".repeat(255)]);
        check(&[&b"xx/".repeat(1001)], &["%1"]);
    }

    #[test]
    fn no_two_pages_share_a_place() {
        check(&[b"a", b"/a", b"a/b", b"c/d", b"c"], &["a", "%2", "%3", "c/d", "%5"]);
        check(&[b"%2", b"../a", b"%x", b"%2/a", b"b/%2"], &["%1", "%2", "%x", "%4", "b/%2"]);
    }

    #[test]
    fn no_page_is_restored_into_what_is_built_meanwhile() {
        let inside: &[u8] = b".restored.newsdedup-aB3dEf";
        let below = [b"a/", inside, b"/b"].concat();
        check(&[inside, &below, b"a/b"], &["%1", "%2", "a/b"]);
        check(&[b".restored.newsdedup-aB3dE", b".restored"], &[".restored.newsdedup-aB3dE", ".restored"]);
    }

    #[test]
    fn lost_pages_keep_their_places() {
        let lost = |names: &[&[u8]]| Lost {
            first: 0,
            names: names.iter().map(|name| name.to_vec()).collect(),
            count: Some(2),
        };
        let found = |lost: &Lost| {
            let mut places = Places::default();
            places.lose(lost);
            [(2, &b"d//1"[..]), (3, b"d//2"), (4, b"d/3")].map(|(number, name)| places.of(number, name).path)
        };
        assert_eq!(found(&lost(&[b"d/1", b"d"])), [&b"%3"[..], b"d/2", b"d/3"]);
        assert_eq!(found(&lost(&[])), [&b"%3"[..], b"%4", b"d/3"]);
    }
}
