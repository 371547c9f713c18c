// The smaller views: one quote, all quotes, all pages, what was not read, and how the report was made.

newsdedup.others = (() => {
  const { article: articles, dom, search, store } = newsdedup;
  const { corpus, element, number } = dom;

  /** What was typed into the field over the pages: it is there again after a look at one. */
  let wantedPages = "";

  const heading = (title, words) =>
    element(
      "header",
      {},
      element("h2", { tabindex: -1 }, title),
      words ? element("p", { class: "facts" }, element("span", {}, words)) : null,
    );

  function quote({ quote: index }) {
    const found = store.quotes[index];
    if (!found) return dom.missing("quote");
    const rows = element("tbody", {});
    const more = dom.gradual(
      rows,
      found.in.length,
      (at) => {
        const [article, page, start] = found.in[at];
        return element(
          "tr",
          {},
          element("td", {}, articles.articleLink(article)),
          element("td", {}, articles.pageLink(page, start)),
        );
      },
      50,
    );
    const left = found.places - found.in.length;
    return element(
      "article",
      { class: "reading" },
      element("p", { class: "kicker" }, "Quote"),
      element("h2", { tabindex: -1, class: "spoken", dir: "auto" }, dom.shown(found.text)),
      element(
        "p",
        { class: "facts" },
        element("span", {}, dom.count(found.words, "word")),
        element("span", {}, dom.count(found.places, "place")),
        element("span", {}, dom.count(new Set(found.in.map(([article]) => article)).size, "article")),
      ),
      element(
        "table",
        { class: "places" },
        dom.headings(["Article", "Page"]),
        rows,
      ),
      more,
      left > 0 ? element("p", { class: "note" }, `${dom.count(left, "more place")} found no room in this file.`) : null,
    );
  }

  /** The words of a quote and the articles that it travels between. */
  function quoteCard(index) {
    const { text, places, in: all } = store.quotes[index];
    const between = [...new Set(all.map(([article]) => article))];
    const named = between.slice(0, 4).map((article) => element("li", {}, articles.articleLink(article)));
    if (between.length > 4) named.push(element("li", { class: "note" }, `and ${number(between.length - 4)} more`));
    return element(
      "li",
      { class: "quote-card", "data-quote-card": index },
      element("blockquote", { dir: "auto" }, element("a", { href: `#quote=${index}` }, dom.shown(text))),
      element("p", { class: "note" }, `In ${dom.count(between.length, "article")}, ${dom.count(places, "place")}:`),
      element("ul", {}, named),
    );
  }

  function quotes() {
    const host = element("ul", { class: "cards" });
    const more = dom.gradual(host, store.quotes.length, quoteCard, 50);
    return element(
      "article",
      {},
      heading("Quotes that travel", `${dom.count(store.quotes.length, "run")} of words that different articles share`),
      host,
      more,
      rest("quotes"),
    );
  }

  function pages() {
    const rows = element("tbody", {});
    const more = element("div", {});
    const found = element("p", { class: "note", role: "status" });
    const field = element("input", {
      id: "page-search",
      type: "search",
      spellcheck: "false",
      placeholder: "Name, site",
    });
    const fill = () => {
      const some = search.pagesLike(search.terms(field.value));
      rows.replaceChildren();
      more.replaceChildren(dom.gradual(rows, some.length, (at) => pageRow(some[at]), 200));
      found.textContent = `${number(some.length)} of ${dom.count(store.pages.length, "page")}`;
      found.hidden = field.value.trim() === "";
    };
    field.value = wantedPages;
    field.addEventListener("input", () => {
      wantedPages = field.value;
      fill();
    });
    field.addEventListener("keydown", emptied);
    fill();
    return element(
      "article",
      {},
      heading("Pages", `${dom.count(store.head.summary.pages, "page")} read`),
      element("div", { class: "page-finder" }, element("label", {}, "Find a page ", field), found),
      element("div", { class: "wide-table" }, pageTable(rows)),
      more,
      rest("pages"),
    );
  }

  /** Escape empties the field before it leads back. */
  function emptied(event) {
    const field = event.target;
    if (event.key !== "Escape" || field.value === "") return;
    event.stopPropagation();
    event.preventDefault();
    field.value = "";
    field.dispatchEvent(new Event("input"));
  }

  const pageTable = (rows) =>
    element(
      "table",
      { class: "places" },
      dom.headings(["Page", "Articles", "Kept texts", "Size"], [1, 2, 3]),
      rows,
    );

  function pageRow(page) {
    const blocks = store.onPage(page);
    const fresh = blocks.filter(({ at }) => at[5] === store.KEPT).length;
    const size = store.pages[page][1];
    return element(
      "tr",
      {},
      element("td", {}, articles.pageLink(page)),
      element("td", { class: "number" }, number(blocks.length)),
      element("td", { class: "number" }, number(fresh)),
      element("td", { class: "number" }, size === null ? "" : dom.bytes(size)),
    );
  }

  function skipped() {
    const rows = element("tbody", {});
    const more = dom.gradual(
      rows,
      store.skipped.length,
      (at) =>
        element(
          "tr",
          {},
          store.skipped[at].map((words) => element("td", {}, corpus(words))),
        ),
      200,
    );
    return element(
      "article",
      {},
      heading(
        "Not read",
        store.skipped.length === 0
          ? "Everything was read."
          : `${number(store.head.summary.skipped)} of the sources could not be read, wholly or in part`,
      ),
      element(
        "table",
        { class: "places" },
        dom.headings(["Source", "Why"]),
        rows,
      ),
      more,
      rest("skipped"),
    );
  }

  const pagesElsewhere = () =>
    store.fromPages
      ? "A JSON report made with --spans has all of them."
      : "Pages without an article are not in it; they are if the report is made from the pages.";

  /** What has no room in this file, said plainly; null if everything has. */
  function rest(kind) {
    const total = store.head.summary[kind] ?? 0;
    const listed = store.head.listed?.[kind] ?? total;
    if (listed >= total) return null;
    return element(
      "p",
      { class: "notice" },
      `This file shows ${number(listed)} of ${number(total)} ${kind}`,
      kind === "articles" ? ": those with copies come first. " : ". ",
      kind === "pages" ? pagesElsewhere() : "The JSON report has all of them.",
    );
  }

  const explained = {
    split: "How pages were taken apart",
    near: "Edited copies count as the same article",
    threshold: "Similarity from which they do",
    quotes: "Words of the shortest quote",
    keep: "Which copy is kept",
    prefer: "Copies kept before all others",
    encoding: "Encoding",
    max_page_size: "Largest page, bytes",
    include: "Only files like",
    exclude: "No files like",
    hidden: "Hidden files, too",
    follow: "Linked folders, too",
    input_format: "Form of the input",
    text_field: "Field of the text",
    id_field: "Field of the name",
    meta_fields: "Further fields",
    normalisation: "Version of the normalised form",
  };

  function method() {
    const { parameters, schema, version } = store.head;
    const rows = Object.entries(parameters).map(([key, value]) =>
      element("tr", {}, element("th", { scope: "row" }, explained[key] ?? key), element("td", {}, plain(value))),
    );
    return element(
      "article",
      { class: "reading" },
      heading("How this was found"),
      element(
        "p",
        {},
        parameters.split === "none"
          ? "Every page was taken for one article. "
          : "Every page was taken apart into its articles. ",
        "Articles whose words are the same are one article",
        parameters.near === false ? ". " : "; so are edited copies that are similar enough. ",
        "Each article has one kept text; every other place is counted as a copy of it.",
      ),
      element("table", { class: "places" }, element("tbody", {}, rows)),
      element("p", { class: "note" }, `Made by newsdedup ${version}, report schema ${schema}.`),
    );
  }

  function plain(value) {
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return "not set";
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (typeof value === "number") return number(value);
    return corpus(Array.isArray(value) ? value.join(", ") : value);
  }

  return { method, pages, quote, quoteCard, quotes, rest, skipped };
})();
