// Search over headlines, captions, authors, page names and, once they are unpacked, the texts. Case, accents and
// the shape of quotation marks do not count. All words must be found; "words in quotation marks" stand together.

newsdedup.search = (() => {
  const { decode, store } = newsdedup;
  const MARKS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;
  /** What is marked in a view; more would hold the browser up. */
  const MOST = 2000;
  const ASCII = /^[\t\n\r -~]*$/;

  function fold(text) {
    const lower = text.toLowerCase();
    if (ASCII.test(lower)) return lower;
    return lower
      .normalize("NFD")
      .replace(MARKS, "")
      .normalize("NFC")
      .replace(/[\u2018\u2019\u02bc]/g, "'")
      .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"');
  }

  /** Many texts in one, so that a word is found by one pass; `owners[from[n]..from[n + 1]]` own text `n`. */
  function haystack(text, from, owners) {
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return { text, starts: Uint32Array.from(starts), from, owners };
  }

  /** Marks in `hits` all owners of texts that hold `term`. */
  function mark({ text, starts, from, owners }, term, hits) {
    let line = 0;
    for (let at = text.indexOf(term); at >= 0;) {
      line = lineAt(starts, at, line);
      for (let i = from[line]; i < from[line + 1]; i += 1) hits[owners[i]] = 1;
      if (line + 1 >= starts.length) return;
      at = text.indexOf(term, starts[line + 1]);
    }
  }

  /** The line of position `at`, not before line `low`: doubling steps, then halving. */
  function lineAt(starts, at, low) {
    let step = 1;
    while (low + step < starts.length && starts[low + step] <= at) {
      low += step;
      step *= 2;
    }
    for (; step >= 1; step = step >> 1) {
      if (low + step < starts.length && starts[low + step] <= at) low += step;
    }
    return low;
  }

  /** The owners of each of `size` texts, from pairs (text, owner) that `each` hands out the same way twice. */
  function index(size, each) {
    const from = new Uint32Array(size + 1);
    each((text) => {
      from[text + 1] += 1;
    });
    for (let i = 0; i < size; i += 1) from[i + 1] += from[i];
    const owners = new Uint32Array(from[size]);
    const next = from.slice();
    each((text, owner) => {
      owners[next[text]++] = owner;
    });
    return { from, owners };
  }

  const oneLine = (text) => fold(text).replace(/\n/g, " ");

  function cards() {
    const texts = store.articles.map((article) =>
      oneLine([article.headline ?? "", ...article.captions, article.byline ?? "", article.date ?? ""].join(" ")),
    );
    const size = texts.length;
    const itself = Uint32Array.from({ length: size + 1 }, (_, i) => i);
    return haystack(texts.join("\n"), itself, itself);
  }

  function names() {
    const texts = store.pages.map(([name, , address]) => oneLine(address ? `${name} ${address}` : name));
    const { from, owners } = index(store.pages.length, (see) =>
      store.articles.forEach((article, at) => article.at.forEach(([page]) => see(page, at))),
    );
    return haystack(texts.join("\n"), from, owners);
  }

  let pagesByName = null;

  /** Pages whose names hold all terms, in the order of their names, in which `2.txt` is before `10.txt`. */
  function pagesLike(wanted) {
    pagesByName ??= store.pages
      .map(([name, , address], page) => ({ page, name: oneLine(name), address: oneLine(address ?? "") }))
      .map((entry) => ({ ...entry, rank: entry.name.replace(/\d+/g, (digits) => digits.padStart(20, "0")) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.page - b.page));
    const isLike = ({ name, address }) => wanted.every((term) => name.includes(term) || address.includes(term));
    return pagesByName.filter(isLike).map(({ page }) => page);
  }

  const stacks = [];
  let complete = false;
  const known = new Map();

  /** Headlines and names are there as soon as something is searched for. */
  function open() {
    if (stacks.length === 0) stacks.push(cards(), names());
  }

  const pause = () =>
    new Promise((go) => {
      if (window.requestIdleCallback) requestIdleCallback(go, { timeout: 200 });
      else setTimeout(go, 16);
    });

  /** Takes the texts in, part by part, whenever the browser has time. */
  async function openTexts() {
    await pause();
    open();
    const bodies = store.articles.map((article) => decode.lineList(article.body));
    let size = 0;
    for (const body of bodies) for (const line of body) if (line >= size) size = line + 1;
    await pause();
    const { from, owners } = index(size, (see) => bodies.forEach((body, at) => body.forEach((line) => see(line, at))));
    for (let at = 0; at < store.lines.parts; at += 1) {
      await pause();
      const part = await store.lines.load(at);
      if (part.first < size) stacks.push(textStack(part, from, owners, size));
      known.clear();
    }
    complete = true;
  }

  function textStack(part, from, owners, size) {
    const text = fold(part.text);
    const here = new Uint32Array(part.starts.length + 1);
    for (let i = 0; i < here.length; i += 1) here[i] = from[Math.min(size, part.first + i)];
    return haystack(text, here, owners);
  }

  /** `iran "state duma"` is two terms. */
  function terms(query) {
    const found = [];
    for (const [, together, word] of fold(query).matchAll(/"([^"]+)"?|([^\s"]+)/g))
      found.push((together ?? word).trim());
    return [...new Set(found)].filter((term) => term !== "");
  }

  function hitsOf(term) {
    let hits = known.get(term);
    if (!hits) {
      open();
      hits = new Uint8Array(store.articles.length);
      for (const stack of stacks) mark(stack, term, hits);
      if (known.size > 32) known.clear();
      known.set(term, hits);
    }
    return hits;
  }

  /** For every article 1 or 0, or null if nothing is asked for. */
  function find(query) {
    const wanted = terms(query);
    if (wanted.length === 0) return null;
    const [first, ...others] = wanted.map(hitsOf);
    if (others.length === 0) return first;
    return first.map((hit, i) => (hit && others.every((hits) => hits[i]) ? 1 : 0));
  }

  /** A single letter stands everywhere: to mark it shows nothing. */
  const isTelling = (term) => !/^[a-z]$/.test(term);

  /** Where the terms stand in a text, so many of them: `[start, end]` in order, none over another. */
  function places(text, wanted, most = MOST) {
    const telling = wanted.filter(isTelling);
    if (telling.length === 0 || most <= 0) return [];
    const short = fold(text);
    if (!telling.some((term) => short.includes(term))) return [];
    const { folded, origin } = ASCII.test(text) ? { folded: short, origin: null } : foldWithOrigin(text);
    const found = [];
    for (const term of telling) {
      let left = most;
      for (let at = folded.indexOf(term); at >= 0 && left > 0; at = folded.indexOf(term, at + term.length)) {
        const end = at + term.length;
        found.push(origin ? [origin[at], origin[end]] : [at, end]);
        left -= 1;
      }
    }
    return joined(found).slice(0, most);
  }

  /** Finds the terms in one text of a view after the other, until as many are found as a view can mark. */
  function finder(wanted) {
    let left = MOST;
    return (text) => {
      const found = places(text, wanted, left);
      left -= found.length;
      return found;
    };
  }

  function foldWithOrigin(text) {
    let folded = "";
    const origin = [];
    let at = 0;
    for (const piece of text.match(/\P{M}\p{M}*|\p{M}+/gsu) ?? []) {
      const short = fold(piece);
      for (let i = 0; i < short.length; i += 1) origin.push(at);
      folded += short;
      at += piece.length;
    }
    origin.push(at);
    return { folded, origin };
  }

  function joined(ranges) {
    const out = [];
    for (const [start, end] of ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
      const last = out.at(-1);
      if (last && start <= last[1]) last[1] = Math.max(last[1], end);
      else out.push([start, end]);
    }
    return out;
  }

  return { find, finder, fold, isComplete: () => complete, openTexts, pagesLike, places, terms };
})();
