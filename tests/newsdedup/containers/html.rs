//! Pages in markup: the same articles as in their text, and places in the markup.

use super::forms::{self, Page, seeds};
use crate::testenv::TestEnv;
use serde_json::Value;

/// A page of a site in markup, made of the text and of what `--spans` says of it.
fn marked_up(page: &Page, map: &Value) -> Page {
    let text = forms::text(page);
    let mut html = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">");
    let (mut article, mut stated) = (Value::Null, Vec::new());
    html += "<style>p { margin: 0 }</style></head>\n<body>\n<nav><a href=\"/\">Front page</a> <a href=\"/w\">World</a></nav>\n";
    for span in map["spans"].as_array().unwrap() {
        let at = |name: &str| span[name].as_u64().unwrap() as usize;
        let part = &text[at("start")..at("end")];
        if !span["article"].is_null() && span["kind"] == "headline" && span["article"] != article {
            html += if article.is_null() { "<article>\n" } else { "</article>\n<article>\n" };
            article = span["article"].clone();
            stated.clear();
        }
        for line in part.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let line = line.replace('&', "&amp;").replace('<', "&lt;");
            let again = stated.contains(&line);
            let own = span["article"] == article && !article.is_null();
            html += &match span["kind"].as_str().unwrap() {
                "headline" if !again => format!("<h1>{line}</h1>\n"),
                "caption" if !again => {
                    format!("<figure><img src=\"a.jpg\" alt=\"\"><figcaption>{line}</figcaption></figure>\n")
                }
                "body" => format!("<p>{line}</p>\n"),
                "furniture" if own => format!("<div class=\"byline\">{line}</div>\n"),
                "furniture" => format!("<div class=\"related\"><a href=\"/x\">{line}</a></div>\n"),
                _ => String::new(),
            };
            stated.push(line);
        }
    }
    html += if article.is_null() { "" } else { "</article>\n" };
    html += "<footer>About us. Terms of use.</footer>\n</body>\n</html>\n";
    (page.0.replace(".txt", ".html"), html.into_bytes())
}

fn marked_up_seeds() -> (Value, Vec<Page>) {
    let pages = seeds();
    let env = TestEnv::with(&pages.iter().map(|(name, bytes)| (format!("p/{name}"), bytes)).collect::<Vec<_>>());
    let report = env.report("p --spans");
    let maps = report["pages"].as_array().unwrap();
    let marked_up = pages.iter().zip(maps).map(|(page, map)| marked_up(page, map)).collect();
    (report, marked_up)
}

/// Of every article its headline and body, and of each occurrence its digest, and how it matches.
fn articles(report: &Value) -> Vec<(Value, Value, Vec<[Value; 3]>)> {
    let told = |occurrence: &Value| ["sha256", "match", "similarity"].map(|name| occurrence[name].clone());
    let article = |article: &Value| {
        let occurrences = article["occurrences"].as_array().unwrap().iter().map(told).collect();
        (article["headline"].clone(), article["body"].clone(), occurrences)
    };
    report["articles"].as_array().unwrap().iter().map(article).collect()
}

#[test]
fn markup_gives_the_articles_of_its_text() {
    let (text, pages) = marked_up_seeds();
    let env = TestEnv::with(&pages);
    let html = env.report(". --spans");
    for (text, html) in articles(&text).iter().zip(articles(&html)) {
        assert_eq!(*text, html);
    }
    assert_eq!(text["articles"].as_array().unwrap().len(), html["articles"].as_array().unwrap().len());
}

#[test]
fn places_are_those_of_the_markup() {
    let (_, pages) = marked_up_seeds();
    let env = TestEnv::with(&pages);
    let report = env.report(". --spans");
    for (map, (_, html)) in report["pages"].as_array().unwrap().iter().zip(&pages) {
        assert_eq!(map["bytes"].as_u64(), Some(html.len() as u64));
        let mut end = 0;
        for span in map["spans"].as_array().unwrap() {
            assert_eq!(span["start"].as_u64(), Some(end), "spans tile the page as stored");
            end = span["end"].as_u64().unwrap();
        }
        assert_eq!(end, html.len() as u64);
    }
    let article = &report["articles"][0];
    let first = &article["occurrences"][0];
    let [start, end, first_line, last_line] =
        ["start", "end", "first_line", "last_line"].map(|name| first[name].as_u64().unwrap() as usize);
    let cut = std::str::from_utf8(&pages[0].1[start..end]).unwrap();
    assert!(cut.contains(article["headline"].as_str().unwrap()), "{cut}");
    assert!(article["body"].as_str().unwrap().split("\n\n").all(|paragraph| cut.contains(paragraph)), "{cut}");
    let lines: Vec<&str> = std::str::from_utf8(&pages[0].1).unwrap().lines().collect();
    assert!(
        lines[first_line - 1].contains("<h1>") && lines[last_line - 1].ends_with("</p>"),
        "{first_line} {last_line}"
    );
}

#[test]
fn markup_in_containers_and_with_little_memory_is_the_same() {
    let (_, pages) = marked_up_seeds();
    let env = TestEnv::with(&pages);
    let files = env.report(". --spans");
    for (form, bytes) in [
        ("a.jsonl", forms::jsonl(&pages)),
        ("a.tar.gz", forms::gzip(&forms::tar(&pages))),
        ("a.warc", forms::warc(&pages, false)),
        ("a.csv", forms::csv(&pages, b',')),
    ] {
        let env = TestEnv::with(&[(form, bytes)]);
        for options in ["", "--memory 0", "--threads 1"] {
            let packed = env.report(&format!("{form} --spans {options}"));
            assert_eq!(super::found(&files), super::found(&packed), "{form} {options}");
            let maps = |report: &Value| -> Vec<Value> {
                report["pages"].as_array().unwrap().iter().map(|page| page["spans"].clone()).collect()
            };
            assert_eq!(maps(&files), maps(&packed), "{form} {options}");
        }
    }
}

#[test]
fn the_encoding_of_markup_is_found() {
    let text = "Городской совет утвердил новый мост через реку, строительство начнётся весной, сообщил мэр в среду.";
    let html =
        |meta: &str| format!("<html><head>{meta}</head><body><h1>Новый мост</h1>\n<p>{text}</p>\n</body></html>");
    let old = encoding_rs::WINDOWS_1251.encode(&html("<meta charset=\"windows-1251\">")).0.into_owned();
    let wrong = html("<meta charset=\"windows-1252\">").into_bytes();
    let env = TestEnv::with(&[("p/old.html", old.as_slice()), ("p/wrong.html", &wrong)]);
    let report = env.report("p");
    assert_eq!(report["summary"]["exact"], 1);
    assert_eq!(report["articles"][0]["headline"], "Новый мост");
    let first = &report["articles"][0]["occurrences"][0];
    let [start, end] = ["start", "end"].map(|name| first[name].as_u64().unwrap() as usize);
    let cut = encoding_rs::WINDOWS_1251.decode(&old[start..end]).0;
    assert!(cut.starts_with("Новый мост") && cut.ends_with(text) || cut.contains(text), "{cut}");
}
