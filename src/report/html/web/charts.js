// Drawings that know nothing of news: columns, a divided bar, a square of cells. They are drawn anew for the
// width there is, so that their words stay readable.

newsdedup.charts = (() => {
  const { dom } = newsdedup;
  const { drawn, number, shown } = dom;

  /** What a click on it asks for, and what it says when pointed at. */
  function marked(entry, ...shapes) {
    const node = drawn(
      "g",
      {
        "data-value": entry.value,
        "data-key": entry.key,
        class: `mark${entry.pick ? " pick" : ""}`,
      },
      drawn("title", {}, shown(`${entry.label}: ${entry.told ?? number(entry.value)}`)),
      ...shapes,
    );
    if (entry.pick) node.addEventListener("click", entry.pick);
    return node;
  }

  const label = (x, y, words, properties) => drawn("text", { x, y, ...properties }, words);

  const WIDEST = 64;
  const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

  /** The number in full where there is room for it, shortened where there is not, or nothing. */
  const amount = (value, room) => [number(value), compact.format(value)].find((words) => words.length * 7 < room) ?? "";

  /**
   * Upright bars: `entries` are `{ key, label, short, value, pick }`. With a `line` (`{ at, words }`, at 0 to 1) the
   * axis is a scale: its numbers stand at the left edges of the bars.
   */
  function columns(width, entries, line) {
    const [height, left, top, bottom] = [190, 10, line ? 34 : 20, 24];
    const room = width - 2 * left;
    const floor = height - bottom;
    const slot = room / entries.length;
    const most = Math.max(1, ...entries.map((entry) => entry.value));
    const every = Math.max(1, Math.ceil((longest(entries) * 7) / slot));
    const gap = Math.max(Math.min(6, slot * 0.18), slot - WIDEST);
    const nodes = entries.map((entry, i) => {
      const tall = entry.value === 0 ? 0 : Math.max(2, (entry.value / most) * (floor - top));
      const x = left + i * slot;
      return marked(
        entry,
        drawn("rect", { class: "catch", x, y: top - 14, width: slot, height: floor - top + 14 }),
        drawn("rect", {
          class: "bar",
          x: x + gap / 2,
          y: floor - tall,
          width: Math.max(1, slot - gap),
          height: tall,
          rx: Math.min(2, slot / 6),
        }),
        entry.value > 0
          ? label(x + slot / 2, floor - tall - 5, amount(entry.value, slot), {
              class: "amount",
              "text-anchor": "middle",
            })
          : null,
        i % every === 0
          ? label(line ? x : x + slot / 2, height - 7, entry.short ?? entry.label, {
              class: "tick",
              "text-anchor": "middle",
            })
          : null,
      );
    });
    nodes.push(drawn("line", { class: "axis", x1: left, x2: width - left, y1: floor + 0.5, y2: floor + 0.5 }));
    if (line) nodes.push(...threshold(line, left + line.at * room, width, floor));
    if (line) nodes.push(label(width - left, height - 7, line.end, { class: "tick", "text-anchor": "middle" }));
    return { height, nodes };
  }

  const longest = (entries) => Math.max(...entries.map((entry) => String(entry.short ?? entry.label).length)) + 1;

  function threshold({ words }, x, width, floor) {
    const anchor = x < width / 2 ? "start" : "end";
    return [
      drawn("line", { class: "threshold", x1: x, x2: x, y1: 6, y2: floor }),
      label(x + (anchor === "start" ? 5 : -5), 13, words, { class: "threshold-words", "text-anchor": anchor }),
    ];
  }

  /** One bar in pieces, with their names below. */
  function divided(width, entries) {
    const total = entries.reduce((sum, entry) => sum + entry.value, 0) || 1;
    const line = 24;
    let x = 0;
    const nodes = entries.map((entry, i) => {
      const long = (entry.value / total) * width;
      const y = 48 + i * line;
      const share = `${number(Math.round((entry.value / total) * 1000) / 10)} %`;
      const node = marked(
        entry,
        drawn("rect", {
          class: `piece ${entry.key}`,
          x,
          y: 4,
          width: Math.max(0, long - (i < entries.length - 1 ? 1.5 : 0)),
          height: 24,
        }),
        drawn("rect", { class: "catch", x: 0, y: y - 8, width, height: line }),
        drawn("rect", { class: `piece ${entry.key}`, x: 0, y: y - 4, width: 12, height: 12, rx: 2 }),
        label(20, y + 6, entry.label, { class: "tick" }),
        label(width, y + 6, `${entry.told} · ${share}`, { class: "amount", "text-anchor": "end" }),
      );
      x += long;
      return node;
    });
    return { height: 44 + entries.length * line, nodes };
  }

  /** A square of numbers. Columns are numbered as the rows are, so that no name has to be turned. */
  function square(width, names, cells) {
    const side = Math.min(width * 0.42, 190);
    const size = Math.max(12, Math.min(34, (width - side) / names.length));
    const top = 20;
    const most = Math.max(1, ...cells.map((cell) => cell.value));
    const room = Math.floor((side - 26) / 6.6);
    const nodes = names
      .map((name, i) => [
        label(18, top + i * size + size / 2 + 4, i + 1, { class: "amount", "text-anchor": "end" }),
        label(25, top + i * size + size / 2 + 4, shortened(name, room), { class: "tick" }, name),
        label(side + i * size + size / 2, 13, i + 1, { class: "amount", "text-anchor": "middle" }),
        drawn("rect", {
          class: "self",
          x: side + i * size,
          y: top + i * size,
          width: size - 2,
          height: size - 2,
          rx: 2,
        }),
      ])
      .flat();
    nodes.push(...cells.map((cell) => squareCell(cell, side + cell.column * size, top + cell.row * size, size, most)));
    return { height: top + names.length * size + 4, nodes };
  }

  /** Shades of a cell. The style gives each the colour of its words, too, so that they can be read on it. */
  const LEVELS = 5;

  function squareCell(cell, x, y, size, most) {
    const level = Math.ceil(LEVELS * Math.sqrt(cell.value / most));
    const fits = cell.value > 0 && String(cell.value).length * 6.3 + 3 < size;
    return marked(
      cell,
      drawn("rect", {
        class: `cell level-${level}`,
        x,
        y,
        width: size - 2,
        height: size - 2,
        rx: 2,
      }),
      fits
        ? label(x + size / 2 - 1, y + size / 2 + 4, number(cell.value), {
            class: `small on-level-${level}`,
            "text-anchor": "middle",
          })
        : null,
    );
  }

  const shortened = (name, room) => {
    const seen = [...shown(name)];
    return seen.length <= room ? seen.join("") : `…${seen.slice(seen.length - room + 1).join("")}`;
  };

  return { columns, divided, square };
})();
