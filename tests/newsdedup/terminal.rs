//! What a person at a terminal sees. The terminal is a real one to the program: a pseudoterminal.

use crate::formats::edited;
use crate::testenv::{BIN, TestEnv};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

/// Which of its outputs go to the terminal.
#[derive(Clone, Copy, PartialEq)]
pub enum To {
    Both,
    Out,
}

/// Runs at a terminal of so many columns; gives the exit code and all that the terminal got.
pub fn at_terminal(env: &TestEnv, line: &str, columns: u16, to: To, vars: &[(&str, &str)]) -> (i32, String) {
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap().into_string().unwrap();
    let terminal = File::options().read(true).write(true).open(name).unwrap();
    tcsetwinsize(&terminal, Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let mut command = Command::new(BIN);
    command.args(line.split_whitespace()).current_dir(env.path("")).stdin(Stdio::null());
    command.env_remove("NO_COLOR").env("TERM", "xterm").envs(vars.iter().copied());
    command.stdout(terminal.try_clone().unwrap());
    command.stderr(if to == To::Both { terminal.try_clone().unwrap().into() } else { Stdio::null() });
    let mut child = command.spawn().unwrap();
    // The terminal ends when nobody can write to it any more.
    drop((command, terminal));
    let reader = std::thread::spawn(move || {
        let (mut seen, mut controller, mut part) = (Vec::new(), File::from(controller), [0; 4096]);
        // Linux answers with an error once nobody writes to the terminal any more.
        while let Ok(read @ 1..) = controller.read(&mut part) {
            seen.extend_from_slice(&part[..read]);
        }
        String::from_utf8_lossy(&seen).replace("\r\n", "\n")
    });
    let code = child.wait().unwrap().code().unwrap();
    (code, reader.join().unwrap())
}

#[test]
fn text_has_colours_and_the_width_of_the_terminal() {
    let env = edited();
    let (code, seen) = at_terminal(&env, "p -q --format text", 40, To::Out, &[]);
    assert_eq!(code, 0);
    assert!(seen.contains("\u{1b}[33mnear  \u{1b}[0m"), "{seen}");
    let plain = at_terminal(&env, "p -q --format text", 40, To::Out, &[("NO_COLOR", "1")]).1;
    assert!(!plain.contains('\u{1b}') && plain.lines().all(|line| line.chars().count() <= 40), "{plain}");
    assert!(!at_terminal(&env, "p -q --format text", 40, To::Out, &[("TERM", "dumb")]).1.contains('\u{1b}'));
    let never = at_terminal(&env, "report - --format text --color never", 40, To::Both, &[]);
    assert_eq!(never.0, 2, "there is no report on standard input");
}

#[test]
fn a_table_of_bytes_is_not_shown_on_a_terminal() {
    if !cfg!(feature = "parquet") {
        return;
    }
    let (code, seen) = at_terminal(&edited(), "p --format parquet", 80, To::Both, &[]);
    assert_eq!(code, 2);
    assert!(seen.contains("give it a file: -o build/report.parquet"), "{seen}");
}

/// Pages that take a while.
fn slow() -> TestEnv {
    let env = TestEnv::empty();
    for number in 0..6_000 {
        env.write(format!("p/{number}.txt"), crate::testenv::page(number));
    }
    env
}

#[test]
fn a_terminal_shows_how_far_it_is_and_nothing_is_left_of_that() {
    let env = slow();
    let (code, seen) = at_terminal(&env, "p -o out.json --threads 1", 60, To::Both, &[]);
    assert_eq!(code, 0);
    let (shown, left) = seen.rsplit_once("\r\u{1b}[K").unwrap_or_else(|| panic!("{seen}"));
    assert!(left.starts_with("newsdedup: 6000 pages, ") && left.lines().count() == 1, "{left}");
    let lines: Vec<&str> = shown.split('\r').map(|line| line.trim_end_matches("\u{1b}[K")).collect();
    assert!(lines.iter().all(|line| line.chars().count() < 60), "{lines:?}");
    assert!(["pages", "articles"].iter().any(|word| shown.contains(word)), "{lines:?}");
    for (line, vars) in [("p -q -o out.json", vec![]), ("p -o out.json", vec![("TERM", "dumb")])] {
        assert!(!at_terminal(&env, line, 60, To::Both, &vars).1.contains('\r'), "{line}");
    }
    assert_eq!(env.run("p -o out.json").err.lines().count(), 1, "a pipe gets none of it");
}

#[test]
fn a_report_on_the_terminal_has_nothing_between_its_lines() {
    let env = slow();
    let (_, seen) = at_terminal(&env, "p --threads 1", 80, To::Both, &[]);
    let begin = seen.find("{\"schema\"").unwrap();
    assert!(!seen[begin..].contains('\u{1b}'));
    assert!(begin == 0 || seen[..begin].ends_with("\r\u{1b}[K"), "{}", &seen[..begin]);
}
