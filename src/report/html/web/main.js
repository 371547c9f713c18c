// Opens the file, and shows what the address asks for.

newsdedup.main = (() => {
  const { article, decode, difference, dom, filters, keys, list, others, overview, page, search, store } = newsdedup;
  const { byId } = dom;

  const views = {
    overview: overview.render,
    article: article.render,
    difference: difference.render,
    page: page.render,
    quote: others.quote,
    quotes: others.quotes,
    pages: others.pages,
    skipped: others.skipped,
    method: others.method,
  };

  let turn = 0;
  let before = null;
  let waiting = 0;

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
      toList();
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

  /** Where there is room for both, the detail stays as it is. */
  function toList() {
    list.appear();
    if (!byId("finder").contains(document.activeElement)) list.focus();
    markPlace();
  }

  function place(content, view, parameters) {
    const detail = byId("detail");
    const inside = detail.contains(document.activeElement) || document.activeElement === document.body;
    const same = before === location.hash;
    const scroll = same ? detail.scrollTop : (scrolls.get(history.state?.visit) ?? 0);
    detail.replaceChildren(content);
    detail.dataset.view = view;
    detail.scrollTop = scroll;
    if (before !== null && !same && inside) detail.querySelector("h2")?.focus({ preventScroll: true });
    list.mark("article" in parameters ? parameters.article : -1);
    if (view === "page" && "at" in parameters && !same && scroll === 0) page.arrive();
    before = location.hash;
    markPlace();
  }

  // A visit is one stay at one address. Going back to it finds it scrolled as it was left.

  const scrolls = new Map();
  let visit = history.state?.visit ?? 0;
  let latest = visit;

  function arrived() {
    if (history.state?.visit === undefined) {
      latest += 1;
      remember({ visit: latest });
    }
    visit = history.state?.visit ?? latest;
  }

  /** Browsers refuse this to those that do it very often; then a visit is just not found again. */
  function remember(state) {
    try {
      history.replaceState(state, "");
    } catch {
      // The address is what counts.
    }
  }

  function moved() {
    arrived();
    show();
  }

  /** The words that are searched for are marked in the text, too. */
  function searched() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (["article", "page"].includes(byId("detail").dataset.view) && before === location.hash) show();
    }, 250);
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

  function failed(error) {
    if (store.articles.length === 0) byId("count").textContent = "";
    dom.announceTrouble(
      `This file cannot be shown as it should: ${error?.message ?? error}. ` +
        "It may have been cut off or changed; make it again with newsdedup.",
    );
  }

  async function start() {
    if (!decode.possible()) {
      dom.announceTrouble(
        "This browser is too old for this report: it cannot unpack the data in it. " +
          "Firefox 113, Chrome 103, Safari 16.4 and all later ones can.",
      );
      return;
    }
    byId("count").textContent = "Reading …";
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
    const fold = () => (byId("more-filters").open = !dom.narrow.matches);
    dom.narrow.addEventListener("change", fold);
    fold();
    filters.begin();
    list.begin((index) => {
      location.hash = `#article=${index}`;
    });
    keys.begin(up);
    filters.apply();
    arrived();
    window.addEventListener("hashchange", moved);
    byId("search").addEventListener("input", searched);
    byId("detail").addEventListener("scroll", () => scrolls.set(visit, byId("detail").scrollTop), { passive: true });
    await show();
    document.body.dataset.ready = "true";
    await search.openTexts();
    document.body.dataset.searchable = "true";
    if (byId("search").value.trim() !== "") filters.apply();
    else list.draw();
  }

  return { start };
})();

newsdedup.main.start();
