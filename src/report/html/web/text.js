// Texts with something marked in them: words that were searched for, and quotes that other articles share.

newsdedup.text = (() => {
  const { dom, search, store } = newsdedup;
  const { element, shown } = dom;
  /** Units of a text that are laid out at once: browsers are slow with a line of a million. */
  const LONG = 20_000;

  /** The text with its `hits` (`[start, end]`) marked. */
  function withHits(text, hits) {
    const nodes = [];
    let at = 0;
    for (const [start, end] of hits) {
      if (start > at) nodes.push(shown(text.slice(at, start)));
      nodes.push(element("mark", { class: "hit" }, shown(text.slice(start, end))));
      at = end;
    }
    if (at < text.length) nodes.push(shown(text.slice(at)));
    return nodes;
  }

  const within = (ranges, start, end) =>
    ranges
      .filter((range) => range[0] < end && range[1] > start)
      .map(([from, to, ...rest]) => [Math.max(from, start) - start, Math.min(to, end) - start, ...rest]);

  /** The text with quotes (`[start, end, quote]`) and hits marked; a quote that begins inside another is cut. */
  function marked(text, quotes, hits = []) {
    const nodes = [];
    let at = 0;
    const plain = (start, end) => nodes.push(...withHits(text.slice(start, end), within(hits, start, end)));
    for (const [from, end, quote] of [...quotes].sort((a, b) => a[0] - b[0])) {
      const start = Math.max(from, at);
      if (start >= end) continue;
      plain(at, start);
      const words = withHits(text.slice(start, end), within(hits, start, end));
      const other = store.quotes[quote]?.places ?? 0;
      nodes.push(
        element(
          "mark",
          { "data-quote": quote, title: `Quote, in ${dom.count(other, "place")}` },
          element("a", { href: `#quote=${quote}` }, words),
        ),
      );
      at = end;
    }
    plain(at, text.length);
    return nodes;
  }

  /**
   * A text as `make(start, end)` gives its pieces: all of it, or, if it is very long, its beginning and a button for
   * more.
   */
  function cut(text, make, start = 0, room = LONG) {
    const end = cutAt(text, start + room);
    if (end >= text.length) return make(start, text.length);
    const more = element("button", { type: "button", class: "rest" });
    more.textContent = text.length - end <= room * 10 ? "Show the rest" : "Show more";
    more.addEventListener("click", () => more.replaceWith(...[cut(text, make, end, room * 10)].flat(3)));
    return [make(start, end), " ", more];
  }

  /** The end of a word near by, or at least of a character. */
  function cutAt(text, at) {
    if (at >= text.length) return text.length;
    const space = text.lastIndexOf(" ", at);
    if (space > at - 100) return space;
    return /[\udc00-\udfff]/.test(text[at]) ? at + 1 : at;
  }

  /** A paragraph with its quotes and what `find` finds in it. */
  const long = (text, quotes, find) =>
    cut(text, (start, end) => {
      const words = text.slice(start, end);
      return marked(words, within(quotes, start, end), find(words));
    });

  /** A corpus text in one line with the searched words marked. */
  const highlighted = (text, terms, properties) => element("bdi", { dir: "auto", ...properties }, found(text, terms));

  /** The same for an element that has its direction from it. */
  const found = (text, terms) => withHits(text, search.places(text, terms));

  // Where the quotes of an article stand in its paragraphs.

  /** For each paragraph its quotes `[start, end, quote]`: by the page's own map, else by the words. */
  async function quotesIn(index, paragraphs) {
    const { quotes, kept } = store.facts[index];
    if (quotes.length === 0) return paragraphs.map(() => []);
    const at = store.articles[index].at[kept];
    const view = at ? await store.view(at[0]) : null;
    const lines = view ? bodyLines(view, index, at) : [];
    let next = 0;
    return paragraphs.map((paragraph) => {
      const line = lines.findIndex(({ text }, i) => i >= next && text.includes(paragraph));
      if (line < 0) return byWords(paragraph, quotes);
      next = line + 1;
      const start = lines[line].start + lines[line].text.indexOf(paragraph);
      return within(
        view.quotes.map(([quote, from, to]) => [from, to, quote]),
        start,
        start + paragraph.length,
      );
    });
  }

  function bodyLines(view, article, at) {
    return store
      .blockSpans(view, article, at)
      .filter((span) => span.kind === 2)
      .flatMap((span) => {
        let start = span.start16;
        return view.text
          .slice(span.start16, span.end16)
          .split("\n")
          .map((text) => {
            const line = { text, start };
            start += text.length + 1;
            return line;
          });
      });
  }

  const wantedLetters = new Map();

  function byWords(paragraph, quotes) {
    const { folded, origin } = letters(paragraph);
    return quotes.flatMap((quote) => {
      if (!wantedLetters.has(quote)) wantedLetters.set(quote, letters(store.quotes[quote].text).folded);
      const wanted = wantedLetters.get(quote);
      const at = wanted === "" ? -1 : folded.indexOf(wanted);
      return at < 0 ? [] : [[origin[at], origin[at + wanted.length - 1] + 1, quote]];
    });
  }

  /** Nothing but letters and digits, with the place of each. */
  function letters(text) {
    let folded = "";
    const origin = [];
    let at = 0;
    for (const c of text) {
      const short = /[\p{L}\p{N}]/u.test(c) ? search.fold(c) : "";
      for (let i = 0; i < short.length; i += 1) origin.push(at);
      folded += short;
      at += c.length;
    }
    return { folded, origin };
  }

  return { cut, found, highlighted, long, quotesIn };
})();
