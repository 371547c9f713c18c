//! A report told again: in every form what the run would have written, from nothing but the report.

use crate::formats::{edited, hostile};
use crate::testenv::{TestEnv, page};
use serde_json::Value;
use std::fs;

#[cfg(feature = "parquet")]
const FORMATS: &[&str] = &["json", "jsonl", "csv", "parquet", "dot", "text"];
#[cfg(not(feature = "parquet"))]
const FORMATS: &[&str] = &["json", "jsonl", "csv", "dot", "text"];

/// Hostile names and texts, copies, an excerpt, a quote, and a page that is skipped.
fn rich() -> TestEnv {
    let env = hostile();
    let body = |number: usize| page(number).split_once("\n\n").unwrap().1.to_owned();
    let long: String = (1..9).map(|number| body(number) + "\n").collect();
    env.write("p/long.txt", format!("All stories\n\n{long}"));
    env.write("p/edited.txt", page(1).replacen("number 1 was seen", "number 1 was heard", 1));
    env.write("p/z.gz", b"\x1f\x8b");
    env
}

#[test]
fn a_report_told_again_is_what_the_run_writes() {
    let env = rich();
    for options in ["", "--quotes --spans", "--near off", "--split none --quotes --threshold 0.30000000000000004"] {
        for stored in ["json", "jsonl"] {
            fs::write(env.path("stored"), env.run(&format!("p -q {options} --format {stored}")).out).unwrap();
            for format in FORMATS {
                let direct = env.run(&format!("p -q {options} --format {format}")).out;
                let again = env.run(&format!("report stored --format {format}"));
                assert_eq!((again.code, again.err.as_str()), (0, ""));
                assert!(again.out == direct, "{stored} → {format} {options}");
            }
        }
    }
}

#[test]
fn the_pages_are_not_needed_and_a_folder_becomes_a_folder() {
    let env = rich();
    env.run("p -q -o first");
    let pages = env.read("p/0.txt");
    fs::remove_dir_all(env.path("p")).unwrap();
    assert!(!pages.is_empty() && env.run("report first -o second").code == 0);
    assert_eq!(env.names("first/articles"), env.names("second/articles"));
    for name in env.names("first/articles") {
        assert_eq!(env.read(format!("first/articles/{name}")), env.read(format!("second/articles/{name}")));
    }
    assert_eq!(env.read("first/report.json"), env.read("second/report.json"));
    assert_eq!(env.run("report first -o first --format text").code, 0);
    assert_eq!(env.names("first"), ["articles", "report.txt"]);
}

#[test]
fn a_report_may_come_through_a_pipe_and_be_replaced_by_itself() {
    let env = edited();
    let report = env.run("p -q").out;
    assert_eq!(env.pipe("report - --format csv", &report).out, env.run("p -q --format csv").out);
    assert_eq!(env.pipe("report - --format csv --threads 1", &report), env.pipe("report - --format csv", &report));
    env.write("r.json", &report);
    assert_eq!(env.run("report r.json -o r.json").code, 0);
    assert_eq!(env.read("r.json"), report);
}

#[test]
fn layout_order_and_fields_of_later_versions_do_not_matter() {
    let env = rich();
    let ran = env.run("p -q --quotes --spans");
    let mut value = ran.report();
    let lines = env.run("p -q --quotes --spans --format jsonl").out;
    // Keys in the order of the alphabet, set in many lines.
    let again = |value: &Value| env.pipe("report - --format jsonl", serde_json::to_string_pretty(value).unwrap());
    assert!(again(&value).out == lines);
    for pointer in ["", "/parameters", "/summary", "/articles/0", "/articles/0/occurrences/0", "/skipped/0"] {
        value.pointer_mut(pointer).unwrap()["later"] = serde_json::json!({"a": [1, "]}"], "b": null});
    }
    let ran = again(&value);
    assert!(ran.out == lines, "{}", ran.err);
    let (header, rest) = lines.split_at(lines.iter().position(|&byte| byte == b'\n').unwrap() + 1);
    let later = [header, b"{\"type\":\"later\"}\n", rest].concat();
    assert!(env.pipe("report - --format jsonl", later).out == lines);
}

#[test]
fn a_report_that_was_cut_down_by_another_tool_is_told_as_it_is() {
    let env = edited();
    let mut value = env.run("p -q").report();
    value["articles"].as_array_mut().unwrap().retain(|article| article["occurrences"].as_array().unwrap().len() > 1);
    let table = env.pipe("report - --format csv", value.to_string()).out;
    assert_eq!(String::from_utf8(table).unwrap().lines().count(), 4);
    // Without its articles and skipped pages, and with a quote whose places are gone.
    let report = value.as_object_mut().unwrap();
    report.remove("articles");
    report.remove("skipped");
    report.insert("quotes".to_owned(), serde_json::json!([{"words": 3, "text": "So it was", "in": []}]));
    for format in FORMATS {
        let ran = env.pipe(&format!("report - --format {format}"), value.to_string());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{format}");
    }
    let graph = String::from_utf8(env.pipe("report - --format dot", value.to_string()).out).unwrap();
    assert!(!graph.contains("shape=note"), "{graph}");
}

#[test]
fn a_report_in_lines_without_its_lists_is_one_without_articles() {
    let env = edited();
    let lines = String::from_utf8(env.run("p -q --quotes --format jsonl").out).unwrap();
    let is_frame = |line: &&str| line.starts_with("{\"type\":\"header\"") || line.starts_with("{\"type\":\"summary\"");
    let frame: Vec<&str> = lines.lines().filter(is_frame).collect();
    let report = env.pipe("report - --format json", frame.join("\n")).report();
    assert_eq!([&report["articles"], &report["quotes"], &report["skipped"]], [&serde_json::json!([]); 3]);
    assert!(report.get("pages").is_none());
}

#[test]
fn what_is_no_whole_report_is_refused_with_its_place_before_anything_is_written() {
    let env = edited();
    let report = String::from_utf8(env.run("p -q").out).unwrap();
    let digest = report.replacen("\"sha256\":\"", "\"sha256\":\"x", 1);
    let matched = report.replacen("\"match\":\"exact\"", "\"match\":\"alike\"", 1);
    let twice = [env.run("p -q --format jsonl").out, env.run("p -q --format jsonl").out].concat();
    for (input, message) in [
        ("", "line 1, column 1: it is not written in JSON"),
        ("{\"a\":1}", "it has no schema"),
        ("{}", "it has no schema"),
        ("[1]", "it is not written in JSON"),
        ("{\"schema\":\"newsdedup/1\"}", "its version or its parameters are missing"),
        ("{\"schema\":\"newsdedup/1\",\"version\":\"1\"}", "its version or its parameters are missing"),
        ("{\"schema\":\"newsdedup/1\",\"version\":\"1\",\"parameters\":{}}", "its summary is missing"),
        ("{\"schema\":", "it ends here, but is not complete"),
        ("{\"schema\"", "it ends here, but is not complete"),
        ("{\"articles\":[1,", "it ends here, but is not complete"),
        ("{\"articles\":[1,]}", "']' stands where a value should"),
        ("{\"articles\":[1 2]}", "'2' stands where ']' should"),
        (&("\n".repeat(300_000) + "{\"a\" 1}"), "line 300001, column 6: '1' stands where ':' should"),
        ("{\"schema\":\"newsdedup/2\"}", "its schema is 'newsdedup/2', and this newsdedup reads 'newsdedup/1'"),
        ("\n{\"schema\" 1}", "line 2, column 11: '1' stands where ':' should"),
        (&format!("{report}{{}}"), "something follows the end"),
        (&report[..report.len() - 20], "it ends here, but is not complete"),
        (&digest, "line 6, column"),
        (&digest, "expected a SHA-256 digest"),
        (&matched, "invalid value: string \"alike\", expected kept, exact, near or excerpt"),
        (&report.replacen("\"id\":", "\"no\":", 1), "missing field `id`"),
        (&String::from_utf8(twice).unwrap(), "a second report begins here"),
    ] {
        let ran = env.pipe("report - --format csv", input);
        ran.fails(2, message);
        assert!(
            ran.out.is_empty() && ran.err.starts_with("newsdedup: cannot read the report '-': line "),
            "{}",
            ran.err
        );
    }
    env.run("report p").fails(2, "'p' holds no report.json and no report.jsonl");
    env.run("report gone.json").fails(2, "cannot read 'gone.json': no such file or directory");
    env.run("report").fails(2, "<FROM>");
    env.run("report r.json --format pdf").fails(2, "[possible values: ");
}

#[test]
fn damage_anywhere_neither_panics_nor_leaves_anything_behind() {
    let env = rich();
    for format in ["json", "jsonl"] {
        let report = env.run(&format!("p -q --quotes --format {format}")).out;
        for cut in (0..report.len() - 1).step_by(report.len() / 40) {
            let ran = env.pipe("report - -o out.csv", &report[..cut]);
            assert_eq!((ran.code, ran.out.len()), (2, 0), "cut at {cut}: {}", ran.err);
        }
        for at in (0..report.len()).step_by(report.len() / 80) {
            let mut flipped = report.clone();
            flipped[at] ^= 1 << (at % 8);
            let ran = env.pipe("report - --format csv", &flipped);
            assert!(ran.code == 0 || ran.code == 2 && ran.out.is_empty(), "flipped at {at}: {}", ran.err);
        }
    }
    assert_eq!(env.names(""), ["p"]);
}
