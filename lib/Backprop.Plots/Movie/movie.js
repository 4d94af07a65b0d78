// Makes a figure of plotly.js, with its frames, out of a training movie.
({ data, layout, config, movie }) => {
  const { classes, rows, columns } = movie;
  const size = rows * columns;
  const grid = cells => Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns));

  // The margins of each class: what RegionBytes wrote. Scores that were not finite are in no region.
  const margins = code => {
    const bytes = atob(code ?? ""), cells = code ? [] : Array(classes * size).fill(-1);
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes.charCodeAt(at);
      if (byte === 0 || byte === 255) for (let run = bytes.charCodeAt(++at); run > 0; run--) cells.push(byte ? 1 : -1);
      else cells.push(byte > 127 ? 2 ** ((byte - 254) / 8) : -(2 ** ((1 - byte) / 8)));
    }
    return Array.from({ length: classes }, (_, k) => cells.slice(k * size, (k + 1) * size));
  };

  const predicted = all => Array.from(all[0], (_, point) => {
    const k = all.findIndex(cells => cells[point] > 0);
    return k < 0 ? null : k;
  });

  const all = data.at(-3);
  const traces = [...Array(classes + 1).keys(), data.length - 2, data.length - 1];
  const frames = movie.frames.map(({ iteration, text, losses, regions }) => {
    const cells = margins(regions);
    const line = from => ({ x: all.x.slice(from, losses), y: all.y.slice(from, losses) });
    return {
      name: String(iteration),
      traces,
      data: [...[...cells, predicted(cells)].map(values => ({ z: grid(values) })), line(0), line(losses - 1)],
      layout: { title: { text: `${layout.title.text}: ${text}` } }
    };
  });

  const options = (duration, redraw) => ({ mode: "immediate", fromcurrent: true, frame: { duration, redraw }, transition: { duration: 0 } });
  const button = (label, frames, duration, redraw) => ({ label, method: "animate", args: [frames, options(duration, redraw)] });
  // plotly.js paints the pressed button almost white on every theme, so the text must be dark on every theme.
  const face = { bgcolor: "rgb(214, 220, 228)", borderwidth: 0, font: { color: "rgb(32, 32, 32)", size: 12 } };
  const faint = "rgba(128, 128, 128, 0.35)";

  // It never starts by itself: who would rather have nothing move is left in peace.
  return {
    data: data.map((trace, i) => ({ ...trace, ...frames[0].data[traces.indexOf(i)] })),
    frames,
    config,
    layout: {
      ...layout,
      title: { ...layout.title, ...frames[0].layout.title },
      updatemenus: [{
        type: "buttons", direction: "right", showactive: false, ...face,
        x: 0, xanchor: "left", y: 0, yanchor: "top", pad: { t: 72, l: 0 },
        buttons: [button("Play", null, 200, true), button("Pause", [null], 0, false)]
      }],
      sliders: [{
        active: 0, x: 0, len: 1, y: 0, yanchor: "top", pad: { t: 64, l: 136, r: 0 },
        currentvalue: { visible: false }, transition: { duration: 0 },
        bgcolor: faint, bordercolor: faint, activebgcolor: "rgb(214, 220, 228)", tickcolor: faint, minorticklen: 3, ticklen: 6, font: { size: 11 },
        steps: frames.map(({ name }) => button(name, [name], 0, true))
      }]
    }
  };
}
