//! Any file, under any name and any options → pages, each of which can be had again as it was.

use super::{desk, split};
use encoding_rs::Encoding;
use newsdedup::model::Split;
use newsdedup::read::{Containers, Format, Library, Opened, Options, Page, Room, Written};
use newsdedup::walk::Source;
use std::path::Path;

/// What the file may be called.
const NAMES: [&[u8]; 8] = [b"a", b"a.txt", b"a.html", b"a.jsonl", b"a.csv", b"a.tsv", b"a.json", b"a.gz"];
/// What it may be said to be written in.
const FORMATS: [&str; 8] = ["", "", "text", "html", "jsonl", "csv", "warc", "parquet"];
/// Encodings that may be named: the usual ones, those with a state, and those of two and four bytes.
const ENCODINGS: [&str; 8] = ["", "", "windows-1252", "utf-16le", "utf-16be", "iso-2022-jp", "gb18030", "big5"];
/// Larger pages are left out, in bytes.
const LARGEST: u64 = 1 << 15;
/// Longer texts are not looked at character by character, in bytes.
const LOOKED_AT: usize = 1 << 12;
/// Pages of a file that are looked at.
const PAGES: usize = 16;

/// The first two bytes of an input say how the others are read.
pub fn attack(input: &[u8]) {
    let Some((&[name, how], bytes)) = input.split_first_chunk() else { return };
    let path = desk::put(NAMES[usize::from(name % 8)], bytes);
    let containers = Containers { format: Format::named(FORMATS[usize::from(how % 8)]), ..Containers::default() };
    let options = Options {
        encoding: Encoding::for_label(ENCODINGS[usize::from(how >> 3 & 7)].as_bytes()),
        max_page_size: LARGEST,
        containers,
        keep_records: how & 64 != 0,
        keep_originals: how & 128 != 0,
        memory: 1 << 20,
    };
    let library = load(&path, &options);
    let size = bytes.len() as u64;
    (0..library.len().min(PAGES)).for_each(|index| holds(&library, index, size, &options));
    if name & 128 != 0 {
        let again = load(&path, &Options { memory: 0, ..options });
        assert_eq!(again.len(), library.len());
        (0..library.len().min(PAGES)).for_each(|index| is_equal(&library, &again, index));
    }
}

/// Reads the file; what is shown of its pages at first is what can be had of them later.
fn load(path: &Path, options: &Options) -> Library {
    let sources = vec![Source::File(path.into())];
    let room = Room::beside(1, options.memory);
    let (library, seen) = Library::load(sources, options, &room, |page| (page.text().to_vec(), page.split()));
    assert_eq!(seen.len(), library.len());
    for (index, seen) in seen.into_iter().enumerate().take(PAGES) {
        assert_eq!(seen.is_none(), library.skipped(index).is_some());
        let Some((text, split)) = seen else { continue };
        let page = library.page(index).expect("nobody changed the file");
        assert!(page.text() == text && page.split() == split, "page {index} is not what was shown first");
    }
    library
}

/// `stored` is the size of the file.
fn holds(library: &Library, index: usize, stored: u64, options: &Options) {
    let Some(page) = library.page(index) else { return };
    let (text, size) = (page.text(), page.size());
    assert_eq!(size, library.bytes(index));
    assert!(size <= options.max_page_size);
    if let Some(found) = page.split() {
        split::holds(text, &found);
        has_lines(&page, &found);
    }
    has_places(&page);
    has_parts(library, index, text);
    if let Some(original) = library.original(index) {
        let stored = original.bytes();
        assert!(stored.len() as u64 == size && original.sha256() == page.sha256());
        let again = Page::of_stored(b"again", stored.to_vec(), original.written);
        assert!(again.text() == text && again.split() == page.split(), "page {index} made of its bytes is another");
        assert_eq!((again.size(), again.sha256()), (size, page.sha256()));
        if let Written::Encoded(encoding) = original.written {
            assert_eq!(
                encoding.decode_without_bom_handling(stored).0.as_bytes(),
                text,
                "decoded in one go it is another"
            );
        }
    } else {
        // What was expanded, or was part of something, is not kept unless it is asked for.
        let is_expanded = size != stored || library.record(index).is_some();
        assert!(page.is_shown() && is_expanded && !options.keep_originals);
    }
}

/// Every character has its place in the page as stored, and the way back leads to it.
fn has_places(page: &Page) {
    let text = page.text();
    assert_eq!(page.to_stored(text.len()) as u64, page.size());
    if text.len() > LOOKED_AT {
        return;
    }
    let mut before = None;
    for at in (0..=text.len()).filter(|&at| text.get(at).is_none_or(|byte| byte & 0xc0 != 0x80)) {
        let place = page.to_stored(at);
        assert!(before.is_none_or(|before| before < place), "text offset {at} does not move on from byte {place}");
        assert_eq!(page.to_text(place as u64), Some(at));
        before = Some(place);
    }
}

fn has_parts(library: &Library, index: usize, text: &[u8]) {
    let ends = [0, text.len() / 3, text.len()];
    for (start, end) in [(0, 1), (1, 2), (0, 2)].map(|(start, end)| (ends[start], ends[end])) {
        let mark = library.page(index).and_then(|page| page.mark_of(start..end)).unwrap_or_default();
        let part = library.part(index, start..end, mark, &mut Opened::default()).expect("nobody changed the file");
        assert_eq!(part.text(start..end), &text[start..end]);
    }
}

/// Lines of a page in markup are counted in the page as stored, forwards.
fn has_lines(page: &Page, split: &Split) {
    let lines = page.lines();
    assert_eq!(lines.len(), split.blocks.len());
    for ((range, (first, last)), block) in lines.into_iter().zip(&split.blocks) {
        assert!(range == (block.start..block.end) && 1 <= first && first <= last && last <= page.size() + 1);
    }
}

/// Pages that stay in memory and pages that are read again are the same.
fn is_equal(one: &Library, other: &Library, index: usize) {
    assert_eq!((one.name(index), one.skipped(index)), (other.name(index), other.skipped(index)));
    let (Some(one), Some(other)) = (one.page(index), other.page(index)) else { return };
    assert!(one.text() == other.text() && one.sha256() == other.sha256() && one.split() == other.split());
}
