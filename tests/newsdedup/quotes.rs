//! Quotes: what different articles share, at its full length, each once with all its places.

use crate::testenv::{TestEnv, page};
use serde_json::Value;
use std::path::Path;

/// An article of our own invention with a passage in the middle of its second paragraph.
fn story(number: usize, passage: &str) -> String {
    let opening: Vec<String> = page(number + 500).split_whitespace().skip(6).take(24).map(str::to_owned).collect();
    let paragraph = format!("{}. {passage} {}.", opening[..12].join(" "), opening[12..].join(" "));
    page(number).replacen("again.\n\n", &format!("again.\n\n{paragraph}\n\n"), 1)
}

fn folder(passages: &[&str]) -> TestEnv {
    let env = TestEnv::empty();
    for (number, passage) in passages.iter().enumerate() {
        env.write(format!("p/{number:03}.txt"), story(number, passage));
    }
    env
}

/// Every quote: what its places cut out of their pages, in page order.
fn cut(env: &TestEnv, report: &Value) -> Vec<Vec<String>> {
    let place = |place: &Value| {
        let stored = env.read(place["page"].as_str().unwrap());
        let at = |key: &str| place[key].as_u64().unwrap() as usize;
        String::from_utf8(stored[at("start")..at("end")].to_vec()).unwrap()
    };
    let quotes = report["quotes"].as_array().unwrap().iter();
    quotes.map(|quote| quote["in"].as_array().unwrap().iter().map(place).collect()).collect()
}

/// Articles that hold these passages share these quotes.
#[track_caller]
fn check(options: &str, passages: &[&str], expected: &[&[&str]]) {
    let env = folder(passages);
    let report = env.report(&format!("p --split none {options}"));
    assert_eq!(cut(&env, &report), expected);
    assert_eq!(report["summary"]["quotes"], expected.len());
}

const RAIN: &str = "the rain took the lower road and we rebuilt it with our own hands";

#[test]
fn a_shared_passage_is_one_quote_with_all_its_places() {
    let passages = [&format!("She said {RAIN}."), "Nothing.", &format!("Later: {RAIN}?"), &format!("Again, {RAIN}!")];
    check("--quotes", &passages.map(|passage| passage as &str), &[&[RAIN, RAIN, RAIN]]);
}

#[test]
fn small_differences_do_not_break_a_quote() {
    let said = "I am sure the orchard will bear fruit again and I am not going to sell it to anybody";
    let wrote = "I’m sure the orchard will bear apples again and I'm not going to sell it to anybody";
    let expected = said.trim_start_matches("I am ");
    check(
        "--quotes",
        &[&format!("He told them: {said}."), &format!("It reads: {wrote}.")],
        &[&[expected, wrote.trim_start_matches("I’m ")]],
    );
    let dropped = RAIN.replace("lower ", "");
    check("--quotes", &[&format!("He: {RAIN}."), &format!("She: {dropped}.")], &[&[RAIN, &dropped]]);
}

#[test]
fn words_outside_of_the_quotation_marks_are_no_part_of_it() {
    let one = format!("Yesterday “{RAIN},” Ada said firmly.");
    let two = format!("Today \"{RAIN}\", Ada told a visitor.");
    check("--quotes", &[&one, &two], &[&[RAIN, RAIN]]);
}

#[test]
fn shorter_runs_count_when_asked_for() {
    let short = "lanterns guided every sleepy goat";
    let passages = [&format!("Her {short} home.") as &str, &format!("His {short} uphill.")];
    check("--quotes", &passages, &[]);
    check("--quotes=5", &passages, &[&[short, short]]);
    check("--quotes=6", &passages, &[]);
}

#[test]
fn copies_excerpts_and_versions_share_no_quotes() {
    let env = TestEnv::sample();
    env.write("p/teaser.txt", page(2).lines().take(3).collect::<Vec<_>>().join("\n"));
    for near in ["on", "off"] {
        assert_eq!(env.report(&format!("p --split none --near {near} --quotes"))["quotes"], Value::Array(Vec::new()));
    }
}

#[test]
fn every_copy_of_an_article_is_a_place() {
    let env = folder(&[&format!("She said {RAIN}."), &format!("Later: {RAIN}?")]);
    env.write("p/copy.txt", story(0, &format!("She said “{RAIN}”.")).replace('\n', "\r\n"));
    env.write("p/near.txt", story(0, &format!("She said {}.", RAIN.replace("lower", "upper"))));
    let report = env.report("p --split none --quotes");
    assert_eq!((&report["summary"]["exact"], &report["summary"]["near"]), (&1.into(), &1.into()));
    assert_eq!(cut(&env, &report), [[RAIN, RAIN, RAIN, &RAIN.replace("lower", "upper")]]);
    let quote = &report["quotes"][0];
    assert_eq!(quote["in"][0]["article"], quote["in"][2]["article"]);
    assert_eq!((&quote["words"], &quote["text"]), (&14.into(), &RAIN.into()));
}

#[test]
fn names_titles_and_stock_phrases_are_no_quote() {
    let names =
        "the Minister of Foreign Affairs of the Kingdom of Elmaria Count Oskar von Tessen and his Deputy Ilse Brandt";
    let stock = "the ministry said in a statement on Tuesday that it would";
    let scores = "Tarnholm 6 3 6 4 7 5 Brindle 6 1 6 2 6 0";
    for run in [names, stock, scores] {
        check("--quotes", &[&format!("Here {run}."), &format!("There {run}.")], &[]);
    }
}

#[test]
fn boilerplate_of_a_site_is_no_quote() {
    let standing = "subscribe to our weekly letter and never miss a story from the harbour";
    let passages: Vec<String> = (0..12).map(|number| format!("Note {number}: {standing}, as {number} do.")).collect();
    check("--quotes", &passages.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    // A line that recurs as a whole, and the last line of two articles.
    let line = format!("\n\n{standing}\n\n");
    check("--quotes", &[&line, &line, &line], &[]);
    let env = TestEnv::with(&[1, 2].map(|number| (["p/1", "p/2"][number - 1], page(number) + "\n" + standing + "\n")));
    assert_eq!(env.report("p --split none --quotes")["summary"]["quotes"], 0);
}

#[test]
fn scripts_without_spaces_and_from_right_to_left_have_quotes() {
    let chinese = "河水从不读我们的地图测量它的人也不应该读";
    check(
        "--quotes",
        &[&format!("他告诉记者，{chinese}。"), &format!("老师写道：{chinese}！")],
        &[&[chinese, chinese]],
    );
    let half = "河水从不读我们的地图";
    check("--quotes", &[&format!("他告诉，{half}。"), &format!("老师写：{half}！")], &[]);
    let arabic = "النهر لا يقرأ خرائطنا ولا ينبغي لمن يقيسه أن يقرأها أيضا";
    check("--quotes", &[&format!("كتب المعلم: {arabic}."), &format!("سمعنا “{arabic}”.")], &[&[arabic, arabic]]);
}

#[test]
fn places_are_bytes_of_the_page_as_stored() {
    let passage = "река не читает наших карт и люди которые её меряют тоже читать их никогда станут";
    let env = folder(&[&format!("Пишут: {passage}.")]);
    let text = story(7, &format!("Говорят: {passage}!"));
    env.write("p/legacy.txt", encode(&text));
    env.write(
        "p/wide.txt",
        story(8, &format!("Слышно: {passage}?")).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
    );
    let report = env.report("p/legacy.txt p/000.txt --split none --quotes");
    let places = report["quotes"][0]["in"].as_array().unwrap();
    let legacy = env.read("p/legacy.txt");
    let at = |place: &Value, key: &str| place[key].as_u64().unwrap() as usize;
    assert_eq!(legacy[at(&places[0], "start")..at(&places[0], "end")], encode(passage));
    assert_eq!(report["quotes"][0]["text"], passage);
}

/// Windows-1251, for the characters used here.
fn encode(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        'А'..='я' => (c as u32 - 'А' as u32 + 0xc0) as u8,
        'ё' => 0xb8,
        c => c as u8,
    };
    text.chars().map(byte).collect()
}

#[test]
fn threads_memory_and_page_order_do_not_show() {
    let passages: Vec<String> = (0..40)
        .map(|number| match number % 4 {
            0 => format!("She said {RAIN}, number {number}."),
            1 => format!("He said her lantern guided every sleepy goat of the {} village home.", number / 8),
            2 => format!("Rain: {}.", RAIN.replace("lower", "upper")),
            _ => "Nothing.".to_owned(),
        })
        .collect();
    let env = folder(&passages.iter().map(String::as_str).collect::<Vec<_>>());
    let first = env.run("p -q --split none --quotes --threads 1");
    for options in ["--threads 2", "--threads 7", "--memory 0"] {
        assert_eq!(env.run(&format!("p -q --split none --quotes {options}")), first, "{options}");
    }
    let texts = |report: &Value| {
        let mut all: Vec<Vec<String>> = cut(&env, report);
        all.iter_mut().for_each(|places| places.sort());
        all.sort();
        all
    };
    let backwards: Vec<String> = (0..40).rev().map(|number| format!("p/{number:03}.txt")).collect();
    let again = env.report(&format!("{} --split none --quotes", backwards.join(" ")));
    assert_eq!(texts(&again), texts(&first.report()));
}

#[test]
fn json_lines_have_a_quote_a_line() {
    let env = folder(&[&format!("She said {RAIN}."), &format!("Later: {RAIN}?")]);
    let whole = env.report("p --split none --quotes");
    let ran = env.run("p -q --split none --quotes --format jsonl");
    let lines = ran.out.split(|&byte| byte == b'\n').filter(|line| line.starts_with(b"{\"type\":\"quote\""));
    let mut quotes: Vec<Value> = lines.map(|line| serde_json::from_slice(line).unwrap()).collect();
    quotes.iter_mut().for_each(|quote| drop(quote.as_object_mut().unwrap().remove("type")));
    assert_eq!(Value::Array(quotes), whole["quotes"]);
}

#[test]
fn too_short_a_quote_is_refused_with_a_call_that_works() {
    TestEnv::sample().run("p --quotes=3").fails(2, "--quotes=8");
}

#[test]
fn the_real_pages_share_two_quotes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if !folder.is_dir() {
        println!("{} is not there; nothing to see", folder.display());
        return;
    }
    let report = TestEnv::empty().report(&format!("{} --quotes", folder.display()));
    let quotes: Vec<(&str, usize)> = report["quotes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quote| (quote["text"].as_str().unwrap(), quote["in"].as_array().unwrap().len()))
        .collect();
    let expected = [
        ("between Tehran and Moscow will not be affected by global developments", 4),
        (
            "has always underlined our strategic relations with Russia…. One of the outstanding aspects of this \
          visit is that I’m carrying an important message about strategic issues",
            4,
        ),
    ];
    assert_eq!(quotes, expected);
}

#[test]
fn our_own_pages_share_two_quotes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let report = TestEnv::empty().report(&format!("{} --quotes", folder.display()));
    let words: Vec<_> = report["quotes"].as_array().unwrap().iter().map(|quote| quote["words"].clone()).collect();
    assert_eq!(words, [15, 37]);
}
