//! Which of several copies is kept, and that the rule changes nothing else.

use crate::testenv::{TestEnv, groups, page};
use serde_json::Value;

/// Copies of one article as different desks run it: dated, shortened, in several folders.
fn desks() -> TestEnv {
    let copy = |date: &str, cut: usize| {
        let text = page(1);
        let (headline, body) = text.split_once("\n\n").unwrap();
        let body: Vec<&str> = body.trim_end().split("\n\n").collect();
        format!("{headline}\n{date}\n\n{}\n", body[..body.len() - cut].join("\n\n"))
    };
    TestEnv::with(&[
        ("p/city/a.txt", copy("March 9, 2021", 1)),
        ("p/city/b.txt", copy("7. März 2021", 0)),
        ("p/wire/c.txt", copy("2021年3月8日", 1)),
        ("p/wire/d.txt", page(1).replacen("Story 1 of the day", "Story 1 of the week", 1)),
        ("p/wire/e.txt", page(2)),
    ])
}

/// The page whose copy is kept.
fn kept(report: &Value) -> String {
    let occurrences = report["articles"][0]["occurrences"].as_array().unwrap();
    let kept = occurrences.iter().find(|occurrence| occurrence["match"] == "kept").unwrap();
    kept["page"].as_str().unwrap().to_owned()
}

#[track_caller]
fn check(options: &str, expected: &str) {
    let report = desks().report(&format!("p {options}"));
    assert_eq!(kept(&report), expected, "{options}");
    let (one, other) = (["p/city/a.txt", "p/city/b.txt", "p/wire/c.txt", "p/wire/d.txt"], ["p/wire/e.txt"]);
    assert_eq!(groups(&report), [one.to_vec(), other.to_vec()], "the rule must not change the groups");
}

#[test]
fn the_rule_chooses_by_place_length_or_date() {
    check("", "p/city/a.txt");
    check("--keep first", "p/city/a.txt");
    check("--keep last", "p/wire/d.txt");
    check("--keep longest", "p/city/b.txt");
    check("--keep earliest", "p/city/b.txt");
    check("--keep latest", "p/city/a.txt");
}

#[test]
fn preferred_pages_go_before_the_rule() {
    check("--prefer wire/**", "p/wire/c.txt");
    check("--prefer wire/** --keep last", "p/wire/d.txt");
    check("--prefer wire/* --keep longest", "p/wire/d.txt");
    check("--prefer d.txt --prefer city/**", "p/wire/d.txt");
    check("--prefer p/city/b.* --prefer d.txt", "p/city/b.txt");
    check("--prefer nowhere/** --keep last", "p/wire/d.txt");
}

#[test]
fn the_report_says_which_rule_was_used_and_the_date_that_was_read() {
    let report = desks().report("p --keep latest --prefer wire/** --prefer *.txt");
    assert_eq!(report["parameters"]["keep"], "latest");
    assert_eq!(report["parameters"]["prefer"], serde_json::json!(["wire/**", "*.txt"]));
    assert_eq!(report["articles"][0]["date"], "2021年3月8日");
    assert_eq!(report["articles"][0]["date_iso"], "2021-03-08");
    assert_eq!(report["articles"][1]["date_iso"], Value::Null);
}

#[test]
fn the_text_written_out_is_that_of_the_kept_copy() {
    let env = desks();
    let long = env.report("p --keep longest");
    let short = env.report("p");
    let body = |report: &Value| report["articles"][0]["body"].as_str().unwrap().len();
    assert!(body(&long) > body(&short));
    assert_ne!(long["articles"][0]["id"], short["articles"][0]["id"]);
}

#[test]
fn wrong_rules_are_answered_with_the_right_ones() {
    let env = desks();
    env.run("p --keep best").fails(2, "[possible values: first, last, longest, earliest, latest]");
    env.run("p --prefer [").fails(2, "--prefer: ");
}
