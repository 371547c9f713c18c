// A page as it was read, every stretch of it marked as what it was taken for.

newsdedup.page = (() => {
  const { article: articles, dom, search, store, text } = newsdedup;
  const { element, number } = dom;
  const KINDS = ["headline", "caption", "body", "furniture", "separator"];
  const SHOWN_AS = ["Headline", "Caption", "Text", "Site words", ""];
  const STEP = 1500;
  /** Articles of a page that are looked at for whether its lines have true numbers. */
  const TRIED = 50;

  async function render({ page, at }) {
    if (!store.pages[page]) return dom.missing("page");
    const view = await store.view(page);
    const blocks = store.onPage(page);
    return element(
      "article",
      { class: "page-view" },
      heading(page, blocks),
      contents(blocks),
      view
        ? whole(view, blocks, at)
        : element("p", { class: "notice" }, "This file does not hold the text of the page. ", articles.whyMissing()),
    );
  }

  function heading(page, blocks) {
    const [name, size, address] = store.pages[page];
    const cut = name.lastIndexOf("/", name.length - 2) + 1;
    return element(
      "header",
      {},
      element("p", { class: "kicker" }, "Page"),
      element(
        "h2",
        { tabindex: -1, class: "name" },
        element(
          "bdi",
          { dir: "auto" },
          element("span", { class: "folder" }, dom.shown(name.slice(0, cut))),
          dom.shown(name.slice(cut)),
        ),
      ),
      element("p", { class: "facts" }, [
        address ? element("span", {}, dom.corpus(address)) : null,
        size === null ? null : element("span", {}, dom.bytes(size)),
        element("span", {}, blocks.length === 0 ? "no article found in it" : dom.count(blocks.length, "article")),
      ]),
    );
  }

  function contents(blocks) {
    if (blocks.length === 0) return null;
    const host = element("ol", { class: "blocks" });
    const more = dom.gradual(
      host,
      blocks.length,
      (i) => {
        const { article, at } = blocks[i];
        return element(
          "li",
          {},
          articles.articleLink(article),
          element("span", { class: "note" }, ` — ${status(at)}, ${articles.lines(at[3], at[4])}`),
        );
      },
      20,
    );
    return element("section", {}, host, more);
  }

  const status = ([, , , , , match, similarity]) =>
    `${store.MATCHES[match]}${match === store.NEAR ? `, ${dom.percent(similarity)} alike` : ""}`;

  function whole(view, blocks, at) {
    const host = element("div", { id: "page-text" });
    const lines = linesOf(view);
    host.classList.toggle("numbered", areNumbersTrue(view, blocks));
    const wanted = at === undefined ? -1 : lines.findIndex(({ pieces }) => pieces.some(({ span }) => span.end > at));
    const state = {
      view,
      blocks,
      lines,
      find: search.finder(search.terms(dom.byId("search").value)),
      host,
      block: null,
      passed: 0,
    };
    let next = 0;
    const more = element("button", { type: "button", class: "more" });
    const show = (least) => {
      const end = Math.min(lines.length, Math.max(next + STEP, least));
      for (; next < end; next += 1) addLine(state, next, next === wanted);
      more.textContent = `Show ${number(Math.min(STEP, lines.length - next))} more lines of ${number(lines.length)}`;
      more.hidden = next >= lines.length;
    };
    more.addEventListener("click", () => show(0));
    show(wanted + 200);
    return [legend(), host, more];
  }

  const legend = () =>
    element(
      "ul",
      { class: "legend", "aria-label": "What the marks mean" },
      [0, 1, 2, 3].map((kind) => element("li", { class: `kind-${KINDS[kind]}` }, SHOWN_AS[kind])),
      element("li", { class: "kind-quote" }, element("span", { class: "quoted" }, "Quote that other articles share")),
    );

  /**
   * Whether the lines that are shown are those of the page as stored, and not what its markup stands for: then its
   * articles stand in the lines that the report says.
   */
  function areNumbersTrue({ isStored, spans }, blocks) {
    if (blocks.length === 0) return isStored;
    return blocks.slice(0, TRIED).every(({ article, at }) => {
      const own = spans.filter((span) => store.belongs(span, article, at));
      return own[0]?.firstLine === at[3] && own.at(-1).lastLine === at[4];
    });
  }

  /**
   * The lines of the shown text with their numbers; each is a list of `{ start, end, span }`, and a line end
   * belongs to its line. A byte order mark is not shown.
   */
  function linesOf({ text: all, spans }) {
    const lines = [];
    const begin = all.startsWith("\ufeff") ? 1 : 0;
    let [first, count] = [0, 0];
    for (let at = 0; at < all.length;) {
      count += 1;
      const found = all.indexOf("\n", at);
      const [end, next] = found < 0 ? [all.length, all.length] : [found, found + 1];
      while (first < spans.length && spans[first].end16 <= at) first += 1;
      const line = [];
      for (let k = first; k < spans.length && spans[k].start16 < next; k += 1) {
        line.push({ start: Math.max(at, begin, spans[k].start16), end: Math.min(end, spans[k].end16), span: spans[k] });
      }
      const seen = line.filter((piece) => piece.start < piece.end);
      if (line.length > 0) lines.push({ number: count, pieces: seen.length > 0 ? seen : line.slice(0, 1) });
      at = next;
    }
    return lines;
  }

  function addLine(state, at, wanted) {
    const { number: line, pieces } = state.lines[at];
    const { span } = pieces[0];
    const kind = KINDS[span.kind];
    const block = blockOf(state, span);
    if (block !== state.block || state.target === undefined) openBlock(state, block);
    const first = span.kind !== 4 && state.label !== kind;
    if (span.kind !== 4) state.label = kind;
    state.target.append(
      element(
        "div",
        {
          class: `line kind-${kind}${wanted ? " wanted" : ""}`,
          "data-label": first ? SHOWN_AS[span.kind] : null,
          "data-line": span.kind === 4 ? null : line,
        },
        element(
          "p",
          { dir: "auto" },
          pieces.map((piece) => element("span", { "data-kind": KINDS[piece.span.kind] }, marked(state, piece))),
        ),
      ),
    );
  }

  /** Lines and blocks are both in order, so the blocks behind are behind for good. */
  function blockOf(state, span) {
    while (state.passed < state.blocks.length && state.blocks[state.passed].at[2] <= span.start) state.passed += 1;
    const block = state.blocks[state.passed];
    return block && store.belongs(span, block.article, block.at) ? block : null;
  }

  /** Begins the frame of a block, or goes on outside of any. */
  function openBlock(state, block) {
    [state.block, state.label] = [block, null];
    state.target =
      block === null
        ? element("div", { class: "outside" })
        : element(
            "section",
            { class: "block", "data-block": block.article },
            element(
              "h3",
              { class: "block-title" },
              element("a", { href: `#article=${block.article}` }, dom.corpus(store.title(block.article))),
              element("span", { class: "note" }, ` ${status(block.at)}`),
            ),
          );
    state.host.append(state.target);
  }

  function marked({ view, find }, { start, end }) {
    const words = view.text.slice(start, end);
    const quotes = view.quotes
      .filter(([, from, to]) => from < end && to > start)
      .map(([quote, from, to]) => [Math.max(from, start) - start, Math.min(to, end) - start, quote]);
    return text.long(words, quotes, find);
  }

  /** Called once the page is in sight. */
  function arrive() {
    document.querySelector("#page-text .wanted")?.scrollIntoView({ block: "start" });
  }

  return { arrive, render };
})();
