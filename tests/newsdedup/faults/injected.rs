//! Calls of the system that fail, one after the other, as strace makes them fail.

use super::{Changing, Tree, Way};
#[cfg(all(feature = "archives", feature = "parquet"))]
use crate::containers::forms;
use crate::testenv::{BIN, Ran, TestEnv, ran};
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
    ("mkdirat", "ENOSPC"),
    ("linkat", "EIO"),
    ("renameat", "EACCES"),
    ("newfstatat", "EIO"),
    ("read", "EINTR"),
    ("write", "EINTR"),
];
/// What is run.
const WAYS: &[Way] = &[
    #[cfg(feature = "compression")]
    Way::new("-o out --archive", "out"),
    #[cfg(not(feature = "compression"))]
    Way::new("-o out", "out"),
    Way::new("-o r.html", "r.html"),
    #[cfg(feature = "compression")]
    Way { keeps: &["state"], ..Way::new("-o r.json --state state", "r.json") },
];
/// How many calls of a kind fail in turn at most.
const IN_TURN: usize = 60;

/// Whether strace is there and may look at other programs.
pub fn can_inject() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let can = tried.is_ok_and(|status| status.success());
    if !can {
        assert!(std::env::var_os("CI").is_none(), "faults are injected with strace: apt-get install strace");
        println!("skipped: there is no strace here that could make calls fail");
    }
    can
}

/// A run in which a call failed.
pub struct Failed {
    /// Which call, in which run.
    pub told: String,
    pub ran: Ran,
    /// The calls that failed, as strace tells them.
    pub calls: Vec<String>,
}

impl Failed {
    /// Runs while the call with this number fails.
    fn run(env: &TestEnv, line: &str, (call, error): (&str, &str), number: usize) -> Failed {
        let (traced, inject) = (format!("trace={call}"), format!("inject={call}:error={error}:when={number}"));
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "trace", "-e", &traced, "-e", &inject, BIN]).args(line.split(' '));
        let ran = ran(command.args(["--threads", "1"]).current_dir(env.path("")).stdin(Stdio::null()));
        let trace = String::from_utf8_lossy(&env.read("trace")).into_owned();
        std::fs::remove_file(env.path("trace")).unwrap();
        let calls = trace.lines().filter(|line| line.contains("(INJECTED)")).map(str::to_owned).collect();
        Failed { told: format!("{line}, {call} {error} number {number}"), ran, calls }
    }

    /// Whether nobody could be told of it.
    pub fn is_mute(&self) -> bool {
        self.calls.iter().any(|call| call.contains("write(2, "))
    }

    /// Whether the system could not even start the program.
    pub fn is_no_start(&self) -> bool {
        self.ran.code == 127 && self.ran.err.contains("error while loading shared libraries")
    }

    /// Whether a path is named, or standard output, or what the system would not do for the program as a whole.
    pub fn says_where(&self) -> bool {
        let known = ["'", "standard output", "cannot wait for interrupts", "cannot start"];
        self.is_mute() || known.iter().any(|known| self.ran.err.contains(known))
    }

    #[track_caller]
    pub fn expect(&self, holds: bool, what: &str) {
        assert!(holds, "{}: {what}; code {}, {:?}, {:?}", self.told, self.ran.code, self.ran.err, self.calls);
    }
}

/// Runs again and again, each time with another call that fails, until every call did. `prepare` comes before a run,
/// and `judge` after it.
pub fn each_call(env: &TestEnv, line: &str, prepare: impl Fn(usize), judge: impl Fn(usize, &Failed)) {
    let mut runs = 0;
    for &fault in FAULTS {
        for number in 1..=IN_TURN {
            prepare(runs);
            let failed = Failed::run(env, line, fault, number);
            judge(runs, &failed);
            runs += 1;
            if failed.calls.is_empty() {
                break;
            }
        }
    }
    println!("{line}: {runs} runs with a failing call");
}

#[test]
fn a_call_that_fails_is_told_and_the_old_output_stays_whole() {
    if !can_inject() {
        return;
    }
    for way in WAYS {
        let corpus = Changing::new();
        let wanted = corpus.outputs(way);
        let states = |run: usize| (&wanted[(run + 1) % 2], &wanted[run % 2]);
        let judge = |run: usize, failed: &Failed| {
            let (before, after) = states(run);
            expect_old_or_new(failed, &corpus.output(way), before, after);
            corpus.run(way);
            assert_eq!(corpus.output(way), *after, "after {}", failed.told);
            assert_eq!(corpus.left_behind(way), [""; 0], "after {}", failed.told);
        };
        each_call(&corpus.env, &format!("p {}", way.options), |run| corpus.change(run), judge);
    }
}

/// The forms of a container: its name, what is in it, and in what steps its calls fail in turn.
#[cfg(all(feature = "archives", feature = "parquet"))]
fn containers() -> Vec<(&'static str, Vec<u8>, usize)> {
    let seeds = forms::seeds();
    let zip = forms::zip(&seeds);
    let blanks = format!("{{\"text\": \"{}\"}}\n", " ".repeat(100_000)).repeat(50).into_bytes();
    vec![
        ("news.jsonl", forms::jsonl(&seeds), 1),
        ("large.jsonl", [forms::jsonl(&seeds), blanks].concat(), 20),
        ("news.tar.gz", forms::gzip(&forms::tar(&seeds)), 1),
        ("news.warc", forms::warc(&seeds, true), 1),
        ("news.zip.gz", forms::gzip(&zip), 1),
        ("news.zip", zip, 1),
        ("news.parquet", forms::parquet(&seeds, 5), 1),
    ]
}

#[cfg(all(feature = "archives", feature = "parquet"))]
#[test]
fn what_a_container_lacks_as_a_call_failed_is_read_by_the_next_run() {
    if !can_inject() {
        return;
    }
    let containers = containers();
    let env = TestEnv::with(&containers.iter().map(|(name, bytes, _)| (name, bytes)).collect::<Vec<_>>());
    std::thread::sleep(std::time::Duration::from_millis(1100));
    for (name, _, step) in containers {
        let (full, line) = (env.run(&format!("{name} -q")), format!("{name} -q --state state"));
        let mut failures = 0;
        for fault in [("read", "EIO"), ("pread64", "EIO"), ("openat", "EMFILE"), ("write", "ENOSPC"), ("lseek", "EIO")]
        {
            for number in (1..=IN_TURN * step).step_by(step) {
                let _ = std::fs::remove_file(env.path("state"));
                let failed = Failed::run(&env, &line, fault, number);
                failures += failed.calls.len();
                let ran = env.run(&line);
                failed.expect(ran.out == full.out && ran.code == full.code, "then the next run is another");
                if failed.calls.is_empty() {
                    break;
                }
            }
        }
        println!("{name}: {failures} failing calls");
        assert!(failures > 10);
    }
}

/// What holds for the output of a run in which a call failed.
pub fn expect_old_or_new(failed: &Failed, found: &Tree, before: &Tree, after: &Tree) {
    let ran = &failed.ran;
    match ran.code {
        0 => failed.expect(found == after, "all is said to be well, but the output is not the new one"),
        2 => {
            failed.expect(failed.says_where(), "it is not said where");
            // The new one is in its place, but would perhaps not be there after a power cut.
            failed.expect(found == before || found == after, "the output is neither the old one nor the new one");
        }
        3 => {
            failed.expect(failed.is_mute() || ran.err.contains("skipped"), "nothing is said of what was skipped");
            failed.expect(!found.is_empty(), "there is no output");
        }
        _ => failed.expect(failed.is_no_start() && found == before, "that is no exit code for it"),
    }
}
