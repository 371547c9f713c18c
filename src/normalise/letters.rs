//! The letters of a line, and what its other characters are: for telling whether two lines say the same.

use super::chars::{ASCII, Class, classify};
use super::{folded_together, plain_prefix};

/// What [`letters`] tells beside the letters it writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Runs of anything between whitespace, scripts without spaces left out.
    pub words: u32,
    /// Characters of scripts that set no spaces between their words.
    pub ideographs: u32,
    /// Bytes written.
    pub letters: u32,
    /// Whether anything is left that is neither whitespace nor a character without trace.
    pub visible: bool,
    /// Which sorts of characters the folded form has.
    pub signs: Signs,
}

/// Sorts of characters that a folded text has: each sort for certain if it is not among the signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signs(u32);

impl Signs {
    /// An ASCII digit, or what may be a number in another script.
    pub const DIGIT: Signs = Signs(1 << 8);
    /// Part of a word, and no ASCII digit.
    pub const LETTER: Signs = Signs(1 << 9);
    /// A slash or an angle bracket.
    pub const STEP: Signs = Signs(1 << 10);
    /// What may stand between the parts of a path through a site: `/`, `>`, `|`, `:`, `-`.
    pub const PATH: Signs = Signs(1 << 11);
    /// What may stand between two names: [`Signs::PATH`] or a comma.
    pub const JOINT: Signs = Signs(1 << 12);
    /// A full stop.
    pub const DOT: Signs = Signs(1 << 13);
    /// An at sign.
    pub const AT: Signs = Signs(1 << 14);
    /// An equals sign.
    pub const EQUALS: Signs = Signs(1 << 15);
    /// All sorts of marks.
    pub const MARKS: Signs =
        Signs(Self::PATH.0 | Self::JOINT.0 | Self::STEP.0 | Self::DOT.0 | Self::AT.0 | Self::EQUALS.0);

    /// Whether any of `sorts` is there.
    pub fn has(self, sorts: Signs) -> bool {
        self.0 & sorts.0 != 0
    }

    const fn of(byte: u8) -> u32 {
        match byte {
            b'0'..=b'9' => Self::DIGIT.0,
            b'a'..=b'z' | b'A'..=b'Z' => Self::LETTER.0,
            b'/' | b'>' => Self::STEP.0 | Self::PATH.0 | Self::JOINT.0,
            b'|' | b':' | b'-' => Self::PATH.0 | Self::JOINT.0,
            b',' => Self::JOINT.0,
            b'.' => Self::DOT.0,
            b'@' => Self::AT.0,
            b'=' => Self::EQUALS.0,
            _ => 0,
        }
    }

    /// Adds what a folded piece of one character or more is.
    fn add(&mut self, class: Class, piece: &str) {
        for c in piece.chars() {
            self.0 |= match c {
                '\0'..='\u{7f}' => Self::of(c as u8),
                // No numbers are among the Latin, Greek, Cyrillic and Hebrew letters.
                '\u{c0}'..='\u{65f}' if class == Class::Word => Self::LETTER.0,
                _ if class == Class::Word || class == Class::Ideograph => Self::LETTER.0 | Self::DIGIT.0,
                _ => Self::MARKS.0,
            };
        }
    }
}

impl std::ops::BitOr for Signs {
    type Output = Signs;

    fn bitor(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }
}

/// Appends the letters, digits and marks of the folded form of `text` to `out`: [`super::fold`] without its
/// spaces and punctuation.
pub fn letters(text: &[u8], out: &mut Vec<u8>) -> Count {
    let mut count = Count::default();
    let mut in_word = false;
    let mut at = 0;
    let start = out.len();
    while at < text.len() {
        at += plain_letters(&text[at..], out, &mut count, &mut in_word);
        let rest = &text[at..];
        let end = folded_together(rest);
        fold_letters(&rest[..end], out, &mut count, &mut in_word);
        at += end;
    }
    count.letters = (out.len() - start).try_into().unwrap_or(u32::MAX);
    count.visible = count.words > 0 || count.ideographs > 0;
    count
}

/// The slow path of [`letters`], for text that needs folding.
fn fold_letters(text: &[u8], out: &mut Vec<u8>, count: &mut Count, in_word: &mut bool) {
    classify(text, |class, piece| match class {
        Class::Drop => {}
        Class::Space => *in_word = false,
        Class::Ideograph => {
            count.ideographs += 1;
            count.signs.add(class, piece);
            *in_word = false;
            out.extend_from_slice(piece.as_bytes());
        }
        Class::Mark | Class::Word => {
            count.words += u32::from(!*in_word);
            count.signs.add(class, piece);
            *in_word = true;
            if class == Class::Word {
                out.extend_from_slice(piece.as_bytes());
            }
        }
    });
}

/// The fast path of [`letters`]: ASCII and plain punctuation, up to a character that needs folding or
/// that may be joined to the one before it. The bytes read.
fn plain_letters(text: &[u8], out: &mut Vec<u8>, count: &mut Count, in_word: &mut bool) -> usize {
    let (run, marks) = plain_prefix(text);
    count.signs.0 |= pack(&text[..run], out);
    count.words += words(&text[..run], *in_word);
    *in_word = text[..run].last().map_or(*in_word, |&byte| !is_space(byte));
    if marks > 0 {
        count.words += u32::from(!*in_word);
        count.signs.0 |= Signs::MARKS.0;
        *in_word = true;
    }
    run + marks
}

/// Appends the letters of ASCII text to `out`; its signs.
fn pack(text: &[u8], out: &mut Vec<u8>) -> u32 {
    let mut kept = out.len();
    // Room for every byte, and for a whole block from any place.
    out.resize(kept + text.len() + BLOCK, 0);
    let mut all = 0;
    let mut write = |block: &[u8], kept: &mut usize| {
        let Some(room) = out[*kept..].first_chunk_mut::<BLOCK>() else { return };
        let mut at = 0;
        for &byte in block {
            let step = STEPS[byte as usize];
            room[at % BLOCK] = step as u8;
            at += (step >> KEPT) as usize;
            all |= step;
        }
        *kept += at;
    };
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    blocks.iter().for_each(|block| write(block, &mut kept));
    write(rest, &mut kept);
    out.truncate(kept);
    all & !(1 << KEPT | 0xff)
}

/// [`letters`] for text that is known to be ASCII throughout: how many there are, and the signs.
pub fn ascii_letters(text: &[u8], out: &mut Vec<u8>) -> (u32, Signs) {
    let start = out.len();
    let signs = Signs(pack(text, out));
    ((out.len() - start) as u32, signs)
}

/// Bytes that are looked at in one go.
const BLOCK: usize = 8;

/// Words that begin in ASCII text, of which the first may go on from before.
fn words(text: &[u8], in_word: bool) -> u32 {
    let Some(&first) = text.first() else { return 0 };
    let mut count = u32::from(!in_word && !is_space(first));
    // Blocks small enough to be counted in bytes, so that many bytes are looked at at once.
    for (before, at) in text.chunks(128).zip(text[1..].chunks(128)) {
        let begins = |(&before, &at): (&u8, &u8)| u8::from(is_space(before) & !is_space(at));
        count += u32::from(before.iter().zip(at).map(begins).sum::<u8>());
    }
    count
}

/// Words and letters of text that is ASCII throughout; none for any other.
pub fn count_ascii(text: &[u8]) -> Option<(u32, u32)> {
    // As in `words`: blocks that are counted in bytes.
    let letters = |block: &[u8]| u32::from(block.iter().map(|&byte| u8::from(is_letter(byte))).sum::<u8>());
    text.is_ascii().then(|| (words(text, false), text.chunks(128).map(letters).sum()))
}

fn is_letter(byte: u8) -> bool {
    (byte.wrapping_sub(b'0') < 10) | ((byte | 0x20).wrapping_sub(b'a') < 26)
}

fn is_space(byte: u8) -> bool {
    (byte <= b' ') | (byte == 0x7f)
}

/// The bit of [`STEPS`] that says that a byte is part of a word.
const KEPT: u32 = 31;
/// What every byte of ASCII text is: the letter to write, [`KEPT`] and its [`Signs`].
static STEPS: [u32; 256] = {
    let mut steps = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        steps[byte] = Signs::of(byte as u8);
        if let (Class::Word, folded) = ASCII[byte] {
            steps[byte] |= 1 << KEPT | folded as u32;
        }
        byte += 1;
    }
    steps
};
