//! Libraries that panic over damaged input: what they were to read is damaged, and the rest of the work goes on.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Has a library work; or what it said when it gave up. What it worked on is not to be used again then.
#[cfg_attr(not(feature = "parquet"), allow(dead_code))]
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = IS_GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(before);
    done.map_err(|panic| said(&*panic))
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it cannot be read").to_owned()
}

/// Has nothing said of panics that are caught here, as the reason stands in the report. For a program to call once, at
/// its start.
pub fn quiet_caught_panics() {
    let before = take_hook();
    set_hook(Box::new(move |panic| {
        if !IS_GUARDED.get() {
            before(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_library_said_when_it_gave_up_is_known() {
        assert_eq!(guarded(|| 7), Ok(7));
        assert_eq!(guarded(|| -> u8 { panic!("no dictionary") }), Err("no dictionary".to_owned()));
        assert_eq!(guarded(|| -> u8 { panic!("page {}", 3) }), Err("page 3".to_owned()));
        assert_eq!(guarded(|| std::panic::panic_any(3)), Err::<(), _>("it cannot be read".to_owned()));
        assert!(!IS_GUARDED.get());
    }
}
