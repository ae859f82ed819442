// Groups of which one option each is chosen: radio buttons to a screen reader and to the arrow keys.

const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

function check(group, chosen) {
  for (const option of group.querySelectorAll("[role=radio]")) {
    const isChosen = option.dataset.option === chosen;
    option.setAttribute("aria-checked", String(isChosen));
    option.tabIndex = isChosen ? 0 : -1;
  }
}

function take(group, option, tell) {
  if (option.getAttribute("aria-checked") === "true") return;
  check(group, option.dataset.option);
  option.focus();
  tell()("choose", [group.dataset.switch, option.dataset.option]);
}

// Right to left: the next option stands on the left.
const STEPS = { ArrowLeft: 1, ArrowDown: 1, ArrowRight: -1, ArrowUp: -1 };

function step(event, group, tell) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const options = [...group.querySelectorAll("[role=radio]")];
  const from = options.indexOf(event.target);
  if (!(event.key in STEPS) || from < 0) return;
  event.preventDefault();
  take(group, options[(from + STEPS[event.key] + options.length) % options.length], tell);
}

function group([name, label, options], tell) {
  const said = make("div", { class: "rasd-switch-label", id: `rasd-switch-${name}` }, label);
  const buttons = options.map(([id, text]) => make("button", { type: "button", role: "radio", "data-option": id }, text));
  const row = make("div", { role: "radiogroup", "aria-labelledby": said.id, "data-switch": name }, ...buttons);
  buttons.forEach((button) => button.addEventListener("click", () => take(row, button, tell)));
  row.addEventListener("keydown", (event) => step(event, row, tell));
  return make("div", { class: "rasd-switch" }, said, row);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const el = parentElement.querySelector(".rasd-switches");
  el.rasdTell = setTriggerValue;
  const shape = JSON.stringify(data.map(([name, label, options]) => [name, label, options]));
  if (el.rasdShape !== shape) {
    el.rasdShape = shape;
    el.replaceChildren(...data.map((one) => group(one, () => el.rasdTell)));
  }
  for (const [name, , , chosen] of data) check(el.querySelector(`[data-switch="${name}"]`), chosen);
}
