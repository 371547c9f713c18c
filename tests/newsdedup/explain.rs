//! Why two blocks are or are not one article, as a reader and a script get to know it.

use crate::testenv::{Ran, TestEnv, page};
use serde_json::Value;

/// A page with a word changed in it, one with nothing in common, and a short piece of the first.
fn pages() -> TestEnv {
    let body = |number: usize| page(number).split_once("\n\n").unwrap().1.to_owned();
    let long: String = (1..17).map(|number| body(number) + "\n").collect();
    TestEnv::with(&[
        ("p/a.txt", page(1)),
        ("p/copy.txt", page(1).replacen("Story 1 of the day", "Story 1 of the week", 1)),
        ("p/edited.txt", page(1).replacen("number 1 was seen", "number 1 was heard", 1)),
        ("p/other.txt", page(2)),
        ("p/long.txt", format!("All stories\n\n{long}")),
    ])
}

fn text(ran: &Ran) -> String {
    String::from_utf8(ran.out.clone()).unwrap()
}

/// The exit code and what the answer says first.
#[track_caller]
fn check(line: &str, code: i32, expected: &str) {
    let ran = pages().run(&format!("explain {line} --split none"));
    assert_eq!(ran.code, code, "{line}: {}", ran.err);
    assert!(text(&ran).starts_with(expected), "{line}: {}", text(&ran));
}

fn json(env: &TestEnv, line: &str) -> Value {
    serde_json::from_slice(&env.run(&format!("explain {line} --format json")).out).unwrap()
}

#[test]
fn the_verdict_comes_first_and_decides_the_exit_code() {
    check("p/a.txt p/a.txt", 0, "The same article: A and B are one and the same block.");
    check("p/a.txt p/edited.txt", 0, "The same article, near: similarity 0.9");
    check("p/a.txt p/edited.txt --near off", 1, "Different articles: with --near off, only equal words count.");
    check("p/a.txt p/edited.txt --threshold 1", 1, "Different articles, B an excerpt of A: 0.99");
    check("p/a.txt p/other.txt", 1, "Different articles: they share");
    check("p/a.txt p/long.txt", 1, "Different articles");
}

#[test]
fn copies_with_equal_bodies_are_exact() {
    let env = TestEnv::with(&[("a.txt", page(1)), ("b.txt", page(1).to_uppercase())]);
    let ran = env.run("explain a.txt b.txt");
    assert!(text(&ran).starts_with("The same article, exact: both say the same words."));
    assert!(text(&ran).contains("Nothing differs in the bodies"));
    assert_eq!(ran.code, 0);
}

#[test]
fn what_differs_stands_side_by_side_or_one_under_the_other() {
    let env = pages();
    let wide = text(&env.run("explain p/a.txt p/edited.txt --width 80"));
    assert!(wide.lines().any(|line| line.starts_with("seen ") && line.ends_with("| heard")), "{wide}");
    let narrow = text(&env.run("explain p/a.txt p/edited.txt --width 40"));
    assert!(narrow.contains("- seen\n+ heard\n"), "{narrow}");
    assert!(narrow.lines().all(|line| line.chars().count() <= 40), "{narrow}");
    let full = text(&env.run("explain p/a.txt p/edited.txt --full"));
    assert!(wide.contains(" words … ") && !full.contains(" words … "));
}

#[test]
fn the_numbers_are_those_of_the_run() {
    let env = pages();
    let report = env.report("p --split none");
    let article = &report["articles"][0];
    let occurrences = article["occurrences"].as_array().unwrap();
    let edited = occurrences.iter().find(|occurrence| occurrence["page"] == "p/edited.txt").unwrap();
    let answer = json(&env, "p/a.txt p/edited.txt p --split none");
    let difference = answer["similarity"].as_f64().unwrap() - edited["similarity"].as_f64().unwrap();
    assert!(difference.abs() < 0.01, "the sides of the comparison may come in the other order");
    assert_eq!(answer["a"]["article"], article["id"]);
    assert_eq!(answer["b"]["sha256"], edited["sha256"]);
    assert_eq!(
        (&answer["verdict"], &answer["rule"], &answer["pages"]),
        (&"same".into(), &"similarity".into(), &5.into())
    );
    assert_eq!(answer["needed"]["similarity"], report["parameters"]["threshold"]);
}

#[test]
fn json_says_what_differs() {
    let env = pages();
    let answer = json(&env, "p/a.txt p/edited.txt");
    assert_eq!(answer["schema"], "newsdedup-explain/1");
    assert_eq!(answer["differences"], serde_json::json!([{"a": "seen", "b": "heard"}]));
    assert_eq!(json(&env, "p/a.txt p/other.txt")["verdict"], "different");
}

#[test]
fn a_block_is_named_by_number_by_byte_or_by_digest() {
    let seeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut page = std::fs::read_dir(&seeds).unwrap().map(|entry| entry.unwrap().path());
    let page = page.find(|path| path.to_string_lossy().contains("/000_")).unwrap();
    let (page, seeds) = (page.display(), seeds.display());
    let env = TestEnv::empty();
    let second = json(&env, &format!("{page}:2 {page} {seeds}"));
    assert_eq!((&second["a"]["number"], &second["b"]["number"]), (&2.into(), &1.into()));
    let start = &second["a"]["start"];
    let id = second["a"]["article"].as_str().unwrap();
    for name in [format!("{page}@{start}"), id[..12].to_owned(), id.to_uppercase()] {
        assert_eq!(json(&env, &format!("{name} {page}:1 {seeds}"))["a"], second["a"], "{name}");
    }
    env.run(&format!("explain {page}:9 {page}")).fails(2, "has no article 9; there are:\n  ");
    env.run(&format!("explain {page}@99999999 {page}")).fails(2, "is in no article; there are:");
}

#[test]
fn what_other_copies_do_to_a_pair_is_said() {
    // Of four pages in a row, each holds three quarters of the text of the one before.
    let env = TestEnv::empty();
    let story = |number: usize| page(number).split_once("\n\n").unwrap().1.to_owned();
    for at in 0..4 {
        let stories: Vec<String> = (at..at + 4).map(|number| story(number + 1)).collect();
        env.write(format!("p/{at}.txt"), format!("Part {at}\n\n{}", stories.join("\n")));
    }
    let alone = json(&env, "p/0.txt p/3.txt --split none");
    assert_eq!((&alone["verdict"], &alone["rule"]), (&"different".into(), &"containment".into()));
    let linked = json(&env, "p/0.txt p/3.txt p --split none");
    assert_eq!((&linked["verdict"], &linked["rule"]), (&"same".into(), &"linkage".into()));
    assert_eq!(linked["links"].as_array().unwrap().len(), 2);
    assert_eq!(linked["similarity"], alone["similarity"]);
    let ran = env.run("explain p/0.txt p/3.txt p --split none");
    assert!(ran.code == 0 && text(&ran).contains("linked by    'p/1.txt':1, similarity "), "{}", text(&ran));

    // One end of the row is left out when more is asked for, though it is similar to its neighbour.
    let options = "--split none --threshold 0.55";
    let neighbours = ["p/0.txt p/1.txt", "p/1.txt p/2.txt", "p/2.txt p/3.txt"];
    assert!(neighbours.iter().all(|pair| json(&env, &format!("{pair} {options}"))["rule"] == "similarity"));
    let mut answers = neighbours.iter().map(|pair| json(&env, &format!("{pair} p {options}")));
    let apart = answers.find(|answer| answer["verdict"] == "different").unwrap();
    assert_eq!(apart["rule"], "average");
    assert!(apart["average"].as_f64().unwrap() < 0.55 && apart["similarity"].as_f64().unwrap() > 0.55);
}

#[test]
fn stock_phrases_that_count_less_are_named() {
    let env = TestEnv::empty();
    let notice = "This notice is published for the information of all readers and may be printed in any newspaper";
    for number in 0..80 {
        env.write(format!("p/{number:02}.txt"), format!("{}\n{notice}.\n", page(number)));
    }
    let shown = text(&env.run("explain p/00.txt p/01.txt p --split none"));
    assert!(shown.contains("are stock phrases and count a tenth, such as\n"), "{shown}");
    let answer = json(&env, "p/00.txt p/01.txt p --split none");
    let stock = answer["a"]["stock"].as_array().unwrap();
    assert!(stock.iter().any(|phrase| phrase.as_str().unwrap().contains("of all readers")), "{stock:?}");
    assert!(json(&env, "p/00.txt p/01.txt --split none")["a"]["stock"].as_array().unwrap().is_empty());
}

#[test]
fn wide_characters_keep_the_columns_and_right_to_left_text_has_none() {
    let chinese = "北部群岛的夜间渡船将于星期一恢复航行因为公司找到了愿意在冬季风暴中掌舵的第二位船长";
    let arabic = "تعود العبارة الليلية إلى الجزر الخارجية يوم الاثنين بعد أن وجدت الشركة قبطانا ثانيا";
    let env = TestEnv::with(&[
        ("a", chinese.repeat(2)),
        ("b", chinese.repeat(2).replace("星期一", "星期六")),
        ("c", arabic.to_owned()),
        ("d", arabic.replace("الاثنين", "السبت")),
    ]);
    let shown = text(&env.run("explain a b --split none --width 70"));
    let sign = |line: &&str| line.contains(" | ");
    let changed = shown.lines().find(sign).unwrap();
    // An ideograph takes two columns; the sign stands at column 34 of 70.
    assert_eq!(changed, format!("一{} | 六", " ".repeat(31)));
    let shown = text(&env.run("explain c d --split none --width 70"));
    assert!(shown.contains("- الاثنين\n+ السبت\n"), "{shown}");
}

#[test]
fn text_cannot_steer_the_terminal() {
    let hostile = page(1).replacen("seen", "se\u{202e}en\u{1b}]0;owned\u{7}", 1);
    let env = TestEnv::with(&[("a\u{1b}[31m", page(1)), ("b", hostile)]);
    let ran = env.command(["explain", "a\u{1b}[31m", "b", "--split", "none"]).output().unwrap();
    let shown = String::from_utf8(ran.stdout).unwrap();
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()) && !shown.contains('\u{202e}'), "{shown}");
    assert!(shown.contains("\\u{1b}]0;owned"));
}

#[test]
fn colours_come_when_asked_for() {
    let env = pages();
    assert!(!text(&env.run("explain p/a.txt p/edited.txt")).contains('\u{1b}'));
    assert!(!text(&env.run("explain p/a.txt p/edited.txt --color never")).contains('\u{1b}'));
    assert!(text(&env.run("explain p/a.txt p/edited.txt --color always")).contains("\u{1b}[32mheard\u{1b}[0m"));
}

#[test]
fn the_answer_is_the_same_for_any_number_of_threads() {
    let env = pages();
    let one = env.run("explain p/a.txt p/edited.txt p --threads 1");
    assert_eq!(env.run("explain p/a.txt p/edited.txt p --threads 8"), one);
    assert_eq!(env.run("explain ./p/../p/a.txt p/edited.txt p --threads 2"), one, "a page may go by another path");
}

#[test]
fn wrong_calls_end_with_2_and_the_right_call() {
    let env = pages();
    env.write("p/z.gz", b"\x1f\x8b");
    for (line, message) in [
        ("explain", "<A>"),
        ("explain p/a.txt", "<B>"),
        ("explain p/a.txt gone.txt", "cannot compare 'gone.txt': no such file or"),
        ("explain p/a.txt p/z.gz", "cannot compare 'p/z.gz': not a page: looks like gzip data"),
        (
            "explain p/a.txt p/other.txt p/a.txt",
            "'p/other.txt' is not among the pages that were read; add it to the paths",
        ),
        ("explain abcd1234 p/a.txt", "newsdedup explain abcd1234 B seeds/"),
        ("explain abcd1234 p/a.txt p", "no article's id begins with 'abcd1234'"),
        ("explain p/a.txt p/copy.txt --width 5", "20"),
        ("explain p/a.txt p/copy.txt --format xml", "[possible values: text, json]"),
    ] {
        env.run(line).fails(2, message);
    }
}

#[test]
fn help_has_examples_and_exit_codes() {
    let ran = TestEnv::empty().run("explain --help");
    let help = text(&ran);
    assert_eq!(ran.code, 0);
    for expected in ["Usage: newsdedup explain", "Examples:", "Exit codes:", "--format", "--color", "--threshold"] {
        assert!(help.contains(expected), "{expected}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100));
}
