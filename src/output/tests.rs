//! What is being built, and what becomes of it: published, dropped, abandoned, or left behind.

use super::*;
use std::os::unix::fs::symlink;
use std::time::Instant;
use tempfile::TempDir;

/// A folder, and the names in it.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_draft_that_is_dropped_or_abandoned_leaves_nothing_and_one_that_is_published_stays() {
    let (place, scratch) = (Place::new(), Scratch::default());
    drop(Draft::begin(&place.path("dropped"), true, &scratch).unwrap());
    let abandoned = [false, true].map(|folder| Draft::begin(&place.path("abandoned"), folder, &scratch).unwrap());
    fs::write(abandoned[1].path.join("article"), "text").unwrap();
    fs::remove_file(&abandoned[0].path).unwrap();
    let mut has_ended = false;
    scratch.abandon(|| has_ended = true);
    assert_eq!((has_ended, place.names()), (true, vec![]));
    drop(abandoned);
    let draft = Draft::begin(&place.path("below/report"), false, &scratch).unwrap();
    draft.file().write_all(b"text").unwrap();
    draft.publish().unwrap();
    scratch.abandon(|| ());
    assert_eq!((place.names(), &place.read("below/report")[..]), (vec!["below".to_owned()], "text"));
}

#[test]
fn what_cannot_be_removed_keeps_an_interrupt_waiting_no_longer_than_a_second() {
    let (place, scratch) = (Place::new(), Scratch::default());
    let draft = Draft::begin(&place.path("folder/report"), false, &scratch).unwrap();
    fs::remove_dir_all(place.path("folder")).unwrap();
    place.write("folder", "a file where the folder was");
    let begun = Instant::now();
    let mut has_ended = false;
    scratch.abandon(|| has_ended = true);
    assert!(has_ended && begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    drop(draft);
    assert_eq!(place.read("folder"), "a file where the folder was");
}

#[test]
fn of_what_is_left_behind_only_that_goes_which_no_run_holds() {
    let (place, scratch) = (Place::new(), Scratch::default());
    let held = Draft::begin(&place.path("out"), true, &scratch).unwrap();
    place.write(".out.newsdedup-k1ll3d/articles/a.txt", "text");
    place.write(".other.newsdedup-k1ll3d", "text");
    place.write(".out.newsdedup-backup-1", "text");
    symlink("nowhere", place.path(".out.newsdedup-l1nk23")).unwrap();
    let next = Draft::begin(&place.path("out"), true, &scratch).unwrap();
    assert!(held.path.is_dir() && next.path.is_dir());
    let held = [&held, &next].map(|draft| draft.path.file_name().unwrap().to_str().unwrap().to_owned());
    let left: Vec<String> = place.names().into_iter().filter(|name| !held.contains(name)).collect();
    assert_eq!(left, [".other.newsdedup-k1ll3d", ".out.newsdedup-backup-1", ".out.newsdedup-l1nk23"]);
}

#[test]
fn folders_are_swapped_also_where_that_takes_several_steps() {
    let place = Place::new();
    let ways: [fn(&Path, &Path) -> io::Result<()>; 2] = [exchange, exchange_in_turn];
    for (round, swap) in ways.into_iter().enumerate() {
        place.write("old/report", &format!("old {round}"));
        place.write("new/report", &format!("new {round}"));
        swap(&place.path("new"), &place.path("old")).unwrap();
        assert_eq!(
            (place.read("old/report"), place.read("new/report")),
            (format!("new {round}"), format!("old {round}"))
        );
        assert!(swap(&place.path("new"), &place.path("gone")).is_err());
        assert_eq!(place.names(), ["new", "old"]);
    }
}

#[test]
fn a_small_file_is_replaced_only_if_it_says_something_else() {
    let (place, scratch) = (Place::new(), Scratch::default());
    let path = place.path("out.d");
    let inode = || std::os::unix::fs::MetadataExt::ino(&fs::metadata(&path).unwrap());
    write_file(&path, b"out: a.txt", &scratch).unwrap();
    let first = inode();
    write_file(&path, b"out: a.txt", &scratch).unwrap();
    assert_eq!(inode(), first);
    write_file(&path, b"out: b.txt", &scratch).unwrap();
    assert_eq!((place.names(), place.read("out.d")), (vec!["out.d".to_owned()], "out: b.txt".to_owned()));
}

#[test]
fn files_are_the_same_if_every_byte_is() {
    let place = Place::new();
    let long = "x".repeat(3 * CHUNK);
    for (name, text) in
        [("a", &long[..]), ("b", &long), ("c", &long[1..]), ("d", &(long[1..].to_owned() + "y")), ("e", "")]
    {
        place.write(name, text);
    }
    let found = ["b", "c", "d", "e", "gone"].map(|name| same(&place.path("a"), &place.path(name)));
    assert_eq!(found, [true, false, false, false, false]);
    assert!(same(&place.path("e"), &place.path("e")) && !same(&place.path("gone"), &place.path("gone")));
    // A folder is no file, whatever its size.
    fs::create_dir(place.path("f")).unwrap();
    assert!(!same(&place.path("f"), &place.path("f")));
}

#[test]
fn only_files_that_are_as_before_keep_their_time() {
    let place = Place::new();
    for (name, text) in
        [("old/report", "same"), ("new/report", "same"), ("old/articles/a", "one"), ("new/articles/a", "two")]
    {
        place.write(name, text);
    }
    let time = |name: &str| fs::metadata(place.path(name)).unwrap().modified().unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for name in ["old/report", "old/articles/a"] {
        File::options().write(true).open(place.path(name)).unwrap().set_modified(long_ago).unwrap();
    }
    assert!(!keep_times(&place.path("new"), &place.path("old")).unwrap());
    assert!(time("new/report") == long_ago && time("new/articles/a") != long_ago);
    place.write("new/articles/a", "one");
    assert!(keep_times(&place.path("new"), &place.path("old")).unwrap() && time("new/articles/a") == long_ago);
    place.write("new/articles/b", "more");
    assert!(!keep_times(&place.path("new"), &place.path("old")).unwrap());
    assert!(!keep_times(&place.path("new"), &place.path("gone")).unwrap());
}
