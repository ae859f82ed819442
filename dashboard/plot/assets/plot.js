// One live Plotly graph per key, under its heading. Loaded by address; talks to the app only through setTriggerValue("mark", ...).

const plotly = () =>
  window.Plotly
    ? Promise.resolve(window.Plotly)
    : (window.rasdPlotly ??= new Promise((resolve, reject) => {
        // The shell's tag normally loads it beside Streamlit's own bundle; without the shell, ask for it here.
        let tag = document.querySelector("script[data-plotly]");
        if (!tag) {
          tag = Object.assign(document.createElement("script"), { src: "/vendor/plotly.min.js" });
          tag.dataset.plotly = "";
          document.head.append(tag);
        }
        tag.addEventListener("load", () => resolve(window.Plotly));
        tag.addEventListener("error", reject);
        // The tag may have run between the first check and the listener.
        if (window.Plotly) resolve(window.Plotly);
      }));

const hasMark = (point) => point && point.customdata !== undefined && point.customdata !== null;

// With one hover label for a whole column several points answer: the one nearest to the pointer is meant.
function nearest(points, event) {
  const marks = points.filter(hasMark);
  if (marks.length < 2 || !event) return marks[0];
  const distance = (point) => {
    const axis = point.yaxis;
    if (!axis || !axis.d2p) return 0;
    const top = event.target.getBoundingClientRect().top;
    return Math.abs(axis.d2p(point.y) - (event.clientY - top));
  };
  return marks.reduce((best, point) => (distance(point) < distance(best) ? point : best));
}

function listen(el) {
  let n = 0;
  el.on("plotly_click", ({ points, event }) => {
    const point = nearest(points, event);
    if (point) el.rasdTell("mark", { mark: point.customdata, n: ++n });
  });
  el.on("plotly_hover", ({ points }) => el.classList.toggle("rasd-over-mark", points.some(hasMark)));
  el.on("plotly_unhover", () => el.classList.remove("rasd-over-mark"));
}

function head(el, title) {
  let heading = el.parentElement.querySelector(".rasd-title");
  if (!title) {
    heading?.remove();
    return;
  }
  if (!heading) {
    heading = document.createElement("h2");
    heading.className = "rasd-title";
    el.before(heading);
  }
  if (heading.textContent !== title) heading.textContent = title;
}

export default async function ({ data, parentElement, setTriggerValue }) {
  const [figure, config, alt, title] = data;
  const el = parentElement.querySelector(".rasd-plot");
  head(el, title);
  el.rasdTell = setTriggerValue;
  el.setAttribute("role", "img");
  el.setAttribute("aria-label", alt);
  el.style.minHeight = `${figure.layout.height}px`;
  const told = JSON.stringify(data);
  if (el.rasdTold !== told) {
    el.rasdTold = told;
    const P = window.Plotly ?? (await plotly());
    // A later run may have overtaken this one while plotly.js was loading.
    if (el.rasdTold !== told) return () => leave(el);
    // Once drawn, the font is there: asking again would cost the redrawn chart a frame.
    if (!el.rasdResize) await document.fonts.load("14px 'Noto Sans Arabic'", "\u0639").catch(() => undefined);
    // Without a pointer that hovers, Plotly would show its button for good, over the legend.
    const bar = window.matchMedia("(hover: none)").matches ? { displayModeBar: false } : {};
    await P.react(el, figure.data, figure.layout, { ...config, ...bar });
    if (!el.rasdResize) {
      listen(el);
      el.rasdResize = new ResizeObserver(() => el.isConnected && el.clientWidth && P.Plots.resize(el));
      el.rasdResize.observe(el.parentElement);
    }
    el.dataset.drawn = "yes";
  }
  return () => leave(el);
}

function leave(el) {
  el.rasdResize?.disconnect();
  el.rasdResize = undefined;
  el.rasdTold = undefined;
  window.Plotly?.purge(el);
}
