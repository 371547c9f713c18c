//! What GNU make must know to run newsdedup again exactly when a page was added, changed or removed.
//!
//! The rule depends on every page, and on every folder, whose time changes with its list of names.
//! Every page is also a target without a recipe: when it is deleted, make takes it as changed instead
//! of failing. Names with a line break cannot be written; their folder stands for them.

use crate::config::{Config, Output};
use crate::read::Library;
use crate::report::files::report_name;
use crate::walk::Source;
use std::path::{Path, PathBuf};

/// The depfile's content: a rule without a recipe for the stamp, or else for the report.
pub fn dependencies(config: &Config, folders: &[PathBuf], library: &Library) -> Vec<u8> {
    let target = match (&config.stamp, &config.output) {
        (Some(stamp), _) => stamp.clone(),
        (None, Output::Folder(folder)) => folder.join(report_name(config.format)),
        (None, Output::File(file)) => file.clone(),
        (None, Output::Stdout) => return Vec::new(),
    };
    let lists = config.files_from.iter().map(|list| list.path.as_path()).filter(|path| *path != Path::new("-"));
    let pages = (0..library.len()).filter_map(|index| match library.source(index) {
        Source::File(path) if !library.source(index).is_read_once() => Some(path.as_path()),
        Source::Unreadable(path, _) if path.is_file() => Some(path.as_path()),
        _ => None,
    });
    let needed: Vec<Vec<u8>> =
        lists.chain(folders.iter().map(|path| path.as_path())).chain(pages).filter_map(escaped).collect();

    let mut out = b"# Written by newsdedup.\nnewsdedup_equals := =\n".to_vec();
    out.extend(escaped(&target).unwrap_or_default());
    out.push(b':');
    for name in &needed {
        out.extend(b" \\\n  ");
        out.extend(name);
    }
    out.extend(b"\n\n");
    for name in &needed {
        out.extend(name);
        out.extend(b":\n");
    }
    out
}

/// A name as make reads it in a rule, if it can be written.
fn escaped(path: &Path) -> Option<Vec<u8>> {
    let name = path.as_os_str().as_encoded_bytes();
    if name.iter().any(|byte| matches!(byte, b'\n' | b'\r' | 0)) {
        return None;
    }
    let mut out = Vec::with_capacity(name.len() + 8);
    if name.starts_with(b"~") {
        out.extend(b"./");
    }
    let mut backslashes = 0;
    for &byte in name {
        match byte {
            b'$' => out.push(b'$'),
            b'=' => {
                out.extend(b"$(newsdedup_equals)");
                continue;
            }
            b' ' | b'\t' | b'#' | b':' | b'%' | b'*' | b'?' | b'[' | b']' | b';' | b'|' | b'&' => {
                // Backslashes count only before a character that needs one; there they are doubled.
                out.extend(std::iter::repeat_n(b'\\', backslashes + 1));
            }
            _ => {}
        }
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
        out.push(byte);
    }
    Some(out)
}
