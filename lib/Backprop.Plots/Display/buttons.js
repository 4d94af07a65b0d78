// The row of buttons over a chart: two that save it, as PNG and as SVG, and the keyboard for all of them.
({
  saving: config => {
    // A picture has the page's background, which its colours were chosen for, also where an editor draws that behind the output.
    const background = box => {
      for (let element = box; element; element = element.parentElement) {
        const colour = getComputedStyle(element).backgroundColor;
        if (!/^transparent$|, 0\)$/.test(colour)) return colour;
      }
      const [red, green, blue] = getComputedStyle(box).color.match(/[\d.]+/g);
      return +red + +green + +blue > 382 ? "rgb(30, 30, 30)" : "white";
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

  // One stop of the Tab key a chart; arrows go from button to button, Enter and the space bar press.
  keyboard: box => {
    // Those of the toolbar, and those in the chart; of these, a filled circle marks the one that is chosen.
    const buttons = () => [...box.querySelectorAll(".modebar-btn, .updatemenu-button")];
    const ready = () => {
      const all = buttons(), stop = Math.max(all.indexOf(document.activeElement), 0);
      all.forEach((button, i) => {
        const [, circle, ariaLabel] = /^([●○]?) ?(.*)/.exec(button.dataset.title ?? button.textContent);
        Object.assign(button, { role: "button", ariaLabel, ariaPressed: circle ? circle === "●" : null, tabIndex: i === stop ? 0 : -1 });
      });
    };
    const bar = shown => box.querySelectorAll(".modebar").forEach(({ style }) => style.opacity = shown ? 1 : "");
    box.addEventListener("focusin", event => bar(event.target.matches(".modebar-btn")));
    box.addEventListener("focusout", () => bar(false));
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
