//! What a reader stumbled over once.

use super::made::Made;
use crate::testenv::{TestEnv, page as story};
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn a_byte_order_mark_takes_no_headline_away() {
    let edited = story(1).replacen("number 1 was seen", "number 1 was heard", 1);
    let made = Made::of(TestEnv::with(&[("p/a.txt", story(1)), ("p/b.txt", format!("\u{feff}{edited}"))]), "p");
    let Some(mut page) = made.open() else { return };
    page.go("#article=0&copy=1");
    let differing: Vec<String> =
        page.get("[...document.querySelectorAll('#difference ins')].map(word => word.textContent.trim())");
    assert_eq!(differing, ["heard"]);
    page.go("#page=1");
    let framed: String =
        page.get("document.querySelector('#page-text [data-kind=headline]').closest('section.block').textContent");
    assert!(framed.contains("Story 1 of the day") && !framed.contains('\u{b7}'), "{framed}");
    page.expect_quiet();
}

#[test]
fn a_long_list_of_pages_is_shown_to_its_end() {
    let lines: String = (0..6000).map(|number| json!({"text": "Menu", "id": number}).to_string() + "\n").collect();
    let made = Made::of(TestEnv::with(&[("p.jsonl", lines)]), "p.jsonl");
    let Some(mut page) = made.open() else { return };
    page.go("#pages");
    for _ in 0..20 {
        if page.get::<bool>("document.querySelector('#detail .more')?.hidden ?? true") {
            break;
        }
        page.click("#detail .more");
    }
    assert_eq!(page.get::<usize>("document.querySelectorAll('#detail tbody tr').length"), 6000);
    page.expect_quiet();
}

#[test]
fn a_search_for_a_letter_does_not_drown_in_a_long_line() {
    let line = (0..2000).map(|number| story(number).replace('\n', " ")).collect::<String>();
    let made = Made::of(TestEnv::with(&[("p/a.txt", format!("A long line\n\n{line}\n"))]), "p --split none");
    let Some(mut page) = made.open() else { return };
    page.go("#article=0");
    page.until("document.body.dataset.searchable");
    for words in ["e", "the", "number"] {
        let began = Instant::now();
        page.run("document.querySelector('#search').value = ''");
        page.click("#search");
        page.keys(words);
        page.until("document.querySelector('#count').textContent.includes('1 article')");
        page.get::<f64>("new Promise(done => setTimeout(() => requestAnimationFrame(done), 400))");
        assert!(began.elapsed() < Duration::from_secs(10), "{words}: {:?}", began.elapsed());
        assert!(page.get::<usize>("document.querySelectorAll('#detail mark').length") <= 2100, "{words}");
    }
    page.expect_quiet();
}
