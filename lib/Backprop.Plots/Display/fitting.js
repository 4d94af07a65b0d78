// How a chart fits into its page: into the width that there is, and into a light or a dark theme.
// "dark" says which colour stands for which on a dark page; no colour is on both sides.
dark => {
  const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);
  const paths = (value, path) => isObject(value)
    ? Object.entries(value).flatMap(([key, inner]) => paths(inner, path ? path + "." + key : key))
    : [[path, value]];
  const at = (value, path) => path.split(".").reduce((inner, key) => inner?.[key], value) ?? null;

  const recolour = (value, pairs) => {
    if (typeof value === "string") return pairs.reduce((text, [from, to]) => text.replaceAll(from, to), value);
    // Coordinates, which are many, have no colours.
    if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map(inner => recolour(inner, pairs));
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, recolour(inner, pairs)])) : value;
  };

  return {
    // The arrangement for a width: the height of the box, and the attributes of the layout that depend on the width. The
    // layout itself is for wide boxes; "meta.narrow" has what is otherwise in narrower ones, the narrowest first.
    arrange: (layout, width) => {
      const { height, narrow = [] } = layout.meta ?? {};
      const found = narrow.findIndex(({ below }) => width < below), chosen = narrow[found];
      const names = new Set(narrow.flatMap(({ layout }) => paths(layout, "").map(([path]) => path)));
      const [fixed, slope] = chosen?.height ?? height ?? [layout.height ?? 480, 0];
      // Beside a narrow chart's title there is room for the buttons that save it, and for no others.
      const isCrowded = width < 520;
      return {
        which: `${found} ${isCrowded}`,
        height: Math.round(fixed + slope * width),
        attributes: {
          "modebar.remove": isCrowded ? ["zoom", "pan", "zoomin", "zoomout", "autoscale", "resetscale"] : null,
          ...Object.fromEntries([...names].map(path => [path, at(chosen?.layout, path) ?? at(layout, path)]))
        }
      };
    },

    // A copy of the layout with the attributes of an arrangement.
    arranged: ({ height, ...layout }, attributes) => {
      const copy = structuredClone(layout);
      for (const [path, value] of Object.entries(attributes)) {
        const keys = path.split("."), last = keys.pop();
        if (value !== null) keys.reduce((inner, key) => inner[key] ??= {}, copy)[last] = value;
      }
      return copy;
    },

    isDark: ink => { const [red, green, blue] = ink.match(/[\d.]+/g); return +red + +green + +blue > 382; },

    // What was drawn for the one kind of page, for the other.
    recolour: (figure, isDark) => recolour(figure, Object.entries(dark).map(pair => isDark ? pair : pair.toReversed()))
  };
}
