//! The unique text, unpacked frame by frame as it is needed into a temporary file without a name.

use super::Damage;
use super::index::Listed;
use crate::frame::read_at;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::OnceLock;

/// Bytes that are handed on at once.
const CHUNK: usize = 1 << 16;

/// The unique text of an archive.
pub struct Unique {
    /// In order of their numbers.
    frames: Vec<(Listed, OnceLock<Result<u64, Damage>>)>,
    /// Where they are unpacked.
    pub spool: Option<File>,
}

impl Unique {
    /// Takes the frames of text.
    pub fn new(frames: impl Iterator<Item = Listed>) -> Unique {
        let mut frames: Vec<_> = frames.map(|frame| (frame, OnceLock::new())).collect();
        frames.sort_by_key(|(frame, _)| frame.number);
        Unique { frames, spool: None }
    }

    /// Hands a run of the text to `see`, in pieces.
    pub fn show(
        &self,
        archive: &File,
        range: Range<u64>,
        see: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), Damage> {
        let mut buffer = vec![0; CHUNK.min((range.end - range.start) as usize)];
        let mut at = range.start;
        while at < range.end {
            let number = self.frames.partition_point(|(frame, _)| frame.number <= at).checked_sub(1);
            let (frame, unpacked) = &self.frames[number.ok_or(Damage::Text)?];
            let end = match unpacked.get_or_init(|| self.unpack(archive, frame)) {
                Ok(end) if *end > at => *end,
                Ok(_) => return Err(Damage::Text),
                Err(damage) => return Err(damage.clone()),
            };
            let length = (end.min(range.end) - at).min(CHUNK as u64) as usize;
            if !read_at(self.spool()?, &mut buffer[..length], at).map_err(Damage::of)? {
                return Err(Damage::Text);
            }
            see(&buffer[..length]).map_err(Damage::of)?;
            at += length as u64;
        }
        Ok(())
    }

    fn spool(&self) -> Result<&File, Damage> {
        self.spool.as_ref().ok_or_else(|| Damage::of(io::ErrorKind::NotFound.into()))
    }

    /// Unpacks a frame, and says where the text in it ends.
    fn unpack(&self, archive: &File, frame: &Listed) -> Result<u64, Damage> {
        let raw = frame.read(archive).map_err(Damage::of)?.ok_or(Damage::Text)?;
        let end = frame.number.checked_add(raw.len() as u64).filter(|&end| i64::try_from(end).is_ok());
        let end = end.ok_or(Damage::Text)?;
        self.spool()?.write_all_at(&raw, frame.number).map_err(Damage::of)?;
        Ok(end)
    }
}
