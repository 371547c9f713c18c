//! parse → run → exit code, and nothing else.

use clap::Parser;
use newsdedup::{Outcome, cli::Cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    match start() {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "newsdedup: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn start() -> anyhow::Result<Outcome> {
    let config = Cli::parse().into_config()?;
    if let Some(threads) = config.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    Ok(newsdedup::run(&config)?)
}
