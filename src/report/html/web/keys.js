// Keys that work everywhere, and the help that names them.

newsdedup.keys = (() => {
  const { byId, narrow } = newsdedup.dom;
  const { list } = newsdedup;

  const isTyping = (node) => node?.matches?.("input:not([type=checkbox]), select, textarea") ?? false;

  /** Enter means something of its own there. */
  const isControl = (node) => Boolean(node?.closest?.("a, button, input, label, select, summary"));

  function begin(up) {
    byId("help-button").addEventListener("click", help);
    byId("search").addEventListener("keydown", inSearch);
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
      anywhere(event, up);
    });
  }

  const help = () => byId("help").showModal();

  function inSearch(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") list.focus();
    else if (event.key === "Enter") list.chooseActive();
    else if (event.key === "Escape" && event.target.value !== "") {
      event.target.value = "";
      event.target.dispatchEvent(new Event("input"));
    } else if (event.key === "Escape") list.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function anywhere(event, up) {
    const typing = isTyping(event.target);
    if (event.key === "Escape") up();
    else if (typing) return;
    else if (event.key === "/") toSearch();
    else if (event.key === "?") help();
    else if (event.key === "j") list.step(1);
    else if (event.key === "k") list.step(-1);
    else if (event.key === "Enter" && !isControl(event.target)) list.chooseActive();
    else return;
    event.preventDefault();
  }

  function toSearch() {
    if (document.body.dataset.pane !== "list" && narrow.matches) {
      // At once, as nothing that is hidden takes the focus.
      document.body.dataset.pane = "list";
      location.hash = "#list";
    }
    byId("search").focus();
    byId("search").select();
  }

  return { begin };
})();
