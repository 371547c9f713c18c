//! The line that gives a date → a date that can be compared.
//!
//! Read are the forms that the splitter takes for a date line, in the languages whose months it knows:
//! `2021-03-07T21:54`, `7.3.2021`, `March 7, 2021`, `7 de marzo de 2021`, `7 марта 2021`, `2021年3月7日`.
//! Months of the Persian calendar are converted. What leaves room is decided once, here:
//!
//! * `03/04/2021` is the third of April: most of the world writes the day first. The fourth of March it is
//!   when a North American time zone stands beside it, or when the numbers leave no other way.
//! * A year of two digits is in this century up to 69.
//! * A clock time counts as it stands, whatever its zone: pages that are copies of each other rarely say.
//! * Of several dates in one line the first counts.
//! * A line without a year, such as `3 hours ago`, gives no date: it depends on when it was read.

use crate::normalise::fold;
use jiff::ToSpan;
use jiff::civil;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A day, with the clock time if the page gives it. A day without a time comes before all times of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dated {
    day: civil::Date,
    /// Hour and minute.
    time: Option<(u8, u8)>,
}

impl Dated {
    /// Both as one number of less than 2^36, for [`Dated::from_number`].
    pub fn to_number(self) -> u64 {
        let day = (i32::from(self.day.year()) - FIRST_YEAR) as u64 * 12 * 31
            + (self.day.month() - 1) as u64 * 31
            + (self.day.day() - 1) as u64;
        let time = self.time.map_or(0, |(hour, minute)| 1 + u64::from(hour) * 60 + u64::from(minute));
        day << TIME_BITS | time
    }

    /// What [`Dated::to_number`] made a number of.
    pub fn from_number(number: u64) -> Option<Dated> {
        let (day, time) = (number >> TIME_BITS, number & ((1 << TIME_BITS) - 1));
        let year = (day / (12 * 31)) as i32 + FIRST_YEAR;
        let day = civil::Date::new(year as i16, (day / 31 % 12) as i8 + 1, (day % 31) as i8 + 1).ok()?;
        let time = time.checked_sub(1).map(|minutes| ((minutes / 60) as u8, (minutes % 60) as u8));
        Some(Dated { day, time })
    }
}

impl std::fmt::Display for Dated {
    /// ISO 8601: `2021-03-07` or `2021-03-07T21:54`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.day)?;
        self.time.map_or(Ok(()), |(hour, minute)| write!(f, "T{hour:02}:{minute:02}"))
    }
}

/// The first year that a day can have.
const FIRST_YEAR: i32 = -9999;
/// Bits that hold the minutes of a day.
const TIME_BITS: u32 = 11;

/// Words for the months, from the first to the twelfth.
const MONTHS: [&str; 12] = [
    "january jan januar januari janv janvier ene enero janeiro gen gennaio ocak styczeń stycznia leden ledna января янв січня يناير كانون_الثاني",
    "february feb februar februari févr février fevrier febrero fev fevereiro febbraio şubat luty lutego únor února февраля фев лютого فبراير شباط",
    "march mar märz maerz mrz maart mars maret marzo março mart marca marzec březen března марта мар березня مارس آذار",
    "april apr avr avril abr abril aprile nisan kwietnia kwiecień duben dubna апреля апр квітня ابريل أبريل إبريل نيسان",
    "may mai mei mayo maio mag maggio mayıs maja květen května мая травня مايو أيار",
    "june jun juni juin junio junho giu giugno haziran czerwca czerwiec červen června июня июн червня يونيو حزيران",
    "july jul juli juil juillet julio julho lug luglio temmuz lipca lipiec červenec července июля июл липня يوليو تموز",
    "august aug augustus agustus août aout ago agosto ağustos sierpnia sierpień srpen srpna августа авг серпня أغسطس اغسطس آب",
    "september sept sep septembre septiembre setiembre set setembro settembre eylül września wrzesień září сентября сен сент вересня سبتمبر أيلول",
    "october oct oktober okt octobre octubre out outubro ott ottobre ekim października październik říjen října октября окт жовтня أكتوبر اكتوبر تشرين_الأول",
    "november nov novembre noviembre novembro kasım listopada listopad listopadu ноября ноя листопада نوفمبر تشرين_الثاني",
    "december dec dezember dez desember décembre decembre déc diciembre dic dezembro dicembre aralık grudnia grudzień prosinec prosince декабря дек грудня ديسمبر كانون_الأول",
];

/// The months of the Persian calendar; the first begins with spring.
const PERSIAN_MONTHS: [&str; 12] =
    ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"];

/// Words between the parts of a date that say nothing: "7th of March", "1er mars", "7 de marzo de 2021".
const FILLERS: [&str; 14] = ["st", "nd", "rd", "th", "er", "o", "de", "del", "di", "do", "of", "the", "le", "г"];

/// Time zones of countries that write the month first.
const MONTH_FIRST: [&str; 11] = ["et", "est", "edt", "ct", "cst", "cdt", "pt", "pst", "pdt", "mst", "mdt"];

/// The date that a line gives, if it gives one.
pub fn read(line: &[u8]) -> Option<Dated> {
    let folded = folded(line);
    let tokens = tokens(&folded);
    let month_first = tokens.iter().any(|token| matches!(token, Token::Word(word) if MONTH_FIRST.contains(word)));
    let day = (0..tokens.len()).find_map(|at| day(&tokens[at..], month_first))?;
    Some(Dated { day, time: time(&tokens) })
}

fn folded(text: &[u8]) -> String {
    let mut folded = String::new();
    fold(text, &mut folded);
    folded
}

/// A line's parts that matter for a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    /// A run of digits: its value, and how many digits.
    Number(i16, usize),
    Word(&'t str),
    /// A sign between numbers.
    Sign(char),
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let run = |of: fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len());
        let length = if digit(c).is_some() {
            let length = run(|c| digit(c).is_some());
            tokens.push(number(&rest[..length]));
            length
        } else if is_unit(c) {
            tokens.push(Token::Word(&rest[..c.len_utf8()]));
            c.len_utf8()
        } else if c.is_alphabetic() {
            let length = run(|c| c.is_alphabetic() && !is_unit(c));
            tokens.push(Token::Word(&rest[..length]));
            length
        } else {
            let next = rest[c.len_utf8()..].trim_start().chars().next();
            let between = matches!(tokens.last(), Some(Token::Number(..)));
            // A full stop is a sign between numbers only: not in "7. März", nor in "Jan. 4".
            if matches!(c, '-' | '/' | ':') || (c == '.' && between && next.is_some_and(|c| digit(c).is_some())) {
                tokens.push(Token::Sign(c));
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    tokens.retain(|token| !matches!(token, Token::Word(word) if FILLERS.contains(word)));
    tokens
}

/// The value of a digit: ASCII, Arabic, Persian or Devanagari.
fn digit(c: char) -> Option<i16> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        _ => return None,
    };
    Some((c as u32 - zero as u32) as i16)
}

fn number(digits: &str) -> Token<'_> {
    let count = digits.chars().count();
    let value = digits.chars().filter_map(digit).take(4).fold(0, |value, digit| value * 10 + digit);
    Token::Number(value, count)
}

/// The words for year, month and day that stand right behind their number in East Asia.
fn is_unit(c: char) -> bool {
    matches!(c, '年' | '月' | '日' | '년' | '월' | '일')
}

/// The day that the first tokens give.
fn day(tokens: &[Token], month_first: bool) -> Option<civil::Date> {
    use Token::{Number, Sign, Word};
    match *tokens {
        [Number(year, 4), Sign(x), Number(month, 1..=2), Sign(y), Number(day, 1..=2), ..] if x == y && x != ':' => {
            gregorian(year, month, day)
        }
        [Number(year, 4), Word("年" | "년"), Number(month, 1..=2), Word("月" | "월"), Number(day, 1..=2), ..] => {
            gregorian(year, month, day)
        }
        [Number(x, 1..=2), Sign(s), Number(y, 1..=2), Sign(t), Number(year, digits @ (2 | 4)), ..]
            if s == t && s != ':' =>
        {
            let year = full_year(year, digits);
            let other_way = if s == '/' && month_first { gregorian(year, x, y) } else { None };
            other_way.or_else(|| gregorian(year, y, x)).or_else(|| gregorian(year, x, y))
        }
        [Number(day, 1..=2), ref rest @ ..] => {
            let (month, rest) = month(unsigned(rest))?;
            match *unsigned(rest) {
                [Number(year, digits @ (2 | 4)), ref after @ ..] if !is_clock(after) => {
                    month.on(full_year(year, digits), day)
                }
                _ => None,
            }
        }
        [Number(year, 4), ref rest @ ..] => {
            let (month, rest) = month(unsigned(rest))?;
            match *unsigned(rest) {
                [Number(day, 1..=2), ..] => month.on(year, day),
                _ => None,
            }
        }
        [Word(_), ..] => {
            let (month, rest) = month(tokens)?;
            match *rest {
                [Number(day, 1..=2), Number(year, 4), ..] => month.on(year, day),
                [Number(day, 1..=2), Sign('-' | '/' | '.'), Number(year, 4), ..] => month.on(year, day),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Steps over a sign between a number and a month's name: `07-Mar-2021`.
fn unsigned<'s, 't>(tokens: &'s [Token<'t>]) -> &'s [Token<'t>] {
    match tokens {
        [Token::Sign('-' | '/' | '.'), rest @ ..] => rest,
        _ => tokens,
    }
}

/// Whether the number before is the hour of a clock time.
fn is_clock(after: &[Token]) -> bool {
    matches!(after, [Token::Sign(':'), ..])
}

/// The months by their names in folded form.
static NAMED: LazyLock<FxHashMap<String, Month>> = LazyLock::new(|| {
    let mut named = FxHashMap::default();
    for (number, names) in MONTHS.iter().enumerate() {
        named.extend(names.split(' ').map(|name| (folded(name.as_bytes()), Month::Gregorian(number as i16 + 1))));
    }
    for (number, name) in PERSIAN_MONTHS.iter().enumerate() {
        named.insert(folded(name.as_bytes()), Month::Persian(number as i16 + 1));
    }
    named
});

/// A month of one calendar, 1 to 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Month {
    Gregorian(i16),
    Persian(i16),
}

impl Month {
    fn on(self, year: i16, day: i16) -> Option<civil::Date> {
        match self {
            Month::Gregorian(month) => gregorian(year, month, day),
            Month::Persian(month) => persian(year, month, day),
        }
    }
}

/// The month that the first token names, or the first two ("كانون الثاني").
fn month<'s, 't>(tokens: &'s [Token<'t>]) -> Option<(Month, &'s [Token<'t>])> {
    let (&Token::Word(first), rest) = tokens.split_first()? else { return None };
    if let [Token::Word(second), after @ ..] = rest
        && let Some(&month) = NAMED.get(&format!("{first}_{second}"))
    {
        return Some((month, after));
    }
    Some((*NAMED.get(first)?, rest))
}

fn full_year(year: i16, digits: usize) -> i16 {
    match (digits, year) {
        (2, 0..70) => year + 2000,
        (2, _) => year + 1900,
        _ => year,
    }
}

/// A day of the calendar newspapers use; a year outside their time is something else, such as a Thai one.
fn gregorian(year: i16, month: i16, day: i16) -> Option<civil::Date> {
    let year = Some(year).filter(|year| (1600..2200).contains(year))?;
    civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A day of the Persian calendar, by its cycle of 33 years, which holds from 1244 to 1501 (1865 to 2122).
fn persian(year: i16, month: i16, day: i16) -> Option<civil::Date> {
    let length = if month <= 6 { 31 } else { 30 };
    if !(1244..1502).contains(&year) || !(1..=12).contains(&month) || !(1..=length).contains(&day) {
        return None;
    }
    let days_before = |year: i16| {
        let year = i32::from(year) + 1595;
        year * 365 + year / 33 * 8 + (year % 33 + 3) / 4
    };
    let in_year = if month <= 6 { (month - 1) * 31 } else { (month - 7) * 30 + 186 } + day - 1;
    // The first day of 1400 was the 21st of March 2021.
    let days = days_before(year) - days_before(1400) + i32::from(in_year);
    civil::date(2021, 3, 21).checked_add(days.days()).ok()
}

/// The first clock time in the line.
fn time(tokens: &[Token]) -> Option<(u8, u8)> {
    use Token::{Number, Sign, Word};
    (0..tokens.len()).find_map(|at| {
        let (hour, minute, rest) = match tokens[at..].split_first_chunk::<3>()? {
            (&[Number(hour, 1..=2), Sign(':'), Number(minute, 2)], rest) => (hour, minute, rest),
            (&[Number(hour, 1..=2), Word("h"), Number(minute, 2)], rest) => (hour, minute, rest),
            _ => return None,
        };
        let rest = match *rest {
            [Sign(':'), Number(..), ref rest @ ..] => rest,
            _ => rest,
        };
        let hour = match *rest {
            [Word("pm"), ..] | [Word("p"), Word("m"), ..] if hour < 12 => hour + 12,
            [Word("am"), ..] | [Word("a"), Word("m"), ..] if hour == 12 => 0,
            _ => hour,
        };
        (hour < 24 && minute < 60).then_some((hour as u8, minute as u8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        assert_eq!(read(line.as_bytes()).map_or(String::new(), |dated| dated.to_string()), expected, "{line}");
    }

    #[test]
    fn dates_are_read_in_many_languages() {
        for line in [
            "March 7, 2021",
            "- Mar 7, 2021",
            "Published: Sunday, 7th of March, 2021",
            "7. März 2021",
            "le 7 mars 2021",
            "7 de marzo de 2021",
            "7 de março de 2021",
            "7 marzo 2021",
            "7 марта 2021 г.",
            "الأحد 7 مارس 2021",
            "٧ آذار ٢٠٢١",
            "2021年3月7日",
            "2021년 3월 7일",
            "2021-03-07",
            "07-Mar-2021",
            "7/3/2021",
            "7.3.21",
            "7. 3. 2021",
            "۱۷ اسفند ۱۳۹۹",
        ] {
            check(line, "2021-03-07");
        }
        check("7 كانون الثاني 2021", "2021-01-07");
        check("7 كانون الأول 2021", "2021-12-07");

        check("۱ فروردین ۱۴۰۳", "2024-03-20");
    }

    #[test]
    fn times_come_with_their_date() {
        check("2021-03-07T21:54:10+03:00", "2021-03-07T21:54");
        check("21:54, 7 March 2021", "2021-03-07T21:54");
        check("March 7, 2021 9:54 p.m. EST", "2021-03-07T21:54");
        check("7 mars 2021 à 12h05", "2021-03-07T12:05");
        check("March 7, 2021 at 12:05 AM", "2021-03-07T00:05");
        check("7 March 21:54", "");
    }

    #[test]
    fn the_day_comes_first_unless_it_cannot() {
        check("03/04/2021", "2021-04-03");
        check("03/14/2021", "2021-03-14");
        check("03/04/2021 10:30 AM EDT", "2021-03-04T10:30");
        check("03.04.2021 10:30 EDT", "2021-04-03T10:30");
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for line in
            ["3 hours ago", "March 7", "31 February 2021", "7 มีนาคม 2564", "10:30", "99/99/9999", "", "1442-07-23"]
        {
            check(line, "");
        }
    }

    #[test]
    fn dates_can_be_kept_as_numbers() {
        for line in ["0001-01-01", "2021-12-31T23:59", "2024-02-29 00:00", "9999-12-31"] {
            let dated = read(line.as_bytes());
            assert_eq!(dated.map(Dated::to_number).and_then(Dated::from_number), dated, "{line}");
        }
    }

    #[test]
    fn a_day_comes_before_its_times() {
        let [day, morning, evening] =
            ["2021-03-07", "2021-03-07 08:00", "2021-03-07 20:00"].map(|line| read(line.as_bytes()).unwrap());
        assert!(day < morning && morning < evening && evening < read(b"2021-03-08").unwrap());
    }
}
