//! News that would like to be a program: nothing of it runs, and all of it can be read.

use super::made::{Made, search};
use super::page::Page;
use crate::testenv::{TestEnv, page as story};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What hostile pages write where a headline, a caption, an author or a sentence should be.
const ATTACKS: [&str; 12] = [
    "<script>ran('script')</script>",
    "\"><img src=x onerror=ran('image')>",
    "'><svg/onload=ran('drawing')>",
    "</textarea></title></style><script>ran('textarea')</script>",
    "</template><img src=x onerror=ran('template')>",
    "</script><script>ran('end')</script>",
    "<!-- --!><iframe srcdoc=\"<script>parent.ran('frame')</script>\"></iframe>",
    "javascript:ran('address')",
    "{{data}}{{script}}{{policy}} ${ran('dollar')} &lt;script&gt; &quot; &#0;",
    "<base href=https://hostile.example/><meta http-equiv=refresh content='0;url=https://hostile.example/'>",
    "<a href=\"javascript:ran('link')\" onfocus=ran('focus') autofocus>here</a><style>*{display:none}</style>",
    "\u{202e}gnol si driht\u{2066} \u{1b}]0;bell\u{7}\u{1b}[31m red \u{9b}31m\u{feff}",
];

/// What a page holds that would run or load something, or lead out of it.
const FOREIGN: &str = "[...document.querySelectorAll('*')].filter(node =>
    ['IMG', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'LINK', 'VIDEO', 'AUDIO', 'image', 'use', 'foreignObject']
        .includes(node.nodeName)
    || [...node.attributes].some(({name, value}) => name.startsWith('on') || name === 'srcdoc' || name === 'src'
        || name === 'action' || (name === 'href' || name === 'xlink:href') && !value.startsWith('#')))
    .map(node => node.outerHTML.slice(0, 200))
    .concat(document.querySelectorAll('script').length > 1 ? ['a script'] : [])
    .concat(document.querySelectorAll('style').length > 1 ? ['a style sheet'] : [])";

/// A page in the layout of a news site, every part of it hostile; the same text for the same number.
fn attack(number: usize, edited: bool) -> String {
    let payload = ATTACKS[number % ATTACKS.len()];
    let headline = format!("Harbour {number} reopens {payload} after repairs");
    let caption = format!("Ships wait in harbour {number} {payload} (Agency)");
    let card = format!("{headline}\n\n{caption}\n{caption}\n");
    let last = if edited { format!("Nobody but {payload} was told.") } else { "Everybody was told.".to_owned() };
    let shared = ATTACKS[number / 2 % 3];
    let long = turned("steamboatcompany", number).repeat(120);
    let quoted =
        format!("\u{201c}No ship {shared} leaves this harbour before the bells of all nine churches ring\u{201d}");
    let stories = [story(number), story(number + 100)].join("\n\n");
    let sentences = stories.split("\n\n").map(str::trim).filter(|sentence| !sentence.starts_with("Story"));
    let body: Vec<String> = sentences.map(|sentence| spoiled(sentence, number, payload)).collect();
    let body = body.join("\n\n");
    format!("{card}TT\n\n{card}\n{body}\n\n{quoted}, said the master of port {number}.\n\n{long}\n\n{last}\n")
}

/// The text in words that no other number has.
fn turned(text: &str, number: usize) -> String {
    let turn = |c: char| char::from(b'a' + (c as u8 - b'a' + number as u8) % 26);
    text.chars().map(|c| if c.is_ascii_lowercase() { turn(c) } else { c }).collect()
}

/// Such a sentence with something in its middle.
fn spoiled(sentence: &str, number: usize, payload: &str) -> String {
    let sentence = turned(sentence, number);
    let mut words: Vec<&str> = sentence.split(' ').collect();
    words.insert(words.len() / 2, payload);
    words.join(" ")
}

/// Files with hostile texts, names and addresses; one of them cannot be read.
fn attacks() -> Made {
    let env = TestEnv::empty();
    for (number, payload) in ATTACKS.iter().enumerate() {
        let name = payload.replace(['\0', '\u{0}'], "");
        env.write(Path::new("p").join(&name).join(format!("{number}.txt")), attack(number, false));
        env.write(Path::new("p/q").join(format!("{}.txt", name.replace('/', "\u{2044}"))), attack(number, true));
    }
    let not_utf8: PathBuf = OsStr::from_bytes(b"p/\xff\xfe\x1b<img src=x onerror=ran('name')>.txt").into();
    env.write(not_utf8, attack(3, false));
    env.write("p/nul.txt", attack(1, false).replace("repairs", "repa\0irs"));
    env.write("p/empty<script>ran('skipped')</script>.gz", b"\x1f\x8b broken");
    let records: String = ATTACKS.iter().enumerate().map(|(number, payload)| record(number, payload)).collect();
    env.write("p/records.jsonl", records);
    Made::with_skipped(env, "p --meta-field section")
}

/// A line of JSONL whose fields are hostile, too.
fn record(number: usize, payload: &str) -> String {
    let address = [
        format!("javascript:ran('record {number}')"),
        format!("data:text/html,<script>ran('record {number}')</script>"),
        format!("https://hostile.example/{payload}"),
        format!("https://{payload}.hostile.example/"),
    ];
    let text = attack(number, number.is_multiple_of(2));
    json!({"text": text, "url": address[number % 4], "id": payload, "section": payload}).to_string() + "\n"
}

/// The text as a reader sees it: what would deceive the eye is a sign of its own.
fn visible(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect()
}

/// Expects that a view is shown and has brought nothing with it.
#[track_caller]
fn expect_harmless(page: &mut Page, view: &str) {
    let foreign: Vec<String> = page.get(FOREIGN);
    assert!(foreign.is_empty(), "{view}: {foreign:#?}");
    assert!(page.get::<usize>("document.querySelector('#detail').innerText.length") > 10, "{view} is empty");
}

#[test]
fn hostile_pages_run_nothing_and_are_shown_as_text() {
    let made = attacks();
    assert!(made.articles().len() >= ATTACKS.len() && !made.list("quotes").is_empty(), "{}", made.json["summary"]);
    assert_eq!(made.list("skipped").len(), 1);
    let Some(mut page) = made.open() else { return };
    expect_harmless(&mut page, "overview");
    page.screenshot("hostile");
    for view in ["#pages", "#quotes", "#skipped", "#method"] {
        page.go(view);
        expect_harmless(&mut page, view);
    }
    for (number, article) in made.articles().iter().enumerate() {
        page.go(&format!("#article={number}"));
        page.until(&format!("document.querySelector('#detail h2') && location.hash === '#article={number}'"));
        expect_harmless(&mut page, "article");
        expect_words(&mut page, "h2", article["headline"].as_str().unwrap_or_default());
        expect_words(&mut page, "#text", &article["body"].as_str().unwrap().replace("\n\n", ""));
        for copy in 0..article["occurrences"].as_array().unwrap().len() {
            page.go(&format!("#article={number}&copy={copy}"));
            expect_harmless(&mut page, "difference");
        }
    }
    for number in 0..made.list("pages").len() {
        page.go(&format!("#page={number}"));
        page.until("document.querySelector('#page-text [data-kind]')");
        expect_harmless(&mut page, "page");
    }
    for number in 0..made.list("quotes").len() {
        page.go(&format!("#quote={number}"));
        expect_harmless(&mut page, "quote");
    }
    page.expect_quiet();
}

/// Expects a text of the corpus in an element, whatever stands for what cannot be seen.
#[track_caller]
fn expect_words(page: &mut Page, selector: &str, text: &str) {
    let shown: String = page.get(&format!("document.querySelector('#detail {selector}').textContent"));
    let keep = |text: &str| -> String { visible(text).chars().filter(|c| c.is_ascii_graphic()).collect() };
    assert!(keep(&shown).contains(&keep(text)), "{selector}: {text:?} is not in {shown:?}");
}

#[test]
fn hostile_words_can_be_searched_and_are_marked_as_text() {
    let made = attacks();
    let Some(mut page) = made.open() else { return };
    for words in ["<script>", "onerror=ran", "javascript:ran", "</template>", "{{data}}", "\"><img", "hostile.example"]
    {
        search(&mut page, words);
        page.until("document.querySelector('#list [role=option]')");
        page.press("Enter");
        page.until("document.querySelector('#detail').dataset.view === 'article'");
        let foreign: Vec<String> = page.get(FOREIGN);
        assert!(foreign.is_empty(), "{words}: {foreign:#?}");
        page.click("#detail a[href^='#page=']");
        page.until("document.querySelector('#page-text [data-kind=body]')");
        expect_harmless(&mut page, words);
        page.go("#overview");
    }
    search(&mut page, "<script>");
    page.until("document.querySelector('#list mark')?.textContent === '<script>'");
    page.expect_quiet();
}

#[test]
fn hostile_sites_are_text_in_choices_and_pictures() {
    let made = attacks();
    let Some(mut page) = made.open() else { return };
    let sites: Vec<String> = page.get("[...document.querySelectorAll('#filter-site option')].map(o => o.textContent)");
    assert!(sites.iter().any(|site| site.contains("onerror=ran")), "{sites:#?}");
    page.until("document.querySelector('figure[data-figure=sites] [data-value]')");
    let marks: Vec<Value> = page.get(
        "[...document.querySelectorAll('figure[data-figure] details')].map(table => {
            table.open = true; return table.innerText })",
    );
    assert!(marks.iter().any(|table| table.to_string().contains("onerror=ran")), "{marks:#?}");
    for index in 0..page.get::<usize>("document.querySelectorAll('figure[data-figure] details button').length") {
        page.run(&format!(
            "document.querySelectorAll('figure[data-figure] details button')[{index}].id = 'pick-{index}'"
        ));
        page.click(&format!("#pick-{index}"));
        let foreign: Vec<String> = page.get(FOREIGN);
        assert!(foreign.is_empty(), "{foreign:#?}");
    }
    page.expect_quiet();
}

#[test]
fn an_address_that_asks_for_nonsense_shows_nothing_and_says_so() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    for hash in [
        "#article=99999",
        "#article=-1",
        "#article=NaN&copy=x",
        "#article=0&copy=77",
        "#page=1e9&at=-5",
        "#quote=1.5",
        "#<img src=x onerror=ran(1)>",
        "#constructor",
        "#__proto__=1",
        "#page=0&at=999999999999",
        "#article=%3Cscript%3E",
    ] {
        page.run(&format!("location.hash = {}", json!(hash)));
        page.until("document.querySelector('#detail').innerText.length > 10");
        page.get::<Value>("new Promise(done => setTimeout(() => done(null), 60))");
        assert!(page.get::<bool>("document.querySelector('#trouble').hidden"), "{hash}");
        let foreign: Vec<String> = page.get(FOREIGN);
        assert!(foreign.is_empty(), "{hash}: {foreign:#?}");
    }
    page.expect_quiet();
}

/// What an attack would do that had found a way in; each gives whether it was stopped.
const BREAK_INS: &str = "(async () => {
    const stopped = async attempt => { try { return await attempt() } catch { return true } };
    const added = (name, properties) => {
        document.body.append(Object.assign(document.createElement(name), properties));
    };
    return [
        await stopped(() => { document.body.insertAdjacentHTML('beforeend', '<b>markup</b>') }),
        await stopped(() => { document.querySelector('#detail').innerHTML = '<b>markup</b>' }),
        await stopped(() => { added('script', {text: 'ran(1)'}) }),
        await stopped(() => fetch('https://hostile.example/').then(() => false)),
        await stopped(() => new Promise(done => added('img', {src: 'https://hostile.example/a.png',
            onerror: () => done(true), onload: () => done(false)}))),
        await stopped(() => new Promise(done => added('link', {rel: 'stylesheet', href: 'https://hostile.example/a.css',
            onerror: () => done(true), onload: () => done(false)}))),
        await stopped(() => {
            const button = document.createElement('button');
            button.setAttribute('onclick', 'ran(2)');
            document.body.append(button);
            button.click();
            return true;
        }),
    ] })()";

#[test]
fn the_page_forbids_itself_what_it_does_not_need() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    page.expect_quiet();
    let stopped: Vec<Option<bool>> = page.get(BREAK_INS);
    assert!(stopped.iter().all(|stopped| *stopped == Some(true)), "{stopped:?}");
    let heard = page.take_heard();
    assert!(!heard.iter().any(|said| said.starts_with("console: ran")), "{heard:#?}");
    for directive in ["require-trusted-types-for", "connect-src", "img-src", "style-src"] {
        assert!(heard.iter().any(|said| said.contains(&format!("policy: {directive}"))), "{directive}: {heard:#?}");
    }
}
