//! Scripts that run from the right, and scripts without spaces: they stand as their readers expect.

use super::made::{Made, search};
use super::page::Page;
use crate::testenv::TestEnv;

/// Where the first letter of the texts that `{selector}` finds stands: its right edge, the element's right
/// edge, and the left edge of the letter of the same line that is read last.
const EDGES: &str = "[...document.querySelectorAll('{selector}')].map(element => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const letters = [];
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        for (let at = 0; at < node.data.length; at += 1) {
            if (!/\\p{L}/u.test(node.data[at])) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            letters.push(range.getBoundingClientRect());
        }
    }
    const line = letters.filter(box => Math.abs(box.bottom - letters[0].bottom) < 4);
    const style = getComputedStyle(element);
    const edge = element.getBoundingClientRect().right - parseFloat(style.paddingRight);
    return [letters[0].right, edge, line.at(-1).left] })";

fn edges(page: &mut Page, selector: &str) -> Vec<[f64; 3]> {
    page.get(&EDGES.replace("{selector}", selector))
}

/// Expects that texts are read from the right, and, if they are paragraphs, begin at the right edge.
#[track_caller]
fn expect_from_the_right(page: &mut Page, selector: &str, paragraphs: bool) {
    let texts = edges(page, selector);
    assert!(!texts.is_empty(), "{selector}");
    for [first, edge, last] in texts {
        assert!(last < first, "{selector} is read from the left: {last} to {first}");
        assert!(!paragraphs || (edge - first).abs() < 24.0, "{selector} begins at {first}, not at {edge}");
    }
}

/// Which letters of an element a font has no shape for: they are drawn as the box that stands for any of these.
fn missing(page: &mut Page, selector: &str) -> String {
    page.get(&format!(
        "(element => {{
            const canvas = Object.assign(document.createElement('canvas'), {{width: 48, height: 48}});
            const drawing = canvas.getContext('2d', {{willReadFrequently: true}});
            const drawn = letter => {{
                drawing.clearRect(0, 0, 48, 48);
                drawing.font = '32px ' + getComputedStyle(element).fontFamily;
                drawing.fillText(letter, 6, 38);
                return drawing.getImageData(0, 0, 48, 48).data.join();
            }};
            const [none, box] = [drawn(' '), drawn('\\u0378')];
            if (none === box) return 'nothing shows what is missing';
            const letters = new Set(element.innerText.match(/[\\p{{L}}\\p{{N}}\\p{{P}}]/gu));
            if (letters.size < 5) return 'there is no text';
            return [...letters].filter(letter => [none, box].includes(drawn(letter))).join('');
        }})(document.querySelector('{selector}'))"
    ))
}

#[test]
fn arabic_is_read_from_the_right_everywhere() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let number = made.number("إعادة افتتاح");
    page.size(1280, 4000);
    expect_from_the_right(&mut page, &format!("#list [data-article=\"{number}\"] .headline"), false);
    page.go(&format!("#article={number}"));
    expect_from_the_right(&mut page, "#detail h2", false);
    expect_from_the_right(&mut page, "#text p", true);
    assert_eq!(missing(&mut page, "#text"), "");
    page.size(1280, 800);
    page.screenshot("arabic-article");
    page.click("#detail a[href^='#page=']");
    page.until("document.querySelector('#page-text [data-kind=body]')");
    expect_from_the_right(&mut page, "#page-text [data-kind=body]", false);
    page.screenshot("arabic-page");
    search(&mut page, "القوافل");
    page.until("document.querySelector('#list mark')");
    expect_from_the_right(&mut page, "#list [role=option] .headline", false);
    page.screenshot("arabic-search");
    page.size(390, 844);
    page.go(&format!("#article={number}"));
    expect_from_the_right(&mut page, "#text p", true);
    page.screenshot("arabic-phone");
    page.expect_quiet();
}

#[test]
fn chinese_is_shown_and_compared() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let number = made.number("青梧镇百年茶船");
    page.go(&format!("#article={number}"));
    assert_eq!(missing(&mut page, "#text"), "");
    assert_eq!(missing(&mut page, "#detail h2"), "");
    page.screenshot("chinese-article");
    page.click("#copies a.compare");
    page.until("document.querySelector('#difference')");
    page.screenshot("chinese-difference");
    page.expect_quiet();
}

/// Edited copies in three scripts.
fn edited() -> Made {
    let arabic = "فتح المتحف البحري في رملاء أبوابه أمام الزوار صباح السبت بعد ست سنوات من الترميم الدقيق \
        الذي شارك فيه عشرات الحرفيين من أنحاء البلاد.\n\nوقالت مديرة المتحف إن القاعات الجديدة تعرض سفناً \
        خشبية وخرائط قديمة وأدوات ملاحة جمعها الصيادون على مدى قرن كامل.\n\nوسيبقى الدخول مجانياً حتى نهاية \
        الشهر، على أن تنظم المدارس زيارات يومية ابتداء من الأسبوع المقبل.\n";
    let chinese = "青梧镇的旧船厂星期六重新开放，数百名居民清早来到江边参观修复后的木船和工具。\n\n负责修缮的工匠说，他们花了六年时间\
        寻找老照片和图纸，才让船坞恢复原来的样子。\n\n镇政府表示，今后每个周末都会有老师傅在这里教孩子们做小船，门票收入全部用于\
        维护。\n";
    let japanese = "港町の古い灯台が土曜日に再び公開され、朝早くから多くの住民が坂道を上って見学に訪れた。\n\n修復に当たった職人によると、\
        階段の石を一つずつ外して洗い、六年かけて元の場所に戻したという。\n\n町は来月から週末ごとに子ども向けの案内を行い、入場料はすべて維持に\
        充てるとしている。\n";
    let pairs = [
        (arabic, "صباح السبت", "مساء الأحد"),
        (chinese, "星期六重新开放", "星期日正式关闭"),
        (japanese, "多くの住民", "大勢の観光客"),
    ];
    let env = TestEnv::empty();
    for (number, (text, before, after)) in pairs.into_iter().enumerate() {
        env.write(format!("p/a{number}.txt"), text);
        env.write(format!("p/b{number}.txt"), text.replacen(before, after, 1));
    }
    Made::of(env, "p --split none")
}

#[test]
fn differences_of_arabic_chinese_and_japanese_are_small_and_right() {
    let made = edited();
    let Some(mut page) = made.open() else { return };
    let changed = [("صباح السبت", "مساء الأحد"), ("六重新开放", "日正式关闭"), ("多くの住民", "大勢の観光客")];
    for (number, (before, after)) in changed.into_iter().enumerate() {
        assert_eq!(made.articles()[number]["occurrences"].as_array().unwrap().len(), 2, "{number}");
        page.go(&format!("#article={number}&copy=1"));
        page.until("document.querySelector('#difference ins')");
        for (mark, words) in [("del", before), ("ins", after)] {
            let marked: String = page.get(&format!(
                "[...document.querySelectorAll('#difference {mark}')].map(marked => marked.textContent).join(' ')"
            ));
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let (marked, words) = (letters(&marked), letters(words));
            assert!(words.chars().all(|c| marked.contains(c) || "のく".contains(c)), "{mark}: {marked} for {words}");
            assert!(marked.chars().count() <= words.chars().count() + 8, "{mark}: {marked} for {words}");
        }
        assert_eq!(missing(&mut page, "#difference"), "");
        page.screenshot(&format!("difference-{number}"));
    }
    page.go("#article=0&copy=1");
    expect_from_the_right(&mut page, "#difference .kept p", true);
    expect_from_the_right(&mut page, "#difference .copy p", true);
    page.expect_quiet();
}
