// Hands a block that is pasted into a grid to its page, which matches it by name; the grid would
// take it by position. The grid listens on the window too, so this script is loaded before it.
(() => {
  if (window.zixlyPastes) return;
  window.zixlyPastes = true;
  const QUOTED = /^"(?:[^"]|"")*"$/;

  // The chosen cell: its row and column, the heading above it, and the first text of its row.
  function chosen(grid) {
    const cell = grid?.querySelector("[id^=glide-cell-][aria-selected=true]");
    if (!cell) return {};
    const [column, row] = cell.id.split("-").slice(2).map(Number);
    const heading = grid.querySelector(`th[aria-colindex="${column + 1}"]`);
    const first = grid.querySelector(`#glide-cell-0-${row}`);
    return { column, row, heading: heading?.textContent, first: first?.textContent };
  }

  window.addEventListener("paste", (event) => {
    const place = document.querySelector("[data-zixly-pastes]");
    const active = document.activeElement;
    const editor = active?.closest("#portal");
    if (!place || active?.closest("[role=dialog]")) return;
    if (!editor && !active?.closest("[data-testid=stDataFrame]")) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const block = text.replace(/[\r\n]+$/, "");
    // One cell, or a text of several lines for the note that is being typed.
    if (!/[\t\r\n]/.test(block) || QUOTED.test(block) || (editor && !block.includes("\t"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const grid = document.querySelector("[data-testid=stDataFrame]");
    place.dispatchEvent(new CustomEvent("zixly-paste", { detail: { text, ...chosen(grid) } }));
  }, true);
})();
