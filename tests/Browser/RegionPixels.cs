using Microsoft.Playwright;

namespace Backprop.Browser;

/// <summary>What the pixels of region charts are made of.</summary>
public static class RegionPixels
{
    /// <summary>
    /// Counts the pixels of every panel with regions on the page, with all else but the regions hidden: how many are of no class,
    /// of one, and of more. The page is white, and tints are a quarter of a colour.
    /// </summary>
    public static async Task<IReadOnlyList<PixelCount>> CountAsync(IPage page)
    {
        await page.EvaluateAsync(
            """
            () => {
              const style = document.createElement("style");
              style.id = "only-regions";
              style.textContent = `[data-backprop-chart] :is(.points, .lines, .text, .gridlayer, .zerolinelayer, .hm, .modebar, .infolayer) { display: none; }
                html, body { background: white !important; }`;
              document.head.append(style);
            }
            """);
        var counts = new List<PixelCount>();
        foreach (var plot in await page.Locator("[data-backprop-chart] .cartesianlayer .subplot").AllAsync())
        {
            if (await plot.Locator(".js-fill").CountAsync() == 0)
            {
                continue;
            }

            var image = await plot.Locator(".plot").ScreenshotAsync();
            counts.Add(await page.EvaluateAsync<PixelCount>(
                """
                async ([png, tints]) => {
                  const image = new Image();
                  image.src = "data:image/png;base64," + png;
                  await image.decode();
                  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
                  const context = canvas.getContext("2d");
                  context.drawImage(image, 0, 0);
                  // The frame itself lies between two pixels.
                  const { data } = context.getImageData(2, 2, image.width - 4, image.height - 4);
                  const count = { none: 0, one: 0, more: 0 };
                  for (let at = 0; at < data.length; at += 4) {
                    const [r, g, b] = data.subarray(at, at + 3);
                    const near = ([x, y, z]) => Math.abs(x - r) + Math.abs(y - g) + Math.abs(z - b) < 6;
                    count[near([255, 255, 255]) ? "none" : tints.some(near) ? "one" : "more"]++;
                  }
                  return count;
                }
                """,
                new object[] { Convert.ToBase64String(image), await TintsAsync(plot) }));
        }

        await page.EvaluateAsync("document.getElementById('only-regions').remove()");
        return counts;
    }

    private static async Task<int[][]> TintsAsync(ILocator plot) => await plot.EvaluateAsync<int[][]>(
        """
        plot => [...plot.querySelectorAll(".js-fill")].map(fill => {
          const [, r, g, b] = getComputedStyle(fill).fill.match(/(\d+), (\d+), (\d+)/), alpha = getComputedStyle(fill).fillOpacity;
          return [r, g, b].map(part => Math.round(255 + (part - 255) * alpha));
        })
        """);
}

/// <summary>How many pixels of a panel are in no region, in one, in more.</summary>
public sealed record PixelCount
{
    public int None { get; init; }

    public int One { get; init; }

    public int More { get; init; }
}
