//! Calls of the system that fail, one after the other, as strace makes them fail.

use super::{Changing, STATE, Tree, tree};
use crate::testenv::{BIN, Ran, ran};
use std::process::{Command, Stdio};

/// A kind of call, and what it answers when it fails.
const FAULTS: &[(&str, &str)] = &[
    ("openat", "EACCES"),
    ("openat", "EMFILE"),
    ("read", "EIO"),
    ("pread64", "EIO"),
    ("write", "ENOSPC"),
    ("write", "EIO"),
    ("fsync", "EIO"),
    ("syncfs", "EIO"),
    ("rename", "EACCES"),
    ("renameat2", "EIO"),
    ("mkdir", "ENOSPC"),
    ("ftruncate", "EIO"),
    ("getdents64", "EIO"),
    ("statx", "EIO"),
    ("lseek", "EIO"),
    ("flock", "EIO"),
    ("unlink", "EIO"),
    ("unlinkat", "EIO"),
];
/// What is written, and where.
const OUTPUTS: &[(&str, &str)] = &[
    #[cfg(feature = "compression")]
    ("-o out --archive", "out"),
    #[cfg(not(feature = "compression"))]
    ("-o out", "out"),
    ("-o r.html", "r.html"),
    #[cfg(feature = "compression")]
    ("-o r.json --state state", "r.json"),
];
/// How many calls of a kind fail in turn at most.
const IN_TURN: usize = 60;

/// Whether strace is there and may look at other programs.
fn can_inject() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let can = tried.is_ok_and(|status| status.success());
    if !can {
        assert!(std::env::var_os("CI").is_none(), "faults are injected with strace: apt-get install strace");
        println!("skipped: there is no strace here that could make calls fail");
    }
    can
}

/// Runs while the call with this number fails; the calls that did.
fn failing(corpus: &Changing, options: &str, (call, error): (&str, &str), number: usize) -> (Ran, Vec<String>) {
    let inject = format!("inject={call}:error={error}:when={number}");
    let mut command = Command::new("strace");
    command.args([
        "-f",
        "-qq",
        "-o",
        "trace",
        "-e",
        &format!("trace={call}"),
        "-e",
        &inject,
        BIN,
        "p",
        "--threads",
        "1",
    ]);
    let ran = ran(command.args(options.split(' ')).current_dir(corpus.env.path("")).stdin(Stdio::null()));
    let trace = String::from_utf8_lossy(&corpus.env.read("trace")).into_owned();
    std::fs::remove_file(corpus.env.path("trace")).unwrap();
    let failed = trace.lines().filter(|line| line.contains("(INJECTED)"));
    (ran, failed.map(str::to_owned).collect())
}

#[test]
fn a_call_that_fails_is_told_and_the_old_output_stays_whole() {
    if !can_inject() {
        return;
    }
    let mut runs = 0;
    for (options, output) in OUTPUTS {
        let corpus = Changing::new();
        let wanted = corpus.outputs(options, output);
        for &fault in FAULTS {
            for number in 1..=IN_TURN {
                let (before, after) = (&wanted[(runs + 1) % 2], &wanted[runs % 2]);
                corpus.change(runs);
                let (ran, failed) = failing(&corpus, options, fault, number);
                let found = tree(&corpus.env.path(output));
                judge(&ran, &failed, &found, before, after).unwrap_or_else(|what| {
                    panic!("{options}, {fault:?} number {number}: {what}; code {}, {:?}, {failed:?}", ran.code, ran.err)
                });
                corpus.env.report_into(&format!("p {options}"));
                assert_eq!(tree(&corpus.env.path(output)), *after);
                assert_eq!(corpus.left_behind(&[output, STATE]), [""; 0], "{options}, {fault:?} number {number}");
                runs += 1;
                if failed.is_empty() {
                    break;
                }
            }
        }
    }
    println!("{runs} runs with a failing call");
}

/// What is wrong with a run in which a call failed.
fn judge(ran: &Ran, failed: &[String], found: &Tree, before: &Tree, after: &Tree) -> Result<(), &'static str> {
    let to_stderr = failed.iter().any(|call| call.contains("write(2, "));
    match ran.code {
        0 if found == after => Ok(()),
        0 => Err("all is said to be well, but the output is not the new one"),
        2 if ran.err.is_empty() && !to_stderr => Err("nothing is said"),
        // The new one is in its place, but would perhaps not be there after a power cut.
        2 if found == before || found == after => Ok(()),
        2 => Err("the output is neither the old one nor the new one"),
        3 if !to_stderr && !ran.err.contains("skipped") => Err("nothing is said of what was skipped"),
        3 if found.is_empty() => Err("there is no output"),
        3 => Ok(()),
        // The system could not start the program at all.
        127 if ran.err.contains("error while loading shared libraries") && found == before => Ok(()),
        _ => Err("that is no exit code for it"),
    }
}
