//! What GNU make must know to run newsdedup again exactly when a page was added, changed or removed.
//!
//! The rule depends on every page, and on every folder, whose time changes with its list of names.
//! Every page is also a target without a recipe: when it is deleted, make takes it as changed instead
//! of failing. Some names mean nothing to make: those with a tab or a line break, a backslash at the
//! end, or a form like `a(b)`. With one of these among the pages the rule runs every time, for a stale
//! output would be worse.

use crate::config::{Config, Output};
use crate::read::Library;
use crate::report::files::report_name;
use crate::walk::Source;
use std::path::{Path, PathBuf};

/// The depfile's content: a rule without a recipe for the stamp, or else for the report.
pub fn dependencies(config: &Config, folders: &[PathBuf], library: &Library) -> Vec<u8> {
    let target = match (&config.target.stamp, &config.target.output) {
        (Some(stamp), _) => stamp.clone(),
        (None, Output::Folder(folder)) => folder.join(report_name(config.target.format)),
        (None, Output::File(file)) => file.clone(),
        (None, Output::Stdout | Output::Nowhere) => return Vec::new(),
    };
    let lists = config.files_from.iter().map(|list| list.path.as_path()).filter(|path| *path != Path::new("-"));
    let pages = library.sources().filter_map(|source| match source {
        Source::File(path) if !source.is_read_once() => Some(&**path),
        Source::Unreadable(unreadable) if unreadable.path.is_file() => Some(unreadable.path.as_path()),
        _ => None,
    });
    let paths: Vec<&Path> = lists.chain(folders.iter().map(PathBuf::as_path)).chain(pages).collect();
    let mut out = b"# Written by newsdedup.\nnewsdedup_equals := =\n".to_vec();
    out.extend(escaped(&target, Role::Target).unwrap_or_default());
    out.push(b':');
    let needs = paths.iter().filter_map(|path| Some([escaped(path, Role::Needed)?, escaped(path, Role::Target)?]));
    let mut needs: Vec<[Vec<u8>; 2]> = needs.collect();
    if needs.len() < paths.len() {
        needs.push([EVERY_TIME.to_vec(), EVERY_TIME.to_vec()]);
    }
    for [needed, _] in &needs {
        out.extend(b" \\\n  ");
        out.extend(needed);
    }
    out.extend(b"\n\n");
    for [_, target] in &needs {
        out.extend(target);
        out.extend(if target.ends_with(b"&") { &b" :\n"[..] } else { b":\n" });
    }
    out
}

/// A target that is never there.
const EVERY_TIME: &[u8] = b"newsdedup-every-time";

/// On which side of a rule's colon a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Target,
    Needed,
}

/// A name as make reads it in a rule, if it can. Found out with GNU make 4.3.
fn escaped(path: &Path, role: Role) -> Option<Vec<u8>> {
    let name = path.as_os_str().as_encoded_bytes();
    let like_an_archive = name.contains(&b'(') && name.ends_with(b")");
    if like_an_archive || name.ends_with(b"\\") || name.iter().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r')) {
        return None;
    }
    let mut out = Vec::with_capacity(name.len() + 8);
    if name.starts_with(b"~") {
        out.extend(b"./");
    }
    let mut backslashes = 0;
    for &byte in name {
        let escapes = match byte {
            b' ' | b'#' | b':' | b'*' | b'?' | b'[' => 1,
            // Make looks for the start of a recipe twice and takes one level of escapes away each time.
            b';' => 3,
            b'%' => usize::from(role == Role::Target),
            b'|' => usize::from(role == Role::Needed),
            _ => 0,
        };
        if escapes > 0 {
            // Backslashes count only before a character that needs one; there they are doubled.
            out.extend(std::iter::repeat_n(b'\\', backslashes + escapes));
        }
        match byte {
            b'$' => out.extend(b"$$"),
            b'=' => out.extend(b"$(newsdedup_equals)"),
            _ => out.push(byte),
        }
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
    }
    Some(out)
}
