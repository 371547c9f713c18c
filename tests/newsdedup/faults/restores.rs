//! Pages on their way out of an archive, and what else reads what was written: killed, or refused by the system.

use super::kills::{kill, moment};
use super::{Tree, tree};
use crate::testenv::{TestEnv, page};
use std::fs;
use std::time::Instant;

/// Kills in all.
const KILLS: usize = 100;
/// Pages that are restored while they are killed.
const PAGES: usize = 150;

/// An archive in `out` of so many pages in `p`.
fn archived(pages: usize) -> TestEnv {
    let env = TestEnv::empty();
    (0..pages).for_each(|number| env.write(format!("p/{}/{number}.txt", number % 7), page(number)));
    env.report_into("p -o out --archive");
    env
}

/// Puts `dest` into one of two states: nothing is there, or of every page another text.
fn change(env: &TestEnv, state: usize) {
    let _ = fs::remove_dir_all(env.path("dest"));
    if state % 2 == 1 {
        tree(&env.path("p")).keys().for_each(|name| env.write(format!("dest/p{name}"), "as it was\n"));
    }
}

/// Pages that are neither what they were nor what they are to be.
fn torn(wanted: &Tree, found: &Tree) -> Vec<String> {
    let is_whole = |name: &str, text: &Vec<u8>| text == b"as it was\n" || wanted.get(name) == Some(text);
    found.iter().filter(|(name, text)| !is_whole(name, text)).map(|(name, _)| name.clone()).collect()
}

/// Restores again, and expects that all is there and nothing else.
#[track_caller]
fn expect_the_rest(env: &TestEnv, wanted: &Tree, told: &str) {
    let ran = env.run("restore out dest --force -q");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "after {told}");
    assert!(tree(&env.path("dest/p")) == *wanted, "after {told}");
    assert_eq!(env.names("dest"), ["p"], "after {told}");
}

#[test]
fn a_restore_that_is_killed_leaves_no_torn_page_and_the_next_gives_all() {
    let env = archived(PAGES);
    let wanted = tree(&env.path("p"));
    let begun = Instant::now();
    expect_the_rest(&env, &wanted, "nothing");
    let run = begun.elapsed();
    let mut partly = 0;
    for number in 0..KILLS {
        let told = format!("kill {number}");
        change(&env, number);
        kill(&env, "restore out dest --force -q", moment(number, run));
        let killed = tree(&env.path("dest/p"));
        assert_eq!(torn(&wanted, &killed), [""; 0], "{told}");
        partly +=
            usize::from((1..PAGES).contains(&killed.iter().filter(|(name, text)| wanted[*name] == **text).count()));
        expect_the_rest(&env, &wanted, &told);
    }
    println!("{KILLS} kills of a restore: {partly} in the midst of the pages");
    assert!(partly > KILLS / 10, "the pages were all there, or none, when it was killed");
}

#[cfg(target_os = "linux")]
mod injected {
    use super::super::injected::{Failed, can_inject, each_call, expect_old_or_new};
    use super::*;

    #[test]
    fn a_call_that_fails_while_restoring_is_told_with_its_page_and_no_page_is_torn() {
        if !can_inject() {
            return;
        }
        let env = archived(4);
        let wanted = tree(&env.path("p"));
        let judge = |_: usize, failed: &Failed| {
            let found = tree(&env.path("dest/p"));
            failed.expect(torn(&wanted, &found).is_empty(), "a page is torn");
            let named = |name: &str| failed.ran.err.contains(&format!("'p{name}'"));
            let missing = wanted.iter().filter(|(name, text)| found.get(*name) != Some(text)).map(|(name, _)| name);
            match failed.ran.code {
                0 => failed.expect(found == wanted, "all is said to be well"),
                2 => failed.expect(failed.says_where(), "it is not said where"),
                3 => {
                    let mut missing = missing.filter(|name| !named(name));
                    failed.expect(failed.is_mute() || missing.next().is_none(), "a page is missing and not named");
                }
                _ => failed.expect(failed.is_no_start(), "that is no exit code for it"),
            }
            expect_the_rest(&env, &wanted, &failed.told);
        };
        for line in ["restore out dest", "restore out dest --force"] {
            let state = usize::from(line.ends_with("--force"));
            each_call(&env, line, |_| change(&env, state), judge);
        }
    }

    #[test]
    fn a_call_that_fails_while_a_report_is_told_again_leaves_the_old_form() {
        if !can_inject() {
            return;
        }
        let env = archived(4);
        let again = |to: &str| {
            let ran = env.run(&format!("report out -o {to}"));
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        };
        again("wanted.html");
        let [before, after] =
            [b"old".to_vec(), env.read("wanted.html")].map(|text| Tree::from([(String::new(), text)]));
        let judge = |_: usize, failed: &Failed| {
            failed.expect(failed.ran.code != 3, "no page is read");
            expect_old_or_new(failed, &tree(&env.path("r.html")), &before, &after);
            again("r.html");
            assert_eq!(env.names(""), ["out", "p", "r.html", "wanted.html"], "after {}", failed.told);
        };
        each_call(&env, "report out -o r.html", |_| env.write("r.html", "old"), judge);
    }

    #[test]
    fn a_call_that_fails_while_verifying_never_makes_a_wrong_claim_true() {
        if !can_inject() {
            return;
        }
        let env = archived(4);
        env.write("p/0/0.txt", page(9));
        let is_found = |failed: &Failed| String::from_utf8_lossy(&failed.ran.out).contains("p/0/0.txt");
        let judge = |_: usize, failed: &Failed| match failed.ran.code {
            1 => failed.expect(is_found(failed) || failed.ran.out.is_empty(), "the page is not named"),
            2 => failed.expect(failed.says_where(), "it is not said where"),
            _ => failed.expect(failed.is_no_start(), "that is no exit code for it"),
        };
        each_call(&env, "verify out .", |_| (), judge);
    }
}
