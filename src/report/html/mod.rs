//! A report for the eyes: one file for a browser, which needs nothing else and fetches nothing.
//!
//! ```text
//! told ──► feed ──► pack ──────────► parts ──────────────► shell
//!          lines    tables, rooms    zlib and Base64       markup, style, script
//! ```
//!
//! Whatever comes from a page stands in the file as Base64 inside `<template>`: it holds no character that
//! means anything to a browser. The script makes text nodes of it, never markup, and the file's content
//! security policy allows that script and that style sheet by their SHA-256 and nothing else. Every distinct
//! line of the corpus stands in the file once, so that pages with equal articles cost little more than one.
//!
//! A file that nobody could open would show nobody anything: what is in it has limits, which are stated in
//! [`limits`], and it says what they left out. The numbers at its top are always those of the whole report.

mod distinct;
mod feed;
pub mod limits;
mod pack;
mod pages;
mod parts;
mod shell;
#[cfg(test)]
mod tests;
mod view;

pub use shell::HEAD;

use super::lines::each_line;
use super::{Sink, Told};
use crate::error::Error;

/// Writes a report as one page.
pub fn write(told: &dyn Told, sink: Sink) -> Result<(), Error> {
    let Sink { out, failed } = sink;
    let mut pack = pack::Pack::new(limits::LIMITS, told.ids().collect(), out).map_err(failed)?;
    each_line(told, &feed::Feed, failed, |line| pack.take(line))?;
    pack.finish().map_err(failed)
}
