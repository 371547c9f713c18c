// The list on the left: as many rows as there is room for, however many articles there are.

newsdedup.list = (() => {
  const { decode, dom, search, store, text } = newsdedup;
  const { byId, element } = dom;
  const ROW = 84;
  const BEYOND = 6;
  /** Paragraphs in which a row looks for what was found. */
  const LINES = 400;
  /** Units that are looked at together, and how far a term may reach out of them. */
  const [STRETCH, BEYOND_STRETCH] = [4000, 200];

  let shown = [];
  let terms = [];
  let active = 0;
  let opened = -1;
  let scrolled = 0;
  let box = null;
  let rows = null;
  let open = () => {};

  /** `whenChosen(article)` is called for a click and for Enter. */
  function begin(whenChosen) {
    open = whenChosen;
    [box, rows] = [byId("list"), byId("rows")];
    box.addEventListener(
      "scroll",
      () => {
        if (box.clientHeight > 0) scrolled = box.scrollTop;
        draw();
      },
      { passive: true },
    );
    box.addEventListener("keydown", byKey);
    box.addEventListener("click", (event) => {
      box.classList.remove("stepped");
      const clicked = event.target.closest("[data-article]");
      if (clicked) choose(shown.indexOf(Number(clicked.dataset.article)));
    });
    new ResizeObserver(draw).observe(box);
  }

  function show(articles, wanted) {
    [shown, terms] = [articles, wanted];
    active = terms.length > 0 ? 0 : Math.max(0, shown.indexOf(opened));
    rows.style.height = `${shown.length * ROW}px`;
    box.scrollTop = 0;
    if (shown.length > 0) reveal();
    draw();
  }

  /** Called when the list comes back into sight; while hidden it forgets where it was. */
  function appear() {
    if (box.scrollTop !== scrolled) box.scrollTop = scrolled;
    draw();
  }

  /** Says which article the detail shows. */
  function mark(article) {
    opened = article;
    const at = shown.indexOf(article);
    if (at >= 0) {
      active = at;
      reveal();
    }
    draw();
  }

  function reveal() {
    if (box.clientHeight === 0) return;
    const top = active * ROW;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
  }

  function draw() {
    const first = Math.max(0, Math.floor(box.scrollTop / ROW) - BEYOND);
    const last = Math.min(shown.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + BEYOND);
    const nodes = [];
    for (let at = first; at < last; at += 1) nodes.push(row(at));
    if (shown.length === 0)
      nodes.push(
        element(
          "p",
          { class: "nothing" },
          store.articles.length === 0 ? "There are no articles." : "No article is like this.",
        ),
      );
    rows.replaceChildren(...nodes);
    if (active >= first && active < last) box.setAttribute("aria-activedescendant", `row-${shown[active]}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function row(at) {
    const index = shown[at];
    const node = element(
      "div",
      {
        id: `row-${index}`,
        role: "option",
        "data-article": index,
        "aria-selected": index === opened ? "true" : "false",
        "aria-setsize": shown.length,
        "aria-posinset": at + 1,
        class: at === active ? "row active" : "row",
      },
      heading(index),
      element("div", { class: "about" }, about(index)),
    );
    node.style.transform = `translateY(${at * ROW}px)`;
    return node;
  }

  function heading(index) {
    const title = store.title(index);
    const node = text.highlighted(title, terms, { class: "headline" });
    if (terms.length === 0 || node.querySelector("mark")) return node;
    node.classList.add("short");
    const around = excerpt(index);
    return around ? [node, around] : node;
  }

  /** The line of the text that was found, cut so that the word is in sight. */
  function excerpt(index) {
    const article = store.articles[index];
    for (const line of decode.lineList(article.body.slice(0, LINES))) {
      const paragraph = store.lines.peek(line);
      const place = firstPlace(paragraph ?? "");
      if (place < 0) continue;
      const start = place > 40 ? paragraph.lastIndexOf(" ", place - 24) + 1 : 0;
      const piece = `${start > 0 ? "… " : ""}${paragraph.slice(start, start + 160)}`;
      return text.highlighted(piece, terms, { class: "around" });
    }
    const name = article.at.map(([page]) => store.pages[page][0]).find((page) => search.places(page, terms).length > 0);
    return name ? text.highlighted(name, terms, { class: "around" }) : null;
  }

  /** Where a term stands first, or -1; a paragraph may be very long, and is looked at in stretches. */
  function firstPlace(paragraph) {
    for (let at = 0; at < paragraph.length; at += STRETCH) {
      const [place] = search.places(paragraph.slice(at, at + STRETCH + BEYOND_STRETCH), terms, 1);
      if (place) return at + place[0];
    }
    return -1;
  }

  /** Site or page, date and badges. */
  function about(index) {
    const article = store.articles[index];
    const facts = store.facts[index];
    const page = article.at[Math.max(0, facts.kept)]?.[0];
    const source = store.sites.names.length > 1 ? store.siteName(page) : store.shortName(page);
    return [
      element("span", { class: "source" }, page === undefined ? "" : dom.corpus(source.replace(/^www\./, ""))),
      article.date_iso ? element("time", { datetime: article.date_iso }, day(article.date_iso)) : null,
      badges(index, true),
    ];
  }

  const dayForm = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

  /** `2031-06-17T08:00` as `Jun 17, 2031`. */
  function day(iso) {
    const time = Date.parse(`${iso.slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(time) ? iso : dayForm.format(time);
  }

  /** `3 pages`, or `3 places` if it stands in one page more than once. */
  function places(index) {
    const { copies } = store.articles[index];
    return dom.count(copies, store.facts[index].pages === copies ? "page" : "place");
  }

  /** What is worth knowing of an article at a glance; in a row there is little room for it. */
  function badges(index, short = false) {
    const article = store.articles[index];
    const facts = store.facts[index];
    const badge = (kind, words) => element("span", { class: `badge ${kind}` }, words);
    return [
      article.copies > 1 ? badge("copies", places(index)) : null,
      facts.near > 0 ? badge("near", short ? "edited" : facts.near === 1 ? "edited copy" : "edited copies") : null,
      article.in.length > 0 ? badge("excerpt", "excerpt") : null,
      article.has.length > 0 ? badge("excerpt", "has excerpt") : null,
      facts.quotes.length > 0 ? badge("quote", facts.quotes.length === 1 ? "quote" : "quotes") : null,
    ];
  }

  // Keys.

  function move(to) {
    if (shown.length === 0) return;
    active = Math.min(shown.length - 1, Math.max(0, to));
    reveal();
    draw();
  }

  /** One step by key, wherever the focus is: the row that Enter would open is seen from then on. */
  function step(by) {
    box.classList.add("stepped");
    move(active + by);
  }

  function choose(at) {
    if (at < 0 || at >= shown.length) return;
    active = at;
    open(shown[at]);
    draw();
  }

  function byKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(box.clientHeight / ROW) - 1);
    const action = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(page),
      PageUp: () => step(-page),
      Home: () => move(0),
      End: () => move(shown.length - 1),
      Enter: () => choose(active),
      " ": () => choose(active),
    }[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  const focus = () => box.focus();
  const chooseActive = () => choose(active);

  return { appear, badges, begin, chooseActive, day, draw, focus, mark, places, show, step };
})();
