//! The public shape of a report, and nothing else: schema `newsdedup/1`. Fields are only ever added.
//!
//! All offsets are bytes of the page as stored; all ranges are half-open. Digests are SHA-256 in
//! lower-case hexadecimal.

pub use super::names::{Hex, KindName, MatchName, Name};

use crate::layout::safe;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// The name of this shape.
pub const SCHEMA: &str = "newsdedup/1";

/// Characters of the body that stand for a headline.
pub const TITLE: usize = 120;

/// What a report begins with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: Cow<'static, str>,
    /// The version of newsdedup that wrote the report.
    pub version: Cow<'static, str>,
    /// Every option that changes the result.
    pub parameters: Parameters,
}

/// Every option that changes the result. Threads, memory and output forms do not.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameters {
    /// The version of the normalised form that digests are made of.
    pub normalisation: u32,
    /// `auto` or `none`.
    pub split: Cow<'static, str>,
    /// Whether edited copies count as the same article.
    pub near: bool,
    /// The similarity from which they do, 0 to 1.
    pub threshold: f64,
    /// Words of the shortest quote, if quotes were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<usize>,
    /// Which of several copies is kept.
    pub keep: Cow<'static, str>,
    /// Globs of the pages whose copies are kept before all others, the most trusted first.
    pub prefer: Vec<String>,
    /// The encoding the user named.
    pub encoding: Option<Cow<'static, str>>,
    /// Larger pages were skipped. Bytes.
    pub max_page_size: u64,
    /// Globs of the files to read.
    pub include: Vec<String>,
    /// Globs of the files not to read.
    pub exclude: Vec<String>,
    /// Whether names that start with a dot were read.
    pub hidden: bool,
    /// Whether folders behind links were read.
    pub follow: bool,
    /// What the pages were said to be written in.
    pub input_format: Option<Cow<'static, str>>,
    /// The field of a record that was said to hold its page.
    pub text_field: Option<String>,
    /// The field that records were said to be called by.
    pub id_field: Option<String>,
    /// Further fields that the report gives.
    pub meta_fields: Vec<String>,
}

/// What was found, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Summary {
    /// Pages read.
    pub pages: u64,
    /// Their size as stored.
    pub bytes: u64,
    /// Article blocks found in them: kept + exact + near.
    pub blocks: u64,
    /// Articles: blocks that are kept.
    pub articles: u64,
    /// Blocks whose normalised body equals that of a kept one.
    pub exact: u64,
    /// Blocks that are an edited copy of a kept one.
    pub near: u64,
    /// Articles that are contained in a longer one.
    pub excerpts: u64,
    /// Runs of words that different articles share, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<u64>,
    /// Words in the bodies of all blocks.
    pub words: u64,
    /// Words in the bodies of the kept ones.
    pub unique_words: u64,
    /// Sources that were not read; each is listed with its reason.
    pub skipped: u64,
    /// Files and folders passed over by rule: hidden, excluded, not included, linked folders.
    pub ignored: u64,
}

/// One article.
#[derive(Serialize)]
pub struct Article<'a> {
    /// The digest of the kept block.
    pub id: Hex,
    /// The headline of the kept block.
    pub headline: Option<&'a str>,
    /// Its captions, each once, in order.
    pub captions: &'a [Cow<'a, str>],
    /// The line that names its author.
    pub byline: Option<&'a str>,
    /// The line that gives its date.
    pub date: Option<&'a str>,
    /// That date in ISO 8601, with the time if the line gives one; `null` if it cannot be read.
    pub date_iso: Option<String>,
    /// Its paragraphs, joined by empty lines.
    pub body: Body<'a>,
    /// Every block that is this article, in page order.
    pub occurrences: Occurrences<'a>,
    /// The longer articles that contain this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excerpt_of: Vec<ExcerptOf>,
    /// The shorter articles that this one contains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub excerpts: Vec<ExcerptHere<'a>>,
}

impl Article<'_> {
    /// The headline, or the beginning of the body, on one line and without power over a terminal.
    pub fn title(&self) -> String {
        let words = self.headline.map_or_else(|| self.body.beginning(TITLE), str::to_owned);
        safe(&words.replace("\n\n", " "))
    }
}

/// The body of an article, written down paragraph by paragraph: it may be as large as a page can be. It hands
/// its paragraphs out as often as it is asked.
#[derive(Clone, Copy)]
pub struct Body<'a>(pub &'a dyn Fn(Paragraphs));

/// What takes the paragraphs of a body, one after the other.
pub type Paragraphs<'s> = &'s mut dyn FnMut(&str);

impl Body<'_> {
    /// Hands out the paragraphs.
    pub fn each_paragraph(&self, see: Paragraphs) {
        (self.0)(see);
    }

    /// So many characters of its beginning.
    pub fn beginning(&self, characters: usize) -> String {
        let (mut beginning, mut left) = (String::new(), characters);
        self.each_paragraph(&mut |paragraph| {
            let between = if beginning.is_empty() { "" } else { "\n\n" };
            for c in between.chars().chain(paragraph.chars()).take(left) {
                beginning.push(c);
                left -= 1;
            }
        });
        beginning
    }
}

impl Display for Body<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (mut between, mut written) = ("", Ok(()));
        self.each_paragraph(&mut |paragraph| {
            if written.is_ok() {
                written = f.write_str(between).and_then(|()| f.write_str(paragraph));
                between = "\n\n";
            }
        });
        written
    }
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The blocks of an article, written down one by one: there may be millions of them.
#[derive(Clone, Copy)]
pub struct Occurrences<'a> {
    /// How many there are.
    pub count: usize,
    /// What is said of each, counted from 0.
    pub nth: &'a dyn Fn(usize) -> Occurrence<'a>,
}

impl<'a> Occurrences<'a> {
    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Occurrence<'a>> {
        (0..self.count).map(self.nth)
    }
}

impl Serialize for Occurrences<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// One block.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Occurrence<'a> {
    /// The page it stands in.
    #[serde(borrow)]
    pub page: Name<'a>,
    /// Which record of a container the page is; absent for a file of its own.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordOf<'a>>,
    /// Further fields of the record that were asked for, as a JSON object.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<&'a RawValue>,
    /// Its first byte.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// Its first line, counted from 1.
    pub first_line: u64,
    /// Its last line.
    pub last_line: u64,
    /// How it stands to the kept block.
    #[serde(rename = "match")]
    pub matched: MatchName,
    /// Similarity to the kept block, 0 to 1.
    pub similarity: f64,
    /// The digest of its normalised body.
    pub sha256: Hex,
}

/// A record of a container file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordOf<'a> {
    /// The container.
    #[serde(borrow)]
    pub container: Name<'a>,
    /// Which of its records, counted from 1.
    pub number: u64,
    /// What the record calls itself, such as the name of a file in an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Cow<'a, str>>,
    /// The address it was fetched from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<Cow<'a, str>>,
}

/// Where a contained article stands in a longer one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExcerptOf {
    /// The longer article.
    pub article: Hex,
    /// Share of the contained article that stands there, 0 to 1.
    pub share: f64,
    /// First byte, in the page of the longer article's kept block.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

/// An article that is contained in the one it is listed under.
#[derive(Debug, Clone, Serialize)]
pub struct ExcerptHere<'a> {
    /// The contained article.
    pub article: Hex,
    /// Share of it that stands here, 0 to 1.
    pub share: f64,
    /// Where its kept block stands; its match is `excerpt`.
    #[serde(flatten)]
    pub occurrence: Occurrence<'a>,
}

// A flattened struct with a raw value in it can be written, but not read.
impl<'de: 'a, 'a> Deserialize<'de> for ExcerptHere<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ExcerptHere<'a>, D::Error> {
        #[derive(Deserialize)]
        struct Link {
            article: Hex,
            share: f64,
        }
        let fields = <&RawValue>::deserialize(deserializer)?.get();
        let Link { article, share } = serde_json::from_str(fields).map_err(de::Error::custom)?;
        let occurrence = serde_json::from_str(fields).map_err(de::Error::custom)?;
        Ok(ExcerptHere { article, share, occurrence })
    }
}

/// A run of words that different articles share.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Quote<'a> {
    /// Words of it in its first place. A character of a script without spaces is a word.
    pub words: u64,
    /// It as it stands in its first place, on one line.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// All its places, in page order.
    #[serde(borrow, rename = "in")]
    pub places: Vec<QuotePlace<'a>>,
}

/// One place of a quote.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QuotePlace<'a> {
    /// The article it stands in.
    pub article: Hex,
    /// The page: that of the article's kept block or of a copy.
    #[serde(borrow)]
    pub page: Name<'a>,
    /// Its first byte.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
    /// Where it stands in what the page shows, in bytes; in no JSON.
    #[serde(skip)]
    pub shown: Option<Range<usize>>,
}

/// The map of one page: its spans tile it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PageMap<'a> {
    /// The page.
    #[serde(borrow)]
    pub page: Name<'a>,
    /// Its size as stored.
    pub bytes: u64,
    /// Its digest as stored.
    pub sha256: Hex,
    /// Every byte once, in order.
    pub spans: Vec<SpanOf>,
    /// What the page shows, for whoever looks at it; in no JSON.
    #[serde(skip)]
    pub shown: Option<Shown<'a>>,
}

/// The text of a page, and where its spans end in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shown<'a> {
    /// Which record of a container the page is.
    #[serde(borrow)]
    pub record: Option<RecordOf<'a>>,
    /// The text; bytes that are not UTF-8 are [`Shown::BROKEN`] each. `None` if it is too long to be looked at.
    pub text: Option<String>,
    /// One past the last byte of each span, in the text.
    pub ends: Vec<usize>,
}

impl Shown<'_> {
    /// What stands for a broken byte: one byte, too, so that every other one keeps its place.
    pub const BROKEN: char = '\u{1a}';

    /// A text as UTF-8.
    pub fn text(text: &[u8]) -> String {
        let mut whole = String::with_capacity(text.len());
        for chunk in text.utf8_chunks() {
            whole.push_str(chunk.valid());
            whole.extend(chunk.invalid().iter().map(|_| Shown::BROKEN));
        }
        whole
    }
}

/// A run of bytes of one kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SpanOf {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
    /// What the bytes are.
    pub kind: KindName,
    /// The article they belong to.
    pub article: Option<Hex>,
}

/// A source that was not read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Skipped<'a> {
    /// Its name.
    #[serde(borrow)]
    pub page: Name<'a>,
    /// Why.
    pub reason: String,
}
