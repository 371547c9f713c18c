//! newsdedup: every article of a news corpus once, and a map of where each copy stands.
//!
//! ```text
//! walk ──► read ──► split ──► fingerprint ──► group ──► report
//! paths    bytes    spans     digest+sketch   articles   JSON, files
//! ```
pub mod fingerprint;
pub mod group;
pub mod model;
pub mod normalise;
pub mod split;
