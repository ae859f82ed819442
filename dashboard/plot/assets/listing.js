// A table of plain text whose first column opens a row. Draws with textContent only: nothing from outside becomes HTML.

const make = (tag, text, attributes = {}) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

const isPlain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

function link(row, tell) {
  const anchor = make("a", row.cells[0], { href: row.href, "data-id": row.id });
  anchor.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    tell()("open", row.id);
  });
  return anchor;
}

function line(row, columns, tell) {
  const tr = make("tr");
  row.cells.forEach((text, i) => {
    const td = make("td", i ? text : undefined, { "data-label": columns[i] });
    if (i === 0) td.append(link(row, tell));
    if (text === "") td.classList.add("rasd-blank");
    tr.append(td);
  });
  return tr;
}

function table(columns, rows, alt, tell) {
  const head = make("tr");
  head.append(...columns.map((heading) => make("th", heading, { scope: "col" })));
  const body = make("tbody");
  body.append(...rows.map((row) => line(row, columns, tell)));
  const thead = make("thead");
  thead.append(head);
  const whole = make("table", undefined, alt ? { "aria-label": alt } : {});
  whole.append(thead, body);
  return whole;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const [columns, rows, empty, alt] = data;
  const el = parentElement.querySelector(".rasd-list");
  el.rasdTell = setTriggerValue;
  const told = JSON.stringify(data);
  // The same rows again: keep the nodes, and with them the reader's focus.
  if (el.rasdTold === told) return;
  el.rasdTold = told;
  const tell = () => el.rasdTell;
  el.replaceChildren(rows.length ? table(columns, rows, alt, tell) : make("p", empty, { class: "rasd-empty" }));
}
