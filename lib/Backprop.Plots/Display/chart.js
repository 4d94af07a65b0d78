// Draws the charts on the page that have this hash and are not drawn yet.
// Every chart's output carries this script: an editor may show any one output alone, in any order.
// After where to find plotly.js come the buttons over a chart, and last what makes a figure of plotly.js out of what the chart
// carries, where it carries something else. Such a figure may have more beside it: "attach" is given the box of the drawing and its config.
(async (hash, source, integrity, buttons, unpack = figure => figure) => {
  const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));

  // One request a page, shared by all charts. A failed one is forgotten, so that a later attempt asks again.
  const request = () => window.backpropPlotly ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { integrity, crossOrigin: "anonymous", onload: done, onerror: failed, src: source });
    // On a page with AMD modules plotly.js would hand itself to define() and never become window.Plotly.
    const amd = window.define?.amd;
    if (amd) Object.defineProperty(define, "amd", { configurable: true, get: () => document.currentScript === script ? undefined : amd });
    document.head.append(script);
  }).catch(() => {}).finally(() => delete window.backpropPlotly);

  // Returns when there is a window.Plotly, from whichever source, and tells the reader while there is none.
  const plotly = async box => {
    while (!window.Plotly) {
      let over = false;
      box.textContent = "Loading plotly.js …";
      request().then(() => over = true);
      while (!window.Plotly && !over) await wait(50);
      if (window.Plotly) break;
      box.textContent = "This chart needs plotly.js, which could not be loaded from " + new URL(source).host
        + ". No network? Use Notebook.Setup(offline: true). ";
      const again = document.createElement("button");
      again.textContent = "Try again";
      again.onclick = () => over = false;
      box.append(again);
      addEventListener("online", again.onclick, { once: true });
      while (!window.Plotly && over) await wait(250);
    }
    box.textContent = "";
  };

  // The page's own text colour tells what is readable on it. As a template, it leaves alone what the chart says itself.
  const theme = (template, ink) => {
    const faint = alpha => ink.replace(/^rgba?\(([^,]+,[^,]+,[^,)]+).*/, `rgba($1, ${alpha})`);
    const clear = "rgba(0, 0, 0, 0)", old = template?.layout;
    const axis = name => ({ ...old?.[name], gridcolor: faint(0.12), zerolinecolor: faint(0.25), linecolor: faint(0.4) });
    return { ...template, layout: {
      ...old, paper_bgcolor: clear, plot_bgcolor: clear, font: { ...old?.font, color: ink },
      xaxis: axis("xaxis"), yaxis: axis("yaxis"), shapedefaults: { line: { color: ink } }, modebar: { bgcolor: clear, color: faint(0.4), activecolor: ink } } };
  };

  const draw = async chart => {
    const { data, layout, config, frames, attach } = unpack(JSON.parse(chart.querySelector("script").textContent));
    // A page saved with its drawings brings old ones along.
    for (const child of [...chart.children]) if (child.tagName !== "SCRIPT") child.remove();
    const box = document.createElement("div");
    chart.prepend(box);
    // Regions lie side by side without a seam, and the line between them hides the steps.
    chart.append(Object.assign(document.createElement("style"), { textContent: "[data-backprop-chart] .js-fill { shape-rendering: crispEdges; }" }));
    Object.assign(box.style, { height: (layout.height ?? 480) + "px", maxWidth: layout.meta?.maxWidth ?? "" });
    await plotly(box);
    const ink = () => getComputedStyle(chart).color;
    const withButtons = buttons.saving(config);
    let drawn = ink();
    try {
      await Plotly.newPlot(box, { data, layout: { ...layout, template: theme(layout.template, drawn) }, config: withButtons, frames });
      buttons.keyboard(box);
      attach?.(box, withButtons);
    } catch (error) {
      box.textContent = "This chart cannot be drawn: " + error;
      return;
    }
    if (!layout.width) new ResizeObserver(() => box.clientWidth && Plotly.Plots.resize(box)).observe(box);
    const follow = () => {
      if (!chart.isConnected || drawn === ink()) return;
      drawn = ink();
      Plotly.relayout(box, { template: theme(layout.template, drawn) });
    };
    // The style sheet of a new theme may arrive after the attribute that names it.
    const soon = () => [0, 300, 1500].forEach(delay => setTimeout(follow, delay));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
    for (const element of [document.documentElement, document.body]) new MutationObserver(soon).observe(element, { attributes: true });
  };

  // An output may run before it stands in the document. The mark is a property, which a saved page does not keep.
  for (let tries = 0; tries < 40; tries++) {
    const charts = [...document.querySelectorAll(`[data-backprop-chart="${hash}"]`)];
    for (const chart of charts.filter(chart => !chart.backpropDrawn)) {
      chart.backpropDrawn = true;
      draw(chart);
    }
    if (charts.length) break;
    await wait(50);
  }
})
