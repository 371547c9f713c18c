//! HTML → [`Tree`]: a tokenizer that follows the standard to the letter (html5gum), and what its tokens mean here.
//!
//! The tokenizer says where each of its strings begins. From there on a string is compared with the page: it is
//! what stands there, or a character reference of which only the start has to be known.

use super::build::{Attributes, Builder};
use super::tags::Tag;
use super::tree::Tree;
use html5gum::{Emitter, Error, State, Tokenizer};
use std::convert::Infallible;

/// Reads a page. The time it takes grows with the length of the page, whatever is in it.
pub(super) fn parse(html: &str) -> Tree {
    let mut tree = Tree::default();
    let events = Events::new(html, &mut tree);
    let mut tokens = Tokenizer::new_with_emitter(html, events);
    while tokens.next().is_some() {}
    drop(tokens);
    tree
}

/// Values that are longer, in bytes, are cut.
const LONGEST_VALUE: usize = 1 << 10;

/// Which attribute is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Nothing,
    Name,
    Value,
}

/// What the tokenizer tells, one call after the other.
struct Events<'p> {
    html: &'p [u8],
    builder: Builder<'p>,
    /// Bytes that the tokenizer has read.
    read: usize,
    /// Where the next string begins.
    at: usize,
    /// Whether a character reference ends there.
    after_reference: bool,
    name: Vec<u8>,
    is_start: bool,
    self_closing: bool,
    /// The start tag whose end tag ends raw text.
    last_start: Vec<u8>,
    attribute: Vec<u8>,
    value: Vec<u8>,
    reading: Reading,
    attributes: Attributes,
}

impl<'p> Events<'p> {
    fn new(html: &'p str, tree: &'p mut Tree) -> Events<'p> {
        Events {
            html: html.as_bytes(),
            builder: Builder::new(tree, html.len()),
            read: 0,
            at: 0,
            after_reference: false,
            name: Vec::new(),
            is_start: false,
            self_closing: false,
            last_start: Vec::new(),
            attribute: Vec::new(),
            value: Vec::new(),
            reading: Reading::Nothing,
            attributes: Attributes::default(),
        }
    }

    fn begin_tag(&mut self, is_start: bool) {
        self.name.clear();
        self.is_start = is_start;
        self.self_closing = false;
        self.attributes.clear();
        self.reading = Reading::Nothing;
    }

    fn end_attribute(&mut self) {
        if self.reading == Reading::Value {
            self.attributes.take(&self.attribute, &self.value);
        }
        self.reading = Reading::Nothing;
    }

    /// A string that is what the page says, a line end that was written in another way, or a character reference.
    fn string(&mut self, string: &[u8]) {
        let html = self.html;
        if self.at > 0 && html[self.at - 1] == b'\r' && html.get(self.at) == Some(&b'\n') {
            self.at += 1;
        }
        let rest = html.get(self.at..).unwrap_or_default();
        let text = simdutf8::basic::from_utf8(string).unwrap_or_default();
        if rest.starts_with(string) || (string == b"\n" && rest.first() == Some(&b'\r')) {
            self.builder.text(text, self.at);
            self.at += string.len();
            return;
        }
        self.builder.reference(text, self.at);
        match rest.first() {
            Some(b'&') => self.after_reference = true,
            // A zero byte, which is shown as U+FFFD.
            _ => self.at += 1,
        }
    }
}

/// How the text behind a start tag is read.
fn next_state(name: &[u8]) -> Option<State> {
    match name {
        b"title" | b"textarea" => Some(State::RcData),
        b"script" => Some(State::ScriptData),
        b"style" | b"iframe" | b"noembed" | b"noframes" | b"noscript" | b"xmp" => Some(State::RawText),
        b"plaintext" => Some(State::PlainText),
        _ => None,
    }
}

impl Emitter for Events<'_> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start = name.unwrap_or_default().to_vec();
    }

    fn emit_eof(&mut self) {
        self.builder.finish();
    }

    fn emit_error(&mut self, _: Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    #[inline]
    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    #[inline]
    fn init_string(&mut self) {
        self.at = self.read;
        if std::mem::take(&mut self.after_reference) {
            self.builder.end_reference(self.at);
        }
    }

    fn emit_string(&mut self, string: &[u8]) {
        if self.builder.wants_text() {
            self.string(string);
        }
    }

    fn init_start_tag(&mut self) {
        self.begin_tag(true);
    }

    fn init_end_tag(&mut self) {
        self.begin_tag(false);
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.end_attribute();
        let (tag, level) = Tag::of(&self.name);
        if !self.is_start {
            self.builder.end(tag, &self.name);
            return None;
        }
        std::mem::swap(&mut self.last_start, &mut self.name);
        self.builder.start(tag, level, &self.last_start, &self.attributes, self.self_closing);
        // Of raw text the tokenizer does not say where it begins.
        self.at = self.read;
        next_state(&self.last_start)
    }

    fn emit_current_comment(&mut self) {}

    fn emit_current_doctype(&mut self) {}

    fn set_self_closing(&mut self) {
        self.self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, name: &[u8]) {
        if self.name.len() < LONGEST_VALUE {
            self.name.extend_from_slice(name);
        }
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    fn init_attribute(&mut self) {
        self.end_attribute();
        self.attribute.clear();
        self.value.clear();
        self.reading = if self.is_start { Reading::Name } else { Reading::Nothing };
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        if self.reading != Reading::Nothing && self.attribute.len() < LONGEST_VALUE {
            self.attribute.extend_from_slice(name);
            self.reading = Reading::Value;
        }
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        if self.reading == Reading::Value && self.value.len() < LONGEST_VALUE {
            self.value.extend_from_slice(value);
        }
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        !self.is_start && !self.last_start.is_empty() && self.name == self.last_start
    }

    #[inline]
    fn move_position(&mut self, bytes: isize) {
        self.read = self.read.saturating_add_signed(bytes);
    }
}
