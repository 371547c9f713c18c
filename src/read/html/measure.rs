//! Lines, measured: what each stands in, and whether it reads like a part of an article.

use super::hints::Hints;
use super::tags::Tag;
use super::tree::Tree;
use super::weights as w;
use super::words::{Phrase, WORDS};
use super::zones::{Zones, prose};

/// What is known of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub hints: Hints,
    pub tag: Tag,
    /// Letters that are no links, if it reads like a paragraph.
    pub prose: usize,
    /// It ends like a sentence.
    pub sentence: bool,
    /// Whether it begins with words of the site.
    pub phrase: Phrase,
    /// More than half of it is links.
    pub linked: bool,
    /// It shows nothing.
    pub blank: bool,
}

/// Measures all lines.
pub(super) fn measure(tree: &Tree, zones: &Zones) -> Vec<Measured> {
    let lines = tree.lines.iter().map(|line| {
        let text = &tree.text[line.range.clone()];
        Measured {
            hints: zones.of_line(line),
            tag: tree.elements[line.element].tag,
            prose: prose(tree, line),
            sentence: ends_sentence(text),
            phrase: if line.letters < w::PHRASE { WORDS.begins(text) } else { Phrase::None },
            linked: line.linked * 2 > line.letters,
            blank: line.letters == 0 && text.chars().all(is_invisible),
        }
    });
    lines.collect()
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Whether a line ends in the sign of a sentence, which quotation marks and brackets may follow.
pub(super) fn ends_sentence(text: &str) -> bool {
    let end = text.trim_end_matches(|c: char| is_invisible(c) || "\"'”’»)]".contains(c));
    end.ends_with(['.', '!', '?', '…', ':', ';', '。', '！', '？', '؟', '।'])
}
