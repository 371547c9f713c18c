//! What is shown of articles, copies, pages and quotes, against the JSON report and the pages themselves.

use super::made::{Made, name_bytes, occurrences};
use super::page::Page;
use serde_json::Value;
use std::path::Path;

/// Words of a text, for comparing what is shown with what is stored. A byte order mark may be shown as a dot.
fn words(text: &str) -> Vec<String> {
    text.trim_start_matches(['\u{feff}', '\u{b7}']).split_whitespace().map(str::to_owned).collect()
}

/// Letters and digits only: quotes end at words, whatever stands between them.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A page of a report as it is stored, if it is UTF-8.
fn stored(made: &Made, name: &Value) -> Option<String> {
    String::from_utf8(bytes(made, name)).ok()
}

fn bytes(made: &Made, name: &Value) -> Vec<u8> {
    made.env.read(Path::new(std::str::from_utf8(&name_bytes(name)).unwrap()))
}

/// What stands in a place, be the page UTF-8 or UTF-16.
fn piece(made: &Made, at: &Value) -> String {
    let page = bytes(made, &at["page"]);
    if !page.starts_with(b"\xff\xfe") {
        return std::str::from_utf8(&page[range(at)]).unwrap().to_owned();
    }
    let units: Vec<u16> = page[range(at)].chunks(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    String::from_utf16(&units).unwrap()
}

/// The map of a page.
fn map<'m>(made: &'m Made, name: &Value) -> &'m [Value] {
    let pages = made.list("pages");
    pages.iter().find(|page| page["page"] == *name).unwrap()["spans"].as_array().unwrap()
}

fn range(at: &Value) -> std::ops::Range<usize> {
    at["start"].as_u64().unwrap() as usize..at["end"].as_u64().unwrap() as usize
}

/// Words of a block's spans of some kinds; of headlines and captions each line counts once.
fn block_words(made: &Made, at: &Value, kind: &str) -> Vec<String> {
    let (text, block) = (stored(made, &at["page"]).unwrap(), range(at));
    let spans = map(made, &at["page"]).iter().filter(|span| span["kind"] == kind).map(range);
    // A block ends before the line's end, which belongs to its last span.
    let spans = spans.filter(|span| block.contains(&span.start));
    let mut lines: Vec<String> =
        spans.flat_map(|span| text[span].lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>()).collect();
    if kind == "headline" {
        let mut seen = Vec::new();
        lines.retain(|line| {
            !seen.contains(line) && {
                seen.push(line.clone());
                true
            }
        });
    }
    lines.iter().flat_map(|line| words(line)).collect()
}

#[test]
fn an_article_shows_its_text_and_its_places() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    for (number, article) in made.articles().iter().enumerate() {
        page.go(&format!("#article={number}"));
        let headline = article["headline"].as_str().unwrap().replace('\n', " ");
        page.until(&format!("document.querySelector('#detail h2').textContent === {}", Value::from(headline)));
        let shown: Vec<String> = page.get("[...document.querySelectorAll('#text p')].map(p => p.textContent)");
        assert_eq!(shown.join("\n\n"), article["body"].as_str().unwrap(), "{number}");
        let all: String = page.get("document.querySelector('#detail').innerText");
        for caption in article["captions"].as_array().unwrap() {
            assert!(all.contains(caption.as_str().unwrap()), "{caption}");
        }
        let places = occurrences(article);
        if places.len() > 1 {
            expect_copies(&mut page, places);
        }
        assert!(places.iter().all(|at| all.contains(at["page"].as_str().unwrap())), "{number}: {all}");
    }
    page.expect_quiet();
}

/// Expects one row of the table for each place, with what the report says of it.
fn expect_copies(page: &mut Page, places: &[Value]) {
    let rows: Vec<(String, bool)> = page.get(
        "[...document.querySelectorAll('#copies tr[data-copy]')]
            .map(row => [row.innerText.replaceAll('\\u2013', '-'), row.querySelector('a.compare') !== null])",
    );
    assert_eq!(rows.len(), places.len());
    for ((row, compare), at) in rows.iter().zip(places) {
        let lines = format!("{}-{}", at["first_line"], at["last_line"]);
        assert!(row.contains(at["page"].as_str().unwrap()) && row.contains(&lines), "{row}: {at}");
        assert_eq!(*compare, at["match"] != "kept", "{row}");
        let word = match at["match"].as_str().unwrap() {
            "near" => format!("{} %", (at["similarity"].as_f64().unwrap() * 100.0).floor()),
            other => other.to_owned(),
        };
        assert!(row.to_lowercase().contains(&word), "{word} is not in {row}");
    }
}

#[test]
fn the_difference_of_an_edited_copy_is_all_that_differs_and_nothing_else() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let mut compared = 0;
    for (number, article) in made.articles().iter().enumerate() {
        let kept = occurrences(article).iter().find(|at| at["match"] == "kept").unwrap();
        for (copy, at) in occurrences(article).iter().enumerate().filter(|(_, at)| at["match"] == "near") {
            page.go(&format!("#article={number}"));
            page.click(&format!("#copies tr[data-copy='{copy}'] a.compare"));
            page.until(&format!("location.hash === '#article={number}&copy={copy}'"));
            page.until("document.querySelector('#difference ins, #difference del')");
            show_in_full(&mut page);
            expect_sides(&made, &mut page, kept, at);
            compared += 1;
        }
    }
    assert_eq!(compared, 2);
    page.expect_quiet();
}

/// Turns the switch on that shows what is equal.
fn show_in_full(page: &mut Page) {
    page.run(
        "const label = [...document.querySelectorAll('#detail label, #detail button')]
            .find(label => label.textContent.includes('Show what is equal in full'));
        (label.control ?? label).id ||= 'show-in-full';
        label.id = 'switch'; if (label.control?.checked) label.click()",
    );
    page.click("#switch");
    page.until("!document.querySelector('#difference button')");
}

/// Expects every word of both sides, and the same words on both without those that are marked.
fn expect_sides(made: &Made, page: &mut Page, kept: &Value, copy: &Value) {
    let (mut equal, mut all) = (Vec::new(), Vec::new());
    for (side, mark, at) in [("kept", "del", kept), ("copy", "ins", copy)] {
        let mut text = |without: &str| -> String {
            page.get(&format!(
                "[...document.querySelectorAll('#difference .{side} p')].map(p => {{
                    const copy = p.cloneNode(true);
                    copy.querySelectorAll('{without}').forEach(marked => marked.remove());
                    return copy.textContent }}).join('\\n')"
            ))
        };
        let expected = [block_words(made, at, "headline"), block_words(made, at, "body")].concat();
        assert_eq!(words(&text("none")), expected, "{side}");
        equal.push(words(&text(mark)));
        all.push(expected);
        let other = if mark == "del" { "ins" } else { "del" };
        assert_eq!(page.get::<usize>(&format!("document.querySelectorAll('#difference .{side} {other}').length")), 0);
    }
    assert_eq!(equal[0], equal[1]);
    // No word is said to differ that need not, but for some at the edges of paragraphs.
    let most = common(&all[0], &all[1]);
    assert!(equal[0].len() * 20 >= most * 19, "{} of {most} common words are shown as equal", equal[0].len());
}

/// How many words two texts have in common at most, in order.
fn common(a: &[String], b: &[String]) -> usize {
    let mut best = vec![0; b.len() + 1];
    for word in a {
        let mut diagonal = 0;
        for (at, other) in b.iter().enumerate() {
            let above = best[at + 1];
            best[at + 1] = if word == other { diagonal + 1 } else { above.max(best[at]) };
            diagonal = above;
        }
    }
    best[b.len()]
}

#[test]
fn the_difference_of_an_exact_copy_is_nothing() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let mut compared = 0;
    for (number, article) in made.articles().iter().enumerate() {
        for (copy, _) in occurrences(article).iter().enumerate().filter(|(_, at)| at["match"] == "exact") {
            page.go(&format!("#article={number}&copy={copy}"));
            page.until("document.querySelector('#difference')");
            show_in_full(&mut page);
            page.until("document.querySelectorAll('#difference .copy p').length > 1");
            assert_eq!(page.get::<usize>("document.querySelectorAll('#difference :is(ins, del)').length"), 0);
            compared += 1;
        }
    }
    assert_eq!(compared, 4);
    page.expect_quiet();
}

/// Neighbours of one kind as one.
fn merged(spans: impl IntoIterator<Item = (String, String)>) -> Vec<(String, Vec<String>)> {
    let mut merged: Vec<(String, Vec<String>)> = Vec::new();
    for (kind, text) in spans {
        match merged.last_mut() {
            Some((last, all)) if *last == kind => all.extend(words(&text)),
            _ => merged.push((kind, words(&text))),
        }
    }
    merged
}

/// Opens a page from the list of pages.
fn open_page(page: &mut Page, name: &str) {
    page.go("#pages");
    let links = "[...document.querySelectorAll('#detail a[href^=\"#page=\"]')]";
    let link: String =
        page.get(&format!("{links}.find(link => link.textContent === {}).getAttribute('href')", Value::from(name)));
    page.click(&format!("#detail a[href=\"{link}\"]"));
    page.until("document.querySelector('#detail').dataset.view === 'page'");
}

#[test]
fn a_page_shows_every_byte_as_what_it_was_taken_for() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    for about in made.list("pages") {
        let name = about["page"].as_str().unwrap();
        open_page(&mut page, name);
        page.until(&format!("document.querySelector('#detail h2').textContent === {}", Value::from(name)));
        let shown: Vec<(String, String)> = page.get(
            "[...document.querySelectorAll('#page-text [data-kind]')]
                .map(span => [span.dataset.kind, span.textContent])",
        );
        let spans = about["spans"].as_array().unwrap();
        let kinds = |spans: Vec<(String, Vec<String>)>| spans.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        let Some(text) = stored(&made, &about["page"]) else {
            let expected = spans.iter().map(|span| (span["kind"].as_str().unwrap().to_owned(), String::new()));
            assert_eq!(kinds(merged(shown)), kinds(merged(expected)), "{name}");
            continue;
        };
        let expected = spans.iter().map(|span| (span["kind"].as_str().unwrap().to_owned(), text[range(span)].into()));
        assert_eq!(merged(shown), merged(expected), "{name}");
        let quotes = made.list("quotes").iter().enumerate();
        for (quote, places) in quotes.map(|(quote, about)| (quote, about["in"].as_array().unwrap())) {
            let here = places.iter().filter(|place| place["page"] == about["page"]);
            let expected: String = here.map(|place| letters(&text[range(place)])).collect();
            let marked: Vec<String> = page.get(&format!(
                "[...document.querySelectorAll('#page-text mark[data-quote=\"{quote}\"]')].map(m => m.textContent)"
            ));
            assert_eq!(letters(&marked.concat()), expected, "quote {quote} in {name}");
        }
    }
    page.expect_quiet();
}

#[test]
fn a_page_is_shown_from_the_place_that_was_asked_for() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let second = made.number("Mountain Observatory");
    page.go(&format!("#article={second}"));
    page.click("#detail a[href^='#page=']");
    page.until("document.querySelector('#detail').dataset.view === 'page'");
    page.until(
        "[...document.querySelectorAll('#page-text [data-kind=headline]')].some(span =>
            span.textContent.startsWith('Mountain Observatory') && span.getBoundingClientRect().top >= 0
            && span.getBoundingClientRect().bottom <= innerHeight)",
    );
    page.expect_quiet();
}

#[test]
fn quotes_are_marked_in_the_texts_and_lead_to_their_places() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    for (quote, about) in made.list("quotes").iter().enumerate() {
        let text = about["text"].as_str().unwrap();
        for place in about["in"].as_array().unwrap() {
            let number = made.number_of(&place["article"]);
            let kept = occurrences(&made.articles()[number]).iter().find(|at| at["match"] == "kept").unwrap();
            if kept["page"] != place["page"] {
                continue;
            }
            page.go(&format!("#article={number}"));
            let marks = format!("#text mark[data-quote=\"{quote}\"]");
            page.until(&format!("document.querySelector('{marks}')"));
            let marked: Vec<String> =
                page.get(&format!("[...document.querySelectorAll('{marks}')].map(m => m.textContent)"));
            assert_eq!(letters(&marked.concat()), letters(&piece(&made, place)));
        }
        page.click(&format!("#text mark[data-quote=\"{quote}\"]"));
        page.until(&format!("location.hash === '#quote={quote}'"));
        page.until("document.querySelector('#detail').dataset.view === 'quote'");
        let shown: String = page.get("document.querySelector('#detail').innerText");
        assert!(shown.contains(text), "{shown}");
        for place in about["in"].as_array().unwrap() {
            let number = made.number_of(&place["article"]);
            assert!(shown.contains(place["page"].as_str().unwrap()), "{shown}");
            assert!(
                page.get::<bool>(&format!("document.querySelector('#detail a[href=\"#article={number}\"]') !== null"))
            );
        }
    }
    page.expect_quiet();
}

#[test]
fn an_excerpt_leads_to_its_source_and_back() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let (short, long) = (made.number("In brief: growers"), made.number("Salt-Mine Seed Vault"));
    page.go(&format!("#article={short}"));
    page.click(&format!("#detail a[href=\"#article={long}\"]"));
    let title = |number: usize| {
        let headline = &made.articles()[number]["headline"];
        format!(
            "location.hash === '#article={number}' && document.querySelector('#detail h2').textContent === {headline}"
        )
    };
    page.until(&title(long));
    page.click(&format!("#detail a[href=\"#article={short}\"]"));
    page.until(&title(short));
    page.run("history.back()");
    page.until(&title(long));
    page.run("history.go(-1)");
    page.until(&title(short));
    page.run("history.forward()");
    page.until(&title(long));
    page.expect_quiet();
}
