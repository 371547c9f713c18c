//! What goes wrong from outside: runs that are killed, and systems that say no.

#[cfg(target_os = "linux")]
mod injected;
mod kills;
#[cfg(target_os = "linux")]
mod places;
mod races;
#[cfg(feature = "compression")]
mod restores;

use crate::testenv::{TestEnv, page};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

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

/// A way to run.
pub struct Way {
    pub options: &'static str,
    /// What it writes.
    pub output: &'static str,
    /// What it keeps besides, for itself.
    pub keeps: &'static [&'static str],
}

impl Way {
    pub const fn new(options: &'static str, output: &'static str) -> Way {
        Way { options, output, keeps: &[] }
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
    pub fn outputs(&self, way: &Way) -> [Tree; 2] {
        [0, 1].map(|state| {
            self.change(state);
            self.run(way);
            self.output(way)
        })
    }

    /// Runs, and expects all to be well.
    pub fn run(&self, way: &Way) {
        self.env.report_into(&format!("p {}", way.options));
    }

    /// What was written.
    pub fn output(&self, way: &Way) -> Tree {
        tree(&self.env.path(way.output))
    }

    /// What is neither of the corpus nor of the output.
    pub fn left_behind(&self, way: &Way) -> Vec<String> {
        let is_wanted = |name: &str| name == "p" || name == way.output || way.keeps.contains(&name);
        self.env.names("").into_iter().filter(|name| !is_wanted(name)).collect()
    }
}
