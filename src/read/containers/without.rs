//! What this newsdedup was built without: it says so of each file that it would take.

use super::{Opened, Opener, Place, Stop};
use std::fs::File;
use std::io::Read;

fn without(what: &str, feature: &str) -> Opened {
    Err(Stop::Broken(format!("{what}, which this newsdedup was built without (cargo build --features {feature})")))
}

#[cfg(not(feature = "compression"))]
impl Opener<'_> {
    pub(super) fn compressed(&mut self, _: &Place, _: crate::read::shape::Compression, _: impl Read) -> Opened {
        without("compressed data", "compression")
    }
}

#[cfg(not(feature = "archives"))]
impl Opener<'_> {
    pub(super) fn tar(&mut self, _: &Place, _: impl Read) -> Opened {
        without("a tar archive", "archives")
    }

    pub(super) fn zip(&mut self, _: &Place, _: impl Read, _: Option<&File>) -> Opened {
        without("a zip archive", "archives")
    }
}

#[cfg(not(feature = "parquet"))]
impl Opener<'_> {
    pub(super) fn parquet(&mut self, _: &Place, _: impl Read, _: Option<&File>) -> Opened {
        without("a Parquet table", "parquet")
    }
}
