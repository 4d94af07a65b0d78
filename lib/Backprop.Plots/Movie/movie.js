// Makes a figure of plotly.js, with its frames, out of a training movie.
bends => ({ data, layout, config, movie }) => {
  const { classes, x: [left, right], y: [bottom, top] } = movie;
  const most = 4095;
  const { x: columns, y: rows } = data[classes];
  const across = part => left + (right - left) * part / most, up = part => bottom + (top - bottom) * part / most;

  // The outlines of each class, as parts of the rectangle: what RegionBytes wrote. Scores that were not finite have none.
  const outlines = code => {
    const bytes = Uint8Array.from(atob(code ?? ""), character => character.charCodeAt(0));
    let at = 0;
    const word = () => bytes[at++] | bytes[at++] << 8;
    const point = () => { const [a, b, c] = bytes.subarray(at, at += 3); return [a | (b & 15) << 8, b >> 4 | c << 4]; };
    const list = item => Array.from({ length: code ? word() : 0 }, item);
    return Array.from({ length: classes }, () => list(() => list(point)));
  };

  const region = loops => {
    const points = loops.flatMap(loop => [...loop, loop[0], null]).slice(0, -1);
    return { x: points.map(point => point && across(point[0])), y: points.map(point => point && up(point[1])) };
  };

  // For who asks the mouse what is predicted at a place: along each row, a region lies between an odd and an even outline.
  const predicted = all => rows.map(y => {
    const row = columns.map(() => null), height = Math.min(Math.max((y - bottom) / (top - bottom) * most, 0.5), most - 0.5);
    all.forEach((loops, k) => {
      const crossed = loops.flatMap(loop => loop.flatMap(([x1, y1], i) => {
        const [x2, y2] = loop[(i + 1) % loop.length];
        return y1 < height === y2 < height ? [] : [across(x1 + (x2 - x1) * (height - y1) / (y2 - y1))];
      })).sort((a, b) => a - b);
      for (let i = 0; i + 1 < crossed.length; i += 2) columns.forEach((x, j) => {
        if (x >= crossed[i] - 1e-6 && x <= crossed[i + 1] + 1e-6) row[j] = k;
      });
    });
    return row;
  });

  const all = data.at(-3);
  const traces = [...Array(classes + 2).keys(), data.length - 2, data.length - 1];
  const frames = movie.frames.map(({ iteration, text, losses, regions, units }) => {
    const loops = outlines(regions);
    const line = from => ({ x: all.x.slice(from, losses), y: all.y.slice(from, losses) });
    return {
      name: String(iteration),
      traces,
      data: [...loops.map(region), { z: predicted(loops) }, bends(units ?? [], movie.x, movie.y), line(0), line(losses - 1)],
      layout: { title: { text: `${layout.title.text}<br><span style="font-size: 13px">${text}</span>` } }
    };
  });

  const options = (duration, redraw) => ({ mode: "immediate", fromcurrent: true, frame: { duration, redraw }, transition: { duration: 0 } });
  // What plotly.js would do by itself (it says so for the slider's sake) is done below, where an interruption is no error.
  const button = (label, frames, duration, redraw) => ({ label, method: "animate", args: [frames, options(duration, redraw)], execute: false });
  // plotly.js paints the pressed button almost white on every theme, so the text must be dark on every theme.
  const face = { bgcolor: "rgb(214, 220, 228)", borderwidth: 0, font: { color: "rgb(32, 32, 32)", size: 12 } };
  const faint = "rgba(128, 128, 128, 0.35)";

  // Below the movie stands a switch for the lines of the hidden units, where there are some; and the keyboard plays it:
  // the space bar starts and stops, arrows go from picture to picture.
  const attach = async (box, config, drawn) => {
    await drawn;
    if (movie.frames.some(({ units }) => units)) {
      const label = document.createElement("label"), input = Object.assign(document.createElement("input"), { type: "checkbox" });
      label.style = "font: 14px/1.5 sans-serif";
      input.onchange = () => Plotly.restyle(box, { visible: input.checked }, [classes + 1]);
      label.append(input, " lines on which the hidden units bend");
      box.after(label);
    }

    let shown = 0, playing = false;
    const animate = (...what) => Plotly.animate(box, ...what).catch(() => {});
    const last = frames.length - 1;
    const show = name => { animate([name], options(0, true)); playing = false; };
    const play = () => { animate(shown === last ? frames.map(({ name }) => name) : null, options(200, true)); playing = true; };
    const pause = () => { animate([null], options(0, false)); playing = false; };
    box.on("plotly_animatingframe", ({ name }) => shown = frames.findIndex(frame => frame.name === name));
    box.on("plotly_animated", () => playing = false);
    box.on("plotly_buttonclicked", ({ button }) => button.label === "Play" ? play() : pause());
    box.on("plotly_sliderchange", ({ step, interaction }) => { if (interaction) show(step.label); });
    box.tabIndex = 0;
    box.setAttribute("aria-label", "Training movie: the space bar plays and stops it, arrows go from picture to picture");
    box.addEventListener("keydown", event => {
      const next = { ArrowRight: Math.min(shown + 1, last), ArrowLeft: Math.max(shown - 1, 0), Home: 0, End: last }[event.key];
      if (event.target !== box || event.key !== " " && next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (next !== undefined) show(frames[next].name);
      else if (playing) pause();
      else play();
    });
  };

  // It never starts by itself: who would rather have nothing move is left in peace.
  return {
    data: data.map((trace, i) => ({ ...trace, ...frames[0].data[traces.indexOf(i)] })),
    frames,
    config,
    attach,
    layout: {
      ...layout,
      // plotly.js moves a title up by what its second line takes.
      title: { ...layout.title, ...frames[0].layout.title, pad: { ...layout.title.pad, t: 24 } },
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
