// The pictures of the overview: what they show, and which articles a bar or cell stands for.

newsdedup.pictures = (() => {
  const { charts, dom, filters, store } = newsdedup;
  const { drawn, element, number } = dom;
  const SITES = 16;

  /** Shows the articles of a bar or cell in the list. */
  const picking = (label, test) => () => {
    filters.pick({ label, test });
    if (dom.narrow.matches) location.hash = "#list";
  };

  const choosing = (value) => () => {
    filters.set("filter-match", value);
    if (dom.narrow.matches) location.hash = "#list";
  };

  const all = () => {
    const made = [copies(), bytes(), matrix(), timeline(), similarity()];
    const empty = (figure) => figure.classList.contains("empty");
    return element(
      "section",
      { "aria-label": "Pictures" },
      counted(),
      element(
        "div",
        { class: "pictures" },
        made.filter((figure) => !empty(figure)),
      ),
      made.filter(empty),
    );
  };

  /** Says so if the pictures count less than the report does. */
  function counted() {
    const total = store.head.summary.articles;
    const listed = store.articles.length;
    const places = store.articles.reduce((sum, article) => sum + article.copies, 0);
    const here = store.articles.reduce((sum, article) => sum + article.at.length, 0);
    if (listed >= total && here >= places) return null;
    const what = `the ${dom.count(listed, "article")} in this file`;
    const where = here < places ? `, with ${number(here)} of their ${dom.count(places, "place")}` : "";
    const divided = "How the bytes divide is of the whole report.";
    return element("p", { class: "note counted" }, `The pictures count ${what}${where}. ${divided}`);
  }

  /** A picture with its name, its words, and the same numbers as a table; `draw(width)` gives shapes. */
  function picture({ name, title, words, entries, draw, empty }) {
    const figure = element("figure", { "data-figure": name, class: empty ? "empty" : null });
    const note = element("p", { class: "note" }, empty ?? words);
    figure.append(element("figcaption", {}, element("h3", {}, title), note));
    if (empty) return figure;
    const svg = drawn("svg", { role: "img", "aria-label": title });
    // As wide as the picture may be, and of a height that drawing it does not change.
    const ruler = element("div", { class: "ruler" });
    const redraw = () => {
      const width = Math.max(240, Math.floor(ruler.clientWidth));
      if (svg.dataset.width === String(width)) return;
      svg.dataset.width = width;
      const { height, nodes, told } = draw(width);
      if (told) note.textContent = told;
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("height", height);
      svg.replaceChildren(drawn("title", {}, title), ...nodes.filter(Boolean));
    };
    new ResizeObserver(redraw).observe(ruler);
    figure.append(ruler, svg, table(title, entries));
    return figure;
  }

  const table = (title, entries) =>
    element(
      "details",
      {},
      element("summary", {}, "As a table"),
      element(
        "table",
        { "aria-label": title },
        element(
          "tbody",
          {},
          entries.map((entry) =>
            element(
              "tr",
              {},
              element(
                "th",
                { scope: "row" },
                entry.pick
                  ? element(
                      "button",
                      { type: "button", onclick: entry.pick, title: "Show these articles" },
                      dom.corpus(entry.label),
                    )
                  : dom.corpus(entry.label),
              ),
              element("td", { class: "number" }, entry.told ?? number(entry.value)),
            ),
          ),
        ),
      ),
    );

  // Copies per article.

  const STEPS = [1, 2, 3, 4, 5, 6, 8, 11, 21, 51, 101, 1001, 10001, Infinity];

  function copies() {
    const counts = store.articles.map((article) => article.copies);
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    const entries = [];
    for (let i = 0; i + 1 < STEPS.length && STEPS[i] <= most; i += 1) {
      const [from, to] = [STEPS[i], STEPS[i + 1]];
      const label = `in ${interval(from, to)} ${to === 2 ? "place" : "places"}`;
      const value = counts.filter((n) => n >= from && n < to).length;
      entries.push({
        key: from,
        label,
        short: interval(from, to),
        value,
        pick: value === 0 ? null : picking(label, (index) => counts[index] >= from && counts[index] < to),
      });
    }
    return picture({
      name: "copies",
      title: "Copies per article",
      entries,
      words: "How many articles stand in one place, in two, in three and so on.",
      empty: most < 2 ? "Every article stands in one place only." : null,
      draw: (width) => charts.columns(width, entries),
    });
  }

  const interval = (from, to) =>
    to === Infinity ? `${number(from)}+` : to - from === 1 ? number(from) : `${number(from)}–${number(to - 1)}`;

  // Similarity of edited copies.

  function similarity() {
    const BINS = 20;
    const { near, threshold } = store.head.parameters;
    const values = new Uint32Array(BINS);
    const bin = (value) => Math.min(BINS - 1, Math.floor(value * BINS + 1e-9));
    const inBin = (article, wanted) => article.at.some((at) => at[5] === store.NEAR && bin(at[6]) === wanted);
    for (const article of store.articles)
      for (const at of article.at) if (at[5] === store.NEAR) values[bin(at[6])] += 1;
    const entries = Array.from(values, (value, i) => {
      const label = `${i * 5}–${i * 5 + 5} % alike`;
      return {
        key: i * 5,
        label,
        short: `${i * 5}`,
        value,
        pick: value === 0 ? null : picking(label, (index) => inBin(store.articles[index], i)),
      };
    });
    const nothing = near === false ? "Edited copies were not looked for." : "There are no edited copies.";
    return picture({
      name: "similarity",
      title: "How alike edited copies are",
      entries: entries.filter((entry) => entry.value > 0),
      words: "Edited copies by their similarity to the kept text: 0 is unrelated, 100 the same.",
      empty: values.every((value) => value === 0) ? nothing : null,
      draw: (width) =>
        charts.columns(width, entries, {
          at: threshold,
          words: `counts as a copy from ${number(threshold * 100)} %`,
          end: "100 %",
        }),
    });
  }

  // Sites that have articles in common.

  function matrix() {
    const names = store.sites.names;
    const order = sharingSites();
    const top = order.slice(0, SITES);
    const counts = sharedBy(top);
    const entryOf = (row, column) => ({
      row,
      column,
      key: `${names[top[row]]} × ${names[top[column]]}`,
      label: `${names[top[row]]} and ${names[top[column]]}`,
      value: counts[row * SITES + column],
      pick: pickingSites(top[row], top[column], counts[row * SITES + column]),
    });
    const square = (size) => [...Array(size * size).keys()].map((i) => entryOf(Math.floor(i / size), i % size));
    const entries = square(top.length).filter(({ row, column, value }) => row < column && value > 0);
    return picture({
      name: "sites",
      title: "Sites that have articles in common",
      entries: entries.sort((a, b) => b.value - a.value),
      words: "",
      empty: noSites(names.length, order.length),
      draw: (width) => {
        const sites = top.slice(0, width < 340 ? 8 : width < 460 ? 12 : SITES);
        const cells = square(sites.length).filter(({ row, column }) => row !== column);
        const drawing = charts.square(
          width,
          sites.map((site) => names[site]),
          cells,
        );
        return { ...drawing, told: siteWords(order.length, sites.length, names.length) };
      },
    });
  }

  function pickingSites(a, b, shared) {
    const both = (index) => store.facts[index].sites.includes(a) && store.facts[index].sites.includes(b);
    return shared === 0 ? null : picking(`in ${store.sites.names[a]} and ${store.sites.names[b]}`, both);
  }

  /** The sites that share articles with others, those with most of them first. */
  function sharingSites() {
    const shared = new Uint32Array(store.sites.names.length);
    for (const { sites } of store.facts) if (sites.length > 1) for (const site of sites) shared[site] += 1;
    const sharing = [...shared.keys()].filter((site) => shared[site] > 0);
    return sharing.sort((a, b) => shared[b] - shared[a] || a - b);
  }

  /** How many articles each two of the sites share: a square of `SITES` × `SITES`. */
  function sharedBy(top) {
    const place = new Map(top.map((site, at) => [site, at]));
    const counts = new Uint32Array(SITES * SITES);
    for (const { sites } of store.facts) {
      const here = sites.map((site) => place.get(site)).filter((at) => at !== undefined);
      for (const row of here) for (const column of here) counts[row * SITES + column] += 1;
    }
    return counts;
  }

  function siteWords(sharing, shown, total) {
    const left = sharing > shown ? ` Shown are the ${shown} that share most, of ${number(sharing)}.` : "";
    const alone = total > sharing ? ` ${dom.count(total - sharing, "site")} share nothing.` : "";
    return `How many articles stand in both of two sites.${left}${alone.replace("1 site share ", "1 site shares ")}`;
  }

  function noSites(total, sharing) {
    if (total < 2) return "All pages are of one site.";
    return sharing === 0 ? "No article stands in more than one site." : null;
  }

  // Time.

  const DAY = 86_400_000;

  function timeline() {
    const days = store.articles.map((article) =>
      article.date_iso ? Date.parse(`${article.date_iso.slice(0, 10)}T00:00:00Z`) : NaN,
    );
    const dated = days.filter((day) => !Number.isNaN(day));
    if (dated.length === 0)
      return picture({ name: "timeline", title: "When", empty: "No article gives a date that can be read." });
    const [first, last] = [dated.reduce((a, b) => Math.min(a, b)), dated.reduce((a, b) => Math.max(a, b))];
    const unit = unitFor((last - first) / DAY);
    const numbers = days.map((day) => (Number.isNaN(day) ? null : unit.of(new Date(day))));
    const [from, to] = [unit.of(new Date(first)), unit.of(new Date(last))];
    const values = new Uint32Array(to - from + 1);
    for (const n of numbers) if (n !== null) values[n - from] += 1;
    const entries = Array.from(values, (value, i) => {
      const label = unit.label(from + i);
      return {
        key: label,
        label,
        short: unit.short(from + i),
        value,
        pick: value === 0 ? null : picking(label, (index) => numbers[index] === from + i),
      };
    });
    const without = days.length - dated.length;
    return picture({
      name: "timeline",
      title: "When",
      entries: entries.filter((entry) => entry.value > 0),
      words: `Articles by ${unit.name}${without > 0 ? `; ${dom.count(without, "article")} without a date` : ""}.`,
      draw: (width) => charts.columns(width, entries),
    });
  }

  const form = (options) => {
    const format = new Intl.DateTimeFormat("en", { timeZone: "UTC", ...options });
    return (time) => format.format(time);
  };
  const byDay = [form({ day: "numeric", month: "long", year: "numeric" }), form({ day: "numeric", month: "short" })];
  const byMonth = [form({ month: "long", year: "numeric" }), form({ month: "short", year: "numeric" })];
  const month = (n) => Date.UTC(Math.floor(n / 12), n % 12);

  function unitFor(days) {
    if (days <= 45) {
      return {
        name: "day",
        of: (date) => Math.floor(date / DAY),
        label: (n) => byDay[0](n * DAY),
        short: (n) => byDay[1](n * DAY),
      };
    }
    if (days <= 1500) {
      return {
        name: "month",
        of: (date) => date.getUTCFullYear() * 12 + date.getUTCMonth(),
        label: (n) => byMonth[0](month(n)),
        short: (n) => byMonth[1](month(n)),
      };
    }
    const years = days <= 60_000 ? 1 : days <= 600_000 ? 10 : 100;
    const label = (n) => (years === 1 ? String(n) : `${n * years}–${n * years + years - 1}`);
    return {
      name: { 1: "year", 10: "decade", 100: "century" }[years],
      of: (date) => Math.floor(date.getUTCFullYear() / years),
      label,
      short: (n) => String(n * years),
    };
  }

  // Bytes.

  function bytes() {
    const { kept, exact, near } = store.head.bytes;
    const total = store.head.summary.bytes;
    const rest = Math.max(0, total - kept - exact - near);
    const entry = (key, label, value, pick) => ({ key, label, value, told: dom.bytes(value), pick });
    const entries = [
      entry("kept", "kept texts", kept, null),
      entry("exact", "exact copies", exact, exact > 0 ? choosing("exact") : null),
      entry("near", "edited copies", near, near > 0 ? choosing("near") : null),
      entry("rest", "site words and the rest", rest, null),
    ];
    return picture({
      name: "bytes",
      title: "How the bytes divide",
      entries,
      words: `What the ${dom.bytes(total)} of all pages consist of. An article reaches from its first byte to its last, with any markup between; the rest is site words, blank lines and other markup.`,
      empty: total === 0 ? "There are no bytes to divide." : null,
      draw: (width) => charts.divided(width, entries),
    });
  }

  return { all };
})();
