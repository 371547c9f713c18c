//! How much comes out of a file for what goes in: a bound against files that are made to fill a disk.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

/// So many bytes may come out of any file.
const FREE: u64 = 1 << 30;
/// Beyond that, at most so many for each byte that went in. Text shrinks to a third or a tenth, and a corpus of
/// nothing but copies to a hundredth; a file made to fill a disk, to a ten-thousandth.
const RATIO: u64 = 1000;

/// How much came out of a file, in whatever parts of it, for what went in. Bytes.
#[derive(Debug, Clone)]
pub struct Growth {
    out: Rc<Cell<u64>>,
    read: Rc<Cell<u64>>,
}

impl Growth {
    /// Nothing came out yet; `read` counts what goes in.
    pub fn new(read: Rc<Cell<u64>>) -> Growth {
        Growth { out: Rc::new(Cell::new(0)), read }
    }

    /// Counts what came out; an error if it is beyond measure.
    pub fn add(&self, bytes: u64) -> io::Result<()> {
        let out = self.out.get() + bytes;
        self.out.set(out);
        if out > FREE && out > RATIO.saturating_mul(self.read.get()) {
            return Err(io::Error::other(format!("expands to more than {RATIO} times its size; expand it yourself")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_expands_beyond_measure_is_stopped_also_in_many_parts() {
        let growth = Growth::new(Rc::new(Cell::new(1 << 20)));
        let parts = (0..2000).take_while(|_| growth.clone().add(1 << 20).is_ok());
        assert_eq!(parts.count() as u64, FREE >> 20);
        let growth = Growth::new(Rc::new(Cell::new(4 << 20)));
        assert!((0..2000).all(|_| growth.add(1 << 20).is_ok()));
    }
}
