//! Places that take nothing, or not enough: full devices and file systems, read-only ones; and pipes, which nobody may
//! replace.

use super::{Tree, tree};
use crate::testenv::{Ran, TestEnv, page, ran};
use std::fs::{self, File};
use std::os::unix::fs::FileTypeExt;
use std::process::{Command, Stdio};

/// The forms of a report, and their endings.
const FORMS: &[(&str, &str)] = &[
    ("json", "json"),
    ("jsonl", "jsonl"),
    ("csv", "csv"),
    #[cfg(feature = "parquet")]
    ("parquet", "parquet"),
    ("dot", "dot"),
    ("html", "html"),
    ("text", "txt"),
];

/// Pages in `p`, records in `news.jsonl`, and in `from` what an earlier run wrote of them.
fn written() -> TestEnv {
    let env = TestEnv::sample();
    for number in 3..20 {
        env.write(format!("p/{number}.txt"), page(number));
    }
    let records = [5, 6, 5].map(|number| serde_json::json!({ "text": page(number) }).to_string() + "\n");
    env.write("news.jsonl", records.concat());
    env.report_into(if cfg!(feature = "compression") { "p -o from --archive" } else { "p -o from" });
    env
}

/// All ways to write into a place that ends in `/`, or to one that is a file.
fn lines(place: &str) -> Vec<String> {
    let mut lines: Vec<String> = FORMS
        .iter()
        .flat_map(|(form, ending)| {
            let path = if place.ends_with('/') { format!("{place}r.{ending}") } else { place.to_owned() };
            [format!("p -o {path} --format {form}"), format!("report from -o {path} --format {form}")]
        })
        .collect();
    let path = |name: &str| if place.ends_with('/') { format!("{place}{name}") } else { place.to_owned() };
    lines.push(format!("p -q -o r.json --keep-list {}", path("keep")));
    lines.push(format!("p -q -o r.json --drop-list {}", path("drop")));
    lines.push(format!("news.jsonl -q -o r.json --output-records {}", path("records")));
    lines.push(format!("p -q -o r.json --depfile {}", path("depfile")));
    lines
}

/// What is written in folders in a place, and how.
fn folders(place: &str) -> Vec<String> {
    let mut lines: Vec<String> = FORMS.iter().map(|(form, _)| format!("p -o {place}out --format {form}")).collect();
    if cfg!(feature = "compression") {
        lines.push(format!("p -o {place}out --archive"));
        lines.push(format!("restore from {place}dest"));
    }
    lines
}

/// Runs with standard output or standard error in a file.
fn into(env: &TestEnv, line: &str, file: &str, error: bool) -> Ran {
    let mut command = env.command(line.split(' '));
    let file = File::options().write(true).open(file).unwrap();
    let command = if error { command.stderr(file) } else { command.stdout(file).stderr(Stdio::piped()) };
    Ran::from(command.spawn().unwrap().wait_with_output().unwrap())
}

#[test]
fn a_full_standard_output_is_told() {
    let env = written();
    env.write("p/changed.txt", page(1).replace("seen", "heard"));
    let mut lines: Vec<String> = FORMS.iter().map(|(form, _)| format!("p -q --format {form}")).collect();
    lines.extend(FORMS.iter().map(|(form, _)| format!("report from --format {form}")));
    for line in [
        "p -q --memory 0",
        "p -q --keep-list -",
        "p -q --drop-list -",
        "news.jsonl -q --output-records -",
        "news.jsonl -q --output-records - --memory 0",
        "explain p/a.txt p/b.txt",
        "explain p/a.txt p/b.txt --format json",
        "verify from",
        "verify from --format json",
        "--help",
        "--version",
        "--generate man",
        "--generate complete-bash",
    ] {
        lines.push(line.to_owned());
    }
    for line in lines {
        let ran = into(&env, &line, "/dev/full", false);
        assert_eq!(
            (ran.code, &ran.err[..]),
            (2, "newsdedup: cannot write to standard output: no space left on device\n"),
            "{line}"
        );
    }
}

#[test]
fn a_full_standard_error_changes_nothing() {
    let env = written();
    let wanted = env.run("p --format text").out;
    let ran = into(&env, "p --format text", "/dev/full", true);
    assert_eq!(ran.code, 0);
    for (line, code) in [("p -o r.json", 0), ("nothing -o r.json", 2), ("p --no-such-option", 2)] {
        assert_eq!(into(&env, line, "/dev/full", true).code, code, "{line}");
    }
    assert!(!wanted.is_empty());
}

/// A pipe with a name, and what its reader gets while the program runs.
fn through_a_pipe(env: &TestEnv, line: &str) -> (Ran, Vec<u8>) {
    let path = env.path("pipe");
    let got = std::thread::spawn(move || fs::read(path).unwrap());
    let ran = env.run(line);
    assert!(fs::metadata(env.path("pipe")).unwrap().file_type().is_fifo(), "{line}: it was replaced");
    (ran, got.join().unwrap())
}

#[test]
fn pipes_and_devices_are_written_to_and_never_replaced() {
    let env = written();
    assert!(Command::new("mkfifo").arg(env.path("pipe")).status().unwrap().success());
    for line in lines("pipe") {
        let (ran, got) = through_a_pipe(&env, &line);
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
        let to_file = line.replace("pipe", "plain.file").replace("-o plain.file", "-o -");
        let plain = env.run(&to_file);
        let wanted = if to_file.contains("-o -") { plain.out } else { env.read("plain.file") };
        // The depfile says what the report depends on, and that is the same.
        assert!(got == wanted && !got.is_empty() || line.contains("--drop-list"), "{line}");
    }
    assert_eq!(env.names(""), ["from", "news.jsonl", "p", "pipe", "plain.file", "r.json"]);
    // Only now, when what must not happen did not happen to a pipe.
    for line in lines("/dev/full") {
        let ran = env.run(&line);
        ran.fails(2, "newsdedup: cannot write '/dev/full': no space left on device\n");
        assert!(fs::metadata("/dev/full").unwrap().file_type().is_char_device());
    }
    if cfg!(feature = "compression") {
        env.run("restore from /dev/full").fails(2, "'/dev/full' is no folder; give a folder");
    }
    assert_eq!(
        env.run("p -q -o /dev/null --format csv --keep-list /dev/stdout").out,
        env.run("p -q --keep-list -").out
    );
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
}

/// Runs a test of this file in a name space of its own, where file systems may be mounted; `false` in there.
fn apart(test: &str) -> bool {
    const INSIDE: &str = "NEWSDEDUP_TEST_APART";
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    let can = Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "none", "/tmp"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        println!("skipped: no file system can be mounted here");
        return true;
    }
    let mut command = Command::new("unshare");
    command.arg("-rm").arg(std::env::current_exe().unwrap()).args(["--exact", "--nocapture", test]);
    let output = command.env(INSIDE, "1").output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
    println!("{shown}");
    true
}

/// A small file system of its own below `m`. It goes when the name space does.
struct Small<'e>(&'e TestEnv);

impl Small<'_> {
    /// Mounts it, with nothing in it.
    fn mounted_anew(env: &TestEnv) -> Small<'_> {
        fs::create_dir_all(env.path("m")).unwrap();
        let small = Small(env);
        small.mount(&["-t", "tmpfs", "-o", "size=2m", "none"]);
        small
    }

    fn mount(&self, args: &[&str]) {
        assert!(Command::new("mount").args(args).arg(self.0.path("m")).status().unwrap().success());
    }

    /// Leaves so many blocks of 4 KiB.
    fn fill(&self, free: u64) {
        let path = self.0.path("m/fill");
        let mut file = File::create(&path).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len((length / 4096 - free) * 4096).unwrap();
    }

    fn found(&self) -> Tree {
        let mut found = tree(&self.0.path("m"));
        found.remove("/fill");
        found
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path("m")).status();
    }
}

/// Puts the corpus into one of two states.
fn change(env: &TestEnv, state: usize) {
    env.write("p/b.txt", page(2 + state));
    let records = [5, 6 + state, 5].map(|number| serde_json::json!({ "text": page(number) }).to_string() + "\n");
    env.write("news.jsonl", records.concat());
}

/// Runs, and expects all to be well; `report` has no pages to be quiet about.
fn expect_done(env: &TestEnv, line: &str) {
    let ran = env.run(line);
    assert_eq!(ran.code, 0, "{line}: {}", ran.err);
}

/// What holds if there was not enough room: the old output, or what was restored until then, and a message.
fn expect_told(line: &str, ran: &Ran, what: &str, found: &Tree, before: &Tree, after: &Tree) {
    if line.starts_with("restore") {
        let is_whole = |(name, text): (&String, &Vec<u8>)| after.get(name) == Some(text);
        assert!(found.iter().all(is_whole), "{line}: {:?}", found.keys());
        assert!([2, 3].contains(&ran.code), "{line}: {}, {}", ran.code, ran.err);
        let named = |name: &String| ran.err.contains(&name["/dest/".len()..]);
        let missing = after.keys().filter(|name| !found.contains_key(*name));
        assert!(ran.code == 2 || missing.clone().all(named), "{line}: {}", ran.err);
    } else {
        assert_eq!(ran.code, 2, "{line}: {}", ran.err);
        assert!(found == before, "{line}: {:?} instead of {:?}", found.keys(), before.keys());
    }
    assert!(ran.err.contains(what) && (ran.code == 3 || ran.err.contains("m/")), "{line}: {}", ran.err);
}

#[test]
fn on_a_full_file_system_the_old_output_stays_whole_and_nothing_is_left() {
    if apart("faults::places::on_a_full_file_system_the_old_output_stays_whole_and_nothing_is_left") {
        return;
    }
    let env = written();
    let (mut done, mut told) = (0, 0);
    for line in lines("m/").into_iter().chain(folders("m/")).filter(|line| !line.starts_with("report")) {
        let wanted = [0, 1].map(|state| {
            let small = Small::mounted_anew(&env);
            change(&env, state);
            expect_done(&env, &line);
            small.found()
        });
        let (before, after) =
            if line.starts_with("restore") { (&Tree::new(), &wanted[0]) } else { (&wanted[0], &wanted[1]) };
        for free in [0, 1, 2, 5, 12, 30] {
            let small = Small::mounted_anew(&env);
            change(&env, 0);
            if !line.starts_with("restore") {
                expect_done(&env, &line);
                change(&env, 1);
            }
            small.fill(free);
            let ran = env.run(&line);
            if ran.code == 0 {
                assert!(small.found() == *after, "{line}, {free} blocks left");
                done += 1;
            } else {
                expect_told(&line, &ran, "no space left on device", &small.found(), before, after);
                told += 1;
            }
            fs::remove_file(env.path("m/fill")).unwrap();
            expect_done(&env, &line);
            assert!(small.found() == *after, "{line}, when there is room again");
        }
    }
    println!("{} runs on a full file system: {told} were told of, {done} found room", done + told);
    assert!(told > 50 && done > 10);
}

#[test]
fn on_a_read_only_file_system_the_old_output_stays_whole() {
    if apart("faults::places::on_a_read_only_file_system_the_old_output_stays_whole") {
        return;
    }
    let env = written();
    let lines = || lines("m/").into_iter().chain(folders("m/"));
    let mut runs = 0;
    for old in [false, true] {
        let small = Small::mounted_anew(&env);
        change(&env, 0);
        if old {
            // The archive comes last, so that nothing replaces it.
            lines().for_each(|line| expect_done(&env, &line));
        }
        change(&env, 1);
        small.mount(&["-o", "remount,ro"]);
        let before = small.found();
        // An archive is not replaced by a folder without one, and what is as it should be is not written.
        let is_written =
            |line: &String| !old || !line.starts_with("p -o m/out --format") && !line.contains("--depfile");
        for line in lines().filter(is_written) {
            let ran = env.run(&line);
            if old && line.starts_with("restore") {
                ran.fails(2, "read-only file system");
            } else {
                expect_told(&line, &ran, "read-only file system", &small.found(), &before, &before);
            }
            runs += 1;
        }
        assert!(small.found() == before);
    }
    println!("{runs} runs on a read-only file system");
}

#[test]
fn a_state_without_room_costs_reading_and_nothing_else() {
    if apart("faults::places::a_state_without_room_costs_reading_and_nothing_else") {
        return;
    }
    let env = TestEnv::empty();
    (0..120).for_each(|number| env.write(format!("p/{number}.txt"), page(number)));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let full = env.run("p -q");
    let mut told = 0;
    for free in [0, 1, 2, 4, 500] {
        let small = Small::mounted_anew(&env);
        small.fill(free);
        let ran = env.run("p --state m/state");
        let is_told = ran.err.contains("m/state': no space left on device");
        let unread = ran.err.contains("0 files unchanged, 120 read");
        assert!(ran.code == 2 && is_told || ran.code == 0 && unread && ran.out == full.out, "{free}: {}", ran.err);
        assert!(is_told == (free < 500), "{free}: {}", ran.err);
        told += usize::from(is_told && ran.code == 0);
        fs::remove_file(env.path("m/fill")).unwrap();
        for known in ["", "120 files unchanged, 0 read"] {
            let ran = env.run("p --state m/state");
            let as_told = ran.err.contains(known) && !ran.err.contains("cannot");
            assert!(ran.code == 0 && ran.out == full.out && as_told, "{free}: {}", ran.err);
        }
        assert_eq!(env.names("m"), ["state"]);
    }
    println!("{told} runs went on without a state");
    assert!(told > 1);
}

#[test]
fn without_room_for_temporary_files_the_reason_is_told() {
    if apart("faults::places::without_room_for_temporary_files_the_reason_is_told") {
        return;
    }
    let env = written();
    let small = Small::mounted_anew(&env);
    small.fill(0);
    let temporary = env.path("m");
    for line in
        ["p -q --memory 0", "news.jsonl -q --memory 0 --output-records -", "news.jsonl -q --memory 0", "verify from"]
    {
        let wanted = env.run(line);
        let ran = ran(env.command(line.split(' ')).env("TMPDIR", &temporary));
        match ran.code {
            0 => assert!(ran == wanted, "{line}"),
            2 => assert!(
                ran.err.contains("no space left on device") || ran.err.contains("TMPDIR"),
                "{line}: {}",
                ran.err
            ),
            3 => assert!(ran.report()["skipped"].as_array().is_some_and(|skipped| !skipped.is_empty()), "{line}"),
            1 => assert!(String::from_utf8_lossy(&ran.out).contains("no space left on device"), "{line}"),
            code => panic!("{line}: {code}, {}", ran.err),
        }
        println!("{line}: {}, {}", ran.code, ran.err.trim_end());
    }
    assert_eq!(env.names("m"), ["fill"]);
}

/// Mounts another file system on `m`, or the same one once more.
fn mounted<'e>(env: &'e TestEnv, other: &str) -> Small<'e> {
    if other.is_empty() {
        return Small::mounted_anew(env);
    }
    fs::create_dir_all(env.path("m")).unwrap();
    let small = Small(env);
    small.mount(&["--bind", env.path(other).to_str().unwrap()]);
    small
}

#[cfg(feature = "compression")]
#[test]
fn pages_are_restored_also_to_other_file_systems_below_the_folder() {
    if apart("faults::places::pages_are_restored_also_to_other_file_systems_below_the_folder") {
        return;
    }
    let env = written();
    fs::create_dir_all(env.path("corpus/m/deep")).unwrap();
    for number in 0..30 {
        env.write(format!("corpus/{}{number}.txt", ["", "m/", "m/deep/"][number % 3]), page(number));
    }
    assert_eq!(ran(env.command([".", "-q", "-o", "../own", "--archive"]).current_dir(env.path("corpus"))).code, 0);
    for other in ["", "other"] {
        let _ = fs::remove_dir_all(env.path("other"));
        fs::create_dir_all(env.path("other")).unwrap();
        let small = mounted(&env, other);
        let ran = env.run("restore own .");
        assert_eq!((ran.code, &ran.err[..]), (0, "newsdedup: 30 pages restored\n"), "{other}");
        assert!(small.found() == tree(&env.path("corpus/m")), "{other}");
        env.write("m/1.txt", "another text");
        env.run("restore own .").fails(3, "cannot restore './m/1.txt': another file has its name");
        assert_eq!(env.run("restore own . --force").err, "newsdedup: 1 page restored, 29 there already\n");
        assert!(small.found() == tree(&env.path("corpus/m")), "{other}");
        (0..30).step_by(3).for_each(|number| fs::remove_file(env.path(format!("{number}.txt"))).unwrap());
    }
}

#[test]
fn a_mount_point_is_not_replaced_and_that_is_said_before_any_work() {
    if apart("faults::places::a_mount_point_is_not_replaced_and_that_is_said_before_any_work") {
        return;
    }
    let env = written();
    for other in ["", "other"] {
        fs::create_dir_all(env.path("other")).unwrap();
        let _small = mounted(&env, other);
        let told = "'m' is a mount point and cannot be replaced; give a folder in it: -o 'm/newsdedup'";
        env.run("p nowhere -o m").fails(2, told);
        expect_done(&env, "p -q -o m/newsdedup");
        expect_done(&env, "p -q -o m/newsdedup");
        assert_eq!(env.names("m"), ["newsdedup"]);
    }
    env.write("file", "");
    env.write("r.json", "");
    let mount = |args: [&str; 2]| Command::new(args[0]).args(args[1].split(' ')).current_dir(env.path("")).status();
    assert!(mount(["mount", "--bind file r.json"]).unwrap().success());
    env.run("p -o r.json").fails(2, "'r.json' is a mount point and cannot be replaced; mount its folder instead");
    assert!(mount(["umount", "r.json"]).unwrap().success());
}
