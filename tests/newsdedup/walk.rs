//! Which files become pages, under which names, in which order.

use crate::testenv::{TestEnv, page, pages, ran, skipped};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

fn corpus(names: &[&str]) -> TestEnv {
    let files: Vec<(&str, String)> = names.iter().enumerate().map(|(number, name)| (*name, page(number))).collect();
    TestEnv::with(&files)
}

#[track_caller]
fn finds(env: &TestEnv, line: &str, expected: &[&str]) {
    assert_eq!(pages(&env.report(&format!("{line} --split none --near off"))), expected, "{line}");
}

#[test]
fn folders_are_read_in_byte_order_of_their_names() {
    let env = corpus(&["p/b.txt", "p/a/z.txt", "p/a.txt", "p/B.txt", "p/é.txt", "p/a/y/1.txt"]);
    finds(&env, "p", &["p/B.txt", "p/a/y/1.txt", "p/a/z.txt", "p/a.txt", "p/b.txt", "p/é.txt"]);
}

#[test]
fn roots_are_read_in_the_order_given_and_named_as_given() {
    let env = corpus(&["p/a.txt", "q/b.txt", "c.txt"]);
    finds(&env, "q/ c.txt ./p", &["q/b.txt", "c.txt", "./p/a.txt"]);
    let whole = env.path("p");
    let ran = ran(&mut env.command([OsStr::new("-q"), whole.as_os_str()]));
    assert_eq!(pages(&ran.report()), [whole.join("a.txt").to_str().unwrap()]);
}

#[test]
fn standard_input_is_a_page_named_dash() {
    let env = corpus(&["a.txt"]);
    let ran = env.pipe("a.txt - --split none", page(7));
    assert_eq!(ran.code, 0);
    assert_eq!(pages(&ran.report()), ["a.txt", "-"]);
}

#[test]
fn a_file_reached_twice_is_read_once_under_its_first_name() {
    let env = corpus(&["p/a.txt", "p/q/b.txt"]);
    finds(&env, "p/q p p/a.txt ./p", &["p/q/b.txt", "p/a.txt"]);
    symlink("a.txt", env.path("p/0.txt")).unwrap();
    finds(&env, "p", &["p/0.txt", "p/q/b.txt"]);
}

#[test]
fn hard_links_are_copies() {
    let env = corpus(&["p/a.txt"]);
    fs::hard_link(env.path("p/a.txt"), env.path("p/b.txt")).unwrap();
    assert_eq!(env.report("p")["summary"]["exact"], 1);
}

#[test]
fn lists_of_files_end_names_by_line_or_by_nul() {
    let env = corpus(&["p/a b.txt", "p/c.txt", "q/d.txt", "p/e\nf.txt"]);
    env.write("lines", "p/c.txt\n\nq\np/a b.txt");
    finds(&env, "--files-from lines", &["p/c.txt", "q/d.txt", "p/a b.txt"]);
    env.write("nuls", "p/e\nf.txt\0p/c.txt\0");
    finds(&env, "--files-from nuls -0", &["p/e\nf.txt", "p/c.txt"]);
    finds(&env, "q --files-from nuls --null", &["q/d.txt", "p/e\nf.txt", "p/c.txt"]);
    let ran = env.pipe("--files-from - --split none", "p/c.txt\n");
    assert_eq!(pages(&ran.report()), ["p/c.txt"]);
}

#[test]
fn globs_narrow_what_is_below_a_folder() {
    let env = corpus(&["p/a.txt", "p/b.md", "p/x/c.txt", "p/x/y/d.txt", "p/drafts/e.txt"]);
    finds(&env, "p --include *.txt", &["p/a.txt", "p/drafts/e.txt", "p/x/c.txt", "p/x/y/d.txt"]);
    finds(&env, "p --include x/*.txt", &["p/x/c.txt"]);
    finds(&env, "p --include x/**", &["p/x/c.txt", "p/x/y/d.txt"]);
    finds(&env, "p --exclude drafts --exclude {a,c}.*", &["p/b.md", "p/x/y/d.txt"]);
    finds(&env, "p --include *.txt --exclude x", &["p/a.txt", "p/drafts/e.txt"]);
}

#[test]
fn a_file_given_by_name_is_always_read() {
    let env = corpus(&[".a.txt", "b.txt"]);
    finds(&env, ".a.txt b.txt --include *.md --exclude b.*", &[".a.txt", "b.txt"]);
}

#[test]
fn hidden_files_are_read_on_request_and_counted_otherwise() {
    let env = corpus(&["p/.h/a.txt", "p/.b.txt", "p/c.txt"]);
    finds(&env, "p", &["p/c.txt"]);
    assert_eq!(env.report("p")["summary"]["ignored"], 2);
    finds(&env, "p --hidden", &["p/.b.txt", "p/.h/a.txt", "p/c.txt"]);
    finds(&env, "p/.h", &["p/.h/a.txt"]);
}

#[test]
fn linked_files_are_read_and_linked_folders_on_request() {
    let env = corpus(&["store/a.txt", "store/f/b.txt", "p/c.txt"]);
    symlink("../store/a.txt", env.path("p/a.txt")).unwrap();
    symlink("../store/f", env.path("p/f")).unwrap();
    finds(&env, "p", &["p/a.txt", "p/c.txt"]);
    finds(&env, "p --follow", &["p/a.txt", "p/c.txt", "p/f/b.txt"]);
    finds(&env, "p/f", &["p/f/b.txt"]);
}

#[test]
fn link_loops_are_reported_and_left() {
    let env = corpus(&["p/a.txt"]);
    symlink(".", env.path("p/loop")).unwrap();
    symlink("self", env.path("p/self")).unwrap();
    symlink("nowhere", env.path("p/torn")).unwrap();
    let ran = env.run("p --follow");
    assert_eq!(ran.code, 3);
    let names: Vec<String> = skipped(&ran.report()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["p/loop", "p/self", "p/torn"]);
    assert!(ran.err.contains("skipped 'p/loop': a link that leads back to a folder it is in"), "{}", ran.err);
    let ran = env.run("p");
    assert_eq!(skipped(&ran.report())[1], ("p/torn".into(), "broken link: no such file or directory".into()));
}

#[test]
fn fifos_sockets_and_devices_are_skipped_without_a_hang() {
    let env = corpus(&["p/a.txt"]);
    assert!(Command::new("mkfifo").arg(env.path("p/fifo")).status().unwrap().success());
    let _socket = UnixListener::bind(env.path("p/socket")).unwrap();
    let ran = env.run("p p/fifo /dev/zero");
    assert_eq!(ran.code, 3);
    let skipped = skipped(&ran.report());
    assert!(skipped[0].0 == "p/fifo" && skipped[0].1.starts_with("a FIFO"));
    assert_eq!(skipped[1], ("p/socket".into(), "a socket, not a file".into()));
    assert_eq!(skipped[2], ("/dev/zero".into(), "a device, not a file".into()));
}

#[test]
fn a_stream_opened_by_the_shell_is_read() {
    let env = corpus(&["p/a.txt"]);
    let script = format!("'{}' -q --split none <(cat p/a.txt)", crate::testenv::BIN);
    let ran = ran(Command::new("bash").args(["-c", &script]).current_dir(env.path("")));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.report()["summary"]["pages"], 1);
}

#[test]
fn what_cannot_be_opened_is_skipped_with_its_reason() {
    let env = corpus(&["p/a.txt", "p/locked.txt", "p/closed/b.txt"]);
    fs::set_permissions(env.path("p/locked.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(env.path("p/closed"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(env.path("p/locked.txt")).is_ok() {
        println!("permissions do not bind this user; nothing to see");
        return;
    }
    let ran = env.run("p");
    fs::set_permissions(env.path("p/closed"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(ran.code, 3);
    let denied = "permission denied".to_owned();
    assert_eq!(skipped(&ran.report()), [("p/closed".into(), denied.clone()), ("p/locked.txt".into(), denied)]);
}

#[test]
fn a_missing_root_among_others_is_skipped_and_alone_is_an_error() {
    let env = corpus(&["seeds/a.txt"]);
    let ran = env.run("seeds gone.txt");
    assert_eq!(ran.code, 3);
    assert_eq!(skipped(&ran.report()), [("gone.txt".into(), "no such file or folder".into())]);
    env.run("sed").fails(2, "nothing to read: 'sed': no such file or folder; did you mean 'seeds'?");
    env.run("seeds/A.txt").fails(2, "did you mean 'seeds/a.txt'?");
    env.run("xyz").fails(2, "nothing to read: 'xyz': no such file or folder\n");
}

#[test]
fn an_empty_folder_is_an_empty_report() {
    let env = TestEnv::with(&[("p/empty.txt", "")]);
    let report = env.report("p");
    assert_eq!((&report["summary"]["pages"], &report["summary"]["articles"]), (&1.into(), &0.into()));
}

#[test]
fn names_that_are_not_utf_8_come_through_whole() {
    let env = TestEnv::empty();
    let name = OsStr::from_bytes(b"caf\xe9.txt");
    if fs::write(env.path(name), page(1)).is_err() {
        println!("this file system knows UTF-8 names only; nothing to see");
        return;
    }
    let report = env.report(".");
    assert_eq!(report["articles"][0]["occurrences"][0]["page"], serde_json::json!({"bytes": "Li9jYWbpLnR4dA=="}));
}

#[test]
fn what_a_run_writes_is_no_page_of_the_next() {
    let env = corpus(&["a.txt", "b.txt"]);
    for line in [". -q -o out --depfile out.d --stamp out.stamp", ". -q --hidden -o report.json"] {
        assert_eq!(env.run(line).code, if line.contains("hidden") { 3 } else { 0 }, "{line}");
        let first = env.run(line);
        assert_eq!(first, env.run(line), "{line}");
    }
    assert!(String::from_utf8(env.read("out/report.json")).unwrap().contains("\"pages\":2,"));
}
