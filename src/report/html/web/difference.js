// The kept text and a copy side by side. What is equal is folded until the reader wants it.

newsdedup.difference = (() => {
  const { align, article: articles, dom, store, text: texts } = newsdedup;
  const { element, number, percent, shown } = dom;
  /** Equal words in a row beyond which the middle is folded, and how many stay on either side. */
  const [LONG, EDGE] = [60, 16];

  let full = false;

  async function render({ article: index, copy }) {
    const article = store.articles[index];
    const at = article?.at[copy];
    if (!at) return dom.missing("copy");
    const kept = article.at[store.facts[index].kept];
    const header = heading(index, copy);
    if (!kept)
      return element(
        "div",
        {},
        header,
        element(
          "p",
          { class: "notice" },
          "This file has no room for the place of the kept text. The JSON report lists all places.",
        ),
      );
    const views = [await store.view(kept[0]), await store.view(at[0])];
    if (views.includes(null))
      return element(
        "div",
        {},
        header,
        sides(index, kept, at),
        element(
          "p",
          { class: "notice" },
          "The words cannot be compared: this file does not hold the text of ",
          views[1] ? "the kept page. " : "that page. ",
          articles.whyMissing(),
        ),
      );
    return compared(index, [kept, at], views, header);
  }

  function heading(index, copy) {
    const [, , , , , match, similarity] = store.articles[index].at[copy];
    const alike = match === store.NEAR ? `, ${percent(similarity)} alike` : "";
    return element(
      "header",
      {},
      element(
        "p",
        { class: "kicker" },
        element("a", { href: `#article=${index}` }, "← The article"),
        others(index, copy),
      ),
      element("h2", { tabindex: -1, dir: "auto" }, shown(store.title(index))),
      element("p", { class: "facts" }, element("span", {}, `What differs in this ${store.MATCHES[match]}${alike}`)),
    );
  }

  /** Links to the copy before and the copy behind this one. */
  function others(index, copy) {
    const { at } = store.articles[index];
    const next = (step) => {
      let other = copy + step;
      while (at[other] && at[other][5] === store.KEPT) other += step;
      return at[other] ? other : -1;
    };
    const link = (other, words) =>
      other < 0 ? null : [" · ", element("a", { href: `#article=${index}&copy=${other}` }, words)];
    return [link(next(-1), "Copy before"), link(next(1), "Next copy")];
  }

  const sides = (index, kept, at) =>
    element(
      "div",
      { class: "sides" },
      ["kept", "copy"].map((name, i) =>
        element(
          "div",
          { class: name },
          element("strong", {}, i === 0 ? "Kept text" : store.MATCHES[at[5]].replace(/^./, (c) => c.toUpperCase())),
          " ",
          articles.pageLink(...(i === 0 ? kept : at)),
          `, ${articles.lines(...(i === 0 ? kept : at).slice(3, 5))}`,
        ),
      ),
    );

  function compared(index, places, views, header) {
    const [left, right] = views.map((view, i) => paragraphs(view, index, places[i]));
    // That a copy is exact was found without signs and capitals: they would make differences that it has not.
    const exact = places[1][5] === store.EXACT;
    const rows = [
      ...align.rows(left.headline, right.headline).map((row) => ({ ...row, headline: true })),
      ...align.rows(left.body, right.body, !exact),
    ];
    const table = element("div", { id: "difference" });
    const draw = () => table.replaceChildren(sides(index, ...places), ...drawnRows(rows));
    const toggle = element("input", { type: "checkbox", id: "show-equal" });
    toggle.checked = full;
    toggle.addEventListener("change", () => {
      full = toggle.checked;
      draw();
    });
    draw();
    return element(
      "div",
      { class: "comparison" },
      header,
      element(
        "div",
        { class: "tools" },
        element("p", { id: "difference-count" }, summary(rows)),
        element("label", {}, toggle, " Show what is equal in full"),
      ),
      table,
    );
  }

  /** Headlines, each once however often the block states it, and the paragraphs of the body. */
  function paragraphs(view, article, at) {
    const linesOf = (kind) =>
      store
        .blockSpans(view, article, at)
        .filter((span) => span.kind === kind)
        .flatMap((span) => view.text.slice(span.start16, span.end16).split("\n"))
        .map((text) => text.trim())
        .filter((text) => text !== "");
    return { headline: [...new Set(linesOf(0))], body: linesOf(2) };
  }

  function summary(rows) {
    const changed = (side) => rows.flatMap((row) => row[side].flat()).filter((piece) => !piece.same);
    const words = (side) => changed(side).reduce((sum, piece) => sum + piece.words, 0);
    const [left, right] = [words("left"), words("right")];
    if (left + right > 0) {
      return `${dom.count(left, "word")} only in the kept text, ${dom.count(right, "word")} only in the copy.`;
    }
    const signs = changed("left").length + changed("right").length > 0;
    return signs ? "No word differs, only signs do." : "No word differs. Signs and capitals do not count.";
  }

  function drawnRows(rows) {
    const nodes = [];
    for (let at = 0; at < rows.length;) {
      let end = at;
      while (!full && end < rows.length && rows[end].equal) end += 1;
      if (end > at) nodes.push(foldedRows(rows.slice(at, end)));
      else nodes.push(drawnRow(rows[at]));
      at = Math.max(end, at + 1);
    }
    return nodes;
  }

  function foldedRows(rows) {
    const headline = rows.every((row) => row.headline);
    const what = headline ? "The headline is equal" : `${dom.count(rows.length, "equal paragraph")}`;
    const button = element("button", { type: "button", class: "folded" }, `${what} · show`);
    button.addEventListener("click", () => button.replaceWith(...rows.map(drawnRow)));
    return button;
  }

  const drawnRow = (row) =>
    element(
      "div",
      { class: `pair${row.equal ? " equal" : ""}${row.headline ? " title" : ""}` },
      cell("kept", row.left, "del", row.right),
      cell("copy", row.right, "ins", row.left),
    );

  /** A side of a row; where the other side is empty the column says enough, and the words stay readable. */
  const cell = (name, list, changed, opposite) =>
    element(
      "div",
      {
        class: `${name}${opposite.length === 0 ? " alone" : ""}`,
        "data-side": name === "kept" ? "Kept" : "Copy",
      },
      list.map((pieces) =>
        element(
          "p",
          { dir: "auto" },
          pieces.map((piece) => drawnPiece(piece, changed)),
        ),
      ),
    );

  function drawnPiece({ text, same, words, after }, changed) {
    const all = () => texts.cut(text, (start, end) => shown(text.slice(start, end)));
    if (!same) return [element(changed, {}, all()), after];
    if (full || words <= LONG) return [all(), after];
    return foldedWords(text, after);
  }

  function foldedWords(text, after) {
    const back = [...text.slice(-1000)].reverse().join("");
    const [head, tail] = [cut(text, EDGE), text.length - cut(back, EDGE)];
    if (head >= tail) return [shown(text), after];
    const left = wordsOf(text.slice(head, tail)).length;
    const button = element("button", { type: "button", class: "folded-words" }, `… ${number(left)} equal words …`);
    button.addEventListener("click", () => button.replaceWith(shown(text.slice(head, tail))));
    return [shown(text.slice(0, head)), button, shown(text.slice(tail)), after];
  }

  /** Signs stand between words; they are none. */
  const wordsOf = (text) => newsdedup.diff.words(text).filter(({ key }) => /[\p{L}\p{N}]/u.test(key));

  /** Length of the first `n` words. */
  function cut(text, n) {
    const found = wordsOf(text.slice(0, 1000));
    return found[Math.min(n, found.length) - 1]?.end ?? 0;
  }

  return { render };
})();
