//! What the targets have in common: the laws, which are those of newsdedup's own tests.

#[path = "../newsdedup/fuzz/laws/mod.rs"]
mod laws;

pub use laws::*;

/// Has all work done by the thread that calls this: where there is little of it, others cost more than they bring. What
/// newsdedup catches is no finding.
pub fn in_one_thread() {
    newsdedup::read::quiet_caught_panics();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    pool.build_global().expect("there is no pool yet");
}
