//! Outputs of one run that would take each other's place.

use crate::config::{Output, Target};
use crate::error::{Error, quoted};
use crate::filter::Filter;
use std::path::{Path, PathBuf};

/// Refuses a state at the place of something else that is written, which would replace it.
pub fn keep_apart(state: &Path, target: &Target, filter: &Filter) -> Result<(), Error> {
    let output = match &target.output {
        Output::File(path) | Output::Folder(path) => Some(path),
        Output::Stdout | Output::Nowhere => None,
    };
    let others = output.into_iter().chain(&target.depfile).chain(&target.stamp).chain(filter.files());
    let state = resolved(state);
    match others.into_iter().find(|other| state.starts_with(resolved(other))) {
        Some(other) => Err(Error::Usage(format!(
            "the state would be replaced by what is written to {}; give it a file of its own: -o build/corpus --state \
             build/corpus.state",
            quoted(other)
        ))),
        None => Ok(()),
    }
}

/// A path without links in the part of it that is there.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = absolute.ancestors().find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    there.map_or_else(
        || absolute.clone(),
        |(folder, real)| match absolute.strip_prefix(folder) {
            Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
            _ => real,
        },
    )
}
