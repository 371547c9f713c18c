//! Every figure and every bar, against the JSON report of the same run.

use super::made::{Made, occurrences};
use super::page::Page;
use crate::testenv::{TestEnv, page as story};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a picture shows: what its marks are called, and their numbers.
type Marks = Vec<(String, u64)>;

#[track_caller]
fn marks(page: &mut Page, figure: &str) -> Marks {
    let marks = format!("figure[data-figure={figure}] [data-value]");
    page.until(&format!("document.querySelector('{marks}')"));
    page.get(&format!(
        "[...document.querySelectorAll('{marks}')].map(mark => [mark.dataset.key, Number(mark.dataset.value)])"
    ))
}

/// News of several sites and dates, with exact and edited copies, furniture and a quote.
fn news() -> Made {
    let env = TestEnv::empty();
    let dated = |number: usize, date: &str| {
        let text = story(number);
        let body = text.split_once("\n\n").unwrap().1;
        let headline = body.split(' ').skip(1).take(8).collect::<Vec<_>>().join(" ");
        format!("News of the {headline}\n\n{date}\n\n{body}\n\nLeave a Comment\n\n3 + 5 =")
    };
    let dates = ["May 5, 2031 - 08:17", "May 28, 2031 - 10:00", "July 1, 2031 - 12:30", "March 2, 2032 - 07:00"];
    for number in 0..12 {
        let text = dated(number, dates[number % dates.len()]);
        for site in 0..=number % 4 {
            let edited =
                text.replacen("seen again", "never seen again by anybody who was there", usize::from(site == 2));
            env.write(format!("p/www.site{site}.example/{number}.txt"), edited);
        }
        env.write(format!("p/www.site9.example/{number}.txt"), story(number + 50));
    }
    env.write("p/www.site1.example/cut.txt", dated(3, dates[3]).split_once(" number 3 was").unwrap().0);
    Made::of(env, "p")
}

fn both() -> [Made; 2] {
    [Made::seeds(), news()]
}

fn of_kind<'m>(made: &'m Made, kind: &'m str) -> impl Iterator<Item = &'m Value> {
    made.articles().iter().flat_map(occurrences).filter(move |at| at["match"] == kind)
}

#[test]
fn figures_are_those_of_the_summary() {
    for made in both() {
        let Some(mut page) = made.open() else { return };
        let shown: BTreeMap<String, (u64, String)> = page.get(
            "Object.fromEntries([...document.querySelectorAll('[data-figure-value]')].map(figure =>
                [figure.dataset.figureValue, [Number(figure.dataset.value), figure.textContent]]))",
        );
        let names = ["pages", "blocks", "articles", "exact", "near", "excerpts", "quotes", "words", "unique_words"];
        for name in names.into_iter().chain(["skipped", "bytes"]) {
            let (value, text) = &shown[name];
            assert_eq!(json!(value), made.json["summary"][name], "{name}");
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            assert!(name == "bytes" || digits == value.to_string(), "{name}: {text}");
        }
        page.expect_quiet();
    }
}

#[test]
fn bars_of_copies_count_the_articles_with_so_many() {
    for made in both() {
        let Some(mut page) = made.open() else { return };
        let bars = marks(&mut page, "copies");
        let steps: Vec<usize> = bars.iter().map(|(key, _)| key.parse().unwrap()).collect();
        assert_eq!(steps[0], 1);
        for (at, (_, value)) in bars.iter().enumerate() {
            let until = steps.get(at + 1).copied().unwrap_or(usize::MAX);
            let expected = made.those(|article| (steps[at]..until).contains(&occurrences(article).len()));
            assert_eq!(*value, expected.len() as u64, "{steps:?}, {at}");
        }
        page.expect_quiet();
    }
}

#[test]
fn bars_of_similarity_count_edited_copies_and_mark_the_threshold() {
    for made in both() {
        let Some(mut page) = made.open() else { return };
        let mut bars = marks(&mut page, "similarity");
        bars.retain(|(_, value)| *value > 0);
        let mut expected = BTreeMap::<u64, u64>::new();
        for at in of_kind(&made, "near") {
            let percent = at["similarity"].as_f64().unwrap() * 100.0;
            *expected.entry((percent as u64 / 5 * 5).min(95)).or_default() += 1;
        }
        let expected: Marks = expected.into_iter().map(|(from, value)| (from.to_string(), value)).collect();
        assert!(!expected.is_empty());
        assert_eq!(bars, expected);
        let threshold = made.json["parameters"]["threshold"].as_f64().unwrap();
        let [line, bar]: [f64; 2] = page.get(&format!(
            "['.threshold', '[data-key=\"{}\"] rect'].map(part =>
                document.querySelector('figure[data-figure=similarity] svg ' + part).getBoundingClientRect().left)",
            threshold * 100.0
        ));
        assert!((line - bar).abs() < 3.0, "the threshold is at {line}, its bar at {bar}");
        page.expect_quiet();
    }
}

#[test]
fn cells_of_sites_count_the_articles_in_both() {
    let made = news();
    let Some(mut page) = made.open() else { return };
    let site = |at: &Value| at["page"].as_str().unwrap().split('/').nth(1).unwrap().to_owned();
    let sites: Vec<Vec<String>> =
        made.articles().iter().map(|one| occurrences(one).iter().map(site).collect()).collect();
    let cells = marks(&mut page, "sites");
    for (key, value) in &cells {
        let (a, b) = key.split_once(" × ").unwrap();
        let shared =
            sites.iter().filter(|sites| sites.iter().any(|site| site == a) && sites.iter().any(|site| site == b));
        assert_eq!(*value, shared.count() as u64, "{key}");
    }
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            let pair = format!("www.site{a}.example × www.site{b}.example");
            assert!(cells.iter().any(|(key, value)| *key == pair && *value > 0), "{pair} is not in {cells:?}");
        }
    }
    page.expect_quiet();
}

#[test]
fn no_picture_of_sites_where_there_is_one_only() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    page.until("document.querySelector('figure[data-figure=bytes] [data-value]')");
    assert_eq!(page.get::<usize>("document.querySelectorAll('figure[data-figure=sites] svg').length"), 0);
}

#[test]
fn bars_of_time_count_the_articles_of_a_month() {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    for made in both() {
        let Some(mut page) = made.open() else { return };
        let mut bars: BTreeMap<String, u64> = marks(&mut page, "timeline").into_iter().collect();
        bars.retain(|_, value| *value > 0);
        let mut expected = BTreeMap::<String, u64>::new();
        for date in made.articles().iter().filter_map(|article| article["date_iso"].as_str()) {
            let month: usize = date[5..7].parse().unwrap();
            *expected.entry(format!("{} {}", MONTHS[month - 1], &date[..4])).or_default() += 1;
        }
        assert!(expected.len() >= 3);
        assert_eq!(bars, expected);
        page.expect_quiet();
    }
}

#[test]
fn the_bar_of_bytes_divides_all_of_them() {
    for made in both() {
        let Some(mut page) = made.open() else { return };
        let size = |kind| -> u64 {
            of_kind(&made, kind).map(|at| at["end"].as_u64().unwrap() - at["start"].as_u64().unwrap()).sum()
        };
        let sizes = ["kept", "exact", "near"].map(size);
        let rest = made.json["summary"]["bytes"].as_u64().unwrap() - sizes.iter().sum::<u64>();
        let expected: Marks = ["kept", "exact", "near", "rest"]
            .map(str::to_owned)
            .into_iter()
            .zip([&sizes[..], &[rest]].concat())
            .collect();
        assert_eq!(marks(&mut page, "bytes"), expected);
        page.expect_quiet();
    }
}

#[test]
fn every_picture_has_a_name_and_its_numbers_as_a_table() {
    let made = news();
    let Some(mut page) = made.open() else { return };
    for figure in ["copies", "similarity", "sites", "timeline", "bytes"] {
        let mut drawn: Vec<u64> = marks(&mut page, figure).into_iter().map(|(_, value)| value).collect();
        let [role, title, table]: [String; 3] = page.get(&format!(
            "(figure => [figure.querySelector('svg').getAttribute('role'),
                figure.querySelector('svg > title').textContent,
                [...figure.querySelectorAll('details tr')].map(row => row.lastElementChild.textContent).join(';')])
            (document.querySelector('figure[data-figure={figure}]'))"
        ));
        assert!(role == "img" && title.len() > 3, "{figure}: {role} {title}");
        if figure == "bytes" {
            assert_eq!(table.split(';').count(), 4, "{table}");
            continue;
        }
        let mut told: Vec<u64> = table.split(';').map(|number| number.replace(',', "").parse().unwrap()).collect();
        // The square shows each pair twice.
        drawn.extend(if figure == "sites" { told.clone() } else { drawn.clone() });
        told = [told.clone(), told.clone(), if figure == "sites" { told } else { Vec::new() }].concat();
        drawn.retain(|value| *value > 0);
        told.retain(|value| *value > 0);
        drawn.sort();
        told.sort();
        assert_eq!(drawn, told, "{figure}");
    }
    page.expect_quiet();
}

#[test]
fn a_bar_chooses_the_articles_it_counts() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    page.size(1280, 4000);
    let several = made.those(|article| occurrences(article).len() == 2);
    page.click("figure[data-figure=copies] [data-key='2'] rect:last-of-type");
    super::made::expect_rows(&mut page, "bar", &several);
    page.click("#reset");
    super::made::expect_rows(&mut page, "reset", &made.those(|_| true));
    page.expect_quiet();
}
