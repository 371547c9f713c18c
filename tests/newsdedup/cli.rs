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
fn the_version_is_one_line_and_what_digests_depend_on_another() {
    let env = TestEnv::sample();
    let text = |line: &str| String::from_utf8(env.run(line).out).unwrap();
    let first = format!("newsdedup {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(text("-V"), first);
    let long = text("--version");
    let form = env.report("p")["parameters"]["normalisation"].clone();
    assert!(long.starts_with(&format!("{first}normalised form {form}, report schema newsdedup/1, with")), "{long}");
}

#[cfg(not(feature = "compression"))]
#[test]
fn a_build_without_compression_says_that_it_has_no_archives() {
    let env = TestEnv::sample();
    env.run("p -o out --archive").fails(2, "built without archives of pages (cargo build --features compression)");
    env.run("restore p dest").fails(2, "built without archives of pages");
    assert_eq!(env.run("p -q -o out --spans").code, 0);
    assert_eq!(env.run("verify out").code, 0);
}

#[test]
fn shells_and_man_learn_all_options_from_the_program_itself() {
    let env = TestEnv::empty();
    let help = String::from_utf8(env.run("--help").out).unwrap();
    let options: Vec<&str> = help
        .split_whitespace()
        .filter(|word| word.starts_with("--") && word.len() > 3)
        .map(|word| word.trim_end_matches([',', '[', '=', ':', ';']))
        .collect();
    assert!(options.len() > 20);
    for what in ["man", "complete-bash", "complete-zsh", "complete-fish", "complete-powershell"] {
        let ran = env.run(&format!("--generate {what}"));
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{what}");
        let text = String::from_utf8(ran.out).unwrap().replace("\\-", "-");
        for option in ["--files-from", "--threshold", "--format", "--stamp", "--generate"] {
            let name = if what == "complete-fish" { &option[2..] } else { option };
            assert!(options.contains(&option) && text.contains(name), "{what}: {option}");
        }
    }
    for (what, expected) in [
        ("man", "--files\\-from"),
        ("man-explain", "one article"),
        ("man-report", "FROM"),
        ("man-restore", "DEST"),
        ("man-verify", "CORPUS"),
    ] {
        let page = String::from_utf8(env.run(&format!("--generate {what}")).out).unwrap();
        assert!(page.contains(".TH newsdedup") && page.contains(".SH EXAMPLES"), "{page}");
        assert!(page.contains(expected.trim_start_matches("--")), "{what}");
    }
    env.run("--generate man-pdf").fails(2, "complete-zsh");
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
