//! Every number of the rules, and where it comes from.
//!
//! Lengths are letters ([`super::tree::letters`]). They were set by hand on one half of 181 real news pages of which
//! people had marked the body; the other half was only counted. In F1 of word 4-grams the two halves came to 0.980
//! and 0.970. What was tried: paragraphs from 40 letters on instead of 80 where nothing marks them (0.002 less
//! without asking for the end of a sentence), a line's cost of 5, 15 and 40 instead of 25 (0.003 less), to go down
//! from 101 percent (0.003 less) instead of 90, a second look at 500 and 1000 letters instead of 250 (0.002 and
//! 0.006 less). Those of headlines found the right one on each page of the first half.

/// An element that holds so many percent of all paragraphs is no furniture, whatever its name.
pub(super) const MOST: usize = 60;
/// Elements named after bylines, dates, headlines and captions hold no more.
pub(super) const SHORT_META: usize = 400;
/// A line that is a byline or a date has fewer.
pub(super) const META: usize = 80;
/// And at least so many.
pub(super) const LEAST_META: usize = 3;
/// A paragraph has so many that are no links.
pub(super) const PARAGRAPH: usize = 80;
/// The same where the markup calls it one.
pub(super) const SHORT_PARAGRAPH: usize = 40;
/// In a paragraph the links have so many times the letters of the rest at most.
pub(super) const LINKED: usize = 2;
/// A line in what is named after an article's text speaks for its body from so many letters on.
pub(super) const STATED: usize = 15;
/// Lines that the site speaks with have fewer.
pub(super) const PHRASE: usize = 120;
/// A line right below a picture that is no paragraph has fewer if it is a caption.
pub(super) const CAPTION: usize = 150;
/// The same where paragraphs are not marked.
pub(super) const NAKED_CAPTION: usize = 100;
/// A line beside marked paragraphs that is none, and no sentence, is a label if it has fewer.
pub(super) const ASIDE: usize = 80;
/// Paragraphs are marked as such if so many percent of the text stand in them.
pub(super) const MARKED: usize = 70;

/// A headline has more letters.
pub(super) const LABEL: usize = 8;
/// And fewer.
pub(super) const LONGEST_HEADLINE: usize = 250;
/// A heading is the page's headline from so much on.
pub(super) const HEADLINE: i32 = 4;
/// It is of the first level.
pub(super) const HEADLINE_FIRST: i32 = 5;
/// It is of the second level.
pub(super) const HEADLINE_SECOND: i32 = 1;
/// The page's title holds it.
pub(super) const HEADLINE_TITLE: i32 = 6;
/// The page's title ends in it.
pub(super) const HEADLINE_END: i32 = 1;
/// The markup names it so.
pub(super) const HEADLINE_NAMED: i32 = 2;
/// It stands in furniture.
pub(super) const HEADLINE_FURNITURE: i32 = 4;
/// It is a link, as teasers are.
pub(super) const HEADLINE_LINK: i32 = 3;

/// What a letter of a body that is named so counts when the article is looked for; others count one.
pub(super) const NAMED_BODY: i64 = 2;
/// What a line of links, or a label, costs beside its linked letters.
pub(super) const LINE: i64 = 25;
/// What a line of furniture costs beside half of its letters.
pub(super) const FURNITURE_LINE: i64 = 10;
/// What a reader's line costs beside its letters.
pub(super) const COMMENT_LINE: i64 = 20;
/// An element that holds so many percent of what speaks for an article stands for the one around it.
pub(super) const NEARLY_ALL: i64 = 90;
/// Articles hold so many percent of what the element around them holds, if it holds several.
pub(super) const IN_UNITS: i64 = 60;
/// Each of several articles in a page has so much that speaks for it.
pub(super) const LEAST_ARTICLE: i64 = 400;
/// The same if it has several paragraphs.
pub(super) const LEAST_PARAGRAPHS: i64 = 150;
/// The article of the headline has so many percent of what the elements around all articles hold.
pub(super) const OF_HEADLINE: i64 = 33;
/// What a teaser has at most: a heading that is a link, and a few lines.
pub(super) const TEASER: usize = 500;
/// A body of fewer is looked at again without what elements are named.
pub(super) const NEXT_TO_NOTHING: usize = 250;
