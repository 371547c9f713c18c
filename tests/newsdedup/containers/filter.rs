//! Lists of pages and filtered records, for pipelines that only thin out their own files.

use super::forms::{self, seeds};
use crate::testenv::{TestEnv, page};

fn lines(bytes: &[u8]) -> Vec<&str> {
    std::str::from_utf8(bytes).unwrap().lines().collect()
}

#[test]
fn records_come_out_as_they_went_in_and_nothing_is_left_to_drop() {
    let raw = forms::jsonl(&seeds());
    let env = TestEnv::with(&[("a.jsonl", &raw), ("a.jsonl.zst", &forms::zstd(&raw))]);
    for form in ["a.jsonl", "a.jsonl.zst"] {
        env.report_into(&format!("{form} -o report.json --output-records once.jsonl"));
        let once = env.read("once.jsonl");
        assert_eq!(lines(&once).len(), 14);
        assert!(lines(&once).iter().all(|line| lines(&raw).contains(line)));
        let again = env.run("once.jsonl -q --output-records -");
        assert_eq!((again.code, again.out), (0, once), "nothing left to drop, and no report");
    }
}

#[test]
fn lines_that_nobody_understood_are_kept() {
    let text = serde_json::json!({"text": page(1)}).to_string();
    let raw = format!("{text}\nno JSON\n{{\"a\":1}}\n{text}");
    let env = TestEnv::with(&[("a.jsonl", &raw), ("b.jsonl", &text)]);
    let ran = env.run("a.jsonl b.jsonl -q --output-records -");
    assert_eq!(ran.code, 3);
    assert_eq!(lines(&ran.out), [text.as_str(), "no JSON", "{\"a\":1}"]);
}

#[test]
fn a_last_line_without_an_end_gets_one_if_another_follows() {
    let line = |number| serde_json::json!({"text": page(number)}).to_string();
    let env = TestEnv::with(&[("a.jsonl", line(1)), ("b.jsonl", line(2))]);
    let ran = env.run("a.jsonl b.jsonl -q --output-records -");
    assert_eq!(String::from_utf8(ran.out).unwrap(), format!("{}\n{}", line(1), line(2)));
}

#[test]
fn only_lines_of_json_are_records() {
    let env = TestEnv::sample();
    env.run("p --output-records -").fails(2, "--output-records takes lines of JSON, and 'p/a.txt' is none");
    env.run("p --output-records - --keep-list -").fails(2, "only one of --keep-list");
}

#[test]
fn every_page_is_in_one_of_the_two_lists() {
    let env = TestEnv::sample();
    env.write("p/broken.pdf", "%PDF-1.7\n");
    env.write("p/furniture.txt", "Home\n");
    let ran = env.run("p -q --keep-list keep.txt --drop-list drop.txt -o report.json");
    assert_eq!((ran.code, ran.out.len()), (3, 0));
    assert_eq!(lines(&env.read("keep.txt")), ["p/a.txt", "p/b.txt", "p/broken.pdf", "p/furniture.txt"]);
    assert_eq!(lines(&env.read("drop.txt")), ["p/copy of a.txt"]);
}

#[test]
fn names_with_line_ends_need_lists_with_nul_bytes() {
    let env = TestEnv::with(&[("p/a\nb.txt", page(1)), ("p/c.txt", page(1))]);
    env.run("p --keep-list -").fails(2, "give -0 for names that end in a NUL byte");
    assert_eq!(env.run("p -q --keep-list - -0").out, b"p/a\nb.txt\0");
}

#[test]
fn a_record_is_named_by_its_id_if_that_is_asked_for() {
    let env = TestEnv::with(&[("a.jsonl", forms::jsonl(&seeds()))]);
    assert_eq!(lines(&env.run("a.jsonl -q --drop-list -").out)[0], "a.jsonl#4");
    assert_eq!(lines(&env.run("a.jsonl -q --drop-list - --id-field id").out)[0], forms::page_id(&seeds()[3]));
}

#[test]
fn what_is_read_is_never_replaced() {
    let env = TestEnv::with(&[("a.jsonl", forms::jsonl(&seeds())), ("b.txt", page(1).into_bytes())]);
    for line in [
        "a.jsonl --output-records a.jsonl",
        "a.jsonl --keep-list ./a.jsonl -o x.json",
        "a.jsonl -o a.jsonl",
        "b.txt -o b.txt",
    ] {
        env.run(line).fails(2, "is read, and would be replaced");
    }
    assert_eq!(env.read("a.jsonl"), forms::jsonl(&seeds()));
    env.run("a.jsonl --keep-list k --drop-list k").fails(2, "need a file each");
}

#[test]
fn an_empty_shard_is_no_error() {
    let raw = forms::jsonl(&seeds());
    let env = TestEnv::with(&[("a.jsonl", &raw[..]), ("b.jsonl", b"")]);
    assert_eq!(env.run("a.jsonl b.jsonl -q --output-records -").code, 0);
}
