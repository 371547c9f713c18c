//! The attributes of one start tag, as far as they say what the element is.

use super::hints::{self, Hints};
use super::tags::Tag;
use rustc_hash::FxHashMap;

/// What was read of a start tag.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    hints: Hints,
    link: bool,
    /// Names that were met before: pages repeat them.
    known: FxHashMap<Box<[u8]>, Hints>,
}

/// What a start tag says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub hints: Hints,
    /// It leads elsewhere.
    pub link: bool,
}

impl Attributes {
    /// Forgets the tag before.
    pub fn clear(&mut self) {
        (self.hints, self.link) = (Hints::NONE, false);
    }

    /// Takes in one attribute.
    pub fn take(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"class" | b"id" | b"data-component" | b"data-testid" | b"data-module" | b"data-qa" => {
                let hints = self.names(value);
                self.hints |= hints;
            }
            b"itemprop" => self.hints |= of_property(value),
            b"rel" => self.hints |= of_relation(value),
            b"role" => self.hints |= of_role(value),
            b"hidden" => self.hints |= Hints::HIDDEN,
            b"style" if hides(value) => self.hints |= Hints::HIDDEN,
            b"href" => self.link = !value.is_empty(),
            _ => {}
        }
    }

    fn names(&mut self, value: &[u8]) -> Hints {
        if let Some(&hints) = self.known.get(value) {
            return hints;
        }
        let hints = hints::of_names(value);
        self.known.insert(value.into(), hints);
        hints
    }

    /// What the element of these attributes is.
    pub fn read(&self, tag: Tag, name: &[u8]) -> Found {
        let custom = if name.contains(&b'-') { hints::of_name(name) } else { Hints::NONE };
        // Posts of social networks that an article cites are named after these.
        let cited = if tag == Tag::Blockquote { Hints::FURNITURE } else { Hints::NONE };
        let hints = (self.hints | custom | of_tag(tag)).without(cited);
        Found { hints, link: self.link }
    }
}

/// What an element is by its name alone.
fn of_tag(tag: Tag) -> Hints {
    match tag {
        Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form | Tag::Button => Hints::FURNITURE,
        Tag::Figcaption | Tag::Figure => Hints::CAPTION,
        Tag::Article | Tag::Main => Hints::ARTICLE,
        Tag::Time => Hints::DATE,
        Tag::Address => Hints::BYLINE,
        _ => Hints::NONE,
    }
}

/// What a property of microdata says.
fn of_property(value: &[u8]) -> Hints {
    let properties = value.split(u8::is_ascii_whitespace).map(|property| match property {
        b"articleBody" => Hints::BODY | Hints::STATED,
        b"headline" => Hints::HEADLINE,
        b"author" | b"creator" | b"editor" => Hints::BYLINE,
        b"datePublished" | b"dateModified" | b"dateCreated" => Hints::DATE,
        b"caption" | b"copyrightHolder" => Hints::CAPTION,
        b"comment" => Hints::COMMENTS,
        b"description" | b"alternativeHeadline" => Hints::SUMMARY,
        b"keywords" | b"breadcrumb" | b"publisher" => Hints::FURNITURE,
        _ => Hints::NONE,
    });
    properties.fold(Hints::NONE, |all, hints| all | hints)
}

fn of_relation(value: &[u8]) -> Hints {
    let relations = value.split(u8::is_ascii_whitespace).map(|relation| match relation {
        b"author" => Hints::BYLINE,
        b"tag" | b"category" | b"next" | b"prev" => Hints::FURNITURE,
        _ => Hints::NONE,
    });
    relations.fold(Hints::NONE, |all, hints| all | hints)
}

fn of_role(value: &[u8]) -> Hints {
    match value {
        b"navigation" | b"banner" | b"contentinfo" | b"complementary" | b"search" | b"dialog" | b"alert"
        | b"button" | b"toolbar" | b"menu" | b"tablist" => Hints::FURNITURE,
        b"main" | b"article" => Hints::ARTICLE,
        _ => Hints::NONE,
    }
}

/// Whether a style hides its element.
fn hides(style: &[u8]) -> bool {
    let style: Vec<u8> = style.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    memchr::memmem::find(&style, b"display:none").is_some()
        || memchr::memmem::find(&style, b"visibility:hidden").is_some()
}
