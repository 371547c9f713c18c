//! A browser without a window, driven over the DevTools protocol.
//!
//! Requests and answers are JSON, each ended by a NUL byte, and go through the browser's file descriptors
//! 3 and 4: there is no port to find, and the browser ends when the test does.

use super::Heard;
use serde_json::{Value, json};
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The longest that anything may take; test machines are slow and do other things, too.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long the browser may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(5);

/// What browsers are called.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Nothing of its own: no first steps, no updates, no addresses of the world.
const SWITCHES: [&str; 14] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--lang=en",
];

/// The way from the shell's standard input and output to the descriptors that the browser reads and writes.
const START: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#;

/// A running browser and the connection to it.
pub struct Devtools {
    process: Child,
    requests: ChildStdin,
    answers: Receiver<Value>,
    last: u64,
    /// The page that requests go to; none before there is one.
    pub session: Option<String>,
    /// What pages did that somebody might have to know.
    pub heard: Heard,
    _profile: TempDir,
}

impl Devtools {
    /// Starts the browser, if there is one.
    pub fn start() -> Option<Devtools> {
        let program = program()?;
        let profile = TempDir::new().unwrap();
        let mut process = Command::new("sh")
            .args(["-c", START])
            .arg(&program)
            .args(SWITCHES)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .env("TMPDIR", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (requests, answers) = (process.stdin.take().unwrap(), listen(process.stdout.take().unwrap()));
        let heard = Heard::default();
        let mut devtools = Devtools { process, requests, answers, last: 0, session: None, heard, _profile: profile };
        devtools.call("Browser.getVersion", json!({}));
        Some(devtools)
    }

    /// Asks and waits for the answer.
    #[track_caller]
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let (id, began) = (self.send(method, params), Instant::now());
        loop {
            let left = PATIENCE.saturating_sub(began.elapsed());
            let mut message = match self.answers.recv_timeout(left) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => panic!("the browser gave no answer to {method} in {PATIENCE:?}"),
                Err(RecvTimeoutError::Disconnected) => panic!("the browser ended before it answered {method}"),
            };
            if message["id"] != id {
                self.hear(&message);
                continue;
            }
            assert!(message["error"].is_null(), "{method}: {}", message["error"]);
            return message["result"].take();
        }
    }

    /// Sends a request and gives its number.
    fn send(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let mut request = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            request["sessionId"] = json!(session);
        }
        self.requests.write_all(format!("{request}\0").as_bytes()).unwrap();
        self.last
    }

    /// Notes an event. A dialog stops its page until it is answered.
    fn hear(&mut self, event: &Value) {
        if event["method"] == "Page.javascriptDialogOpening" {
            self.send("Page.handleJavaScriptDialog", json!({"accept": true}));
        }
        self.heard.hear(event);
    }
}

impl Drop for Devtools {
    fn drop(&mut self) {
        self.session = None;
        let request = json!({"id": self.last + 1, "method": "Browser.close"});
        let mut ended = self.requests.write_all(format!("{request}\0").as_bytes()).is_err();
        let began = Instant::now();
        while !ended && began.elapsed() < FAREWELL {
            ended = !matches!(self.process.try_wait(), Ok(None));
            thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Receives what a browser writes; ends with it.
fn listen(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for message in BufReader::new(output).split(0).map_while(Result::ok) {
            let message = serde_json::from_slice(&message).unwrap_or_else(|error| panic!("no JSON: {error}"));
            if sender.send(message).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The browser that the environment names, or the first one on the way to programs.
fn program() -> Option<PathBuf> {
    if let Some(named) = env::var_os("NEWSDEDUP_BROWSER") {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let paths = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    paths.into_iter().find(|path| Path::is_file(path))
}
