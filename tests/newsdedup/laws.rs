//! The laws, over generated pages: conservation, determinism, order-freedom, idempotence, no silent
//! loss, bounds.

use crate::corpus::{Layout, Size, write_corpus};
use crate::testenv::{TestEnv, groups, page, pages as page_names};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

/// Parts that pages are made of: sentences that recur, line ends of all kinds, and noise.
fn part() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => (0..12usize).prop_map(|number| page(number).into_bytes()),
        3 => (0..12usize, 0..4usize).prop_map(|(number, line)| page(number).lines().nth(line).unwrap_or_default().into()),
        3 => prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n\n", "TT\n", " caption\ncaption\n", "Leave a Comment\n"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => "\\PC{0,40}".prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..60),
    ]
}

fn pages() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(part(), 0..8).prop_map(|parts| parts.concat()), 1..8)
}

/// Writes the pages in the given order; the names do not depend on it.
fn corpus(pages: &[Vec<u8>], order: impl Iterator<Item = usize>) -> TestEnv {
    let env = TestEnv::empty();
    order.for_each(|index| env.write(format!("p/{}/{index}.txt", index % 3), &pages[index]));
    env
}

fn bytes(value: &Value) -> usize {
    value.as_u64().unwrap() as usize
}

/// Law 1, and that whatever is in an article is marked so.
fn tiles(env: &TestEnv, report: &Value) -> Result<(), TestCaseError> {
    for map in report["pages"].as_array().unwrap() {
        let stored = env.read(map["page"].as_str().unwrap());
        prop_assert_eq!(bytes(&map["bytes"]), stored.len());
        let mut at = 0;
        for span in map["spans"].as_array().unwrap() {
            prop_assert_eq!(bytes(&span["start"]), at);
            at = bytes(&span["end"]);
            prop_assert!(at > bytes(&span["start"]));
        }
        prop_assert_eq!(at, stored.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn spans_tile_every_page_and_every_page_is_accounted_for(pages in pages(), split in prop::bool::ANY) {
        let env = corpus(&pages, 0..pages.len());
        let split = if split { "auto" } else { "none" };
        let ran = env.run(&format!("p --spans -q --split {split}"));
        let report = ran.report();
        tiles(&env, &report)?;
        let skipped = report["skipped"].as_array().unwrap().len();
        prop_assert_eq!(report["pages"].as_array().unwrap().len() + skipped, pages.len());
        prop_assert_eq!(ran.code, if skipped > 0 { 3 } else { 0 });
    }

    #[test]
    fn threads_memory_and_creation_order_do_not_show(
        (pages, order) in pages().prop_flat_map(|pages| {
            let order = Just((0..pages.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(pages), order)
        })
    ) {
        let first = corpus(&pages, 0..pages.len()).run("p --spans --threads 1");
        let env = corpus(&pages, order.into_iter());
        for options in ["--threads 2", "--threads 8", "--threads 2 --memory 100"] {
            prop_assert_eq!(&env.run(&format!("p --spans {options}")), &first);
        }
    }

    #[test]
    fn groups_do_not_depend_on_the_order_of_the_pages(
        (pages, order) in pages().prop_flat_map(|pages| {
            let order = Just((0..pages.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(pages), order)
        })
    ) {
        let env = corpus(&pages, 0..pages.len());
        let sets = |order: &mut dyn Iterator<Item = usize>| {
            let paths: Vec<String> = order.map(|index| format!("p/{}/{index}.txt", index % 3)).collect();
            let report = env.run(&format!("-q {}", paths.join(" "))).report();
            // A page may hold several blocks: tell them apart by their place.
            let place = |occurrence: &Value| (occurrence["page"].to_string(), bytes(&occurrence["start"]));
            let articles = report["articles"].as_array().unwrap().iter();
            articles
                .map(|article| article["occurrences"].as_array().unwrap().iter().map(place).collect::<BTreeSet<_>>())
                .collect::<BTreeSet<_>>()
        };
        prop_assert_eq!(sets(&mut (0..pages.len())), sets(&mut order.into_iter()));
    }

    #[test]
    fn articles_written_out_are_the_same_articles_without_a_duplicate(numbers in prop::collection::vec(0..9usize, 1..8)) {
        let pages: Vec<Vec<u8>> = numbers.iter().map(|&number| page(number).into_bytes()).collect();
        let env = corpus(&pages, 0..pages.len());
        for split in ["auto", "none"] {
            idempotent(&env, "p", split)?;
        }
    }
}

/// Law 5: the articles written for `root` are found again, each once.
fn idempotent(env: &TestEnv, root: &str, split: &str) -> Result<(), TestCaseError> {
    env.report_into(&format!("{root} --split {split} -o out"));
    let first: Value = serde_json::from_slice(&env.read("out/report.json")).unwrap();
    let second = env.report(&format!("out/articles --split {split}"));
    let ids = |report: &Value| {
        let articles = report["articles"].as_array().unwrap().iter();
        articles.map(|article| article["id"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    prop_assert_eq!(ids(&first), ids(&second));
    prop_assert_eq!((&second["summary"]["exact"], &second["summary"]["near"]), (&0.into(), &0.into()));
    Ok(())
}

#[test]
fn articles_of_real_pages_are_found_again() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    for folder in ["seeds", "splitting/dev/pages"].map(|folder| shared.join(folder)) {
        if !folder.is_dir() {
            println!("{} is not there; nothing to see", folder.display());
            continue;
        }
        idempotent(&TestEnv::empty(), &folder.display().to_string(), "auto").unwrap();
    }
}

#[test]
fn real_pages_are_tiled() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/splitting/dev/pages");
    if !folder.is_dir() {
        println!("{} is not there; nothing to see", folder.display());
        return;
    }
    let env = TestEnv::empty();
    tiles(&env, &env.report(&format!("{} --spans", folder.display()))).unwrap();
}

/// The time of a run, in seconds.
fn time(env: &TestEnv, line: &str) -> f64 {
    let begun = Instant::now();
    let ran = env.run(line);
    assert_eq!(ran.code, 0, "{}", ran.err);
    begun.elapsed().as_secs_f64()
}

#[test]
fn time_grows_with_the_corpus_and_not_faster() {
    let line = "p -q --split none --near off --threads 1";
    let with = |pages: usize| {
        let env = TestEnv::empty();
        (0..pages).for_each(|number| env.write(format!("p/{number}"), page(number % (pages / 2))));
        (0..3).map(|_| time(&env, line)).fold(f64::MAX, f64::min)
    };
    let (small, large) = (with(500), with(4000));
    assert!(large < 8.0 * small * 2.5 + 0.2, "{small} s for 500 pages, {large} s for 4000");
}

#[test]
fn one_endless_line_and_a_million_line_ends_are_read_in_linear_time() {
    let env = TestEnv::with(&[("line", "word ".repeat(1 << 20)), ("ends", "\r".repeat(1 << 20))]);
    for page in ["line", "ends"] {
        let taken = time(&env, &format!("{page} -q --spans --split none --near off"));
        assert!(taken < 30.0, "{page}: {taken} s");
    }
}

#[test]
fn one_text_a_thousand_times_is_one_article() {
    let env = TestEnv::empty();
    (0..1000).for_each(|number| env.write(format!("p/{number:04}"), page(1)));
    let report = env.report("p --split none");
    assert_eq!(groups(&report).len(), 1);
    assert_eq!(report["summary"]["exact"], 999);
}

/// A folder `pages` of invented articles, every second one a copy, every fifth an edited one.
fn copies() -> TestEnv {
    let env = TestEnv::empty();
    write_corpus(&env.path(""), 3, Layout::Articles, Size::Pages(600)).unwrap();
    env
}

#[test]
fn threads_and_memory_do_not_show_in_a_corpus_of_near_copies() {
    let env = copies();
    let first = env.run("pages --split none --quotes --threads 1");
    assert!(first.report()["summary"]["near"].as_u64() > Some(50));
    for options in ["--threads 2", "--threads 8", "--threads 2 --memory 100"] {
        assert!(env.run(&format!("pages --split none --quotes {options}")) == first, "{options}");
    }
}

#[test]
fn groups_of_near_copies_do_not_depend_on_the_order_of_the_pages() {
    let env = copies();
    let mut paths = page_names(&env.report("pages --split none"));
    let sets = |paths: &[String]| {
        let report = env.run(&format!("-q --split none {}", paths.join(" "))).report();
        groups(&report).into_iter().map(BTreeSet::from_iter).collect::<BTreeSet<_>>()
    };
    let forwards = sets(&paths);
    paths.reverse();
    assert_eq!(sets(&paths), forwards);
    paths.sort_by_key(|path| path.bytes().rev().collect::<Vec<_>>());
    assert_eq!(sets(&paths), forwards);
}

#[test]
fn articles_of_a_corpus_of_near_copies_are_found_again() {
    idempotent(&copies(), "pages", "none").unwrap();
}
