//! Pages out of archives that are damaged or forged, and into folders where something else goes on.

use crate::faults::{Tree, tree};
use crate::fuzz::laws::frames::checked;
use crate::testenv::{TestEnv, page, ran};
use std::fs;
use std::io::{self, Read};
use std::process::{Command, Stdio};

const ARCHIVE: &str = "out/archive.newsdedup";
const MARK: &[u8] = b"\xf5ndup\r\n\x1a";
/// Pages in each folder of [`twins`].
const EACH: usize = 1500;

/// A tar file with two folders of pages whose names mean the same paths, and its archive.
fn twins() -> TestEnv {
    let mut tar = tar::Builder::new(Vec::new());
    for (folder, from) in [("d/", 0), ("d//", EACH)] {
        for number in 0..EACH {
            let (name, text) = (format!("{folder}{number:04}.txt"), page(from + number));
            let mut header = tar::Header::new_gnu();
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(text.len() as u64);
            header.set_cksum();
            tar.append(&header, text.as_bytes()).unwrap();
        }
    }
    let env = TestEnv::empty();
    env.write("c.tar", tar.into_inner().unwrap());
    env.report_into("c.tar -o out --archive --near off --split none");
    env
}

/// Damages the first part of the list of pages.
fn damage_the_list(env: &TestEnv) {
    let mut bytes = env.read(ARCHIVE);
    let at = memchr::memmem::find_iter(&bytes, MARK).find(|at| bytes[at + MARK.len()] == b'P').unwrap();
    bytes[at + 60] ^= 1;
    env.write(ARCHIVE, bytes);
}

#[test]
fn no_page_is_restored_to_the_place_of_one_that_is_lost() {
    let env = twins();
    env.run("restore out whole");
    let whole = tree(&env.path("whole"));
    let is_as_before = |found: &Tree| found.iter().all(|(name, text)| whole.get(name) == Some(text));
    assert_eq!(whole.len(), 2 * EACH);
    damage_the_list(&env);
    let ran = env.run("restore out dest");
    ran.fails(3, "cannot restore 'c.tar#d/0003.txt': the archive is damaged where it is listed");
    ran.fails(3, &format!("'c.tar#d//0003.txt' is restored as '%{}'", EACH + 4));
    let found = tree(&env.path("dest"));
    assert!(found.len() > EACH && is_as_before(&found));
    env.run("restore out whole --force").fails(3, "there already");
    assert!(tree(&env.path("whole")) == whole);
    // Without the names of those that are lost.
    let bytes = env.read(ARCHIVE);
    let at = memchr::memmem::find_iter(&bytes, MARK).find(|at| bytes[at + MARK.len()] == b'N').unwrap();
    env.write(ARCHIVE, &bytes[..at]);
    let ran = env.run("restore out nameless");
    ran.fails(3, "pages from number 1: the archive is damaged where it is listed");
    ran.fails(3, "whether there were pages behind number 3000 cannot be told");
    assert!(tree(&env.path("nameless")) == found);
}

#[test]
fn an_archive_that_gives_all_is_not_said_to_have_lost_a_page() {
    let env = TestEnv::sample();
    env.report_into("p -o out --archive");
    let whole = env.read(ARCHIVE);
    let restore = |bytes: &[u8]| {
        env.write(ARCHIVE, bytes);
        let ran = env.run("restore out dest");
        ran.fails(3, "archive.newsdedup' is damaged");
        assert!(ran.err.ends_with(" restored\n") || ran.err.ends_with(" 3 there already\n"), "{}", ran.err);
        assert!(!ran.err.contains("cannot restore"), "{}", ran.err);
        ran.err.contains("whether there were pages behind number 3 cannot be told")
    };
    assert!(!restore(&[&whole[..], b"\n"].concat()));
    let index = memchr::memmem::rfind(&whole, MARK).unwrap();
    for cut in 1..=100.min(whole.len() - index) {
        assert_eq!(restore(&whole[..whole.len() - cut]), cut > 16, "{cut}");
        let verified = env.run("verify out");
        let told = String::from_utf8(verified.out).unwrap();
        assert!(verified.code == 1 && !told.contains("not listed any more"), "{told}");
    }
    assert!(tree(&env.path("dest/p")) == tree(&env.path("p")));
    env.run("restore out dest p/a.txt -q");
    env.write("p/b.txt", page(7));
    env.report_into("p -o out --archive");
    env.write(ARCHIVE, [whole, env.read(ARCHIVE)].concat());
    env.run("restore out dest").fails(3, "is damaged: another one stands in it, or a part of one");
}

#[test]
fn few_bytes_do_not_take_all_memory() {
    let env = TestEnv::empty();
    // One page of no bytes, in as many pieces of none as there is room for.
    let count = 50_000_000usize;
    let frame = |kind, raw: &mut dyn Read, length: usize| {
        let mut packed = Vec::new();
        zstd::stream::copy_encode(raw, &mut packed, 9).unwrap();
        checked(kind, 0, length as u32, &packed)
    };
    let parts = [0, 7, 14, 21].map(|shift| (count >> shift) as u8 & 0x7f | if shift < 21 { 0x80 } else { 0 });
    let entry = [&[0, 1, b'a', 0, 0][..], &[7; 32], &parts].concat();
    let listed = frame(b'P', &mut entry.chain(io::repeat(0).take(count as u64)), entry.len() + count);
    let text = frame(b'T', &mut io::repeat(b'a').take(1 << 30), 1 << 30);
    assert!(listed.len() < 10_000 && text.len() < 200_000);
    env.write(ARCHIVE, [newsdedup::archive::HEAD, &listed, &text].concat());
    for line in ["restore out dest", "verify out"] {
        let limited = format!("ulimit -v 700000; exec {} {line} --threads 1", crate::testenv::BIN);
        let mut shell = Command::new("sh");
        shell.args(["-c", &limited]).current_dir(env.path("")).stdin(Stdio::null());
        let ran = ran(&mut shell);
        assert!([1, 3].contains(&ran.code), "{line}: {ran:?}");
    }
}

#[test]
fn two_runs_that_restore_the_same_pages_at_once_do_not_mind_each_other() {
    let env = TestEnv::empty();
    (0..100).for_each(|number| env.write(format!("p/{number}.txt"), page(number)));
    env.report_into("p -o out --archive");
    for round in 0..30 {
        let _ = fs::remove_dir_all(env.path("dest"));
        let start = || env.command(["restore", "out", "dest"]).stderr(Stdio::piped()).spawn().unwrap();
        for run in [start(), start()] {
            let ended = crate::testenv::Ran::from(run.wait_with_output().unwrap());
            assert_eq!(ended.code, 0, "{round}: {}", ended.err);
        }
        assert!(tree(&env.path("dest/p")) == tree(&env.path("p")));
        assert_eq!(env.names("dest"), ["p"]);
    }
}

#[test]
fn what_is_built_meanwhile_is_in_the_folder_whatever_else_is_there() {
    let env = TestEnv::with(&[("p/a.txt", page(1)), ("p/.restored.newsdedup-abcdef/b.txt", page(2))]);
    env.report_into("p --hidden -o out --archive");
    fs::create_dir(env.path("dest")).unwrap();
    assert!(Command::new("mkfifo").arg(env.path("dest/restored")).status().unwrap().success());
    let restore = |line: &str| ran(env.command(line.split(' ')).env("TMPDIR", "/dev/shm"));
    let ran = restore("restore out dest");
    assert_eq!((ran.code, env.names("dest")), (0, ["%1", "p", "restored"].map(str::to_owned).to_vec()), "{}", ran.err);
    assert!(ran.err.contains("'p/.restored.newsdedup-abcdef/b.txt' is restored as '%1'"), "{}", ran.err);
    assert_eq!(restore("restore out dest p/a.txt").code, 0);
    assert_eq!((env.read("dest/%1"), env.read("dest/p/a.txt")), (page(2).into_bytes(), page(1).into_bytes()));
}

#[test]
fn where_nothing_is_restored_nothing_is_left() {
    let env = TestEnv::sample();
    env.report_into("p -o out --archive");
    env.run("restore out new nope").fails(2, "none of these pages is there");
    assert_eq!(env.names(""), ["out", "p"]);
    env.run("restore out /proc/nowhere").fails(2, "cannot write '/proc/nowhere': ");
    damage_the_list(&env);
    env.run("restore out new p/a.txt").fails(3, "cannot restore 'p/a.txt'");
}
