//! Ten thousand articles in fifty thousand places: the file stays small, opens soon and is searched at once.

use super::browser;
use super::made::search;
use super::page::Page;
use crate::corpus::random::{Purpose, Random};
use crate::testenv::TestEnv;
use serde_json::json;
use std::fs;
use std::time::{Duration, Instant};

const ARTICLES: usize = 10_000;
/// Places in which each article stands; the last two are edited.
const PLACES: usize = 5;
const SITES: usize = 40;
/// Paragraphs of an article, and words of each.
const SHAPE: (usize, usize) = (5, 32);
/// The largest file, in bytes.
const ROOM: u64 = 40 << 20;
/// How long the list may take to be there, on a slow machine that does other things, too.
const OPEN: Duration = Duration::from_secs(20);
/// Longest time from a key to its answer, in milliseconds.
const ANSWER: f64 = 1000.0;

/// Invented words, the first of them more often than the last.
struct Vocabulary(Vec<String>);

impl Vocabulary {
    fn new() -> Vocabulary {
        let mut random = Random::new(6, Purpose::Words, 0);
        let mut syllable = || {
            let (front, middle) = (b"bdfghklmnprstvz", b"aeiou");
            [*random.pick(front), *random.pick(middle)].map(char::from).iter().collect::<String>()
        };
        let mut words: Vec<String> = (0..6000).map(|at| (0..2 + at % 3).map(|_| syllable()).collect()).collect();
        words.sort();
        words.dedup();
        let mut random = Random::new(6, Purpose::Words, 1);
        (1..words.len()).rev().for_each(|at| words.swap(at, random.below(at + 1)));
        Vocabulary(words)
    }

    fn word(&self, random: &mut Random) -> &str {
        let ends = [random.below(self.0.len()), random.below(self.0.len()), random.below(self.0.len())];
        &self.0[ends.into_iter().min().unwrap()]
    }

    fn sentence(&self, words: usize, random: &mut Random) -> String {
        let words: Vec<&str> = (0..words).map(|_| self.word(random)).collect();
        format!("The {}.", words.join(" "))
    }
}

/// The text of an article: headline, date, paragraphs.
fn article(number: usize, vocabulary: &Vocabulary) -> [String; 3] {
    let mut random = Random::new(6, Purpose::Text, number as u64);
    let headline = vocabulary.sentence(8, &mut random).replace('.', "");
    let month = random.pick(&["January", "April", "June", "September"]);
    let date = format!("{month} {}, {} - 08:17", 1 + random.below(28), 2029 + random.below(3));
    let paragraphs: Vec<String> = (0..SHAPE.0).map(|_| vocabulary.sentence(SHAPE.1, &mut random)).collect();
    [headline, date, paragraphs.join("\n\n")]
}

/// The same text as it stands in one of its places.
fn edited(body: &str, place: usize, random: &mut Random, vocabulary: &Vocabulary) -> String {
    match place {
        3 => {
            let words = body.split(' ').map(|word| if random.chance(40) { vocabulary.word(random) } else { word });
            words.collect::<Vec<_>>().join(" ")
        }
        4 => body[..body.rfind("\n\n").unwrap()].to_owned(),
        _ => body.to_owned(),
    }
}

/// Writes the records, and gives what an article can be found by: its text and the addresses of its places.
fn write_news(env: &TestEnv) -> Vec<String> {
    let vocabulary = Vocabulary::new();
    let articles: Vec<[String; 3]> = (0..ARTICLES).map(|number| article(number, &vocabulary)).collect();
    let mut texts: Vec<String> = articles.iter().map(|article| article.join(" ")).collect();
    let mut records = String::new();
    for place in 0..PLACES {
        for (number, [headline, date, body]) in articles.iter().enumerate() {
            let mut random = Random::new(6, Purpose::Edit, (number * PLACES + place) as u64);
            let body = edited(body, place, &mut random, &vocabulary);
            let address = format!("https://www.site{}.example/{number}", random.below(SITES));
            records += &json!({"text": format!("{headline}\n\n{date}\n\n{body}\n"), "url": address}).to_string();
            records.push('\n');
            texts[number] = format!("{address} {}", texts[number]);
        }
    }
    env.write("news.jsonl", records);
    texts
}

/// Notes on the page how long each key of a search takes until the answer is drawn.
const WATCH: &str = "
    window.times = [];
    let began = 0;
    document.addEventListener('input', () => { began = performance.now(); }, true);
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
        if (began > 0) window.times.push(performance.now() - began);
        began = 0;
    }))).observe(document.querySelector('#count'), {childList: true, characterData: true, subtree: true})";

/// Searches and expects so many articles, each key answered in time. Gives the longest time, in milliseconds.
fn expect_found(page: &mut Page, words: &str, expected: usize) -> f64 {
    page.run("window.times.length = 0");
    search(page, words);
    let digits = "document.querySelector('#count').textContent.split(' ')[0].replaceAll(',', '')";
    page.until(&format!("{digits} === '{expected}'"));
    page.until("window.times.length > 0");
    let longest = page.get("Math.max(...window.times)");
    assert!(longest < ANSWER, "{words}: {longest} ms");
    longest
}

#[test]
fn ten_thousand_articles_open_soon_and_are_searched_at_once() {
    let Some(mut page) = browser() else { return };
    let env = TestEnv::empty();
    let began = Instant::now();
    let texts = write_news(&env);
    let written = began.elapsed();
    env.report_into("news.jsonl -o report.html");
    let made = began.elapsed() - written;
    let html = env.path("report.html");
    let size = fs::metadata(&html).unwrap().len();
    assert!(size <= ROOM, "{size} bytes");

    let began = Instant::now();
    page.open(&html);
    page.until("document.body.dataset.ready === 'true'");
    let ready = began.elapsed();
    assert!(ready < OPEN, "{ready:?}");
    page.until("document.body.dataset.searchable === 'true'");
    let searchable = began.elapsed();
    for (figure, value) in [("articles", ARTICLES), ("blocks", ARTICLES * PLACES)] {
        let shown = format!("Number(document.querySelector('[data-figure-value={figure}]').dataset.value)");
        assert_eq!(page.get::<usize>(&shown), value, "{figure}");
    }

    page.run(WATCH);
    let rare = texts[7321].rsplit(' ').nth(3).unwrap();
    let pair = format!("{rare} {}", texts[7321].rsplit(' ').nth(9).unwrap());
    let mut longest: f64 = 0.0;
    for words in [rare, &pair, "site7.example", "september", "no such words"] {
        let holds = |text: &&String| words.split(' ').all(|word| text.to_lowercase().contains(word));
        let expected = texts.iter().filter(holds).count();
        longest = longest.max(expect_found(&mut page, words, expected));
    }
    page.run("window.times.length = 0");
    search(&mut page, "");
    page.choose("#sort", "headline");
    page.until("window.times.length > 1");
    let sorted: f64 = page.get("Math.max(...window.times)");
    assert!(sorted < ANSWER, "sorted in {sorted} ms");
    page.run("document.querySelector('#list').focus()");
    page.press("End");
    page.press("Enter");
    page.until("document.querySelectorAll('#copies tr[data-copy]').length === 5");
    page.screenshot("large");
    eprintln!(
        "{size} bytes; written in {written:?}, made in {made:?}, ready in {ready:?}, searchable in {searchable:?}, \
         answers in {longest:.0} ms at most, sorted in {sorted:.0} ms"
    );
    page.expect_quiet();
}
