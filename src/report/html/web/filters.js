// What the list shows: the search, the filters, the order, and what was picked in a picture.

newsdedup.filters = (() => {
  const { dom, list, search, store } = newsdedup;
  const { byId, element, number } = dom;
  /** A longer menu helps nobody; the other sites are found by searching for their names. */
  const MOST_SITES = 500;
  const AT_LEAST = [1, 2, 3, 5, 10, 20, 50, 100, 1000, 10000];

  const matches = {
    any: () => true,
    exact: (index) => store.facts[index].exact > 0,
    near: (index) => store.facts[index].near > 0,
    excerpt: (index) => store.articles[index].in.length > 0 || store.articles[index].has.length > 0,
    quoted: (index) => store.facts[index].quotes.length > 0,
    single: (index) => store.articles[index].copies === 1,
  };

  const time = (index) => store.articles[index].date_iso ?? "";
  const compareText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  const orders = {
    copies: (a, b) => store.articles[b].copies - store.articles[a].copies,
    similarity: (a, b) => store.facts[a].lowest - store.facts[b].lowest,
    date: (a, b) => compareText(time(b), time(a)),
    words: (a, b) => store.articles[b].words - store.articles[a].words,
    headline: (a, b) => headlineRank()[a] - headlineRank()[b],
  };

  const sorted = new Map();
  let ranks = null;
  let picked = null;

  /** Comparing by the rules of languages is slow, so it is done once. */
  function headlineRank() {
    if (ranks) return ranks;
    const collator = new Intl.Collator("en", { numeric: true });
    const titles = store.articles.map((_, index) => store.title(index).replace(/^[^\p{L}\p{N}]+/u, ""));
    const order = titles.map((_, index) => index).sort((a, b) => collator.compare(titles[a], titles[b]) || a - b);
    ranks = new Uint32Array(order.length);
    order.forEach((index, rank) => {
      ranks[index] = rank;
    });
    return ranks;
  }

  function inOrder(name) {
    if (!sorted.has(name)) {
      const all = store.articles.map((_, index) => index);
      sorted.set(name, orders[name] ? all.sort((a, b) => orders[name](a, b) || a - b) : all);
    }
    return sorted.get(name);
  }

  function begin() {
    offerCopies();
    offerSites();
    byId("search").addEventListener("input", apply);
    for (const id of ["filter-match", "filter-site", "filter-copies", "sort"])
      byId(id).addEventListener("change", apply);
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("reset").addEventListener("click", reset);
    byId("picked").addEventListener("click", () => pick(null));
  }

  function offerCopies() {
    const most = store.articles.reduce((copies, article) => Math.max(copies, article.copies), 1);
    byId("filter-copies").replaceChildren(
      ...AT_LEAST.filter((n) => n <= Math.max(10, most)).map((n) =>
        element("option", { value: n }, n === 1 ? "any number" : `${number(n)} or more`),
      ),
    );
  }

  function offerSites() {
    const { names } = store.sites;
    const counts = new Uint32Array(names.length);
    for (const facts of store.facts) for (const site of facts.sites) counts[site] += 1;
    const byCount = names
      .map((_, site) => site)
      .sort((a, b) => counts[b] - counts[a] || compareText(names[a], names[b]));
    byId("filter-site").replaceChildren(
      element("option", { value: "" }, "all sites"),
      ...byCount
        .slice(0, MOST_SITES)
        .map((site) =>
          element("option", { value: names[site], dir: "auto" }, `${dom.shown(names[site])} (${number(counts[site])})`),
        ),
    );
    byId("site-choice").hidden = names.length < 2;
  }

  function apply() {
    const query = byId("search").value;
    const hits = search.find(query);
    const match = matches[byId("filter-match").value] ?? matches.any;
    const site = store.sites.names.indexOf(byId("filter-site").value);
    const least = Number(byId("filter-copies").value);
    const found = inOrder(byId("sort").value).filter(
      (index) =>
        (hits === null || hits[index] === 1) &&
        store.articles[index].copies >= least &&
        match(index) &&
        (site < 0 || store.facts[index].sites.includes(site)) &&
        (picked === null || picked.test(index)),
    );
    list.show(found, search.terms(query));
    say(found.length, query);
  }

  function say(found, query) {
    const total = store.articles.length;
    const articles = dom.count(total, "article");
    const waiting = query.trim() !== "" && !search.isComplete() ? ", texts are still being read" : "";
    byId("count").textContent = `${found === total ? articles : `${number(found)} of ${articles}`}${waiting}`;
    byId("reset").hidden = found === total && query === "" && picked === null && !isNarrowed();
    byId("picked").hidden = picked === null;
    if (picked) byId("picked").replaceChildren(dom.corpus(picked.label), " ✕");
    if (picked) byId("picked").setAttribute("aria-label", `${picked.label}: remove this filter`);
  }

  const isNarrowed = () => ["filter-match", "filter-site", "filter-copies"].some((id) => byId(id).selectedIndex > 0);

  /** Shows only the articles of a bar or cell: `{ label, test(index) }`; null shows them all again. */
  function pick(what) {
    picked = what;
    apply();
  }

  function reset() {
    for (const id of ["filter-match", "filter-site", "filter-copies", "sort"]) byId(id).selectedIndex = 0;
    byId("search").value = "";
    pick(null);
  }

  /** Sets one of the choices, as if the reader had. */
  function set(id, value) {
    byId(id).value = value;
    apply();
  }

  return { apply, begin, pick, set };
})();
