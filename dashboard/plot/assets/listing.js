// A heading, a table of plain text whose first column opens a row, and a pager. Draws with textContent only: nothing from outside becomes HTML.

const make = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// A plain click on it is one step of the history (links.js).
const link = (row) => make("a", row.cells[0], { href: row.href, "data-id": row.id });

function line(row, columns) {
  const tr = make("tr");
  row.cells.forEach((text, i) => {
    const td = make("td", i ? text : undefined, { "data-label": columns[i] });
    if (i === 0) td.append(link(row));
    if (text === "") td.classList.add("rasd-blank");
    tr.append(td);
  });
  return tr;
}

function table(columns, rows, alt) {
  const head = make("tr");
  head.append(...columns.map((heading) => make("th", heading, { scope: "col" })));
  const body = make("tbody");
  body.append(...rows.map((row) => line(row, columns)));
  const thead = make("thead");
  thead.append(head);
  const whole = make("table", undefined, alt ? { "aria-label": alt } : {});
  whole.append(thead, body);
  return whole;
}

function turner(text, turn, page, isOff, tell) {
  const button = make("button", text, { type: "button", "data-turn": turn });
  button.disabled = isOff;
  button.addEventListener("click", () => tell()("turn", page));
  return button;
}

function footer([said, page, last, previous, next, files], tell) {
  const nav = make("div", undefined, { class: "rasd-pager" });
  nav.append(make("span", said, { class: "rasd-range", role: "status" }));
  if (last) {
    nav.append(turner(previous, "back", page - 1, page === 0, tell));
    nav.append(turner(next, "on", page + 1, page === last, tell));
  }
  nav.append(...files.map(([href, text]) => make("a", text, { href, download: "", class: "rasd-file" })));
  return nav;
}

function parts([columns, rows, [title, level, alt, empty], foot], tell) {
  const heading = title ? [make(`h${level}`, title, { class: "rasd-title" })] : [];
  const body = rows.length ? table(columns, rows, alt) : make("p", empty, { class: "rasd-empty" });
  return [...heading, body, ...(foot ? [footer(foot, tell)] : [])];
}

// Rows that stand already give way two frames later: a chart that was asked for by the same click is on the screen first.
const afterTheChart = (draw) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(draw)));

export default function ({ data, parentElement, setTriggerValue }) {
  const el = parentElement.querySelector(".rasd-list");
  el.rasdTell = setTriggerValue;
  const told = JSON.stringify(data);
  // The same rows again: keep the nodes, and with them the reader's focus.
  if (el.rasdTold === told) return;
  el.rasdTold = told;
  const draw = () => {
    if (el.rasdTold !== told) return;
    const turned = el.contains(document.activeElement) ? document.activeElement.dataset.turn : undefined;
    el.replaceChildren(...parts(data, () => el.rasdTell));
    if (turned) (el.querySelector(`[data-turn="${turned}"]:enabled`) ?? el.querySelector("a"))?.focus();
    el.dataset.drawn = "yes";
  };
  if (!el.childElementCount) {
    draw();
    return;
  }
  el.dataset.drawn = "no";
  afterTheChart(draw);
}
