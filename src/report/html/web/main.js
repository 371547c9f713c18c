// Opens the file, and shows what the address asks for.

newsdedup.main = (() => {
  const { article, decode, difference, dom, filters, keys, list, others, overview, page, search, store } = newsdedup;
  const { byId, element } = dom;

  const views = {
    overview: overview.render, article: article.render, difference: difference.render, page: page.render,
    quote: others.quote, quotes: others.quotes, pages: others.pages, skipped: others.skipped, method: others.method,
  };

  let turn = 0;
  let before = null;

  /** `#article=3&copy=1` is `{ article: 3, copy: 1 }`, and its view is the difference. */
  function asked() {
    const parameters = {};
    for (const part of location.hash.slice(1).split("&")) {
      const [key, value] = part.split("=");
      if (/^[a-z]+$/.test(key)) parameters[key] = value === undefined ? true : Number(value);
    }
    return { parameters, view: viewOf(parameters) };
  }

  function viewOf(parameters) {
    if ("article" in parameters) return "copy" in parameters ? "difference" : "article";
    return Object.keys(views).find((name) => name in parameters) ?? "overview";
  }

  async function show() {
    const { parameters, view } = asked();
    document.body.dataset.pane = "list" in parameters ? "list" : "detail";
    if ("list" in parameters && before !== null) {
      markPlace();
      return;
    }
    turn += 1;
    const mine = turn;
    try {
      const content = await views[view](parameters);
      if (mine === turn) place(content, view, parameters);
    } catch (error) {
      failed(error);
    }
  }

  function place(content, view, parameters) {
    const detail = byId("detail");
    const inside = detail.contains(document.activeElement) || document.activeElement === document.body;
    const scroll = before === location.hash ? detail.scrollTop : 0;
    detail.replaceChildren(content);
    detail.dataset.view = view;
    detail.scrollTop = scroll;
    if (before !== null && inside) detail.querySelector("h2")?.focus({ preventScroll: true });
    if (document.body.dataset.pane === "detail" && before !== null) window.scrollTo(0, 0);
    before = location.hash;
    list.mark("article" in parameters ? parameters.article : -1);
    if (view === "page" && "at" in parameters) page.arrive();
    markPlace();
  }

  function markPlace() {
    const here = `#${location.hash.slice(1).split(/[=&]/)[0] || "overview"}`;
    for (const link of document.querySelectorAll("#places a")) {
      if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** One step back: from a comparison to its article, from anything else to the overview. */
  function up() {
    const { parameters, view } = asked();
    if (view === "difference") location.hash = `#article=${parameters.article}`;
    else if (view !== "overview" || document.body.dataset.pane === "list") location.hash = "#overview";
  }

  const missing = (what) => element("p", { class: "notice" }, `There is no such ${what} in this report. `,
    element("a", { href: "#overview" }, "To the overview"));

  function failed(error) {
    dom.announceTrouble(`This file cannot be shown as it should: ${error?.message ?? error}. `
      + "It may have been cut off or changed; make it again with newsdedup.");
  }

  async function start() {
    if (!decode.possible()) {
      dom.announceTrouble("This browser is too old for this report: it cannot unpack the data in it. "
        + "Firefox 113, Chrome 103, Safari 16.4 and all later ones can.");
      return;
    }
    try {
      await store.open();
      await begin();
    } catch (error) {
      failed(error);
    }
  }

  async function begin() {
    byId("to-quotes").hidden = !(store.head.summary.quotes > 0);
    byId("to-skipped").hidden = !(store.head.summary.skipped > 0);
    byId("more-filters").open = !matchMedia("(max-width: 720px)").matches;
    search.open();
    filters.begin();
    list.begin((index) => { location.hash = `#article=${index}`; });
    keys.begin(up);
    filters.apply();
    window.addEventListener("hashchange", show);
    await show();
    document.body.dataset.ready = "true";
    await search.openTexts();
    document.body.dataset.searchable = "true";
    if (byId("search").value.trim() !== "") filters.apply();
    else list.draw();
  }

  return { missing, start };
})();

newsdedup.main.start();
