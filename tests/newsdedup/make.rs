//! GNU make runs newsdedup again exactly when a page was added, changed or removed.

use crate::testenv::{BIN, TestEnv, page, ran};
use std::fs;
use std::process::Command;
use std::time::Duration;

/// The rule as `--help` prints it.
const MAKEFILE: &str = "\
build/corpus.stamp:
\tnewsdedup seeds -q -o build/corpus --depfile build/corpus.d --stamp $@
-include build/corpus.d
";

/// Whether make had to run newsdedup. It runs it in the same moment as the change before it, so wait
/// until the file system's clock has moved on.
#[track_caller]
fn makes(env: &TestEnv, target: &str) -> bool {
    std::thread::sleep(Duration::from_millis(20));
    let path = format!("{}:{}", BIN.rsplit_once('/').unwrap().0, std::env::var("PATH").unwrap());
    let ran = ran(Command::new("make").arg(target).env("PATH", path).env_remove("MAKEFLAGS").current_dir(env.path("")));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", String::from_utf8_lossy(&ran.out));
    String::from_utf8(ran.out).unwrap().contains("newsdedup seeds")
}

#[test]
fn make_runs_again_exactly_when_a_page_was_added_changed_or_removed() {
    let target = "build/corpus.stamp";
    let env = TestEnv::with(&[("seeds/a.txt", page(1)), ("seeds/sub/b.txt", page(2)), ("Makefile", MAKEFILE.into())]);
    assert!(makes(&env, target), "the first time");
    assert!(!makes(&env, target), "nothing happened");
    env.write("seeds/a.txt", page(3));
    assert!(makes(&env, target), "a page changed");
    assert!(!makes(&env, target));
    env.write("seeds/sub/c.txt", page(4));
    assert!(makes(&env, target), "a page was added");
    assert!(!makes(&env, target));
    fs::remove_file(env.path("seeds/sub/b.txt")).unwrap();
    assert!(makes(&env, target), "a page was removed");
    assert!(!makes(&env, target));
    fs::remove_dir_all(env.path("seeds/sub")).unwrap();
    assert!(makes(&env, target), "a folder was removed");
    assert!(!makes(&env, target));
    let report = String::from_utf8(env.read("build/corpus/report.json")).unwrap();
    assert!(report.contains("\"pages\":1,"));
}

#[test]
fn a_report_in_one_file_is_a_target_by_itself() {
    let target = "build/report.json";
    let makefile = "build/report.json:\n\tnewsdedup seeds -q -o $@ --depfile build/report.d\n-include build/report.d\n";
    let env = TestEnv::with(&[("seeds/a.txt", page(1)), ("Makefile", makefile.into())]);
    assert!(makes(&env, target));
    assert!(!makes(&env, target));
    env.write("seeds/a.txt", page(1));
    assert!(makes(&env, target), "a page was written anew with the same text");
    assert!(!makes(&env, target), "the unchanged report is newer than the page all the same");
}

#[test]
fn names_may_hold_what_make_takes_for_its_own() {
    let names = [
        "a b",
        "a  b",
        "#a",
        "a#b",
        "a$b",
        "$a",
        "$(a).txt",
        "a:b",
        "a%b",
        "%",
        "a=b",
        "a;b",
        "a|b",
        "a&b",
        "a&",
        "a*b",
        "a?b",
        "a[b]",
        "a]b",
        "a]b;c",
        "~a",
        "a\\b",
        "a\\ b",
        "a\\\\#b",
        "(a).txt",
        "{a,b}",
        "'a'",
        "\"a\"",
        "-a",
        "a!",
        "@a",
        "a+=b",
        ".PHONY",
        "новости",
        "a,b",
    ];
    for name in names {
        let env = TestEnv::with(&[("seeds/x y/plain.txt", page(1)), ("Makefile", MAKEFILE.into())]);
        let page_name = format!("seeds/x y/{name}");
        let hidden = if name.starts_with('.') { " --hidden" } else { "" };
        env.write("Makefile", MAKEFILE.replace("seeds -q", &format!("seeds -q{hidden}")));
        env.write(&page_name, page(2));
        assert!(makes(&env, "build/corpus.stamp"), "{name}: the first time");
        assert!(!makes(&env, "build/corpus.stamp"), "{name}: nothing happened");
        env.write(&page_name, page(3));
        assert!(makes(&env, "build/corpus.stamp"), "{name}: changed");
        fs::remove_file(env.path(&page_name)).unwrap();
        assert!(makes(&env, "build/corpus.stamp"), "{name}: removed");
        assert!(!makes(&env, "build/corpus.stamp"), "{name}: settled");
    }
}

#[test]
fn a_name_that_make_cannot_read_makes_the_rule_run_every_time() {
    for name in ["a\nb.txt", "a\tb", "a(b)", "a\\"] {
        let env = TestEnv::with(&[(&*format!("seeds/{name}"), page(1)), ("Makefile", MAKEFILE.into())]);
        assert!(makes(&env, "build/corpus.stamp"));
        assert!(makes(&env, "build/corpus.stamp"), "{name:?} may have changed");
        fs::remove_file(env.path(format!("seeds/{name}"))).unwrap();
        assert!(makes(&env, "build/corpus.stamp"));
        assert!(!makes(&env, "build/corpus.stamp"), "{name:?} is gone");
    }
}

#[test]
fn the_list_of_pages_is_a_dependency_too() {
    let env = TestEnv::with(&[("seeds.list", "p/a.txt\n"), ("p/a.txt", &page(1))]);
    env.run("--files-from seeds.list -o out.json --depfile out.d");
    let depfile = String::from_utf8(env.read("out.d")).unwrap();
    assert!(depfile.contains("out.json: \\\n  seeds.list \\\n  p/a.txt\n"), "{depfile}");
}
