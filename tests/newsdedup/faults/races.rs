//! Pages that change, shrink, grow, vanish, or are replaced while they are read.

use crate::testenv::{TestEnv, page};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs in all.
const RACES: usize = 1000;
/// Pages, each of which changes all the time.
const PAGES: [&str; 4] = ["p/a.txt", "p/b.txt", "p/c.txt", "p/d.txt"];

/// What a page may hold at any moment: whole stories, and their beginnings.
fn versions() -> Vec<String> {
    let shrunk = |story: &String| story[..story.len() * 2 / 3].to_owned();
    let stories: Vec<String> = (50..54).map(page).collect();
    stories.iter().map(shrunk).chain(stories.clone()).chain([String::new()]).collect()
}

/// Stops the disturbance, also if a run was not as it should be.
struct AtTheEnd<'s>(&'s AtomicBool);

impl Drop for AtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Does one harm after the other until it is told to stop.
fn disturb(folder: &Path, versions: &[String], stop: &AtomicBool) {
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    while !stop.load(Ordering::Relaxed) {
        let (path, text) = (folder.join(PAGES[next(PAGES.len())]), &versions[next(versions.len())]);
        // Any of these may meet what the one before left; then it does nothing.
        let _ = match next(5) {
            0 => fs::remove_file(&path),
            1 => fs::File::options().write(true).open(&path).and_then(|file| file.set_len(text.len() as u64 / 2)),
            2 => fs::write(folder.join("new"), text).and_then(|()| fs::rename(folder.join("new"), &path)),
            _ => fs::write(&path, text),
        };
    }
}

/// The text of every page as the report has it is one that the page had.
fn is_consistent(report: &Value, bodies: &HashMap<String, String>) -> Result<(), String> {
    let of = |list: &'static str| report[list].as_array().into_iter().flatten();
    let shas: HashMap<&str, &str> = of("pages")
        .map(|map| (map["page"].as_str().unwrap_or_default(), map["sha256"].as_str().unwrap_or_default()))
        .collect();
    for article in of("articles") {
        for occurrence in article["occurrences"].as_array().into_iter().flatten().filter(|it| it["match"] != "near") {
            let page = occurrence["page"].as_str().unwrap_or_default();
            let Some(sha) = shas.get(page) else { return Err(format!("{page} has no map")) };
            // What was cut at another place is no version of ours; its body is a part of one.
            let Some(body) = bodies.get(*sha) else { continue };
            if article["body"] != *body {
                return Err(format!("{page} is {sha}, but its body is that of something else"));
            }
        }
    }
    let named = |page: &&str| shas.contains_key(*page) || of("skipped").any(|skipped| skipped["page"] == **page);
    let found = PAGES.into_iter().filter(named).count() as u64;
    let walked = report["summary"]["pages"].as_u64().unwrap_or_default()
        + report["summary"]["skipped"].as_u64().unwrap_or_default();
    if found == walked { Ok(()) } else { Err(format!("{walked} pages were found, {found} are in the report")) }
}

#[test]
fn a_page_that_changes_is_used_as_it_was_at_one_moment_or_is_reported() {
    let env = TestEnv::empty();
    let versions = versions();
    let hex = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let bodies = versions.iter().map(|text| {
        env.write("p/alone.txt", text);
        let report = env.report("p --split none");
        (hex(text), report["articles"][0]["body"].as_str().unwrap_or_default().to_owned())
    });
    let bodies: HashMap<String, String> = bodies.collect();
    fs::remove_file(env.path("p/alone.txt")).unwrap();
    PAGES.iter().for_each(|name| env.write(name, &versions[4]));
    let stop = AtomicBool::new(false);
    let mut changed = 0;
    let codes: HashMap<i32, usize> = std::thread::scope(|scope| {
        let _stop = AtTheEnd(&stop);
        scope.spawn(|| disturb(&env.path(""), &versions, &stop));
        let runs = (0..RACES).map(|race| {
            let memory = ["--memory 0", "--memory 2K", ""][race % 3];
            let ran = env.run(&format!("p -q --spans --split none {memory}"));
            if [0, 3].contains(&ran.code) {
                let report = ran.report();
                let told = is_consistent(&report, &bodies);
                assert_eq!(told, Ok(()), "race {race}: {report}");
                changed += usize::from(ran.code == 3);
            } else {
                assert_eq!((ran.code, ran.err.is_empty()), (2, false), "race {race}");
            }
            ran.code
        });
        let mut codes = HashMap::new();
        runs.for_each(|code| *codes.entry(code).or_default() += 1);
        codes
    });
    println!("{RACES} races: {changed} told of a page that changed or vanished; exit codes {codes:?}");
    assert!(changed > RACES / 100, "nothing raced");
}
