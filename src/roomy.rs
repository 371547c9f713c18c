//! Large pieces of memory, for what grows with the corpus.
//!
//! What is asked for in pieces of this size comes from the system and goes back to it as soon as it is given up;
//! smaller pieces stay with the run, and what stands between two that are in use can be used for nothing larger. Memory
//! that is asked for and not written to costs nothing.

/// Bytes from which on memory comes from the system, on all systems that are known to keep smaller pieces.
const LARGE: usize = 40 << 20;

/// An empty list with room for so many items, and for what makes it large.
pub fn roomy<T>(count: usize) -> Vec<T> {
    Vec::with_capacity(count.max(LARGE / size_of::<T>().max(1)))
}

/// A list of so many equal items.
pub fn filled<T: Clone>(item: T, count: usize) -> Vec<T> {
    let mut items = roomy(count);
    items.resize(count, item);
    items
}
