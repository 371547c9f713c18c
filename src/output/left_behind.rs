//! What a killed run left behind, told by its name and its lock.

use super::{INSIDE, parent, real};
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File};
use std::path::Path;

/// Characters that make the name of what is being written one of its own.
pub const RANDOM: usize = 6;

/// What the names of everything built for `target` begin with.
pub fn prefix(target: &Path) -> String {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().take(40).collect();
    format!(".{name}.newsdedup-")
}

/// Whether something of this name was built for what such names begin with.
fn is_draft(name: &[u8], prefix: &str) -> bool {
    let random = name.strip_prefix(prefix.as_bytes());
    random.is_some_and(|it| it.len() == RANDOM && it.iter().all(u8::is_ascii_alphanumeric))
}

/// Whether a part of a path looks like a folder that [`super::Draft::inside`] made, and may be removed as one.
pub fn is_inside_draft(part: &[u8]) -> bool {
    is_draft(part, &prefix(Path::new(INSIDE)))
}

/// Removes what killed runs left behind that were to write this file.
pub fn tidy(target: &Path) {
    let target = real(target);
    remove(parent(&target), &prefix(&target), Path::is_file);
}

/// Removes what a killed run left behind: nobody holds its lock.
pub fn remove(parent: &Path, prefix: &str, can_be: impl Fn(&Path) -> bool) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        if is_draft(entry.file_name().as_encoded_bytes(), prefix) && can_be(&entry.path()) {
            let unlocked = File::open(entry.path())
                .is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok());
            if unlocked {
                let _ = super::remove(&entry.path());
            }
        }
    }
}
