//! Reports of other than plain news: of HTML, of nothing, of very many copies; damaged ones, and one without a script.

use super::browser;
use super::made::{Made, occurrences};
use super::page::Page;
use crate::testenv::{TestEnv, page as story};
use serde_json::Value;
use std::fs;

fn shown(page: &mut Page) -> String {
    page.get("document.querySelector('#detail').innerText")
}

/// A page of a site, with markup that would run.
fn markup(addition: &str) -> String {
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>Bridge &amp; tower reopen - The Daily</title>
<script>ran('head')</script></head>
<body onload=\"ran('body')\"><nav><a href=\"/\">Home</a> <a href=\"/news\">News</a></nav>
<article><h1>Harbour bridge &amp; tower reopen after <em>nine</em> years</h1>
<p class=\"byline\">By Wren Halloway</p>
<p>The harbour bridge carried its first <b>tram</b> in nine years on Sunday, ending a repair that outlived two mayors
&lt;script&gt;ran('entity')&lt;/script&gt; and three contractors.</p>
<p>Several thousand residents walked across the girders before dawn{addition}, many of them holding
lanterns<img src=x onerror=\"ran('image')\"> and loaves.</p>
<p>“Nobody will ever <a href=\"javascript:ran('link')\">close</a> this bridge again,” said the keeper, who had waited
for the day since the winter of 2022 &#x1F309;.</p></article><footer>Copyright &copy; The Daily</footer></body></html>"
    )
}

#[test]
fn html_is_shown_as_the_text_it_says() {
    let files = [("p/a.html", markup("")), ("p/b.html", markup(" and after dusk"))];
    let made = Made::of(TestEnv::with(&files), "p");
    let Some(mut page) = made.open() else { return };
    page.go("#article=0");
    assert_eq!(
        page.get::<String>("document.querySelector('h2').innerText"),
        made.articles()[0]["headline"].as_str().unwrap()
    );
    let paragraphs: Vec<String> = page.get("[...document.querySelectorAll('#text p')].map(p => p.textContent)");
    assert_eq!(paragraphs.join("\n\n"), made.articles()[0]["body"].as_str().unwrap());
    assert!(paragraphs[0].contains("<script>ran('entity')</script>"), "{paragraphs:?}");
    page.go("#article=0&copy=1");
    let marks =
        "[...document.querySelectorAll('#difference :is(ins, del)')].map(mark => [mark.nodeName, mark.textContent])";
    assert_eq!(page.get::<Vec<[String; 2]>>(marks), [["INS", "and after dusk"]]);
    page.go("#page=0");
    let spans: Vec<(String, String)> = page.get(
        "[...document.querySelectorAll('#page-text [data-kind]')].map(span => [span.dataset.kind, span.textContent])",
    );
    for (kind, text) in [
        ("furniture", "Home"),
        ("headline", "Harbour bridge & tower reopen after nine years"),
        ("furniture", "Wren Halloway"),
        ("body", "before dawn, many of them holding"),
        ("body", "Nobody will ever close this bridge again"),
        ("furniture", "Copyright"),
    ] {
        assert!(spans.iter().any(|(of, all)| of == kind && all.contains(text)), "{kind}, {text}: {spans:#?}");
    }
    assert!(!spans.iter().any(|(_, text)| text.contains("onerror") || text.contains("ran('head')")), "{spans:#?}");
    page.expect_quiet();
}

#[test]
fn an_article_in_very_many_places_shows_them_all() {
    let files: Vec<_> = (0..160).map(|number| (format!("p/{number:03}.txt"), story(1))).collect();
    let made = Made::of(TestEnv::with(&files), "p");
    let Some(mut page) = made.open() else { return };
    page.go("#article=0");
    assert!(shown(&mut page).contains("160 pages"));
    let rows = "document.querySelectorAll('#copies tr[data-copy]').length";
    while page.get::<usize>(rows) < 160 {
        let before: usize = page.get(rows);
        page.click("#detail button.more:not([hidden])");
        page.until(&format!("{rows} > {before}"));
    }
    let last: String = page.get("document.querySelector('#copies tr[data-copy=\"159\"]').innerText");
    assert!(last.contains("p/159.txt"), "{last}");
    page.expect_quiet();
}

#[test]
fn a_report_of_nothing_says_that_there_is_nothing() {
    let made = Made::of(TestEnv::with(&[("p/a.txt", "\n\n"), ("p/b.txt", "")]), "p");
    assert_eq!(made.articles().len(), 0);
    let Some(mut page) = made.open() else { return };
    assert!(shown(&mut page).contains("0 articles in 2 pages") || shown(&mut page).contains("o articles"));
    for view in ["#pages", "#page=0", "#page=1", "#quotes", "#method", "#overview"] {
        page.go(view);
    }
    page.keys("/");
    page.keys("anything");
    page.press("Enter");
    page.expect_quiet();
}

#[test]
fn quotes_that_were_not_looked_for_are_not_said_to_be_none() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    made.env.report_into("seeds -o plain.json");
    assert_eq!(made.env.run("report plain.json -o plain.html").code, 0);
    page.open_report(&made.env.path("plain.html"));
    let text = shown(&mut page);
    assert!(text.contains("not looked for"), "{text}");
    assert!(page.get::<bool>("document.querySelector('[data-figure-value=quotes]') === null"));
    page.expect_quiet();
}

#[test]
fn an_address_with_a_view_opens_that_view() {
    let made = Made::seeds();
    let Some(mut page) = browser() else { return };
    let near = made.those(|article| occurrences(article).iter().any(|at| at["match"] == "near"))[0];
    for (hash, view) in [(format!("#article={near}&copy=3"), "difference"), ("#page=3&at=0".into(), "page")] {
        page.open_at(&made.html(), &hash);
        page.until("document.body.dataset.ready === 'true'");
        page.until(&format!("document.querySelector('#detail').dataset.view === '{view}'"));
        assert_eq!(page.get::<String>("location.hash"), hash);
    }
    page.expect_quiet();
}

#[test]
fn a_damaged_file_says_that_it_is_damaged() {
    let made = Made::seeds();
    let Some(mut page) = browser() else { return };
    let whole = fs::read_to_string(made.html()).unwrap();
    for kind in ["head", "articles", "pages", "quotes", "lines", "views"] {
        let start = whole.find(&format!("<template data-part=\"{kind}\"")).unwrap();
        let at = start + whole[start..].find('>').unwrap() + 1;
        let length = whole[at..].find('<').unwrap();
        let middle = at + length / 2 / 4 * 4;
        // Three bytes of the packed text are lost, or its second half, or all of it.
        let hole = format!("{}{}", &whole[..middle], &whole[middle + 4..]);
        let cut = format!("{}{}", &whole[..middle], &whole[at + length..]);
        let gone = format!("{}{}", &whole[..at], &whole[at + length..]);
        for (what, damaged) in [("hole", hole), ("cut", cut), ("gone", gone)] {
            made.env.write("damaged.html", damaged);
            page.open(&made.env.path("damaged.html"));
            if kind == "views" {
                page.until("document.body.dataset.ready === 'true'");
                page.run("location.hash = '#page=0'");
            }
            page.until(&format!("document.querySelector('#trouble').checkVisibility() /* {kind}, {what} */"));
            let words: String = page.get("document.querySelector('#trouble').innerText");
            assert!(words.len() > 30, "{kind}, {what}: {words}");
        }
    }
    // What cannot be unpacked may be said on the console; nothing else may have happened.
    let heard = page.take_heard();
    assert!(heard.iter().all(|said| said.starts_with("console:") || said.starts_with("exception:")), "{heard:#?}");
}

#[test]
fn a_file_that_was_cut_off_says_so() {
    let made = Made::seeds();
    let Some(mut page) = browser() else { return };
    let whole = fs::read_to_string(made.html()).unwrap();
    let data = whole.find("<template data-part=\"lines\"").unwrap();
    made.env.write("cut.html", &whole[..data + 400]);
    page.open(&made.env.path("cut.html"));
    let text: String = page.get("document.body.innerText");
    assert!(text.contains("17 pages, 25 blocks, 19 articles"), "{text}");
    page.until("document.body.innerText.includes('cut off')");
    page.screenshot("cut-off");
    page.open_report(&made.html());
    page.get::<Value>("new Promise(done => setTimeout(() => done(null), 6000))");
    assert!(page.get::<bool>("!document.body.innerText.includes('cut off')"));
    page.expect_quiet();
}

#[test]
fn without_a_script_the_summary_and_a_word_about_it_are_there() {
    let made = Made::seeds();
    let Some(mut page) = browser() else { return };
    page.scripts(false);
    page.open(&made.html());
    page.screenshot("no-script");
    let seen: String =
        page.get("[...document.querySelectorAll('#summary, noscript')].map(n => n.textContent).join(' ')");
    assert!(seen.contains("19 articles") && seen.contains("script"), "{seen}");
    page.expect_quiet();
}

#[test]
fn everything_that_can_be_used_has_a_name() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    for view in ["#overview", "#article=0", "#article=0&copy=3", "#page=7", "#quote=0", "#pages"] {
        page.go(view);
        let nodes = page.accessibility();
        let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
        let used = nodes.iter().filter(|node| {
            let roles =
                ["button", "link", "searchbox", "textbox", "combobox", "checkbox", "listbox", "option", "image"];
            node["ignored"] == false && roles.contains(&role(node).as_str())
        });
        let used: Vec<&Value> = used.collect();
        assert!(used.len() > 10, "{view}");
        for node in used {
            let name = node["name"]["value"].as_str().unwrap_or_default().trim();
            assert!(!name.is_empty(), "{view}: {} has no name", role(node));
        }
        let headings = nodes.iter().filter(|node| role(node) == "heading").count();
        assert!(headings > 0, "{view} has no heading");
    }
    page.expect_quiet();
}
