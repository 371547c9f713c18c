//! What can be measured of how the report looks: room on a telephone, size of what is touched, contrast.

use super::made::{Made, has_match};

/// Views of the small corpus that show every kind of thing.
fn views(made: &Made) -> Vec<String> {
    let near = made.those(|article| has_match(article, "near"))[0];
    let quoted = made.number("Ostremark Dam");
    let excerpt = made.number("In brief: growers");
    let views = ["#overview", "#pages", "#quotes", "#quote=0", "#method", "#page=0", "#page=7"].map(str::to_owned);
    let articles = [near, quoted, excerpt].map(|number| format!("#article={number}"));
    views.into_iter().chain(articles).chain([format!("#article={near}&copy=3")]).collect()
}

fn name(view: &str) -> String {
    view.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[test]
fn a_telephone_needs_no_scrolling_to_the_side() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let mut faults = Vec::new();
    for width in [390, 320] {
        page.size(width, 844);
        for view in views(&made) {
            page.go(&view);
            // The box that is too wide, and what makes it so.
            let wide: Vec<String> = page.get(
                "[document.documentElement, document.body, document.querySelector('#detail')]
                    .filter(box => box.scrollWidth > innerWidth || innerWidth > screen.width)
                    .map(box => `${box.nodeName} ${box.scrollWidth} ` + [...box.querySelectorAll('*')]
                        .filter(node => node.getBoundingClientRect().right > screen.width)
                        .map(node => node.outerHTML.slice(0, 80)).slice(0, 5).join(' | '))",
            );
            faults.extend(wide.into_iter().map(|wide| format!("{view} at {width}: {wide}")));
            if width == 390 {
                page.screenshot(&format!("phone-{}", name(&view)));
            }
        }
        page.run("location.hash = '#list'");
        page.until("document.querySelector('#list [role=option]')?.checkVisibility()");
        let wide: usize = page.get("document.documentElement.scrollWidth");
        assert!(wide <= width as usize, "the list at {width}: {wide}");
        page.screenshot(&format!("phone-list-{width}"));
    }
    assert!(faults.is_empty(), "{faults:#?}");
    page.expect_quiet();
}

#[test]
fn what_is_touched_is_large_enough() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let mut faults = Vec::new();
    page.size(390, 844);
    for view in views(&made).into_iter().chain(["#list".to_owned()]) {
        if view == "#list" {
            page.run("location.hash = '#list'");
            page.until("document.querySelector('#list [role=option]')?.checkVisibility()");
        } else {
            page.go(&view);
        }
        // Links that stand in the middle of a sentence may be as high as its line.
        let small: Vec<String> = page.get(
            "[...document.querySelectorAll('a, button, input, select, summary, [role=option]')]
                .filter(target => target.checkVisibility() && getComputedStyle(target).display !== 'inline')
                .map(target => [Math.max(...[target, ...target.labels ?? []]
                    .map(part => part.getBoundingClientRect()).map(box => Math.min(box.width, box.height))), target])
                .filter(([size]) => size > 0 && size < 23.5)
                .map(([size, target]) => `${size}: ${target.outerHTML.slice(0, 120)}`)",
        );
        faults.extend(small.into_iter().map(|small| format!("{view}: {small}")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
    page.expect_quiet();
}

/// Texts in sight whose contrast to what is behind them is too low: 4.5, or 3 where they are large.
const FAINT: &str = "(() => {
    const drawing = Object.assign(document.createElement('canvas'), {width: 1, height: 1})
        .getContext('2d', {willReadFrequently: true});
    const colours = new Map();
    const rgba = colour => {
        if (!colours.has(colour)) {
            drawing.clearRect(0, 0, 1, 1);
            drawing.fillStyle = colour;
            drawing.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = drawing.getImageData(0, 0, 1, 1).data;
            colours.set(colour, [r, g, b, a / 255]);
        }
        return colours.get(colour);
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a)).concat(1);
    const behind = node => {
        const layers = [];
        for (let at = node; at; at = at.parentElement) {
            const colour = rgba(getComputedStyle(at).backgroundColor);
            layers.push(colour);
            if (colour[3] === 1) break;
        }
        const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
        return layers.reverse().reduce((below, colour) => over(colour, below), canvas);
    };
    const light = colour => {
        const [r, g, b] = colour.slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const opacity = node => node ? Number(getComputedStyle(node).opacity) * opacity(node.parentElement) : 1;
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const faint = [];
    let seen = 0;
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility()) continue;
        if (parent.closest('[data-figure=sites] g, script, option')) continue;
        const style = getComputedStyle(parent);
        const ground = behind(parent);
        const own = rgba(parent.closest('svg') ? style.fill : style.color);
        const ink = over([...own.slice(0, 3), own[3] * opacity(parent)], ground);
        const [dark, bright] = [light(ink), light(ground)].sort((a, b) => a - b);
        const contrast = (bright + 0.05) / (dark + 0.05);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        seen += 1;
        if (contrast < (large ? 3 : 4.5)) {
            faint.push(`${contrast.toFixed(2)} ${parent.outerHTML.slice(0, 100)}: ${node.data.slice(0, 30)}`);
        }
    }
    return seen < 5 ? ['there is hardly any text'] : faint;
})()";

#[test]
fn texts_stand_out_in_light_and_dark() {
    let made = Made::seeds();
    let Some(mut page) = made.open() else { return };
    let mut faults = Vec::new();
    for scheme in ["light", "dark"] {
        page.scheme(scheme);
        for (width, height) in [(1280, 800), (390, 844)] {
            page.size(width, height);
            for view in views(&made) {
                page.go(&view);
                let faint: Vec<String> = page.get(FAINT);
                faults.extend(faint.into_iter().map(|faint| format!("{view}, {scheme}, {width}: {faint}")));
                if width == 1280 {
                    page.screenshot(&format!("{scheme}-{}", name(&view)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    page.run("document.querySelector('h2').style.color = '#404040'");
    assert_eq!(page.get::<Vec<String>>(FAINT).len(), 1, "the measure measures nothing");
    page.expect_quiet();
}
