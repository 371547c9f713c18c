//! Runs that end at any moment, without a chance to do anything about it.

use super::{Changing, STATE, Tree, tree};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Kills in all.
const KILLS: usize = 504;
/// What is written, and where.
const OUTPUTS: &[(&str, &str)] = &[
    ("-o out", "out"),
    ("-o r.json", "r.json"),
    ("-o page.html", "page.html"),
    #[cfg(feature = "compression")]
    ("-o out --archive", "out"),
    #[cfg(feature = "compression")]
    ("-o r.json --state state", "r.json"),
    ("-o out --spans --quotes --format jsonl", "out"),
    #[cfg(feature = "parquet")]
    ("-o out --format parquet", "out"),
];

/// Moments that a run is killed at, spread over so long a time.
fn moment(kill: usize, run: Duration) -> Duration {
    // The golden section leaves no gaps, whatever the number of kills is.
    run.mul_f64((kill as f64 * 0.618_033_988_749_894_8).fract() * 1.1)
}

#[test]
fn a_run_that_is_killed_leaves_the_old_output_or_the_new_one() {
    let (mut old, mut new) = (0, 0);
    for (options, output) in OUTPUTS {
        let corpus = Changing::new();
        let wanted = corpus.outputs(options, output);
        let begun = Instant::now();
        corpus.env.report_into(&format!("p {options}"));
        let run = begun.elapsed();
        for kill in 0..KILLS / OUTPUTS.len() {
            let (before, after) = (&wanted[(kill + 1) % 2], &wanted[kill % 2]);
            corpus.change(kill);
            if options.contains(STATE) {
                // What was just written is not kept yet.
                std::thread::sleep(Duration::from_millis(110));
            }
            let killed = killed(&corpus, options, output, moment(kill, run));
            assert!(killed == *before || killed == *after, "{options}: kill {kill}: {:?}", killed.keys());
            *(if killed == *after { &mut new } else { &mut old }) += 1;
            corpus.env.report_into(&format!("p {options}"));
            assert_eq!(tree(&corpus.env.path(output)), *after, "{options}: after kill {kill}");
            assert_eq!(corpus.left_behind(&[output, STATE]), [""; 0], "{options}: after kill {kill}");
        }
    }
    println!("{} kills: {old} left the old output, {new} the new one", old + new);
    assert!(old > KILLS / 10, "the runs were all over before they were killed");
}

/// The output after a run was killed.
fn killed(corpus: &Changing, options: &str, output: &str, after: Duration) -> Tree {
    let words = format!("p -q {options}");
    let mut child = corpus.env.command(words.split(' ')).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    tree(&corpus.env.path(output))
}
