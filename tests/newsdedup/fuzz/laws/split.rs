//! Any pages → any split: it tiles each page, and only the pages decide.

use newsdedup::model::{Kind, Split};
use newsdedup::split::{self, Evidence};

/// Stands between two pages of an input.
const BORDER: u8 = 0;
/// More pages go with the last.
const MOST: usize = 8;

/// Takes the pages of an input apart, with what they show together.
pub fn attack(input: &[u8]) {
    let pages: Vec<&[u8]> = input.splitn(MOST, |&byte| byte == BORDER).collect();
    let lines: Vec<_> = pages.iter().map(|page| split::read(page)).collect();
    let seen: Vec<_> = lines.iter().map(split::observe).collect();
    let alone = Evidence::learn([]);
    let forwards = Evidence::learn(seen.iter().cloned());
    let backwards = Evidence::learn(seen.into_iter().rev());
    for (page, lines) in pages.iter().zip(&lines) {
        holds(page, &split::split(page, lines, &alone));
        let found = split::split(page, lines, &forwards);
        holds(page, &found);
        assert_eq!(found, split::split(page, &split::read(page), &backwards), "the order of the pages shows");
        holds(page, &split::whole(page));
    }
}

/// What every split of a text has to be.
pub fn holds(text: &[u8], split: &Split) {
    tiles(text, split);
    let mut before = 0;
    for (number, block) in split.blocks.iter().enumerate() {
        assert!(before <= block.start && block.start < block.end && block.end <= text.len(), "{block:?} in {before}..");
        before = block.end;
        for part in [&block.headline, &block.byline, &block.date].into_iter().flatten() {
            assert!(
                part.start < part.end && block.start <= part.start && part.end <= block.end,
                "{part:?} in {block:?}"
            );
        }
        let own = || split.spans.iter().filter(|span| span.block == Some(number as u32));
        assert!(own().any(|span| matches!(span.kind, Kind::Headline | Kind::Body)), "{block:?} says nothing");
        for span in own() {
            let inside = span.start.max(block.start)..span.end.min(block.end);
            assert!(!inside.is_empty(), "{span:?} outside {block:?}");
            let cut_off = [&text[span.start..inside.start], &text[inside.end..span.end]];
            let blank = cut_off.iter().all(|bytes| is_blank(bytes));
            assert!(blank || span.kind != Kind::Body, "{span:?} of {block:?}: {cut_off:?}");
        }
    }
}

fn tiles(text: &[u8], split: &Split) {
    let mut at = 0;
    for span in &split.spans {
        assert!(span.start == at && span.end > at, "{span:?} behind byte {at}");
        assert!(span.kind != Kind::Body || span.block.is_some(), "{span:?} is of no block");
        assert!(span.block.is_none_or(|block| (block as usize) < split.blocks.len()), "{span:?} is of no block");
        at = span.end;
    }
    assert_eq!(at, text.len(), "the spans end too early");
    let numbers = split.spans.iter().filter_map(|span| span.block);
    assert!(numbers.is_sorted(), "blocks are not in page order");
}

/// Whether there is nothing to see.
fn is_blank(bytes: &[u8]) -> bool {
    let mut folded = String::new();
    newsdedup::normalise::fold(bytes, &mut folded);
    folded.is_empty()
}
