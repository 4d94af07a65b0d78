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
    const buttons = () => [...box.querySelectorAll(".modebar-btn")];
    const ready = () => buttons().forEach((button, i, all) => {
      button.setAttribute("role", "button");
      button.setAttribute("aria-label", button.dataset.title ?? "");
      button.tabIndex = button === document.activeElement || i === 0 && !all.includes(document.activeElement) ? 0 : -1;
    });
    const bar = shown => {
      const element = box.querySelector(".modebar");
      if (element) element.style.opacity = shown ? 1 : "";
    };
    box.addEventListener("focusin", event => bar(event.target.matches(".modebar-btn")));
    box.addEventListener("focusout", () => bar(false));
    box.addEventListener("keydown", event => {
      const all = buttons(), at = all.indexOf(event.target);
      if (at < 0) return;
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) all[(at + step + all.length) % all.length].focus();
      else if (event.key === "Enter" || event.key === " ") event.target.click();
      else return;
      // An editor would take the keys for its own.
      event.preventDefault();
      event.stopPropagation();
    });
    box.on("plotly_afterplot", ready);
    ready();
  }
})
