// Beside a chart: what a model says of one of the points, which a click chooses, or its row in X typed in.
// "point" gives a row's coordinates, class and scores; "rowAt" the row of a point that was clicked, where it is one.
// Where the chart would become narrower than "width", it stands below.
(box, drawn, { count, point, rowAt, width }) => {
  const chart = box.parentElement, panel = document.createElement("div");
  panel.className = "backprop-look";
  panel.innerHTML = `<style>
    .backprop-look { flex: 1 1 14rem; max-width: 24rem; padding: 1rem 0; font: 13px/1.5 sans-serif; }
    .backprop-look input { width: 4.5em; font: inherit; color: inherit; background: transparent; border: 1px solid currentColor; border-radius: 3px; padding: 1px 4px; }
    .backprop-look :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
    .backprop-look p { margin: .5em 0; }
    .backprop-look table { border-collapse: collapse; margin: .5em 0; font: inherit; color: inherit; }
    .backprop-look tr { background: transparent; }
    .backprop-look :is(th, td) { padding: 1px .5em 1px 0; border: 0; text-align: right; background: transparent; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .backprop-look th:first-child { text-align: left; }
    .backprop-look .right { font-weight: bold; }
    @media print { .backprop-look:not(.chosen) { display: none; } }
    </style><label>Click a point, or type its row: <input type="number" min="0" max="${count - 1}" step="1" placeholder="i"></label><div aria-live="polite"></div>`;
  const input = panel.querySelector("input"), shown = panel.querySelector("div");
  Object.assign(chart.style, { display: "flex", flexWrap: "wrap", columnGap: "16px", alignItems: "flex-start" });
  Object.assign(box.style, { flex: `1 1 ${width}px`, minWidth: 0 });
  box.after(panel);

  const number = value => (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5 || value === 0 ? value.toFixed(4) : value.toExponential(2)).replaceAll("-", "−");
  const row = (name, cells, right) => `<tr${right ? " class=right" : ""}><th>${name}</th>${cells.map(cell => `<td>${cell}</td>`).join("")}</tr>`;

  // The softmax of the scores and what follows from it; the largest score is taken off, as in the notebooks.
  const described = (i, { x, y, label, scores, heading }) => {
    const place = `${heading ? `<p><b>${heading}</b></p>` : ""}<p>X[${i}] = (${number(x)}, ${number(y)})<br>of class y[${i}] = ${label}</p>`;
    if (!scores?.every(Number.isFinite)) return place + "<p>Its scores are not finite numbers.</p>";
    const largest = Math.max(...scores), powers = scores.map(score => Math.exp(score - largest));
    const sum = powers.reduce((a, b) => a + b), predicted = scores.indexOf(largest);
    const rows = scores.map((score, k) => row(`class ${k}`,
      [number(score), number(powers[k] / sum), number((powers[k] / sum - (k === label ? 1 : 0)) / count)], k === label));
    return place + `<p>The model predicts class ${predicted}: ${predicted === label ? "right" : "wrong"}.</p>`
      + `<table><thead>${row("", ["score", "probability", "dS"])}</thead><tbody>${rows.join("")}</tbody></table>`
      + `<p>Loss of this point: ${number(Math.log(sum) + largest - scores[label])}</p>`;
  };

  let chosen = null;
  const refresh = () => shown.innerHTML = chosen === null ? "" : described(chosen, point(chosen));
  const choose = i => {
    chosen = i;
    input.value = i ?? "";
    panel.classList.toggle("chosen", i !== null);
    refresh();
    // A ring around the point, as large on the screen whatever the scale is.
    Plotly.relayout(box, { shapes: i === null ? [] : point(i).panels.map(([xref, yref]) => ({
      type: "circle", xref, yref, xsizemode: "pixel", ysizemode: "pixel", xanchor: point(i).x, yanchor: point(i).y,
      x0: -9, x1: 9, y0: -9, y1: 9, line: { width: 2.5 } })) });
  };

  input.addEventListener("input", () => choose(input.value !== "" && input.checkValidity() ? +input.value : null));
  // An editor would take the arrow keys for its own.
  panel.addEventListener("keydown", event => event.stopPropagation());
  drawn.then(() => box.on("plotly_click", ({ points }) => {
    const row = points.map(rowAt).find(row => row !== undefined);
    if (row !== undefined) choose(row);
  }));
  return refresh;
}
