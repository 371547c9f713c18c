//! Containers that break off, were changed, or were made to do harm: what can be read is read, the rest is named.

use super::forms::{self, Page};
use crate::testenv::{Ran, TestEnv, page, ran, skipped};
use std::io::Write;

fn pages() -> Vec<Page> {
    (1..=40).map(|number| (format!("{number:02}.txt"), page(number).into_bytes())).collect()
}

/// Every form, and whether it is read from its beginning to its end.
fn all_forms() -> Vec<(&'static str, Vec<u8>, bool)> {
    let pages = pages();
    let jsonl = forms::jsonl(&pages);
    vec![
        ("a.jsonl", jsonl.clone(), true),
        ("a.csv", forms::csv(&pages, b','), true),
        ("a.warc", forms::warc(&pages, true), true),
        ("a.wet", forms::warc(&pages, false), true),
        ("a.tar", forms::tar(&pages), true),
        ("a.zip", forms::zip(&pages), true),
        ("a.jsonl.gz", forms::gzip(&jsonl), false),
        ("a.jsonl.zst", forms::zstd(&jsonl), false),
        ("a.jsonl.bz2", forms::bzip2(&jsonl), false),
        ("a.jsonl.xz", forms::xz(&jsonl), false),
        ("a.parquet", forms::parquet(&pages, 10), false),
    ]
}

/// Runs with little memory at hand, as a bomb must not find any.
fn run(env: &TestEnv, line: &str) -> Ran {
    let limited = format!("ulimit -v 4000000; exec '{}' {line}", crate::testenv::BIN);
    ran(std::process::Command::new("bash").args(["-c", &limited]).current_dir(env.path("")))
}

#[test]
fn what_stands_before_the_damage_is_read() {
    for (form, bytes, in_order) in all_forms() {
        for percent in [10, 50, 90] {
            let env = TestEnv::with(&[(form, &bytes[..bytes.len() * percent / 100])]);
            let ran = run(&env, &format!("{form} -q"));
            assert_eq!(ran.code, 3, "{form} {percent}: {}", ran.err);
            let report = ran.report();
            let found = report["summary"]["articles"].as_u64().unwrap() as usize;
            let least = if in_order { 40 * percent / 100 - 2 } else { 0 };
            assert!(found >= least && found <= 40, "{form} {percent}: {found}");
            assert!(!skipped(&report).is_empty(), "{form} {percent}");
        }
    }
}

#[test]
fn containers_that_cannot_be_opened_are_skipped_with_what_they_are() {
    for (bytes, what) in [
        (&b"\x1f\x8b\x08\0rest"[..], "damaged gzip data: "),
        (b"\x28\xb5\x2f\xfdrest", "damaged zstd data: "),
        (b"BZh91AY&SY\x12\x9d\xff", "damaged bzip2 data: "),
        (b"\xfd7zXZ\0\0\x04", "damaged xz data: "),
        (b"PK\x03\x04\x14\0", "damaged zip archive: "),
        (b"PAR1\x15\x04\x15\x10", "damaged Parquet table: "),
    ] {
        let env = TestEnv::with(&[("p/page.txt", page(1).as_bytes()), ("p/z", bytes)]);
        let ran = env.run("p");
        assert_eq!(ran.code, 3, "{what}");
        let skipped = skipped(&ran.report());
        assert_eq!(skipped[0].0, "p/z");
        assert!(skipped[0].1.starts_with(what), "{skipped:?}");
    }
}

#[test]
fn a_changed_bit_costs_little_and_never_the_run() {
    for (form, bytes, _) in all_forms() {
        for percent in [0, 20, 40, 60, 80, 99] {
            let mut bytes = bytes.clone();
            let at = bytes.len() * percent / 100;
            bytes[at] ^= 0x24;
            let env = TestEnv::with(&[(form, &bytes[..]), ("other.txt", page(99).as_bytes())]);
            let ran = run(&env, &format!("{form} other.txt -q"));
            assert!(matches!(ran.code, 0 | 3), "{form} {percent}: {} {}", ran.code, ran.err);
            let report = ran.report();
            let (pages, skipped) = (&report["summary"]["pages"], &report["summary"]["skipped"]);
            assert!(pages.as_u64() >= Some(1), "{form} {percent}");
            assert_eq!(skipped.as_u64() > Some(0), ran.code == 3, "{form} {percent}");
        }
    }
}

#[test]
fn a_record_after_a_damaged_one_is_found_again() {
    let pages = pages();
    let mut bytes = forms::warc(&pages[..2], false);
    bytes.extend(b"garbage in between\r\n\r\n");
    bytes.extend(forms::warc(&pages[2..], false));
    let report = run(&TestEnv::with(&[("a.warc", bytes)]), "a.warc -q").report();
    assert_eq!(report["summary"]["pages"], 40);
    assert!(skipped(&report)[0].1.starts_with("20 bytes that are no record"), "{report}");
}

#[test]
fn a_damaged_member_of_a_packed_web_archive_costs_itself_alone() {
    let pages = pages();
    let members = pages.iter().map(|page| forms::gzip(&forms::warc(std::slice::from_ref(page), true)));
    let mut members: Vec<Vec<u8>> = members.collect();
    let middle = members[7].len() / 2;
    members[7][middle] ^= 0x55;
    let report = run(&TestEnv::with(&[("a.warc.gz", members.concat())]), "a.warc.gz -q").report();
    assert!(report["summary"]["pages"].as_u64() >= Some(39), "{}", report["summary"]);
    assert!(skipped(&report)[0].1.starts_with("damaged gzip data: "), "{:?}", skipped(&report));
}

#[test]
fn bombs_meet_a_limit() {
    let zeros = vec![0; 64 << 20];
    let mut packed = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
    (0..40).for_each(|_| packed.write_all(&zeros).unwrap());
    let env = TestEnv::with(&[("bomb.txt.zst", packed.finish().unwrap()), ("a.txt", page(1).into_bytes())]);
    let ran = run(&env, "bomb.txt.zst a.txt -q --max-page-size 100M");
    assert_eq!(ran.code, 3);
    let why = skipped(&ran.report()).remove(0).1;
    assert!(why.starts_with("larger than 104857600 bytes (--max-page-size)"), "{why}");

    let mut spaces = vec![b' '; 64 << 20];
    spaces.push(b'\n');
    let mut packed = zstd::stream::Encoder::new(Vec::new(), 1).unwrap();
    packed.write_all(b"{\"text\":\"One.\"}\n").unwrap();
    (0..20).for_each(|_| packed.write_all(&spaces).unwrap());
    let env = TestEnv::with(&[("bomb.jsonl.zst", packed.finish().unwrap())]);
    let ran = run(&env, "bomb.jsonl.zst -q");
    let report = ran.report();
    assert_eq!(report["summary"]["pages"], 1);
    let why = skipped(&report).remove(0).1;
    assert!(why.starts_with("expands to more than 1000 times its size"), "{why}");
}

#[test]
fn many_small_bombs_meet_the_same_limit() {
    let zeros = vec![b' '; 64 << 20];
    let bomb = forms::gzip(&zeros);
    let inner: Vec<Page> = (0..40).map(|number| (format!("{number}.txt.gz"), bomb.clone())).collect();
    let env = TestEnv::with(&[("bombs.tar.zst", forms::zstd(&forms::tar(&inner)))]);
    let ran = run(&env, "bombs.tar.zst -q");
    let reasons = skipped(&ran.report());
    assert!(reasons.iter().any(|(_, why)| why.contains("expands to more than 1000 times its size")), "{reasons:?}");
}

#[test]
fn a_field_that_is_never_closed_is_told() {
    for table in ["text,id\n\"One story,1\nTwo stories,2\n", "text,id\nOne,1\n\"Two\n"] {
        let report = run(&TestEnv::with(&[("a.csv", table)]), "a.csv -q").report();
        assert_eq!(skipped(&report)[0].1, "it ends within a quoted field", "{report}");
    }
    let report = TestEnv::with(&[("a.csv", "text,id\nA 6\" nail,1\nTwo,2\n")]).report("a.csv");
    assert_eq!(report["summary"]["pages"], 2);
}

#[test]
fn archives_one_after_the_other_are_all_read() {
    let pages = pages();
    let both = [forms::tar(&pages[..20]), forms::tar(&pages[20..])].concat();
    assert_eq!(run(&TestEnv::with(&[("a.tar", both)]), "a.tar -q").report()["summary"]["pages"], 40);
}

#[test]
fn nesting_without_end_is_refused() {
    let mut bytes = page(1).into_bytes();
    (0..20).for_each(|_| bytes = forms::gzip(&bytes));
    let report = run(&TestEnv::with(&[("a.gz", bytes)]), "a.gz -q").report();
    assert!(skipped(&report)[0].1.starts_with("nested more than 8 deep"), "{report}");
}

#[test]
fn hostile_records_are_records() {
    let deep = format!("{{\"a\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    let lone = "{\"text\":\"\\ud800 One story, told once.\",\"id\":\"\\udfff\"}\n";
    let twice = "{\"text\":\"first\",\"text\":\"second\",\"id\":{\"x\":[]}}\n";
    let nul = "{\"text\":\"a\\u0000b\",\"id\":\"../../etc/passwd\\n\\u001b[2J\"}\n";
    let env = TestEnv::with(&[("a.jsonl", format!("{{\"text\":\"x\"}}\n{deep}{lone}{twice}{nul}\n\n"))]);
    let ran = run(&env, "a.jsonl -q --split none");
    let report = ran.report();
    assert_eq!((ran.code, skipped(&report).len()), (3, 1), "{report}");
    assert!(skipped(&report)[0].1.starts_with("no field that is known to hold a text"), "{report}");
}

#[test]
fn names_in_archives_lead_nowhere() {
    let names = ["../../x.txt", "/etc/y.txt", "a\nb.txt", "-rf.txt", "../../x.txt"];
    let files = names.iter().enumerate().map(|(at, name)| (name.to_string(), page(at).into_bytes()));
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let _ =
            archive.start_file(&*name, zip::write::SimpleFileOptions::default()).map(|()| archive.write_all(&bytes));
        let mut header = tar::Header::new_old();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        tar.append(&header, &bytes[..]).unwrap();
    }
    let env = TestEnv::with(&[("d/a.tar", tar.into_inner().unwrap())]);
    let report = run(&env, "d/a.tar -q --spans").report();
    assert_eq!(super::names(&report)[0], "d/a.tar#../../x.txt");
    assert_eq!(super::names(&report)[4], "d/a.tar#../../x.txt#5");
    assert_eq!(env.names(""), ["d"]);
}
