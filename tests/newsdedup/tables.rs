//! The report as Parquet tables, read with the library for them.

use crate::testenv::TestEnv;

#[cfg(not(feature = "parquet"))]
#[test]
fn a_small_build_says_how_to_get_tables() {
    TestEnv::sample().run("p -o a.parquet").fails(2, "build it with: cargo build --release --features parquet");
}

#[cfg(feature = "parquet")]
mod with {
    use super::TestEnv;
    use crate::formats::edited;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use serde_json::Value;
    use std::fs::File;

    /// The rows of a table.
    fn rows(env: &TestEnv, path: &str) -> Vec<Value> {
        let reader = SerializedFileReader::new(File::open(env.path(path)).unwrap()).unwrap();
        reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_json_value()).collect()
    }

    /// A cell as the other kind of table writes it.
    fn shown(value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            number => number.to_string(),
        }
    }

    #[test]
    fn the_table_has_what_csv_has_and_the_texts() {
        let env = crate::formats::hostile();
        env.report_into("p -o r.parquet");
        let csv = env.run("p -q --format csv").out;
        let mut lines = csv::Reader::from_reader(&csv[..]);
        let columns: Vec<String> = lines.headers().unwrap().iter().map(str::to_owned).collect();
        let table = rows(&env, "r.parquet");
        for (line, row) in lines.records().zip(&table) {
            let line = line.unwrap();
            for (cell, column) in line.iter().zip(&columns) {
                let guard = cell.starts_with('\'') && !shown(&row[column]).starts_with('\'');
                assert_eq!(cell.strip_prefix(if guard { "'" } else { "" }).unwrap(), shown(&row[column]), "{column}");
            }
        }
        let report = env.run("p -q").report();
        let bodies: Vec<&Value> = table.iter().map(|row| &row["body"]).filter(|body| !body.is_null()).collect();
        assert_eq!(bodies, report["articles"].as_array().unwrap().iter().map(|it| &it["body"]).collect::<Vec<_>>());
        assert_eq!(table.len() as u64, report["summary"]["blocks"].as_u64().unwrap());
    }

    #[test]
    fn a_folder_has_a_table_for_each_list() {
        let env = edited();
        env.write("p/z.gz", b"\x1f\x8b");
        assert_eq!(env.run("p -q -o out --format parquet --quotes --spans").code, 3);
        let report = env.run("p -q --quotes --spans").report();
        let list = |name: &str| report[name].as_array().unwrap().clone();
        let articles = rows(&env, "out/articles.parquet");
        for (row, article) in articles.iter().zip(list("articles")) {
            for column in ["id", "headline", "byline", "date", "date_iso", "body"] {
                assert_eq!(row[column], article[column], "{column}");
            }
            assert_eq!(row["copies"], article["occurrences"].as_array().unwrap().len());
        }
        let summary = &report["summary"];
        for (table, count) in
            [("articles", "articles"), ("occurrences", "blocks"), ("pages", "pages"), ("skipped", "skipped")]
        {
            assert_eq!(rows(&env, &format!("out/{table}.parquet")).len() as u64, summary[count].as_u64().unwrap());
        }
        let places: usize = list("quotes").iter().map(|quote| quote["in"].as_array().unwrap().len()).sum();
        assert_eq!(rows(&env, "out/quotes.parquet").len(), places);
        let spans: usize = list("pages").iter().map(|page| page["spans"].as_array().unwrap().len()).sum();
        assert_eq!(rows(&env, "out/spans.parquet").len(), spans);
        assert_eq!(rows(&env, "out/skipped.parquet")[0]["page"], "p/z.gz");
    }

    #[test]
    fn captions_are_a_list_and_excerpts_a_table() {
        let env = TestEnv::empty();
        let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
        env.report_into(&format!("{seeds} -o out --format parquet"));
        let report = env.report(seeds);
        for (row, article) in rows(&env, "out/articles.parquet").iter().zip(report["articles"].as_array().unwrap()) {
            assert_eq!(row["captions"], article["captions"]);
        }
        let articles = report["articles"].as_array().unwrap();
        let excerpt = articles.iter().find(|article| !article["excerpt_of"].is_null()).unwrap();
        let (table, of) = (rows(&env, "out/excerpts.parquet"), &excerpt["excerpt_of"][0]);
        assert_eq!((table.len(), &table[0]["article"], &table[0]["within"]), (1, &excerpt["id"], &of["article"]));
        assert_eq!((&table[0]["share"], &table[0]["start"]), (&of["share"], &of["start"]));
    }

    #[test]
    fn a_folder_of_tables_is_replaced_as_a_whole_and_nothing_else_is() {
        let env = edited();
        env.report_into("p -o out --format parquet --quotes --spans");
        env.report_into("p -o out --format parquet");
        let tables = ["articles.parquet", "excerpts.parquet", "occurrences.parquet", "skipped.parquet"];
        assert_eq!(env.names("out"), tables);
        env.report_into("p -o out");
        assert_eq!(env.names("out"), ["articles", "report.json"]);
        env.report_into("p -o other --format parquet");
        env.write("other/articles.parquet", "PAR1 of somebody else PAR1");
        env.run("p -o other").fails(2, "'other' holds 'articles.parquet', which newsdedup did not write");
    }

    #[test]
    fn tables_are_the_same_for_any_number_of_threads_and_through_a_pipe() {
        let env = edited();
        env.report_into("p -o one.parquet --threads 1");
        assert!(env.read("one.parquet") == env.run("p -q --format parquet --threads 8").out);
        env.report_into("p -o a --format parquet --threads 1 --quotes");
        env.report_into("p -o b --format parquet --threads 8 --quotes");
        for name in env.names("a") {
            assert!(env.read(format!("a/{name}")) == env.read(format!("b/{name}")), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_named_and_a_closed_pipe_is_no_error() {
        let env = edited();
        let shell = |script: &str| {
            let line = script.replace("newsdedup", crate::testenv::BIN);
            crate::testenv::ran(std::process::Command::new("sh").args(["-c", &line]).current_dir(env.path("")))
        };
        shell("newsdedup p -q --format parquet > /dev/full").fails(2, "cannot write to standard output: no space left");
        assert_eq!(shell("(newsdedup p -q --format parquet; echo $? >&2) | true").err, "0\n");
    }
}
