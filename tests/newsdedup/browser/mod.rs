//! The HTML report in a real browser, used as a person would use it.
//!
//! Without a browser these tests say so and pass; with `CI=true` in the environment they fail then. With
//! NEWSDEDUP_SCREENSHOTS=FOLDER they leave pictures of what they saw.

mod devtools;
mod figures;
mod finding;
mod harness;
mod heard;
mod hostile;
mod inputs;
mod large;
mod long;
mod looks;
mod made;
mod page;
mod real;
mod reviewed;
mod scripts;
mod stored;
mod views;

use heard::Heard;
use page::Page;
use std::env;
use std::io::{Write, stderr};
use std::sync::Once;

/// How a browser comes to the machine.
const INSTALL: &str = "apt-get install chromium fonts-dejavu-core fonts-droid-fallback";

/// That tests are skipped is said once.
static SAID: Once = Once::new();

/// A blank page in a browser, or nothing where there is none.
#[track_caller]
fn browser() -> Option<Page> {
    let page = Page::blank();
    if page.is_none() {
        assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "there is no browser; {INSTALL}");
        // Not by a macro: what those write is shown of failed tests only.
        SAID.call_once(|| drop(writeln!(stderr(), "no browser, so its tests are skipped; {INSTALL}")));
    }
    page
}
