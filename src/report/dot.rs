//! The graph of who shares what with whom, for Graphviz: articles that stand in more than one place point
//! to the pages they stand in; an excerpt points to the article that contains it, and a quote to the
//! articles it stands in, both with dashed lines. An article that shares nothing is not in the graph.

use super::schema::{Article, ExcerptOf, Header, Hex, Name, Occurrence, Quote, Summary};
use super::{Item, Out, Renderer};
use crate::error::{Error, escaped_bytes};
use crate::layout::{clipped, safe};
use crate::model::{Digest, Match};
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a graph begins with.
pub const HEAD: &str = "// newsdedup/1: who shares what with whom. dot -Tsvg";
/// Columns of a label; the rest is cut off.
const LABEL: usize = 60;

/// Writes a report as a graph.
#[derive(Default)]
pub struct Dot {
    /// Titles of the articles that are not in the graph yet, if quotes may bring them in.
    alone: Mutex<Option<FxHashMap<Digest, String>>>,
}

impl Renderer for Dot {
    fn begin(&self, header: &Header, _: &Summary, out: &mut Out) {
        *self.alone() = header.parameters.quotes.map(|_| FxHashMap::default());
        put(
            format_args!("{HEAD}\ndigraph newsdedup {{\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n"),
            out,
        );
        put(format_args!("  edge [fontname=\"sans-serif\", fontsize=10];\n"), out);
    }

    fn item(&self, item: &Item, _: bool, out: &mut Out) -> Result<(), Error> {
        match item {
            Item::Article(article) => self.article(article, out),
            Item::Quote(quote) => self.quote(quote, out),
            Item::Page(_) | Item::Skipped(_) => {}
        }
        Ok(())
    }

    fn end(&self, _: &Summary, out: &mut Out) {
        out.put(b"}\n");
    }
}

impl Dot {
    fn alone(&self) -> MutexGuard<'_, Option<FxHashMap<Digest, String>>> {
        self.alone.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn article(&self, article: &Article, out: &mut Out) {
        let title = quoted(&clipped(&article.title(), LABEL));
        if article.occurrences.count < 2 && article.excerpt_of.is_empty() && article.excerpts.is_empty() {
            if let Some(alone) = &mut *self.alone() {
                alone.insert(article.id.0, title);
            }
            return;
        }
        node(article.id, &title, out);
        article.occurrences.iter().for_each(|occurrence| copy(article.id, &occurrence, out));
        for ExcerptOf { article: longer, share, .. } in &article.excerpt_of {
            put(
                format_args!(
                    "  \"article {}\" -> \"article {longer}\" [style=dashed, label=\"excerpt {share}\"];\n",
                    article.id
                ),
                out,
            );
        }
    }

    fn quote(&self, quote: &Quote, out: &mut Out) {
        let Some(first) = quote.places.first() else { return };
        let node_name = quoted(&format!("quote {} {}-{}", escaped_bytes(&first.page.0), first.start, first.end));
        let text = quoted(&clipped(&safe(&quote.text), LABEL));
        put(format_args!("  {node_name} [shape=note, style=dashed, label={text}];\n"), out);
        let mut seen = FxHashSet::default();
        for place in quote.places.iter().filter(|place| seen.insert(place.article.0)) {
            if let Some(title) = self.alone().as_ref().and_then(|alone| alone.get(&place.article.0)) {
                node(place.article, title, out);
            }
            put(
                format_args!(
                    "  {node_name} -> \"article {}\" [style=dashed, label=\"{} words\"];\n",
                    place.article, quote.words
                ),
                out,
            );
        }
    }
}

fn node(id: Hex, title: &str, out: &mut Out) {
    put(format_args!("  \"article {id}\" [style=bold, label={title}];\n"), out);
}

/// The line from an article to a page, and the page.
fn copy(id: Hex, occurrence: &Occurrence, out: &mut Out) {
    let Name(page) = &occurrence.page;
    let page = escaped_bytes(page);
    let name = quoted(&format!("page {page}"));
    let label = match occurrence.matched.0 {
        Match::Near => format!("near {}", occurrence.similarity),
        _ => occurrence.matched.name().to_owned(),
    };
    put(format_args!("  {name} [shape=plaintext, label={}];\n", quoted(&page)), out);
    put(format_args!("  \"article {id}\" -> {name} [label=\"{label}\"];\n"), out);
}

/// A text as Graphviz takes it. It knows escapes that begin with a backslash, and entities as HTML has them.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '&' => quoted.push_str("&amp;"),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn put(text: std::fmt::Arguments, out: &mut Out) {
    out.write_fmt(text).expect("memory takes any text");
}
