//! What a program costs.

use std::process::Command;
use std::time::Instant;
use wait4::Wait4;

/// What one run of a program cost, its own children included.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// Seconds by the clock.
    pub wall: f64,
    /// Seconds of all processors.
    pub cpu: f64,
    /// The most memory it held at a time, in bytes. The kernel counts what this program held when it began
    /// the other one, so it is never less than that.
    pub peak: u64,
}

/// Runs a program to its end, and expects all to be well.
pub fn run(command: &mut Command) -> Spent {
    let begun = Instant::now();
    let ended =
        command.spawn().and_then(|mut child| child.wait4()).unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let wall = begun.elapsed().as_secs_f64();
    assert!(ended.status.success(), "{command:?}: {}", ended.status);
    let cpu = (ended.rusage.utime + ended.rusage.stime).as_secs_f64();
    Spent { wall, cpu, peak: ended.rusage.maxrss }
}
