//! The inputs that the fuzzer found worth keeping, held against the laws again (`tests/fuzz`).

mod found;
pub mod laws;

use std::fs;
use std::path::Path;

/// Hands the kept inputs of a target to its attack, one after the other.
fn replay(target: &str, attack: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let inputs = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = inputs.map(|input| input.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    for path in paths {
        println!("{}", path.display());
        attack(&fs::read(path).unwrap());
    }
}

#[test]
fn files_of_any_kind_are_read() {
    replay("read", laws::read::attack);
}

#[test]
fn pages_of_any_kind_are_tiled() {
    replay("split", laws::split::attack);
}

#[test]
fn texts_of_any_kind_have_one_normalised_form() {
    replay("normalise", laws::normalise::attack);
}

#[test]
fn reports_on_pages_of_any_kind_are_read_again() {
    replay("report", laws::report::attack);
}

#[test]
fn reports_of_any_kind_are_told_again_or_refused() {
    replay("stored", laws::stored::attack);
}

#[cfg(feature = "compression")]
#[test]
fn states_of_any_kind_give_what_a_full_run_sees() {
    replay("state", laws::state::attack);
}

#[cfg(feature = "compression")]
#[test]
fn archives_of_any_kind_give_pages_as_they_were_or_none() {
    replay("archive", laws::archive::attack);
}
