//! newsdedup, run as its users run it: a folder of files in, output and exit code out.

mod cli;
mod contract;
mod explain;
mod keep;
mod laws;
mod make;
mod near;
mod output;
mod quotes;
mod read;
mod readme;
mod report;
mod testenv;
mod walk;
