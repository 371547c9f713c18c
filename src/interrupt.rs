//! Ctrl-C and SIGTERM: nothing half-written stays behind.

use crate::output::Scratch;
use crate::progress::Progress;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Waits for an interrupt in a thread of its own; when one comes, removes what is being built and ends
/// the process with 128 + the signal's number, as shells do: 130 or 143.
pub fn watch(scratch: &Scratch, progress: &Progress) -> std::io::Result<()> {
    let (scratch, progress) = (scratch.clone(), progress.clone());
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            progress.hide();
            scratch.abandon(|| std::process::exit(128 + signal));
        }
    })?;
    Ok(())
}
