//! That the harness hears and does what the other tests rely on.

use super::browser;
use crate::testenv::TestEnv;

/// A page that does all that a report must not do.
const LOUD: &str = r#"<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="img-src 'none'">
<body><img src="https://example.com/a.png" onerror="ran('error')"><script>
console.log("hello", 1); alert("stop"); setTimeout(() => { throw new Error("oops") });
fetch("https://example.com/b").catch(() => {}); open("https://example.com/c");
</script>"#;

const FORM: &str = r#"<!doctype html><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><body><input id="i"><select id="s">
<option>a<option>b<option>c</select><p style="height: 3000px"><button id="b">press</button><output id="o"></output>
<script>const log = text => document.querySelector("output").append(text + " ");
addEventListener("click", event => event.isTrusted && event.target.id === "b" && log("click"));
addEventListener("keydown", event => event.isTrusted && log(event.key));
addEventListener("change", event => log(event.target.value));</script>"#;

#[test]
fn everything_that_a_page_does_is_heard() {
    let Some(mut page) = browser() else { return };
    let env = TestEnv::with(&[("loud page é.html", LOUD)]);
    page.open(&env.path("loud page é.html"));
    let heard = page.take_heard().join("\n");
    for expected in [
        "console: hello 1",
        "dialog: \"stop\"",
        "exception: Error: oops",
        "policy: img-src https://example.com/a.png",
        "ran: error",
        "request: https://example.com/b",
        "window: \"https://example.com/c\"",
    ] {
        assert!(heard.contains(expected), "{expected} is not in {heard}");
    }
}

#[test]
fn keys_and_clicks_are_real_and_a_quiet_page_is_quiet() {
    let Some(mut page) = browser() else { return };
    let env = TestEnv::with(&[("form.html", FORM)]);
    page.open(&env.path("form.html"));
    page.click("#i");
    page.keys("né/");
    page.press("ArrowLeft");
    page.press("Backspace");
    assert_eq!(page.get::<String>("document.querySelector('#i').value"), "n/");
    page.choose("#s", "c");
    page.click("#b");
    let log: String = page.get("document.querySelector('#o').textContent");
    assert_eq!(log, "n é / ArrowLeft Backspace n/ ArrowDown b ArrowDown c click ");
    page.size(390, 800);
    page.scheme("dark");
    assert!(page.get::<bool>("innerWidth === 390 && matchMedia('(prefers-color-scheme: dark)').matches"));
    page.expect_quiet();
}
