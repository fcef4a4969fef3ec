// Makes a document of the page while it is printed: a letterhead, whole tables, and charts that fit
// the paper. Everything is taken back afterwards. print.css does the rest.
(() => {
  if (window.zixlyPrints) return;
  window.zixlyPrints = true;

  // What lies between the margins of A4 in print.css, in CSS pixels, and when it is turned.
  const UPRIGHT = { width: 680, height: 900 }, TURNED = { width: 1009, height: 280 };
  const find = (name, within = document) => within.querySelector(`[data-testid=${name}]`);
  let undo = [];

  function element(name, className, text = "") {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function add(made, put) {
    put(made);
    undo.push(() => made.remove());
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
    add(head, (made) => main.prepend(made));
    const title = main.querySelector("h1");
    const button = main.querySelector("[data-print]");
    if (!title || !button) return;
    const column = find("stVerticalBlock", main);
    let place = title;
    while (place.parentElement !== column) place = place.parentElement;
    const said = element("p", "zixly-said", JSON.parse(button.dataset.print).join(" · "));
    add(said, (made) => place.after(made));
    // Browsers propose it as the name of the file.
    const before = document.title;
    document.title = [title.textContent, JSON.parse(button.dataset.print)[0]].join(", ");
    undo.push(() => { document.title = before; });
  }

  function table(place) {
    const { heads, rows, note } = JSON.parse(place.dataset.table);
    const made = element("table", rows.length > 20 ? "zixly-table" : "zixly-table zixly-short");
    const cell = (name, text, column) =>
      element(name, heads[column][1] ? "zixly-figure" : "", text);
    const line = (name, texts) => {
      const row = document.createElement("tr");
      row.append(...texts.map((text, column) => cell(name, text, column)));
      return row;
    };
    made.createTHead().append(line("th", heads.map(([label]) => label)));
    made.createTBody().append(...rows.map((texts) => line("td", texts)));
    if (note) made.createCaption().textContent = note;
    add(made, (it) => place.append(it));
  }

  // Plotly draws anew only once the browser has time, which is too late: so it is scaled as it is.
  function chart(drawn, column, paper) {
    const { width, height } = drawn.getBoundingClientRect();
    if (!width) return;
    const wide = width > column * 0.6 ? width : column;
    const before = drawn.style.zoom;
    drawn.style.zoom = Math.min((paper.width - 20) / wide, paper.height / height, 1.5);
    undo.push(() => { drawn.style.zoom = before; });
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
      .forEach((drawn) => chart(drawn, column, paper));
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
