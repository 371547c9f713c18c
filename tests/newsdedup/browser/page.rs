//! One page in a browser: opened from disk, read by scripts, used with keys and clicks as a person would.

use super::devtools::{Devtools, PATIENCE};
use super::heard::{EARS, exception};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

/// Time between two looks at a page.
const PAUSE: Duration = Duration::from_millis(20);

/// A page and the browser it is open in.
pub struct Page {
    devtools: Devtools,
    scripts: bool,
}

impl Page {
    /// A page with nothing in it, if there is a browser.
    pub fn blank() -> Option<Page> {
        Devtools::start().map(|devtools| Page { devtools, scripts: true })
    }

    /// Opens a file in a new tab, in a window of 1280 × 800.
    pub fn open(&mut self, file: &Path) {
        self.open_at(file, "");
    }

    /// Opens a file at one of its views, such as `#article=3`.
    pub fn open_at(&mut self, file: &Path, hash: &str) {
        self.devtools.session = None;
        let target = self.devtools.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached =
            self.devtools.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        self.devtools.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network", "Inspector"] {
            self.devtools.call(&format!("{domain}.enable"), json!({}));
        }
        self.devtools.call("Emulation.setFocusEmulationEnabled", json!({"enabled": true}));
        self.devtools.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": EARS}));
        self.devtools.call("Emulation.setScriptExecutionDisabled", json!({"value": !self.scripts}));
        self.size(1280, 800);
        self.devtools.heard.own = address(file);
        let url = format!("{}{hash}", self.devtools.heard.own);
        let gone = self.devtools.call("Page.navigate", json!({"url": url}));
        assert!(gone["errorText"].is_null(), "{}: {}", file.display(), gone["errorText"]);
        self.until("document.readyState === 'complete' && location.protocol === 'file:'");
    }

    /// Opens a report and waits until it can be searched.
    pub fn open_report(&mut self, file: &Path) {
        self.open(file);
        self.until("document.body.dataset.ready === 'true' && document.body.dataset.searchable === 'true'");
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn get<T: DeserializeOwned>(&mut self, expression: &str) -> T {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": self.scripts});
        let mut answer = self.devtools.call("Runtime.evaluate", params);
        let details = &answer["exceptionDetails"];
        assert!(details.is_null(), "{expression}: {}", exception(details));
        let value = answer["result"]["value"].take();
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{expression}: {error}: {value}"))
    }

    /// Does something in the page.
    #[track_caller]
    pub fn run(&mut self, script: &str) {
        self.get::<Value>(&format!("(() => {{ {script}; return null }})()"));
    }

    /// Waits until something is true of the page.
    #[track_caller]
    pub fn until(&mut self, condition: &str) {
        let began = Instant::now();
        while !self.get::<bool>(&format!("Boolean({condition})")) {
            assert!(began.elapsed() < PATIENCE, "never true: {condition}\n{}", self.describe());
            sleep(PAUSE);
        }
    }

    /// Where a page stands, for messages.
    fn describe(&mut self) -> String {
        let state = "[location.hash, JSON.stringify({...document.body.dataset}), \
            document.querySelector('#trouble')?.textContent ?? '', document.activeElement?.outerHTML.slice(0, 200), \
            document.querySelector('#detail')?.innerText.slice(0, 500)].join('\\n')";
        format!("{}\nheard: {:?}", self.get::<String>(state), self.devtools.heard.said)
    }

    /// Goes to a view, such as `#article=3`, and waits until it is shown in place of the one before.
    #[track_caller]
    pub fn go(&mut self, hash: &str) {
        let view = hash.trim_start_matches('#').split(['=', '&']).next().unwrap_or_default();
        let view = if hash.contains("copy=") { "difference" } else { view };
        self.run(&format!(
            "if (location.hash === {hash}) return;
            document.querySelector('#detail').firstElementChild.dataset.before = '';
            location.hash = {hash}",
            hash = json!(hash)
        ));
        self.until(&format!(
            "document.querySelector('#detail').dataset.view === {}
                && !document.querySelector('#detail > [data-before]')",
            json!(view)
        ));
    }

    /// Clicks in the middle of an element, with the mouse.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let place = format!(
            "(() => {{ const element = document.querySelector({selector});
                if (!element) return 'there is no such element';
                element.scrollIntoView({{block: 'center', inline: 'nearest', behavior: 'instant'}});
                const box = element.getClientRects()[0] ?? {{left: 0, top: 0, width: 0, height: 0}};
                const at = [box.left + box.width / 2, box.top + box.height / 2];
                const hit = document.elementFromPoint(...at);
                return element.contains(hit) ? at : 'there is something else: ' + hit?.outerHTML.slice(0, 200) }})()",
            selector = json!(selector)
        );
        let place: Value = self.get(&place);
        let [x, y] = serde_json::from_value(place.clone()).unwrap_or_else(|_| panic!("{selector}: {place}"));
        self.mouse("mouseMoved", x, y);
        self.mouse("mousePressed", x, y);
        self.mouse("mouseReleased", x, y);
    }

    fn mouse(&mut self, kind: &str, x: f64, y: f64) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let params = json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": 1});
        self.devtools.call("Input.dispatchMouseEvent", params);
    }

    /// Types a text into what has the focus.
    pub fn keys(&mut self, text: &str) {
        text.chars().for_each(|c| self.key(&c.to_string(), 0, Some(&c.to_string())));
    }

    /// Presses a key that writes nothing: `Enter`, `Escape`, `Tab`, `ArrowDown` and the like.
    #[track_caller]
    pub fn press(&mut self, name: &str) {
        const KEYS: [(&str, u32); 13] = [
            ("Backspace", 8),
            ("Tab", 9),
            ("Enter", 13),
            ("Escape", 27),
            ("Space", 32),
            ("PageUp", 33),
            ("PageDown", 34),
            ("End", 35),
            ("Home", 36),
            ("ArrowLeft", 37),
            ("ArrowUp", 38),
            ("ArrowRight", 39),
            ("ArrowDown", 40),
        ];
        let (_, code) = KEYS.into_iter().find(|(key, _)| *key == name).expect(name);
        let text = match name {
            "Enter" => Some("\r"),
            "Space" => Some(" "),
            _ => None,
        };
        self.key(text.filter(|_| name == "Space").unwrap_or(name), code, text);
    }

    fn key(&mut self, key: &str, code: u32, text: Option<&str>) {
        let name = if key == " " { "Space" } else { key };
        let mut params = json!({"type": "keyDown", "key": key, "code": name, "windowsVirtualKeyCode": code});
        if let Some(text) = text {
            params["text"] = json!(text);
        } else {
            params["type"] = json!("rawKeyDown");
        }
        self.devtools.call("Input.dispatchKeyEvent", params.clone());
        params["type"] = json!("keyUp");
        self.devtools.call("Input.dispatchKeyEvent", params);
    }

    /// Chooses a value of a list of choices with the arrow keys.
    #[track_caller]
    pub fn choose(&mut self, selector: &str, value: &str) {
        let list = format!("document.querySelector({})", json!(selector));
        let away = format!("[...{list}.options].findIndex(o => o.value === {}) - {list}.selectedIndex", json!(value));
        assert!(self.get::<bool>(&format!("[...{list}.options].some(o => o.value === {})", json!(value))), "{value}");
        self.run(&format!("{list}.focus()"));
        let steps: i64 = self.get(&away);
        for _ in 0..steps.abs() {
            self.press(if steps > 0 { "ArrowDown" } else { "ArrowUp" });
        }
        self.until(&format!("{list}.value === {}", json!(value)));
    }

    /// The size of the window, in CSS pixels; narrow ones are telephones.
    pub fn size(&mut self, width: u32, height: u32) {
        let (phone, scale) = (width < 600, if width < 600 { 2 } else { 1 });
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone});
        self.devtools.call("Emulation.setDeviceMetricsOverride", metrics);
        self.devtools.call("Emulation.setTouchEmulationEnabled", json!({"enabled": phone}));
    }

    /// Whether the reader's system is `light` or `dark`.
    pub fn scheme(&mut self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools.call("Emulation.setEmulatedMedia", features);
    }

    /// Whether pages that are opened from now on may run their scripts.
    pub fn scripts(&mut self, run: bool) {
        self.scripts = run;
    }

    /// The page as tools for people who do not see it are told of it.
    pub fn accessibility(&mut self) -> Vec<Value> {
        let mut tree = self.devtools.call("Accessibility.getFullAXTree", json!({}));
        serde_json::from_value(tree["nodes"].take()).unwrap()
    }

    /// A picture of the window, in the folder that NEWSDEDUP_SCREENSHOTS names.
    pub fn screenshot(&mut self, name: &str) {
        let Some(folder) = env::var_os("NEWSDEDUP_SCREENSHOTS") else { return };
        let shot = self.devtools.call("Page.captureScreenshot", json!({"format": "png"}));
        let png = BASE64_STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        fs::create_dir_all(&folder).unwrap();
        fs::write(Path::new(&folder).join(name).with_extension("png"), png).unwrap();
    }

    /// Expects that the page said, asked for and opened nothing.
    #[track_caller]
    pub fn expect_quiet(&mut self) {
        // What happened before this is heard by then.
        self.get::<Value>("new Promise(done => setTimeout(() => done(null), 50))");
        let said = &self.devtools.heard.said;
        assert!(said.is_empty(), "the page was not quiet: {said:#?}");
    }

    /// What was heard; for the tests of the tests.
    pub fn take_heard(&mut self) -> Vec<String> {
        self.get::<Value>("new Promise(done => setTimeout(() => done(null), 50))");
        std::mem::take(&mut self.devtools.heard.said)
    }
}

/// The address of a file.
fn address(file: &Path) -> String {
    let bytes = file.as_os_str().as_encoded_bytes().iter();
    let escaped = bytes.map(|&byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    format!("file://{}", escaped.collect::<String>())
}
