// A chart whose points carry scores: the row of customdata of each is its row in X, its class and its scores, panel by panel.
look => figure => {
  const panels = {};
  figure.data.forEach((trace, curve) => {
    if (trace.meta !== "scores") return;
    const panel = panels[trace.xaxis ?? "x"] ??= { axes: [trace.xaxis ?? "x", trace.yaxis ?? "y"], points: [] };
    trace.customdata.forEach(([i, label, ...scores], at) => panel.points[i] = { x: trace.x[at], y: trace.y[at], label, scores });
  });
  const all = Object.values(panels), axes = all.map(panel => panel.axes);
  // Panels have titles above them, in the same order.
  const heading = panel => all.length > 1 ? figure.layout.annotations?.[(+panel.axes[0].slice(1) || 1) - 1]?.text : undefined;
  let current = all[0];
  return {
    ...figure,
    attach: async (box, config, drawn) => void look(box, drawn, {
      width: all.length > 1 ? 760 : 500,
      count: current.points.length,
      point: i => ({ ...current.points[i], heading: heading(current), panels: axes }),
      rowAt: ({ curveNumber, pointNumber }) => {
        const trace = figure.data[curveNumber];
        if (trace.meta !== "scores") return undefined;
        current = panels[trace.xaxis ?? "x"];
        return trace.customdata[pointNumber][0];
      }
    })
  };
}
