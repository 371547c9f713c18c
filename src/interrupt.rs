//! Ctrl-C and SIGTERM: nothing half-written stays behind.

use crate::output::Scratch;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Waits for an interrupt in a thread of its own; when one comes, removes what is being built and ends
/// the process with 128 + the signal's number, as shells do: 130 or 143.
pub fn watch(scratch: &Scratch) -> std::io::Result<()> {
    let scratch = scratch.clone();
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            scratch.abandon(|| std::process::exit(128 + signal));
        }
    })?;
    Ok(())
}
