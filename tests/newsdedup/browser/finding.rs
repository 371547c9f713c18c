//! Search, filters, order and keys, on the small corpus: each shows the articles that the JSON report says.

use super::made::{Made, expect_rows, has_match, occurrences, rows, search};
use super::page::Page;
use crate::testenv::{TestEnv, page as story};
use serde_json::Value;
use std::cmp::Reverse;

/// The small corpus in a window that is high enough for all of its articles.
fn seeds() -> Option<(Made, Page)> {
    let made = Made::seeds();
    let mut page = made.open()?;
    page.size(1280, 4000);
    Some((made, page))
}

#[test]
fn the_report_opens_without_a_word_and_without_a_request() {
    let Some((made, mut page)) = seeds() else { return };
    assert!(page.get::<bool>("document.querySelector('#trouble').hidden"));
    assert_eq!(page.get::<String>("document.querySelector('#count').textContent"), "19 articles");
    expect_rows(&mut page, "all", &made.those(|_| true));
    for view in ["#pages", "#quotes", "#method", "#article=0", "#article=0&copy=3", "#page=3", "#quote=0", "#overview"]
    {
        page.go(view);
        assert!(page.get::<usize>("document.querySelector('#detail').innerText.length") > 20, "{view}");
    }
    page.expect_quiet();
}

#[test]
fn search_finds_words_of_headlines_texts_authors_and_page_names() {
    let Some((made, mut page)) = seeds() else { return };
    let holds = |article: &Value, word: &str| {
        let pages = occurrences(article).iter().map(|at| &at["page"]);
        let texts = ["headline", "body", "byline", "date", "captions"].map(|field| &article[field]);
        let mut texts = texts.into_iter().chain(pages).map(|text| text.to_string().to_lowercase());
        texts.any(|text| text.contains(word))
    };
    for word in ["observatory", "patience", "halloway", "013_6ef42b", "茶船", "القوافل", "мельницу", "river"]
    {
        let expected = made.those(|article| holds(article, word));
        assert!(!expected.is_empty() && expected.len() < 19, "{word}");
        search(&mut page, word);
        expect_rows(&mut page, word, &expected);
    }
    let both = made.those(|article| holds(article, "river") && holds(article, "engineers"));
    search(&mut page, "river engineers");
    expect_rows(&mut page, "two words", &both);
    search(&mut page, "no such word at all");
    expect_rows(&mut page, "nothing", &[]);
    page.click("#reset");
    expect_rows(&mut page, "reset", &made.those(|_| true));
    page.expect_quiet();
}

#[test]
fn search_takes_no_account_of_case_and_accents() {
    let texts = ["Café Élysée für Señor Ångström", "Cafe Elysee fur Senor Angstrom", "ΑΘΗΝΑ και Łódź"];
    let pages = texts.iter().enumerate();
    let pages: Vec<_> = pages.map(|(at, text)| (format!("p/{at}.txt"), story(at).replacen("Story", text, 1))).collect();
    let made = Made::of(TestEnv::with(&pages), "p");
    let Some(mut page) = made.open() else { return };
    for (words, expected) in
        [("cafe elysee", &[0, 1][..]), ("CAFÉ", &[0, 1]), ("ångström", &[0, 1]), ("SENOR", &[0, 1]), ("αθηνα", &[2])]
    {
        search(&mut page, words);
        expect_rows(&mut page, words, expected);
    }
    // The accent may also stand behind its letter as a character of its own.
    search(&mut page, "e\u{301}lyse\u{301}e");
    expect_rows(&mut page, "decomposed", &[0, 1]);
    let marked: Vec<String> = page.get("[...document.querySelectorAll('#list mark')].map(mark => mark.textContent)");
    assert_eq!(marked, ["Élysée", "Elysee"]);
    page.expect_quiet();
}

#[test]
fn filters_show_the_articles_they_name() {
    let Some((made, mut page)) = seeds() else { return };
    let quotes = made.list("quotes").to_vec();
    let is_quoted = |article: &Value| {
        quotes.iter().any(|quote| quote["in"].as_array().unwrap().iter().any(|at| at["article"] == article["id"]))
    };
    let has_link = |article: &Value| !article["excerpts"].is_null() || !article["excerpt_of"].is_null();
    for (value, expected) in [
        ("exact", made.those(|article| has_match(article, "exact"))),
        ("near", made.those(|article| has_match(article, "near"))),
        ("excerpt", made.those(has_link)),
        ("quoted", made.those(is_quoted)),
        ("single", made.those(|article| occurrences(article).len() == 1)),
        ("any", made.those(|_| true)),
    ] {
        assert!(!expected.is_empty(), "{value}");
        page.choose("#filter-match", value);
        expect_rows(&mut page, value, &expected);
    }
    for least in [2, 3, 5, 1] {
        page.choose("#filter-copies", &least.to_string());
        expect_rows(&mut page, "copies", &made.those(|article| occurrences(article).len() >= least));
    }
    page.choose("#filter-copies", "2");
    page.choose("#filter-match", "near");
    search(&mut page, "signal");
    let night = made.number("Night Trains");
    expect_rows(&mut page, "all together", &[night]);
    assert!(!page.get::<bool>("Boolean(document.querySelector('#filter-site')?.checkVisibility())"), "one site");
    page.expect_quiet();
}

#[test]
fn sites_are_hosts_domains_in_names_or_folders() {
    let record = |number, address: &str| {
        serde_json::json!({"text": story(number), "url": address, "id": number.to_string()}).to_string() + "\n"
    };
    let made = Made::of(
        TestEnv::with(&[
            ("p/www.alpha.example/a.txt", story(1)),
            ("p/www.alpha.example/b.txt", story(2)),
            ("p/beta.example/copy of a.txt", story(1)),
            ("p/plain/c.txt", story(3)),
            ("p/news.jsonl", record(4, "https://gamma.example/x?y=1") + &record(2, "http://beta.example:80/z")),
        ]),
        "p",
    );
    let Some(mut page) = made.open() else { return };
    page.size(1280, 2000);
    let text = |number: usize| format!(" number {number} was seen again.");
    let story = |number: usize| made.those(|article| article["body"].as_str().unwrap().contains(&text(number)))[0];
    let sorted = |mut list: Vec<usize>| {
        list.sort();
        list
    };
    for (site, numbers) in [
        ("www.alpha.example", vec![story(1), story(2)]),
        ("beta.example", vec![story(1), story(2)]),
        ("gamma.example", vec![story(4)]),
        ("p/plain", vec![story(3)]),
    ] {
        page.choose("#filter-site", site);
        expect_rows(&mut page, site, &sorted(numbers));
    }
    page.expect_quiet();
}

#[test]
fn each_order_is_the_one_it_names() {
    let Some((made, mut page)) = seeds() else { return };
    let articles = made.articles();
    let by = |key: &dyn Fn(usize) -> i64| {
        let mut order = made.those(|_| true);
        order.sort_by_key(|&number| Reverse(key(number)));
        order
    };
    let copies = by(&|number| occurrences(&articles[number]).len() as i64);
    page.choose("#sort", "copies");
    expect_rows(&mut page, "copies", &copies);

    let lowest = |number: usize| {
        let near = occurrences(&articles[number]).iter().filter(|at| at["match"] == "near");
        near.map(|at| (at["similarity"].as_f64().unwrap() * 10000.0) as i64).min().unwrap_or(20000)
    };
    page.choose("#sort", "similarity");
    expect_rows(&mut page, "similarity", &by(&|number| -lowest(number)));

    let mut dates = made.those(|_| true);
    dates.sort_by_key(|&number| Reverse(articles[number]["date_iso"].as_str().unwrap_or_default()));
    page.choose("#sort", "date");
    expect_rows(&mut page, "date", &dates);

    page.choose("#sort", "headline");
    page.until("document.querySelector('#list [role=option]')");
    let latin: Vec<String> = rows(&mut page)
        .into_iter()
        .map(|number| articles[number]["headline"].as_str().unwrap().to_lowercase())
        .filter(|headline| headline.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect();
    assert!(latin.len() == 14 && latin.is_sorted(), "{latin:#?}");

    page.choose("#sort", "words");
    page.until("document.querySelector('#list [role=option]')");
    // Of scripts with spaces, so that words can be counted here.
    let words: Vec<usize> = rows(&mut page)
        .into_iter()
        .map(|number| articles[number]["body"].as_str().unwrap().split_whitespace().count())
        .filter(|&words| words > 40)
        .collect();
    assert!(words.len() > 15 && words.is_sorted_by(|longer, next| next * 100 <= longer * 103), "{words:?}");

    page.choose("#sort", "place");
    expect_rows(&mut page, "place", &made.those(|_| true));
    page.expect_quiet();
}

#[test]
fn everything_can_be_done_with_keys() {
    let Some((made, mut page)) = seeds() else { return };
    let active = |page: &mut Page| -> usize {
        page.get(
            "Number(document.getElementById(document.querySelector('#list').getAttribute('aria-activedescendant'))
                ?.dataset.article ?? -1)",
        )
    };
    page.keys("/");
    page.until("document.activeElement.id === 'search'");
    page.keys("regatta");
    let found = made.those(|article| article["headline"].to_string().contains("Regatta"));
    expect_rows(&mut page, "regatta", &found);
    page.press("ArrowDown");
    page.press("ArrowDown");
    let chosen = active(&mut page);
    assert!(found.contains(&chosen), "{chosen}");
    page.press("Enter");
    page.until(&format!("location.hash === '#article={chosen}'"));
    page.until("document.querySelector('#detail').dataset.view === 'article'");
    page.press("Escape");
    page.until("location.hash !== '#article={chosen}'");

    page.click("#reset");
    page.run("document.querySelector('#list').focus()");
    page.press("End");
    assert_eq!(active(&mut page), 18);
    page.press("Home");
    assert_eq!(active(&mut page), 0);
    page.press("ArrowDown");
    assert_eq!(active(&mut page), 1);
    page.press("ArrowUp");
    page.press("Enter");
    page.until("location.hash === '#article=0'");
    page.keys("?");
    page.until("document.querySelector('dialog')?.open");
    page.press("Escape");
    page.until("!document.querySelector('dialog').open");
    assert_eq!(page.get::<String>("location.hash"), "#article=0");
    let reached = tab_through(&mut page);
    assert!(reached.iter().any(|what| what.contains("compare")), "{reached:?}");
    page.expect_quiet();
}

/// What the Tab key comes to, one after the other.
fn tab_through(page: &mut Page) -> Vec<String> {
    let mut reached = Vec::new();
    for _ in 0..80 {
        page.press("Tab");
        reached.push(page.get("document.activeElement.outerHTML.slice(0, 120)"));
    }
    reached
}
