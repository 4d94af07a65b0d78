// The lines on which hidden units bend, for a trace of lines: where u x + v y + b is 0. A short stroke at the middle of
// each points to the side on which the unit's input is above 0.
(units, [left, right], [bottom, top]) => {
  const x = [], y = [], text = [], little = 1e-9 * (right - left), stroke = 0.03 * (right - left);
  units.forEach(([u, v, b], unit) => {
    const ends = [];
    const add = (px, py) => {
      if (px >= left - little && px <= right + little && py >= bottom - little && py <= top + little) ends.push([px, py]);
    };
    for (const px of [left, right]) if (v) add(px, -(u * px + b) / v);
    for (const py of [bottom, top]) if (u) add(-(v * py + b) / u, py);
    if (ends.length < 2) return;

    ends.sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
    const [from, to] = [ends[0], ends.at(-1)], middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], length = Math.hypot(u, v);
    const tip = [middle[0] + stroke * u / length, middle[1] + stroke * v / length];
    for (const place of [from, middle, tip, middle, to, [null, null]]) {
      x.push(place[0]);
      y.push(place[1]);
      text.push(`unit ${unit} bends here`);
    }
  });
  return { x, y, text };
}
