//! When a file counts as unchanged.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the system says of a file, and changes when its content is written: size, inode, and the times of the last
/// change of content and of inode. Nobody can set the latter back, though an image of a file system may hold any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub size: u64,
    pub inode: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
    /// Nanoseconds since 1970.
    pub changed: i64,
}

/// How long a file must have been left alone before it is read for its times to tell: clocks of file systems tick every
/// few milliseconds, and a long call that writes sets the time when it begins.
const QUIET: Duration = Duration::from_secs(1);
/// The same where the times are given in seconds.
const SECONDS: Duration = Duration::from_secs(2);

impl Stamp {
    /// The stamp of a file that was asked for its metadata.
    pub fn of(meta: &Metadata) -> Stamp {
        let time = |seconds: i64, part: i64| seconds.saturating_mul(1_000_000_000).saturating_add(part);
        Stamp {
            size: meta.len(),
            inode: meta.ino(),
            modified: time(meta.mtime(), meta.mtime_nsec()),
            changed: time(meta.ctime(), meta.ctime_nsec()),
        }
    }

    /// The stamp of what stands at a path now.
    pub fn at(path: &Path) -> io::Result<Stamp> {
        Ok(Stamp::of(&std::fs::metadata(path)?))
    }

    /// Whether a change after `now` would show: the last one is far enough back.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        // A change of content in the future was set by hand; that of the inode says when.
        let is_set = i128::from(self.modified) > now.as_nanos() as i128 && self.changed < self.modified;
        let last = if is_set { self.changed } else { self.modified.max(self.changed) };
        let coarse = self.modified % 1_000_000_000 == 0 && self.changed % 1_000_000_000 == 0;
        let margin = if coarse { SECONDS } else { QUIET };
        i128::from(last) < now.saturating_sub(margin).as_nanos() as i128
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(changed: i64) -> Stamp {
        Stamp { size: 1, inode: 2, modified: 0, changed }
    }

    #[test]
    fn a_file_that_was_just_written_is_not_settled() {
        let now = UNIX_EPOCH + Duration::from_secs(100);
        assert!(stamp(98_900_000_001).is_settled(now));
        assert!(!stamp(99_100_000_001).is_settled(now));
        // A file system that counts in seconds.
        assert!(!stamp(98_000_000_000).is_settled(now) && !stamp(99_000_000_000).is_settled(now));
        assert!(stamp(97_000_000_000).is_settled(now));
        // A time that was set.
        assert!(Stamp { modified: 200_000_000_001, ..stamp(50_000_000_001) }.is_settled(now));
        assert!(!Stamp { modified: 200_000_000_001, ..stamp(99_900_000_001) }.is_settled(now));
        // A clock that is ahead.
        assert!(!stamp(200_000_000_001).is_settled(now));
    }
}
