//! Where the characters of a text stand in what it was made from.

use crate::packed;

/// Takes the offsets of a text back to those of its source. Strictly increasing at character starts, from 0 to
/// the length of the source.
#[derive(Debug, Clone, Default)]
pub struct Places {
    runs: Vec<Run>,
    text: usize,
    source: usize,
}

/// Characters in a row of which each takes the same number of bytes, in the text and in its source.
#[derive(Debug, Clone, Copy)]
struct Run {
    text: usize,
    source: usize,
    text_step: usize,
    source_step: usize,
}

impl Places {
    /// Takes an offset at a character's start, or the end of the text, to the byte of the source where that
    /// character starts. What stands before the first character counts towards it.
    pub fn to_source(&self, offset: usize) -> usize {
        if offset >= self.text {
            return self.source;
        }
        let run = self.runs.partition_point(|run| run.text <= offset);
        run.checked_sub(1).map_or(0, |run| self.runs[run].to_source(offset))
    }

    /// Characters from the text offset `text` on stand in the source from `source` on, each `text_step` bytes
    /// long in the text and `source_step` in the source. Both offsets grow from call to call.
    pub(super) fn note(&mut self, text: usize, source: usize, text_step: usize, source_step: usize) {
        let continues = self.runs.last().is_some_and(|run| {
            (run.text_step, run.source_step) == (text_step, source_step) && run.to_source(text) == source
        });
        if !continues {
            self.runs.push(Run { text, source, text_step, source_step });
        }
    }

    /// Sets the lengths of the text and of its source.
    pub(super) fn end(&mut self, text: usize, source: usize) {
        (self.text, self.source) = (text, source);
    }
}

impl Places {
    /// Appends all of it to `bytes`.
    pub(super) fn pack(&self, bytes: &mut Vec<u8>) {
        packed::write(bytes, self.runs.len() as u64);
        let mut last = (0, 0);
        for run in &self.runs {
            let fields = [run.text - last.0, run.source - last.1, run.text_step, run.source_step];
            fields.into_iter().for_each(|field| packed::write(bytes, field as u64));
            last = (run.text, run.source);
        }
        packed::write(bytes, self.text as u64);
        packed::write(bytes, self.source as u64);
    }

    /// What [`Places::pack`] appended; `at` is moved behind it.
    pub(super) fn unpack(bytes: &[u8], at: &mut usize) -> Option<Places> {
        let mut number = || packed::read(bytes, at).map(|number| number as usize);
        let (mut text, mut source) = (0, 0);
        let mut runs = Vec::new();
        for _ in 0..number()? {
            text = number()?.checked_add(text)?;
            source = number()?.checked_add(source)?;
            runs.push(Run { text, source, text_step: number()?.max(1), source_step: number()? });
        }
        Some(Places { runs, text: number()?, source: number()? })
    }
}

impl Places {
    /// Whether places lead from a text of this length to a source of that one, and forwards only.
    pub(super) fn are_sound(&self, text: usize, source: u64) -> bool {
        let ends = self.runs.iter().skip(1).map(|run| (run.text, run.source)).chain([(self.text, self.source)]);
        let forwards = |(run, (text, source)): (&Run, (usize, usize))| {
            let Some(last) = text.checked_sub(run.text).and_then(|length| length.checked_sub(1)) else { return false };
            let length = (last / run.text_step).checked_mul(run.source_step);
            length.and_then(|length| length.checked_add(run.source)).is_some_and(|last| last < source)
        };
        (self.text, self.source as u64) == (text, source) && self.runs.iter().zip(ends).all(forwards)
    }
}

impl Run {
    fn to_source(self, offset: usize) -> usize {
        self.source + (offset - self.text) / self.text_step * self.source_step
    }
}
