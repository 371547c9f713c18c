//! Archives: every byte of every page, once, and back again, whatever the pages, their names, and the damage.

use crate::corpus::{Layout, Size, write_corpus};
use crate::testenv::{Ran, TestEnv, page};
use newsdedup::archive::Archive;
use proptest::prelude::*;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

const ARCHIVE: &str = "out/archive.newsdedup";

/// Writes an archive of a folder, quietly.
#[track_caller]
fn archive(env: &TestEnv, line: &str) {
    let ran = env.run(&format!("{line} -q -o out --archive"));
    assert!([0, 3].contains(&ran.code) && ran.err.is_empty(), "{ran:?}");
}

/// All files below a folder, in order, with what they hold.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| (entry.path().strip_prefix(folder).unwrap().to_owned(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// Archives `p`, restores it, and compares everything.
#[track_caller]
fn round_trip(env: &TestEnv, options: &str) {
    archive(env, &format!("p {options}"));
    let ran = env.run("restore out dest -q");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(files(&env.path("dest/p")) == files(&env.path("p")), "{options}");
}

/// Parts that hostile pages are made of.
fn part() -> impl Strategy<Value = Vec<u8>> {
    let utf16 = |text: String| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    prop_oneof![
        5 => (0..8usize).prop_map(|number| page(number).into_bytes()),
        2 => (0..8usize, 0..9usize).prop_map(|(number, from)| page(number).split_off(from * 20).into_bytes()),
        2 => (0..8usize).prop_map(|number| page(number).replace("was seen", "was heard").into_bytes()),
        1 => (0..8usize).prop_map(|number| page(number).replace('\n', "\r\n").into_bytes()),
        1 => (0..8usize).prop_map(|number| page(number).replace('\n', "\r").into_bytes()),
        1 => prop::sample::select(vec!["\n", "\r\n", "\r", "\n\r", "\0", "\u{feff}", "<", "<p>", "</p>\n", "&amp;"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => "\\PC{0,60}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..300),
        1 => (0..8usize).prop_map(move |number| [b"\xff\xfe".to_vec(), utf16(page(number))].concat()),
        1 => (0..8usize).prop_map(|number| {
            let paragraphs = page(number).replace("\n\n", "</p>\n<p>");
            format!("<!DOCTYPE html><html><body><nav>Home</nav><h1>Story</h1><p>{paragraphs}</p></body></html>").into_bytes()
        }),
        1 => (1..200usize).prop_map(|times| "word ".repeat(times * 40).into_bytes()),
    ]
}

fn pages() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let page = prop::collection::vec(part(), 0..5).prop_map(|parts| parts.concat());
    prop::collection::vec(page, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// About 1,200 pages in all.
    #[test]
    fn hostile_pages_come_back_byte_for_byte(pages in pages(), options in prop::sample::select(vec!["", "--split none", "--near off --keep last", "--spans --keep longest"])) {
        let env = TestEnv::empty();
        for (number, bytes) in pages.iter().enumerate() {
            env.write(format!("p/{}/{number}", number % 3), bytes);
        }
        let ran = env.run(&format!("p {options} -q -o out --archive"));
        prop_assert!([0, 3].contains(&ran.code));
        let report: serde_json::Value = serde_json::from_slice(&env.read("out/report.json")).unwrap();
        let skipped = report["skipped"].as_array().unwrap().iter().map(|entry| entry["page"].as_str().unwrap());
        skipped.for_each(|page| fs::remove_file(env.path(page)).unwrap());
        let ran = env.run("restore out dest -q");
        prop_assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        prop_assert!(files(&env.path("dest")) == files(&env.path("p")).into_iter().map(|(path, bytes)| (Path::new("p").join(path), bytes)).collect::<Vec<_>>());
        let ran = env.run("verify out");
        prop_assert!(ran.code == 0, "{}", String::from_utf8_lossy(&ran.out));
        let ran = env.run("verify out dest");
        prop_assert!(ran.code == 0, "{}", String::from_utf8_lossy(&ran.out));
        let ran = env.run("verify out/report.json");
        let nothing_found = report["articles"].as_array().unwrap().is_empty();
        prop_assert!(ran.code == 0 || nothing_found, "{}{}", ran.err, String::from_utf8_lossy(&ran.out));
    }
}

#[test]
fn real_pages_come_back_byte_for_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["seeds", "../shared/seeds", "../shared/splitting/dev/pages", "../shared/html/pages"] {
        let folder = root.join(folder);
        if !folder.is_dir() {
            println!("{} is not there; nothing to see", folder.display());
            continue;
        }
        let env = TestEnv::empty();
        let is_packed = |path: &Path| path.extension().is_some_and(|ending| ending == "gz");
        let (packed, plain): (Vec<_>, Vec<_>) = files(&folder).into_iter().partition(|(path, _)| is_packed(path));
        plain.iter().for_each(|(path, bytes)| env.write(Path::new("p").join(path), bytes));
        for (path, bytes) in packed {
            let mut page = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&bytes[..]), &mut page).unwrap();
            env.write(Path::new("p").join(path.with_extension("")), page);
        }
        round_trip(&env, "--spans");
        let ran = env.run("verify out p");
        assert_eq!(ran.code, 0, "{}", String::from_utf8_lossy(&ran.out));
    }
}

#[test]
fn copies_take_hardly_any_room() {
    let env = TestEnv::empty();
    write_corpus(&env.path(""), 7, Layout::Articles, Size::Pages(800)).unwrap();
    fs::rename(env.path("pages"), env.path("p")).unwrap();
    round_trip(&env, "--split none");
    let once = fs::metadata(env.path(ARCHIVE)).unwrap().len();
    let all: Vec<(PathBuf, Vec<u8>)> = files(&env.path("p"));
    for (path, bytes) in &all {
        env.write(Path::new("p/copies").join(path), bytes);
        let text = String::from_utf8_lossy(bytes).replacen(" the ", " that ", 3);
        env.write(Path::new("p/edited").join(path), text);
    }
    fs::remove_dir_all(env.path("dest")).unwrap();
    round_trip(&env, "--split none");
    let thrice = fs::metadata(env.path(ARCHIVE)).unwrap().len();
    let bytes: u64 = all.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    assert!(thrice < once + once / 2, "{once} for the pages, {thrice} for three times the pages, {bytes} bytes");
    assert!(once < bytes / 2, "{once} of {bytes} bytes");
}

#[test]
fn large_pages_that_resemble_each_other_take_little_more_room_than_one() {
    let long: String = (0..1800).map(page).collect();
    assert!(long.len() > 1 << 20);
    let html =
        format!("<!DOCTYPE html><html><body><h1>All</h1><p>{}</p></body></html>", long.replace("\n\n", "</p>\n<p>"));
    let env = TestEnv::with(&[("p/a.txt", &long), ("p/a.html", &html)]);
    let size = || fs::metadata(env.path(ARCHIVE)).unwrap().len();
    archive(&env, "p --split none");
    let once = size();
    env.write("p/b.txt", long.replace("was seen", "was heard"));
    env.write("p/c.txt", page(1) + &long);
    round_trip(&env, "--split none --memory 0");
    assert!(size() < once * 2, "{once} for two pages, {} for four", size());
}

#[test]
fn an_archive_does_not_depend_on_threads_or_memory() {
    let env = TestEnv::empty();
    write_corpus(&env.path(""), 3, Layout::Articles, Size::Pages(600)).unwrap();
    env.write("pages/a.html", "<html><body><h1>A</h1><p>One two three four five six.</p></body></html>");
    archive(&env, "pages --threads 1");
    let first = env.read(ARCHIVE);
    for options in ["--threads 2", "--threads 8", "--threads 2 --memory 100"] {
        archive(&env, &format!("pages {options}"));
        assert!(env.read(ARCHIVE) == first, "{options}");
    }
}

#[test]
fn names_of_any_kind_come_back() {
    let env = TestEnv::empty();
    let names: [&[u8]; 9] = [
        b"a\nb",
        b"\x1b[31mred",
        b"-rf",
        b"--help",
        b"not utf-8 \xff\xfe",
        b" ",
        b"%1",
        "\u{202e}txt.exe".as_bytes(),
        &[b'x'; 255],
    ];
    for (number, name) in names.iter().enumerate() {
        env.write(Path::new("p").join(OsString::from_vec(name.to_vec())), page(number));
    }
    round_trip(&env, "");
    let name = OsString::from_vec([b"p/", names[4]].concat());
    let ran = crate::testenv::ran(
        &mut env.command(["restore".into(), "out".into(), "one".into(), name.clone()] as [OsString; 4]),
    );
    assert_eq!((ran.code, files(&env.path("one")).len()), (0, 1));
    assert_eq!(env.read(Path::new("one").join(name)), page(4).into_bytes());
}

#[test]
fn nothing_is_written_outside_the_folder() {
    let env = TestEnv::with(&[("a/b/c.txt", page(1)), ("a/d.txt", page(2)), ("e.txt", page(3))]);
    let inside = |args: &[&str]| crate::testenv::ran(env.command(args).current_dir(env.path("a/b")));
    let absolute = env.path("e.txt").display().to_string();
    let ran = inside(&["../d.txt", &absolute, "../../a/../a/b/c.txt", "-q", "-o", "../../out", "--archive"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let ran = env.run("restore out dest/deep");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("'../d.txt' is restored as '%1'"), "{}", ran.err);
    let restored = files(&env.path("dest/deep"));
    let names: Vec<String> = restored.iter().map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(names, ["%1", "%3", absolute.trim_start_matches('/')]);
    assert_eq!(env.names("dest"), ["deep"]);
    let ran = env.run("verify out dest/deep");
    assert_eq!(ran.code, 0, "{}", String::from_utf8_lossy(&ran.out));
    let ran = env.run("restore out dest/one ../d.txt");
    assert_eq!((ran.code, env.read("dest/one/%1")), (0, page(2).into_bytes()));
}

#[test]
fn links_in_the_folder_are_not_followed() {
    let env = TestEnv::with(&[("p/a.txt", page(1)), ("p/b/c.txt", page(2)), ("other/kept.txt", "as it is".to_owned())]);
    archive(&env, "p");
    fs::create_dir_all(env.path("dest/p")).unwrap();
    symlink(env.path("other"), env.path("dest/p/b")).unwrap();
    symlink(env.path("other/kept.txt"), env.path("dest/p/a.txt")).unwrap();
    symlink(env.path("other"), env.path("dest/restored")).unwrap();
    let ran = env.run("restore out dest");
    ran.fails(3, "cannot restore 'p/a.txt': another file has its name (--force replaces it)");
    ran.fails(3, "cannot restore 'p/b/c.txt': a file or a link stands where its folder should be");
    let ran = env.run("restore out dest --force");
    ran.fails(3, "'p/b/c.txt'");
    assert_eq!(env.read("dest/p/a.txt"), page(1).into_bytes());
    assert_eq!((env.names("other"), env.read("other/kept.txt")), (vec!["kept.txt".to_owned()], b"as it is".to_vec()));
}

#[test]
fn files_that_are_there_are_left_alone() {
    let env = TestEnv::sample();
    archive(&env, "p");
    env.write("dest/p/a.txt", page(1));
    env.write("dest/p/b.txt", page(9));
    fs::create_dir_all(env.path("dest/p/copy of a.txt")).unwrap();
    let ran = env.run("restore out dest");
    ran.fails(3, "0 pages restored, 1 there already, 2 not");
    assert_eq!(env.read("dest/p/b.txt"), page(9).into_bytes());
    let ran = env.run("restore out dest --force");
    ran.fails(3, "cannot restore 'p/copy of a.txt': a folder has its name");
    assert_eq!(env.read("dest/p/b.txt"), page(2).into_bytes());
    assert_eq!(env.names("dest"), ["p"]);
    assert_eq!(env.run("restore out dest").err.lines().count(), 2);
}

#[test]
fn records_come_back_one_by_one() {
    let lines: Vec<String> = (1..4).map(|number| serde_json::json!({ "text": page(number) }).to_string()).collect();
    let html = format!("<html><body><h1>Story</h1><p>{}</p></body></html>", page(5));
    let record = serde_json::json!({ "text": html }).to_string();
    let env = TestEnv::with(&[("p/news.jsonl", format!("{}\n{record}\n", lines.join("\n")))]);
    for options in ["", "--memory 100"] {
        archive(&env, &format!("p {options}"));
        let ran = env.run("restore out dest --force");
        assert_eq!(
            (ran.code, ran.err.as_str()),
            (
                0,
                if options.is_empty() {
                    "newsdedup: 4 pages restored\n"
                } else {
                    "newsdedup: 0 pages restored, 4 there already\n"
                }
            )
        );
    }
    assert_eq!(env.names("dest/p"), ["news.jsonl#1", "news.jsonl#2", "news.jsonl#3", "news.jsonl#4"]);
    assert_eq!(env.read("dest/p/news.jsonl#2"), page(2).into_bytes());
    assert_eq!(env.read("dest/p/news.jsonl#4"), html.into_bytes());
    for line in ["verify out", "verify out .", "verify out dest"] {
        let ran = env.run(line);
        assert_eq!(ran.code, 0, "{}", String::from_utf8_lossy(&ran.out));
    }
}

#[test]
fn an_empty_page_and_a_skipped_one() {
    let env = TestEnv::with(&[("p/empty", &b""[..]), ("p/binary", b"%PDF-1.7\n"), ("p/blank", b"\n\n")]);
    archive(&env, "p");
    let ran = env.run("restore out dest");
    assert_eq!((ran.code, env.names("dest/p")), (0, vec!["blank".to_owned(), "empty".to_owned()]));
    assert!(env.read("dest/p/empty").is_empty());
}

/// Every page that an archive still gives, by name; none may be another than it was.
fn given(path: &Path, spool: &Path, pages: &dyn Fn(&[u8]) -> Vec<u8>) -> Option<usize> {
    let mut archive = Archive::open(path).ok()?;
    archive.unpack_into(spool).unwrap();
    let mut right = 0;
    for listed in archive.pages() {
        for entry in listed.unwrap().map(|pages| pages.entries).unwrap_or_default() {
            if let Ok(bytes) = archive.bytes(&entry) {
                assert!(bytes == pages(&entry.name), "a wrong page");
                right += 1;
            }
        }
    }
    Some(right)
}

#[test]
fn no_damage_of_a_byte_gives_a_wrong_page() {
    let env = TestEnv::sample();
    archive(&env, "p");
    let (whole, spool) = (env.read(ARCHIVE), env.path(""));
    let pages = |name: &[u8]| env.read(String::from_utf8(name.to_vec()).unwrap());
    let damaged = env.path("damaged");
    for at in 0..whole.len() {
        for change in [1, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            fs::write(&damaged, &bytes).unwrap();
            let found = given(&damaged, &spool, &pages);
            assert!(found == Some(3) || at >= 20 && found == Some(0), "byte {at} of {}: {found:?}", whole.len());
        }
        fs::write(&damaged, &whole[..at]).unwrap();
        given(&damaged, &spool, &pages);
        fs::write(&damaged, &whole[at..]).unwrap();
        given(&damaged, &spool, &pages);
    }
}

/// An archive of several frames of text and of pages: pages of noise, so that they are not compressed away.
fn large() -> TestEnv {
    let env = TestEnv::empty();
    let mut state = 1u64;
    for number in 0..1200 {
        let words: Vec<String> = (0..220)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                format!("{:x}", state >> 32)
            })
            .collect();
        env.write(format!("p/{number:04}.txt"), words.join(" "));
    }
    archive(&env, "p --split none --near off");
    env
}

#[test]
fn damage_costs_only_the_pages_that_need_it() {
    let env = large();
    let whole = env.read(ARCHIVE);
    let mut lost = Vec::new();
    for part in 1..10 {
        let mut bytes = whole.clone();
        let at = whole.len() * part / 10;
        bytes[at..at + 100].fill(0);
        fs::write(env.path(ARCHIVE), &bytes).unwrap();
        let _ = fs::remove_dir_all(env.path("dest"));
        let ran = env.run("restore out dest");
        let failed = ran.err.lines().filter(|line| line.contains("cannot restore 'p/")).count();
        let found = files(&env.path("dest/p"));
        assert!(
            ran.code == 3 && failed + found.len() == 1200 && found.len() > 200,
            "{part}: {failed} and {}",
            found.len()
        );
        assert!(found.iter().all(|(path, bytes)| *bytes == env.read(Path::new("p").join(path))));
        let verified = env.run("verify out");
        let named =
            String::from_utf8(verified.out).unwrap().lines().filter(|line| line.starts_with("archive: p/")).count();
        assert_eq!((verified.code, named), (1, failed));
        lost.push(failed);
    }
    assert!(lost.iter().all(|&lost| lost > 0), "{lost:?}");
}

#[test]
fn a_cut_off_archive_gives_what_stands_before() {
    let env = large();
    let whole = env.read(ARCHIVE);
    fs::write(env.path(ARCHIVE), &whole[..whole.len() * 9 / 10]).unwrap();
    let ran = env.run("restore out dest");
    ran.fails(3, "archive.newsdedup' is damaged");
    ran.fails(3, "whether there were pages behind number");
    let found = files(&env.path("dest/p"));
    assert!(found.len() > 500 && found.iter().all(|(path, bytes)| *bytes == env.read(Path::new("p").join(path))));
}

#[test]
fn an_archive_without_its_end_gives_what_stands_on_both_sides_of_the_damage() {
    let env = large();
    let whole = env.read(ARCHIVE);
    for part in 1..10 {
        let mut bytes = whole[..whole.len() - 1].to_vec();
        let at = whole.len() * part / 10;
        bytes[at..at + 100].fill(0);
        fs::write(env.path(ARCHIVE), &bytes).unwrap();
        let _ = fs::remove_dir_all(env.path("dest"));
        env.run("restore out dest").fails(3, "archive.newsdedup' is damaged");
        let found = files(&env.path("dest/p"));
        assert!(found.len() > 200, "{part}: {}", found.len());
        assert!(found.iter().all(|(path, bytes)| *bytes == env.read(Path::new("p").join(path))));
    }
}

#[test]
fn an_archive_is_not_lost_by_a_run_without_one() {
    let env = TestEnv::sample();
    archive(&env, "p");
    let before = env.read(ARCHIVE);
    for line in ["p -o out", "report out -o out"] {
        env.run(line).fails(2, "holds an archive of pages, which would be lost");
    }
    assert!(env.read(ARCHIVE) == before);
    archive(&env, "p --keep last");
    assert_eq!(env.names("out"), ["archive.newsdedup", "articles", "report.json"]);
}

#[test]
fn wrong_calls_say_what_would_be_right() {
    let env = TestEnv::sample();
    env.run("p --archive").fails(2, "--archive needs a folder: newsdedup seeds/ -o build/corpus --archive");
    env.run("p -o out.json --archive").fails(2, "--archive needs a folder");
    archive(&env, "p");
    env.run("restore p dest").fails(2, "there is no archive in 'p'; one is written by: newsdedup PAGES -o");
    env.run("restore p/a.txt dest").fails(2, "'p/a.txt' is no archive of newsdedup; one is written by: newsdedup");
    std::os::unix::fs::symlink("nowhere", env.path("link")).unwrap();
    env.run("restore out link/deep").fails(2, "'link' is a link that leads nowhere; give a folder");
    env.run("restore out p/a.txt")
        .fails(2, "'p/a.txt' is no folder; give a folder: newsdedup restore 'out' build/pages");
    env.run("restore out dest nope").fails(2, "none of these pages is there");
    env.run("restore out dest p/a.txt nope").fails(3, "the archive has no page 'nope'");
    env.write("later", "newsdedup archive 2\nand what may come");
    env.run("restore later dest").fails(2, "is an archive of version 2, and this newsdedup reads version 1");
    assert!(!env.path("dest/nope").exists() && env.names("dest") == ["p"]);
}

#[test]
fn a_stamp_leaves_an_unchanged_archive_its_time() {
    let env = TestEnv::sample();
    let line = "p -o out --archive --stamp stamp --depfile out.d";
    env.report_into(line);
    let time = |path: &str| fs::metadata(env.path(path)).unwrap().modified().unwrap();
    let before = time(ARCHIVE);
    std::thread::sleep(std::time::Duration::from_millis(20));
    env.report_into(line);
    assert_eq!(time(ARCHIVE), before);
    env.write("p/new.txt", page(7));
    env.report_into(line);
    assert!(time(ARCHIVE) > before);
    let Ran { code, .. } = env.run("verify out -q");
    assert_eq!(code, 0);
}
