//! `newsdedup verify`: what holds is said to hold, and every kind of tampering is found and named.

use crate::testenv::{TestEnv, page};
use serde_json::Value;
use std::fs;

/// What is broken: the law, and of what.
#[track_caller]
fn broken(env: &TestEnv, line: &str) -> Vec<(String, String)> {
    let ran = env.run(&format!("{line} --format json"));
    let answer = ran.report();
    assert_eq!((ran.err.as_str(), ran.code), ("", if answer["holds"] == true { 0 } else { 1 }));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let broken = answer["broken"].as_array().unwrap();
    assert_eq!(broken.is_empty(), answer["holds"] == true);
    let mut broken: Vec<_> = broken.iter().map(|finding| (text(&finding["law"]), text(&finding["of"]))).collect();
    broken.dedup();
    broken
}

/// Two different pages, an exact and an edited copy of the first, one of two articles, and the output of a run.
fn env(options: &str) -> TestEnv {
    let env = TestEnv::sample();
    env.write("p/edited.txt", page(1).replacen("was seen", "was heard", 1));
    env.write("p/two.txt", format!("{}\n\n{}", page(3), page(2)));
    env.write("p/utf-16.txt", page(4).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    env.report_into(&format!("p -o out {options}"));
    env
}

/// Changes the report of the output.
fn change(env: &TestEnv, change: impl FnOnce(&mut Value)) {
    let mut report: Value = serde_json::from_slice(&env.read("out/report.json")).unwrap();
    change(&mut report);
    env.write("out/report.json", report.to_string());
}

#[track_caller]
fn finds(env: &TestEnv, line: &str, law: &str, of: &str) {
    let broken = broken(env, line);
    assert!(broken.contains(&(law.to_owned(), of.to_owned())), "{law} {of} is not in {broken:?}");
}

#[test]
fn what_was_written_holds() {
    for options in
        ["", "--spans", "--spans --archive", "--archive --quotes", "--split none --format jsonl", "--keep last --spans"]
    {
        let env = env(options);
        for line in ["verify out", "verify out .", "verify out p", "verify out -q"] {
            let ran = env.run(line);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{options}: {}", String::from_utf8_lossy(&ran.out));
            assert_eq!(ran.out.is_empty(), line.contains("-q"));
        }
    }
}

#[test]
fn the_pages_may_be_elsewhere_or_gone() {
    let env = env("--spans");
    fs::create_dir(env.path("moved")).unwrap();
    fs::rename(env.path("p"), env.path("moved/q")).unwrap();
    env.run("verify out").fails(2, "none of the pages is where the report says; give the folder that they are in");
    assert_eq!(env.run("verify out moved/q").code, 0);
    env.run("verify out out/articles").fails(2, "none of the pages is in 'out/articles'");
}

#[test]
fn with_an_archive_the_pages_are_not_needed() {
    let env = env("--spans --archive");
    fs::remove_dir_all(env.path("p")).unwrap();
    assert_eq!(env.run("verify out").code, 0);
    assert_eq!(env.run("verify out/archive.newsdedup").code, 0);
    finds(&env, "verify out .", "page", "p/a.txt");
}

#[test]
fn a_changed_page_is_found() {
    for (options, law) in [("--spans", "page"), ("--spans", "digest"), ("", "digest"), ("--split none", "digest")] {
        let env = env(options);
        let text = page(1).replacen("was seen", "was sewn", 1);
        env.write("p/copy of a.txt", text);
        finds(&env, "verify out", law, "p/copy of a.txt");
        assert!(broken(&env, "verify out").iter().all(|(_, of)| of == "p/copy of a.txt"));
    }
    let env = env("--archive");
    env.write("p/b.txt", page(2).replacen("was seen", "was sewn", 1));
    assert_eq!(broken(&env, "verify out ."), [("archive".to_owned(), "p/b.txt".to_owned())]);
}

#[test]
fn a_missing_or_shorter_page_is_found() {
    for options in ["--spans", ""] {
        let env = env(options);
        fs::remove_file(env.path("p/b.txt")).unwrap();
        finds(&env, "verify out", "page", "p/b.txt");
        env.write("p/b.txt", &page(2)[..40]);
        finds(&env, "verify out", "place", "p/b.txt");
    }
}

#[test]
fn a_changed_span_is_found() {
    let changes: [fn(&mut Value); 5] = [
        |spans| spans[1]["start"] = 0.into(),
        |spans| spans[0]["end"] = spans[0]["start"].clone(),
        |spans| drop(spans.as_array_mut().unwrap().remove(2)),
        |spans| drop(spans.as_array_mut().unwrap().pop()),
        |spans| spans[0]["article"] = "0".repeat(64).into(),
    ];
    for tamper in changes {
        let env = env("--spans");
        change(&env, |report| tamper(&mut report["pages"][0]["spans"]));
        finds(&env, "verify out", "spans", "p/a.txt");
    }
    let env = env("--spans");
    change(&env, |report| {
        let spans = report["pages"][0]["spans"].as_array_mut().unwrap();
        spans.iter_mut().rfind(|span| span["kind"] == "body").unwrap()["kind"] = "furniture".into();
    });
    finds(&env, "verify out", "digest", "p/a.txt");
}

#[test]
fn a_changed_digest_is_found() {
    let other = "ab".repeat(32);
    for options in ["--spans", ""] {
        let env = env(options);
        change(&env, |report| report["articles"][0]["occurrences"][1]["sha256"] = other.clone().into());
        let id = serde_json::from_slice::<Value>(&env.read("out/report.json")).unwrap()["articles"][0]["id"].clone();
        finds(&env, "verify out", "article", id.as_str().unwrap());
    }
    let env = env("--spans");
    change(&env, |report| {
        let occurrences = report["articles"][0]["occurrences"].as_array_mut().unwrap();
        occurrences.iter_mut().find(|one| one["match"] == "near").unwrap()["sha256"] = other.clone().into();
    });
    finds(&env, "verify out", "digest", "p/edited.txt");
    change(&env, |report| report["pages"][0]["sha256"] = other.clone().into());
    finds(&env, "verify out", "page", "p/a.txt");
    change(&env, |report| report["articles"][1]["id"] = other.clone().into());
    finds(&env, "verify out", "article", &other);
}

#[test]
fn swapped_occurrences_are_found() {
    for options in ["--spans", "", "--split none"] {
        let env = env(options);
        change(&env, |report| {
            let first = report["articles"][0]["occurrences"][0]["page"].take();
            let second = report["articles"][1]["occurrences"][0]["page"].take();
            report["articles"][0]["occurrences"][0]["page"] = second;
            report["articles"][1]["occurrences"][0]["page"] = first;
        });
        // The article of the one page is longer than the other page.
        finds(&env, "verify out", "place", "p/b.txt");
        finds(&env, "verify out", "digest", "p/a.txt");
    }
}

#[test]
fn another_place_is_found() {
    for (field, add) in [("start", 5), ("end", 100_000), ("first_line", 1), ("last_line", 2)] {
        let env = env("--spans");
        change(&env, |report| {
            let place = &mut report["articles"][0]["occurrences"][0][field];
            *place = (place.as_u64().unwrap() + add).into();
        });
        let broken = broken(&env, "verify out");
        assert!(
            broken.iter().any(|(law, of)| of == "p/a.txt" && ["place", "spans"].contains(&law.as_str())),
            "{field}: {broken:?}"
        );
    }
}

#[test]
fn a_changed_text_is_found() {
    let env = env("");
    change(&env, |report| {
        let body = report["articles"][0]["body"].as_str().unwrap().replacen("was seen", "was sewn", 1);
        report["articles"][0]["body"] = body.into();
    });
    let laws: Vec<String> = broken(&env, "verify out").into_iter().map(|(law, _)| law).collect();
    assert_eq!(laws, ["digest", "digest", "article", "file"]);
}

#[test]
fn files_of_articles_are_compared() {
    let env = env("");
    let names = env.names("out/articles");
    let of = |name: &str| format!("out/articles/{name}");
    env.write(of(&names[0]), "another text\n");
    fs::remove_file(env.path(of(&names[1]))).unwrap();
    env.write(of("A-story-0123456789abcdef.txt"), "nobody's\n");
    let found = broken(&env, "verify out");
    let expected = [names[0].as_str(), names[1].as_str(), "A-story-0123456789abcdef.txt"];
    let mut expected: Vec<_> = expected.iter().map(|name| ("file".to_owned(), format!("articles/{name}"))).collect();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_changed_archive_is_found() {
    let env = env("--archive");
    let whole = env.read("out/archive.newsdedup");
    let mut bytes = whole.clone();
    bytes[100] ^= 1;
    env.write("out/archive.newsdedup", &bytes);
    finds(&env, "verify out", "archive", "p/a.txt");
    env.write("out/archive.newsdedup", &whole[..whole.len() - 1]);
    finds(&env, "verify out", "archive", "out/archive.newsdedup");
    env.write("out/archive.newsdedup", "newsdedup archive 1\n");
    finds(&env, "verify out", "page", "p/a.txt");
    env.write("out/archive.newsdedup", "newsdedup");
    env.run("verify out").fails(2, "is no archive of newsdedup");
}

#[test]
fn hostile_names_do_not_steer_a_terminal() {
    let env = TestEnv::with(&[("p/\u{1b}[31mred\n\u{202e}", page(1)), ("p/b", page(2))]);
    env.report_into("p -o out --spans");
    fs::remove_file(env.path("p/\u{1b}[31mred\n\u{202e}")).unwrap();
    let ran = env.run("verify out");
    let text = String::from_utf8(ran.out).unwrap();
    assert!(ran.code == 1 && text.contains("page: p/\\u{1b}[31mred\\n\\u{202e}: it is not there"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn nothing_to_verify_is_an_error() {
    let env = TestEnv::sample();
    env.run("verify p").fails(2, "'p' holds no report.json, no report.jsonl and no archive");
    env.run("verify nope").fails(2, "cannot read 'nope': no such file or directory");
    env.run("verify p/a.txt").fails(2, "cannot read the report 'p/a.txt'");
    let report = env.run("p -q").out;
    env.write("cut.json", &report[..report.len() / 2]);
    env.run("verify cut.json").fails(2, "line");
}

#[test]
fn threads_do_not_show() {
    let env = env("--spans");
    env.write("p/a.txt", page(8));
    env.write("p/b.txt", page(9));
    let first = env.run("verify out --threads 1");
    assert_eq!((first.code, env.run("verify out --threads 4")), (1, first));
}

#[test]
fn articles_without_their_folder_are_missed() {
    let env = env("--spans");
    fs::remove_dir_all(env.path("out/articles")).unwrap();
    assert_eq!(broken(&env, "verify out"), [("file".to_owned(), "articles".to_owned())]);
}

#[cfg(feature = "compression")]
#[test]
fn what_cannot_be_verified_is_said() {
    let env = env("--archive --format csv");
    let ran = env.run("verify out -q");
    let said = "not verified: articles, report.csv: only a report in JSON or JSON lines can be\n";
    assert_eq!((String::from_utf8(ran.out).unwrap().as_str(), ran.code), (said, 0));
    let answer = env.run("verify out --format json").report();
    assert_eq!(answer["unverified"], serde_json::json!(["articles", "report.csv"]));
    env.report_into("p -o json --archive");
    assert_eq!(env.run("verify json --format json").report()["unverified"], serde_json::json!([]));
    fs::remove_file(env.path("out/report.csv")).unwrap();
    fs::remove_dir_all(env.path("out/articles")).unwrap();
    assert!(String::from_utf8(env.run("verify out").out).unwrap().ends_with(" pages in the archive: all holds\n"));
}

#[test]
fn pages_are_found_wherever_most_of_them_are() {
    let env = TestEnv::empty();
    (0..210).for_each(|number| env.write(format!("p/{number:03}.txt"), format!("{}{number}\n", page(number % 20))));
    env.report_into("p -o out --spans");
    fs::rename(env.path("p"), env.path("moved")).unwrap();
    for number in 0..205 {
        fs::remove_file(env.path(format!("moved/{number:03}.txt"))).unwrap();
    }
    let broken = broken(&env, "verify out moved");
    assert_eq!(broken.len(), 205);
    assert!(broken.iter().all(|(law, of)| law == "page" && of.as_str() < "p/205"), "{broken:?}");
}

#[test]
fn pages_are_found_whatever_way_leads_to_them() {
    let env = TestEnv::with(&[("p/%3", page(1)), ("p/b.txt", page(2)), ("p/c.txt", page(1)), ("from/here", page(3))]);
    let run = |options: &str| {
        let line = format!("../p -q -o ../out {options}");
        let mut command = env.command(line.split_whitespace());
        assert_eq!(command.current_dir(env.path("from")).status().unwrap().code(), Some(0));
    };
    run("--spans");
    for line in ["verify out p", "verify out ."] {
        assert_eq!(broken(&env, line), [], "{line}");
    }
    if cfg!(feature = "compression") {
        run("--spans --archive");
        assert_eq!(env.run("restore out back").code, 0);
        for line in ["verify out", "verify out p", "verify out .", "verify out back"] {
            assert_eq!(broken(&env, line), [], "{line}");
        }
    }
}

#[cfg(feature = "compression")]
#[test]
fn behind_a_damaged_list_pages_are_where_they_were() {
    let record = |number: usize, slash: &str| {
        let id = format!("d{slash}{number:04}");
        serde_json::json!({ "id": id, "text": format!("{} {number}{slash}", page(number % 7)) }).to_string() + "\n"
    };
    let lines: String = ["/", "//"].iter().flat_map(|slash| (0..900).map(|number| record(number, slash))).collect();
    let env = TestEnv::with(&[("news.jsonl", lines)]);
    env.report_into("news.jsonl -o out --archive --near off");
    assert_eq!(env.run("restore out back").code, 0);
    let mut archive = env.read("out/archive.newsdedup");
    let list = memchr::memmem::find(&archive, b"\xf5ndup\r\n\x1aP").unwrap();
    archive[list + 60] ^= 1;
    env.write("cut", archive);
    let answer = env.run("verify cut back --format json").report();
    let broken = answer["broken"].as_array().unwrap();
    let is_lost = |it: &Value| it["what"].as_str().unwrap().contains("where it is listed");
    assert!(broken.len() > 100 && broken.len() < 1800 && broken.iter().all(is_lost), "{}", broken.len());
}
