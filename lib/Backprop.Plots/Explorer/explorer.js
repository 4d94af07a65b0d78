// Sliders over trainings that are all there: regions, loss and accuracies of the chosen one, computed from its parameters.
({ look, bends }) => ({ data, layout, config, explorer }) => {
  const { hiddenUnits, stepSizes, lambdas, pictureIterations, lossIterations, classes, labels, mostBends, trainings } = explorer;
  const g = { ReLU: z => z > 0 ? z : 0, Logistic: z => 1 / (1 + Math.exp(-z)), Tanh: Math.tanh }[explorer.nonlinearity];
  const REGIONS = 0, BENDS = 1, POINTS = 2, [NEW_POINTS, ALL, LOSS, ACCURACY, UNSEEN, LOSS_NOW, ACCURACIES_NOW] = [-7, -6, -5, -4, -3, -2, -1].map(at => data.length + at);

  // What ShortFloats wrote: floats without their last eight bits.
  const floats = text => {
    const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0)), whole = new Uint8Array(bytes.length / 3 * 4);
    for (let i = 0; i < bytes.length / 3; i++) whole.set(bytes.subarray(3 * i, 3 * i + 3), 4 * i + 1);
    return new Float32Array(whole.buffer);
  };

  // The scores of a place: W1 row by row, b1, W2 row by row and b2 stand one after the other.
  const scoresAt = ({ h, parameters }, x, y, scores) => {
    for (let k = 0; k < classes; k++) scores[k] = parameters[3 * h + h * classes + k];
    for (let j = 0; j < h; j++) {
      const value = g(x * parameters[j] + y * parameters[h + j] + parameters[2 * h + j]), at = 3 * h + j * classes;
      for (let k = 0; k < classes; k++) scores[k] += value * parameters[at + k];
    }
    return scores;
  };

  const CELLS = 240;
  const steps = ([from, to]) => Array.from({ length: CELLS }, (_, i) => from + (i + 0.5) * (to - from) / CELLS);
  const xs = steps(layout.xaxis.range), ys = steps(layout.yaxis.range);
  const predicted = network => {
    const scores = new Float64Array(classes);
    return ys.map(y => Uint8Array.from(xs, x => {
      scoresAt(network, x, y, scores);
      let best = 0;
      for (let k = 1; k < classes; k++) if (scores[k] > scores[best]) best = k;
      return best;
    }));
  };

  const middle = values => Math.floor((values.length - 1) / 2);
  const state = { hidden: middle(hiddenUnits), stepSize: middle(stepSizes), lambda: middle(lambdas), picture: pictureIterations.length - 1, bends: false, unseen: false };
  const training = () => trainings[(state.hidden * stepSizes.length + state.stepSize) * lambdas.length + state.lambda];
  const network = () => {
    const h = hiddenUnits[state.hidden], length = 3 * h + (h + 1) * classes, pictures = training()?.pictures;
    if (!pictures || training().accuracies.length <= state.picture) return null;
    return { h, parameters: floats(pictures.slice(4 * length * state.picture, 4 * length * (state.picture + 1))) };
  };

  const result = narrow => {
    const now = training(), share = values => values[state.picture].toFixed(3);
    if (!now) return "not trained";
    if (!network()) return `diverged at iteration ${now.diverged}`;
    const at = lossIterations.indexOf(pictureIterations[state.picture]);
    return `loss ${floats(now.losses)[at].toPrecision(4)}, accuracy ${share(now.accuracies)}, ${narrow ? "unseen" : "on unseen points"} ${share(now.unseen)}`;
  };

  // What the sliders change in each trace.
  const shown = () => {
    const now = training(), current = network(), losses = now ? floats(now.losses) : [], iteration = pictureIterations[state.picture];
    const reached = current ? lossIterations.indexOf(iteration) + 1 : 0, accuracies = now?.accuracies ?? [], unseen = now?.unseen ?? [];
    const few = current && state.bends && current.h <= mostBends;
    const units = few ? Array.from({ length: current.h }, (_, j) => [0, 1, 2].map(row => current.parameters[row * current.h + j])) : [];
    return {
      [REGIONS]: { x: xs, y: ys, z: current ? predicted(current) : [[]] },
      [BENDS]: { ...bends(units, layout.xaxis.range, layout.yaxis.range), visible: Boolean(few) },
      [NEW_POINTS]: { visible: state.unseen },
      [ALL]: { x: lossIterations.slice(0, losses.length), y: [...losses] },
      [LOSS]: { x: lossIterations.slice(0, reached), y: [...losses.slice(0, reached)] },
      [ACCURACY]: { x: pictureIterations.slice(0, accuracies.length), y: accuracies },
      [UNSEEN]: { x: pictureIterations.slice(0, unseen.length), y: unseen },
      [LOSS_NOW]: { x: current ? [iteration] : [], y: current ? [losses[reached - 1]] : [] },
      [ACCURACIES_NOW]: { x: current ? [iteration, iteration] : [], y: current ? [accuracies[state.picture], unseen[state.picture]] : [] }
    };
  };

  const title = narrow => {
    const hidden = `${hiddenUnits[state.hidden]} hidden unit${hiddenUnits[state.hidden] === 1 ? "" : "s"}`, settings = `step size ${stepSizes[state.stepSize]}, λ = ${lambdas[state.lambda]}`;
    return `Iteration ${pictureIterations[state.picture]} with ${hidden}${narrow ? ",<br>" : ", "}${settings}<br><span style="font-size: 13px">${result(narrow)}</span>`;
  };

  // Instead of regions where there are none.
  const remark = () => network() ? [] : [{
    text: training() ? `This training diverged at iteration ${training().diverged}.<br>Try a smaller step size or a smaller λ.` : "Not trained:<br>the sweep was ended before.",
    showarrow: false, xref: "x domain", yref: "y domain", x: 0.5, y: 0.98, yanchor: "top"
  }];

  // Side by side where there is room, else one below the other: the plane as high as it is wide, then the two lines.
  const NARROW = 640;
  const arranged = width => {
    if (width >= NARROW) {
      return { height: 560, margin: { l: 56, r: 16, t: 64, b: 112 }, xaxis: [0, 0.57], yaxis: [0, 1], xaxis2: [0.68, 1], yaxis2: [0.54, 1], xaxis3: [0.68, 1], yaxis3: [0, 0.46] };
    }
    const margin = { l: 56, r: 16, t: 84, b: 164 }, span = ([from, to]) => to - from, line = 150;
    // As ChartParts.RatioOf has it.
    const ratio = Math.min(Math.max(span(layout.yaxis.range) / span(layout.xaxis.range), 1 / 3), 3);
    const plane = (width - margin.l - margin.r) * ratio, inner = plane + 60 + line + 24 + line;
    const rows = (from, to) => [1 - to / inner, 1 - from / inner];
    return {
      height: Math.round(inner + margin.t + margin.b), margin, xaxis: [0, 1], yaxis: rows(0, plane), xaxis2: [0, 1],
      yaxis2: rows(plane + 60, plane + 60 + line), xaxis3: [0, 1], yaxis3: rows(inner - line, inner)
    };
  };
  // plotly.js moves a title up by what its further lines take.
  const titled = (old, narrow) => ({
    ...old, text: title(narrow), xref: narrow ? "container" : "paper", pad: narrow ? { t: 34, l: 8 } : { t: 24, l: 0 }, font: { size: narrow ? 13 : 16 }
  });
  const placed = (layout, width) => {
    const { height, margin, ...axes } = arranged(width);
    const domains = Object.fromEntries(Object.entries(axes).map(([axis, domain]) => [axis, { ...layout[axis], domain: domain.map(at => Math.max(at, 0)) }]));
    return { ...layout, ...domains, height, margin, annotations: remark(), title: titled(layout.title, width < NARROW) };
  };

  const attach = async (box, config, drawn) => {
    await drawn;
    const chart = box.parentElement, controls = document.createElement("div");
    controls.className = "backprop-explorer";
    controls.innerHTML = `<style>
      .backprop-explorer { flex: 0 0 100%; font: 14px/1.5 sans-serif; }
      .backprop-explorer > * { max-width: 960px; }
      .backprop-explorer p { margin: .5em 0; }
      .backprop-explorer .sliders { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: .5rem 1.5rem; }
      .backprop-explorer .sliders label { display: grid; grid-template-columns: 1fr auto; }
      .backprop-explorer .switches label { margin-right: 1.5rem; }
      .backprop-explorer input { color: inherit; }
      .backprop-explorer input[type=range] { grid-column: 1 / -1; width: 100%; margin: .35rem 0; appearance: none; height: 4px; border-radius: 2px; background: color-mix(in srgb, currentColor 55%, transparent); cursor: pointer; }
      .backprop-explorer input[type=range]::-webkit-slider-thumb { appearance: none; width: 18px; height: 18px; border-radius: 50%; background: currentColor; }
      .backprop-explorer input[type=range]::-moz-range-thumb { width: 18px; height: 18px; border: 0; border-radius: 50%; background: currentColor; }
      .backprop-explorer :focus-visible { outline: 2px solid currentColor; outline-offset: 6px; }
      .backprop-explorer output { font-weight: bold; font-variant-numeric: tabular-nums; }
      .backprop-explorer .told { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      @media print { .backprop-explorer .sliders, .backprop-explorer .switches { display: none; } }
      </style><p></p><div class="sliders"></div><p class="switches"></p><div class="told" role="status"></div>`;
    controls.querySelector("p").textContent = explorer.holds;
    const told = controls.querySelector("[role=status]");

    let due = false;
    const narrow = () => chart.clientWidth < NARROW;
    const draw = () => {
      due = false;
      const traces = shown(), next = placed(box.layout, chart.clientWidth);
      box.style.height = next.height + "px";
      told.textContent = next.title.text.replace(/<[^>]*>/g, " ");
      refresh();
      return Plotly.react(box, box.data.map((trace, i) => traces[i] ? { ...trace, ...traces[i] } : trace), next, config);
    };
    // A slider that is dragged tells more often than a screen can show.
    const soon = () => {
      if (!due) requestAnimationFrame(draw);
      due = true;
    };

    const slider = (name, part, values) => {
      const label = document.createElement("label"), input = document.createElement("input"), output = document.createElement("output");
      input.setAttribute("aria-label", name);
      Object.assign(input, { type: "range", min: 0, max: values.length - 1, step: 1, value: state[part] });
      const say = () => {
        output.textContent = values[state[part]];
        input.setAttribute("aria-valuetext", `${name} ${values[state[part]]}`);
      };
      input.addEventListener("input", () => {
        state[part] = +input.value;
        say();
        soon();
      });
      say();
      label.append(name, output, input);
      controls.querySelector(".sliders").append(label);
    };
    slider("hidden units", "hidden", hiddenUnits);
    slider("step size", "stepSize", stepSizes);
    slider("λ", "lambda", lambdas);
    slider("iteration", "picture", pictureIterations);
    const control = (name, part) => {
      const label = document.createElement("label"), input = Object.assign(document.createElement("input"), { type: "checkbox" });
      input.addEventListener("change", () => {
        state[part] = input.checked;
        soon();
      });
      label.append(input, " " + name);
      controls.querySelector(".switches").append(label);
    };
    control(`lines on which the hidden units bend (up to ${mostBends} units)`, "bends");
    control("points not seen in training", "unseen");
    // An editor would take the arrow keys for its own.
    controls.addEventListener("keydown", event => event.stopPropagation());
    box.before(controls);

    const rows = Array.from({ length: classes }, (_, k) => labels.flatMap((label, i) => label === k ? [i] : []));
    const traceOf = k => POINTS + rows.slice(0, k).filter(rows => rows.length > 0).length;
    const refresh = look(box, drawn, {
      width: 720,
      count: labels.length,
      point: i => {
        const label = labels[i], trace = data[traceOf(label)], at = rows[label].indexOf(i), current = network();
        return { x: trace.x[at], y: trace.y[at], label, panels: [["x", "y"]], scores: current && [...scoresAt(current, trace.x[at], trace.y[at], new Float64Array(classes))] };
      },
      rowAt: ({ curveNumber, pointNumber }) => {
        const k = rows.findIndex((rows, k) => rows.length > 0 && traceOf(k) === curveNumber);
        return k < 0 ? undefined : rows[k][pointNumber];
      }
    });

    let wasNarrow = narrow();
    new ResizeObserver(() => {
      if (chart.clientWidth && wasNarrow !== narrow()) {
        wasNarrow = narrow();
        soon();
      }
    }).observe(chart);
    soon();
  };

  const traces = shown();
  return { data: data.map((trace, i) => ({ ...trace, ...traces[i] })), layout: placed(layout, 960), config, attach };
}
