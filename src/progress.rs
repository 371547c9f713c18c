//! How far a run has come: counters that its stages move on, and a line on a terminal that shows them.
//!
//! The line stands on standard error, only if that is a terminal, and is gone at the end.

use crate::layout::clipped;
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What a run is at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// Walking the folders.
    #[default]
    Finding,
    /// Reading and looking at pages.
    Reading,
    /// Taking pages apart.
    Splitting,
    /// Finding copies.
    Comparing,
    /// Finding quotes.
    Quoting,
    /// Writing the report.
    Writing,
    /// Writing the archive.
    Archiving,
    /// Writing pages back.
    Restoring,
    /// Comparing pages with what was written about them.
    Verifying,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Stage::Finding => "looking for pages",
            Stage::Reading => "reading pages",
            Stage::Splitting => "taking pages apart",
            Stage::Comparing => "comparing articles",
            Stage::Quoting => "looking for quotes",
            Stage::Writing => "writing articles",
            Stage::Archiving => "archiving pages",
            Stage::Restoring => "restoring pages",
            Stage::Verifying => "verifying pages",
        }
    }
}

/// Counters that whoever runs something may look at while it goes on. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Pages or articles that are done with in this stage.
    done: AtomicU64,
    /// Bytes that are done with in this stage.
    bytes: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    stage: Stage,
    /// What there is to do, if that is known.
    total: u64,
    since: Option<Instant>,
    /// Whether a line stands on the terminal.
    drawn: bool,
    /// Whether nothing is to be drawn any more.
    hidden: bool,
}

impl Progress {
    /// Begins a stage with so many pages or articles to do; 0 if that is not known.
    pub fn stage(&self, stage: Stage, total: usize) {
        let mut state = self.state();
        (state.stage, state.total, state.since) = (stage, total as u64, Some(Instant::now()));
        self.0.done.store(0, Ordering::Relaxed);
        self.0.bytes.store(0, Ordering::Relaxed);
    }

    /// One more is done, of so many bytes.
    pub fn add(&self, bytes: usize) {
        self.0.done.fetch_add(1, Ordering::Relaxed);
        self.0.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Takes the line away for good: something else is to be shown.
    pub fn hide(&self) {
        let mut state = self.state();
        state.hidden = true;
        if std::mem::take(&mut state.drawn) {
            put("\r\u{1b}[K");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws the line anew; `false` if that is over.
    fn draw(&self) -> bool {
        let mut state = self.state();
        if state.hidden {
            return false;
        }
        let seconds = state.since.map_or(0.0, |since| since.elapsed().as_secs_f64());
        let (done, bytes) = (self.0.done.load(Ordering::Relaxed), self.0.bytes.load(Ordering::Relaxed));
        let text = line(state.stage, (done, state.total), bytes, seconds);
        put(&format!("\r{}\u{1b}[K", clipped(&text, columns())));
        state.drawn = true;
        true
    }
}

/// The line, as long as this lives.
pub struct Bar {
    progress: Progress,
    thread: Option<JoinHandle<()>>,
}

impl Bar {
    /// Shows how far it has come, if standard error is a terminal that knows how to take a line away.
    pub fn show(progress: &Progress) -> Option<Bar> {
        /// From one drawing to the next.
        const PAUSE: Duration = Duration::from_millis(100);
        /// A run that is done sooner shows none.
        const FIRST: Duration = Duration::from_millis(400);
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if dumb || !std::io::stderr().is_terminal() {
            return None;
        }
        let drawn = progress.clone();
        let draw = move || {
            let begun = Instant::now();
            while begun.elapsed() < FIRST && !drawn.state().hidden {
                std::thread::park_timeout(PAUSE);
            }
            while drawn.draw() {
                std::thread::park_timeout(PAUSE);
            }
        };
        let thread = std::thread::Builder::new().name("progress".to_owned()).spawn(draw).ok()?;
        Some(Bar { progress: progress.clone(), thread: Some(thread) })
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.progress.hide();
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

/// What the line says: what is done, how much of it, how fast, and how long it will take at this pace.
fn line(stage: Stage, (done, total): (u64, u64), bytes: u64, seconds: f64) -> String {
    let mut text = stage.name().to_owned();
    if done > 0 {
        text += &format!(": {}", grouped(done));
    }
    // There may be more than was known, such as the records of a container.
    let known = done > 0 && done <= total;
    if known {
        text += &format!(" of {}, {} %", grouped(total), done * 100 / total);
    }
    if bytes > 0 && seconds >= 0.5 {
        text += &format!(", {:.0} MB/s", bytes as f64 / seconds / 1e6);
    }
    if known && seconds >= 1.0 {
        text += &format!(", {} left", duration(seconds * (total - done) as f64 / done as f64));
    }
    text
}

/// A number with commas between the thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn duration(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

/// Nobody looking is no error.
fn put(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Columns that a line may take, so that it never goes on in the next one.
fn columns() -> usize {
    let size = rustix::termios::tcgetwinsize(std::io::stderr());
    size.ok().map(|size| usize::from(size.ws_col)).filter(|&columns| columns > 1).unwrap_or(80) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long() {
        let at = |done, bytes, seconds| line(Stage::Reading, (done, 61_451), bytes, seconds);
        assert_eq!(at(0, 0, 0.1), "reading pages");
        assert_eq!(at(100, 1_000_000, 0.1), "reading pages: 100 of 61,451, 0 %");
        assert_eq!(at(30_000, 120_000_000, 3.0), "reading pages: 30,000 of 61,451, 48 %, 40 MB/s, 4 s left");
        assert_eq!(at(70_000, 120_000_000, 3.0), "reading pages: 70,000, 40 MB/s");
        assert_eq!(line(Stage::Comparing, (0, 0), 0, 9.0), "comparing articles");
    }

    #[test]
    fn times_are_told_in_two_units() {
        assert_eq!([0.2, 59.5, 3_599.0, 7_321.0].map(duration), ["1 s", "1 min 00 s", "59 min 59 s", "2 h 02 min"]);
    }

    #[test]
    fn clones_count_together_and_a_stage_begins_at_zero() {
        let progress = Progress::default();
        progress.clone().add(5);
        assert_eq!(progress.0.bytes.load(Ordering::Relaxed), 5);
        progress.stage(Stage::Writing, 3);
        assert_eq!((progress.0.done.load(Ordering::Relaxed), progress.state().total), (0, 3));
    }
}
