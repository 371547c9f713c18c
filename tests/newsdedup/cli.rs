//! Calls and their answers: help, exit codes, and messages that show the call that would work.

use crate::testenv::{TestEnv, page};

#[test]
fn no_arguments_show_what_to_do() {
    let env = TestEnv::sample();
    let ran = env.run("");
    ran.fails(2, "newsdedup seeds/");
    assert!(ran.out.is_empty() && ran.err.lines().count() < 10);
}

#[test]
fn help_has_examples_and_exit_codes_and_goes_to_standard_output() {
    let env = TestEnv::sample();
    let ran = env.run("--help");
    let help = String::from_utf8(ran.out).unwrap();
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for expected in
        ["Usage: newsdedup [OPTIONS] [PATH]...", "Examples:", "Exit codes:", "--files-from", "Input:", "Output:"]
    {
        assert!(help.contains(expected), "{expected}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100));
    assert_eq!(env.run("-h").code, 0);
}

#[test]
fn the_version_is_one_line() {
    let ran = TestEnv::sample().run("--version");
    assert_eq!(String::from_utf8(ran.out).unwrap(), format!("newsdedup {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_summary_is_one_line_on_standard_error() {
    let env = TestEnv::sample();
    assert_eq!(env.run("p --near off --split none").err, "newsdedup: 3 pages, 3 blocks, 2 articles, 1 exact, 0 near\n");
    assert_eq!(env.run("p/a.txt --split none").err, "newsdedup: 1 page, 1 block, 1 article, 0 exact, 0 near\n");
    assert_eq!(env.run("p -q").err, "");
}

#[test]
fn skipped_pages_are_named_up_to_ten() {
    let env = TestEnv::sample();
    for number in 0..13 {
        env.write(format!("p/{number:02}\n.gz"), b"\x1f\x8b");
    }
    let ran = env.run("p");
    assert_eq!((ran.code, ran.err.lines().count()), (3, 12));
    assert!(ran.err.starts_with("newsdedup: skipped 'p/00\\n.gz': not a page: looks like gzip data\n"));
    assert!(ran.err.contains("skipped 3 more; the report names them all"));
    let quiet = env.run("p -q");
    assert_eq!((quiet.code, quiet.err.as_str()), (3, ""));
}

#[test]
fn check_ends_with_1_exactly_when_there_are_duplicates() {
    let env = TestEnv::sample();
    assert_eq!(env.run("p --check").code, 1);
    assert_eq!(env.run("p").code, 0);
    assert_eq!(env.run("p/a.txt p/b.txt --check --near off").code, 0);
    env.write("p/z.gz", b"\x1f\x8b");
    assert_eq!(env.run("p --check").code, 1, "duplicates come before skipped pages");
    assert_eq!(env.run("p/a.txt p/z.gz --check").code, 3);
}

#[test]
fn wrong_calls_end_with_2_and_the_right_call() {
    let env = TestEnv::sample();
    for (line, message) in [
        ("p --thread 2", "a similar argument exists: '--threads'"),
        ("p --threads 0", "--threads <N>"),
        ("p --split some", "[possible values: auto, none]"),
        ("p --near maybe", "[possible values: on, off]"),
        ("p --threshold 2", "such as --threshold 0.5"),
        ("p --threshold nan", "such as --threshold 0.5"),
        ("p --include [", "a glob looks like '*.txt'"),
        ("p --memory 1X", "--memory: '1X' is no size; give bytes, or a number with K, M or G: --memory 64M"),
        ("p -0", "--files-from"),
        ("p --stamp s", "newsdedup seeds/ -o build/corpus --stamp build/corpus.stamp"),
        ("p report", "'report' is kept for a command of that name; for the file or folder: newsdedup ./report"),
        ("p explain", "'explain' is kept"),
        ("--files-from gone", "cannot read 'gone': no such file or directory"),
        ("- --files-from -", "standard input is either a page or the list of pages"),
    ] {
        env.run(line).fails(2, message);
    }
}

#[test]
fn a_folder_named_like_a_command_is_given_with_its_place() {
    let env = TestEnv::with(&[("verify/a.txt", page(1))]);
    assert_eq!(env.report("./verify")["summary"]["pages"], 1);
}

#[test]
fn a_path_that_starts_with_a_dash_comes_after_two_dashes() {
    let env = TestEnv::with(&[("-a.txt", page(1))]);
    let ran = env.run("-q -- -a.txt");
    assert_eq!((ran.code, &ran.report()["articles"][0]["occurrences"][0]["page"]), (0, &"-a.txt".into()));
}
