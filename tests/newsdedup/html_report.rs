//! The page for a browser, read without one: what stands in it, and what does not.

use crate::formats::{edited, hostile};
use crate::testenv::{TestEnv, page};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use encoding_rs::{Encoding, UTF_16LE, WINDOWS_1251};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

/// What such a file says.
struct File {
    /// Everything but the data.
    markup: String,
    lists: HashMap<String, Vec<Value>>,
}

impl File {
    fn of(bytes: &[u8]) -> File {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut file = File { markup: String::new(), lists: HashMap::new() };
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("<template data-part=\"") {
            file.markup += before;
            let (kind, after) = after.split_once("\" data-first=\"").unwrap();
            let (first, after) = after.split_once("\">").unwrap();
            let (packed, after) = after.split_once("</template>\n").unwrap();
            file.part(kind, first.parse().unwrap(), packed);
            rest = after;
        }
        file.markup += rest;
        file
    }

    fn part(&mut self, kind: &str, first: usize, packed: &str) {
        let (packed, mut text) = (BASE64.decode(packed).unwrap(), String::new());
        flate2::read::ZlibDecoder::new(&packed[..]).read_to_string(&mut text).unwrap();
        let list = self.lists.entry(kind.to_owned()).or_default();
        assert_eq!(list.len(), first, "{kind}");
        match kind {
            "lines" => list.extend(text.split('\n').map(Value::from)),
            "head" => list.push(serde_json::from_str(&text).unwrap()),
            _ => list.extend(serde_json::from_str::<Vec<Value>>(&text).unwrap()),
        }
    }

    fn list(&self, kind: &str) -> &[Value] {
        self.lists.get(kind).map(Vec::as_slice).unwrap_or_default()
    }

    fn head(&self) -> &Value {
        &self.list("head")[0]
    }

    /// The lines with these numbers, joined.
    fn text(&self, numbers: &Value, between: &str) -> String {
        let mut next = 1;
        let line = |step: &Value| {
            let number = match step.as_i64().unwrap() {
                0 => return "",
                step @ 1.. => next + step - 1,
                step => next + step,
            };
            next = number + 1;
            self.list("lines")[number as usize].as_str().unwrap()
        };
        numbers.as_array().unwrap().iter().map(line).collect::<Vec<_>>().join(between)
    }

    /// What a page shows, as UTF-16.
    fn view(&self, view: &Value) -> Vec<u16> {
        self.text(&view["lines"], "\n").encode_utf16().collect()
    }
}

/// Some bytes of a page as a browser shows them: each broken one is a character, and so is each line end.
fn seen(page: &[u8], range: Range<usize>, legacy: Option<&'static Encoding>) -> String {
    let bytes = &page[range];
    let encoding = if page.starts_with(b"\xff\xfe") { Some(UTF_16LE) } else { legacy };
    if let Some(encoding) = encoding.filter(|_| std::str::from_utf8(page).is_err()) {
        return one_end(&encoding.decode_without_bom_handling(bytes).0);
    }
    let broken = |bytes: &[u8]| "\u{fffd}".repeat(bytes.len());
    let text: String = bytes.utf8_chunks().map(|chunk| chunk.valid().to_owned() + &broken(chunk.invalid())).collect();
    one_end(&text)
}

fn one_end(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A field as a number.
fn number(value: &Value) -> usize {
    value.as_i64().unwrap() as usize
}

/// A file and the JSON report of the same run; pages lie in `folder`.
struct Both<'b> {
    file: &'b File,
    report: &'b Value,
    folder: &'b Path,
    /// The encoding of those pages that are neither UTF-8 nor UTF-16.
    legacy: Option<&'static Encoding>,
}

impl Both<'_> {
    fn agree(&self) {
        let head = self.file.head();
        assert_eq!((&head["summary"], &head["parameters"]), (&self.report["summary"], &self.report["parameters"]));
        self.each("articles", "articles", |row, article| self.article(row, article));
        self.each("quotes", "quotes", |row, quote| self.quote(row, quote));
        self.each("views", "pages", |view, map| self.page(view, map));
        self.bytes(&head["bytes"]);
    }

    fn each(&self, list: &str, of: &str, see: impl Fn(&Value, &Value)) {
        let (rows, items) = (self.file.list(list), self.report[of].as_array().unwrap());
        assert_eq!(rows.len(), items.len(), "{list}");
        rows.iter().zip(items).for_each(|(row, item)| see(row, item));
    }

    /// The number of an article.
    fn article_of(&self, id: &Value) -> i64 {
        let articles = self.report["articles"].as_array().unwrap();
        articles.iter().position(|article| article["id"] == *id).unwrap() as i64
    }

    /// What is said of a page.
    fn about(&self, page: &Value) -> &Value {
        &self.file.list("pages")[number(page)]
    }

    fn article(&self, row: &Value, article: &Value) {
        assert!(article["id"].as_str().unwrap().starts_with(row["id"].as_str().unwrap()));
        for field in ["headline", "captions", "byline", "date", "date_iso"] {
            assert_eq!(row[field], article[field], "{field}");
        }
        assert_eq!(self.file.text(&row["body"], "\n\n"), article["body"].as_str().unwrap());
        let occurrences: Vec<Value> = list(&article["occurrences"]).iter().map(Both::occurrence).collect();
        let name = |at: &Value| self.about(&at[0])[0].clone();
        let rows = list(&row["at"]).iter().map(|at| json!([name(at), at[1], at[2], at[3], at[4], at[5], at[6]]));
        assert_eq!((number(&row["copies"]), rows.collect::<Vec<_>>()), (occurrences.len(), occurrences.clone()));
        let of = |code: usize| occurrences.iter().filter(|it| it[5] == code).count();
        assert_eq!([number(&row["exact"]), number(&row["near"])], [of(1), of(2)]);
        let within = |it: &Value| json!([self.article_of(&it["article"]), it["share"], it["start"], it["end"]]);
        assert_eq!(list(&row["in"]), list(&article["excerpt_of"]).iter().map(within).collect::<Vec<_>>());
        let has = |it: &Value| json!([self.article_of(&it["article"]), it["share"], it["page"], it["start"]]);
        let rows = list(&row["has"]).iter().map(|it| json!([it[0], it[1], self.about(&it[2])[0], it[3]]));
        assert_eq!(rows.collect::<Vec<_>>(), list(&article["excerpts"]).iter().map(has).collect::<Vec<_>>());
    }

    fn occurrence(it: &Value) -> Value {
        let matched = ["kept", "exact", "near"].iter().position(|name| it["match"] == *name);
        let similarity = it["similarity"].as_f64();
        json!([it["page"], it["start"], it["end"], it["first_line"], it["last_line"], matched, similarity])
    }

    /// Bytes of all blocks.
    fn bytes(&self, bytes: &Value) {
        let occurrences = || list(&self.report["articles"]).iter().flat_map(|article| list(&article["occurrences"]));
        for matched in ["kept", "exact", "near"] {
            let of = occurrences().filter(|it| it["match"] == matched);
            assert_eq!(number(&bytes[matched]), of.map(|it| number(&it["end"]) - number(&it["start"])).sum::<usize>());
        }
    }

    fn quote(&self, row: &Value, quote: &Value) {
        assert_eq!((&row["words"], &row["text"]), (&quote["words"], &quote["text"]));
        let place = |it: &Value| json!([self.article_of(&it["article"]), it["page"], it["start"], it["end"]]);
        let rows = list(&row["in"]).iter().map(|at| json!([at[0], self.about(&at[1])[0], at[2], at[3]]));
        assert_eq!(rows.collect::<Vec<_>>(), list(&quote["in"]).iter().map(place).collect::<Vec<_>>());
    }

    /// The spans of a page cut out of what it shows what they cut out of its bytes.
    fn page(&self, view: &Value, map: &Value) {
        let about = self.about(&view["page"]);
        assert_eq!((&about[0], &about[1]), (&map["page"], &map["bytes"]));
        let stored = std::fs::read(self.folder.join(map["page"].as_str().unwrap())).unwrap();
        let shown = self.file.view(view);
        let part = |start: usize, end: usize| String::from_utf16(&shown[start..end]).unwrap();
        let lines: Vec<usize> = String::from_utf16(&shown).unwrap().split('\n').map(|line| 1 + units(line)).collect();
        let (mut line, mut before, mut start) = (0, 0, 0);
        assert_eq!(list(&view["spans"]).len(), list(&map["spans"]).len());
        for (at, (row, span)) in list(&view["spans"]).iter().zip(list(&map["spans"])).enumerate() {
            let kind = ["headline", "caption", "body", "furniture", "separator"][number(&row[0])];
            let article = if span["article"].is_null() { -1 } else { self.article_of(&span["article"]) };
            assert_eq!((kind, row[1].as_i64()), (span["kind"].as_str().unwrap(), Some(article)));
            line += number(&row[2]);
            let end = lines[..line].iter().sum::<usize>() + row[3].as_i64().unwrap_or_default() as usize;
            let text = part(before, end);
            let length = view["stored"].get(at).map_or(text.len(), number);
            assert_eq!(
                (text, start + length),
                (seen(&stored, start..start + length, self.legacy), number(&span["end"]))
            );
            (before, start) = (end, start + length);
        }
        assert_eq!((before, start), (shown.len(), stored.len()));
        for place in list(&view["quotes"]) {
            let quote = &self.report["quotes"][number(&place[0])];
            let mut at = list(&quote["in"]).iter().filter(|it| it["page"] == map["page"]);
            let found = part(number(&place[1]), number(&place[2]));
            assert!(
                at.any(|it| seen(&stored, number(&it["start"])..number(&it["end"]), self.legacy) == found),
                "{found}"
            );
        }
    }
}

/// UTF-16 code units of a text.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn the_page_of_the_seeds_says_what_the_json_says() {
    let env = TestEnv::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for options in ["", "--near off --quotes=5", "--split none"] {
        let run = |format: &str| {
            let line = format!("seeds -q {options} --format {format}");
            crate::testenv::ran(env.command(line.split_whitespace()).current_dir(root))
        };
        let report = run(if options.contains("--quotes") { "json --spans" } else { "json --spans --quotes" }).report();
        Both { file: &File::of(&run("html").out), report: &report, folder: root, legacy: Some(WINDOWS_1251) }.agree();
    }
}

#[test]
fn places_are_those_of_the_page_whatever_its_bytes_are() {
    let env = edited();
    let story = page(1).replace('\n', "\r\n").replacen("harbour", "h\u{e4}rb\u{1d11e}ur", 1);
    env.write("p/crlf.txt", &story);
    env.write("p/cr.txt", page(2).replace('\n', "\r"));
    env.write("p/broken.txt", [story.as_bytes(), b"\xff\xfe broken \xe2\x82"].concat());
    env.write("p/empty.txt", "");
    let report = env.report("p --spans --quotes --encoding utf-8");
    let file = File::of(&env.run("p -q --format html --encoding utf-8").out);
    Both { file: &file, report: &report, folder: &env.path(""), legacy: None }.agree();
}

#[test]
fn nothing_of_a_page_stands_in_the_markup() {
    let (plain, hostile) = (TestEnv::empty(), hostile());
    let attacks = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</textarea></template>",
        "{{data}}{{script}}",
    ];
    for (at, attack) in attacks.iter().enumerate() {
        let story = page(20 + at).replacen(&format!("Story {} of the day", 20 + at), attack, 1);
        hostile.write(format!("p/{}.txt", attack.replace('/', "\u{2215}")), &story);
    }
    let report = hostile.report("p --quotes");
    let markup = |env: &TestEnv, from: &str| File::of(&env.run(&format!("{from} -q --format html")).out).markup;
    let found = markup(&hostile, "p");
    // The numbers apart, it is the markup of any other report.
    plain.write("p/a.txt", page(1));
    let digits = |text: &str| {
        text.replace(|c: char| c.is_ascii_digit(), "").replace("pages", "page").replace("articles", "article")
    };
    let summary = |text: &str| text.lines().filter(|line| !line.contains("exact, ")).collect::<Vec<_>>().join("\n");
    assert_eq!(digits(&summary(&found)), digits(&summary(&markup(&plain, "p"))));
    assert!(found.contains(&format!("{} articles", report["summary"]["articles"])));
    assert!(!found.contains("alert(") && !found.contains("{{"));
}

#[test]
fn the_file_is_the_same_for_any_number_of_threads_and_in_a_folder() {
    let env = hostile();
    let one = env.run("p -q --format html --threads 1").out;
    assert_eq!(one, env.run("p -q --format html --threads 4 --memory 0").out);
    env.report_into("p -o out --format html");
    assert_eq!(env.names("out"), ["articles", "report.html"]);
    assert_eq!(env.read("out/report.html"), one);
    env.report_into("p -o out --format html");
    env.report_into("p -o page.html");
    assert_eq!(env.read("page.html"), one);
}

#[test]
fn from_a_report_the_page_is_the_same_without_the_texts_of_pages() {
    let env = edited();
    env.report_into("p --spans --quotes -o r.json");
    let (direct, again) =
        (File::of(&env.run("p -q --format html").out), File::of(&env.run("report r.json --format html").out));
    assert_eq!(direct.list("quotes"), again.list("quotes"));
    assert_eq!(direct.head()["summary"], again.head()["summary"]);
    assert_eq!((direct.list("views").len(), again.list("views").len()), (4, 0));
    let (articles, others) = (direct.list("articles").iter(), again.list("articles").iter());
    for (a, b) in articles.zip(others) {
        assert_eq!((&a["at"], direct.text(&a["body"], "\n")), (&b["at"], again.text(&b["body"], "\n")));
    }
    assert!(again.list("pages").iter().all(|page| page[4] == -1));
}

#[test]
fn a_page_out_of_a_container_says_where_it_stands_and_where_it_came_from() {
    let env = TestEnv::with(&[("p/a.txt", page(1))]);
    let line = json!({"url": "https://news.example/gate", "text": page(1)}).to_string();
    env.write("p/news.jsonl", format!("{line}\n{}\n", json!({"text": page(2)})));
    let file = File::of(&env.run("p -q --format html").out);
    let about = |name: &str| file.list("pages").iter().find(|page| page[0] == name).unwrap().clone();
    let [first, second, plain] = ["p/news.jsonl#1", "p/news.jsonl#2", "p/a.txt"].map(about);
    assert_eq!([&first[2], &first[3]], ["https://news.example/gate", "p/news.jsonl"]);
    assert_eq!([&second[2], &second[3]], [&Value::Null, &json!("p/news.jsonl")]);
    assert_eq!([&plain[2], &plain[3]], [&Value::Null; 2]);
    assert!([first, second, plain].iter().all(|page| page[4] != -1));
}
