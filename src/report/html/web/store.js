// What the file says, unpacked: articles, pages, quotes, skipped sources at once; lines and page texts later.

newsdedup.store = (() => {
  const { decode, sites } = newsdedup;
  const KEPT = 0;
  const EXACT = 1;
  const NEAR = 2;
  /** Characters of a text that the file gives as its beginning. */
  const BEGINNING = 120;
  const MATCHES = ["kept text", "exact copy", "edited copy"];
  const store = { KEPT, EXACT, NEAR, MATCHES, head: null, articles: [], pages: [], quotes: [], skipped: [] };

  /**
   * What lists and filters ask of an article again and again, worked out once. Totals are those of the report, if it
   * states them; there may be less of it in the file.
   */
  function facts(article) {
    const seen = new Set();
    const pages = new Set();
    let [exact, near, lowest] = [0, 0, 2];
    for (const [page, , , , , match, similarity] of article.at) {
      seen.add(store.sites.of[page]);
      pages.add(page);
      if (match === EXACT) exact += 1;
      if (match === NEAR) near += 1;
      if (match === NEAR && similarity < lowest) lowest = similarity;
    }
    const kept = article.at.findIndex((at) => at[5] === KEPT);
    const totals = { exact: article.exact ?? exact, near: article.near ?? near, pages: article.pages ?? pages.size };
    return { ...totals, lowest, sites: [...seen], quotes: [], kept };
  }

  function attachQuotes() {
    store.quotes.forEach((quote, index) => {
      for (const article of new Set(quote.in.map((place) => place[0]))) {
        if (article >= 0) store.facts[article].quotes.push(index);
      }
    });
  }

  async function open() {
    const [head, articles, pages, quotes, skipped] = await Promise.all(
      ["head", "articles", "pages", "quotes", "skipped"].map(readKind),
    );
    Object.assign(store, { head, articles, pages, quotes, skipped });
    for (const article of articles) article.cut = article.body === null;
    for (const article of articles) article.body ??= [];
    // A report that is there already brings no texts of pages with it.
    store.fromPages = head.from_pages ?? (head.listed?.views ?? 0) > 0;
    store.sites = sites.all(pages);
    store.facts = articles.map(facts);
    attachQuotes();
    store.lines = lineTexts(decode.parts("lines"));
    viewParts = decode.parts("views", true);
  }

  async function readKind(kind) {
    if (kind !== "head") return decode.whole(kind);
    const [part] = decode.parts(kind);
    if (!part) throw new Error("it holds no data");
    return JSON.parse(await part.text());
  }

  /** The headline, or what comes nearest to one. */
  function title(index) {
    const article = store.articles[index];
    if (!article) return "an article that is not in this file";
    const text = article.headline || beginning(article) || article.captions[0] || "(no headline)";
    return text.replace(/\s*\n\s*/g, " ");
  }

  /** The first words of the text, if that is all there is to call it by. */
  function beginning({ begins }) {
    if (!begins || [...begins].length < BEGINNING) return begins;
    return `${begins.replace(/\s+\S{0,24}$/u, "")} …`;
  }

  /** The last part of a page's name: enough where there is little room. */
  function shortName(page) {
    const name = store.pages[page][0];
    return name.slice(name.lastIndexOf("/", name.length - 2) + 1);
  }

  const siteName = (page) => store.sites.names[store.sites.of[page]];

  // Lines: a part is one long text; a line is a piece of it.

  function lineTexts(parts) {
    const loading = new Array(parts.length).fill(null);
    const loaded = new Array(parts.length).fill(null);

    const load = (at) => (loading[at] ??= unpack(at));

    async function unpack(at) {
      const text = await parts[at].text();
      loaded[at] = { first: parts[at].first, text, starts: startsOf(text) };
      return loaded[at];
    }

    function peek(id) {
      if (id === undefined || parts.length === 0) return undefined;
      const part = loaded[decode.holder(parts, id)];
      return part ? lineIn(part, id - part.first) : undefined;
    }

    async function texts(ids) {
      for (const at of new Set(ids.map((id) => decode.holder(parts, id)))) await load(at);
      return ids.map((id) => peek(id) ?? "");
    }

    return { load, parts: parts.length, peek, texts };
  }

  function startsOf(text) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return Uint32Array.from(starts);
  }

  function lineIn({ text, starts }, n) {
    if (n < 0 || n >= starts.length) return undefined;
    return text.slice(starts[n], n + 1 < starts.length ? starts[n + 1] - 1 : text.length);
  }

  /** The paragraphs of an article's kept text. */
  const paragraphs = (article) => store.lines.texts(decode.lineList(article.body));

  // Views: the texts of the pages with their spans.

  let viewParts = [];
  const views = new Map();
  const UNPACKED = 8;

  /** The shown text of a page and what is what in it, or null if the file does not hold it. */
  async function view(page) {
    const index = store.pages[page]?.[4] ?? -1;
    if (index < 0 || viewParts.length === 0) return null;
    const raw = await rawView(index);
    if (!raw) return null;
    const lines = decode.lineList(raw.lines);
    const texts = await store.lines.texts(lines);
    const text = texts.join("\n");
    return { page, text, isStored: !raw.stored, spans: spansOf(raw, texts, text), quotes: raw.quotes };
  }

  /**
   * A span ends so many lines behind the one before, perhaps within a line; its bytes are those of its UTF-8 if not
   * given. Lines count from 1.
   */
  function spansOf({ spans, stored }, texts, text) {
    const starts = [0];
    for (const line of texts) starts.push(starts.at(-1) + line.length + 1);
    const utf8 = new TextEncoder();
    let [line, start16, start] = [0, 0, 0];
    return spans.map(([kind, article, lines, units = 0], at) => {
      const firstLine = line + 1;
      line += lines;
      const lastLine = units > 0 ? line + 1 : Math.max(firstLine, line);
      const end16 = starts[line] + units;
      const end = start + (stored?.[at] ?? utf8.encode(text.slice(start16, end16)).length);
      const span = { kind, article, start16, end16, start, end, firstLine, lastLine };
      [start16, start] = [end16, end];
      return span;
    });
  }

  /** Parts of views are large and asked for a few at a time: the last ones stay unpacked. */
  async function rawView(index) {
    const at = decode.holder(viewParts, index);
    if (!views.has(at)) {
      views.set(at, viewParts[at].text().then(JSON.parse));
      if (views.size > UNPACKED) views.delete(views.keys().next().value);
    }
    return (await views.get(at))[index - viewParts[at].first];
  }

  /**
   * Whether a span is of an occurrence of an article. The last one may end with a line end behind it, and the first
   * begin with a byte order mark in front of it.
   */
  const belongs = (span, article, [, start, end]) => span.article === article && span.end > start && span.start < end;

  /** The spans of the block that an occurrence of an article names. */
  const blockSpans = ({ spans }, article, at) => spans.filter((span) => belongs(span, article, at));

  // Which blocks stand in which page.

  let blocks = null;

  function onPage(page) {
    blocks ??= listBlocks();
    return blocks.get(page) ?? [];
  }

  function listBlocks() {
    const map = new Map();
    store.articles.forEach((article, index) =>
      article.at.forEach((at, copy) => {
        if (!map.has(at[0])) map.set(at[0], []);
        map.get(at[0]).push({ article: index, copy, at });
      }),
    );
    for (const list of map.values()) list.sort((a, b) => a.at[1] - b.at[1]);
    return map;
  }

  return Object.assign(store, {
    belongs,
    blockSpans,
    onPage,
    open,
    paragraphs,
    shortName,
    siteName,
    title,
    view,
  });
})();
