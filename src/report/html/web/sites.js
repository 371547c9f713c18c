// The site of a page: the host of its address, else the first folder in its name that looks like a domain, else
// the folder or container that it stands in.

newsdedup.sites = (() => {
  const DOMAIN = /^(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+(?:\p{L}{2,}|xn--[a-z0-9-]+)$/u;
  /** Containers, which stand among the folders of a name. */
  const FILE = /\.(?:jsonl?|ndjson|csv|tsv|parquet|warc|wet|wat|gz|zst|bz2|xz|tar|tgz|zip)$/i;

  function hostOf(address) {
    try {
      return new URL(address).hostname || null;
    } catch {
      return null;
    }
  }

  /** A file may be called like a domain (`story-1.php`), so its own name counts only if it begins with `www.`. */
  function domainIn(name) {
    const parts = name.split(/[/#\\]/);
    const folders = parts.filter((part, at) => at < parts.length - 1 || /^www\./i.test(part));
    return folders.find((part) => DOMAIN.test(part) && !FILE.test(part));
  }

  function folderOf(name, container) {
    if (container) return container;
    const cut = name.lastIndexOf("/");
    return cut > 0 ? name.slice(0, cut) : "(no folder)";
  }

  const siteOf = ([name, , address, container]) =>
    (address && hostOf(address)) || domainIn(name) || folderOf(name, container);

  /** `names`: every site once, in order of first page; `of[page]`: the index of its site. */
  function all(pages) {
    const index = new Map();
    const of = new Int32Array(pages.length);
    pages.forEach((page, at) => {
      const name = siteOf(page);
      if (!index.has(name)) index.set(name, index.size);
      of[at] = index.get(name);
    });
    return { names: [...index.keys()], of };
  }

  return { all };
})();
