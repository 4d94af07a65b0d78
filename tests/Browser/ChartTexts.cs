using Microsoft.Playwright;

namespace Backprop.Browser;

/// <summary>What can be read in the charts of a page, and what cannot.</summary>
public static class ChartTexts
{
    /// <summary>
    /// The texts of all charts that touch another text, lie over a plot that they do not belong to, or reach out of their chart; and
    /// the texts and lines whose contrast with what is behind them is below 4.5 and 3 to 1 (Web Content Accessibility Guidelines 2.2).
    /// </summary>
    /// <returns>A sentence for each: none where all can be read.</returns>
    public static async Task<IReadOnlyList<string>> ComplaintsAsync(IPage page) => await page.EvaluateAsync<string[]>(
        """
        () => {
          const complaints = [];
          const rgba = text => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
          const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)];
          const luminance = colour => {
            const [r, g, b] = colour.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const contrast = (one, other) => {
            const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
            return (light + 0.05) / (dark + 0.05);
          };
          const paper = over(rgba(getComputedStyle(document.body).backgroundColor), [255, 255, 255]);
          const alpha = element => {
            let all = 1;
            for (let at = element; at && !at.matches?.("[data-backprop-chart]"); at = at.parentElement) all *= +getComputedStyle(at).opacity;
            return all;
          };
          const paint = (element, name) => {
            const style = getComputedStyle(element), [r, g, b, a] = rgba(style[name]);
            return [r, g, b, a * +style[name + "Opacity"] * alpha(element)];
          };
          const meet = (a, b, room = 0.5) => a.left < b.right - room && b.left < a.right - room && a.top < b.bottom - room && b.top < a.bottom - room;
          const within = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1;

          document.querySelectorAll("[data-backprop-chart]").forEach((chart, number) => {
            const name = `chart ${number} (${chart.getAttribute("aria-label")})`;
            const say = text => complaints.push(`${name}: ${text}`);
            const frame = chart.querySelector(".main-svg").getBoundingClientRect();
            const plots = [...chart.querySelectorAll(".nsewdrag")].map(plot => plot.getBoundingClientRect());
            // Several lines are several boxes: the space at the end of a shorter one is nobody's.
            const texts = [...chart.querySelectorAll("svg text")]
              .filter(text => text.textContent.trim() && getComputedStyle(text).visibility !== "hidden" && alpha(text) > 0)
              .flatMap(text => {
                const lines = [...text.querySelectorAll("tspan.line")];
                return (lines.length ? lines : [text]).map(line => ({ text, line, words: line.textContent.trim(), box: line.getBoundingClientRect() }));
              }).filter(({ words, box }) => words && box.width > 0);

            texts.forEach(({ text, words, box }, i) => {
              if (!within(box, frame)) say(`"${words}" reaches out of the chart`);
              for (const other of texts.slice(0, i)) if (other.text !== text && meet(box, other.box)) say(`"${words}" touches "${other.words}"`);
              if (!text.closest(".plot, .cartesianlayer .heatmaplayer, .slider-container")) {
                for (const plot of plots) if (meet(box, plot)) say(`"${words}" lies over a plot`);
              }
              const button = text.parentElement.querySelector(":scope > .updatemenu-item-rect");
              const cell = text.closest(".heatmap-label") ? null : button ? over(paint(button, "fill"), paper) : paper;
              const found = cell ? contrast(over(paint(text, "fill"), cell), cell) : 21;
              if (found < 4.5) say(`"${words}" has a contrast of ${found.toFixed(2)}`);
            });

            // A line may lie on any tint of the chart that is its own class's, or on the page.
            const tints = [...chart.querySelectorAll(".js-fill")].map(fill => paint(fill, "fill"));
            for (const line of chart.querySelectorAll(".scatterlayer path.js-line, .contourlayer path")) {
              const stroke = paint(line, "stroke");
              if (getComputedStyle(line).strokeWidth === "0px") continue;
              const own = line.closest(".trace").querySelector(".js-fill");
              // Lines on regions have the hue of their own; nearest is the tint that they lie on.
              const nearest = tints.toSorted((a, b) => distance(a, stroke) - distance(b, stroke))[0];
              const behind = [paper, ...own ? tints.map(tint => over(tint, paper)) : nearest && !line.closest(".x2y2") ? [over(nearest, paper)] : []];
              const found = Math.min(...behind.map(back => contrast(over(stroke, back), back)));
              if (found < 3) say(`a line of ${getComputedStyle(line).stroke} has a contrast of ${found.toFixed(2)}`);
            }
          });
          return complaints;

          function distance(a, b) { return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }
        }
        """);
}
