//! `newsdedup report`: a report that was written before, in another form.

use crate::config::Target;
use crate::error::Error;
use crate::output::{Scratch, Writer};
use crate::report::stored::Stored;
use std::path::PathBuf;

/// What is to be told again, and how.
#[derive(Debug)]
pub struct Request {
    /// The report, a folder that newsdedup wrote, or `-`.
    pub from: PathBuf,
    /// What becomes of it.
    pub target: Target,
    /// Threads; `None` for as many as the machine has.
    pub threads: Option<usize>,
}

/// Reads the report and writes it anew, as the run would have written it in that form.
pub fn run(request: &Request, scratch: &Scratch) -> Result<(), Error> {
    crate::pool(request.threads)?.install(|| {
        let stored = Stored::open(&request.from)?;
        let mut writer = Writer::begin(&request.target, scratch)?;
        writer.write(&stored, true)?;
        writer.publish(None)
    })
}
