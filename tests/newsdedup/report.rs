//! What the report says, in each of its forms.

use crate::testenv::{TestEnv, groups, page};
use serde_json::Value;
use std::path::Path;

#[test]
fn copies_are_occurrences_of_one_article_in_order_of_first_occurrence() {
    let env = TestEnv::sample();
    let report = env.report("p --split none --near off");
    assert_eq!(groups(&report), [vec!["p/a.txt", "p/copy of a.txt"], vec!["p/b.txt"]]);
    let article = &report["articles"][0];
    let occurrences = article["occurrences"].as_array().unwrap();
    assert_eq!(occurrences[0]["match"], "kept");
    assert_eq!(occurrences[1]["match"], "exact");
    assert_eq!(occurrences[1]["sha256"], article["id"]);
    assert_eq!(occurrences[0]["end"], page(1).len());
    let summary = &report["summary"];
    assert_eq!((&summary["pages"], &summary["blocks"], &summary["exact"]), (&3.into(), &3.into(), &1.into()));
    assert_eq!(summary["bytes"], 2 * page(1).len() + page(2).len());
}

#[test]
fn the_body_is_paragraphs_joined_by_empty_lines() {
    let env = TestEnv::with(&[("a.txt", "\u{feff}One line.\r\n  Two lines. \r\n\r\n\r\nThree \u{e9}.\r")]);
    let report = env.report("a.txt --split none");
    assert_eq!(report["articles"][0]["body"], "One line.\n\nTwo lines.\n\nThree é.");
}

#[test]
fn spans_come_only_when_asked_for() {
    let env = TestEnv::sample();
    assert!(env.report("p").get("pages").is_none());
    let report = env.report("p --spans --split none");
    let first = &report["pages"][0];
    assert_eq!(first["page"], "p/a.txt");
    assert_eq!(first["spans"][0]["kind"], "body");
    assert_eq!(first["spans"][0]["article"], report["articles"][0]["id"]);
}

#[test]
fn json_has_one_article_a_line() {
    let env = TestEnv::sample();
    let out = String::from_utf8(env.run("p --split none --near off").out).unwrap();
    assert_eq!(out.lines().filter(|line| line.starts_with("{\"id\":")).count(), 2);
    assert!(out.ends_with("}\n"));
}

#[test]
fn json_lines_tell_the_same_as_json() {
    let env = TestEnv::sample();
    env.write("p/archive.zip", "PK\x03\x04");
    let whole = env.run("p --spans -q").report();
    let ran = env.run("p --spans -q --format jsonl");
    assert_eq!(ran.code, 3);
    let lines: Vec<Value> = ran
        .out
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let of = |tag: &str| -> Vec<Value> {
        let tagged = lines.iter().filter(|line| line["type"] == tag).cloned();
        tagged
            .map(|mut line| {
                line.as_object_mut().unwrap().remove("type");
                line
            })
            .collect()
    };
    assert_eq!(lines[0]["type"], "header");
    assert_eq!(lines.last().unwrap()["type"], "summary");
    assert_eq!(of("header")[0]["parameters"], whole["parameters"]);
    assert_eq!(of("summary")[0], whole["summary"]);
    for (tag, list) in [("article", "articles"), ("page", "pages"), ("skipped", "skipped")] {
        assert_eq!(Value::Array(of(tag)), whole[list], "{tag}");
    }
}

#[test]
fn parameters_name_every_option_that_changes_the_result() {
    let env = TestEnv::sample();
    let report = env.report("p --split none --near off --threshold 0.5 --encoding latin1 --include *.txt --hidden");
    let parameters = &report["parameters"];
    assert_eq!(parameters["split"], "none");
    assert_eq!(parameters["near"], false);
    assert_eq!(parameters["threshold"], 0.5);
    assert_eq!(parameters["encoding"], "windows-1252");
    assert_eq!(parameters["include"][0], "*.txt");
    assert_eq!(parameters["hidden"], true);
    assert_eq!(parameters["follow"], false);
}

#[test]
fn occurrences_cut_their_text_out_of_the_page_as_stored() {
    let env = TestEnv::sample();
    let report = env.report("p");
    for occurrence in report["articles"].as_array().unwrap().iter().flat_map(|a| a["occurrences"].as_array().unwrap()) {
        let stored = env.read(occurrence["page"].as_str().unwrap());
        let at = |key: &str| occurrence[key].as_u64().unwrap() as usize;
        let cut = &stored[at("start")..at("end")];
        assert!(!cut.is_empty());
        let line = |offset: usize| stored[..offset].iter().filter(|&&byte| byte == b'\n').count() + 1;
        assert_eq!((at("first_line"), at("last_line")), (line(at("start")), line(at("end") - 1)));
    }
}

#[test]
fn the_real_pages_hold_six_articles() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !folder.is_dir() {
        println!("{} is not there; nothing to see", folder.display());
        return;
    }
    let env = TestEnv::empty();
    let report = env.report(&format!("{} --spans", folder.display()));
    if report["summary"]["blocks"] == 5 {
        println!("the splitter takes no page apart yet; nothing to see");
        return;
    }
    let summary = &report["summary"];
    assert_eq!((&summary["pages"], &summary["blocks"]), (&5.into(), &8.into()));
    assert_eq!((&summary["articles"], &summary["exact"]), (&6.into(), &2.into()));
    assert_eq!(report["articles"][0]["occurrences"].as_array().unwrap().len(), 3);
}
