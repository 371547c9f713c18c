//! The answer for reading: the verdict, the two blocks, the numbers, and what differs side by side.

use super::differ::{Passage, Word, differ, shown, words};
use super::verdict::{Rule, Verdict};
use super::{Explained, Side};
use crate::error::quoted_bytes;
use crate::group::similarity::{
    CLEAR_SHARE, DIVERGENCE, LEAST_SHARE, MARGIN, MOST_SHARE, MOULD, Overlap, Relation, SHORTER_SHARE, SLIPS,
};
use crate::layout::{clipped, is_right_to_left, padded, safe, wrap};
use std::ops::Range;

/// Columns that each text needs at least to stand beside the other.
const NARROWEST: usize = 30;
/// Words shown at each end of a long equal passage.
const ENDS: usize = 12;
/// Stock phrases that are shown.
const PHRASES: usize = 3;

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Writes the answer.
pub fn text(explained: &Explained) -> String {
    let mut page = Page { explained, out: String::new() };
    page.wrapped(BOLD, "", &verdict(explained));
    page.line("");
    page.side("A", &explained.a);
    page.side("B", &explained.b);
    page.line("");
    page.numbers();
    page.stock();
    page.links();
    page.line("");
    page.differences();
    page.out
}

/// The verdict in words.
fn verdict(explained: &Explained) -> String {
    let (overlap, params) = (&explained.scores.overlap, &explained.request.config.group);
    let similarity = overlap.similarity();
    match &explained.verdict {
        Verdict::OneBlock => "The same article: A and B are one and the same block.".to_owned(),
        Verdict::Exact => "The same article, exact: both say the same words.".to_owned(),
        Verdict::Near => {
            format!("The same article, near: similarity {similarity:.3} reaches {:.3}.", params.threshold)
        }
        Verdict::Linked(_) => format!(
            "The same article, near: by themselves the two are not similar enough ({}), but both are similar to \
             other copies of it.",
            shortfall(explained)
        ),
        Verdict::Excerpt { first, share, rule } => {
            let (part, whole) = if *first { ("A", "B") } else { ("B", "A") };
            format!(
                "Different articles, {part} an excerpt of {whole}: {share:.3} of {part} stands in {whole}. They are not \
                 one article: {}.",
                reason(explained, *rule)
            )
        }
        Verdict::Different(rule) => format!("Different articles: {}.", reason(explained, *rule)),
    }
}

/// What keeps the two apart.
fn reason(explained: &Explained, rule: Rule) -> String {
    let (overlap, params) = (&explained.scores.overlap, &explained.request.config.group);
    let similar = format!("the two are similar enough ({:.3})", overlap.similarity());
    match rule {
        Rule::NearOff => "with --near off, only equal words count".to_owned(),
        Rule::Average(average) => format!(
            "{similar}, but the copies of their articles are not on average, {average:.3} against {:.3}",
            params.threshold
        ),
        Rule::Candidates => {
            format!("{similar}, but their sampled shingles did not show it, and the run never compared them")
        }
        Rule::Containment | Rule::Resemblance | Rule::Threshold | Rule::Piece => shortfall(explained),
        Rule::Mould => format!(
            "what they share looks like a mould that both were filled in from: what stands between its parts, or in \
             another order, is {:.3} of its size, {MOULD:.3} or more",
            overlap.rewritten
        ),
    }
}

/// Which number is too low.
fn shortfall(explained: &Explained) -> String {
    let (overlap, params) = (&explained.scores.overlap, &explained.request.config.group);
    if overlap.containment < SHORTER_SHARE {
        let share = overlap.containment;
        return match share > 0.0 {
            true => {
                format!("they share passages; {share:.3} of the shorter stands in the longer, below {SHORTER_SHARE:.3}")
            }
            false => "they share no passage".to_owned(),
        };
    }
    if overlap.resemblance < LEAST_SHARE {
        return format!(
            "the one is a piece of the other; they have {:.3} of all their text in common, below {LEAST_SHARE:.3}",
            overlap.resemblance
        );
    }
    if overlap.similarity() < params.threshold {
        return format!("similarity {:.3} is below {:.3}", overlap.similarity(), params.threshold);
    }
    format!(
        "what they share, {:.3} of all their text, is below {CLEAR_SHARE:.3} and looks like a passage taken over: equal to \
         the letter, and the one goes on differently before and after it",
        overlap.resemblance
    )
}

/// What the numbers make of the two texts by themselves, and by which.
fn relation(overlap: &Overlap) -> String {
    let numbers = format!(
        "versions have an agreement of {CLEAR_SHARE:.3} (found {:.3}), or a misprint ({}) and a containment of \
         {MOST_SHARE:.3}, or slips {SLIPS:.3} (found {:.3}) at least and {MOULD:.3} (found {:.3}) rewritten at most, \
         or a margin of {MARGIN:.3} (found {:.3}) and a divergence of {DIVERGENCE:.3} (found {:.3}) at most",
        overlap.agreement, overlap.misprints, overlap.slips, overlap.rewritten, overlap.margin, overlap.divergence
    );
    match overlap.relation() {
        Relation::Version => format!("versions of one text; {numbers}"),
        Relation::Piece => format!("the one a piece of the other, or both hold the same piece; {numbers}"),
        Relation::Different => "different texts".to_owned(),
    }
}

struct Page<'p> {
    explained: &'p Explained<'p>,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn coloured(&self, colour: &str, text: &str) -> String {
        match self.explained.request.colour && !text.trim().is_empty() {
            true => format!("{colour}{text}{PLAIN}"),
            false => text.to_owned(),
        }
    }

    /// A paragraph at the full width, each line after `indent`.
    fn wrapped(&mut self, colour: &str, indent: &str, text: &str) {
        for line in wrap(text, self.explained.request.width - indent.len()) {
            let line = self.coloured(colour, &line);
            self.line(&format!("{indent}{line}"));
        }
    }

    fn side(&mut self, name: &str, side: &Side) {
        let (number, of) = side.number;
        let page = quoted_bytes(&side.page);
        let others = if of > 1 { format!(", article {number} of {of} in the page") } else { String::new() };
        let place = format!(
            "{name}  {page}{others}: bytes {} to {}, lines {} to {}, {} words",
            side.bytes.start, side.bytes.end, side.lines.0, side.lines.1, side.words
        );
        self.wrapped(BOLD, "", &place);
        let headline = side.headline.as_deref().map_or("(no headline)".to_owned(), safe);
        self.wrapped("", "   ", &headline);
        let (id, copies) = side.article;
        let copies = if copies == 1 { "its only copy".to_owned() } else { format!("one of {copies} copies") };
        self.wrapped("", "   ", &format!("article {}, {copies}", &id.to_string()[..16]));
    }

    fn numbers(&mut self) {
        let (scores, params) = (&self.explained.scores, &self.explained.request.config.group);
        let overlap = &scores.overlap;
        self.line("              found   needed");
        for (name, found, needed, what) in [
            ("containment", overlap.containment, SHORTER_SHARE, "of the shorter text stands in the longer one"),
            ("resemblance", overlap.resemblance, LEAST_SHARE, "of the text of both is common to both"),
            ("similarity", overlap.similarity(), params.threshold, "the geometric mean of the two; --threshold"),
        ] {
            let numbers = format!("{name:<12} {found:>6.3}   {needed:>6.3}   ");
            self.row(&numbers, what);
        }
        self.row("relation     ", &relation(overlap));
        let digests = if scores.equal { "equal: both say the same words" } else { "different" };
        self.row("digests      ", digests);
        let pages = match self.explained.pages {
            1 => "1 page was looked at".to_owned(),
            pages => format!("{pages} pages were looked at"),
        };
        self.row("corpus       ", &pages);
    }

    /// A name with what is said of it, which may need more lines.
    fn row(&mut self, name: &str, text: &str) {
        let width = self.explained.request.width;
        if name.len() + NARROWEST > width {
            self.line(name);
            return self.wrapped("", "  ", text);
        }
        for (at, line) in wrap(text, width - name.len()).iter().enumerate() {
            let name = if at == 0 { name.to_owned() } else { " ".repeat(name.len()) };
            self.line(&format!("{name}{line}"));
        }
    }

    fn stock(&mut self) {
        let explained = self.explained;
        let length = |side: &Side| side.stock.iter().map(|phrase| phrase.chars().count()).sum::<usize>();
        let (a, b) = (length(&explained.a), length(&explained.b));
        if a + b == 0 {
            return self.row("stock        ", "no stock phrases: all words count in full");
        }
        self.row(
            "stock        ",
            &format!("{a} characters of A and {b} of B are stock phrases and count a tenth, such as"),
        );
        let mut phrases: Vec<&String> = explained.a.stock.iter().chain(&explained.b.stock).collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.chars().count()));
        phrases.dedup();
        for phrase in phrases.into_iter().take(PHRASES) {
            let phrase = clipped(&safe(phrase), explained.request.width.saturating_sub(15).max(8));
            self.line(&format!("             '{phrase}'"));
        }
    }

    fn links(&mut self) {
        let Verdict::Linked(links) = &self.explained.verdict else { return };
        for link in links {
            let text = format!(
                "{}:{}, similarity {:.3} to A and {:.3} to B",
                quoted_bytes(&link.page),
                link.number,
                link.to_a,
                link.to_b
            );
            self.row("linked by    ", &text);
        }
    }

    fn differences(&mut self) {
        let (a, b) = (words(&self.explained.a.body), words(&self.explained.b.body));
        let (passages, cut) = differ(&a, &b);
        let columns = self.columns(&a, &b);
        let common: usize =
            passages.iter().map(|passage| if let Passage::Equal(a, _) = passage { a.len() } else { 0 }).sum();
        if passages.iter().all(|passage| matches!(passage, Passage::Equal(..))) {
            self.line("Nothing differs in the bodies, but for signs and capitals perhaps.");
            if !self.explained.request.full {
                return;
            }
        } else {
            let place = if columns.is_some() { "A on the left, B on the right" } else { "A with -, B with +" };
            let order = "in the same order";
            self.wrapped(BOLD, "", &format!("What differs ({place}; {common} words are equal {order})"));
        }
        for passage in &passages {
            match passage {
                Passage::Equal(x, y) => {
                    let (left, right) = (self.equal(&a, x), self.equal(&b, y));
                    self.passage(columns, ' ', &left, &right);
                }
                Passage::Different(x, y) => {
                    let (left, right) = (safe(&shown(&a[x.clone()])), safe(&shown(&b[y.clone()])));
                    let sign = if left.is_empty() {
                        '>'
                    } else if right.is_empty() {
                        '<'
                    } else {
                        '|'
                    };
                    self.passage(columns, sign, &left, &right);
                }
            }
        }
        if cut {
            self.line("The rest is not shown: too much differs.");
        }
    }

    /// Columns for each text, if they may stand side by side. Text that runs from right to left may not: a
    /// terminal would reorder the whole line.
    fn columns(&self, a: &[Word], b: &[Word]) -> Option<usize> {
        let columns = (self.explained.request.width - 3) / 2;
        let turned = |words: &[Word]| words.iter().any(|word| is_right_to_left(&word.shown));
        (columns >= NARROWEST && !turned(a) && !turned(b)).then_some(columns)
    }

    /// An equal passage, its middle left out if it is long.
    fn equal(&self, words: &[Word], range: &Range<usize>) -> String {
        let hidden = range.len().saturating_sub(2 * ENDS);
        if self.explained.request.full || hidden < ENDS {
            return safe(&shown(&words[range.clone()]));
        }
        let (first, last) = (range.start..range.start + ENDS, range.end - ENDS..range.end);
        format!("{} … {hidden} words … {}", safe(&shown(&words[first])), safe(&shown(&words[last])))
    }

    fn passage(&mut self, columns: Option<usize>, sign: char, left: &str, right: &str) {
        let (red, green) = if sign == ' ' { ("", "") } else { (RED, GREEN) };
        let Some(columns) = columns else {
            if sign == ' ' {
                return self.wrapped("", "  ", left);
            }
            for (colour, indent, text) in [(red, "- ", left), (green, "+ ", right)] {
                if !text.is_empty() {
                    self.wrapped(colour, indent, text);
                }
            }
            return;
        };
        let (left, right) = (wrap(left, columns), wrap(right, columns));
        for at in 0..left.len().max(right.len()) {
            let empty = String::new();
            let line = |side: &[String]| side.get(at).unwrap_or(&empty).clone();
            let before = self.coloured(red, &padded(&line(&left), columns));
            let after = self.coloured(green, &line(&right));
            self.line(&format!("{before} {sign} {after}"));
        }
    }
}
