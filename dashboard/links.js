// Links within the app, of lists and of the briefing: one step of the history, without loading the app again.

const OURS = ".rasd-list a[data-id], .rasd-brief a[href]";
const isPlain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest(OURS) : null;
  if (!link || !isPlain(event) || link.origin !== window.location.origin) return;
  event.preventDefault();
  // Taken as Back and Forward are: Streamlit's own way to another page would make two steps.
  window.history.pushState({}, "", link.getAttribute("href"));
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  // The list behind a number of the briefing opens above it.
  if (link.closest(".rasd-brief")) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
});
