//! What the attributes of an element say about it: mostly the words that its classes are named with.

use super::words::WORDS;
use std::ops::{BitAnd, BitOr, BitOrAssign};

/// A set of hints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hints(pub u32);

impl Hints {
    pub const NONE: Hints = Hints(0);
    /// Words of the site: menus, teasers, boxes.
    pub const FURNITURE: Hints = Hints(1);
    /// What readers say.
    pub const COMMENTS: Hints = Hints(1 << 1);
    /// The article's text.
    pub const BODY: Hints = Hints(1 << 2);
    /// The text under a picture.
    pub const CAPTION: Hints = Hints(1 << 3);
    pub const BYLINE: Hints = Hints(1 << 4);
    pub const DATE: Hints = Hints(1 << 5);
    pub const HEADLINE: Hints = Hints(1 << 6);
    /// An article, or a part of one.
    pub const ARTICLE: Hints = Hints(1 << 7);
    /// Content of some sort.
    pub const CONTENT: Hints = Hints(1 << 8);
    /// The words that follow in the name mean something else.
    pub const NOT: Hints = Hints(1 << 9);
    /// Not shown.
    pub const HIDDEN: Hints = Hints(1 << 10);
    /// Furniture only if nothing says otherwise.
    pub const WEAK: Hints = Hints(1 << 11);
    /// The microdata of an article: there is no doubt.
    pub const STATED: Hints = Hints(1 << 12);
    /// A summary above the text.
    pub const SUMMARY: Hints = Hints(1 << 13);
    /// Cited from elsewhere.
    pub const CITED: Hints = Hints(1 << 14);

    pub fn has(self, other: Hints) -> bool {
        self.0 & other.0 != 0
    }

    pub fn without(self, other: Hints) -> Hints {
        Hints(self.0 & !other.0)
    }
}

impl BitOr for Hints {
    type Output = Hints;
    fn bitor(self, other: Hints) -> Hints {
        Hints(self.0 | other.0)
    }
}

impl BitOrAssign for Hints {
    fn bitor_assign(&mut self, other: Hints) {
        self.0 |= other.0;
    }
}

impl BitAnd for Hints {
    type Output = Hints;
    fn bitand(self, other: Hints) -> Hints {
        Hints(self.0 & other.0)
    }
}

/// Names that are longer, in bytes, are made by machines and say nothing.
const LONGEST_NAME: usize = 80;
/// So many names of an element are read.
const MOST_NAMES: usize = 24;

/// What the value of `class`, `id` or the like says: names with spaces between them.
pub(super) fn of_names(value: &[u8]) -> Hints {
    let names = value.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME);
    names.take(MOST_NAMES).map(of_name).fold(Hints::NONE, |all, hints| all | hints)
}

/// What one name says.
pub(super) fn of_name(name: &[u8]) -> Hints {
    let mut hints = Hints::NONE;
    let mut skip = false;
    let mut word = Vec::with_capacity(24);
    let mut at = 0;
    while at < name.len() {
        at += word_at(&name[at..], &mut word);
        if word.is_empty() {
            continue;
        }
        let found = WORDS.of_class(&word);
        if !skip {
            hints |= found.without(Hints::NOT);
        }
        skip = found.has(Hints::NOT);
    }
    settle(hints)
}

/// Takes the word that a name begins with, in small letters, and says how many bytes of the name that were.
/// Words end at signs, and where capitals begin.
fn word_at(name: &[u8], word: &mut Vec<u8>) -> usize {
    word.clear();
    let mut small = false;
    for (at, &byte) in name.iter().enumerate() {
        if !byte.is_ascii_alphabetic() {
            return at + 1;
        }
        if small && byte.is_ascii_uppercase() {
            return at;
        }
        small = byte.is_ascii_lowercase();
        word.push(byte.to_ascii_lowercase());
    }
    name.len()
}

/// Weighs the words of one name against each other.
fn settle(hints: Hints) -> Hints {
    let hints = if hints.has(Hints::CITED) { hints.without(Hints::FURNITURE) } else { hints };
    let furniture = hints.has(Hints::FURNITURE | Hints::COMMENTS);
    let meta = hints.has(Hints::CAPTION | Hints::BYLINE | Hints::DATE | Hints::HEADLINE | Hints::SUMMARY);
    if !furniture && !meta && hints.has(Hints::ARTICLE) && hints.has(Hints::CONTENT) {
        return hints.without(Hints::WEAK) | Hints::BODY;
    }
    if furniture { hints.without(Hints::BODY | Hints::ARTICLE | Hints::CONTENT) } else { hints }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &str, expected: Hints) {
        assert_eq!(of_names(names.as_bytes()), expected, "{names}");
    }

    #[test]
    fn names_say_what_an_element_is() {
        check("articleBody", Hints::BODY | Hints::ARTICLE | Hints::CONTENT);
        check("post__content x1", Hints::BODY | Hints::ARTICLE | Hints::CONTENT);
        check("wp-caption-text", Hints::CAPTION | Hints::CONTENT);
        check("entry-date author", Hints::DATE | Hints::ARTICLE | Hints::BYLINE);
    }

    #[test]
    fn furniture_outweighs_what_it_stands_beside() {
        check("related-articles", Hints::FURNITURE);
        check("post-comments", Hints::COMMENTS);
        check("ShareBox", Hints::FURNITURE | Hints::WEAK);
    }

    #[test]
    fn words_may_turn_others_round() {
        check("has-sidebar no-comments", Hints::NONE);
        check("twitter-tweet", Hints::CITED);
    }

    #[test]
    fn names_that_machines_made_say_nothing() {
        check("css-1x7p9 sc-bdVaJa", Hints::NONE);
        check(&"related".repeat(20), Hints::NONE);
        check("", Hints::NONE);
    }
}
