//! Dates: a line that gives a day, a time or "3 hours ago", and little else.

use super::words::Words;

/// Most words that a date may have beside its own.
const MOST_OTHERS: u32 = 4;

/// Whether a folded line is a date.
pub fn is_date(line: &str, words: &Words) -> bool {
    if line.len() > 120 || !line.chars().any(char::is_numeric) {
        return false;
    }
    let mut seen = DateParts::default();
    for token in line.split([' ', ',', '|', '(', ')', '•', '·', ';']).filter(|token| !token.is_empty()) {
        seen.take(token, words);
        if seen.others > MOST_OTHERS {
            return false;
        }
    }
    seen.is_date()
}

/// What the words of a line have shown of a date.
#[derive(Default)]
struct DateParts {
    small: u32,
    year: bool,
    month: bool,
    whole: bool,
    time: bool,
    ago: bool,
    words: u32,
    others: u32,
}

impl DateParts {
    fn take(&mut self, token: &str, words: &Words) {
        let bare = token.trim_matches(['.', ':', '-', '[', ']', '/', '\'']);
        if bare.is_empty() {
            return;
        }
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        if digits == bare.len() {
            match digits {
                1 | 2 => self.small += 1,
                4 if bare.starts_with(['1', '2']) => self.year = true,
                _ => self.others += 1,
            }
        } else if words.months.contains(bare) || words.months.contains(token) {
            self.month = true;
        } else if words.ago.contains(bare) {
            self.ago = true;
        } else if words.date_words.contains(bare) {
            self.words += 1;
        } else if digits > 0 {
            self.take_number(bare, words);
        } else {
            self.others += 1;
        }
    }

    /// A token that has digits and more: 21:54, 2021-03-07, 7.3.2021, 5th, 3pm, 2024年3月7日.
    fn take_number(&mut self, token: &str, words: &Words) {
        let parts = token.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let (count, longest) = parts.fold((0, 0), |(count, longest), part| (count + 1, part.len().max(longest)));
        let rest = token.trim_start_matches(|c: char| c.is_ascii_digit());
        let dated = token.contains(['-', '/', '.', '年', '월', '月']);
        match count {
            2.. if token.contains(':') && longest <= 2 => self.time = true,
            3.. if dated && longest <= 4 && token.bytes().filter(u8::is_ascii_alphabetic).count() <= 2 => {
                self.whole = true
            }
            2 if token.contains('月') => self.whole = true,
            1 if longest <= 2 && matches!(rest, "st" | "nd" | "rd" | "th" | "." | "er" | "º") => self.small += 1,
            1 if longest <= 2 && matches!(rest, "am" | "pm" | "h" | "hr" | "hrs" | "uhr") => self.time = true,
            2 if longest <= 2 && rest.contains('h') => self.time = true,
            1.. if longest <= 2 && rest.chars().any(|c| matches!(c, '前' | '전')) => self.ago = true,
            _ if token.split(['-', '/', '.']).any(|part| words.months.contains(part)) => self.whole = true,
            _ => self.others += 1,
        }
    }

    fn is_date(&self) -> bool {
        let day = self.month && self.small > 0;
        if self.whole || (day && self.year) {
            return self.others <= if self.time { MOST_OTHERS } else { 2 };
        }
        if self.time {
            return self.others <= 1 + self.words.min(2) && self.small <= 1;
        }
        if self.ago {
            return self.small > 0 && self.others <= 2;
        }
        (day || (self.month && self.year)) && self.others == 0
    }
}
