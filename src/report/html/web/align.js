// Two texts side by side: which paragraphs stand opposite each other, and which of their words are equal.
// Words are compared over the whole texts, so paragraphs may be split, joined, dropped or added.

newsdedup.align = (() => {
  const { diff } = newsdedup;
  /** Paragraphs stand opposite each other from this share of equal words in the shorter one. */
  const ENOUGH = 0.4;

  /**
   * Rows `{ left, right, equal }`; a side is a list of paragraphs, each a list of pieces `{ text, same, words }`.
   * Without `signs`, signs and capitals make no difference.
   */
  function rows(left, right, signs = true) {
    const [a, b] = [side(left, signs), side(right, signs)];
    for (const [x, y, length] of diff.equalRuns(
      a.words.map((w) => w.key),
      b.words.map((w) => w.key),
    )) {
      for (let i = 0; i < length; i += 1) [a.twin[x + i], b.twin[y + i]] = [y + i, x + i];
    }
    link(a, b);
    return opposite(a, b).map(([fromA, toA, fromB, toB]) => row(a, b, fromA, toA, fromB, toB));
  }

  function side(texts, signs) {
    const words = texts.flatMap((text, paragraph) => diff.words(text, signs).map((word) => ({ ...word, paragraph })));
    const from = new Uint32Array(texts.length + 1);
    for (const { paragraph } of words) from[paragraph + 1] += 1;
    for (let i = 0; i < texts.length; i += 1) from[i + 1] += from[i];
    return {
      texts,
      words,
      from,
      twin: new Int32Array(words.length).fill(-1),
      last: new Int32Array(texts.length).fill(-1),
      linked: new Uint8Array(texts.length),
    };
  }

  const size = (one, paragraph) => one.from[paragraph + 1] - one.from[paragraph];

  /** Sets for each paragraph the last one opposite that shares enough words with it. */
  function link(a, b) {
    const shared = new Map();
    a.twin.forEach((twin, i) => {
      if (twin < 0) return;
      const pair = a.words[i].paragraph * b.texts.length + b.words[twin].paragraph;
      shared.set(pair, (shared.get(pair) ?? 0) + 1);
    });
    for (const [pair, equal] of shared) {
      const [p, q] = [Math.floor(pair / b.texts.length), pair % b.texts.length];
      if (equal < ENOUGH * Math.min(size(a, p), size(b, q))) continue;
      a.last[p] = Math.max(a.last[p], q);
      b.last[q] = Math.max(b.last[q], p);
      [a.linked[p], b.linked[q]] = [1, 1];
    }
  }

  /** Ranges `[fromA, toA, fromB, toB]` of paragraphs that stand in one row. */
  function opposite(a, b) {
    const found = [];
    let [i, j] = [0, 0];
    while (i < a.texts.length || j < b.texts.length) {
      const [startA, startB] = [i, j];
      while (i < a.texts.length && !a.linked[i]) i += 1;
      while (j < b.texts.length && !b.linked[j]) j += 1;
      for (let k = 0; k < Math.max(i - startA, j - startB); k += 1) {
        found.push([
          Math.min(startA + k, i),
          Math.min(startA + k + 1, i),
          Math.min(startB + k, j),
          Math.min(startB + k + 1, j),
        ]);
      }
      if (i >= a.texts.length || j >= b.texts.length) continue;
      const [endA, endB] = together(a, b, i, j);
      found.push([i, endA, j, endB]);
      [i, j] = [endA, endB];
    }
    return found;
  }

  function together(a, b, i, j) {
    let [endA, endB] = [i + 1, j + 1];
    let [seenA, seenB] = [i, j];
    while (seenA < endA || seenB < endB) {
      for (; seenA < endA; seenA += 1) endB = Math.max(endB, a.last[seenA] + 1);
      for (; seenB < endB; seenB += 1) endA = Math.max(endA, b.last[seenB] + 1);
    }
    return [endA, endB];
  }

  function row(a, b, fromA, toA, fromB, toB) {
    const [sameA, sameB] = [twins(a, b, fromA, toA, fromB, toB), twins(b, a, fromB, toB, fromA, toA)];
    dropLonely(a, b, sameA, sameB);
    const left = pieces(a, fromA, toA, sameA);
    const right = pieces(b, fromB, toB, sameB);
    const equal =
      fromA < toA && fromB < toB && [...left, ...right].every((paragraph) => paragraph.every((piece) => piece.same));
    return { left, right, equal };
  }

  /** For each word of the paragraphs whether its twin stands in the same row. */
  function twins(one, other, from, to, otherFrom, otherTo) {
    const [start, end] = [one.from[from], one.from[to]];
    const flags = new Uint8Array(end - start);
    for (let i = start; i < end; i += 1) {
      const twin = one.twin[i];
      flags[i - start] = twin >= other.from[otherFrom] && twin < other.from[otherTo] ? 1 : 0;
    }
    return { start, flags };
  }

  /** A single equal word between two changed stretches is more noise than help: it counts as changed. */
  function dropLonely(a, b, sameA, sameB) {
    for (let i = 1; i + 1 < sameA.flags.length; i += 1) {
      if (!sameA.flags[i] || sameA.flags[i - 1] || sameA.flags[i + 1]) continue;
      const j = a.twin[sameA.start + i] - sameB.start;
      if (j < 1 || j + 1 >= sameB.flags.length || sameB.flags[j - 1] || sameB.flags[j + 1]) continue;
      [sameA.flags[i], sameB.flags[j]] = [0, 0];
    }
  }

  /** The paragraphs in pieces that are the same or not; what stands between words goes with the piece before it. */
  function pieces(one, from, to, { start, flags }) {
    const paragraphs = [];
    for (let p = from; p < to; p += 1) {
      const list = [];
      for (let i = one.from[p]; i < one.from[p + 1]; i += 1) add(list, one.words[i], flags[i - start] === 1);
      paragraphs.push(cut(one.texts[p], list));
    }
    return paragraphs;
  }

  function add(list, word, same) {
    const last = list.at(-1);
    const words = /[\p{L}\p{N}]/u.test(word.key) ? 1 : 0;
    if (last?.same === same) [last.end, last.words] = [word.end, last.words + words];
    else list.push({ start: word.start, end: word.end, same, words });
  }

  /** The pieces with their texts. Nothing of the paragraph is lost, not even if it has no words. */
  function cut(text, list) {
    if (list.length === 0) return [{ text, same: true, words: 0, after: "" }];
    return list.map(({ start, end, same, words }, at) => ({
      text: text.slice(at === 0 ? 0 : start, end),
      same,
      words,
      after: text.slice(end, list[at + 1]?.start ?? text.length),
    }));
  }

  return { rows };
})();
