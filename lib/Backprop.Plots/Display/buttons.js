// The row of buttons over a chart: two that save it, as PNG and as SVG, and the keyboard for all of them.
({
  saving: (config, isDark) => {
    // A picture has the page's background, which its colours were chosen for, also where an editor draws that behind the output.
    const background = box => {
      for (let element = box; element; element = element.parentElement) {
        const colour = getComputedStyle(element).backgroundColor;
        if (!/^transparent$|, 0\)$/.test(colour)) return colour;
      }
      return isDark(getComputedStyle(box).color) ? "rgb(30, 30, 30)" : "white";
    };

    // The chart's title as the name of a file.
    const fileName = title => (title ?? "").replace(/<[^>]*>/g, " ").replaceAll("λ", "lambda")
      .toLowerCase().replace(/[^\p{L}\p{N}.]+/gu, "-").slice(0, 100).replace(/^[-.]+|[-.]+$/g, "") || "chart";

    const button = format => ({
      name: "save-" + format,
      title: "Save as " + format.toUpperCase(),
      icon: () => Object.assign(document.createElement("span"), { textContent: format.toUpperCase(), style: "font: 600 11px/20px sans-serif; color: inherit" }),
      click: box => Plotly.downloadImage(
        { data: box.data, layout: { ...box.layout, paper_bgcolor: background(box) }, config },
        { format, filename: fileName(box._fullLayout.title.text), width: box.clientWidth, height: box.clientHeight, scale: format === "png" ? 2 : 1 })
    });

    return {
      ...config,
      modeBarButtonsToRemove: ["toImage", ...config?.modeBarButtonsToRemove ?? []],
      modeBarButtonsToAdd: [button("png"), button("svg"), ...config?.modeBarButtonsToAdd ?? []]
    };
  },

  // One stop of the Tab key a chart; arrows go from button to button, Enter and the space bar press. To a screen reader the
  // chart is one figure with its texts and buttons, not the nameless images of which plotly.js
  // makes it (nor the one at the end of the page, in which plotly.js measures).
  keyboard: box => {
    // Those of the toolbar, and those in the chart; of these, a filled circle marks the one that is chosen.
    const buttons = () => [...box.querySelectorAll(".modebar-btn, .updatemenu-button")];
    const ready = () => {
      const all = buttons(), stop = Math.max(all.indexOf(document.activeElement), 0);
      document.querySelectorAll(".js-plotly-plot svg, #js-plotly-tester").forEach(image => image.role = "none");
      all.forEach((button, i) => {
        const [, circle, ariaLabel] = /^([●○]?) ?(.*)/.exec(button.dataset.title ?? button.textContent);
        Object.assign(button, { role: "button", ariaLabel, ariaPressed: circle ? circle === "●" : null, tabIndex: i === stop ? 0 : -1 });
      });
    };
    box.addEventListener("keydown", event => {
      const all = buttons(), at = all.indexOf(event.target);
      if (at < 0) return;
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) all.at((at + step) % all.length).focus();
      else if (/^(Enter| )$/.test(event.key)) all[at].dispatchEvent(new Event("click", { bubbles: true }));
      else return;
      // An editor would take the keys for its own.
      event.preventDefault();
      event.stopPropagation();
    });
    box.on("plotly_afterplot", ready);
    ready();
  }
})
