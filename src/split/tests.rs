//! What the splitter makes of invented pages. A page is written with its expected labels: every line starts
//! with the first letter of its kind and the number of its block, `-` for none; `@3` stands for a paragraph.

use super::{Evidence, PageEvidence, read, whole};
use crate::model::{Kind, Split};
use proptest::prelude::*;

fn observe(text: &[u8]) -> PageEvidence {
    super::observe(&read(text))
}

fn split(text: &[u8], evidence: &Evidence) -> Split {
    super::split(text, &read(text), evidence)
}

/// Invented paragraphs, long enough to be told from captions.
const PARAS: [&str; 10] = [
    "The harbour office said on Monday that the northern pier would stay shut until the divers had finished their survey of the piles.",
    "Fishermen who land their catch there have been told to use the old quay, where the cranes were taken down eleven years ago.",
    "Nobody was hurt when the first of the beams gave way, but a lorry loaded with salt had to be pulled back with chains.",
    "The town council will meet on Thursday evening to hear how long the repairs may take, and who is expected to pay for them.",
    "Engineers found the same kind of damage two winters ago, and they warned at the time that the timber would not last a decade.",
    "A new bakery opened in the valley last week, and the queue on its first morning reached all the way down to the mill stream.",
    "Its owner learned the trade abroad and came home with a sourdough that she has kept alive in a jar for fourteen summers.",
    "She sells three kinds of bread, two of them made with flour from the field behind the house, and closes when it is gone.",
    "Neighbours have offered to keep the shop open on Sundays, an idea she likes well enough but has not yet found the hands for.",
    "The mill itself, built in the reign of a forgotten duke, may grind again next spring if the wheel can be lifted from the mud.",
];

fn expand(text: &str) -> String {
    match text.strip_prefix('@').and_then(|number| number.parse::<usize>().ok()) {
        Some(number) => PARAS[number].to_owned(),
        None => text.to_owned(),
    }
}

fn page_of(marked: &str) -> String {
    let lines: Vec<String> = marked.lines().map(|line| expand(line.get(3..).unwrap_or_default())).collect();
    lines.join("\n")
}

/// The page with its labels in front of every line.
fn labelled(text: &str, split: &Split) -> String {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let span = split.spans.iter().find(|span| span.start <= at && at < span.end);
        at += line.len();
        let line = line.trim_end_matches('\n');
        match span.filter(|_| !line.is_empty()) {
            Some(span) => {
                format!("{}{} {line}", letter(span.kind), span.block.map_or("-".into(), |block| block.to_string()))
            }
            None => String::new(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn letter(kind: Kind) -> char {
    match kind {
        Kind::Headline => 'h',
        Kind::Caption => 'c',
        Kind::Body => 'b',
        Kind::Furniture => 'f',
        Kind::Separator => 's',
    }
}

/// Splits a page by itself and compares every line's label.
#[track_caller]
fn check(marked: &str) {
    check_among(&[], marked);
}

/// Splits a page among others and compares every line's label.
#[track_caller]
fn check_among(others: &[&str], marked: &str) {
    let text = page_of(marked);
    let others = others.iter().map(|other| observe(page_of(other).as_bytes()));
    let evidence = Evidence::learn(others.chain([observe(text.as_bytes())]));
    let expected: Vec<String> = marked
        .lines()
        .map(|line| if line.len() < 3 { String::new() } else { format!("{}{}", &line[..3], expand(&line[3..])) })
        .collect();
    assert_eq!(labelled(&text, &split(text.as_bytes(), &evidence)), expected.join("\n"));
}

/// A card as endless-scroll pages have it, and its article.
fn card(block: usize, headline: &str, caption: &str, paras: [usize; 2]) -> String {
    let once = format!("h{block} {headline}\n\nc{block} {caption}\nc{block} {caption}");
    format!("{once}\nf{block} TT\n\n{once}\n\nb{block} @{}\n\nb{block} @{}", paras[0], paras[1])
}

const PIER: &str = "Northern Pier Stays Shut Until Divers Finish";
const PIER_CAPTION: &str = "The northern pier seen from the lighthouse. (Harbour Office)";
const BREAD: &str = "Valley Bakery Sells Out Before Breakfast";
const BREAD_CAPTION: &str = "Loaves cooling on the window sill of the bakery";

#[test]
fn endless_scroll_pages_fall_apart_at_their_cards() {
    let (first, second) = (card(0, PIER, PIER_CAPTION, [0, 1]), card(1, BREAD, BREAD_CAPTION, [5, 6]));
    check(&format!("{first}\n\n\n\n{second}"));
}

#[test]
fn a_dated_article_ends_before_the_comment_box() {
    check(&format!(
        "h0 {PIER}\n\nf0 March 9, 2020 - 17:41\n\nb0 @0\n\nb0 @1\n\nb0 @2\n\n\nf- Leave a Comment\n\nf- 4 + 5 ="
    ));
}

#[test]
fn a_blog_post_ends_before_its_teasers() {
    check(&format!(
        "h0 {BREAD}\nf0 - Mill Notes\nf0 - Jan 4, 2019\nf0 - 2 min read\nb0 @5\nb0 @6\nb0 @7\n\
         f- Recent Posts\nf- See AllOn the first morning of the year the stream froze over and the wheel stood st\nf- Comments"
    ));
}

#[test]
fn a_short_post_keeps_its_body_above_long_teasers() {
    check(&format!(
        "h0 {BREAD}\nf0 - Mill Notes\nf0 - Jan 4, 2019\nb0 @6\nf- Recent Posts\nf- @0\nf- @1\nf- @3\nf- Comments"
    ));
}

#[test]
fn the_block_knows_headline_byline_and_date() {
    let text = page_of(&format!("h0 {BREAD}\nf0 - Mill Notes\nf0 - Jan 4, 2019\nb0 @5\nb0 @6"));
    let block = &split(text.as_bytes(), &Evidence::default()).blocks[0];
    assert_eq!(&text[block.headline.clone().unwrap()], BREAD);
    assert_eq!(&text[block.byline.clone().unwrap()], "- Mill Notes");
    assert_eq!(&text[block.date.clone().unwrap()], "- Jan 4, 2019");
    assert_eq!(&text[block.start..block.end], text);
}

#[test]
fn a_headline_repeated_inside_the_body_stays_body() {
    let first = card(0, PIER, PIER_CAPTION, [0, 1]);
    check(&format!("{first}\n\nb0 {PIER}\n\nb0 @2\n\n\n\n{}", card(1, BREAD, BREAD_CAPTION, [5, 6])));
}

#[test]
fn a_caption_may_be_stated_with_a_space_in_front_or_a_credit_behind() {
    check(&format!(
        "h0 {PIER}\n\nc0  {PIER_CAPTION}\nc0 {PIER_CAPTION} Mill Press\nf0 TT\n\nh0 {PIER}\n\nc0  {PIER_CAPTION}\n\
         c0 {PIER_CAPTION} Mill Press\n\nb0 @0\n\nb0 @1"
    ));
}

#[test]
fn a_card_needs_no_caption_and_no_marker() {
    check(&format!("h0 {PIER}\n\nh0 {PIER}\n\nb0 @0\n\nb0 @1\n\n\n\nh1 {BREAD}\n\nh1 {BREAD}\n\nb1 @5\n\nb1 @6"));
}

#[test]
fn a_headline_may_run_over_two_lines() {
    let once = format!(
        "h0 Northern Pier Stays Shut\nh0 Until Divers Finish Their Work\n\nc0 {PIER_CAPTION}\nc0 {PIER_CAPTION}"
    );
    let marked = format!("{once}\nf0 TT\n\n{once}\n\nb0 @0\n\nb0 @1\n\nb0 @2");
    check(&marked);
    let text = page_of(&marked);
    let block = &split(text.as_bytes(), &Evidence::default()).blocks[0];
    assert_eq!(&text[block.headline.clone().unwrap()], "Northern Pier Stays Shut\nUntil Divers Finish Their Work");
}

#[test]
fn a_list_of_links_is_no_article() {
    check(&format!(
        "f- {PIER}\n\nf- {BREAD}\n\nf- Old Mill to Turn Again Next Spring\n\nf- Salt Lorry Pulled Back With Chains"
    ));
}

#[test]
fn a_poem_is_a_body() {
    let once = format!("h0 {PIER}\n\nc0 {PIER_CAPTION}\nc0 {PIER_CAPTION}");
    let verse = "b0 The tide came in\nb0 with nobody there\n\nb0 the pier went out\nb0 on a morning of air\n\nb0 and the gulls said so";
    check(&format!("{once}\nf0 TT\n\n{once}\n\n{verse}"));
}

#[test]
fn advertisements_and_pointers_inside_an_article_are_no_body() {
    check(&format!(
        "h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nf0 Advertisement\n\nb0 @1\n\nf0 Read more: {BREAD}\n\nb0 @2"
    ));
}

#[test]
fn teasers_with_a_byline_each_are_no_articles() {
    let teasers = format!(
        "f- Most Popular\n\nf- {BREAD}\nf- By Ada Miller\nf- Old Mill to Turn Again Next Spring\nf- By Tom Weir"
    );
    check(&format!("h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @1\n\nb0 @2\n\n{teasers}"));
}

#[test]
fn what_sites_say_to_their_readers_is_no_body() {
    check(&format!(
        "h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @1\n\nb0 @2\n\nf- This website uses cookies so that your \
         browser remembers which pages of ours you have read before and which not."
    ));
}

#[test]
fn a_page_may_hold_one_article_twice() {
    let once = |block: usize| {
        let card = card(block, PIER, PIER_CAPTION, [5, 6]);
        let (head, _) = card.split_once(&format!("\n\nb{block} ")).unwrap();
        format!("{head}\n\nb{block} {}\n\nb{block} @5", PARAS[..5].join(" "))
    };
    check(&format!("{}\n\n\n\n{}", once(0), once(1)));
}

#[test]
fn a_headline_may_name_what_sites_speak_of() {
    for headline in ["Mayor Eats Eleven Cookies at the Fair", "Comments by the Duke Anger the Millers of the Valley"] {
        let first = card(0, PIER, PIER_CAPTION, [0, 1]);
        check(&format!("{first}\n\n\n\n{}", card(1, headline, BREAD_CAPTION, [5, 6])));
    }
}

/// Paragraphs of two each, broken where the next word does not fit into so many columns.
fn broken(paras: std::ops::Range<usize>, columns: usize, between: &str) -> String {
    let fill = |paras: &[&str]| {
        let mut lines = vec![String::from("b0")];
        for word in paras.join(" ").split(' ') {
            if lines[lines.len() - 1].len() + 1 + word.len() > columns + 3 {
                lines.push("b0".to_owned());
            }
            let last = lines.len() - 1;
            lines[last] += &format!(" {word}");
        }
        lines.join("\n")
    };
    PARAS[paras].chunks(2).map(fill).collect::<Vec<_>>().join(between)
}

#[test]
fn paragraphs_broken_at_a_width_are_a_body() {
    let headline = format!("h0 {PIER}\n\nf0 March 9, 2020 - 17:41");
    for columns in [32, 60, 72, 80] {
        let body = broken(0..5, columns, "\n\n");
        check(&format!("{headline}\n\n{body}\n\n\nf- Leave a Comment\n\nf- 4 + 5 ="));
        let close = broken(0..5, columns, "\n");
        check(&format!("{headline}\n\n{close}\n\n\n\n{}", card(1, BREAD, BREAD_CAPTION, [5, 6])));
    }
}

#[test]
fn headlines_of_one_width_are_no_broken_paragraph() {
    let links = "f- Old Mill to Turn Again Next Spring\nf- Salt Lorry Pulled Back by Chains\n\
                 f- Ferry Stays in Port a Fourth Day\nf- Council Meets to Hear the Divers\n\
                 f- Bakery Sells Out Before Breakfast\nf- Quay Gets Its Old Cranes Back Now";
    check(&format!("h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @1\n\nb0 @2\n\nf- Most Popular\n\n{links}"));
}

#[test]
fn line_ends_of_every_kind_split_alike() {
    let text =
        page_of(&format!("{}\n\n\n\n{}", card(0, PIER, PIER_CAPTION, [0, 1]), card(1, BREAD, BREAD_CAPTION, [5, 6])));
    for end in ["\r\n", "\r"] {
        let other = text.replace('\n', end);
        let split = split(other.as_bytes(), &Evidence::default());
        let headlines: Vec<&str> = split.blocks.iter().map(|block| &other[block.headline.clone().unwrap()]).collect();
        assert_eq!(headlines, [PIER, BREAD]);
    }
}

#[test]
fn marks_without_width_belong_to_no_headline() {
    let text = format!("\u{feff}{}", page_of(&card(0, PIER, PIER_CAPTION, [0, 1])));
    let block = &split(text.as_bytes(), &Evidence::default()).blocks[0];
    assert_eq!(&text[block.headline.clone().unwrap()], PIER);
}

#[test]
fn a_page_of_nothing_has_no_block() {
    for text in ["", "\n\n\n", " \t\r\n\u{a0}\n", "Share", "\0"] {
        assert_eq!(split(text.as_bytes(), &Evidence::default()).blocks, [], "{text:?}");
    }
}

#[test]
fn the_whole_page_can_be_one_body() {
    assert_eq!(whole(b"").spans, []);
    assert_eq!(whole(b"a\n\nb").blocks[0].end, 4);
}

/// Two articles of a page with nothing at all between them.
const UNMARKED: &str = "b0 @2\nb0 @3\nb0 @4\nh1 Valley Bakery Sells Out Before Breakfast\nb1 @5\nb1 @6\nb1 @7";

#[test]
fn other_pages_show_where_an_unmarked_article_starts() {
    let page = format!("h0 {PIER}\nf0 9 March 2020\n{UNMARKED}");
    let alone = format!("h0 {BREAD}\nb0 @5\nb0 @6\nb0 @7");
    let behind =
        format!("h0 Old Mill to Turn Again\nf0 1 May 2020\nb0 @8\nb0 @9\n\n\n\nh1 {BREAD}\nb1 @5\nb1 @6\nb1 @7");
    check_among(&[&alone, &behind], &page);
}

#[test]
fn an_edited_copy_is_no_start() {
    let full = format!("h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @1\n\nb0 @2\n\nb0 @3\n\nb0 @4");
    let edited = format!("h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @2\n\nb0 @3\n\nb0 @4");
    check_among(&[&edited], &full);
    check_among(&[&full], &edited);
}

#[test]
fn lines_that_recur_between_unrelated_paragraphs_are_furniture() {
    let page = |headline: &str, first: usize| {
        format!(
            "h0 {headline}\n\nf0 9 March 2020\n\nb0 @{first}\n\nf0 Voices of the coast and valley\n\nb0 @{}",
            first + 1
        )
    };
    let others = [page(BREAD, 5), page("Old Mill to Turn Again Next Spring", 8), page("Salt Lorry Pulled Back", 2)];
    check_among(&others.each_ref().map(String::as_str), &page(PIER, 0));
}

#[test]
fn a_list_that_a_colon_announces_ends_the_body() {
    let list = "b0 The gates that stay open:\nb0 Mill Lane, from dawn\nb0 Old Quay, all day\nb0 Salt Road, from noon";
    check(&format!("h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @1\n\nb0 @2\n\n{list}\n\nf- Recent Posts"));
}

#[test]
fn comments_are_no_part_of_a_body() {
    let body = "b0 @0\n\nb0 @1\n\nb0 @2\n\nb0 @3\n\nb0 @4";
    check(&format!("h0 {PIER}\n\nf0 9 March 2020\n\n{body}\n\nf- 2 Comments\n\nf- @6\n\nf- @7\n\nf- @8"));
}

#[test]
fn a_line_said_again_behind_a_blank_line_is_a_caption() {
    let caption = "Divers look at the piles of the northern pier below the old crane";
    check(&format!("h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @1\n\nc0 {caption}\n\nc0 {caption}\n\nb0 @2\n\nb0 @3"));
}

#[test]
fn a_long_line_without_marks_is_a_menu() {
    let menu = "Harbour News Mill News ".repeat(10);
    check(&format!("h0 {PIER}\n\nf0 9 March 2020\n\nb0 @0\n\nb0 @1\n\nb0 @2\n\nf- Newsletter\n\nf- {menu}"));
}

#[test]
fn a_long_line_is_read_in_time() {
    let mut text = vec![b'x'; 1 << 26];
    assert_tiles(&text);
    text.iter_mut().step_by(2).for_each(|byte| *byte = b'\r');
    text.truncate(1 << 20);
    assert_tiles(&text);
}

#[track_caller]
fn assert_tiles(text: &[u8]) {
    let split = split(text, &Evidence::default());
    let mut at = 0;
    for span in &split.spans {
        assert!(span.start == at && span.end > at, "spans tile the page");
        assert!(span.block.is_none_or(|block| (block as usize) < split.blocks.len()));
        at = span.end;
    }
    assert_eq!(at, text.len());
    let mut at = 0;
    for block in &split.blocks {
        assert!(block.start >= at && block.end > block.start && block.end <= text.len(), "blocks are in order");
        at = block.end;
    }
}

/// Lines that look like parts of pages, in any order.
fn soup() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        (0..PARAS.len()).prop_map(|n| PARAS[n].to_owned()),
        prop::sample::select(vec![
            "",
            "",
            "",
            PIER,
            PIER_CAPTION,
            BREAD,
            BREAD_CAPTION,
            "TT",
            "Advertisement",
            "By Ada Miller",
            "9 March 2020",
            "Leave a Comment",
            "6 + 2 =",
            "- 1 min read",
            "• News",
            "Read also:",
            "Recent Posts",
            "12:30 GMT",
            "…",
            "—",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z \u{e9}\u{301}\u{4e2d}\u{a0}.,…]{0,60}",
    ];
    prop::collection::vec(line, 0..60)
}

proptest! {
    #[test]
    fn any_bytes_are_tiled(text in prop::collection::vec(any::<u8>(), 0..600)) {
        assert_tiles(&text);
    }

    #[test]
    fn any_lines_are_tiled(lines in soup(), end in prop::sample::select(vec!["\n", "\r\n", "\r"])) {
        assert_tiles(lines.join(end).as_bytes());
    }

    #[test]
    fn the_order_of_pages_does_not_matter(pages in prop::collection::vec(soup(), 1..8), turn in 0usize..8) {
        let texts: Vec<String> = pages.iter().map(|lines| lines.join("\n")).collect();
        let mut evidence: Vec<_> = texts.iter().map(|text| observe(text.as_bytes())).collect();
        let one = Evidence::learn(evidence.clone());
        evidence.rotate_left(turn % texts.len());
        evidence.reverse();
        let other = Evidence::learn(evidence);
        for text in &texts {
            prop_assert_eq!(split(text.as_bytes(), &one), split(text.as_bytes(), &other));
        }
    }
}
