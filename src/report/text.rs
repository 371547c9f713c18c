//! For reading: what was found, then every article with its copies beneath.
//!
//! An article begins with the first digits of its id, by which `newsdedup explain` knows it. Text from
//! pages cannot steer a terminal.

use super::schema::{Article, Header, Quote, Summary};
use super::{Item, Out, Renderer};
use crate::config::Look;
use crate::error::{Error, escaped_bytes};
use crate::layout::{clipped, clipped_left, safe};
use crate::model::Match;
use crate::notes;

/// What the text begins with.
pub const HEAD: &str = "newsdedup: ";

const BOLD: &str = "\u{1b}[1m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const PLAIN: &str = "\u{1b}[0m";

/// Writes a report for reading.
pub struct Text {
    look: Look,
}

impl Text {
    /// With or without colours, in so many columns.
    pub fn new(look: Look) -> Text {
        Text { look }
    }
}

impl Renderer for Text {
    fn begin(&self, _: &Header, summary: &Summary, out: &mut Out) {
        self.line(BOLD, &format!("{HEAD}{}", notes::counts(summary)), out);
    }

    fn item(&self, item: &Item, first: bool, out: &mut Out) -> Result<(), Error> {
        let heading = match item {
            Item::Article(_) => "",
            Item::Quote(_) => "Quotes",
            Item::Skipped(_) => "Skipped",
            Item::Page(_) => return Ok(()),
        };
        if first {
            out.put(b"\n");
            if !heading.is_empty() {
                self.line(BOLD, heading, out);
            }
        }
        match item {
            Item::Article(article) => self.article(article, out),
            Item::Quote(quote) => self.quote(quote, out),
            Item::Skipped(skipped) => {
                self.line("", &format!("  {}: {}", escaped_bytes(&skipped.page.0), safe(&skipped.reason)), out);
            }
            Item::Page(_) => {}
        }
        Ok(())
    }
}

impl Text {
    fn article(&self, article: &Article, out: &mut Out) {
        self.line(BOLD, &format!("{:.8}  {}", article.id, article.title()), out);
        for occurrence in article.occurrences.iter() {
            let (colour, similarity) = match occurrence.matched.0 {
                Match::Near => (YELLOW, Some(occurrence.similarity)),
                Match::Exact => (GREEN, None),
                _ => ("", None),
            };
            let lines = lines(occurrence.first_line, occurrence.last_line);
            self.place(colour, occurrence.matched.name(), similarity, &occurrence.page.0, &lines, out);
        }
        for excerpt in &article.excerpt_of {
            self.line("", &format!("  {:<6}  {:<6}  article {:.8}", "inside", excerpt.share, excerpt.article), out);
        }
        for excerpt in &article.excerpts {
            let lines = lines(excerpt.occurrence.first_line, excerpt.occurrence.last_line);
            self.place("", "holds", Some(excerpt.share), &excerpt.occurrence.page.0, &lines, out);
        }
    }

    fn quote(&self, quote: &Quote, out: &mut Out) {
        self.line("", &format!("{} words: {}", quote.words, safe(&quote.text)), out);
        for place in &quote.places {
            let name = format!("{}@{}", escaped_bytes(&place.page.0), place.start);
            self.line("", &format!("  {:.8}  {}", place.article, self.fitted(&name, 12)), out);
        }
    }

    /// A line that ends in a place; if it is too long, the end of the name tells more than its beginning.
    fn place(&self, colour: &str, how: &str, similarity: Option<f64>, page: &[u8], lines: &str, out: &mut Out) {
        let similarity = similarity.map(|similarity| similarity.to_string()).unwrap_or_default();
        let name = self.fitted(&format!("{}{lines}", escaped_bytes(page)), 18);
        self.line("", &format!("  {}  {similarity:<6}  {name}", self.coloured(colour, &format!("{how:<6}"))), out);
    }

    /// The end of a name, as much as fits behind so many columns.
    fn fitted(&self, name: &str, before: usize) -> String {
        self.look.width.map_or_else(|| name.to_owned(), |width| clipped_left(name, width.saturating_sub(before)))
    }

    fn line(&self, colour: &str, text: &str, out: &mut Out) {
        let fitting = match self.look.width {
            // What has a colour inside fits already.
            Some(width) if !text.contains('\u{1b}') => clipped(text, width),
            _ => text.to_owned(),
        };
        out.put(self.coloured(colour, &fitting).as_bytes());
        out.put(b"\n");
    }

    fn coloured(&self, colour: &str, text: &str) -> String {
        if self.look.colour && !colour.is_empty() { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
    }
}

fn lines(first: u64, last: u64) -> String {
    if first == last { format!(":{first}") } else { format!(":{first}-{last}") }
}
