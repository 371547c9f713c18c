//! Whether a run of words says something, or is made of names and standing turns of phrase only.
//!
//! Names, titles, numbers and the small words between them recur wherever the same people are written
//! about: "Iranian Foreign Minister Mohammad Javad Zarif said on Tuesday that the". What is left when
//! these are taken away are the plain words. A run with fewer than [`LEAST`] different ones, or with one
//! plain word in more than [`SPARSE`], is no quote.

use super::text::{Text, weigh};
use crate::words::{Word, hash};
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Different plain words of a quote.
const LEAST: usize = 3;
/// At least one word in this many is plain.
const SPARSE: usize = 6;
/// From this share of capitals on, a capital is no sign of a name: German nouns, headlines, capitals
/// throughout. English news with many names has up to a quarter.
const CAPITALS: f64 = 0.33;

/// Words that any article may string together: function words, how speech is reported, the days and months.
static STOCK: LazyLock<FxHashSet<u64>> = LazyLock::new(|| {
    include_str!("stock.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(hash)
        .collect()
});

/// Whether capitals stand for names in a text.
pub fn capitals_mean_names(words: &[Word]) -> bool {
    let capitals = words.iter().filter(|word| word.look.capital).count();
    (capitals as f64) < CAPITALS * words.len() as f64
}

/// Whether a run of a text says something. `words` is the least a quote has.
pub fn says_something(text: &Text, run: &Range<usize>, words: usize) -> bool {
    let is_name = |word: &Word| word.look.capital && text.capitals_mean_names;
    let is_plain = |word: &&Word| !word.look.number && !is_name(word) && !STOCK.contains(&word.hash);
    let mut plain: Vec<u64> = text.words[run.clone()].iter().filter(is_plain).map(|word| word.hash).collect();
    let total = plain.len();
    plain.sort_unstable();
    plain.dedup();
    // A character of a script without spaces is half a word.
    let halves = weigh(&plain);
    halves >= 2 * LEAST.min(words) && total * SPARSE >= run.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(run: &str, expected: bool) {
        let mut words = Vec::new();
        // Other text around it, so that capitals are rare.
        crate::words::words((run.to_owned() + &" and so on it went".repeat(20)).as_bytes(), 0, &mut words);
        let length = words.len() - 100;
        assert_eq!(says_something(&Text::new(words), &(0..length), 8), expected, "{run}");
    }

    #[test]
    fn statements_say_something() {
        check("between Tehran and Moscow will not be affected by global developments", true);
        check("A river does not read our maps, and neither should the people who measure it", true);
        check("река не читает наших карт и люди которые её меряют", true);
        check("河水从不读我们的地图测量它的人也不应该读", true);
        check("النهر لا يقرأ خرائطنا ولا ينبغي لمن يقيسه أن يقرأها", true);
    }

    #[test]
    fn names_titles_numbers_and_turns_of_phrase_do_not() {
        check("the Islamic Republic of Iran Foreign Minister Mohammad Javad Zarif", false);
        check("leader of the Islamic Revolution Ayatollah Seyyed Ali Khamenei", false);
        check("said in a statement on Tuesday that it had", false);
        check("did not immediately respond to a request for comment", false);
        check("6 3 6 4 7 5 points and 6 1 6 2", false);
    }
}
