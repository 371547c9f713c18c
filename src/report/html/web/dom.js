// What every other part builds with. The parts are joined into one script, each after those that it needs:
// dom, decode, sites, store, search, text, list, filters, diff, align, article, difference, page, others, charts,
// pictures, overview, keys, main. Each adds itself to `newsdedup`.
// Text from the corpus enters the page as text nodes only: nothing here takes markup.
"use strict";

const newsdedup = {};

newsdedup.dom = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  /** Characters that would reorder or hide the text around them, and control characters but for the tab. */
  const UNSEEN = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

  const byId = (id) => document.getElementById(id);

  /** The text with a visible sign of the same length for every character that could deceive the eye. */
  function shown(text) {
    return String(text).replace(UNSEEN, (c) => {
      const code = c.charCodeAt(0);
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return code === 0x7f ? "\u2421" : "\u00b7";
    });
  }

  function fill(node, properties, children) {
    for (const [key, value] of Object.entries(properties ?? {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (key === "text") node.textContent = value;
      else node.setAttribute(key, value === true ? "" : String(value));
    }
    for (const child of children.flat(3)) {
      if (child !== null && child !== undefined && child !== false) node.append(child);
    }
    return node;
  }

  /** An element: `element("a", { href: "#overview" }, "Overview")`. Strings become text nodes. */
  const element = (name, properties, ...children) => fill(document.createElement(name), properties, children);

  /** The same for drawings. */
  const drawn = (name, properties, ...children) => fill(document.createElementNS(SVG, name), properties, children);

  /** A text of the corpus, on its own in a line that runs the other way, perhaps. */
  const corpus = (text, properties) => element("bdi", { dir: "auto", ...properties }, shown(text));

  const grouping = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
  const number = (n) => grouping.format(n);

  const irregular = { copy: "copies", "exact copy": "exact copies", "edited copy": "edited copies" };

  /** `1 page`, `2 pages`. */
  const count = (n, word) => `${number(n)} ${n === 1 ? word : (irregular[word] ?? `${word}s`)}`;

  /** `a, b and c`. */
  const listed = (words) =>
    words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;

  /** A share of 1 in whole percent, rounded down as the tool does, so that 100 % is nothing but equality. */
  const percent = (share) => `${Math.floor(share * 100 + 1e-9)} %`;

  function bytes(n) {
    const units = ["bytes", "KB", "MB", "GB", "TB"];
    let unit = 0;
    while (n >= 1000 && unit < units.length - 1) [n, unit] = [n / 1000, unit + 1];
    return `${number(n)} ${n === 1 && unit === 0 ? "byte" : units[unit]}`;
  }

  /** The head of a table; `numbers` says which columns hold numbers. */
  const headings = (names, numbers = []) =>
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        names.map((name, at) => element("th", { scope: "col", class: numbers.includes(at) ? "number" : null }, name)),
      ),
    );

  /** Rows that are made at once at most. */
  const MOST_ROWS = 2000;

  /** A list that shows its first rows and offers more of them, so that a long one opens as fast as a short one. */
  function gradual(host, total, make, step = 100) {
    let next = 0;
    const more = element("button", { type: "button", class: "more" });
    const show = () => {
      const end = Math.min(total, next + step);
      const rows = document.createDocumentFragment();
      for (; next < end; next += 1) rows.append(make(next));
      host.append(rows);
      step = Math.min(step * 10, MOST_ROWS);
      more.textContent = `Show ${number(Math.min(step, total - next))} more of ${number(total)}`;
      more.hidden = next >= total;
    };
    more.addEventListener("click", show);
    show();
    return more;
  }

  const announceTrouble = (message) => {
    const trouble = byId("trouble");
    trouble.textContent = message;
    trouble.hidden = false;
  };

  const missing = (what) =>
    element(
      "p",
      { class: "notice" },
      `There is no such ${what} in this report. `,
      element("a", { href: "#overview" }, "To the overview"),
    );

  /** Whether list and detail take turns, as the style has it. */
  const narrow = matchMedia("(max-width: 720px)");

  return {
    announceTrouble,
    byId,
    bytes,
    corpus,
    count,
    drawn,
    element,
    gradual,
    headings,
    listed,
    missing,
    narrow,
    number,
    percent,
    shown,
  };
})();
