//! Time grows with a corpus and no faster, whatever its texts have in common, and so does memory with a page.

use crate::testenv::TestEnv;
use std::fmt::Write as _;
#[cfg(target_os = "linux")]
use std::io::Read;
use std::process::{Command, Stdio};
use wait4::Wait4;

/// Texts in the smaller corpus and in the larger one.
const COUNTS: [usize; 2] = [12_500, 50_000];
/// How much more than four times as long four times as many texts may take: caches are small, machines busy.
const LEEWAY: f64 = 2.0;

/// Articles in a smaller page and in a larger one.
const ARTICLES: [usize; 2] = [600, 2400];
/// Bytes of a large page.
#[cfg(target_os = "linux")]
const LARGE: usize = 48 << 20;
/// What a run takes beside its pages, in bytes.
#[cfg(target_os = "linux")]
const BESIDE: usize = 32 << 20;

/// The program on all pages, each as one text.
fn command(env: &TestEnv) -> Command {
    env.command(["p", "-q", "--split", "none"])
}

/// Seconds of all processors that a run takes.
fn seconds(env: &TestEnv) -> f64 {
    let ended = command(env).stdout(Stdio::null()).spawn().unwrap().wait4().unwrap();
    assert!(ended.status.success());
    (ended.rusage.utime + ended.rusage.stime).as_secs_f64()
}

/// The most memory that a run takes until its report is read, in bytes. What the system says of a run that
/// has ended counts in the memory of who started it.
#[cfg(target_os = "linux")]
fn peak(env: &TestEnv) -> usize {
    let mut run = command(env).stdout(Stdio::piped()).spawn().unwrap();
    let (mut report, mut part, mut peak) = (run.stdout.take().unwrap(), vec![0; 1 << 16], 0);
    while report.read(&mut part).unwrap() > 0 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak = most.map_or(0, |most| most.parse::<usize>().unwrap() * 1024).max(peak);
    }
    assert!(run.wait().unwrap().success() && peak > 0);
    peak
}

/// Seconds that a corpus of so many texts takes.
fn cpu(count: usize, text: &dyn Fn(usize) -> String) -> f64 {
    let env = TestEnv::empty();
    (0..count).for_each(|number| env.write(format!("p/{}/{number}", number / 1000), text(number)));
    seconds(&env)
}

#[track_caller]
fn no_faster([small, large]: [f64; 2], counts: [usize; 2]) {
    let times = counts[1] as f64 / counts[0] as f64;
    assert!(large < small * times * LEEWAY, "{small} s for {} texts, {large} s for {}", counts[0], counts[1]);
}

fn grows_no_faster_than_the_corpus(text: impl Fn(usize) -> String) {
    no_faster(COUNTS.map(|count| cpu(count, &text)), COUNTS);
}

/// A page of so many bytes takes that much memory once.
#[cfg(target_os = "linux")]
#[track_caller]
fn is_held_once(page: &str) {
    let env = TestEnv::with(&[("p/page", page)]);
    let peak = peak(&env);
    assert!(peak < page.len() * 3 / 2 + BESIDE, "{peak} bytes for a page of {}", page.len());
}

/// Words that no other text has.
fn own_words(number: usize) -> String {
    let mut text = String::new();
    for word in 0..40 {
        write!(text, "{:x} ", (number * 40 + word).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24).unwrap();
    }
    text
}

#[test]
fn one_text_50_000_times() {
    let text = own_words(1);
    grows_no_faster_than_the_corpus(|_| text.clone());
}

#[test]
fn one_boilerplate_in_50_000_texts() {
    let boilerplate = own_words(1) + &own_words(2) + &own_words(3);
    grows_no_faster_than_the_corpus(|number| format!("{}\n\n{boilerplate}\n", own_words(number + 4)));
}

#[test]
fn one_page_that_holds_the_articles_of_all_others() {
    let spent = ARTICLES.map(|count| {
        let env = TestEnv::empty();
        let articles: Vec<String> =
            (0..count).map(|number| own_words(2 * number) + &own_words(2 * number + 1)).collect();
        articles.iter().enumerate().for_each(|(number, text)| env.write(format!("p/{number}"), text));
        env.write("p/all", articles.join("\n\n"));
        assert_eq!(env.report("p --split none")["summary"]["excerpts"], count);
        seconds(&env)
    });
    no_faster(spent, ARTICLES);
}

#[test]
#[cfg(target_os = "linux")]
fn two_pages_of_many_articles_that_are_nearly_equal() {
    let env = TestEnv::empty();
    let articles = |from| (from..from + 10_000).map(own_words).collect::<Vec<_>>().join("\n");
    env.write("p/a", articles(0));
    env.write("p/b", articles(100));
    let peak = peak(&env);
    assert!(peak < 2 * BESIDE, "{peak} bytes for two pages of {} MB", articles(0).len() >> 20);
    assert_eq!(env.report("p --split none")["summary"]["near"], 1);
}

#[test]
#[cfg(target_os = "linux")]
fn one_line_of_many_megabytes() {
    is_held_once(&(0..LARGE / 440).map(own_words).collect::<String>());
}

#[test]
#[cfg(target_os = "linux")]
fn one_article_many_times_in_one_page() {
    let article = own_words(1) + "\n";
    is_held_once(&article.repeat(LARGE / article.len()));
}
