// The pictures of the overview: what they show, and which articles a bar or cell stands for.

newsdedup.pictures = (() => {
  const { charts, dom, filters, store } = newsdedup;
  const { drawn, element, number } = dom;
  const SITES = 16;
  const SITES_WHERE_NARROW = 8;

  /** Shows the articles of a bar or cell in the list. */
  const picking = (label, test) => () => {
    filters.pick({ label, test });
    if (matchMedia("(max-width: 720px)").matches) location.hash = "#list";
  };

  const choosing = (value) => () => {
    filters.set("filter-match", value);
    if (matchMedia("(max-width: 720px)").matches) location.hash = "#list";
  };

  const all = () => element("section", { class: "pictures", "aria-label": "Pictures" },
    copies(), similarity(), matrix(), timeline(), bytes());

  /** A picture with its name, its words, and the same numbers as a table; `draw(width)` gives shapes. */
  function picture({ name, title, words, entries, draw, empty }) {
    const figure = element("figure", { "data-figure": name });
    figure.append(element("figcaption", {}, element("h3", {}, title), element("p", { class: "note" }, empty ?? words)));
    if (empty) return figure;
    const svg = drawn("svg", { role: "img", "aria-label": title });
    const redraw = () => {
      const width = Math.max(240, Math.floor(figure.clientWidth - 2 * PADDING));
      if (svg.dataset.width === String(width)) return;
      svg.dataset.width = width;
      const { height, nodes } = draw(width);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      svg.setAttribute("height", height);
      svg.replaceChildren(drawn("title", {}, title), ...nodes.filter(Boolean));
    };
    new ResizeObserver(redraw).observe(figure);
    figure.append(svg, table(title, entries));
    return figure;
  }

  const PADDING = 20;

  const table = (title, entries) => element("details", {}, element("summary", {}, "As a table"),
    element("table", { "aria-label": title }, element("tbody", {}, entries.map((entry) => element("tr", {},
      element("th", { scope: "row" }, entry.pick
        ? element("button", { type: "button", onclick: entry.pick, title: "Show these articles" }, dom.corpus(entry.label))
        : dom.corpus(entry.label)),
      element("td", { class: "number" }, entry.told ?? number(entry.value)))))));

  // Copies per article.

  const STEPS = [1, 2, 3, 4, 5, 6, 8, 11, 21, 51, 101, 1001, 10001, Infinity];

  function copies() {
    const counts = store.articles.map((article) => article.copies);
    const most = counts.reduce((most, n) => Math.max(most, n), 0);
    const entries = [];
    for (let i = 0; i + 1 < STEPS.length && STEPS[i] <= most; i += 1) {
      const [from, to] = [STEPS[i], STEPS[i + 1]];
      const label = `in ${interval(from, to)} ${to === 2 ? "place" : "places"}`;
      entries.push({
        key: from, label, short: interval(from, to), value: counts.filter((n) => n >= from && n < to).length,
        pick: picking(label, (index) => counts[index] >= from && counts[index] < to),
      });
    }
    return picture({
      name: "copies", title: "Copies per article", entries,
      words: "How many articles stand in one place, in two, in three and so on.",
      empty: most < 2 ? "Every article stands in one place only." : null,
      draw: (width) => charts.columns(width, entries),
    });
  }

  const interval = (from, to) =>
    (to === Infinity ? `${number(from)}+` : to - from === 1 ? number(from) : `${number(from)}–${number(to - 1)}`);

  // Similarity of edited copies.

  function similarity() {
    const BINS = 20;
    const { near, threshold } = store.head.parameters;
    const values = new Uint32Array(BINS);
    const bin = (value) => Math.min(BINS - 1, Math.floor(value * BINS + 1e-9));
    const inBin = (article, wanted) => article.at.some((at) => at[5] === store.NEAR && bin(at[6]) === wanted);
    for (const article of store.articles) for (const at of article.at) if (at[5] === store.NEAR) values[bin(at[6])] += 1;
    const entries = Array.from(values, (value, i) => {
      const label = `${i * 5}–${i * 5 + 5} % alike`;
      return { key: i * 5, label, short: `${i * 5}`, value, pick: picking(label, (index) => inBin(store.articles[index], i)) };
    });
    const nothing = near === false ? "Edited copies were not looked for." : "There are no edited copies.";
    return picture({
      name: "similarity", title: "How alike edited copies are", entries: entries.filter((entry) => entry.value > 0),
      words: "Edited copies by the share of words, in percent, that they have in common with the kept text.",
      empty: values.every((value) => value === 0) ? nothing : null,
      draw: (width) => charts.columns(width, entries,
        { at: threshold, words: `counts as a copy from ${number(threshold * 100)} %` }),
    });
  }

  // Sites that have articles in common.

  function matrix() {
    const names = store.sites.names;
    const pairs = sharedBySites();
    const weight = new Map();
    for (const [pair, value] of pairs) {
      for (const site of pair.split(" ")) weight.set(Number(site), (weight.get(Number(site)) ?? 0) + value);
    }
    const order = [...weight.keys()].sort((a, b) => weight.get(b) - weight.get(a) || a - b);
    const cell = (a, b) => pairs.get(a < b ? `${a} ${b}` : `${b} ${a}`) ?? 0;
    const top = order.slice(0, SITES);
    const entryOf = (a, b) => ({
      key: `${names[a]} × ${names[b]}`, label: `${names[a]} and ${names[b]}`, value: cell(a, b),
      pick: cell(a, b) === 0 ? null : picking(`in ${names[a]} and ${names[b]}`, (index) =>
        store.facts[index].sites.includes(a) && store.facts[index].sites.includes(b)),
    });
    const entries = top.flatMap((a, i) => top.slice(i + 1).map((b) => entryOf(a, b))).filter((entry) => entry.value > 0);
    return picture({
      name: "sites", title: "Sites that have articles in common", entries: entries.sort((a, b) => b.value - a.value),
      words: siteWords(order.length, top.length, names.length), empty: noSites(names.length, order.length),
      draw: (width) => {
        const sites = top.slice(0, width < 420 ? SITES_WHERE_NARROW : SITES);
        return charts.square(width, sites.map((site) => names[site]), sites.flatMap((a, row) =>
          sites.map((b, column) => ({ ...entryOf(a, b), row, column })).filter((_, column) => column !== row)));
      },
    });
  }

  /** `"2 5"` → articles that stand in both sites. Articles in very many sites count for the first hundred. */
  function sharedBySites() {
    const pairs = new Map();
    for (const { sites } of store.facts) {
      const some = sites.slice(0, 100).sort((a, b) => a - b);
      some.forEach((a, i) => some.slice(i + 1).forEach((b) => pairs.set(`${a} ${b}`, (pairs.get(`${a} ${b}`) ?? 0) + 1)));
    }
    return pairs;
  }

  function siteWords(sharing, shown, total) {
    const left = sharing > shown ? ` The ${shown} that share most of ${number(sharing)} are shown.` : "";
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
      (article.date_iso ? Date.parse(`${article.date_iso.slice(0, 10)}T00:00:00Z`) : NaN));
    const dated = days.filter((day) => !Number.isNaN(day));
    if (dated.length === 0) return picture({ name: "timeline", title: "When", empty: "No article gives a date that can be read." });
    const [first, last] = [dated.reduce((a, b) => Math.min(a, b)), dated.reduce((a, b) => Math.max(a, b))];
    const unit = unitFor((last - first) / DAY);
    const numbers = days.map((day) => (Number.isNaN(day) ? null : unit.of(new Date(day))));
    const [from, to] = [unit.of(new Date(first)), unit.of(new Date(last))];
    const values = new Uint32Array(to - from + 1);
    for (const n of numbers) if (n !== null) values[n - from] += 1;
    const entries = Array.from(values, (value, i) => {
      const label = unit.label(from + i);
      return { key: label, label, short: unit.short(from + i), value, pick: value === 0 ? null : picking(label, (index) => numbers[index] === from + i) };
    });
    const without = days.length - dated.length;
    return picture({
      name: "timeline", title: "When", entries: entries.filter((entry) => entry.value > 0),
      words: `Articles by ${unit.name}${without > 0 ? `; ${dom.count(without, "article")} without a date` : ""}.`,
      draw: (width) => charts.columns(width, entries),
    });
  }

  const form = (options) => {
    const format = new Intl.DateTimeFormat("en", { timeZone: "UTC", ...options });
    return (time) => format.format(time);
  };
  const byDay = [form({ day: "numeric", month: "long", year: "numeric" }), form({ day: "numeric", month: "short" })];
  const byMonth = [form({ month: "long", year: "numeric" }), form({ month: "short", year: "2-digit" })];
  const month = (n) => Date.UTC(Math.floor(n / 12), n % 12);

  function unitFor(days) {
    if (days <= 45) {
      return { name: "day", of: (date) => Math.floor(date / DAY), label: (n) => byDay[0](n * DAY), short: (n) => byDay[1](n * DAY) };
    }
    if (days <= 1500) {
      return { name: "month", of: (date) => date.getUTCFullYear() * 12 + date.getUTCMonth(), label: (n) => byMonth[0](month(n)), short: (n) => byMonth[1](month(n)) };
    }
    const years = days <= 60_000 ? 1 : days <= 600_000 ? 10 : 100;
    const label = (n) => (years === 1 ? String(n) : `${n * years}–${n * years + years - 1}`);
    return { name: years === 1 ? "year" : `${years} years`, of: (date) => Math.floor(date.getUTCFullYear() / years), label, short: (n) => String(n * years) };
  }

  // Bytes.

  function bytes() {
    const { kept, exact, near } = store.head.bytes;
    const total = store.head.summary.bytes;
    const rest = Math.max(0, total - kept - exact - near);
    const entry = (key, label, value, pick) => ({ key, label, value, told: dom.bytes(value), pick });
    const entries = [
      entry("kept", "kept texts", kept, null), entry("exact", "exact copies", exact, exact > 0 ? choosing("exact") : null),
      entry("near", "edited copies", near, near > 0 ? choosing("near") : null),
      entry("rest", "site words and the rest", rest, null),
    ];
    return picture({
      name: "bytes", title: "How the bytes divide", entries,
      words: `What the ${dom.bytes(total)} of all pages consist of. The rest is site words, blank lines and markup.`,
      empty: total === 0 ? "There are no bytes to divide." : null,
      draw: (width) => charts.divided(width, entries),
    });
  }

  return { all };
})();
