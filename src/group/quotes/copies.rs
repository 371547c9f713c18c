//! From a quote's places in the kept texts to its places in every copy.

use super::merge::Place;
use super::text::Text;
use super::{Worded, matches};
use crate::model::{Cluster, Match, QuotePlace};
use rayon::prelude::*;

/// A place of the quote with this number.
pub type Placed = (usize, QuotePlace);

/// Every place of every quote. `quotes` holds their places in kept texts, `clusters` says which articles
/// these are. In an exact copy a quote stands at the same words; in an edited one it is looked for, and it
/// may not be there. A copy is read once, however many quotes it holds.
pub fn in_all_copies(quotes: &[Vec<Place>], clusters: &[usize], all: &[Cluster], worded: Worded) -> Vec<Placed> {
    let places = quotes.iter().enumerate().flat_map(|(quote, places)| places.iter().map(move |place| (quote, place)));
    let mut places: Vec<(usize, &Place)> = places.collect();
    places.sort_unstable_by_key(|&(quote, (text, words))| (*text, quote, words.start));
    let by_text: Vec<&[(usize, &Place)]> = places.chunk_by(|x, y| x.1.0 == y.1.0).collect();
    let placed = by_text.into_par_iter().flat_map_iter(|same| {
        let cluster = clusters[same[0].1.0];
        in_copies(same, cluster, &all[cluster], worded)
    });
    placed.collect()
}

fn in_copies(places: &[(usize, &Place)], cluster: usize, article: &Cluster, worded: Worded) -> Vec<Placed> {
    let edited = article.members.iter().any(|member| member.matched == Match::Near);
    let kept = Text::new(if edited { worded(article.kept) } else { Vec::new() });
    let mut placed = Vec::new();
    for member in &article.members {
        let copy = (member.matched == Match::Near).then(|| Text::new(worded(member.block)));
        for (quote, (_, words)) in places {
            let words = match &copy {
                Some(copy) => matches::find(&kept, words, copy),
                None => Some(words.clone()),
            };
            placed.extend(words.map(|words| (*quote, QuotePlace { cluster, block: member.block, words })));
        }
    }
    placed
}
