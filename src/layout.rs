//! Text for a terminal: escaped, measured in columns, broken into lines.

use crate::error::is_hidden;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What a text looks like without the power to steer a terminal: control characters and direction marks
/// are written as escapes. The joiners that Persian and Indian scripts need stay.
pub fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_safe(c) {
            safe.push(c);
        } else {
            safe.extend(c.escape_default());
        }
    }
    safe
}

/// Whether a terminal shows a character, or joins what it shows with it.
pub fn is_safe(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}') || !is_hidden(c)
}

/// Columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// Whether a terminal may set any of the text from right to left.
pub fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'))
}

/// Breaks a text into lines of at most `columns`, between words where that is possible, and before any
/// character of a script without spaces. At least one line.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let needed = width(word);
        if used > 0 && used + 1 + needed <= columns {
            lines.last_mut().expect("there is a line").push(' ');
            used += 1;
        } else if used > 0 {
            lines.push(String::new());
            used = 0;
        }
        for c in word.chars() {
            let needed = c.width().unwrap_or(0);
            if used + needed > columns && used > 0 {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().expect("there is a line").push(c);
            used += needed;
        }
    }
    lines
}

/// A line filled up to a width.
pub fn padded(line: &str, columns: usize) -> String {
    format!("{line}{}", " ".repeat(columns.saturating_sub(width(line))))
}

/// The beginning of a text, on at most `columns`.
pub fn clipped(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += c.width().unwrap_or(0);
        used < columns
    });
    kept.collect::<String>() + "…"
}

/// The end of a text, on at most `columns`.
pub fn clipped_left(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 0;
    let kept = text.char_indices().rev().take_while(|(_, c)| {
        used += c.width().unwrap_or(0);
        used < columns
    });
    let start = kept.last().map_or(text.len(), |(at, _)| at);
    format!("…{}", &text[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, columns: usize, expected: &[&str]) {
        assert_eq!(wrap(text, columns), expected);
    }

    #[test]
    fn lines_break_between_words_and_inside_what_is_too_long() {
        check("the night ferry", 9, &["the night", "ferry"]);
        check("a incomprehensible b", 6, &["a", "incomp", "rehens", "ible b"]);
        check("渡船星期一", 5, &["渡船", "星期", "一"]);
        check("", 5, &[""]);
    }

    #[test]
    fn hostile_text_is_escaped_and_joiners_stay() {
        assert_eq!(safe("a\u{1b}[31m\u{202e}b\u{7}"), "a\\u{1b}[31m\\u{202e}b\\u{7}");
        assert_eq!(safe("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(padded("渡船", 6), "渡船  ");
        assert_eq!(clipped("渡船星期一", 6), "渡船…");
        assert_eq!(clipped("ferry", 5), "ferry");
        assert_eq!(clipped_left("渡船星期一", 6), "…期一");
        assert_eq!(clipped_left("ferry", 4), "…rry");
    }
}
