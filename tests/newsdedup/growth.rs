//! Time grows with a corpus and no faster, whatever its texts have in common.

use crate::testenv::TestEnv;
use std::fmt::Write as _;
use std::process::Stdio;
use wait4::Wait4;

/// Texts in the smaller corpus and in the larger one.
const COUNTS: [usize; 2] = [12_500, 50_000];
/// How much more than four times as long four times as many texts may take: caches are small, machines busy.
const LEEWAY: f64 = 2.0;

/// Seconds of all processors that a corpus takes.
fn cpu(count: usize, text: &dyn Fn(usize) -> String) -> f64 {
    let env = TestEnv::empty();
    (0..count).for_each(|number| env.write(format!("p/{}/{number}", number / 1000), text(number)));
    let mut command = env.command(["p", "-q", "--split", "none"]);
    let ended = command.stdout(Stdio::null()).spawn().unwrap().wait4().unwrap();
    assert!(ended.status.success());
    (ended.rusage.utime + ended.rusage.stime).as_secs_f64()
}

#[track_caller]
fn grows_no_faster_than_the_corpus(text: impl Fn(usize) -> String) {
    let [small, large] = COUNTS.map(|count| cpu(count, &text));
    let times = COUNTS[1] as f64 / COUNTS[0] as f64;
    assert!(large < small * times * LEEWAY, "{small} s for {} texts, {large} s for {}", COUNTS[0], COUNTS[1]);
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
