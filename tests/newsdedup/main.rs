//! newsdedup, run as its users run it: a folder of files in, output and exit code out.

mod again;
#[cfg(feature = "compression")]
mod archive;
mod browser;
mod cli;
#[cfg(all(feature = "archives", feature = "parquet"))]
mod containers;
mod contract;
#[path = "../bench/corpus/mod.rs"]
mod corpus;
mod explain;
mod faults;
mod formats;
mod fuzz;
mod growth;
mod hostile;
mod html_report;
mod invented;
mod keep;
mod laws;
mod make;
mod near;
mod output;
mod quotes;
mod read;
mod readme;
mod recall;
mod report;
#[cfg(feature = "archives")]
mod restore;
#[path = "../bench/score.rs"]
mod score;
#[cfg(feature = "spark")]
mod spark;
#[cfg(all(feature = "archives", feature = "parquet"))]
mod state;
mod tables;
mod terminal;
mod testenv;
#[cfg(feature = "compression")]
mod verify;
mod walk;
