// Says what a mark in an article was read as, beside it, or along the lower edge where nothing hovers.
// A script and not a ::after: a box inside the line splits "2025/2026", and the text would turn round under the pointer.

const tip = document.createElement("div");
tip.className = "rasd-tip";
tip.setAttribute("role", "tooltip");
tip.id = "rasd-tip";

const MARGIN = 8;
let said = null;

function place(mark) {
  if (window.matchMedia("(hover: none), (max-width: 640px)").matches) {
    tip.removeAttribute("style");
    return;
  }
  const lines = mark.getClientRects();
  const line = lines[0];
  const below = lines[lines.length - 1].bottom + 4;
  const room = window.innerWidth - tip.offsetWidth - MARGIN;
  const left = Math.min(Math.max(line.right - tip.offsetWidth, MARGIN), Math.max(room, MARGIN));
  const top = below + tip.offsetHeight < window.innerHeight ? below : lines[0].top - tip.offsetHeight - 4;
  tip.style.insetInlineStart = "auto";
  tip.style.left = `${left}px`;
  tip.style.top = `${top}px`;
  tip.style.bottom = "auto";
}

function show(target) {
  const mark = target instanceof Element ? target.closest("mark[data-tip]") : null;
  if (!mark || !mark.dataset.tip) {
    hide();
    return;
  }
  said = mark;
  tip.textContent = mark.dataset.tip;
  document.body.append(tip);
  mark.setAttribute("aria-describedby", tip.id);
  place(mark);
}

function hide() {
  said?.removeAttribute("aria-describedby");
  said = null;
  tip.remove();
}

function follow() {
  if (said?.isConnected && said.matches(":hover, :focus")) place(said);
  else hide();
}

document.addEventListener("mouseover", (event) => show(event.target));
document.addEventListener("focusin", (event) => show(event.target));
document.addEventListener("focusout", hide);
document.addEventListener("scroll", follow, { capture: true, passive: true });
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
