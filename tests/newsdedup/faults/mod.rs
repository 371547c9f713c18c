//! What goes wrong from outside: runs that are killed, and systems that say no.

#[cfg(target_os = "linux")]
mod injected;
mod kills;
mod races;

use crate::testenv::{TestEnv, page};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What `--state` names in these tests.
const STATE: &str = "state";

/// Everything below a folder: names, and what stands in files.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// What stands at a path, be it a file, a folder or nothing.
pub fn tree(path: &Path) -> Tree {
    let mut tree = Tree::new();
    collect(path, "", &mut tree);
    tree
}

fn collect(path: &Path, name: &str, tree: &mut Tree) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            let entry = entry.unwrap();
            collect(&entry.path(), &format!("{name}/{}", entry.file_name().to_string_lossy()), tree);
        }
    } else if let Ok(bytes) = fs::read(path) {
        tree.insert(name.to_owned(), bytes);
    }
}

/// A corpus that may be in one of two states.
pub struct Changing {
    pub env: TestEnv,
}

impl Changing {
    pub fn new() -> Changing {
        Changing { env: TestEnv::sample() }
    }

    /// Puts the corpus into its other state.
    pub fn change(&self, state: usize) {
        self.env.write("p/b.txt", page(2 + state % 2));
    }

    /// What a run writes in either state.
    pub fn outputs(&self, options: &str, output: &str) -> [Tree; 2] {
        [0, 1].map(|state| {
            self.change(state);
            self.env.report_into(&format!("p {options}"));
            tree(&self.env.path(output))
        })
    }

    /// What is not of the corpus, and not among `wanted`.
    pub fn left_behind(&self, wanted: &[&str]) -> Vec<String> {
        let names = self.env.names("").into_iter();
        names.filter(|name| name != "p" && !wanted.contains(&name.as_str())).collect()
    }
}
