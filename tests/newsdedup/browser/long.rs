//! Very long words, lines, pages and differences: shown soon, and within the window.

use super::made::{Made, has_match};
use super::page::Page;
use crate::testenv::{TestEnv, page as story};
use std::time::{Duration, Instant};

/// The longest that a view may take to be there, on a slow machine that does other things, too.
const SOON: Duration = Duration::from_secs(10);

/// Sentences of our own invention, as many as are asked for, no two the same.
fn sentences(count: usize) -> Vec<String> {
    let stories = (0..count.div_ceil(3)).map(|number| {
        let text = story(number);
        text.split("\n\n").skip(1).map(|sentence| sentence.trim().to_owned()).collect::<Vec<_>>()
    });
    stories.flatten().take(count).collect()
}

/// Goes to a view and gives how long it took to be there.
fn timed(page: &mut Page, view: &str, ready: &str) -> Duration {
    let began = Instant::now();
    page.go(view);
    page.until(ready);
    began.elapsed()
}

#[track_caller]
fn expect_no_scrolling_to_the_side(page: &mut Page, view: &str) {
    let wide: Vec<String> = page.get(
        "[document.documentElement, document.querySelector('#detail')]
            .filter(box => box.scrollWidth > box.clientWidth).map(box => `${box.nodeName} ${box.scrollWidth}`)",
    );
    assert!(wide.is_empty(), "{view}: {wide:?}");
}

#[test]
fn endless_words_and_lines_stay_within_the_window() {
    let word = "Donaudampfschifffahrtsgesellschaft".repeat(3000);
    let headline = format!("Harbour {} reopens", "abcdefghij".repeat(40));
    let text = |addition: &str| {
        let body = sentences(6).join("\n\n");
        format!("{headline}\n\nMay 5, 2031 - 08:17\n\n{body}\n\n{word} {addition}\n\n{}\n", "and so on ".repeat(20_000))
    };
    let name = "n".repeat(200);
    let files = [(format!("p/{name}.txt"), text("was said")), (format!("p/{name}/{name}.txt"), text("was sung"))];
    let made = Made::of(TestEnv::with(&files), "p");
    let Some(mut page) = made.open() else { return };
    for width in [1280, 390] {
        page.size(width, 800);
        for (view, ready) in [
            ("#overview", "true"),
            ("#article=0", "document.querySelector('#text p')"),
            ("#article=0&copy=1", "document.querySelector('#difference')"),
            ("#page=0", "document.querySelector('#page-text [data-kind=body]')"),
            ("#pages", "true"),
        ] {
            let took = timed(&mut page, view, ready);
            assert!(took < SOON, "{view}: {took:?}");
            expect_no_scrolling_to_the_side(&mut page, view);
            page.screenshot(&format!("long-{width}-{}", view.replace(['#', '=', '&'], "")));
        }
    }
    page.expect_quiet();
}

#[test]
fn a_page_of_very_many_lines_is_there_soon_and_to_its_end() {
    let lines = sentences(6000);
    let end = "The last sentence of them all was read by nobody but the keeper of the harbour archive.";
    let text = format!("A very long day\n\nMay 5, 2031 - 08:17\n\n{}\n\n{end}\n", lines.join("\n\n"));
    let made = Made::of(TestEnv::with(&[("p/a.txt", text), ("p/b.txt", story(7000))]), "p");
    let Some(mut page) = made.open() else { return };
    let took = timed(&mut page, "#page=0", "document.querySelector('#page-text [data-kind=body]')");
    assert!(took < SOON, "{took:?}");
    let more = "document.querySelector('#detail button.more:not([hidden])')";
    while page.get::<bool>(&format!("{more} !== null")) {
        let before: usize = page.get("document.querySelectorAll('#page-text [data-kind]').length");
        page.click("#detail button.more:not([hidden])");
        page.until(&format!("document.querySelectorAll('#page-text [data-kind]').length > {before}"));
    }
    assert!(page.get::<String>("document.querySelector('#page-text').textContent").contains(end));
    page.expect_quiet();
}

#[test]
fn the_difference_of_two_very_long_texts_is_there_soon() {
    let sentences = sentences(1500);
    let joined = |sentences: &[String], change: usize| {
        let sentences = sentences.iter().enumerate();
        let edited = sentences.map(|(at, sentence)| match at % change {
            0 => sentence.replace("was seen again", "has never been heard of since"),
            1 if change == 7 => String::new(),
            _ => sentence.clone(),
        });
        edited.collect::<Vec<_>>().join("\n\n")
    };
    let files = [("p/a.txt", joined(&sentences, usize::MAX)), ("p/b.txt", joined(&sentences, 7))];
    let made = Made::of(TestEnv::with(&files), "p --split none");
    assert!(has_match(&made.articles()[0], "near"), "{}", made.json["summary"]);
    let Some(mut page) = made.open() else { return };
    let took = timed(&mut page, "#article=0&copy=1", "document.querySelector('#difference ins')");
    assert!(took < SOON, "{took:?}");
    page.screenshot("long-difference");
    page.expect_quiet();
}
