//! Five real pages: what is worth knowing stands on the first screen.

use super::made::{Made, copy_pages, occurrences};
use super::page::Page;
use crate::testenv::TestEnv;
use std::io::{Write, stderr};
use std::path::Path;

/// All words that can be read without a click or a turn of the wheel.
pub fn visible(page: &mut Page) -> String {
    page.get(
        "(() => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const seen = [];
            for (let node = texts.nextNode(); node; node = texts.nextNode()) {
                if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
                const range = document.createRange();
                range.selectNodeContents(node);
                const boxes = [...range.getClientRects()].filter(box => box.width > 0);
                const middle = box => document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                const inside = boxes.every(box => box.left >= 0 && box.top >= 0 && box.right <= innerWidth
                    && box.bottom <= innerHeight
                    && node.parentElement.contains(middle(box)));
                if (boxes.length > 0 && inside) seen.push(node.data);
            }
            return seen.join(' ').replace(/\\s+/g, ' ');
        })()",
    )
}

#[test]
fn the_first_screen_tells_articles_copies_and_quotes() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !pages.is_dir() {
        let _ = writeln!(stderr(), "the real pages are not on this machine: their first screen is not looked at");
        return;
    }
    let env = TestEnv::empty();
    copy_pages(&env, &pages, "seeds");
    let made = Made::of(env, "seeds");
    let Some(mut page) = made.open() else { return };
    let text = visible(&mut page);
    assert!(text.contains("6 articles"), "{text}");
    let three = made.those(|article| occurrences(article).len() == 3);
    assert_eq!(three.len(), 1);
    let headline = made.articles()[three[0]]["headline"].as_str().unwrap();
    assert!(text.contains(headline) && text.contains("3 pages"), "{text}");
    let quotes = made.list("quotes");
    assert_eq!(quotes.len(), 2);
    for quote in quotes {
        assert!(text.contains(quote["text"].as_str().unwrap()), "{quote} is not in {text}");
    }
    page.screenshot("first-screen");
    page.scheme("dark");
    page.screenshot("first-screen-dark");
    page.expect_quiet();
}
