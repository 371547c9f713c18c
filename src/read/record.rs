//! Records of container files: what each is called, and what it says of itself.

use std::ops::Range;
use std::sync::Arc;

/// Which fields of a record are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The field that holds the page; `None` for the first of [`TEXT`] that a record has.
    pub text: Option<String>,
    /// The field that a record is called by; `None` for [`ID`].
    pub id: Option<String>,
    /// Further fields that the report gives.
    pub meta: Vec<String>,
}

/// Names under which crawlers and data hubs store the text of a page, the likeliest first.
pub const TEXT: [&str; 12] = [
    "text",
    "content",
    "body",
    "article",
    "maintext",
    "article_text",
    "full_text",
    "plain_text",
    "raw_content",
    "html",
    "raw_html",
    "page",
];
/// The name under which they store what a record is called by.
pub const ID: &str = "id";
/// Names under which they store the address that a page was fetched from.
pub const URI: [&str; 3] = ["url", "uri", "link"];

impl Fields {
    /// How well a field serves as the text, 0 best; `None` if it is not the text.
    pub fn text_rank(&self, name: &str) -> Option<usize> {
        match &self.text {
            Some(text) => (text == name).then_some(0),
            None => TEXT.iter().position(|known| known.eq_ignore_ascii_case(name)),
        }
    }

    /// Whether a record is called by this field.
    pub fn is_id(&self, name: &str) -> bool {
        name == self.id.as_deref().unwrap_or(ID)
    }

    /// Whether the field holds the address that a page was fetched from.
    pub fn is_uri(&self, name: &str) -> bool {
        URI.contains(&name)
    }

    /// Whether a field further inside of this one is asked for.
    pub fn lead_into(&self, name: &str) -> bool {
        let inside = |asked: &String| asked.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.text.iter().chain(&self.id).chain(&self.meta).any(inside)
    }

    /// Why a record has no page, given the names of its fields.
    pub fn missing<'n>(&self, names: impl Iterator<Item = &'n str>) -> String {
        let wanted = match &self.text {
            Some(text) => format!("no text in a field '{text}' (--text-field NAME)"),
            None => "no field that is known to hold a text (--text-field NAME)".to_owned(),
        };
        let there: Vec<String> = names.take(SHOWN).map(|name| name.chars().take(LONGEST).collect()).collect();
        match there[..] {
            [] => format!("{wanted}; it has no fields"),
            _ => format!("{wanted}; it has: {}", there.join(", ")),
        }
    }
}

/// Names of fields that a message shows.
const SHOWN: usize = 12;
/// And so many characters of each.
const LONGEST: usize = 40;

/// What a record says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// What it calls itself, such as the name of a file in an archive.
    pub id: Option<String>,
    /// The address it was fetched from.
    pub uri: Option<String>,
    /// Further fields that were asked for: a JSON object.
    pub meta: Option<String>,
}

impl About {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == About::default()
    }
}

/// A record of a container file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Name of the container: raw bytes.
    pub container: Arc<[u8]>,
    /// Which of its records, counted from 1.
    pub number: u64,
    /// What it says of itself.
    pub about: Option<Box<About>>,
    /// Where the record as it was found stands in the spool, if that is wanted later.
    pub raw: Option<Range<u64>>,
}

impl Record {
    /// What it calls itself.
    pub fn id(&self) -> Option<&str> {
        self.about.as_ref()?.id.as_deref()
    }
}

/// The name of a page that is a record: that of its container, and a number or a name.
pub fn name(container: &[u8], label: &[u8]) -> Vec<u8> {
    [container, b"#", label].concat()
}

/// A JSON object of further fields; `None` without any.
#[derive(Debug, Default)]
pub struct Meta(Vec<(String, String)>);

impl Meta {
    /// Adds a field whose value is JSON already.
    pub fn add_json(&mut self, name: &str, json: &str) {
        self.0.push((name.to_owned(), json.to_owned()));
    }

    /// Adds a field whose value is text.
    pub fn add_text(&mut self, name: &str, text: &str) {
        self.add_json(name, &quoted(text));
    }

    /// The object, its fields in the order in which they were asked for.
    pub fn into_json(mut self, asked: &[String]) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_by_key(|(name, _)| asked.iter().position(|asked| asked == name));
        let fields: Vec<String> = self.0.iter().map(|(name, json)| format!("{}:{json}", quoted(name))).collect();
        Some(format!("{{{}}}", fields.join(",")))
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
