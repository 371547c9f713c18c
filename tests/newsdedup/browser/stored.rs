//! The page that is made from a stored report: the same findings, without the texts of pages.

use super::made::{Made, occurrences};
use super::page::Page;

fn shown(page: &mut Page) -> String {
    page.get("document.querySelector('#detail').innerText")
}

/// What a page shows of all articles and quotes, and of the whole.
fn findings(made: &Made, page: &mut Page) -> Vec<String> {
    let articles = (0..made.articles().len()).map(|number| format!("#article={number}"));
    let quotes = (0..made.list("quotes").len()).map(|number| format!("#quote={number}"));
    let views = articles.chain(quotes).chain(["#quotes", "#method", "#overview"].map(str::to_owned));
    let findings = views.map(|view| {
        page.go(&view);
        shown(page)
    });
    findings.collect()
}

#[test]
fn a_stored_report_shows_the_same_and_says_what_it_lacks() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    made.env.report_into("seeds --quotes --spans -o r.json");
    let ran = made.env.run("report r.json -o stored.html");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let direct = findings(&made, &mut page);
    page.open_report(&made.env.path("stored.html"));
    let stored = findings(&made, &mut page);
    for (direct, stored) in direct.iter().zip(&stored) {
        // The lists of choices and of figures are drawn from sizes that only the run knows.
        assert_eq!(stored, direct);
    }
    assert_eq!(direct.len(), stored.len());
    page.go("#page=0");
    let text = shown(&mut page).to_lowercase();
    assert!(text.contains("not hold the text") && text.contains("newsdedup"), "{text}");
    assert!(page.get::<bool>("document.querySelector('#page-text') === null"));
    let near = made.those(|article| occurrences(article).iter().any(|at| at["match"] == "near"))[0];
    page.go(&format!("#article={near}&copy=3"));
    let text = shown(&mut page).to_lowercase();
    assert!(text.contains("not hold the text"), "{text}");
    page.screenshot("stored-difference");
    page.expect_quiet();
}
