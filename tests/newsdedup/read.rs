//! Which bytes become which text, and how offsets find their way back.

use crate::testenv::{TestEnv, page, skipped};
use encoding_rs::Encoding;
use serde_json::Value;

/// News of our own invention, long enough for a guess.
const RUSSIAN: &str = "Городской совет утвердил новый мост через реку. Строительство начнётся весной, сообщил мэр в среду.\r\n\r\nЖители набережной просили сохранить старую переправу, но комиссия решила иначе.\r\n";
const GERMAN: &str = "Über die neue Brücke fährt künftig auch die Straßenbahn. Das beschloß der Rat am Freitag für die südlichen Viertel – „endlich“, wie es hieß.\n\nDie Kosten trägt größtenteils die Stadt.\n";
const ARABIC: &str = "وافق مجلس المدينة يوم الأربعاء على بناء جسر جديد فوق النهر. وقال رئيس البلدية إن الأعمال ستبدأ في الربيع.\n\nوطالب سكان الضفة بالحفاظ على المعبر القديم.\n";
const JAPANESE: &str = "市議会は水曜日、川に新しい橋を架ける計画を承認した。市長は工事が春に始まると述べた。\n\n住民は古い渡し船を残すよう求めていた。\n";
const KOREAN: &str = "시의회는 수요일 강을 가로지르는 새 다리 건설을 승인했다. 시장은 공사가 봄에 시작된다고 말했다.\n\n주민들은 옛 나루터를 보존해 달라고 요청했다.\n";
const CHINESE: &str =
    "市议会星期三批准了跨河新桥的建设计划。市长表示，工程将于春季开始。\n\n居民们曾要求保留旧渡口。\n";
const TAIWAN: &str = "市議會星期三批准了跨河新橋的建設計畫。市長表示，工程將於春季開始。\n\n居民們曾要求保留舊渡口。\n";
const POLISH: &str = "Rada miasta zatwierdziła w środę budowę nowego mostu przez rzekę. Prace rozpoczną się wiosną, powiedział burmistrz.\n\nMieszkańcy prosili o zachowanie starej przeprawy, lecz komisja zdecydowała inaczej.\n";

fn encode(label: &str, text: &str) -> Vec<u8> {
    match label {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => {
            let (bytes, _, lossy) = Encoding::for_label(label.as_bytes()).unwrap().encode(text);
            assert!(!lossy, "{label} can write its sample");
            bytes.into_owned()
        }
    }
}

#[track_caller]
fn body_of(env: &TestEnv, line: &str) -> String {
    env.report(line)["articles"][0]["body"].as_str().unwrap_or_default().to_owned()
}

fn paragraphs(text: &str) -> String {
    text.split(['\r', '\n']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn the_encodings_of_news_archives_are_found_out() {
    for (label, text) in [
        ("utf-8", RUSSIAN),
        ("windows-1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("iso-8859-5", RUSSIAN),
        ("windows-1252", GERMAN),
        ("windows-1256", ARABIC),
        ("iso-8859-6", ARABIC),
        ("windows-1250", POLISH),
        ("iso-8859-2", POLISH),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
        ("iso-2022-jp", JAPANESE),
        ("euc-kr", KOREAN),
        ("gb18030", CHINESE),
        ("big5", TAIWAN),
        ("utf-16le", RUSSIAN),
        ("utf-16be", GERMAN),
        ("utf-16le", CHINESE),
    ] {
        let stored = encode(label, text);
        let env = TestEnv::with(&[("a.txt", &stored)]);
        assert_eq!(body_of(&env, "a.txt --split none"), paragraphs(text), "{label}");
        let report = env.report("a.txt --split none --spans");
        assert_eq!(report["pages"][0]["bytes"], stored.len(), "{label}");
        let spans = report["pages"][0]["spans"].as_array().unwrap();
        assert_eq!(spans.last().unwrap()["end"], stored.len(), "{label}: spans count bytes as stored");
    }
}

#[test]
fn byte_order_marks_decide_and_are_no_part_of_the_text() {
    for (label, mark) in [("utf-8", &b"\xef\xbb\xbf"[..]), ("utf-16le", b"\xff\xfe"), ("utf-16be", b"\xfe\xff")] {
        let stored = [mark, &encode(label, GERMAN)].concat();
        let env = TestEnv::with(&[("a.txt", &stored)]);
        assert_eq!(body_of(&env, "a.txt --split none --encoding koi8-r"), paragraphs(GERMAN), "{label}");
        assert_eq!(env.report("a.txt --spans")["pages"][0]["spans"][0]["start"], 0);
    }
}

#[test]
fn the_same_article_in_two_encodings_is_one_article() {
    let env = TestEnv::with(&[
        ("p/a.txt", RUSSIAN.as_bytes().to_vec()),
        ("p/b.txt", encode("windows-1251", RUSSIAN)),
        ("p/c.txt", encode("utf-16le", RUSSIAN)),
    ]);
    let report = env.report("p --split none");
    assert_eq!((&report["summary"]["articles"], &report["summary"]["exact"]), (&1.into(), &2.into()));
}

#[test]
fn an_encoding_can_be_forced() {
    let env = TestEnv::with(&[("a.txt", encode("iso-8859-7", "Η γέφυρα"))]);
    assert_eq!(body_of(&env, "a.txt --split none --encoding iso-8859-7"), "Η γέφυρα");
    env.run("a.txt --encoding latin9000").fails(2, "--encoding: 'latin9000' is not known; labels are");
}

#[test]
fn utf_8_is_never_taken_for_anything_else() {
    for text in ["Ã©tÃ©, the famous mistake", "a", "日本", "naïve café", "\u{1b}[1mbold\u{1b}[0m"] {
        let env = TestEnv::with(&[("a.txt", text)]);
        assert_eq!(body_of(&env, "a.txt --split none"), text);
    }
}

#[test]
fn a_few_broken_bytes_do_not_change_the_encoding() {
    let mut stored = RUSSIAN.as_bytes().to_vec();
    stored.splice(40..40, *b"\xff\xc3");
    let env = TestEnv::with(&[("a.txt", &stored)]);
    let body = body_of(&env, "a.txt --split none");
    assert!(body.contains("новый мост") && body.contains('\u{fffd}'), "{body}");
    let env = TestEnv::with(&[("a.txt", "The price was 5 €".as_bytes().split_last().unwrap().1)]);
    assert_eq!(body_of(&env, "a.txt --split none"), "The price was 5 \u{fffd}", "a cut-off last character");
}

#[test]
fn zero_bytes_are_part_of_a_page() {
    let env = TestEnv::with(&[("a.txt", "one\0two")]);
    assert_eq!(body_of(&env, "a.txt --split none"), "one\0two");
}

#[test]
fn every_line_end_counts_once() {
    let lines = |text: &str| {
        let env = TestEnv::with(&[("a.txt", text)]);
        let occurrence = &env.report("a.txt --split none")["articles"][0]["occurrences"][0];
        (occurrence["first_line"].as_u64().unwrap(), occurrence["last_line"].as_u64().unwrap())
    };
    assert_eq!(lines("a\nb\nc"), (1, 3));
    assert_eq!(lines("a\r\nb\r\nc\r\n"), (1, 3));
    assert_eq!(lines("a\rb\rc"), (1, 3));
    assert_eq!(lines("a\n\rb"), (1, 3));
    let env = TestEnv::with(&[("p/a", "x y\r\n\r\nz"), ("p/b", "x y\n\nz\n"), ("p/c", "x y\r\rz")]);
    assert_eq!(env.report("p --split none")["summary"]["articles"], 1);
}

#[test]
fn files_that_are_no_text_are_skipped_with_what_they_look_like() {
    let noise: Vec<u8> = (0..4000u32).map(|i| (i.wrapping_mul(2654435761) >> 13) as u8).collect();
    for (bytes, looks) in [
        (&b"\x1f\x8b"[..], "gzip data"),
        (b"BZh91AY\x12\x9d\xff", "bzip2 data"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"\x7fELF\x02\x01", "a program (ELF)"),
        (&noise, "binary data"),
    ] {
        let env = TestEnv::with(&[("p/page.txt", page(1).as_bytes()), ("p/z", bytes)]);
        let ran = env.run("p");
        assert_eq!(ran.code, 3, "{looks}");
        let skipped = skipped(&ran.report());
        assert_eq!(skipped[0].0, "p/z");
        assert!(skipped[0].1.starts_with(&format!("not a page: looks like {looks}")), "{skipped:?}");
    }
}

#[test]
fn a_report_of_an_earlier_run_is_no_page() {
    let env = TestEnv::sample();
    env.run("p -o out");
    env.run("p -o r.jsonl");
    let ran = env.run("out r.jsonl");
    assert_eq!(ran.code, 3);
    assert_eq!(skipped(&ran.report()).len(), 2);
    assert_eq!(ran.report()["summary"]["pages"], 2);
}

#[test]
fn pages_above_the_size_limit_are_skipped() {
    let env = TestEnv::with(&[("p/large", "x".repeat(1025)), ("p/small", "y".repeat(1024))]);
    let ran = env.run("p --max-page-size 1K");
    assert_eq!(skipped(&ran.report()), [("p/large".into(), "larger than 1024 bytes (--max-page-size)".into())]);
    assert_eq!(ran.report()["summary"]["pages"], 1);
    let ran = env.pipe("- --max-page-size 10", "more than ten bytes");
    assert_eq!((ran.code, skipped(&ran.report()).len()), (3, 1));
    env.run("p --max-page-size lots").fails(2, "--max-page-size: 'lots' is no size");
}

#[test]
fn memory_does_not_change_the_output() {
    let mut files: Vec<(String, Vec<u8>)> = (0..40).map(|i| (format!("p/{i:02}.txt"), page(i % 30).into())).collect();
    files.push(("p/ru.txt".into(), encode("windows-1251", RUSSIAN)));
    let files: Vec<(&str, &Vec<u8>)> = files.iter().map(|(name, bytes)| (name.as_str(), bytes)).collect();
    let env = TestEnv::with(&files);
    let whole = env.run("p --spans -q");
    for memory in ["0", "3K", "27K", "1G"] {
        assert_eq!(env.run(&format!("p --spans -q --memory {memory}")), whole, "{memory}");
    }
    assert_eq!(env.pipe("- -q --memory 0", page(1)).out, env.pipe("- -q", page(1)).out);
}

#[test]
fn a_page_that_changes_while_it_is_read_is_reported_and_not_mixed_up() {
    let env = TestEnv::sample();
    for number in 3..400 {
        env.write(format!("p/{number}.txt"), page(number));
    }
    // With no memory every page is read again; the writer changes one of them all the time.
    let path = env.path("p/b.txt");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let runs: Vec<Value> = std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                std::fs::write(&path, page(1000 + number)).unwrap();
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    return;
                }
            }
        });
        let to_pipe = || env.run("p --memory 0 -q").report();
        let to_file = || {
            let file = std::fs::File::create(env.path("report")).unwrap();
            env.command(["p", "--memory", "0", "-q"]).stdout(file).status().unwrap();
            serde_json::from_slice(&env.read("report")).unwrap()
        };
        let runs = (0..5).flat_map(|_| [to_pipe(), to_file()]).collect();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        runs
    });
    for report in runs {
        let whole = report["summary"]["pages"] == 400 && report["skipped"] == serde_json::json!([]);
        let without = report["summary"]["pages"] == 399
            && report["skipped"] == serde_json::json!([{"page": "p/b.txt", "reason": "changed while it was read"}]);
        assert!(whole || without, "{} {}", report["summary"], report["skipped"]);
    }
}
