//! The stages as filters, one after the other as Spark would run them, give the report of a run.
//! The cluster itself is tried by `.ci/spark`.

use crate::testenv::TestEnv;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::{reader::StreamReader, writer::StreamWriter};
use arrow_schema::DataType;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Empty,
    Long(i64),
    /// By its bits.
    Double(u64),
    Bytes(Vec<u8>),
    Text(String),
}

type Row = BTreeMap<String, Cell>;

/// Columns that hold no whole numbers.
const BYTES: &str = " name container kept lines digest sketch landmarks shingles crowded met id content ";
const TEXTS: &str = " record_id uri meta form reason headline byline date date_iso captions text_of body match ";
const DOUBLES: &str = " promise similarity share ";

fn is_in(list: &str, name: &str) -> bool {
    list.contains(&format!(" {name} "))
}

fn get(row: &Row, name: &str) -> Cell {
    row.get(name).cloned().unwrap_or(Cell::Empty)
}

fn long(row: &Row, name: &str) -> i64 {
    if let Some(Cell::Long(number)) = row.get(name) { *number } else { 0 }
}

fn has(row: &Row, name: &str) -> bool {
    get(row, name) != Cell::Empty
}

/// Rows with other names for some columns.
fn renamed(row: &Row, names: &[(&str, &str)]) -> Row {
    names.iter().map(|(from, to)| ((*to).to_owned(), get(row, from))).collect()
}

fn sorted(mut rows: Vec<Row>, by: &[&str]) -> Vec<Row> {
    rows.sort_by_key(|row| by.iter().map(|name| get(row, name)).collect::<Vec<_>>());
    rows
}

fn column(rows: &[Row], name: &str) -> ArrayRef {
    let cells = rows.iter().map(|row| get(row, name));
    // The report calls the text of an article as the other stages call the number of one.
    let text = is_in(TEXTS, name) || name == "text" && rows.iter().any(|row| matches!(get(row, name), Cell::Text(_)));
    match () {
        () if is_in(BYTES, name) => {
            let cells = cells.map(|cell| if let Cell::Bytes(bytes) = cell { Some(bytes) } else { None });
            Arc::new(cells.collect::<BinaryArray>())
        }
        () if text => {
            let cells = cells.map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None });
            Arc::new(cells.collect::<StringArray>())
        }
        () if is_in(DOUBLES, name) => {
            let cells = cells.map(|cell| if let Cell::Double(bits) = cell { Some(f64::from_bits(bits)) } else { None });
            Arc::new(cells.collect::<Float64Array>())
        }
        () => {
            let cells = cells.map(|cell| if let Cell::Long(number) = cell { Some(number) } else { None });
            Arc::new(cells.collect::<Int64Array>())
        }
    }
}

fn cell(column: &ArrayRef, at: usize) -> Cell {
    match column.data_type() {
        _ if column.is_null(at) => Cell::Empty,
        DataType::Int64 => Cell::Long(column.as_primitive::<Int64Type>().value(at)),
        DataType::Float64 => Cell::Double(column.as_primitive::<Float64Type>().value(at).to_bits()),
        DataType::Binary => Cell::Bytes(column.as_binary::<i32>().value(at).to_vec()),
        _ => Cell::Text(column.as_string::<i32>().value(at).to_owned()),
    }
}

/// What a stage makes of rows with these columns.
fn stage(env: &TestEnv, line: &str, columns: &str, rows: &[Row]) -> Vec<Row> {
    let columns: Vec<(&str, ArrayRef)> = columns.split(' ').map(|name| (name, column(rows, name))).collect();
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, it)| (name, it, true))).unwrap();
    let mut input = Vec::new();
    let mut writer = StreamWriter::try_new(&mut input, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    let ran = env.pipe(&format!("stage {line} --threads 1"), &input);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
    let mut found = Vec::new();
    for batch in StreamReader::try_new(&ran.out[..], None).unwrap() {
        let batch = batch.unwrap();
        let schema = batch.schema();
        let names: Vec<&String> = schema.fields().iter().map(|field| field.name()).collect();
        found.extend((0..batch.num_rows()).map(|at| -> Row {
            names.iter().zip(batch.columns()).map(|(name, column)| ((*name).clone(), cell(column, at))).collect()
        }));
    }
    found
}

/// A file that a stage gave in pieces.
fn file(env: &TestEnv, name: &str, rows: &[Row]) {
    let pieces = rows.iter().map(|row| if let Cell::Bytes(bytes) = get(row, "bytes") { bytes } else { Vec::new() });
    env.write(name, pieces.collect::<Vec<_>>().concat());
}

/// The pages of folders, in walk order.
fn pages(env: &TestEnv, folder: &str) -> Vec<Row> {
    let page = |(number, name): (usize, &String)| -> Row {
        let path = format!("{folder}/{name}");
        let cells = [
            ("number", Cell::Long((number as i64) << 31)),
            ("name", Cell::Bytes(path.clone().into_bytes())),
            ("line", Cell::Long(0)),
            ("content", Cell::Bytes(env.read(&path))),
        ];
        cells.map(|(name, cell)| (name.to_owned(), cell)).into()
    };
    env.names(folder).iter().enumerate().map(page).collect()
}

const PAGE: &str = "page name container record record_id uri meta form size kept";
const FOUND: &str = "digest words first_page first_block first_preferred first_dated kept_page kept_block \
                     kept_preferred kept_dated";

/// Texts with their numbers, and the candidates among them.
fn search(env: &TestEnv, texts: &[Row]) -> Vec<Row> {
    let entries = stage(env, "spread", "text sketch", texts);
    let met = stage(env, "meet", "shingle text size", &sorted(entries, &["shingle", "text"]));
    let (mut met, crowds): (Vec<Row>, Vec<Row>) = met.into_iter().partition(|row| has(row, "met"));
    let mut seen = texts.to_vec();
    seen.extend(crowds.iter().map(|row| renamed(row, &[("a", "text"), ("crowd", "crowd")])));
    let views = stage(env, "view", "text sketch crowd", &sorted(seen, &["text", "crowd"]));
    let (keys, views): (Vec<Row>, Vec<Row>) = views.into_iter().partition(|row| has(row, "key"));
    let neighbours = stage(env, "crowd", "key text size", &sorted(keys, &["key", "first", "size", "text"]));
    met.extend(neighbours);
    let pairs = stage(env, "sum", "a met", &sorted(met, &["a"]));
    let as_text = |view: &Row, name| renamed(view, &[("text", name), ("shingles", "shingles"), ("crowded", "crowded")]);
    let by_text: BTreeMap<i64, &Row> = views.iter().map(|view| (long(view, "text"), view)).collect();
    let mut rows: Vec<Row> = views.iter().map(|view| as_text(view, "a")).collect();
    rows.extend(pairs.iter().map(|pair| {
        let mut row = as_text(by_text[&long(pair, "b")], "b");
        row.extend(renamed(pair, &[("a", "a"), ("weight", "weight"), ("times", "times")]));
        row
    }));
    stage(env, "promise", "a b weight times shingles crowded", &sorted(rows, &["a", "b"]))
}

/// The lines of the report that the stages give, one after the other.
fn by_stages(env: &TestEnv, folder: &str) -> Vec<Value> {
    let read = stage(env, "read", "number name line content", &pages(env, folder));
    let read: Vec<Row> = read.into_iter().filter(|row| has(row, "kept")).collect();
    file(env, "evidence", &stage(env, "mine", "lines", &read));
    let told =
        format!("--evidence evidence --corpus-bytes {}", read.iter().map(|row| long(row, "counted")).sum::<i64>());
    let blocks = sorted(stage(env, &format!("split {told}"), PAGE, &read), &["digest", "page", "block"]);
    let mut texts = stage(env, "texts", "digest page block words sketch landmarks preferred dated", &blocks);
    let body = |page: Cell, block: Cell| {
        let own = blocks.iter().find(|row| get(row, "page") == page && get(row, "block") == block);
        get(own.unwrap(), "body")
    };
    for text in &mut texts {
        text.insert("text".to_owned(), get(text, "number"));
        text.insert("body".to_owned(), body(get(text, "kept_page"), get(text, "kept_block")));
    }
    let sketched = texts.iter().filter(|row| long(row, "shingles") > 0).count();
    file(env, "stock", &stage(env, &format!("stock --sketched {sketched}"), "landmarks", &texts));
    let candidates = search(env, &texts);
    let forest = stage(env, "forest", "a b", &candidates);
    let component = |text: i64| get(forest.iter().find(|row| long(row, "a") == text).unwrap(), "b");
    let connected = |row: &&Row| forest.iter().any(|tree| long(tree, "a") == long(row, "text"));
    let mut rows: Vec<Row> = texts.iter().filter(connected).cloned().collect();
    rows.iter_mut().for_each(|row| {
        row.insert("component".to_owned(), component(long(row, "text")));
    });
    rows.extend(candidates.iter().map(|pair| {
        let mut pair = pair.clone();
        pair.insert("component".to_owned(), component(long(&pair, "a")));
        pair.insert("kind".to_owned(), Cell::Long(1));
        pair
    }));
    let rows = sorted(rows, &["component", "kind", "first_page", "first_block"]);
    let linked = stage(env, "link --stock stock", &format!("component text {FOUND} body a b promise"), &rows);
    let (articles, excerpts): (Vec<Row>, Vec<Row>) = linked.into_iter().partition(|row| has(row, "text"));
    let mut wanted = read.clone();
    wanted.extend(excerpts.iter().cloned());
    let wanted = sorted(wanted, &["page", "block"]);
    let places = stage(env, &format!("place {told}"), &format!("{PAGE} block of_page of_block from to"), &wanted);
    report(env, &blocks, &texts, &articles, &excerpts, &places)
}

fn report(
    env: &TestEnv,
    blocks: &[Row],
    texts: &[Row],
    linked: &[Row],
    excerpts: &[Row],
    places: &[Row],
) -> Vec<Value> {
    let known: BTreeMap<i64, &Row> = linked.iter().map(|row| (long(row, "text"), row)).collect();
    let article_of = |text: &Row| known.get(&long(text, "text")).map_or(long(text, "text"), |row| long(row, "article"));
    let mut order: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for text in texts {
        let first = (long(text, "first_page"), long(text, "first_block"));
        order.entry(article_of(text)).and_modify(|known| *known = first.min(*known)).or_insert(first);
    }
    let put = |row: &mut Row, name: &str, cell: Cell| row.insert(name.to_owned(), cell);
    let ordered = |row: &mut Row, (page, block): (i64, i64), kind| {
        put(row, "order_page", Cell::Long(page));
        put(row, "order_block", Cell::Long(block));
        put(row, "kind", Cell::Long(kind));
    };
    let mut rows = Vec::new();
    for block in blocks {
        let text = texts.iter().find(|text| get(text, "digest") == get(block, "digest")).unwrap();
        let article = article_of(text);
        let kept = texts.iter().find(|text| long(text, "text") == article).unwrap();
        let is_kept = ["page", "block"].iter().all(|at| get(block, at) == get(kept, &format!("kept_{at}")));
        let matched = if is_kept {
            "kept"
        } else if article == long(text, "text") {
            "exact"
        } else {
            "near"
        };
        let mut row = block.clone();
        ordered(&mut row, order[&article], 1);
        put(&mut row, "id", get(block, "digest"));
        put(&mut row, "match", Cell::Text(matched.to_owned()));
        let near = known.get(&long(text, "text")).map(|row| get(row, "similarity"));
        put(&mut row, "similarity", near.unwrap_or(Cell::Double(1f64.to_bits())));
        put(&mut row, "at_page", get(block, "page"));
        put(&mut row, "at_block", get(block, "block"));
        if is_kept {
            let mut head = row.clone();
            put(&mut head, "kind", Cell::Long(0));
            rows.push(head);
        }
        rows.push(row);
    }
    let kept_at = |excerpt: &Row, page: &str, at: &str| {
        let is_it = |text: &&Row| {
            get(text, "kept_page") == get(excerpt, page)
                && get(text, "kept_block") == get(excerpt, at)
                && article_of(text) == long(text, "text")
        };
        let text = texts.iter().find(is_it).unwrap();
        let own =
            blocks.iter().find(|row| get(row, "page") == get(excerpt, page) && get(row, "block") == get(excerpt, at));
        (get(text, "digest"), order[&long(text, "text")], own.unwrap())
    };
    for excerpt in excerpts {
        let place = ["page", "block", "of_page", "of_block"];
        let place = places.iter().find(|row| place.iter().all(|name| get(row, name) == get(excerpt, name))).unwrap();
        let (of, of_order, block) = kept_at(excerpt, "of_page", "of_block");
        let (within, within_order, _) = kept_at(excerpt, "page", "block");
        let mut row = renamed(place, &[("start", "start"), ("end", "end")]);
        ordered(&mut row, of_order, 2);
        put(&mut row, "id", within);
        put(&mut row, "share", get(excerpt, "share"));
        rows.push(row);
        let mut row = block.clone();
        ordered(&mut row, within_order, 3);
        put(&mut row, "id", of);
        ["share", "similarity"].iter().for_each(|name| drop(put(&mut row, name, get(excerpt, name))));
        put(&mut row, "match", Cell::Text("excerpt".to_owned()));
        rows.push(row);
    }
    let columns = "order_page order_block kind id headline byline date date_iso captions text name container record \
                   record_id uri meta start end first_line last_line match similarity share";
    let rows = sorted(rows, &["order_page", "order_block", "kind", "at_page", "at_block"]);
    let lines = stage(env, "report", columns, &rows);
    let line = |row: &Row| if let Cell::Text(line) = get(row, "line") { line } else { String::new() };
    lines.iter().map(|row| serde_json::from_str(&line(row)).unwrap()).collect()
}

/// The articles of a run.
fn by_run(env: &TestEnv, folder: &str) -> Vec<Value> {
    let ran = env.run(&format!("{folder} --format jsonl -q"));
    let lines = String::from_utf8(ran.out).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["type"] == "article").collect()
}

#[track_caller]
fn check(env: &TestEnv, folder: &str, articles: usize) {
    let (one, other) = (by_run(env, folder), by_stages(env, folder));
    assert!(one.len() >= articles, "{}", one.len());
    one.iter().zip(&other).for_each(|(one, other)| assert_eq!(one, other));
    assert_eq!(one.len(), other.len());
}

#[test]
fn the_stages_one_after_the_other_give_the_report_of_a_run() {
    let env = TestEnv::empty();
    for page in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")).unwrap() {
        let page = page.unwrap();
        env.write(Path::new("p").join(page.file_name()), fs::read(page.path()).unwrap());
    }
    let first = env.read(format!("p/{}", env.names("p")[0]));
    env.write("p/broken.txt", [&first[..700], b"\xff\xc3 ", &first[700..]].concat());
    check(&env, "p", 15);
}

#[test]
fn texts_with_very_many_copies_are_put_together_as_in_a_run() {
    let env = TestEnv::empty();
    let word = |n: usize| format!("{:x}", n.wrapping_mul(0x9e37_79b9) % 0xfff_ffff);
    for page in 0..150 {
        let notice: Vec<String> = (0..90).map(|n| word(if n % 30 == 0 { 1000 * page + n } else { n })).collect();
        let other: Vec<String> =
            (0..90).map(|n| word(5000 + 100 * (page / 3) + n + usize::from(n > 70) * page)).collect();
        env.write(format!("p/{page:03}.txt"), format!("{}.\n", notice.join(" ")));
        env.write(format!("p/o{page:03}.txt"), format!("{}.\n", other.join(" ")));
    }
    check(&env, "p", 20);
}

#[test]
fn what_is_no_table_is_refused() {
    let env = TestEnv::empty();
    let ran = env.pipe("stage meet", "no table");
    ran.fails(2, "cannot read the records on standard input: they are no stream of Apache Arrow");
    assert_eq!(ran.out, b"");
}

#[test]
fn meetings_that_come_in_parts_are_added_up() {
    let env = TestEnv::empty();
    // Text, weight and times, each text by its distance from the one before: 2 and 3; then 2 again, and 4.
    let parts = [&[2, 64, 0, 1, 64, 0][..], &[2, 64, 0, 2, 0, 1]];
    let row = |met: &&[u8]| -> Row {
        [("a".to_owned(), Cell::Long(1)), ("met".to_owned(), Cell::Bytes(met.to_vec()))].into()
    };
    let pairs = stage(&env, "sum", "a met", &parts.iter().map(row).collect::<Vec<_>>());
    let told: Vec<_> = pairs.iter().map(|pair| ["a", "b", "weight", "times"].map(|name| long(pair, name))).collect();
    assert_eq!(told, [[1, 2, 128, 0], [1, 4, 0, 1]]);
}

#[test]
fn the_script_for_spark_is_whole() {
    let ran = TestEnv::empty().run("spark");
    let script = String::from_utf8(ran.out).unwrap();
    assert!(script.starts_with("#!/usr/bin/env python3\n") && script.ends_with("    main()\n"));
}
