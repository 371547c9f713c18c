//! Containers: the same pages in every form, what records say of themselves, and damage.

mod damage;
mod filter;
pub mod forms;
mod html;

use crate::testenv::{TestEnv, skipped};
use forms::{Page, seeds};
use serde_json::{Value, json};

/// What is found, whatever the pages are called: article by article its id, headline and body, and its occurrences
/// without the names of their pages.
fn found(report: &Value) -> Value {
    let strip = |occurrence: &Value| {
        let mut occurrence = occurrence.clone();
        let fields = occurrence.as_object_mut().unwrap();
        ["page", "record", "meta"].into_iter().for_each(|name| drop(fields.remove(name)));
        occurrence
    };
    let list = |value: &Value, list: &str| value[list].as_array().cloned().unwrap_or_default();
    let article = |article: &Value| {
        json!([
            article["id"],
            article["headline"],
            article["captions"],
            article["body"],
            list(article, "occurrences").iter().map(strip).collect::<Vec<_>>(),
            list(article, "excerpt_of"),
            list(article, "excerpts").iter().map(strip).collect::<Vec<_>>(),
        ])
    };
    list(report, "articles").iter().map(article).collect()
}

#[track_caller]
fn names(report: &Value) -> Vec<String> {
    let pages = report["pages"].as_array().unwrap();
    pages.iter().map(|page| page["page"].as_str().unwrap().to_owned()).collect()
}

/// Every form gives what the files give, and calls its pages as stated.
#[track_caller]
fn check(form: &str, bytes: Vec<u8>, name: impl Fn(usize, &Page) -> String) {
    let pages = seeds();
    let env = TestEnv::with(&pages.iter().map(|(name, bytes)| (format!("p/{name}"), bytes)).collect::<Vec<_>>());
    env.write(form, bytes);
    let (files, packed) = (env.report("p --spans"), env.report(&format!("{form} --spans")));
    assert_eq!(found(&files), found(&packed), "{form}");
    let expected: Vec<String> = pages.iter().enumerate().map(|(at, page)| name(at, page)).collect();
    assert_eq!(names(&packed), expected);
    for memory in ["0", "20K"] {
        let spooled = env.report(&format!("{form} --spans --memory {memory} --threads 2"));
        assert_eq!(packed, spooled, "{form} with little memory");
    }
}

fn numbered(form: &str) -> impl Fn(usize, &Page) -> String {
    move |at, _| format!("{form}#{}", at + 1)
}

fn member(form: &str) -> impl Fn(usize, &Page) -> String {
    move |_, (name, _)| format!("{form}#news/{name}")
}

#[test]
fn lines_of_json_hold_pages() {
    check("news.jsonl", forms::jsonl(&seeds()), numbered("news.jsonl"));
}

#[test]
fn tables_hold_pages() {
    check("news.csv", forms::csv(&seeds(), b','), numbered("news.csv"));
    check("news.tsv", forms::csv(&seeds(), b'\t'), numbered("news.tsv"));
    check("semi.csv", forms::csv(&seeds(), b';'), numbered("semi.csv"));
}

#[test]
fn parquet_tables_hold_pages() {
    check("news.parquet", forms::parquet(&seeds(), 5), numbered("news.parquet"));
    check("news.parquet.gz", forms::gzip(&forms::parquet(&seeds(), 100)), numbered("news.parquet.gz"));
}

#[test]
fn archives_hold_pages() {
    check("news.tar", forms::tar(&seeds()), member("news.tar"));
    check("news.zip", forms::zip(&seeds()), member("news.zip"));
    check("news.zip.zst", forms::zstd(&forms::zip(&seeds())), member("news.zip.zst"));
}

#[test]
fn web_archives_hold_pages() {
    check("news.wet", forms::warc(&seeds(), false), |at, _| format!("news.wet#{}", at + 2));
    check("news.warc", forms::warc(&seeds(), true), |at, _| format!("news.warc#{}", 2 * at + 3));
}

#[test]
fn each_of_these_may_be_compressed() {
    check("a.jsonl.gz", forms::gzip(&forms::jsonl(&seeds())), numbered("a.jsonl.gz"));
    check("a.jsonl.zst", forms::zstd(&forms::jsonl(&seeds())), numbered("a.jsonl.zst"));
    check("a.tgz", forms::gzip(&forms::tar(&seeds())), member("a.tgz"));
    check("a.csv.bz2", forms::bzip2(&forms::csv(&seeds(), b',')), numbered("a.csv.bz2"));
    check("a.warc.xz", forms::xz(&forms::warc(&seeds(), false)), |at, _| format!("a.warc.xz#{}", at + 2));
}

#[test]
fn a_compressed_page_is_a_page_of_the_same_name() {
    let packed = |pack: fn(&[u8]) -> Vec<u8>, ending: &str| {
        let files = seeds().into_iter().map(|(name, bytes)| (format!("p/{name}{ending}"), pack(&bytes)));
        let env = TestEnv::with(&files.collect::<Vec<_>>());
        env.report("p --spans")
    };
    let plain = packed(<[u8]>::to_vec, "");
    for (pack, ending) in [(forms::gzip as fn(&[u8]) -> Vec<u8>, ".gz"), (forms::zstd, ".zst"), (forms::bzip2, ".bz2")]
    {
        let report = packed(pack, ending);
        assert_eq!(found(&plain), found(&report), "{ending}");
        let expected: Vec<String> = names(&plain).iter().map(|name| format!("{name}{ending}")).collect();
        assert_eq!(names(&report), expected);
        assert!(report["articles"][0]["occurrences"][0]["record"].is_null());
    }
}

#[test]
fn containers_in_containers_are_opened() {
    let inner = vec![("all.jsonl.gz".to_owned(), forms::gzip(&forms::jsonl(&seeds())))];
    check("deep.tar.gz", forms::gzip(&forms::tar(&inner)), |at, _| format!("deep.tar.gz#news/all.jsonl.gz#{}", at + 1));
}

#[test]
fn a_stream_may_be_a_container() {
    let env = TestEnv::empty();
    let ran = env.pipe("- -q --spans", forms::gzip(&forms::jsonl(&seeds())));
    assert_eq!(ran.code, 0);
    assert_eq!(names(&ran.report())[16], "-#17");
    assert_eq!(ran.report()["summary"]["articles"], 19);
}

#[test]
fn an_occurrence_says_which_record_it_is_in() {
    let env = TestEnv::with(&[("a.jsonl", forms::jsonl(&seeds())), ("b.tar", forms::tar(&seeds()))]);
    let report = env.report("a.jsonl b.tar --meta-field day --meta-field none");
    let occurrences = report["articles"][0]["occurrences"].as_array().unwrap();
    assert_eq!(occurrences.len(), 8);
    assert_eq!(occurrences[1]["record"], json!({"container":"a.jsonl","number":2,"id":page_id(1)}));
    assert_eq!(occurrences[1]["meta"], json!({"day":7}));
    let name = format!("news/{}", seeds()[1].0);
    assert_eq!(occurrences[5]["record"], json!({"container":"b.tar","number":2,"id":name}));
    assert_eq!(report["parameters"]["meta_fields"], json!(["day", "none"]));
}

fn page_id(at: usize) -> String {
    forms::page_id(&seeds()[at])
}

#[test]
fn a_web_archive_says_where_its_pages_were() {
    let env = TestEnv::with(&[("a.warc", forms::warc(&seeds(), true))]);
    let report = env.report("a.warc --meta-field WARC-Type");
    let first = &report["articles"][0]["occurrences"][0];
    let uri = format!("http://news.example/{}", seeds()[0].0);
    assert_eq!(first["record"], json!({"container":"a.warc","number":3,"id":format!("urn:{}", page_id(0)),"uri":uri}));
    assert_eq!(first["meta"], json!({"WARC-Type":"response"}));
    assert_eq!(report["summary"]["ignored"], 18, "the header and the requests");
}

#[test]
fn the_field_of_the_text_can_be_named() {
    let env = TestEnv::with(&[(
        "a.jsonl",
        "{\"text\":\"x\",\"news\":{\"en\":\"One story\\n\\nTold once.\"},\"key\":\"k1\"}\n{\"text\":\"y\"}\n",
    )]);
    let ran = env.run("a.jsonl -q --split none --text-field news.en --id-field key");
    assert_eq!(ran.code, 3);
    let report = ran.report();
    assert_eq!(report["articles"][0]["body"], "One story\n\nTold once.");
    assert_eq!(report["articles"][0]["occurrences"][0]["record"]["id"], "k1");
    let why = "no text in a field 'news.en' (--text-field NAME); it has: text";
    assert_eq!(skipped(&report), [("a.jsonl#2".to_owned(), why.to_owned())]);
}

#[test]
fn the_form_can_be_named() {
    let env = TestEnv::with(&[("news.txt", "{\"text\":\"One story\"}\n"), ("table", "text\nOne story\n")]);
    let bodies = |line: &str| {
        let report = env.report(&format!("{line} --split none"));
        report["articles"][0]["body"].as_str().unwrap().to_owned()
    };
    assert_eq!(bodies("news.txt"), "One story");
    assert_eq!(bodies("news.txt --input-format text"), "{\"text\":\"One story\"}");
    assert_eq!(bodies("table --input-format csv"), "One story");
    env.run("table --input-format doc").fails(2, "[possible values: text, html, jsonl, csv, warc, parquet]");
}

#[test]
fn globs_choose_files_in_archives_too() {
    let env = TestEnv::with(&[("a.tar", forms::tar(&seeds()))]);
    let report = env.report("a.tar --spans --include 00*.txt --exclude 003*");
    assert_eq!(names(&report).len(), 9);
    assert_eq!(report["summary"]["ignored"], 8);
}

#[test]
fn explain_finds_records() {
    let env = TestEnv::with(&[("a.jsonl", forms::jsonl(&seeds()))]);
    let ran = env.run("explain a.jsonl#1 a.jsonl#4 a.jsonl");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(String::from_utf8_lossy(&ran.out).starts_with("The same article, near"));
}

#[test]
fn a_container_with_nothing_in_it_is_passed_over_and_counted() {
    let env = TestEnv::with(&[
        ("p/a.zip", forms::zip(&[])),
        ("p/b.txt", crate::testenv::page(1).into_bytes()),
        ("p/c.jsonl", Vec::new()),
        ("p/d.csv", b"id,text\n".to_vec()),
    ]);
    let report = env.report("p");
    assert_eq!((&report["summary"]["pages"], &report["summary"]["ignored"]), (&json!(1), &json!(3)));
}

#[test]
fn a_column_that_is_carried_along_is_not_the_text() {
    let env = TestEnv::with(&[("a.parquet", forms::parquet(&seeds(), 100))]);
    let plain = env.report("a.parquet");
    for options in ["--meta-field id", "--text-field text --id-field day --meta-field text"] {
        assert_eq!(found(&plain), found(&env.report(&format!("a.parquet {options}"))), "{options}");
    }
}

#[test]
fn folders_links_and_hidden_files_of_an_archive_are_no_pages() {
    use std::io::Write;
    let text = crate::testenv::page(1);
    let mut packed = tar::Builder::new(Vec::new());
    let mut add = |kind: tar::EntryType, name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        packed.append_data(&mut header, name, bytes).unwrap();
    };
    add(tar::EntryType::Directory, "news/", b"");
    add(tar::EntryType::Regular, "news/a.txt", text.as_bytes());
    add(tar::EntryType::Regular, "news/.a.txt", text.as_bytes());
    add(tar::EntryType::Regular, "__MACOSX/a.txt", text.as_bytes());
    add(tar::EntryType::Fifo, "news/pipe", b"");
    add(tar::EntryType::Regular, "news/a.txt", text.as_bytes());
    let mut zipped = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zipped.add_directory("news", options).unwrap();
    zipped.add_symlink("news/link.txt", "a.txt", options).unwrap();
    for name in ["news/a.txt", "news/.a.txt"] {
        zipped.start_file(name, options).unwrap();
        zipped.write_all(text.as_bytes()).unwrap();
    }
    let zipped = zipped.finish().unwrap().into_inner();
    let env = TestEnv::with(&[("p/a.tar", packed.into_inner().unwrap()), ("p/a.zip", zipped)]);
    let report = env.report("p --spans");
    assert_eq!(names(&report), ["p/a.tar#news/a.txt", "p/a.tar#news/a.txt#6", "p/a.zip#news/a.txt"]);
    assert_eq!(report["summary"]["ignored"], 5);
    assert_eq!(names(&env.report("p --spans --hidden")).len(), 6);
}

#[test]
fn a_record_of_a_web_archive_that_says_too_little_costs_itself_alone() {
    let text = crate::testenv::page(1);
    let archive = format!(
        "WARC/1.0\r\nWARC-Type: conversion\r\n\r\n\
         WARC/1.0\r\nWARC-Type: response\r\nContent-Type: text/dns\r\nContent-Length: 4\r\n\r\nnone\r\n\r\n\
         WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://news.example/gate\r\n\
         X-Note: set in\r\n\ttwo lines\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
        text.len()
    );
    let env = TestEnv::with(&[("p/a.warc", archive)]);
    let ran = env.run("p -q --spans --meta-field X-Note");
    let report = ran.report();
    assert_eq!((ran.code, names(&report)), (3, vec!["p/a.warc#3".to_owned()]));
    let skipped = crate::testenv::skipped(&report);
    assert_eq!(skipped[0], ("p/a.warc#1".to_owned(), "a record that does not say how long it is".to_owned()));
    let found = &report["articles"][0]["occurrences"][0];
    assert_eq!(found["record"]["uri"], "http://news.example/gate");
    assert_eq!(found["meta"]["X-Note"], "set in two lines");
}
