//! What is a near copy, and what only looks like one. All texts are invented.

use crate::testenv::{TestEnv, groups};
use serde_json::Value;

const HARBOUR: &str = "The council of Brackwater voted on Thursday to deepen the inner harbour by two metres, \
    a work that has divided the town since the cannery closed.\n\nSupporters say that larger trawlers will \
    bring back the auction, and with it the ice plant, the net makers and the three bars that lived on them. \
    Opponents fear for the eelgrass beds where young cod shelter until their second winter.\n\n\
    Dredging is to begin after the herring run, under the eyes of a biologist whom both sides have agreed to \
    pay. She may stop the work for a week at a time, and nobody may appeal.\n\nThe mayor, who had abstained \
    twice, cast the deciding vote with a raised umbrella, because his arm was in a sling.";

/// The groups of pages, one page an article.
#[track_caller]
fn check(pages: &[(&str, String)], expected: &[&[&str]]) {
    let files: Vec<(String, &String)> = pages.iter().map(|(name, text)| (format!("p/{name}"), text)).collect();
    let files: Vec<(&str, &String)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let expected: Vec<Vec<String>> =
        expected.iter().map(|group| group.iter().map(|name| format!("p/{name}")).collect()).collect();
    let report = TestEnv::with(&files).report("p --split none");
    assert_eq!(groups(&report), expected, "{report:#}");
}

#[test]
fn edited_cut_and_damaged_copies_are_near() {
    let cut = HARBOUR.split("\n\n").take(2).collect::<Vec<_>>().join("\n\n");
    let damaged = HARBOUR.replace("ee", "e").replace("th", "lh").replace("rk", "ik").replace("m", "rn");
    let edited = HARBOUR.replace("on Thursday", "late on Thursday").replace("the three bars", "three of the bars");
    check(&[("a", HARBOUR.to_owned()), ("b", cut), ("c", damaged), ("d", edited)], &[&["a", "b", "c", "d"]]);
}

#[test]
fn a_passage_in_common_does_not_join_two_articles() {
    let passage = HARBOUR.split("\n\n").nth(1).unwrap();
    let other = format!(
        "Brackwater gets its first museum of ice next spring, in the hall where blocks were once sawn for the \
         fleet.\n\n{passage}\n\nVisitors will be lent coats. A chamber at twenty below zero shows how long a \
         match burns there, and a recording of the last sawyer explains why it burns at all.\n\nThe collection \
         was begun by a schoolgirl who refused to let her grandfather's tools be sold for scrap iron."
    );
    check(&[("a", HARBOUR.to_owned()), ("b", other)], &[&["a"], &["b"]]);
}

/// Texts of one mould, filled in anew each time.
fn fill(mould: &str, values: &[&[&str]]) -> Vec<String> {
    let filled = values.iter().map(|values| {
        values.iter().enumerate().fold(mould.to_owned(), |text, (at, value)| text.replace(&format!("{{{at}}}"), value))
    });
    filled.collect()
}

#[track_caller]
fn stay_apart(texts: Vec<String>) {
    let names = ["a", "b", "c", "d"];
    let pages: Vec<(&str, String)> = names.into_iter().zip(texts).collect();
    let expected: Vec<Vec<&str>> = pages.iter().map(|(name, _)| vec![*name]).collect();
    check(&pages, &expected.iter().map(Vec::as_slice).collect::<Vec<_>>());
}

#[test]
fn a_notice_filled_in_anew_is_another_notice() {
    let notice = "The harbour office will close {0}. Boats that lie there are asked to move before six in the \
        morning of the day before, {1}. Nets and crates left behind will be taken to the old customs \
        house, {2}. {3} Nobody is paid for a day that is lost in this way. Anyone who cannot move in \
        time should call the watch, which lends a tug and two men free of charge {4}.";
    let values: [&[&str]; 2] = [
        &[
            "the lower quay on Monday for the yearly survey of its piles, which were last looked \
                at when the cannery still had its own divers",
            "and the watch at the fish dock will show them a berth between the ice house and the \
                wall where the trawlers used to coal",
            "where they may be fetched against a receipt by whoever can tell the colour of the \
                floats",
            "The crane stays in use for ice and salt, but no wood is landed while the divers are \
                down, because a dropped beam once broke the air hose.",
            "until the tide turns on Tuesday night",
        ],
        &[
            "the northern slip from the first dry week of May until the paint on its rails has \
                hardened, a thing that took nine days last year",
            "or else to pay for a winch and four hours of a carpenter, since the meadow behind \
                the chandlery is under water again",
            "to be given to the sailing school, whose pupils have learned to mend almost \
                everything",
            "Post and milk go over by the small ferry. A bus for schoolchildren leaves the church \
                at seven, and the mayor has promised to ride in it.",
            "and asks for nothing but a bottle of something warm",
        ],
    ];
    stay_apart(fill(notice, &values));
}

const MUSEUM: &str = "Brackwater gets its first museum of ice next spring, in the hall where blocks were once sawn for \
    the fleet. Visitors will be lent coats. A chamber at twenty below zero shows how long a match \
    burns there, and a recording of the last sawyer explains why it burns at all. The collection was \
    begun by a schoolgirl who kept her grandfather's tools.";

#[test]
fn a_passage_at_the_end_of_one_and_the_beginning_of_another_does_not_join_them() {
    let passage = "Dredging is to begin after the herring run, under the eyes of a biologist whom both sides \
        have agreed to pay. She may stop the work for a week at a time, and nobody may appeal. \
        Opponents fear for the eelgrass beds where young cod shelter until their second winter, and \
        want the spoil taken out to sea.";
    let council = "The mayor, who had abstained twice, cast the deciding vote with a raised umbrella, because \
        his arm was in a sling. It was a long evening. Two members of the council had brought \
        sandwiches, and a third read the minutes of the year nineteen hundred and six aloud, when \
        the same harbour had been deepened the first time and at half the price that is asked for it \
        today, tugs and all. The gallery laughed, then listened, and in the end it sang. Supporters \
        had hired a band.";
    let (museum, council) = (format!("{MUSEUM} {passage}"), format!("{passage} {council}"));
    check(&[("a", museum), ("b", council)], &[&["a"], &["b"]]);
}

#[test]
fn most_of_a_text_with_misprints_in_a_longer_page_is_a_copy_and_to_the_letter_a_piece() {
    let (lead, rest) = HARBOUR.split_once("\n\n").unwrap();
    let around = |rest: &str| format!("{MUSEUM}\n\n{rest}\n\n{MUSEUM}").replacen(MUSEUM, &MUSEUM.repeat(3), 1);
    let other = format!("{lead}\n\n{rest}");
    check(&[("a", other.clone()), ("b", around(rest))], &[&["a"], &["b"]]);
    check(
        &[("a", other), ("b", around(&rest.replace("eelgrass", "eelgnass").replace("biologist", "biolocist")))],
        &[&["a", "b"]],
    );
}

#[test]
fn weather_tables_are_not_copies_of_each_other() {
    stay_apart(fill(
        "{0} {1} high {2} low {3}. {4} {5} high {6} low {7}. {8} {9} high {10} low {11}. Wind {12} at {13} knots.",
        &[
            &["Brackwater", "rain", "11", "4", "Sallow", "sleet", "7", "1", "Ander", "fog", "9", "2", "west", "24"],
            &["Merrin", "sunshine", "23", "14", "Tolk", "haze", "26", "17", "Ebb", "cloud", "19", "12", "south", "8"],
            &["Corvale", "snow", "-3", "-9", "Hob", "frost", "-6", "-15", "Pell", "ice", "0", "-5", "north", "31"],
        ],
    ));
}

#[test]
fn match_results_are_not_copies_of_each_other() {
    stay_apart(fill(
        "{0} beat {1} {2} on Saturday. {3} scored in minute {4} and {5} in minute {6}. {7} of {8} was sent off \
         after {9} minutes. {10} people watched. {11} meet {12} next week.",
        &[
            &[
                "Brackwater",
                "Tolk",
                "3-1",
                "Ormund",
                "12",
                "Selkie",
                "77",
                "Vann",
                "Tolk",
                "64",
                "2,140",
                "Ander",
                "Ebb",
            ],
            &["Merrin", "Corvale", "2-0", "Quist", "31", "Darrow", "58", "Idris", "Merrin", "83", "911", "Pell", "Hob"],
            &[
                "Sallow",
                "Hob",
                "4-2",
                "Lindqvist",
                "5",
                "Abara",
                "49",
                "Teague",
                "Hob",
                "22",
                "3,702",
                "Tolk",
                "Merrin",
            ],
        ],
    ));
}

#[test]
fn death_notices_are_not_copies_of_each_other() {
    stay_apart(fill(
        "{0}, {1}, of {2}, died on {3} at {4}. Born in {5} to {6} and {7}, {8} worked for many years as {9}. \
         Survivors include {10}. Services will be held at {11} on {12}.",
        &[
            &[
                "Ada Thornquist",
                "91",
                "Sallow",
                "Monday",
                "the Lindenhof",
                "Ebb",
                "Karl",
                "Runa",
                "she",
                "a bell founder",
                "a daughter, Freya, and nine grandchildren",
                "the Seamen's Chapel",
                "Friday",
            ],
            &[
                "Joss Ferreby",
                "64",
                "Tolk Bridge",
                "March 3",
                "his home",
                "Corvale",
                "Edwin",
                "Maud",
                "he",
                "the keeper of the weigh house",
                "two brothers",
                "Hollin's Barn",
                "Saturday at noon",
            ],
            &[
                "Petra Ojala-Reyes",
                "78",
                "Upper Merrin",
                "New Year's Eve",
                "sea",
                "Pell",
                "an innkeeper",
                "his wife Sunniva",
                "she",
                "pilot of the mail boat",
                "her crew",
                "the quay",
                "the next calm day",
            ],
        ],
    ));
}

#[test]
fn file_photo_stubs_are_not_copies_of_each_other() {
    stay_apart(fill(
        "FILE PHOTO: {0} {1} in {2}, {3}, {4}. Picture taken {5}. REUTERS/{6}/File Photo",
        &[
            &["A ferry", "leaves the quay", "Brackwater", "Northmark", "May 4, 2031", "May 4, 2031", "Ilse Brandt"],
            &[
                "Women",
                "carry reeds",
                "the Ander delta",
                "Sundal",
                "October 19, 2029",
                "through a window",
                "Tom Adeyemi",
            ],
            &["The minister", "waves", "Corvale", "Estmere", "January 2, 2030", "with a drone", "Mina Solberg"],
        ],
    ));
}

#[test]
fn notices_with_one_text_and_different_headlines_stay_apart() {
    let body = "No one was hurt, the fire brigade said. The road is open again.";
    check(
        &[("a", format!("Fire in Elm Street\n\n{body}")), ("b", format!("Crash on Quay Road\n\n{body}"))],
        &[&["a"], &["b"]],
    );
}

#[test]
fn near_off_leaves_exact_groups_only() {
    let env = TestEnv::with(&[("p/a", HARBOUR.to_owned()), ("p/b", HARBOUR.replace("Thursday", "Friday"))]);
    assert_eq!(groups(&env.report("p --split none")).len(), 1);
    assert_eq!(groups(&env.report("p --split none --near off")).len(), 2);
}

#[test]
fn an_article_within_a_longer_one_is_reported_and_not_merged() {
    let brief = HARBOUR.split("\n\n").nth(2).unwrap().to_owned();
    let env = TestEnv::with(&[("p/brief", brief.clone()), ("p/long", HARBOUR.to_owned())]);
    let report = env.report("p --split none");
    assert_eq!(groups(&report), [["p/brief"], ["p/long"]]);
    let (contained, longer) = (&report["articles"][0], &report["articles"][1]);
    assert_eq!(longer["excerpts"][0]["article"], contained["id"]);
    let of: &Value = &contained["excerpt_of"][0];
    let (start, end) = (of["start"].as_u64().unwrap() as usize, of["end"].as_u64().unwrap() as usize);
    let cut = env.read("p/long")[start..end].to_owned();
    assert_eq!(String::from_utf8(cut).unwrap(), brief.trim_end_matches('.'));
}
