// Adds a letterhead and whole tables to the page while it is printed, and scales charts to the paper.
// All changes are undone afterwards. print.css does the rest.
(() => {
  if (window.zixlyPrints) return;
  window.zixlyPrints = true;

  // The area within the margins of A4 in print.css, in CSS pixels, for each orientation.
  const UPRIGHT = { width: 680, height: 900 }, TURNED = { width: 1009, height: 280 };
  const find = (name, within = document) => within.querySelector(`[data-testid=${name}]`);
  let undo = [];

  function element(name, className, text = "") {
    const node = document.createElement(name);
    node.className = className;
    node.textContent = text;
    return node;
  }

  function add(node, insert) {
    insert(node);
    undo.push(() => node.remove());
  }

  function letterhead(main) {
    const person = document.querySelector(".zixly-person");
    const now = new Date().toLocaleString("en-AU", {
      day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: person?.dataset.zone,
    });
    const head = element("header", "zixly-letterhead");
    head.append(
      element("strong", "", person?.dataset.organisation),
      element("span", "", `Printed on ${now} by ${person?.querySelector("strong")?.textContent}`),
    );
    add(head, (node) => main.prepend(node));
    const title = main.querySelector("h1");
    const button = main.querySelector("[data-print]");
    if (!title || !button) return;
    const column = find("stVerticalBlock", main);
    let place = title;
    while (place.parentElement !== column) place = place.parentElement;
    const choices = element("p", "zixly-said", JSON.parse(button.dataset.print).join(" · "));
    add(choices, (node) => place.after(node));
    // Browsers propose the title as the file name.
    const before = document.title;
    document.title = [title.textContent, JSON.parse(button.dataset.print)[0]].join(", ");
    undo.push(() => { document.title = before; });
  }

  function table(place) {
    const { heads, rows } = JSON.parse(place.dataset.table);
    const printed = element("table", rows.length > 20 ? "zixly-table" : "zixly-table zixly-short");
    const cell = (name, text, column) =>
      element(name, heads[column][1] ? "zixly-figure" : "", text);
    const line = (name, texts) => {
      const row = document.createElement("tr");
      row.append(...texts.map((text, column) => cell(name, text, column)));
      return row;
    };
    printed.createTHead().append(line("th", heads.map(([label]) => label)));
    printed.createTBody().append(...rows.map((texts) => line("td", texts)));
    add(printed, (node) => place.append(node));
  }

  // Plotly redraws only when the browser is idle, which is too late, so the drawn chart is scaled.
  function scale(chart, column, paper) {
    const { width, height } = chart.getBoundingClientRect();
    if (!width) return;
    const wide = width > column * 0.6 ? width : column;
    const before = chart.style.zoom;
    chart.style.zoom = Math.min((paper.width - 20) / wide, paper.height / height, 1.5);
    undo.push(() => { chart.style.zoom = before; });
  }

  function prepare() {
    restore();
    const main = find("stMainBlockContainer");
    if (!main || !document.querySelector(".zixly-person")) return;
    const ground = getComputedStyle(find("stApp")).backgroundColor.match(/\d+/g) || [255];
    document.documentElement.classList.toggle("zixly-dark", Number(ground[0]) < 128);
    const column = find("stVerticalBlock", main).getBoundingClientRect().width;
    const paper = main.querySelector("[data-turned]") ? TURNED : UPRIGHT;
    main.querySelectorAll("[data-testid=stPlotlyChart]")
      .forEach((chart) => scale(chart, column, paper));
    main.querySelectorAll("[data-table]").forEach(table);
    letterhead(main);
  }

  function restore() {
    undo.splice(0).reverse().forEach((step) => step());
    document.documentElement.classList.remove("zixly-dark");
  }

  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", restore);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
  });
})();
