//! Names and texts that were made to do harm, in every form of output: nothing gets out of its form, and nothing steers
//! a terminal. Each form is read by a program of other make.

#[cfg(feature = "compression")]
use crate::faults::tree;
use crate::terminal::{To, at_terminal};
use crate::testenv::{BIN, Ran, TestEnv, page, ran};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::process::{Command, Stdio};

/// Names of pages.
const NAMES: &[&[u8]] = &[
    b"line\nbreak",
    b"return\rand\ttab",
    b"\x1b[31mred",
    b"\x1b]0;owned\x07",
    b"\x1b]8;;owned.example\x1b\\link",
    "c1 \u{9b}31m \u{9d}0;owned\u{9c}".as_bytes(),
    "delete \u{7f}".as_bytes(),
    "\u{202e}txt.exe".as_bytes(),
    "\u{2066}isolate\u{2028}\u{feff}\u{200b}".as_bytes(),
    b"not utf-8 \xff\xc3\x80",
    b"\x9b31m",
    b"-leading dash",
    b"--output=owned",
    b"...",
    b"..owned",
    b"<script>alert('owned')<",
    b"<title><!--",
    b"]]>&amp;&#0;",
    b"\"double\" 'single' `touch owned`",
    b"=1+1",
    b"@SUM(A1)",
    b"+1;-1",
    b"%s%n%d",
    b"%2",
    b"$(touch owned)",
    b"$(shell touch owned)",
    b"; touch owned;",
    b"| touch owned",
    b"back\\slash\\n\\u{1b}",
    b"{\"bytes\":\"cC8=\"}",
    b"*?[a-z]~#!",
    b"[label=\"owned\"];}",
    b"a,b;c",
];
/// What stands in their texts: as headlines, and in the midst of them.
const TEXTS: &[&str] = &[
    "</script><script>alert('owned')</script>",
    "\u{1b}]0;owned\u{7}\u{1b}[2J",
    "\u{9b}31m \u{202e}thgir ot tfel\u{2069}",
    "=cmd|' /C owned'!A0",
    "\"], \"owned\": [\"",
    "\", \"a\"\n\"b\",,,",
    "%s%n%x {{7*7}} ${owned}",
    "\\\"]; owned -> owned; \\N \\l",
    "<!-- <![CDATA[ ]]> -->",
    "@owned\t+1\t-1",
    "\u{85}\u{2028}\u{2029}\u{feff}",
    "\u{0}\u{8}\u{b}\u{c}",
];

/// A folder with all of these, each in two pages.
fn corpus() -> TestEnv {
    let env = TestEnv::empty();
    for (at, name) in NAMES.iter().chain([&&[b'x'; 255][..]]).enumerate() {
        let text = TEXTS[at % TEXTS.len()];
        let first = format!("Story {at} of the day");
        let page = page(at).replacen(&first, text, 1).replacen("was seen", &format!("was {text} seen"), 1);
        env.write(OsString::from_vec([b"p/", *name].concat()), &page);
        env.write(format!("p/plain {at}"), &page);
    }
    env
}

/// Whether a terminal would show all of it and obey none of it.
fn is_harmless(text: &str) -> bool {
    let turns =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().all(|c| c == '\n' || !c.is_control() && !turns(c))
}

#[track_caller]
fn expect_harmless(what: &str, text: &str) {
    assert!(is_harmless(text), "{what}: {}", text.lines().find(|line| !is_harmless(line)).unwrap().escape_debug());
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The name of a page in a report: its bytes.
fn name_of(value: &Value) -> Vec<u8> {
    use base64::Engine as _;
    let raw = || base64::engine::general_purpose::STANDARD.decode(value["bytes"].as_str().unwrap()).unwrap();
    value.as_str().map_or_else(raw, |name| name.as_bytes().to_vec())
}

/// The names of all pages, as the file system has them.
fn names(env: &TestEnv) -> BTreeSet<Vec<u8>> {
    let entries = fs::read_dir(env.path("p")).unwrap();
    entries.map(|entry| [b"p/", entry.unwrap().file_name().as_bytes()].concat()).collect()
}

/// Page, headline and kind of every occurrence.
type Rows = Vec<(Vec<u8>, String, String)>;

fn rows(report: &Value) -> Rows {
    let mut rows = Rows::new();
    for article in report["articles"].as_array().unwrap() {
        for it in article["occurrences"].as_array().unwrap() {
            let headline = article["headline"].as_str().unwrap_or_default().to_owned();
            rows.push((name_of(&it["page"]), headline, it["match"].as_str().unwrap().to_owned()));
        }
    }
    rows
}

/// What Python makes of an output: rows of page, headline and match, as JSON.
fn python(program: &str, output: &[u8], env: &TestEnv) -> Option<Rows> {
    env.write("output", output);
    let mut command = Command::new("python3");
    let Ok(read) = command.args(["-c", program]).current_dir(env.path("")).output() else {
        println!("skipped: there is no Python here to read it");
        return None;
    };
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let rows: Vec<(Value, String, String)> = serde_json::from_slice(&read.stdout).unwrap();
    Some(rows.into_iter().map(|(page, headline, found)| (name_of(&page), headline, found)).collect())
}

const READ_JSON: &str = "
import json
report = json.load(open('output', encoding='utf-8'))
print(json.dumps([(o['page'], a['headline'] or '', o['match']) for a in report['articles'] for o in a['occurrences']]))
";
const READ_LINES: &str = "
import json
lines = [json.loads(line) for line in open('output', 'rb').read().split(b'\\n')[:-1]]
assert lines[0]['type'] == 'header' and lines[-1]['type'] == 'summary'
articles = [line for line in lines if line['type'] == 'article']
print(json.dumps([(o['page'], a['headline'] or '', o['match']) for a in articles for o in a['occurrences']]))
";
const READ_TABLE: &str = "
import csv, json
had = lambda cell: cell[1:] if cell.startswith(\"'\") and cell.lstrip(\"'\")[:1] in tuple('=+-@\\t\\r\\n') else cell
rows = list(csv.DictReader(open('output', encoding='utf-8', newline=''), strict=True))
assert all(None not in row and None not in row.values() for row in rows)
assert not any(cell[:1] in tuple('=+-@\\t\\r\\n') for row in rows for cell in row.values())
name = lambda page: json.loads(page) if page.startswith('{\"bytes\":\"') else page
print(json.dumps([(name(had(r['page'])), had(r['headline']), r['match']) for r in rows]))
";

#[test]
fn every_form_gives_the_names_and_texts_back_to_a_program_of_other_make() {
    let env = corpus();
    let report = env.report("p --hidden");
    let wanted = rows(&report);
    let found: BTreeSet<Vec<u8>> = wanted.iter().map(|(page, ..)| page.clone()).collect();
    assert_eq!(found, names(&env), "every page gives an article, so that it is in every form");
    for (form, program) in [("json", READ_JSON), ("jsonl", READ_LINES), ("csv", READ_TABLE)] {
        let output = env.run(&format!("p --hidden -q --format {form}")).out;
        if let Some(read) = python(program, &output, &env) {
            assert!(read == wanted, "{form}: {:?}", read.iter().zip(&wanted).find(|(read, wanted)| read != wanted));
        }
    }
    let shown = utf8(&env.run("p --hidden -q --format text --quotes").out);
    expect_harmless("text", &shown);
    let copies = shown.lines().filter(|line| line.starts_with("  kept") || line.starts_with("  exact")).count();
    assert_eq!(copies, wanted.len());
    let markup = utf8(&env.run("p --hidden -q --format html").out);
    assert!(is_harmless(&markup) && !markup.contains("owned"), "the page for a browser");
}

/// What stands outside of the strings of a graph.
fn outside_of_strings(graph: &str) -> String {
    let (mut outside, mut chars) = (String::new(), graph.chars());
    while let Some(c) = chars.next() {
        outside.push(c);
        if c == '"' {
            while let Some(c) = chars.next().filter(|&c| c != '"') {
                assert!(c != '\n', "a string ends on its line");
                if c == '\\' {
                    chars.next();
                }
            }
        }
    }
    outside
}

#[test]
fn a_graph_has_no_statement_of_a_page() {
    let env = corpus();
    let graph = utf8(&env.run("p --hidden -q --format dot --quotes").out);
    expect_harmless("graph", &graph);
    let plain = TestEnv::sample();
    let forms = |graph: &str| outside_of_strings(graph).lines().map(str::to_owned).collect::<BTreeSet<String>>();
    let known = forms(&utf8(&plain.run("p -q --format dot").out));
    // Quotes add two kinds of line.
    let more = |line: &String| line.contains("shape=note") || line.contains("style=dashed");
    assert!(forms(&graph).iter().all(|line| known.contains(line) || more(line)), "{:?}", forms(&graph));
    assert_eq!(graph.matches("\" [shape=plaintext, label=\"").count(), names(&env).len());
}

#[cfg(feature = "compression")]
#[test]
fn folders_hold_names_for_any_system_and_pages_come_back_where_they_belong() {
    let env = corpus();
    env.report_into("p --hidden -o out --archive --spans");
    for name in env.names("out/articles") {
        let known = |c: char| c.is_alphanumeric() || "-.".contains(c);
        assert!(name.len() <= 255 && name.chars().all(known) && !name.starts_with(['-', '.']), "{name:?}");
    }
    let before = env.names("");
    let ran = env.run("restore out dest/deep");
    assert_eq!((ran.code, ran.err.lines().count()), (0, 1), "{}", ran.err);
    assert!(tree(&env.path("dest/deep/p")) == tree(&env.path("p")));
    assert_eq!((env.names("dest"), env.names("dest/deep")), (vec!["deep".to_owned()], vec!["p".to_owned()]));
    // Other files are in the way of all of them.
    names(&env).iter().for_each(|name| env.write(OsString::from_vec([b"dest/deep/", &name[..]].concat()), "other"));
    let ran = env.run("restore out dest/deep");
    expect_harmless("restore", &ran.err);
    assert_eq!((ran.code, ran.err.lines().count()), (3, names(&env).len() + 1));
    names(&env).iter().for_each(|name| env.write(OsStr::from_bytes(name), "other"));
    let said = env.run("verify out .");
    let broken = utf8(&said.out);
    expect_harmless("verify", &broken);
    assert!(broken.lines().count() > names(&env).len());
    let answer: Value = serde_json::from_slice(&env.run("verify out . --format json").out).unwrap();
    let of: BTreeSet<Vec<u8>> = answer["broken"].as_array().unwrap().iter().map(|it| name_of(&it["of"])).collect();
    assert!(said.code == 1 && names(&env).is_subset(&of));
    assert_eq!(env.names("").into_iter().filter(|name| name != "dest").collect::<Vec<_>>(), before);
}

/// Names of members that lead elsewhere, or into each other.
#[cfg(feature = "archives")]
const WAYS_OUT: &[&[u8]] = &[
    b"../out",
    b"../../out",
    b"a/../../../out",
    b"/out",
    b"//out",
    b".",
    b"..",
    b"./..",
    b"a",
    b"a/b",
    b"a/b/c",
    b"#",
    b"#/../../out",
    b"out\\..\\..\\out",
    b"..#2",
];

#[cfg(feature = "archives")]
#[test]
fn members_come_back_below_the_folder_whatever_they_are_called() {
    let env = TestEnv::empty();
    let mut packed = tar::Builder::new(Vec::new());
    let mut lines = String::new();
    for (at, name) in NAMES.iter().chain(WAYS_OUT).chain(WAYS_OUT).enumerate() {
        let page = page(at);
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name);
        header.set_size(page.len() as u64);
        header.set_cksum();
        packed.append(&header, page.as_bytes()).unwrap();
        let record = serde_json::json!({ "id": String::from_utf8_lossy(name), "text": page });
        lines.push_str(&format!("{record}\n"));
    }
    env.write("p/members.tar", packed.into_inner().unwrap());
    env.write("p/records.jsonl", lines);
    env.report_into("p --hidden -o out --archive --spans");
    let report: Value = serde_json::from_slice(&env.read("out/report.json")).unwrap();
    let pages = report["summary"]["pages"].as_u64().unwrap() as usize;
    assert_eq!(pages, 2 * (NAMES.len() + 2 * WAYS_OUT.len()));
    let before = env.names("");
    let ran = env.run("restore out dest/deep/deeper");
    expect_harmless("restore", &ran.err);
    assert_eq!(ran.code, 0);
    let texts: Vec<Vec<u8>> = tree(&env.path("dest/deep/deeper")).into_values().collect();
    let wanted: Vec<Vec<u8>> = (0..pages / 2).flat_map(|at| [page(at), page(at)]).map(String::into_bytes).collect();
    assert_eq!(texts.iter().collect::<BTreeSet<_>>(), wanted.iter().collect());
    assert_eq!(texts.len(), pages);
    assert_eq!(env.names("dest/deep"), ["deeper"]);
    assert_eq!(env.names("").into_iter().filter(|name| name != "dest").collect::<Vec<_>>(), before);
    assert_eq!(env.run("verify out").code, 0);
}

#[test]
fn lists_of_names_can_be_read_and_a_list_of_lines_says_what_it_cannot_hold() {
    let env = corpus();
    env.report_into("p --hidden -0 -o r.json --keep-list keep --drop-list drop");
    let listed = |path: &str| env.read(path).split(|&byte| byte == 0).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let lists = [listed("keep"), listed("drop")].concat();
    assert_eq!(lists.iter().filter(|name| !name.is_empty()).cloned().collect::<BTreeSet<_>>(), names(&env));
    assert_eq!(lists.len(), names(&env).len() + 2, "each ends in a NUL byte");
    let again = env.run("--hidden --files-from keep -0 -q").report();
    assert_eq!(again["summary"]["pages"].as_u64().unwrap() as usize, listed("keep").len() - 1);
    let ran = env.run("p --hidden -q -o r.json --keep-list lines");
    ran.fails(2, "the name 'p/line\\nbreak' holds a line end");
    expect_harmless("list", &ran.err);
    assert!(!env.path("lines").exists());
    fs::remove_file(env.path("p/line\nbreak")).unwrap();
    env.report_into("p --hidden -o r.json --keep-list keep --drop-list drop");
    let lines = [env.read("keep"), env.read("drop")].concat();
    let lines: BTreeSet<Vec<u8>> = lines.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    assert_eq!(lines.into_iter().filter(|line| !line.is_empty()).collect::<BTreeSet<_>>(), names(&env));
}

#[test]
fn make_reads_the_dependencies_and_runs_nothing_of_them() {
    let env = corpus();
    let rule = format!("r.json:\n\t{BIN} p --hidden -q -o $@ --depfile r.d\n-include r.d\n");
    env.write("Makefile", rule);
    let make = || ran(Command::new("make").arg("r.json").env_remove("MAKEFLAGS").current_dir(env.path("")));
    for _ in 0..2 {
        let made = make();
        assert_eq!((made.code, &made.err[..]), (0, ""));
    }
    // Without the names that make cannot read, it sees that all is done.
    for name in
        names(&env).iter().filter(|name| name.ends_with(b")") || name.iter().any(|byte| b"\t\n\r".contains(byte)))
    {
        fs::remove_file(env.path(OsStr::from_bytes(name))).unwrap();
    }
    for run in 0..2 {
        let made = make();
        assert_eq!((made.code, &made.err[..]), (0, ""));
        assert!(run == 0 || utf8(&made.out).contains("up to date"), "{}", utf8(&made.out));
    }
    assert_eq!(env.names(""), ["Makefile", "p", "r.d", "r.json"]);
}

#[test]
fn two_pages_are_explained_whatever_they_are_called() {
    let env = corpus();
    for (at, name) in NAMES.iter().enumerate() {
        let path = OsString::from_vec([b"p/", *name].concat());
        let run = |form: &str| {
            let other = format!("p/plain {at}");
            let args: [&OsStr; 5] = ["explain".as_ref(), &path, other.as_ref(), "--format".as_ref(), form.as_ref()];
            ran(&mut env.command(args))
        };
        let Ran { code, out, err } = run("text");
        // A name that begins with `#` or ends in one is taken for a number of a block; that is told.
        assert!(code == 0 || code == 2 && name.contains(&b'#'), "{name:?}: {code}, {err}");
        expect_harmless("explain", &(utf8(&out) + &err));
        let answer: Option<Value> = serde_json::from_slice(&run("json").out).ok();
        assert!(answer.is_some() || code == 2);
    }
}

/// What a terminal got, without what the program itself orders it to do: colours, and to begin a line anew.
fn without_own(seen: &str) -> String {
    let mut seen = seen.replace("\r\u{1b}[K", "\n").replace("\u{1b}[K", "").replace('\r', "\n");
    for colour in ["0", "1", "2", "4", "31", "32", "33", "34", "35", "36", "90"] {
        seen = seen.replace(&format!("\u{1b}[{colour}m"), "");
    }
    seen
}

#[test]
fn no_terminal_gets_an_order_from_a_page() {
    let env = corpus();
    let archived = cfg!(feature = "compression");
    env.report_into(if archived { "p --hidden -o out --archive" } else { "p --hidden -o out" });
    fs::remove_file(env.path("p/line\nbreak")).unwrap();
    let mut lines = vec![
        "p --hidden --format json --spans --quotes",
        "p --hidden --format jsonl --memory 0",
        "p --hidden --format csv",
        "p --hidden --format dot",
        "p --hidden --format text --quotes",
        "p --hidden --keep-list -",
        "p --hidden --drop-list -",
        "p --hidden -o r.json",
        "report out",
        "report out --format csv",
        "verify out .",
        "verify out . --format json",
        "explain p/=1+1 p --format json",
    ];
    if archived {
        env.write("dest/p/=1+1", "other");
        lines.push("restore out dest");
    }
    for line in lines {
        let (_, seen) = at_terminal(&env, line, 80, To::Both, &[]);
        expect_harmless(line, &without_own(&seen));
        assert!(!seen.is_empty() || line.contains("-o r.json"), "{line}");
    }
    let (_, seen) = at_terminal(&env, "p --hidden -q --format json", 80, To::Both, &[]);
    let shown: Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(shown, env.report("p --hidden"), "it means the same");
}

#[test]
fn no_message_holds_an_order() {
    let env = TestEnv::sample();
    let evil = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}";
    env.write("list", format!("gone{evil}\n"));
    env.write("news.jsonl", format!("{{\"text\": \"{evil}\n"));
    env.write(format!("{evil}.json"), "{}");
    let calls: &[&[&str]] = &[
        &["EVIL"],
        &["p", "EVIL"],
        &["p", "--EVIL"],
        &["p", "-EVIL"],
        &["p", "--format", "EVIL"],
        &["p", "--memory", "EVIL"],
        &["p", "--max-page-size", "EVIL"],
        &["p", "--threshold", "EVIL"],
        &["p", "--encoding", "EVIL"],
        &["p", "--include", "{EVIL"],
        &["p", "--prefer", "{EVIL"],
        &["p", "--keep", "EVIL"],
        &["p", "-o", "EVIL.xml"],
        &["p", "-o", "p/a.txt/EVIL"],
        &["p", "-o", "EVIL.csv", "--format", "json"],
        &["p", "--keep-list", "p/a.txt/EVIL"],
        &["--files-from", "EVIL"],
        &["--files-from", "list"],
        &["p", "news.jsonl", "--text-field", "EVIL"],
        &["EVIL.json", "--input-format", "EVIL"],
        &["explain", "EVIL", "p/a.txt"],
        &["explain", "p/a.txt", "p/b.txt#EVIL"],
        &["report", "EVIL"],
        &["report", "EVIL.json"],
        &["verify", "EVIL"],
        &["verify", "EVIL.json"],
        &["verify", "p", "EVIL"],
        &["restore", "EVIL", "dest"],
        &["restore", "p/a.txt", "EVIL"],
        &["EVIL", "EVIL", "--generate", "EVIL"],
    ];
    for call in calls {
        let args = call.iter().map(|word| word.replace("EVIL", evil));
        let ran = ran(env.command(args).stdin(Stdio::null()));
        assert!([2, 3].contains(&ran.code) && !ran.err.is_empty(), "{call:?}: {}", ran.code);
        expect_harmless(&format!("{call:?}"), &ran.err);
    }
}
