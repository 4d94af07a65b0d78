// Draws the charts on the page that have this hash and are not drawn yet.
// Every chart's output carries this script: an editor may show any one output alone, in any order.
// After where to find plotly.js come the buttons over a chart, how it fits into the page, and last what makes a figure of plotly.js out of what the chart
// carries, where it carries something else. Such a figure may have more beside it: "attach" is given the box of the drawing, its config, and a promise that is kept when it is drawn.
(async (hash, source, integrity, buttons, fitting, unpack = figure => figure) => {
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
    const axis = name => ({ ...old?.[name], gridcolor: faint(0.12), zerolinecolor: faint(0.25), linecolor: faint(0.4), tickcolor: faint(0.4) });
    return { ...template, layout: {
      ...old, paper_bgcolor: clear, plot_bgcolor: clear, font: { ...old?.font, color: ink },
      xaxis: axis("xaxis"), yaxis: axis("yaxis"), shapedefaults: { line: { color: ink } }, modebar: { bgcolor: clear, color: faint(0.4), activecolor: ink } } };
  };

  const draw = async chart => {
    let { data, layout, config, frames, attach } = unpack(JSON.parse(chart.querySelector("script").textContent));
    // A page saved with its drawings brings old ones along.
    chart.querySelectorAll(":scope > :not(script)").forEach(old => old.remove());
    const box = document.createElement("div");
    chart.prepend(box);
    // Regions lie side by side without a seam, and the line between them hides the steps. The buttons show when the keyboard comes to them, too.
    chart.append(Object.assign(document.createElement("style"), { textContent: "[data-backprop-chart] .js-fill { shape-rendering: crispEdges; } [data-backprop-chart] .modebar:focus-within > * { opacity: 1 !important; }" }));
    // What cannot be narrow is scrolled.
    chart.style.overflowX = "auto";
    Object.assign(box.style, { maxWidth: layout.meta?.maxWidth ?? "", minWidth: layout.meta?.minWidth ?? "" });
    box.style.height = fitting.arrange(layout, box.clientWidth).height + "px";
    await plotly(box);
    const ink = () => getComputedStyle(chart).color;
    const withButtons = buttons.saving(config, fitting.isDark);
    let drawn = ink(), isDark = fitting.isDark(drawn);
    if (isDark) ({ data, layout } = fitting.recolour({ data, layout }, true));
    let width, fit;
    try {
      let tell;
      const isDrawn = new Promise(done => tell = done), attached = attach?.(box, withButtons, isDrawn);
      // What stands beside it may have left it less room.
      width = box.clientWidth;
      fit = fitting.arrange(layout, width);
      box.style.height = fit.height + "px";
      await Plotly.newPlot(box, { data, layout: { ...layout.meta?.narrow ? fitting.arranged(layout, fit.attributes) : { ...layout, modebar: { remove: fit.attributes["modebar.remove"] } }, template: theme(layout.template, drawn) }, config: withButtons, frames });
      buttons.keyboard(box);
      tell();
      await attached;
    } catch (error) {
      box.textContent = "This chart cannot be drawn: " + error;
      return;
    }
    const resize = () => {
      // A page that shows it no longer need not keep it; it may come back.
      if (!chart.isConnected) return void (listening = listening?.abort());
      listen();
      // An observer tells the first width, too, for which the chart is drawn already.
      if (layout.width || !box.clientWidth || box.clientWidth === width) return;
      width = box.clientWidth;
      const before = fit;
      fit = fitting.arrange(layout, width);
      // What has no arrangement for narrow boxes is as high as it was made, or sees to it itself.
      if (!layout.meta?.narrow) {
        if (fit.which !== before.which) Plotly.relayout(box, fit.attributes);
        return void Plotly.Plots.resize(box);
      }
      box.style.height = fit.height + "px";
      Plotly.relayout(box, { ...fit.which === before.which ? {} : fit.attributes, autosize: true });
    };
    const follow = () => {
      if (!chart.isConnected || drawn === ink()) return;
      drawn = ink();
      // plotly.js would leave a text in the legend the colour that it was drawn with.
      for (const text of box.querySelectorAll(".legend .pointtext")) text.remove();
      const template = theme(layout.template, drawn);
      if (isDark === fitting.isDark(drawn)) return void Plotly.relayout(box, { template });
      isDark = !isDark;
      layout = fitting.recolour(layout, isDark);
      const shown = fitting.recolour({ data: box.data, layout: box.layout }, isDark);
      Plotly.react(box, shown.data, { ...shown.layout, template });
    };
    // The style sheet of a new theme may arrive after the attribute that names it.
    const soon = () => [0, 300, 1500].forEach(delay => setTimeout(follow, delay));
    let listening;
    const listen = () => {
      if (listening) return;
      listening = new AbortController();
      const { signal } = listening;
      // On paper a chart is dark on white, and no wider than a sheet: it is not drawn anew for that, only smaller.
      addEventListener("beforeprint", () => {
        Object.assign(chart.style, { color: "black", overflowX: "visible", zoom: Math.min(0.8, 680 / box.offsetWidth) });
        follow();
      }, { signal });
      addEventListener("afterprint", () => {
        Object.assign(chart.style, { color: "", overflowX: "auto", zoom: "" });
        follow();
      }, { signal });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon, { signal });
      const themes = new MutationObserver(soon);
      for (const element of [document.documentElement, document.body]) themes.observe(element, { attributes: true });
      signal.onabort = () => themes.disconnect();
      follow();
    };
    listen();
    new ResizeObserver(resize).observe(box);
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
