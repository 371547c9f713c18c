//! One run's report for the browser, beside the same run's report as JSON.

use super::browser;
use super::page::Page;
use crate::testenv::TestEnv;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a list may take to show what was asked for.
const SOON: Duration = Duration::from_secs(10);

/// Two reports of the same pages.
pub struct Made {
    pub env: TestEnv,
    pub json: Value,
}

impl Made {
    /// Runs twice over what lies in a folder; `inputs` are names below it, and options.
    pub fn of(env: TestEnv, inputs: &str) -> Made {
        Made::ending(env, inputs, 0)
    }

    /// The same, of files of which some cannot be read.
    pub fn with_skipped(env: TestEnv, inputs: &str) -> Made {
        Made::ending(env, inputs, 3)
    }

    fn ending(env: TestEnv, inputs: &str, code: i32) -> Made {
        let json = env.run(&format!("{inputs} --quotes --spans -q"));
        let html = env.run(&format!("{inputs} -o report.html -q"));
        assert_eq!((json.code, html.code), (code, code), "{} {}", json.err, html.err);
        Made { json: json.report(), env }
    }

    /// The corpus that lies beside the program's source.
    pub fn seeds() -> Made {
        let env = TestEnv::empty();
        copy_pages(&env, &Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"), "seeds");
        Made::of(env, "seeds")
    }

    /// The report for the browser, opened there.
    pub fn open(&self) -> Option<Page> {
        let mut page = browser()?;
        page.open_report(&self.html());
        Some(page)
    }

    pub fn html(&self) -> PathBuf {
        self.env.path("report.html")
    }

    pub fn list(&self, name: &str) -> &[Value] {
        self.json[name].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    pub fn articles(&self) -> &[Value] {
        self.list("articles")
    }

    /// The numbers of the articles that something is true of, in order.
    pub fn those(&self, test: impl Fn(&Value) -> bool) -> Vec<usize> {
        (0..self.articles().len()).filter(|&number| test(&self.articles()[number])).collect()
    }

    /// The number of the article with this headline.
    #[track_caller]
    pub fn number(&self, beginning: &str) -> usize {
        let found = self.those(|article| article["headline"].as_str().is_some_and(|text| text.starts_with(beginning)));
        *found.first().unwrap_or_else(|| panic!("no article begins with {beginning}"))
    }

    /// The number of the article with this digest.
    pub fn number_of(&self, id: &Value) -> usize {
        self.those(|article| article["id"] == *id)[0]
    }
}

/// Writes the files of a folder into the folder of a test.
pub fn copy_pages(env: &TestEnv, from: &Path, to: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        env.write(Path::new(to).join(path.file_name().unwrap()), fs::read(&path).unwrap());
    }
}

/// The occurrences of an article.
pub fn occurrences(article: &Value) -> &[Value] {
    article["occurrences"].as_array().unwrap()
}

/// Whether an article has a copy of this kind.
pub fn has_match(article: &Value, kind: &str) -> bool {
    occurrences(article).iter().any(|at| at["match"] == kind)
}

/// The name of a page, as bytes.
pub fn name_bytes(name: &Value) -> Vec<u8> {
    match name["bytes"].as_str() {
        Some(base64) => BASE64_STANDARD.decode(base64).unwrap(),
        None => name.as_str().unwrap().into(),
    }
}

/// The articles in the list, from top to bottom.
pub fn rows(page: &mut Page) -> Vec<usize> {
    page.get(
        "[...document.querySelectorAll('#list [role=option]')]
            .map(row => [row.getBoundingClientRect().top, Number(row.dataset.article)])
            .sort((a, b) => a[0] - b[0]).map(([, article]) => article)",
    )
}

/// Expects these articles in the list, all of which must have room in the window, and their number above it.
#[track_caller]
pub fn expect_rows(page: &mut Page, what: &str, expected: &[usize]) {
    let began = Instant::now();
    let mut found = rows(page);
    while found != expected && began.elapsed() < SOON {
        found = rows(page);
    }
    assert_eq!(found, expected, "{what}");
    let count: String = page.get("document.querySelector('#count').textContent");
    let number: String = count.chars().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    assert_eq!(number.replace(',', ""), expected.len().to_string(), "{what}: {count}");
}

/// Empties the search and types something else.
pub fn search(page: &mut Page, words: &str) {
    page.run("const search = document.querySelector('#search'); search.focus(); search.select()");
    page.press("Backspace");
    page.keys(words);
}
