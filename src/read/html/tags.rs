//! What the names of elements mean for the shape of a text.

/// An element, as far as its name matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Tag {
    /// Any element that stands in a line.
    Inline,
    /// Any element that stands for itself.
    Block,
    /// What holds all.
    Root,
    A,
    Address,
    Article,
    Aside,
    Blockquote,
    Br,
    Button,
    Caption,
    Cell,
    Dd,
    Dl,
    Dt,
    Figcaption,
    Figure,
    Footer,
    Form,
    Header,
    Heading,
    Label,
    Li,
    List,
    Main,
    Nav,
    P,
    /// The elements that every page has.
    Page,
    Picture,
    Pre,
    Row,
    Rows,
    Section,
    Strong,
    Table,
    Time,
    Title,
    /// Its content is not shown as text.
    Unseen,
    /// It holds nothing.
    Void,
}

/// How many there are.
pub(super) const TAGS: usize = Tag::Void as usize + 1;

impl Tag {
    /// The element of this name, in lower case; for headings their level too, else 0.
    pub(super) fn of(name: &[u8]) -> (Tag, u8) {
        let tag = match name {
            b"a" => Tag::A,
            b"p" => Tag::P,
            b"div" => Tag::Block,
            b"li" => Tag::Li,
            b"ul" | b"ol" | b"menu" | b"dir" => Tag::List,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => return (Tag::Heading, name[1] - b'0'),
            b"br" => Tag::Br,
            b"article" => Tag::Article,
            b"section" => Tag::Section,
            b"aside" => Tag::Aside,
            b"header" => Tag::Header,
            b"footer" => Tag::Footer,
            b"main" => Tag::Main,
            b"nav" => Tag::Nav,
            b"figure" => Tag::Figure,
            b"figcaption" => Tag::Figcaption,
            b"blockquote" => Tag::Blockquote,
            b"b" | b"strong" => Tag::Strong,
            b"time" => Tag::Time,
            b"table" => Tag::Table,
            b"caption" => Tag::Caption,
            b"tr" => Tag::Row,
            b"td" | b"th" => Tag::Cell,
            b"tbody" | b"thead" | b"tfoot" => Tag::Rows,
            b"dl" => Tag::Dl,
            b"dt" => Tag::Dt,
            b"dd" => Tag::Dd,
            b"pre" | b"listing" | b"xmp" | b"plaintext" => Tag::Pre,
            b"form" => Tag::Form,
            b"button" => Tag::Button,
            b"label" | b"legend" => Tag::Label,
            b"address" => Tag::Address,
            b"title" => Tag::Title,
            b"html" | b"head" | b"body" => Tag::Page,
            b"script" | b"style" | b"noscript" | b"noembed" | b"noframes" | b"template" | b"iframe" | b"object"
            | b"svg" | b"math" | b"canvas" | b"audio" | b"video" | b"map" | b"select" | b"datalist" | b"textarea" => {
                Tag::Unseen
            }
            b"img" | b"amp-img" => Tag::Picture,
            b"meta" | b"input" | b"link" | b"base" | b"area" | b"embed" | b"source" | b"track" | b"wbr" | b"param"
            | b"col" | b"keygen" | b"bgsound" => Tag::Void,
            b"hr" | b"center" | b"details" | b"dialog" | b"fieldset" | b"frameset" | b"hgroup" | b"search"
            | b"summary" | b"optgroup" | b"colgroup" => Tag::Block,
            _ if name.contains(&b'-') => Tag::Block,
            _ => Tag::Inline,
        };
        (tag, 0)
    }

    /// Whether it stands in a line, without ending it.
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Tag::Inline | Tag::A | Tag::Strong | Tag::Time | Tag::Label | Tag::Picture | Tag::Unseen)
    }

    /// Whether its start ends a paragraph that was not closed.
    pub(super) fn ends_paragraph(self) -> bool {
        !self.is_inline() && !matches!(self, Tag::Br | Tag::Void | Tag::Title | Tag::Caption)
    }

    /// Whether an end tag inside does not reach what stands outside.
    pub(super) fn is_wall(self) -> bool {
        matches!(self, Tag::Root | Tag::Cell | Tag::Table | Tag::Caption)
    }

    /// Whether its end tag reaches through the cells of a table.
    pub(super) fn is_part_of_table(self) -> bool {
        matches!(self, Tag::Cell | Tag::Row | Tag::Rows | Tag::Table | Tag::Caption)
    }

    /// The elements that the start of this one closes, and those beyond which it does not look.
    pub(super) fn closes(self) -> (&'static [Tag], &'static [Tag]) {
        match self {
            Tag::Li => (&[Tag::Li], &[Tag::List]),
            Tag::Dd | Tag::Dt => (&[Tag::Dd, Tag::Dt], &[Tag::Dl]),
            Tag::Cell => (&[Tag::Cell], &[Tag::Row, Tag::Rows, Tag::Table]),
            Tag::Row => (&[Tag::Row], &[Tag::Rows, Tag::Table]),
            Tag::Rows => (&[Tag::Rows], &[Tag::Table]),
            Tag::A => (&[Tag::A], &[Tag::Cell, Tag::Table]),
            Tag::Heading => (&[Tag::Heading], &[Tag::Block, Tag::Section, Tag::Article, Tag::List, Tag::Cell]),
            _ => (&[], &[]),
        }
    }
}
