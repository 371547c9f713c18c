// One article: its text, its copies, what it shares with others.

newsdedup.article = (() => {
  const { dom, list, search, store, text } = newsdedup;
  const { corpus, element, number, percent } = dom;

  /** Why a text is not here, and how to have it. */
  function whyMissing() {
    const { listed, summary } = store.head;
    if (!store.fromPages) {
      return "To have the texts of the pages in the report, make it from the pages: newsdedup PAGES -o report.html.";
    }
    const some = `${number(listed.views)} of ${dom.count(summary.pages, "page")}`;
    return `There was no room for it: the file holds the texts of ${some}.`;
  }

  async function render({ article: index }) {
    const article = store.articles[index];
    if (!article) return dom.missing("article");
    const paragraphs = await store.paragraphs(article);
    return element(
      "article",
      { class: "reading" },
      element(
        "header",
        {},
        element("p", { class: "kicker" }, standing(index)),
        element("h2", { tabindex: -1, dir: "auto" }, text.found(store.title(index), terms())),
        element("p", { class: "facts" }, facts(index)),
      ),
      article.copies > 1 ? copies(index) : place(index),
      relations(index),
      shared(index),
      await body(index, paragraphs),
    );
  }

  const terms = () => search.terms(dom.byId("search").value);

  /** The plain sentence over the headline. */
  function standing(index) {
    const { exact, near } = store.facts[index];
    const kinds = [exact > 0 ? dom.count(exact, "exact copy") : null, near > 0 ? dom.count(near, "edited copy") : null];
    const known = ["the kept text", ...kinds.filter(Boolean)];
    if (store.articles[index].copies === 1) return "Stands in one place only";
    return `Stands in ${list.places(index)}: ${dom.listed(known)}`;
  }

  function facts(index) {
    const { byline, date, date_iso: iso, words } = store.articles[index];
    return [
      byline ? element("span", {}, text.highlighted(byline, terms())) : null,
      date ? element("time", { datetime: iso }, corpus(date)) : null,
      element("span", {}, dom.count(words, "word")),
      identity(index),
    ].filter(Boolean);
  }

  /** What to call the article by in the JSON report and on the command line. */
  function identity(index) {
    const id = store.articles[index].id.slice(0, 16);
    const uses = `newsdedup explain ${id} …\njq '.articles[] | select(.id | startswith("${id}"))'`;
    return element("span", { class: "id", title: uses }, `id ${id}`);
  }

  const range = (first, last) => `${number(first)}–${number(last)}`;
  const lines = (first, last) => (first === last ? `line ${number(first)}` : `lines ${range(first, last)}`);

  /** A page's name that leads to the place in it; the folders are there, but step back. */
  function pageLink(page, start) {
    const name = store.pages[page]?.[0] ?? "(unknown page)";
    const cut = name.lastIndexOf("/", name.length - 2) + 1;
    return element(
      "a",
      { href: `#page=${page}${start === undefined ? "" : `&at=${start}`}`, class: "page" },
      element(
        "bdi",
        { dir: "auto" },
        element("span", { class: "folder" }, dom.shown(name.slice(0, cut))),
        dom.shown(name.slice(cut)),
      ),
    );
  }

  const articleLink = (index) =>
    index < 0
      ? "an article that is not in this file"
      : element("a", { href: `#article=${index}` }, corpus(store.title(index)));

  function place(index) {
    const [at] = store.articles[index].at;
    return at ? element("p", { class: "place" }, pageLink(at[0], at[1]), `, ${lines(at[3], at[4])}`) : null;
  }

  function copies(index) {
    const article = store.articles[index];
    const rows = element("tbody", {});
    const more = dom.gradual(rows, article.at.length, (copy) => copyRow(index, copy), 50);
    const left = article.copies - article.at.length;
    return element(
      "section",
      {},
      element("h3", {}, "Where it stands"),
      element(
        "div",
        { class: "wide-table" },
        element(
          "table",
          { id: "copies" },
          dom.headings(["What", "Alike", "Page", "Lines", "Compare"], [1]),
          rows,
        ),
      ),
      more,
      left > 0
        ? element(
            "p",
            { class: "note" },
            `This file has no room for ${dom.count(left, "further place")}; ` + "the JSON report has them.",
          )
        : null,
    );
  }

  function copyRow(index, copy) {
    const [page, start, , first, last, match, similarity] = store.articles[index].at[copy];
    const kind = ["kept", "exact", "near"][match];
    return element(
      "tr",
      { "data-copy": copy, "data-match": kind },
      element("td", {}, element("span", { class: `match ${kind}` }, store.MATCHES[match])),
      element("td", { class: "number" }, match === store.KEPT ? "" : percent(similarity)),
      element("td", {}, pageLink(page, start)),
      element("td", { class: "lines" }, range(first, last)),
      element(
        "td",
        {},
        match === store.KEPT
          ? ""
          : element(
              "a",
              {
                class: "compare",
                href: `#article=${index}&copy=${copy}`,
                "aria-label": `Compare this ${store.MATCHES[match]} with the kept text`,
              },
              "Compare",
            ),
      ),
    );
  }

  /** Longer articles that contain this one, and shorter ones that it contains. */
  function relations(index) {
    const { in: longer, has } = store.articles[index];
    const around = longer.map(([other, share, start]) =>
      element(
        "li",
        {},
        articleLink(other),
        element("span", { class: "note" }, ` holds ${percent(share)} of this text`),
        insideLink(other, start),
      ),
    );
    const inside = has.map(([other, share, page, start, , first, last]) =>
      element(
        "li",
        {},
        articleLink(other),
        element("span", { class: "note" }, ` — ${percent(share)} of it is here; it stands in `),
        pageLink(page, start),
        element("span", { class: "note" }, `, ${lines(first, last)}`),
      ),
    );
    return [
      relation("An excerpt of a longer article", around),
      relation("Shorter articles that stand in this one", inside),
    ];
  }

  const relation = (title, items) =>
    items.length === 0
      ? null
      : element("section", { class: "relation" }, element("h3", {}, title), element("ul", {}, items));

  /** To where the excerpt begins in the page of the longer article. */
  function insideLink(other, start) {
    const at = store.articles[other]?.at[store.facts[other].kept];
    return at ? [" · ", element("a", { href: `#page=${at[0]}&at=${start}` }, "see where")] : null;
  }

  function shared(index) {
    const { quotes } = store.facts[index];
    if (quotes.length === 0) return null;
    const title = quotes.length === 1 ? "A quote that others have, too" : "Quotes that others have, too";
    const host = element("ul", {});
    const more = dom.gradual(host, quotes.length, (at) => sharedQuote(quotes[at], index), 5);
    return element("section", { class: "relation" }, element("h3", {}, title), host, more);
  }

  const sharedQuote = (quote, index) =>
    element(
      "li",
      {},
      element("a", { href: `#quote=${quote}` }, corpus(store.quotes[quote].text)),
      element("span", { class: "note" }, " — also in "),
      others(quote, index),
    );

  function others(quote, index) {
    const found = [...new Set(store.quotes[quote].in.map(([article]) => article))].filter((other) => other !== index);
    const named = found.slice(0, 3).map((other, at) => [at > 0 ? ", " : "", articleLink(other)]);
    return [named, found.length > 3 ? ` and ${number(found.length - 3)} more` : ""];
  }

  async function body(index, paragraphs) {
    const article = store.articles[index];
    const quotes = await text.quotesIn(index, paragraphs);
    const find = search.finder(terms());
    const host = element("div", { id: "text" });
    const more = dom.gradual(
      host,
      paragraphs.length,
      (at) => element("p", { dir: "auto" }, text.long(paragraphs[at], quotes[at], find)),
      400,
    );
    return element(
      "section",
      {},
      element("h3", {}, "The kept text"),
      article.cut ? element("p", { class: "notice" }, "There was no room for it in this file.") : null,
      article.captions.length > 0
        ? element(
            "ul",
            { class: "captions" },
            article.captions.map((caption) =>
              element(
                "li",
                { dir: "auto" },
                element("span", { class: "label", dir: "ltr" }, "Caption"),
                " ",
                text.found(caption, terms()),
              ),
            ),
          )
        : null,
      host,
      more,
    );
  }

  return { articleLink, lines, pageLink, render, whyMissing };
})();
