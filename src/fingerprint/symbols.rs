//! A normalised text as symbols: one byte a character, which is what shingles and alignment work on.
//!
//! ASCII stands for itself. Any other character keeps the seven lowest bits of its code point, mixed with
//! the bits above, under a set eighth bit: two letters of one alphabet never get the same symbol, and two
//! ideographs do once in 128 pairs.

use std::borrow::Cow;

/// The symbols of a text, as many as it has characters.
pub fn symbols(normalised: &str) -> Cow<'_, [u8]> {
    if normalised.is_ascii() {
        return Cow::Borrowed(normalised.as_bytes());
    }
    Cow::Owned(normalised.chars().map(symbol).collect())
}

/// The same, in the memory that the text takes if it is ASCII.
pub fn into_symbols(normalised: String) -> Vec<u8> {
    match symbols(&normalised) {
        Cow::Owned(symbols) => symbols,
        Cow::Borrowed(_) => normalised.into_bytes(),
    }
}

fn symbol(c: char) -> u8 {
    let code = u32::from(c);
    if c.is_ascii() { code as u8 } else { 0x80 | ((code ^ code >> 7 ^ code >> 14) & 0x7f) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_an_alphabet_keep_apart() {
        for alphabet in ["абвгдежзийклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψω", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"]
        {
            let mut found = symbols(alphabet).into_owned();
            found.sort_unstable();
            found.dedup();
            assert_eq!(found.len(), alphabet.chars().count(), "{alphabet}");
        }
    }

    #[test]
    fn ascii_is_the_same_in_any_company() {
        assert_eq!(symbols("the cafe").as_ref(), b"the cafe");
        assert_eq!(&symbols("the café")[..7], b"the caf");
    }
}
