use super::*;
use crate::model::Kind;
use proptest::prelude::*;
use std::ops::Range;

/// What a page shows, a line each: the first letter of its kind, the number of its article, and its text.
fn labels(html: &str) -> Vec<String> {
    let shown = show(html);
    check_laws(html, &shown);
    let mut labels = Vec::new();
    for span in &shown.split.spans {
        let kind = match span.kind {
            Kind::Headline => 'H',
            Kind::Caption => 'C',
            Kind::Body => 'B',
            Kind::Furniture => 'F',
            Kind::Separator => continue,
        };
        let block = span.block.map_or("-".to_owned(), |block| block.to_string());
        labels.extend(shown.text[span.start..span.end].lines().map(|line| format!("{kind}{block} {line}")));
    }
    labels
}

#[track_caller]
fn check(html: &str, expected: &[&str]) {
    assert_eq!(labels(html), expected);
}

/// What is promised of every page.
#[track_caller]
fn check_laws(html: &str, shown: &Shown) {
    let mut before = None;
    for offset in shown.text.char_indices().map(|(offset, _)| offset).chain([shown.text.len()]) {
        let place = shown.places.to_source(offset);
        assert!(before.is_none_or(|before| before < place), "{offset} does not move on");
        assert!(html.is_char_boundary(place));
        before = Some(place);
    }
    assert_eq!(before, Some(html.len()));
    assert_eq!(shown.places.to_source(0), 0);
    let mut at = 0;
    for span in &shown.split.spans {
        assert_eq!(span.start, at, "spans tile the text");
        assert!(span.end > at);
        at = span.end;
    }
    assert_eq!(at, shown.text.len());
    for pair in shown.split.blocks.windows(2) {
        assert!(pair[0].end <= pair[1].start, "blocks do not overlap");
    }
}

/// The bytes of the page that each line of the body stands in.
fn stored_body(html: &str) -> Vec<&str> {
    let shown = show(html);
    let bodies = shown.split.spans_of(0, Kind::Body);
    let place = |offset| shown.places.to_source(offset);
    bodies
        .flat_map(|span| {
            shown.text[span.clone()]
                .lines()
                .scan(span.start, |at, line| {
                    let start = *at;
                    *at += line.len() + 1;
                    Some((start, start + line.len()))
                })
                .collect::<Vec<_>>()
        })
        .map(|(start, end)| &html[place(start)..place(end)])
        .collect()
}

const FIRST: &str = "The harbour of Port Selwyn opened again on Monday after eleven days of storms, its master said.";
const SECOND: &str =
    "Forty boats left before noon. The fish market expects to sell its first catch of the month tonight.";
const THIRD: &str = "Repairs to the eastern wall will go on until spring, and cost the town about two million crowns.";

fn paragraphs() -> String {
    format!("<p>{FIRST}</p>\n<p>{SECOND}</p><p>{THIRD}</p>")
}

#[test]
fn an_article_is_told_from_what_stands_around_it() {
    let html = format!(
        "<!doctype html><html><head><title>Harbour opens again | The Selwyn Post</title><style>p {{}}</style></head>
        <body><nav><ul><li><a href=/>Home</a></li><li><a href=/sea>Sea</a></li></ul></nav>
        <article><h1>Harbour opens again</h1>
        <p class=byline>By Ada Finch</p><time datetime=2024-03-04>4 March 2024</time>
        <figure><img src=a.jpg><figcaption>Boats wait for the tide.</figcaption></figure>
        {}<div class=related><h3>Related</h3><a href=/b>Storm closes harbour</a></div></article>
        <section id=comments><p>Good news for all of us who have waited for fresh herring these two weeks!</p></section>
        <footer>© The Selwyn Post</footer><script>var a = '<p>';</script></body></html>",
        paragraphs()
    );
    let body = [format!("B0 {FIRST}"), format!("B0 {SECOND}"), format!("B0 {THIRD}")];
    check(
        &html,
        &[
            "F- Harbour opens again | The Selwyn Post",
            "F- Home",
            "F- Sea",
            "H0 Harbour opens again",
            "F0 By Ada Finch",
            "F0 4 March 2024",
            "C0 Boats wait for the tide.",
            &body[0],
            &body[1],
            &body[2],
            "F- Related",
            "F- Storm closes harbour",
            "F- Good news for all of us who have waited for fresh herring these two weeks!",
            "F- © The Selwyn Post",
        ],
    );
    let shown = show(&html);
    let block = &shown.split.blocks[0];
    assert_eq!(&shown.text[block.headline.clone().unwrap()], "Harbour opens again");
    assert_eq!(&shown.text[block.byline.clone().unwrap()], "By Ada Finch");
    assert_eq!(&shown.text[block.date.clone().unwrap()], "4 March 2024");
    assert_eq!(block.end, shown.text.find(THIRD).unwrap() + THIRD.len());
    assert_eq!(stored_body(&html), [FIRST, SECOND, THIRD]);
}

#[test]
fn an_article_in_nameless_elements_is_found_by_its_paragraphs() {
    let html = format!(
        "<title>Harbour opens again</title><div><div><a href=/>Home</a> <a href=/sea>Sea</a></div>
        <div><div><b>Harbour opens again</b></div><div>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div></div>
        <div><a href=/1>Storm closes harbour</a><br><a href=/2>Herring dearer than ever</a></div></div>"
    );
    let labels = labels(&html);
    let body: Vec<&String> = labels.iter().filter(|label| label.starts_with('B')).collect();
    assert_eq!(body, [&format!("B0 {FIRST}"), &format!("B0 {SECOND}"), &format!("B0 {THIRD}")]);
    assert!(labels.contains(&"F- Storm closes harbour".to_owned()));
}

/// Ways to write an article: its headline, its caption and its text are filled in.
const LAYOUTS: [&str; 5] = [
    "<article><header><h1>H</h1></header><figure><img><figcaption>C</figcaption></figure><div>B</div></article>",
    "<div class=story><p class=author>By Ada Finch</p><h1>H</h1><div><img><small class=caption>C</small></div>B</div>",
    "<section><h2>H</h2><time>4 March 2024</time><figure><img><figcaption>C</figcaption></figure>B</section>",
    "<h1>H</h1><p class=date>4 March 2024</p><p class=caption>C</p>B<p><a href=/x>Storm closes harbour</a></p>",
    "<div class=post><h2 class=title><a href=/h>H</a></h2><div>4 March</div><p class=wp-caption-text>C</p>B</div>",
];

#[test]
fn an_endless_page_has_several_articles() {
    let headlines = ["Harbour opens again", "Bridge closes today", "Herring dearer than ever"];
    for layout in LAYOUTS {
        let article = |headline: &str| {
            let filled =
                layout.replace(">B<", &format!(">{}<", paragraphs())).replace(">C<", ">Boats wait for the tide.<");
            filled.replace(">H<", &format!(">{headline}<"))
        };
        let html = format!(
            "<title>Harbour opens again - Selwyn Post</title><nav><a href=/>Home</a></nav><main>{}</main>
            <footer>© Selwyn Post</footer>",
            headlines.map(article).concat()
        );
        let shown = show(&html);
        check_laws(&html, &shown);
        let text = |range: Range<usize>| shown.text[range].trim_end();
        let found: Vec<&str> =
            shown.split.blocks.iter().map(|block| text(block.headline.clone().unwrap_or_default())).collect();
        assert_eq!(found, headlines, "{html}");
        for block in 0..headlines.len() {
            let of = |kind| shown.split.spans_of(block, kind).map(text).collect::<Vec<_>>();
            assert_eq!(of(Kind::Body), [[FIRST, SECOND, THIRD].join("\n")], "{html}");
            assert_eq!(of(Kind::Caption), ["Boats wait for the tide."], "{html}");
        }
    }
}

#[test]
fn subheads_and_sections_do_not_make_several_articles() {
    let html = format!(
        "<title>Harbour opens again</title><main><h1>Harbour opens again</h1>
        <section><h2>What happened</h2>{0}{0}</section><section><h2>What comes next</h2>{0}{0}</section></main>",
        paragraphs()
    );
    let shown = show(&html);
    assert_eq!(shown.split.blocks.len(), 1);
    assert!(labels(&html).contains(&"B0 What comes next".to_owned()));
}

#[test]
fn a_list_of_teasers_is_not_a_list_of_articles() {
    let teaser = |n: usize| {
        format!("<article><h2><a href=/{n}>Storm number {n} closes harbour</a></h2><p>{FIRST}</p></article>")
    };
    let teasers: String = (1..6).map(teaser).collect();
    let html =
        format!("<h1>Harbour opens again</h1><div class=article-body>{}</div><div>{teasers}</div>", paragraphs());
    let shown = show(&html);
    assert_eq!(shown.split.blocks.len(), 1);
    assert_eq!(stored_body(&html), [FIRST, SECOND, THIRD]);
}

#[test]
fn only_where_no_heading_states_it_the_title_is_the_headline() {
    let html = format!("<title>Harbour opens again - Selwyn Post</title><div>{}</div>", paragraphs());
    let shown = show(&html);
    assert_eq!(&shown.text[shown.split.blocks[0].headline.clone().unwrap()], "Harbour opens again");
    assert_eq!(labels(&html)[..3], ["H0 Harbour opens again", "F0  - Selwyn Post", &format!("B0 {FIRST}")]);
}

#[test]
fn the_name_of_the_site_is_not_the_headline() {
    let html = format!(
        "<title>Harbour opens again | Selwyn Post</title><h1>Selwyn Post</h1><h2>Harbour opens again</h2>{}",
        paragraphs()
    );
    let shown = show(&html);
    let text: Vec<&str> = shown.split.spans_of(0, Kind::Headline).map(|span| shown.text[span].trim_end()).collect();
    assert_eq!(text, ["Harbour opens again"]);
}

#[test]
fn what_the_site_says_within_an_article_is_no_body() {
    let html = format!(
        "<h1>Harbour opens again</h1><div class=entry-content><p>{FIRST}</p><p>Read also: how herring is smoked.</p>
        <div><img src=a.jpg></div><div>Boats at the quay</div><div class=newsletter-signup><p>{THIRD}</p></div>
        <h3>Prices</h3><p>{SECOND}</p><ul><li><a href=/1>Storm closes harbour</a><li><a href=/2>Bridge closes</a></ul>
        <p>Follow the Selwyn Post for news of the sea.</p></div>"
    );
    check(
        &html,
        &[
            "H0 Harbour opens again",
            &format!("B0 {FIRST}"),
            "F0 Read also: how herring is smoked.",
            "C0 Boats at the quay",
            &format!("F0 {THIRD}"),
            "B0 Prices",
            &format!("B0 {SECOND}"),
            "F- Storm closes harbour",
            "F- Bridge closes",
            "F- Follow the Selwyn Post for news of the sea.",
        ],
    );
}

#[test]
fn names_that_leave_nothing_are_not_believed() {
    let html =
        format!("<h2>Harbour opens again</h2><div class=sidebar><div class=comments>{}</div></div>", paragraphs());
    assert_eq!(stored_body(&html), [FIRST, SECOND, THIRD]);
}

#[test]
fn a_page_without_paragraphs_has_no_article() {
    check("<nav><a href=/>Home</a></nav>", &["F- Home"]);
    check("", &[]);
    check("<!-- nothing -->", &[]);
}

#[test]
fn elements_in_a_line_do_not_end_it() {
    check("<div>one <b>two</b> <a href=/>three</a><i>four</i></div>", &["F- one two threefour"]);
    check("<p>one<br>two<p>three<div>four</div>five", &["F- one", "F- two", "F- three", "F- four", "F- five"]);
    check("<ul><li>one<li>two</ul><table><tr><td>three<td>four</table>", &["F- one", "F- two", "F- three", "F- four"]);
}

#[test]
fn whitespace_is_collapsed_except_where_it_is_shown() {
    check(" \n <p> one \r\n\t two\u{a0} </p> ", &["F- one two\u{a0}"]);
    check("<pre>one  two\n  three\r\n\r\nfour</pre>", &["F- one  two", "F-   three", "F- four"]);
}

#[test]
fn references_are_decoded_and_take_their_place() {
    let html = "<p>&lt;Fish &amp chips&#x21;&#33; caf&eacute; &ngE; &notit; &nosuch; &#0; 3 < 4";
    check(html, &["F- <Fish & chips!! café ≧\u{338} ¬it; &nosuch; \u{fffd} 3 < 4"]);
    let html =
        format!("<p>{FIRST}</p><p>Fish &amp; chips cost four crowns &mdash; as they did before the storm &lt;&gt;</p>");
    assert_eq!(
        stored_body(&html)[1],
        "Fish &amp; chips cost four crowns &mdash; as they did before the storm &lt;&gt;"
    );
}

#[test]
fn raw_text_stands_where_it_stands() {
    for tag in ["xmp", "style/", "script/", "plaintext"] {
        let html = format!("<h1>Harbour opens again</h1><p>{FIRST}</p><p>{SECOND}</p>\n<{tag}>\r\n{THIRD}");
        check_laws(&html, &show(&html));
        assert_eq!(stored_body(&html).last(), Some(&THIRD), "{tag}");
    }
}

#[test]
fn what_is_not_shown_is_no_text() {
    check(
        "<script>one()</script><p hidden>two</p><p style='display: NONE'>three</p><template>four</template>
        <textarea>five</textarea><select><option>six</select><svg><title>seven</title></svg><p>eight",
        &["F- eight"],
    );
}

#[test]
fn markup_that_does_not_fit_is_read_all_the_same() {
    check("</p></div><b><i>one</b></i><p>two</span></td>three", &["F- one", "F- twothree"]);
    check("<table><tr><td>one</div>two</table>three", &["F- onetwo", "F- three"]);
}

/// Pages made to take long, or deep: so much of each, in bytes.
const HOSTILE: usize = 2 << 20;

#[test]
fn hostile_pages_take_no_longer_than_others() {
    let many = |part: &str| part.repeat(HOSTILE / part.len());
    let pages = [
        many("<div>"),
        "</p>".repeat(10 << 18),
        many("<"),
        many("<p>a"),
        many("<b>a"),
        many("<a href=/>a"),
        many("<li><ul>a"),
        many("<table><tr><td>a"),
        many("<br>a"),
        many("</b><b>"),
        many("<!"),
        many("&"),
        many("&#"),
        many("\r"),
        many("<h1>a"),
        many("<article><h1>Ten letters more</h1>a"),
        many(&format!("<article><h1>Harbour opens again</h1><p>{FIRST}<p>{SECOND}</article>")),
        many(&format!("<h1>Harbour opens again</h1><time>4 March</time><p>{FIRST}<p>{SECOND}")),
        many("<div><h1>Harbour opens again</h1>"),
        many("<svg>"),
        many("<object>a"),
        many("<select><p>a</p>"),
        format!("<!--{}", many("-")),
        format!("<p {}>", many("a=b ")),
        format!("<p class='{}'>", many("a-b ")),
        format!("<p class='{}", many("a")),
        format!("<title>{}", many("<p>a")),
        format!("<script>{}", many("<!--<script>")),
        format!("<i>{}", many("<b>a</i>")),
        format!("<section><td>{}{}", "<i>".repeat(10_000), many("</section>")),
        format!("{}{}", many("<div>a"), many("</div>")),
    ];
    for html in pages {
        let start = std::time::Instant::now();
        let shown = show(&html);
        assert!(start.elapsed().as_secs() < 20, "{}… takes long", &html[..40]);
        assert_eq!(shown.places.to_source(shown.text.len()), html.len());
    }
}

/// Parts of pages that mean something, and parts that mean nothing.
fn soup() -> impl Strategy<Value = String> {
    let parts = [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<article>",
        "</article>",
        "<h1>",
        "</h1>",
        "<b>",
        "</b>",
        "<a href=/x>",
        "</a>",
        "<br>",
        "<br/>",
        "<pre>",
        "</pre>",
        "<table><tr><td>",
        "</table>",
        "<li>",
        "<ul>",
        "</ul>",
        "<title>",
        "</title>",
        "<figure><img>",
        "<figcaption>",
        "</figure>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<script/>",
        "<style/>",
        "</style>",
        "<xmp>",
        "</xmp>",
        "<plaintext>",
        "&amp;",
        "&lt",
        "&ngE;",
        "&#13;",
        "&#x20;",
        "&",
        "&notit;",
        "<",
        ">",
        "\"",
        "'",
        "\r\n",
        "\r",
        "\n",
        " ",
        "\t",
        "\u{a0}",
        "é",
        "新闻",
        "\0",
        "\u{c}",
        "<div class='comments'>",
        "<p class=\"byline\">",
        "<span hidden>",
        "<svg/>",
        "<time>",
        "<textarea>",
        "<![CDATA[",
        "]]>",
        "The harbour opened again on Monday after eleven days of storms, said its master, and boats left it. ",
        FIRST,
    ];
    proptest::collection::vec(
        prop_oneof![4 => proptest::sample::select(parts.to_vec()).prop_map(str::to_owned), 1 => ".{0,12}"],
        0..60,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn whatever_the_markup_the_laws_hold(html in soup()) {
        check_laws(&html, &show(&html));
        looks_like_html(html.as_bytes());
        declared_encoding(html.as_bytes());
    }

    #[test]
    fn bytes_of_any_kind_are_looked_at(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let html = String::from_utf8_lossy(&bytes);
        check_laws(&html, &show(&html));
        looks_like_html(&bytes);
        declared_encoding(&bytes);
    }
}
