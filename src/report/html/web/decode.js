// The packed parts of the file: Base64 of zlib streams of UTF-8, in <template> elements. A part is unpacked
// when it is first asked for.

newsdedup.decode = (() => {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

  const possible = () => typeof DecompressionStream === "function";

  function fromBase64(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }

  async function unpacked(base64) {
    const stream = new Blob([fromBase64(base64)]).stream().pipeThrough(new DecompressionStream("deflate"));
    return utf8.decode(await new Response(stream).arrayBuffer());
  }

  /**
   * All parts of a kind in order: `{ first, text() }`. A text that is asked for but once is unpacked, and its
   * packed form let go; with `again`, it is the packed form that stays.
   */
  function parts(kind, again = false) {
    const found = [...document.querySelectorAll(`template[data-part="${kind}"]`)].map((template) => {
      const { first } = template.dataset;
      const text = () => {
        const packed = template.content.textContent.trim();
        if (!again) template.remove();
        return unpacked(packed).catch(() => {
          throw new Error(`the part "${kind}" of it is damaged`);
        });
      };
      return { first: Number(first), text };
    });
    return found.sort((a, b) => a.first - b.first);
  }

  /** Index of the part that holds entry `n`. */
  function holder(sorted, n) {
    let [low, high] = [0, sorted.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (sorted[middle].first <= n) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The entries of all parts of a kind, one array. */
  async function whole(kind) {
    const lists = await Promise.all(parts(kind).map(async (part) => JSON.parse(await part.text())));
    return lists.flat();
  }

  /**
   * Numbers of lines from steps: 0 is the empty line, which is line 0; 1 is the line behind the last one that was not
   * empty, 2 the next but one, -1 that last one itself. `[5, 0, 1, -1]` is 5, 0, 6, 6.
   */
  function lineList(steps) {
    let next = 1;
    return steps.map((step) => {
      if (step === 0) return 0;
      const line = next + (step > 0 ? step - 1 : step);
      next = line + 1;
      return line;
    });
  }

  return { holder, lineList, parts, possible, whole };
})();
