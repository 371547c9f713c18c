//! Tags and strings, as they come → [`Tree`].
//!
//! This is no more of the standard's tree construction than the shape of the text needs: end tags that may be
//! missing, and end tags that do not fit. Nothing here is recursive, and no tag takes longer than the number of
//! elements it closes, or [`FARTHEST`].

pub(super) use super::attributes::Attributes;
use super::attributes::Found;
use super::hints::Hints;
use super::tags::{TAGS, Tag};
use super::tree::{Element, Line, Tree, letters};
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// So many open elements an end tag looks back at before it is given up.
const FARTHEST: usize = 256;
/// The same for elements that stand in a line.
const FARTHEST_INLINE: usize = 32;

/// An element that was not closed yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    tag: Tag,
    /// Tells elements that stand in a line from each other.
    name: u64,
    /// The innermost element that stands for itself.
    element: usize,
    /// What the attributes of elements inside of that say.
    hints: Hints,
    heading: u8,
    linked: bool,
    unseen: bool,
    pre: bool,
}

impl Open {
    /// The page itself.
    const ROOT: Open = Open {
        tag: Tag::Root,
        name: 0,
        element: 0,
        hints: Hints::NONE,
        heading: 0,
        linked: false,
        unseen: false,
        pre: false,
    };
}

/// Builds a tree.
pub(super) struct Builder<'p> {
    tree: &'p mut Tree,
    open: Vec<Open>,
    /// How many elements of each kind are open.
    counts: [usize; TAGS],
    /// The line being written.
    line: Option<Line>,
    /// Where whitespace stands that may turn out to lie between words.
    space: Option<usize>,
    /// One past the last visible byte of the page.
    seen: usize,
    /// Whether the next string is the page's title.
    title: bool,
    length: usize,
    /// The element of a picture that no text came after yet.
    picture: Option<usize>,
}

impl<'p> Builder<'p> {
    /// Begins a page of so many bytes.
    pub fn new(tree: &'p mut Tree, length: usize) -> Builder<'p> {
        tree.text.reserve(length / 4);
        tree.elements.push(Element { tag: Tag::Root, parent: 0, hints: Hints::NONE, lines: 0..0 });
        let mut counts = [0; TAGS];
        counts[Tag::Root as usize] = 1;
        Builder {
            tree,
            open: vec![Open::ROOT],
            counts,
            line: None,
            space: None,
            seen: 0,
            title: false,
            length,
            picture: None,
        }
    }

    fn top(&self) -> Open {
        self.open.last().copied().unwrap_or(Open::ROOT)
    }

    /// Whether text that comes now is shown.
    pub fn wants_text(&self) -> bool {
        !self.top().unseen
    }

    /// Takes in a start tag. `level` is that of a heading.
    pub fn start(&mut self, tag: Tag, level: u8, name: &[u8], attributes: &Attributes, self_closing: bool) {
        match tag {
            Tag::Picture => self.picture = Some(self.top().element),
            Tag::Br => self.end_line(),
            Tag::Page | Tag::Void => {}
            _ if self.is_blind_to(tag) => {}
            _ => {
                let found = attributes.read(tag, name);
                let unseen = tag == Tag::Unseen || found.hints.has(Hints::HIDDEN);
                if !(self_closing && tag == Tag::Unseen) {
                    self.begin(tag, level, name, found, unseen);
                }
            }
        }
    }

    fn begin(&mut self, tag: Tag, level: u8, name: &[u8], found: Found, unseen: bool) {
        if tag.ends_paragraph() && self.counts[Tag::P as usize] > 0 {
            self.close(Tag::P, 0);
        }
        self.close_implied(tag);
        let top = self.top();
        let mut open = Open { tag, name: hash(name), ..top };
        open.unseen |= unseen;
        open.linked |= tag == Tag::A && found.link;
        open.pre |= tag == Tag::Pre;
        if tag.is_inline() {
            open.hints |= found.hints;
        } else {
            self.end_line();
            self.title = tag == Tag::Title && self.tree.title.is_none();
            open.heading = if tag == Tag::Heading { level } else { top.heading };
            open.element = self.begin_element(tag, top.element, found.hints | top.hints);
            open.hints = Hints::NONE;
        }
        self.counts[tag as usize] += 1;
        self.open.push(open);
    }

    /// Whether nothing in here is shown, so that only what closes it matters.
    fn is_blind_to(&self, tag: Tag) -> bool {
        self.top().unseen && tag == Tag::Inline
    }

    fn begin_element(&mut self, tag: Tag, parent: usize, hints: Hints) -> usize {
        let line = self.tree.lines.len();
        self.tree.elements.push(Element { tag, parent, hints, lines: line..line });
        self.tree.elements.len() - 1
    }

    /// Closes what the start of an element closes without saying so.
    fn close_implied(&mut self, tag: Tag) {
        let (closed, walls) = tag.closes();
        if closed.iter().all(|&tag| self.counts[tag as usize] == 0) {
            return;
        }
        for (back, open) in self.open.iter().rev().take(FARTHEST).enumerate() {
            if closed.contains(&open.tag) {
                return self.pop(back + 1);
            }
            if walls.contains(&open.tag) || open.tag == Tag::Root {
                return;
            }
        }
    }

    /// Takes in an end tag.
    pub fn end(&mut self, tag: Tag, name: &[u8]) {
        match tag {
            Tag::Page | Tag::Void | Tag::Picture => {}
            Tag::Br => self.end_line(),
            Tag::P if self.counts[Tag::P as usize] == 0 => self.end_line(),
            _ if self.counts[tag as usize] == 0 => {}
            _ => self.close(tag, if tag.is_inline() || tag == Tag::Block { hash(name) } else { 0 }),
        }
    }

    /// Closes the innermost open element of this kind, and of this name if it is given, with all that it holds.
    fn close(&mut self, tag: Tag, name: u64) {
        let inline = tag.is_inline();
        let farthest = if inline && tag != Tag::A { FARTHEST_INLINE } else { FARTHEST };
        for (back, open) in self.open.iter().rev().take(farthest).enumerate() {
            if open.tag == tag && (name == 0 || open.name == name) {
                return self.pop(back + 1);
            }
            let beyond = if inline { !open.tag.is_inline() && tag != Tag::A } else { open.tag.is_wall() };
            if beyond && (open.tag == Tag::Table || !tag.is_part_of_table()) {
                return;
            }
        }
    }

    fn pop(&mut self, count: usize) {
        for _ in 0..count {
            if self.open.len() == 1 {
                return;
            }
            let Some(open) = self.open.pop() else { return };
            self.counts[open.tag as usize] -= 1;
            if !open.tag.is_inline() {
                self.end_line();
                self.tree.elements[open.element].lines.end = self.tree.lines.len();
            }
            self.title &= open.tag != Tag::Title;
        }
    }

    /// Takes in text that stands in the page as it is, from `at` on.
    pub fn text(&mut self, text: &str, at: usize) {
        let pre = self.top().pre;
        let bytes = text.as_bytes();
        let (mut from, mut i) = (0, 0);
        while i < bytes.len() {
            if !is_blank(bytes[i]) {
                i += 1;
                continue;
            }
            let single = bytes[i] == b' ' && i > from && bytes.get(i + 1).is_some_and(|&next| !is_blank(next));
            if single || (pre && matches!(bytes[i], b' ' | b'\t')) {
                i += 1;
                continue;
            }
            self.piece(&text[from..i], at + from);
            if pre && bytes[i] != b'\r' {
                self.end_line();
            } else if self.space.is_none() {
                self.space = Some(at + i);
            }
            i += 1;
            from = i;
        }
        self.piece(&text[from..], at + from);
    }

    /// Takes in the characters that a reference at `at` stands for.
    pub fn reference(&mut self, text: &str, at: usize) {
        for (n, (offset, c)) in text.char_indices().enumerate() {
            if c.is_ascii() && is_blank(c as u8) {
                self.space.get_or_insert(at);
            } else {
                self.piece(&text[offset..offset + c.len_utf8()], at + n);
                self.seen = at + n + 1;
            }
        }
    }

    /// The reference that was taken in last ends here.
    pub fn end_reference(&mut self, at: usize) {
        self.seen = self.seen.max(at);
    }

    /// Writes a piece of text without a line end.
    fn piece(&mut self, piece: &str, at: usize) {
        if piece.is_empty() || (self.line.is_none() && piece.trim_ascii().is_empty()) {
            return;
        }
        let space = self.space.take();
        let top = self.top();
        if self.line.is_none() {
            self.begin_line(at, top);
        } else if let Some(space) = space {
            self.tree.places.note(self.tree.text.len(), space, 1, 1);
            self.tree.text.push(' ');
        }
        self.tree.places.note(self.tree.text.len(), at, 1, 1);
        self.tree.text.push_str(piece);
        self.seen = at + piece.len();
        if let Some(line) = &mut self.line {
            let letters = letters(piece.as_bytes());
            line.letters += letters;
            line.linked += if top.linked { letters } else { 0 };
            line.hints = line.hints & top.hints;
        }
    }

    fn begin_line(&mut self, at: usize, top: Open) {
        if self.tree.text.is_empty() && at > 0 {
            self.tree.places.note(0, 0, 1, 1);
            self.tree.text.push('\n');
        }
        let start = self.tree.text.len();
        self.line = Some(Line {
            range: start..start,
            element: top.element,
            hints: top.hints,
            heading: top.heading,
            letters: 0,
            linked: 0,
            below_picture: self.below_picture(top.element),
        });
        if self.title {
            self.tree.title = Some(self.tree.lines.len());
            self.title = false;
        }
    }

    /// Whether a picture comes right before this element's text.
    fn below_picture(&mut self, element: usize) -> bool {
        let around = self.tree.elements[element].parent;
        self.picture.take().is_some_and(|at| {
            let beside = self.tree.elements[at].parent;
            at == element || at == around || beside == element || beside == around
        })
    }

    fn end_line(&mut self) {
        self.space = None;
        let Some(mut line) = self.line.take() else { return };
        line.range.end = self.tree.text.len();
        self.tree.lines.push(line);
        if self.seen < self.length {
            self.tree.places.note(self.tree.text.len(), self.seen, 1, 1);
            self.tree.text.push('\n');
        }
    }

    /// Ends the page.
    pub fn finish(&mut self) {
        self.pop(self.open.len());
        self.end_line();
        let tree = &mut *self.tree;
        if tree.text.is_empty() && self.length > 0 {
            tree.places.note(0, 0, 1, 1);
            tree.text.push('\n');
        }
        tree.elements[0].lines.end = tree.lines.len();
        tree.places.end(tree.text.len(), self.length);
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name);
    hasher.finish()
}
