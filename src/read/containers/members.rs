//! Files in archives: which are read, and what they are called.

use super::{Members, Place};
use crate::read::record::{self, About, Record};
use std::sync::Arc;

impl Members {
    /// Whether a file of an archive is read.
    pub fn holds(&self, path: &[u8]) -> bool {
        let mut names = path.split(|&byte| byte == b'/');
        let hidden = |name: &[u8]| name.starts_with(b".") && name != b"." && name != b".." || name == b"__MACOSX";
        (self.hidden || !names.any(hidden))
            && (self.include.patterns.is_empty() || self.include.first_match(path).is_some())
            && self.exclude.first_match(path).is_none()
    }
}

impl Place {
    /// The place of a file in an archive.
    pub(super) fn member(&self, path: &[u8], number: u64, seen_before: bool) -> Place {
        let mut name = record::name(&self.name, path);
        if seen_before {
            name = record::name(&name, number.to_string().as_bytes());
        }
        let id = Some(String::from_utf8_lossy(path).into_owned());
        let about = Some(Box::new(About { id, ..About::default() }));
        let record = Record { container: Arc::from(self.name.as_slice()), number, about, raw: None };
        Place { name, hint: path.to_vec(), record: Some(record), depth: self.depth + 1 }
    }
}
