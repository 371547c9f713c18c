//! States: a later run reads only what is new, and its report is that of a full run, whatever became of the pages, the
//! options and the state.

use crate::containers::forms;
use crate::corpus::{Layout, Size, write_corpus};
use crate::testenv::{Ran, TestEnv, groups, page, ran};
use proptest::prelude::*;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Waits until a change of a page that was written before would show in its times.
fn settle() {
    sleep(Duration::from_millis(1100));
}

/// Runs with a state and without; both must come to the same. Gives how many files were unchanged, how many were read,
/// and what was said before.
#[track_caller]
fn run(env: &TestEnv, line: &str) -> (u64, u64, String) {
    let full = env.run(&format!("{line} -q"));
    let ran = env.run(&format!("{line} --state state"));
    assert!(full.out == ran.out && full.code == ran.code, "{line}: {}", ran.err);
    told(&ran)
}

/// What is said of the state: files unchanged, files read, and the rest.
#[track_caller]
fn told(ran: &Ran) -> (u64, u64, String) {
    let counts = ran.err.lines().find(|line| line.starts_with("newsdedup: state 'state': "));
    let counts = counts.unwrap_or_else(|| panic!("nothing is said of the state: {}", ran.err));
    let numbers: Vec<u64> = counts.split(' ').filter_map(|word| word.parse().ok()).collect();
    let before = ran.err.lines().filter(|line| line.contains("the state 'state'"));
    (numbers[0], numbers[1], before.collect::<Vec<_>>().join("\n"))
}

fn quiet(known: u64, read: u64) -> (u64, u64, String) {
    (known, read, String::new())
}

#[test]
fn only_new_and_changed_pages_are_read_and_removed_ones_leave() {
    let env = TestEnv::sample();
    settle();
    assert_eq!(run(&env, "p"), quiet(0, 3));
    assert_eq!(run(&env, "p"), quiet(3, 0));
    env.write("p/c.txt", page(4));
    env.write("p/b.txt", page(1));
    settle();
    assert_eq!(run(&env, "p"), quiet(2, 2));
    assert_eq!(run(&env, "p --spans --quotes"), quiet(4, 0));
    fs::remove_file(env.path("p/a.txt")).unwrap();
    fs::rename(env.path("p/b.txt"), env.path("p/d.txt")).unwrap();
    settle();
    assert_eq!(run(&env, "p"), quiet(2, 1));
    assert_eq!(run(&env, "p --memory 0 --threads 3"), quiet(3, 0));
    // Another part of the same corpus.
    assert_eq!(run(&env, "p/c.txt"), quiet(1, 0));
    assert_eq!(run(&env, "p"), quiet(3, 0));
    assert_eq!(env.names(""), ["p", "state"]);
}

#[test]
fn a_change_shows_whatever_the_time_of_the_page_says() {
    let env = TestEnv::sample();
    settle();
    run(&env, "p");
    let path = env.path("p/b.txt");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, page(2).replace("seen", "sold")).unwrap();
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    settle();
    assert_eq!(run(&env, "p"), quiet(2, 1));
    // A page that was just written may change again without another time: it is not trusted yet.
    for number in 5..25 {
        fs::write(&path, page(number)).unwrap();
        env.run("p --state state -q");
        fs::write(&path, page(number + 100)).unwrap();
        run(&env, "p");
    }
}

#[test]
fn containers_markup_and_what_is_no_page_are_known_again() {
    let pages = forms::seeds();
    let env = TestEnv::with(&[("p/news.jsonl", forms::jsonl(&pages)), ("p/news.csv", forms::csv(&pages, b','))]);
    env.write("p/broken.jsonl", "{\"text\": \"One.\", \"id\": 7}\n{broken\n{\"id\": 1}\n");
    env.write("p/picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    env.write("p/koi8.txt", b"\xf0\xd2\xc9\xd7\xc5\xd4, \xcd\xc9\xd2! ".repeat(40));
    env.write("p/empty.txt", "");
    env.write(
        "p/page.html",
        "<!DOCTYPE html><html><body><h1>A gate</h1><p>The gate was shut &amp; locked.</p></body></html>",
    );
    env.write("p/news.tar", forms::tar(&pages));
    env.write("p/news.parquet", forms::parquet(&pages, 5));
    env.write("p/news.warc", forms::warc(&pages, true));
    let files = env.names("p").len() as u64;
    settle();
    for line in ["p --spans", "p --spans --meta-field url", "p --memory 0", "p --memory 20K --threads 3"] {
        let options = line.contains("--meta-field") || line == "p --memory 0";
        let (known, read, said) = run(&env, line);
        assert_eq!((known, read), if options || line == "p --spans" { (0, files) } else { (files, 0) }, "{line}");
        assert_eq!(said.contains("was made with other options of reading"), options, "{line}: {said}");
        assert_eq!(run(&env, line), quiet(files, 0), "{line}");
    }
}

#[test]
fn a_large_container_is_known_again() {
    let env = TestEnv::empty();
    let record = |number: usize| {
        let text = page(number % 1800) + &"More of it. ".repeat(number % 7 * 60);
        serde_json::json!({"text": text, "id": number}).to_string() + "\n"
    };
    env.write("p/news.jsonl", (0..9000).map(record).collect::<String>());
    assert!(fs::metadata(env.path("p/news.jsonl")).unwrap().len() > 4 << 20);
    settle();
    assert_eq!(run(&env, "p"), quiet(0, 1));
    for options in ["", "--threads 1", "--memory 0", "--memory 3M"] {
        assert_eq!(run(&env, &format!("p {options}")), quiet(1, 0), "{options}");
    }
    // Lines that were not kept are read again, once.
    assert_eq!(run(&env, "p --output-records -").1, 1);
    assert_eq!(run(&env, "p --output-records -").1, 0);
    assert_eq!(run(&env, "p").1, 0);
}

#[test]
fn archives_of_known_pages_are_the_same() {
    let env = TestEnv::sample();
    env.write("p/page.html", "<!DOCTYPE html><html><body><h1>A gate</h1><p>The gate was shut.</p></body></html>");
    env.write("p/more.csv", forms::csv(&forms::seeds(), b','));
    let markup = "\"<html><body><h1>A gate</h1><p>The gate was shut.</p></body></html>\"";
    env.write("p/more.jsonl", format!("{{\"html\": {markup}}}\n{{\"html\": {}}}\n", markup.replace("shut", "open")));
    settle();
    env.report_into("p -o full --archive");
    for memory in ["0", "1M"] {
        for _ in 0..2 {
            env.report_into(&format!("p -o again --archive --state state --memory {memory}"));
            for name in ["archive.newsdedup", "report.json"] {
                assert!(env.read(format!("full/{name}")) == env.read(format!("again/{name}")), "{name}");
            }
        }
    }
    env.report_into("verify again p");
}

/// A state that is not as it was written costs time, and never a wrong report.
#[test]
fn damage_never_shows_in_the_report() {
    let env = TestEnv::sample();
    env.write("p/news.csv", forms::csv(&forms::seeds(), b','));
    settle();
    let report = env.run("p -q").out;
    env.report("p --state state");
    let whole = env.read("state");
    let mut told_of = 0;
    let places = (0..whole.len()).step_by(whole.len() / 180 + 1);
    for (number, at) in places.enumerate() {
        let mut damaged = whole.clone();
        match number % 3 {
            0 => damaged[at] ^= 1 << (number % 8),
            1 => damaged.truncate(at),
            _ => drop(damaged.splice(at..at, [b'x'])),
        }
        env.write("state", &damaged);
        let ran = env.run("p --state state");
        assert!(ran.out == report && ran.code == 0, "byte {at}: {}", ran.err);
        told_of += usize::from(!told(&ran).2.is_empty());
        assert_eq!(run(&env, "p"), quiet(4, 0), "after byte {at}");
    }
    assert!(told_of > 110, "{told_of}");
}

#[test]
fn a_state_of_another_version_is_begun_anew_and_other_files_stay() {
    let env = TestEnv::sample();
    settle();
    for head in ["newsdedup state 0\n", "newsdedup state 27\n\0and more"] {
        env.write("state", head);
        let (known, read, said) = run(&env, "p");
        assert_eq!((known, read), (0, 3));
        assert!(said.contains("was written by another version of newsdedup; all pages are read again"), "{said}");
    }
    assert_eq!(run(&env, "p").0, 3);
    // A power cut may leave as many zero bytes as were written.
    env.write("state", [0; 100_000]);
    assert!(run(&env, "p").2.contains("is damaged; all pages are read again"));
    assert_eq!(run(&env, "p").0, 3);
    env.write("state", [&[0; 100_000][..], b"mine"].concat());
    env.run("p --state state").fails(2, "'state' is no state of newsdedup");
    env.write("state", "");
    assert_eq!(run(&env, "p"), quiet(0, 3));
    std::os::unix::fs::symlink("p", env.path("link")).unwrap();
    env.report_into("p -o out --archive");
    env.write("state", &env.read("out/archive.newsdedup")[3..]);
    env.run("p --state state").fails(2, "'state' is no state of newsdedup");
    for notes in [
        "Notes of my own.\n",
        "newsd",
        "newsdedup state of affairs: fine.\n",
        "newsdedup state 1, read on\n",
        "newsdedup state 1\nis the first of many states.\n",
        "newsdedup state 3\nis the last of many states, and nothing comes behind it.\n",
        "newsdedup state \nhas no number.\n",
    ] {
        env.write("notes.txt", notes);
        env.run("p --state notes.txt").fails(2, "'notes.txt' is no state of newsdedup");
        assert_eq!(env.read("notes.txt"), notes.as_bytes());
    }
    // What a killed run left behind goes away.
    env.write(".new.newsdedup-x7Y9z2", "half a state");
    env.write(".new.newsdedup-folder/notes.txt", "mine");
    env.write(".new.newsdedup-notes", "mine");
    assert_eq!(env.run("p --state new").code, 0);
    assert!(!env.path(".new.newsdedup-x7Y9z2").exists());
    assert!(env.path(".new.newsdedup-folder/notes.txt").exists() && env.path(".new.newsdedup-notes").exists());
    env.run("p --state p").fails(2, "cannot write 'p': is a directory");
    env.run("p --state /dev/null").fails(2, "'/dev/null' is no state of newsdedup");
    for line in [
        "-o new --state new/state",
        "-o s.json --state s.json",
        "-o r.json --depfile x --state x",
        "-o r.json --stamp x --state ./x",
        "-o r.json --keep-list x --state p/../x",
        "-o r.json --output-records link/x --state p/x",
        "-o link/new --state p/new/state",
    ] {
        env.run(&format!("p {line}")).fails(2, "the state would be replaced by what is written to");
    }
    let mut command = env.command(["p", "--state", "s"]);
    ran(command.stdout(File::create(env.path("s")).unwrap())).fails(2, "'s' is standard output");
    assert_eq!(env.names("p").len(), 3);
    env.run("p state --state state").fails(2, "'state' is read, and would be replaced");
    // Beside the pages it is no page.
    for _ in 0..2 {
        assert_eq!(groups(&env.report("p --state p/state")).concat().len(), 3);
    }
}

#[test]
fn two_runs_cannot_use_one_state() {
    let env = TestEnv::sample();
    env.report("p --state state");
    let before = env.read("state");
    let held = File::open(env.path("state")).unwrap();
    rustix::fs::flock(&held, rustix::fs::FlockOperation::LockExclusive).unwrap();
    env.run("p --state state -o out").fails(2, "the state 'state' is in use by another run");
    assert!(!env.path("out").exists() && env.read("state") == before);
    drop(held);
    env.report("p --state state");
}

#[test]
fn what_left_the_corpus_leaves_the_state() {
    let env = TestEnv::empty();
    let noise = |number: u64| {
        let mut state = number;
        let word = |_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            format!("{:x} ", state >> 20)
        };
        (0..1500).map(word).collect::<String>()
    };
    (0..100).for_each(|number| env.write(format!("p/{number}.txt"), noise(number)));
    settle();
    assert_eq!(run(&env, "p"), quiet(0, 100));
    let large = env.read("state").len();
    fs::set_permissions(env.path("state"), Permissions::from_mode(0o640)).unwrap();
    (30..100).for_each(|number| fs::remove_file(env.path(format!("p/{number}.txt"))).unwrap());
    assert_eq!(run(&env, "p"), quiet(30, 0));
    let small = env.read("state").len();
    assert!(small < large * 2 / 5, "{large} {small}");
    assert_eq!(fs::metadata(env.path("state")).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(run(&env, "p"), quiet(30, 0));
    assert_eq!(env.names(""), ["p", "state"]);
}

/// Two runs at a time with one state, again and again: each ends with the report of a full run, or refuses.
#[test]
fn runs_at_the_same_time_do_not_mix() {
    let env = TestEnv::sample();
    settle();
    let report = env.run("p -q").out;
    let (mut done, mut refused) = (0, 0);
    for _ in 0..30 {
        let spawn = || {
            let mut command: Command = env.command(["p", "-q", "--state", "state"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        };
        for ran in [spawn(), spawn()].map(|child| Ran::from(child.wait_with_output().unwrap())) {
            match ran.code {
                0 => assert!(ran.out == report),
                _ => ran.fails(2, "in use by another run"),
            }
            *(if ran.code == 0 { &mut done } else { &mut refused }) += 1;
        }
    }
    assert!(done >= 30, "{done} done, {refused} refused");
}

/// What a killed run had read is not read again.
#[test]
fn a_run_that_was_killed_is_continued() {
    let env = TestEnv::empty();
    write_corpus(&env.path(""), 3, Layout::Pages, Size::Pages(1500)).unwrap();
    settle();
    let begun = Instant::now();
    let report = env.run("pages -q --threads 1").out;
    let run = begun.elapsed();
    let (mut continued, mut least) = (0, u64::MAX);
    for part in 1..=20 {
        let _ = fs::remove_file(env.path("state"));
        let mut child =
            env.command(["pages", "-q", "-o", "r.json", "--threads", "1", "--state", "state"]).spawn().unwrap();
        sleep(run * part / 25);
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = env.run("pages --state state");
        assert!(ran.out == report && ran.code == 0, "{}", ran.err);
        let (known, read, _) = told(&ran);
        assert_eq!(known + read, 1500);
        continued += u64::from(known > 0);
        least = least.min(read);
        assert_eq!(told(&env.run("pages --state state")), quiet(1500, 0));
    }
    println!("{continued} of 20 killed runs were continued; the best one left {least} of 1,500 files to be read");
    assert!(continued >= 5);
}

/// What lists take counts, too: records without a page, names, fields.
#[test]
fn a_state_does_not_grow_with_the_number_of_runs() {
    let env = TestEnv::empty();
    let record = |number: usize| format!("{{\"id\": \"record number {number}\", \"foo\": 1}}\n");
    let records = (0..9000).map(record).collect::<String>();
    let mut sizes = Vec::new();
    for _ in 0..8 {
        env.write("p/news.jsonl", &records);
        settle();
        env.run("p -q -o r.json --state state");
        sizes.push(env.read("state").len());
    }
    assert!(sizes[7] <= 3 * sizes[0], "{sizes:?}");
}

/// What may become of a corpus from one run to the next.
#[derive(Debug, Clone)]
enum Change {
    Write(usize, usize),
    Remove(usize),
    Rename(usize, usize),
    Append(usize),
    Jsonl(usize, Vec<usize>),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0..12usize, 0..9usize).prop_map(|(at, number)| Change::Write(at, number)),
        1 => (0..12usize).prop_map(Change::Remove),
        1 => (0..12usize, 0..12usize).prop_map(|(from, to)| Change::Rename(from, to)),
        1 => (0..12usize).prop_map(Change::Append),
        1 => (0..12usize, prop::collection::vec(0..9usize, 0..5)).prop_map(|(at, pages)| Change::Jsonl(at, pages)),
        1 => (0..2000usize).prop_map(Change::Cut),
    ]
}

impl Change {
    fn make(&self, env: &TestEnv) {
        let name = |at: &usize| format!("p/{}/{at}", at % 3);
        match self {
            Change::Write(at, number) => env.write(name(at), page(*number)),
            Change::Remove(at) => drop(fs::remove_file(env.path(name(at)))),
            Change::Rename(from, to) => {
                fs::create_dir_all(env.path(name(to)).parent().unwrap()).unwrap();
                let _ = fs::rename(env.path(name(from)), env.path(name(to)));
            }
            Change::Append(at) => {
                let path = env.path(name(at));
                let text = fs::read_to_string(&path).unwrap_or_default();
                env.write(name(at), text + "\nAnd so it went on for the rest of that long day in the harbour.\n");
            }
            Change::Jsonl(at, pages) => {
                let line = |number: &usize| serde_json::json!({"text": page(*number)}).to_string() + "\n";
                env.write(name(at), pages.iter().map(line).collect::<String>());
            }
            Change::Cut(length) => {
                let state = fs::read(env.path("state")).unwrap_or_default();
                env.write("state", &state[..state.len().min(40 + length)]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_becomes_of_a_corpus_the_report_is_that_of_a_full_run(
        rounds in prop::collection::vec((prop::collection::vec(change(), 0..5), any::<bool>()), 1..6)
    ) {
        let env = TestEnv::sample();
        for (changes, wait) in rounds {
            changes.iter().for_each(|change| change.make(&env));
            if wait {
                settle();
            }
            let (full, ran) = (env.run("p -q --spans"), env.run("p -q --spans --state state"));
            prop_assert!(full == ran, "{}", ran.err);
        }
    }
}

#[cfg(feature = "archives")]
#[test]
fn without_room_for_temporary_files_the_report_is_that_of_a_full_run() {
    let html =
        |number| format!("<!DOCTYPE html><html><body><p>{}</p></body></html>", page(number).replace('\n', "</p><p>"));
    let mut packed = tar::Builder::new(Vec::new());
    for number in 0..3 {
        let html = html(number);
        let mut header = tar::Header::new_gnu();
        header.set_size(html.len() as u64);
        packed.append_data(&mut header, format!("{number}.html"), html.as_bytes()).unwrap();
    }
    let env = TestEnv::with(&[("news.tar", packed.into_inner().unwrap())]);
    settle();
    env.report_into("news.tar -o with --archive --state state");
    let without_room = |line: &str| ran(env.command(line.split(' ')).env("TMPDIR", env.path("nowhere")));
    let known = without_room("news.tar -o with --archive --state state");
    let full = without_room("news.tar -o full --archive");
    assert!(known.err.contains("1 file unchanged, 0 read"), "{}", known.err);
    assert_eq!((known.code, full.code), (3, 3), "{}", known.err);
    assert_eq!(env.read("with/report.json"), env.read("full/report.json"));
    assert!(known.err.contains("TMPDIR") && full.err.contains("TMPDIR"), "{}", known.err);
}
