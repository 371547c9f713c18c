//! Every number of the rules, and where it comes from.
//!
//! The weights of starts come from a baseline tuned by the F1 of starts on 520 labelled pages (real dumps,
//! real articles set into fifteen layouts, hard cases). Those of headers and regions were set by hand on the
//! same pages; where a region's was changed by a third or more (short line, furniture, tail, meta, sentence,
//! longest paragraph), the F1 of body words moved by less than 0.01; that of the foot is flat from 20 to 40.
//! With all of them together the odd and the even half of the pages score alike (F1 of starts 0.954 and
//! 0.950, of the body words of single real pages 0.934 and 0.933).

/// A line of at least this score starts an article; flat between 4.0 and 4.5.
pub const THRESHOLD: f32 = 4.5;

/// The headline is stated again below.
pub const RESTATED: f32 = 3.0;
/// The same with nothing between: also how sub-heads and pull quotes look.
pub const RESTATED_ADJACENT: f32 = 1.5;
/// What a restatement keeps of its weight when nothing else backs it: galleries, price lists, links.
pub const UNBACKED: f32 = 0.4;
/// Between the statements stands a caption.
pub const FULL_CARD: f32 = 1.5;
/// A caption stands twice below the headline.
pub const DOUBLED_CAPTION: f32 = 2.0;
/// Nothing but labels stands above.
pub const TOP_OF_PAGE: f32 = 2.0;
/// One blank line more than between the paragraphs of the page.
pub const GAP_ONE_MORE: f32 = 1.5;
/// Two or more.
pub const GAP_TWO_MORE: f32 = 3.5;
/// A date follows.
pub const DATE: f32 = 1.75;
/// A byline as well.
pub const BYLINE_TOO: f32 = 0.75;
/// A byline without a date, as a share of the date's weight.
pub const BYLINE_ALONE: f32 = 0.6;
/// The line above is furniture.
pub const BELOW_FURNITURE: f32 = 1.5;
/// Reads like a headline.
pub const TITLE: f32 = 1.0;
/// Does not.
pub const NOT_TITLE: f32 = -1.5;
/// The line above is a paragraph, no further off than paragraphs are.
pub const IN_BODY: f32 = -2.0;
/// A plain line right above a paragraph.
pub const SUBHEAD: f32 = -1.0;
/// Other pages have different lines above this one, for each of them up to 1.5.
pub const KNOWN_START: f32 = 3.5;
/// From this score on, one other page suffices.
pub const SOME_EVIDENCE: f32 = 0.5;
/// By how much a line just below must score more to take a headline's place.
pub const CLEARLY_MORE: f32 = 1.5;

/// Headlines have 5 to 22 words.
pub const HEADER_LENGTH: f32 = 0.75;
/// A date or byline comes right below the headline.
pub const HEADER_META: f32 = 0.75;
/// The page says the same elsewhere.
pub const HEADER_ECHO: f32 = 1.5;
/// Other pages show the start, for each of them up to 1.5.
pub const HEADER_KNOWN: f32 = 2.0;
/// What a page says that often, paragraphs between, is no headline.
pub const TOO_OFTEN: u8 = 4;
/// The first of several equal lines is the headline.
pub const HEADER_STEP: f32 = 0.1;

/// Lines within which a headline's first paragraph is expected.
pub const PARA_WINDOW: usize = 12;
/// Words below which a block that nothing else backs is not an article.
pub const SHORTEST_ARTICLE: u32 = 40;
/// The same if other pages show the start, or the page begins with it and a date or a byline.
pub const SHORTEST_KNOWN: u32 = 20;

/// A line of so many words between headline and first paragraph belongs to the body.
pub const STANDFIRST: u32 = 10;

/// What lines add to a body region: half a word's worth a word, within these bounds.
pub const PARA_MIN: f32 = 6.0;
/// See [`PARA_MIN`].
pub const PARA_MAX: f32 = 20.0;
/// A short sentence.
pub const SENTENCE: f32 = 3.0;
/// A short line.
pub const SHORT: f32 = -1.5;
/// All short lines between two paragraphs together: lists are part of articles.
pub const SHORT_RUN: f32 = -20.0;
/// A date, byline or credit.
pub const META: f32 = -2.0;
/// Furniture.
pub const FURNITURE: f32 = -8.0;
/// Furniture that ends articles.
pub const TAIL: f32 = -40.0;
/// What ends articles is not looked beyond once the body is worth so much: comments may be longer than articles.
pub const ENOUGH: f32 = 60.0;
/// Behind the last article stands the foot of the page: what follows furniture there must add so much.
pub const FOOT: f32 = 20.0;
/// So much more than a short article must stand behind what ends it to be the article instead: else it is
/// teasers. The labelled pages are the same with 0 to 40.
pub const TEASERS: f32 = 40.0;
/// Two or more blank lines more than usual.
pub const APART: f32 = -2.0;

/// So many lines behind an announcement are a list.
pub const LIST: usize = 2;
/// A line of so many letter bytes that is said again right below is a caption; shorter ones are refrains.
pub const SAID_AGAIN: usize = 20;
/// Lines from the first of a body on in which a lead that stands twice is not taken for a caption.
pub const OPENING: usize = 4;
/// A line of so many words right above a picture's credit may be its caption; longer ones are text.
pub const CAPTION: u32 = 80;
/// Entries of a list of links are looked for so many lines below what introduces it.
pub const LINK_LIST: usize = 12;
