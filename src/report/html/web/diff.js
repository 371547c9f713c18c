// What differs between two texts, word by word: runs that occur once on both sides are anchors (patience diff),
// between them the shortest way by E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986). Where that
// would take too long, the stretch counts as replaced.

newsdedup.diff = (() => {
  /** Words, single characters where words are not divided by spaces, and signs; what is between goes with them. */
  const ALONE = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}";
  const WORD = new RegExp(`[${ALONE}]\\p{M}*|(?:(?![${ALONE}])[\\p{L}\\p{N}\\p{M}'\u2019])+|[^\\s]`, "gu");
  /** What a word is where signs do not count; it may hold characters that are not seen. */
  const UNSEEN = "\\u00ad\\u200b-\\u200f\\u2060\\ufeff";
  const BARE = new RegExp(`[${ALONE}]\\p{M}*|(?:(?![${ALONE}])[\\p{L}\\p{N}\\p{M}${UNSEEN}])+`, "gu");
  const DROPPED = new RegExp(`[${UNSEEN}\\u064b-\\u0652]`, "g");
  /** Edits beyond which a stretch counts as replaced; 1,000 cost a few milliseconds and 8 MB. */
  const EDITS = 1000;

  const straight = (word) =>
    word
      .normalize("NFC")
      .replace(/[\u2018\u2019]/g, "'")
      .replace(/[\u201c\u201d]/g, '"');

  const bare = (word) => word.normalize("NFKC").toLowerCase().replace(DROPPED, "");

  /** `{ start, end, key }` of every word; equal keys are equal words. Signs and capitals count, or do not. */
  function words(text, signs = true) {
    return [...text.matchAll(signs ? WORD : BARE)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      key: signs ? straight(match[0]) : bare(match[0]),
    }));
  }

  /** Pairs of runs that are equal: `[atA, atB, length]`, in order. */
  function equalRuns(keysA, keysB) {
    const numbers = new Map();
    const numbered = (keys) =>
      Int32Array.from(keys, (key) => {
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        return numbers.get(key);
      });
    const state = { a: numbered(keysA), b: numbered(keysB), runs: [] };
    compare(state, 0, keysA.length, 0, keysB.length);
    return state.runs;
  }

  function compare(state, a0, a1, b0, b1) {
    const { a, b } = state;
    let [head, tail] = [0, 0];
    while (a0 + head < a1 && b0 + head < b1 && a[a0 + head] === b[b0 + head]) head += 1;
    push(state.runs, a0, b0, head);
    [a0, b0] = [a0 + head, b0 + head];
    while (a1 - tail > a0 && b1 - tail > b0 && a[a1 - tail - 1] === b[b1 - tail - 1]) tail += 1;
    [a1, b1] = [a1 - tail, b1 - tail];
    if (a0 < a1 && b0 < b1) inner(state, a0, a1, b0, b1);
    push(state.runs, a1, b1, tail);
  }

  function inner(state, a0, a1, b0, b1) {
    const anchors = uniqueAnchors(state, a0, a1, b0, b1);
    if (anchors.length === 0) {
      shortest(state, a0, a1, b0, b1);
      return;
    }
    let [atA, atB] = [a0, b0];
    for (const [x, y] of anchors) {
      if (x < atA || y < atB) continue;
      compare(state, atA, x, atB, y);
      push(state.runs, x, y, 1);
      [atA, atB] = [x + 1, y + 1];
    }
    compare(state, atA, a1, atB, b1);
  }

  function push(runs, x, y, length) {
    if (length === 0) return;
    const last = runs.at(-1);
    if (last && last[0] + last[2] === x && last[1] + last[2] === y) last[2] += length;
    else runs.push([x, y, length]);
  }

  /** Words that occur once in both stretches, the longest series of them that is in order on both sides. */
  function uniqueAnchors({ a, b }, a0, a1, b0, b1) {
    const seen = new Map();
    for (let i = a0; i < a1; i += 1) seen.set(a[i], seen.has(a[i]) ? -1 : i);
    const where = new Map();
    for (let j = b0; j < b1; j += 1) if (seen.get(b[j]) >= 0) where.set(b[j], where.has(b[j]) ? -1 : j);
    const pairs = [];
    for (const [word, j] of where) if (j >= 0) pairs.push([seen.get(word), j]);
    return increasing(pairs.sort((p, q) => p[0] - q[0]));
  }

  /** The longest series of pairs whose second numbers grow. */
  function increasing(pairs) {
    const ends = [];
    const before = new Int32Array(pairs.length);
    pairs.forEach(([, y], at) => {
      let [low, high] = [0, ends.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (pairs[ends[middle]][1] < y) low = middle + 1;
        else high = middle;
      }
      before[at] = low > 0 ? ends[low - 1] : -1;
      ends[low] = at;
    });
    const series = [];
    for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]) series.push(pairs[at]);
    return series.reverse();
  }

  /** Myers: `reach[k]` is how far one comes on diagonal k with so many edits. */
  function shortest({ a, b, runs }, a0, a1, b0, b1) {
    const [n, m] = [a1 - a0, b1 - b0];
    const limit = Math.min(EDITS, n + m);
    const reach = new Int32Array(2 * limit + 3);
    const trail = [];
    for (let edits = 0; edits <= limit; edits += 1) {
      trail.push(reach.slice(limit + 1 - edits - 1, limit + 1 + edits + 2));
      for (let k = -edits; k <= edits; k += 2) {
        const at = limit + 1 + k;
        const down = k === -edits || (k !== edits && reach[at - 1] < reach[at + 1]);
        let x = down ? reach[at + 1] : reach[at - 1] + 1;
        while (x < n && x - k < m && x - k >= 0 && a[a0 + x] === b[b0 + x - k]) x += 1;
        reach[at] = x;
        if (x >= n && x - k >= m) {
          for (const run of walkBack(trail, n, m)) push(runs, a0 + run[0], b0 + run[1], run[2]);
          return;
        }
      }
    }
  }

  /** The equal runs on the way that `trail` remembers; `trail[d][k + d + 1]` is the reach before edit d. */
  function walkBack(trail, n, m) {
    const runs = [];
    let [x, y] = [n, m];
    for (let edits = trail.length - 1; edits >= 0; edits -= 1) {
      const reach = (k) => trail[edits][k + edits + 1];
      const k = x - y;
      const down = k === -edits || (k !== edits && reach(k - 1) < reach(k + 1));
      const from = edits === 0 ? 0 : down ? reach(k + 1) : reach(k - 1);
      const [startX, startY] = edits === 0 ? [0, 0] : down ? [from, from - k] : [from + 1, from + 1 - k];
      if (x > startX) runs.push([startX, startY, x - startX]);
      [x, y] = edits === 0 ? [0, 0] : [from, from - (down ? k + 1 : k - 1)];
    }
    return runs.reverse();
  }

  return { equalRuns, words };
})();
