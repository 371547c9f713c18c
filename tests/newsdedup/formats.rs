//! The report as a table, as a graph and for reading.

use crate::testenv::{Ran, TestEnv, page};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

/// Two different pages, a copy of the first, and an edited one.
pub fn edited() -> TestEnv {
    let env = TestEnv::sample();
    env.write("p/edited.txt", page(1).replacen("number 1 was seen", "number 1 was heard", 1));
    env
}

/// Pages with text that was written to do harm.
pub fn hostile() -> TestEnv {
    let env = TestEnv::empty();
    let headlines = ["=1+1", "@\u{1b}]0;owned\u{7}", "\"a\", & \\N <b>", "\u{202e}txt.exe", "-2,5 percent"];
    for (at, headline) in headlines.iter().enumerate() {
        let story = page(at).replacen(&format!("Story {at} of the day"), headline, 1);
        env.write(format!("p/{at}.txt"), &story);
        env.write(OsStr::from_bytes(format!("p/{at} \u{1b}[31m \"x\"\n.txt").as_bytes()), &story);
    }
    env.write(OsStr::from_bytes(b"p/\xff.txt"), page(0));
    env
}

fn text(ran: &Ran) -> String {
    String::from_utf8(ran.out.clone()).unwrap()
}

/// The cells of a table, line by line, without the header.
fn table(ran: &Ran) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(&ran.out[..]);
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    (cells(&reader.headers().unwrap().clone()), reader.records().map(|record| cells(&record.unwrap())).collect())
}

#[test]
fn csv_has_one_line_an_occurrence_and_says_what_json_says() {
    let env = edited();
    let report = env.report("p");
    let (columns, lines) = table(&env.run("p -q --format csv"));
    assert_eq!(columns[..6], ["article", "headline", "copies", "match", "similarity", "page"]);
    let articles = report["articles"].as_array().unwrap();
    let mut line = lines.iter();
    for article in articles {
        let occurrences = article["occurrences"].as_array().unwrap();
        for occurrence in occurrences {
            let cells = line.next().unwrap();
            let cell = |name: &str| &cells[columns.iter().position(|column| column == name).unwrap()];
            assert_eq!(*cell("article"), article["id"]);
            assert_eq!(*cell("headline"), article["headline"].as_str().unwrap_or_default());
            assert_eq!(*cell("copies"), occurrences.len().to_string());
            for name in ["page", "match", "sha256"] {
                assert_eq!(*cell(name), occurrence[name], "{name}");
            }
            for name in ["similarity", "start", "end", "first_line", "last_line"] {
                assert_eq!(*cell(name), occurrence[name].to_string(), "{name}");
            }
        }
    }
    assert!(line.next().is_none() && lines.len() == 4);
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let env = hostile();
    let names = ["=1+1.txt", "@SUM(A1).txt", "+.txt"];
    names.iter().for_each(|name| env.write(name, page(7)));
    let (_, lines) = table(&env.run(&format!("p {} -q --format csv", names.join(" "))));
    let formula = |cell: &&String| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    assert_eq!(lines.iter().flatten().find(formula), None);
    assert!(lines.iter().any(|cells| cells.contains(&"{\"bytes\":\"cC//LnR4dA==\"}".to_owned())), "{lines:?}");
    assert!(lines.iter().flatten().any(|cell| cell == "'=1+1.txt"), "{lines:?}");
}

#[test]
fn text_is_the_numbers_and_then_every_article_with_its_copies() {
    let shown = text(&edited().run("p -q --split none --format text"));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "newsdedup: 4 pages, 4 blocks, 2 articles, 1 exact, 1 near");
    assert!(lines[1].is_empty() && lines[2].contains("  Story 1 of the day "), "{shown}");
    assert_eq!(lines[3], "  kept            p/a.txt:1-7");
    assert_eq!(lines[4], "  exact           p/copy of a.txt:1-7");
    assert!(lines[5].starts_with("  near    0.9") && lines[5].ends_with("p/edited.txt:1-7"), "{shown}");
    assert_eq!(lines.len(), 8);
}

#[test]
fn text_fits_the_columns_and_cannot_steer_a_terminal() {
    let env = hostile();
    let ran = env.run("p -q --format text --width 40 --quotes");
    let shown = text(&ran);
    assert!(shown.lines().all(|line| line.chars().count() <= 40), "{shown}");
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()) && !shown.contains('\u{202e}'), "{shown}");
    assert!(text(&env.run("p -q --format text")).contains("\\u{1b}[31m"));
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let env = edited();
    assert!(!text(&env.run("p -q --format text")).contains('\u{1b}'));
    assert!(!text(&env.run("p -q --format text --color never")).contains('\u{1b}'));
    assert!(text(&env.run("p -q --format text --color always")).contains("\u{1b}[33mnear  \u{1b}[0m"));
    env.report_into("p -o report.txt");
    assert_eq!(env.read("report.txt"), env.run("p -q --format text").out);
}

#[test]
fn a_graph_has_what_is_shared_and_nothing_else() {
    let shown = text(&edited().run("p -q --split none --format dot"));
    assert_eq!(shown.matches("style=bold").count(), 1, "{shown}");
    assert_eq!(shown.matches(" -> ").count(), 3);
    assert!(shown.contains("\"page p/copy of a.txt\" [label=\"exact\"];"), "{shown}");
    assert!(!shown.contains("p/b.txt"));
}

#[test]
fn an_excerpt_points_to_the_article_that_contains_it() {
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let env = TestEnv::empty();
    let report = env.report(seeds);
    let articles = report["articles"].as_array().unwrap();
    let short = articles.iter().find(|article| !article["excerpt_of"].is_null()).unwrap();
    let [id, longer] = [&short["id"], &short["excerpt_of"][0]["article"]].map(|id| id.as_str().unwrap());
    let shown = text(&env.run(&format!("{seeds} -q --format dot")));
    let link = format!("\"article {id}\" -> \"article {longer}\" [style=dashed, label=\"excerpt ");
    assert_eq!(shown.matches(&link).count(), 1, "{shown}");
    assert!([id, longer].iter().all(|id| shown.contains(&format!("\"article {id}\" [style=bold"))), "{shown}");
}

#[test]
fn a_quote_joins_articles_in_the_graph() {
    let env = TestEnv::empty();
    for number in [1, 2] {
        let shared = " The keeper swore that no lamp would ever burn again on that rock.";
        env.write(format!("p/{number}.txt"), page(number).trim_end().to_owned() + shared);
    }
    let shown = text(&env.run("p -q --split none --format dot --quotes"));
    assert_eq!(shown.matches("shape=note").count(), 1, "{shown}");
    assert_eq!(shown.matches(" words\"];").count(), 2);
    assert!(shown.contains("label=\"Story 1 of the day ") && shown.contains("label=\"Story 2 of the day "));
}

#[test]
fn graphviz_draws_the_graph() {
    let found = Command::new("dot").arg("-V").stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        println!("dot is not on this machine: the graph is not drawn");
        return;
    }
    let env = hostile();
    env.report_into("p --quotes -o graph.dot");
    let drawn = Command::new("dot").args(["-Tsvg", "graph.dot"]).current_dir(env.path("")).output().unwrap();
    let svg = String::from_utf8(drawn.stdout).unwrap();
    assert_eq!(String::from_utf8(drawn.stderr).unwrap(), "");
    assert!(svg.contains("</svg>") && svg.contains("&quot;a&quot;, &amp; \\N &lt;b&gt;"), "{svg}");
}

#[test]
fn every_form_goes_into_a_folder_and_replaces_what_another_left() {
    let env = edited();
    for (format, name) in
        [("json", "json"), ("csv", "csv"), ("dot", "dot"), ("html", "html"), ("text", "txt"), ("jsonl", "jsonl")]
    {
        env.report_into(&format!("p -o out --format {format}"));
        assert_eq!(env.names("out"), ["articles".to_owned(), format!("report.{name}")]);
        assert_eq!(env.read(format!("out/report.{name}")), env.run(&format!("p -q --format {format}")).out);
    }
    env.write("out/report.csv", "name,age\n");
    env.run("p -o out").fails(2, "'out' holds 'report.csv', which newsdedup did not write");
}

#[test]
fn a_form_and_an_ending_that_do_not_agree_are_a_wrong_call() {
    let env = TestEnv::sample();
    env.run("p -o a.csv --format json").fails(2, "do not agree; leave out --format");
    env.run("p -o a.xml")
        .fails(2, "give a name that ends in .json, .jsonl, .csv, .parquet, .dot, .html or .txt, or for a folder");
}
