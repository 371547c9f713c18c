//! What has to hold for any input whatever: one function an attack, which takes bytes and panics if a law is broken.
//!
//! The fuzzer hands its inputs to these functions, and the tests those that it found worth keeping (`tests/fuzz`).

#[cfg(feature = "compression")]
pub mod archive;
mod corpus;
mod desk;
#[cfg(feature = "compression")]
pub mod frames;
pub mod normalise;
pub mod read;
pub mod report;
pub mod split;
#[cfg(feature = "compression")]
pub mod state;
pub mod stored;
