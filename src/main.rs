//! parse → run → exit code, and nothing else.

use newsdedup::Config;
use newsdedup::error::{Error, plain};
use newsdedup::explain::Shape;
use newsdedup::output::Scratch;
use newsdedup::progress::{Bar, Progress};
use newsdedup::{cli, interrupt, notes};
use std::io::Write;
use std::process::ExitCode;

/// Done.
const DONE: u8 = 0;
/// Duplicates were found, and `--check` was given.
const DUPLICATES: u8 = 1;
/// Two blocks are not one article, says `explain`.
const DIFFERENT: u8 = 1;
/// Something does not hold, says `verify`.
const BROKEN: u8 = 1;
/// Nothing could be done.
const FAILED: u8 = 2;
/// Done, but some pages were skipped.
const SKIPPED: u8 = 3;

fn main() -> ExitCode {
    newsdedup::read::quiet_caught_panics();
    ExitCode::from(start().unwrap_or_else(|error| {
        if error.is_closed_pipe() {
            return DONE;
        }
        // In one piece, so that nothing comes between.
        let _ = std::io::stderr().write_all(format!("newsdedup: {}\n", plain(&error.to_string())).as_bytes());
        FAILED
    }))
}

fn start() -> Result<u8, Error> {
    match cli::parse(std::env::args_os())? {
        cli::Asked::Run(config) => run(&config),
        cli::Asked::Explain(request) => explain(&request),
        cli::Asked::Report(request) => newsdedup::again::run(&request, &scratch(&Progress::default())?).map(|()| DONE),
        cli::Asked::Restore(request) => restore(&request),
        cli::Asked::Verify(request) => verify(&request),
        #[cfg(feature = "spark")]
        cli::Asked::Stage(request) => {
            newsdedup::stage::run(&request, std::io::stdin(), std::io::stdout()).map(|()| DONE)
        }
        cli::Asked::Shown(code) => Ok(code),
    }
}

/// Knows what is being written; an interrupt removes it.
fn scratch(progress: &Progress) -> Result<Scratch, Error> {
    let scratch = Scratch::default();
    interrupt::watch(&scratch, progress).map_err(Error::Signals)?;
    Ok(scratch)
}

fn run(config: &Config) -> Result<u8, Error> {
    let scratch = scratch(&config.progress)?;
    let bar = if config.quiet { None } else { Bar::show(&config.progress) };
    let outcome = newsdedup::run(config, &scratch);
    drop(bar);
    let outcome = outcome?;
    if !config.quiet {
        notes::tell(&outcome, &mut std::io::stderr());
    }
    let summary = &outcome.summary;
    Ok(match () {
        () if config.check && summary.exact + summary.near > 0 => DUPLICATES,
        () if summary.skipped > 0 => SKIPPED,
        () => DONE,
    })
}

fn restore(request: &newsdedup::restore::Request) -> Result<u8, Error> {
    let scratch = scratch(&request.progress)?;
    let bar = if request.quiet { None } else { Bar::show(&request.progress) };
    let outcome = newsdedup::restore::run(request, &scratch, &mut std::io::stderr());
    drop(bar);
    let outcome = outcome?;
    if !request.quiet {
        let told = format!("newsdedup: {}\n", newsdedup::restore::counts(&outcome));
        let _ = std::io::stderr().write_all(told.as_bytes());
    }
    Ok(if outcome.failed > 0 || outcome.is_damaged { SKIPPED } else { DONE })
}

fn verify(request: &newsdedup::verify::Request) -> Result<u8, Error> {
    scratch(&request.progress)?;
    let bar = if request.quiet { None } else { Bar::show(&request.progress) };
    let outcome = newsdedup::verify::run(request);
    drop(bar);
    let outcome = outcome?;
    newsdedup::verify::tell(&outcome, request.json, request.quiet, &mut newsdedup::terminal::stdout())
        .map_err(Error::Stdout)?;
    Ok(if outcome.broken.is_empty() { DONE } else { BROKEN })
}

/// As `diff` and `cmp` end: 0 for one article, 1 for two.
fn explain(request: &newsdedup::explain::Request) -> Result<u8, Error> {
    // What is made for reading has colours, and is safe already.
    let same = match request.shape {
        Shape::Text => newsdedup::explain::run(request, &mut std::io::stdout().lock())?,
        Shape::Json => newsdedup::explain::run(request, &mut newsdedup::terminal::stdout())?,
    };
    Ok(if same { DONE } else { DIFFERENT })
}
