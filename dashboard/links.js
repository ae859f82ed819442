// Links of the briefing within the app: one step of the history, taken as Back and Forward are, without loading the app again.

const isPlain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest(".rasd-brief a[href]") : null;
  if (!link || !isPlain(event) || link.origin !== window.location.origin) return;
  event.preventDefault();
  window.history.pushState({}, "", link.getAttribute("href"));
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
});
