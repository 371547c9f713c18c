//! Runs that end at any moment, without a chance to do anything about it.

use super::{Changing, Way};
use crate::testenv::TestEnv;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Kills in all.
const KILLS: usize = 504;
/// What is killed.
const WAYS: &[Way] = &[
    Way::new("-o out", "out"),
    Way::new("-o r.json", "r.json"),
    Way::new("-o page.html", "page.html"),
    #[cfg(feature = "compression")]
    Way::new("-o out --archive", "out"),
    #[cfg(feature = "compression")]
    Way { keeps: &["state"], ..Way::new("-o r.json --state state", "r.json") },
    Way::new("-o out --spans --quotes --format jsonl", "out"),
    #[cfg(feature = "parquet")]
    Way::new("-o out --format parquet", "out"),
];

/// Moments that a run is killed at, spread over so long a time.
pub fn moment(kill: usize, run: Duration) -> Duration {
    // The golden section leaves no gaps, whatever the number of kills is.
    run.mul_f64((kill as f64 * 0.618_033_988_749_894_8).fract() * 1.1)
}

/// Runs, and kills that after so long.
pub fn kill(env: &TestEnv, line: &str, after: Duration) {
    let mut child = env.command(line.split(' ')).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_run_that_is_killed_leaves_the_old_output_or_the_new_one() {
    let (mut old, mut new) = (0, 0);
    for way in WAYS {
        let corpus = Changing::new();
        let wanted = corpus.outputs(way);
        let begun = Instant::now();
        corpus.run(way);
        let run = begun.elapsed();
        for number in 0..KILLS / WAYS.len() {
            let told = format!("{}: kill {number}", way.options);
            let (before, after) = (&wanted[(number + 1) % 2], &wanted[number % 2]);
            corpus.change(number);
            kill(&corpus.env, &format!("p -q {}", way.options), moment(number, run));
            let killed = corpus.output(way);
            assert!(killed == *before || killed == *after, "{told}: {:?}", killed.keys());
            *(if killed == *after { &mut new } else { &mut old }) += 1;
            corpus.run(way);
            assert_eq!(corpus.output(way), *after, "after {told}");
            assert_eq!(corpus.left_behind(way), [""; 0], "after {told}");
        }
    }
    println!("{} kills: {old} left the old output, {new} the new one", old + new);
    assert!(old > KILLS / 10, "the runs were all over before they were killed");
}
