//! Where reports go: files and folders that are whole or not there, and closed pipes.

use crate::testenv::{BIN, TestEnv, page, ran};
use std::fs;
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

#[test]
fn a_folder_holds_one_readable_file_an_article_and_the_report() {
    let env = TestEnv::sample();
    let ran = env.run("p -o build/corpus --split none --near off");
    assert_eq!((ran.code, ran.out.len()), (0, 0));
    assert_eq!(env.names("build"), ["corpus"], "nothing else is left behind");
    assert_eq!(env.names("build/corpus"), ["articles", "report.json"]);
    let names = env.names("build/corpus/articles");
    assert_eq!(names.len(), 2);
    assert!(names[0].starts_with("Story-1-of-the-day-"), "{names:?}");
    let text = String::from_utf8(env.read(format!("build/corpus/articles/{}", names[0]))).unwrap();
    assert_eq!(text, page(1));
    assert_eq!(env.read("build/corpus/report.json"), env.run("p --split none --near off").out);
}

#[test]
fn json_lines_go_into_a_folder_too() {
    let env = TestEnv::sample();
    assert_eq!(env.run("p -o out --format jsonl").code, 0);
    assert_eq!(env.names("out"), ["articles", "report.jsonl"]);
}

#[test]
fn the_ending_decides_between_a_file_and_a_folder() {
    let env = TestEnv::sample();
    for (line, folder) in [("p -o r.json", false), ("p -o r.jsonl", false), ("p -o x.json/", true), ("p -o v1.2", true)]
    {
        assert_eq!(env.run(line).code, 0, "{line}");
        assert_eq!(env.path(line.trim_start_matches("p -o ")).is_dir(), folder, "{line}");
    }
    assert_eq!(env.read("r.jsonl"), env.run("p --format jsonl").out);
    assert_eq!(env.run("p -o -").out, env.run("p").out);
    env.run("p -o r.xml").fails(2, "cannot write .xml files; give a name that ends in .json, .jsonl, ");
    env.run("p -o r.xml").fails(2, ", or for a folder: -o 'r.xml/'");
    env.run("p -o r.json --format jsonl").fails(2, "do not agree; leave out --format");
    env.run("p -o p/a.txt/").fails(2, "'p/a.txt/'");
    fs::create_dir(env.path("dir.json")).unwrap();
    env.run("p -o dir.json").fails(2, "is a folder; to write one, end its name with '/'");
}

#[test]
fn standard_output_gets_the_same_report_whatever_it_is() {
    let env = TestEnv::sample();
    let whole = env.run("p -q").out;
    for append in [false, true] {
        let before = b"what stood there before\n";
        env.write("out", before);
        let mut file = fs::File::options().append(append).write(true).open(env.path("out")).unwrap();
        file.seek(SeekFrom::End(0)).unwrap();
        // With no memory, a page could still change while the report is written.
        let ran = env.command(["p", "-q", "--memory", "0"]).stdout(file).status().unwrap();
        assert!(ran.success());
        assert_eq!(env.read("out"), [&before[..], &whole].concat());
    }
}

#[test]
fn files_of_an_earlier_run_disappear_with_their_articles() {
    let env = TestEnv::sample();
    env.run("p -o out --split none --near off");
    assert_eq!(env.names("out/articles").len(), 2);
    fs::remove_file(env.path("p/b.txt")).unwrap();
    assert_eq!(env.run("p -o out --split none --near off").code, 0);
    assert_eq!(env.names("out/articles").len(), 1);
    assert_eq!(env.names(""), ["out", "p"]);
}

#[test]
fn a_folder_with_anything_else_in_it_is_never_replaced() {
    let env = TestEnv::sample();
    env.run("p -o p").fails(2, "'p' holds 'a.txt', which newsdedup did not write, and would be replaced; give a folder of its own: -o 'p/newsdedup'");
    assert_eq!(env.names("p").len(), 3);
    env.run("p -o out");
    env.write("out/notes.md", "mine");
    env.run("p -o out").fails(2, "'out' holds 'notes.md'");
    fs::remove_file(env.path("out/notes.md")).unwrap();
    env.write("out/articles/notes.txt", "mine");
    env.run("p -o out").fails(2, "'out' holds 'articles/notes.txt'");
    env.write("other/report.json", "{\"schema\":\"another\"}");
    env.run("p -o other").fails(2, "'other' holds 'report.json'");
    fs::create_dir(env.path("empty")).unwrap();
    assert_eq!(env.run("p -o empty").code, 0);
    env.write("file", "");
    env.run("p -o file").fails(
        2,
        "'file' is a file; for a report in one file give a name that ends in .json, .jsonl, .csv or the like",
    );
}

#[test]
fn with_a_stamp_a_report_keeps_its_time_until_it_says_something_else() {
    let env = TestEnv::sample();
    let time = || fs::metadata(env.path("r.json")).unwrap().modified().unwrap();
    let line = "p -o r.json --stamp stamp";
    env.report_into(line);
    let first = time();
    std::thread::sleep(Duration::from_millis(20));
    env.report_into(line);
    assert_eq!(time(), first);
    // As long as before, but not the same.
    env.write("p/b.txt", page(2).replacen("seen", "sown", 1));
    env.report_into(line);
    assert!(time() > first);
    assert_eq!(env.names(""), ["p", "r.json", "stamp"]);
}

#[test]
fn a_folder_is_older_than_a_page_that_changed_meanwhile() {
    let env = TestEnv::sample();
    env.report_into("p -o out --depfile d");
    let time = |path: &str| fs::metadata(env.path(path)).unwrap().modified().unwrap();
    assert!(time("p/a.txt") <= time("out/report.json") && time("out/report.json") <= time("d"));
}

#[test]
fn an_old_output_stays_when_there_is_nothing_to_read() {
    let env = TestEnv::sample();
    env.run("p -o out");
    env.run("p -o r.json");
    let before = (env.read("out/report.json"), env.read("r.json"));
    env.run("gone -o out").fails(2, "nothing to read");
    env.run("gone -o r.json").fails(2, "nothing to read");
    assert_eq!((env.read("out/report.json"), env.read("r.json")), before);
    assert_eq!(env.names(""), ["out", "p", "r.json"]);
}

#[test]
fn permissions_follow_the_umask() {
    let env = TestEnv::sample();
    let script = format!("umask 027; '{BIN}' p -q -o out; '{BIN}' p -q -o r.json --stamp s --depfile d");
    assert!(Command::new("sh").args(["-c", &script]).current_dir(env.path("")).status().unwrap().success());
    let mode = |path: &str| fs::metadata(env.path(path)).unwrap().permissions().mode() & 0o777;
    let article = format!("out/articles/{}", env.names("out/articles")[0]);
    assert_eq!(["out", "out/articles"].map(mode), [0o750; 2]);
    assert_eq!(["out/report.json", &article, "r.json", "s", "d"].map(mode), [0o640; 5]);
}

#[test]
fn a_link_to_the_output_stays_a_link() {
    let env = TestEnv::sample();
    env.run("p -o store/real");
    symlink("store/real", env.path("out")).unwrap();
    fs::remove_file(env.path("p/b.txt")).unwrap();
    assert_eq!(env.run("p -o out").code, 0);
    assert!(env.path("out").is_symlink());
    assert!(String::from_utf8(env.read("store/real/report.json")).unwrap().contains("\"pages\":2,"));
}

#[test]
fn what_a_killed_run_left_behind_is_removed_by_the_next() {
    let env = TestEnv::sample();
    env.write(".out.newsdedup-abcdef/articles/x.txt", "half");
    env.write(".r.json.newsdedup-ghijkl", "half");
    env.run("p -o out");
    env.run("p -o r.json");
    assert_eq!(env.names(""), ["out", "p", "r.json"]);
}

#[test]
fn an_interrupt_leaves_the_old_output_and_nothing_else() {
    let env = TestEnv::sample();
    env.run("p -o out");
    let before = env.read("out/report.json");
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        // Standard input stays open, so that the run waits in the middle.
        let mut command = env.command(["-", "p", "-o", "out"]);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take();
        while env.names("").len() < 3 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let begun = SystemTime::now();
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert!(begun.elapsed().unwrap() < Duration::from_secs(1));
        drop(input);
        assert_eq!(env.names(""), ["out", "p"]);
        assert_eq!(env.read("out/report.json"), before);
    }
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let env = TestEnv::sample();
    for number in 3..2000 {
        env.write(format!("p/{number}.txt"), page(number));
    }
    let script = format!("set -o pipefail; '{BIN}' p | head -c 10");
    let ran = ran(Command::new("bash").args(["-c", &script]).current_dir(env.path("")));
    assert_eq!((ran.code, ran.err.as_str(), ran.out.as_slice()), (0, "", &b"{\"schema\":"[..]));
    let script = format!("set -o pipefail; '{BIN}' p 2>&1 >/dev/null | true");
    assert!(Command::new("bash").args(["-c", &script]).current_dir(env.path("")).status().unwrap().success());
}

#[test]
fn write_errors_end_with_2_and_say_where() {
    let env = TestEnv::sample();
    let script = format!("'{BIN}' p > /dev/full");
    let full = ran(Command::new("sh").args(["-c", &script]).current_dir(env.path("")));
    full.fails(2, "cannot write to standard output: no space left on device");
    let help = ran(Command::new("sh").args(["-c", &format!("'{BIN}' --help > /dev/full")]));
    help.fails(2, "cannot write to standard output: no space left on device");
    env.run("p -o p/a.txt/sub").fails(2, "cannot write 'p/a.txt/sub': ");
    env.run("p -o /proc/out.json").fails(2, "cannot write '/proc/out.json': ");
}

#[test]
fn unchanged_files_keep_their_time_beside_a_stamp() {
    let env = TestEnv::sample();
    let line = "p -q --split none --near off -o out --stamp out.stamp";
    let times = || {
        let time = |path: String| fs::metadata(env.path(path)).unwrap().modified().unwrap();
        let names = env.names("out/articles");
        let articles = names.iter().map(|name| (name.clone(), time(format!("out/articles/{name}"))));
        (
            articles.collect::<std::collections::BTreeMap<_, _>>(),
            time("out/report.json".into()),
            time("out.stamp".into()),
        )
    };
    env.run(line);
    let first = times();
    std::thread::sleep(Duration::from_millis(20));
    env.run(line);
    let second = times();
    assert_eq!((&first.0, first.1), (&second.0, second.1));
    assert!(second.2 > first.2);
    env.write("p/new.txt", page(9));
    env.run(line);
    let third = times();
    assert!(third.1 > second.1 && third.0.len() == 3);
    assert!(first.0.iter().all(|(name, time)| third.0[name] == *time));
    std::thread::sleep(Duration::from_millis(20));
    env.run("p -q --split none --near off -o out");
    assert!(times().1 > third.1, "without a stamp the output's own time is the new one");
}
