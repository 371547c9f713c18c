// What a reader sees first: the result in plain words, the figures, what stands in most places, the quotes that
// travel, and the pictures.

newsdedup.overview = (() => {
  const { article: articles, dom, list, others, pictures, store } = newsdedup;
  const { element, number } = dom;

  function render() {
    const most = mostCopied();
    return element(
      "article",
      { class: "overview" },
      element(
        "header",
        {},
        element("h2", { tabindex: -1 }, sentence()),
        element("p", { class: "lead" }, meaning(most)),
      ),
      figures(),
      others.rest("articles"),
      others.rest("pages"),
      element("div", { class: "highlights" }, mostPlaces(most), travelling()),
      store.articles.length > 0 ? pictures.all() : null,
    );
  }

  function sentence() {
    const { pages: read, articles: different } = store.head.summary;
    return `${dom.count(different, "article")} in ${dom.count(read, "page")}`;
  }

  const verb = (n, one, many) => (n === 1 ? one : many);

  /** What the figures come to, in one or two sentences. */
  function meaning(most) {
    const { blocks, exact, near, articles: different, quotes, pages: read } = store.head.summary;
    const copies = [
      exact > 0 ? dom.count(exact, "exact copy") : null,
      near > 0 ? dom.count(near, "edited copy") : null,
    ];
    if (blocks === 0) return "No article was found in what was read.";
    const named = [dom.count(different, "different article"), ...copies.filter(Boolean)];
    const hold = read === 1 ? "The page holds" : "The pages hold";
    const first =
      named.length === 1
        ? `${hold} ${dom.count(blocks, "piece")} of news${blocks > 1 ? ", and no two are the same" : ""}.`
        : `${hold} ${dom.count(blocks, "piece")} of news: ${dom.listed(named)}.`;
    const top = most.length > 0 ? ` The most repeated one stands in ${list.places(most[0])}.` : "";
    const shared =
      quotes > 0
        ? ` ${dom.count(quotes, "quote")} ${verb(quotes, "travels", "travel")} between different articles.`
        : "";
    return first + top + shared;
  }

  const FIGURES = [
    ["pages", "pages read", "#pages"],
    ["blocks", "pieces of news", null],
    ["articles", "different articles", "#list"],
    ["exact", "exact copies", "exact"],
    ["near", "edited copies", "near"],
    ["excerpts", "excerpts", "excerpt"],
    ["quotes", "shared quotes", "#quotes"],
    ["words", "words in all", null],
    ["unique_words", "words without copies", null],
    ["skipped", "not read", "#skipped"],
    ["bytes", "of pages", null],
  ];

  function figures() {
    return element(
      "dl",
      { class: "figures" },
      FIGURES.filter(([name]) => store.head.summary[name] !== undefined).map(([name, words, target]) =>
        figure(name, words, target),
      ),
    );
  }

  function figure(name, words, target) {
    const value = store.head.summary[name];
    const told = name === "bytes" ? dom.bytes(value) : number(value);
    const node = element("dd", { "data-figure-value": name, "data-value": value }, told);
    return element(
      "div",
      { class: value === 0 ? "none" : null },
      element("dt", {}, value > 0 ? leading(words, target) : words),
      node,
    );
  }

  function leading(words, target) {
    if (target === null) return words;
    if (target.startsWith("#")) return element("a", { href: target }, words);
    return element("a", { href: "#list", onclick: () => newsdedup.filters.set("filter-match", target) }, words);
  }

  const mostCopied = () =>
    store.articles
      .map((_, index) => index)
      .filter((index) => store.articles[index].copies > 1)
      .sort((a, b) => store.articles[b].copies - store.articles[a].copies || a - b)
      .slice(0, 6);

  function mostPlaces(most) {
    const top = most.length > 0 ? store.articles[most[0]].copies : 1;
    return element(
      "section",
      { class: "most" },
      element("h3", {}, "In most places"),
      most.length === 0
        ? element("p", { class: "note" }, nowhereElse())
        : element(
            "ol",
            {},
            most.map((index) =>
              element(
                "li",
                {},
                articles.articleLink(index),
                bar(store.articles[index].copies / top),
                element("p", { class: "badges" }, list.badges(index), sites(index)),
                most.length <= 3 ? pages(index) : null,
              ),
            ),
          ),
    );
  }

  const nowhereElse = () =>
    store.articles.length === 0 ? "There are no articles." : "Every article stands in one place only.";

  function bar(share) {
    return dom.drawn(
      "svg",
      { class: "bar", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" },
      dom.drawn("rect", { class: "track", width: 100, height: 4 }),
      dom.drawn("rect", { class: "value", width: Math.max(1, share * 100), height: 4 }),
    );
  }

  function sites(index) {
    if (store.sites.names.length < 2) return null;
    const found = store.facts[index].sites;
    const names = found.slice(0, 2).map((site, at) => [at > 0 ? ", " : "", dom.corpus(store.sites.names[site])]);
    const left = found.length - names.length;
    return element("span", { class: "note" }, names, left > 0 ? ` and ${number(left)} more` : "");
  }

  /** The places themselves, where there is room for them. */
  function pages(index) {
    const { at, copies } = store.articles[index];
    const some = at
      .slice(0, 5)
      .map(([page, start, , first, last, match]) =>
        element(
          "li",
          {},
          element("a", { href: `#page=${page}&at=${start}` }, dom.corpus(store.shortName(page))),
          element("span", { class: "note" }, ` ${store.MATCHES[match]}, ${articles.lines(first, last)}`),
        ),
      );
    const left = copies - some.length;
    return element(
      "ul",
      { class: "stands" },
      some,
      left > 0 ? element("li", { class: "note" }, `and ${dom.count(left, "more place")}`) : null,
    );
  }

  function travelling() {
    const { quotes } = store.head.summary;
    const host = element("section", { class: "travelling" }, element("h3", {}, "Quotes that travel"));
    if (quotes === undefined) {
      host.append(element("p", { class: "note" }, "Quotes were not looked for. The option --quotes finds them."));
    } else if (quotes === 0) {
      host.append(element("p", { class: "note" }, "No run of words is shared by different articles."));
    } else {
      const top = store.quotes
        .map((_, index) => index)
        .sort((a, b) => spread(b) - spread(a) || store.quotes[b].words - store.quotes[a].words || a - b)
        .slice(0, 4);
      host.append(element("ul", { class: "cards" }, top.map(others.quoteCard)));
      if (store.quotes.length > top.length) {
        host.append(element("a", { class: "all", href: "#quotes" }, `All ${number(store.quotes.length)} quotes`));
      }
    }
    return host;
  }

  const spreads = new Map();

  /** How many articles have the quote. */
  function spread(quote) {
    if (!spreads.has(quote)) spreads.set(quote, new Set(store.quotes[quote].in.map(([article]) => article)).size);
    return spreads.get(quote);
  }

  return { render };
})();
