using Backprop.Browser;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ChromiumBrowser))]

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The exported pages of the repository's notebooks, opened in a browser with the network cut off.</summary>
public class LessonPagesTests(LessonsRun run, ChromiumBrowser browser)
{
    public static TheoryData<string, int> Charts => new()
    {
        { "1-spiral-data", 1 },
        { "2-softmax-regression", 6 },
        { "3-two-layer-network-autodiff", 8 },
        { "4-build-your-own-autodiff", 1 },
        { "5-two-layer-network-by-hand", 5 },
        { "6-check-your-gradients", 2 },
        { "7-playground", 10 },
        { "8-descent", 2 },
    };

    [Theory]
    [MemberData(nameof(Charts))]
    public async Task Every_chart_of_a_page_is_drawn_without_a_network_and_can_be_read_at_any_width_in_light_and_dark_and_on_paper(string name, int charts)
    {
        await using var page = await OpenAsync(name);

        await page.WaitForChartsAsync(charts);

        Assert.Equal(charts, await page.Page.Locator("[data-backprop-chart]").CountAsync());
        Assert.All(await RegionPixels.CountAsync(page.Page), count => Assert.Equal((0, 0), (count.None, count.More)));
        foreach (var theme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.Page.EmulateMediaAsync(new() { ColorScheme = theme });
            foreach (var width in new[] { 1400, 974, 390 })
            {
                await page.Page.SetViewportSizeAsync(width, 900);
                await page.WaitUntilStillAsync();
                Assert.Empty((await ChartTexts.ComplaintsAsync(page.Page)).Select(complaint => $"{theme}, {width} px, {complaint}"));
            }
        }

        await page.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await page.Page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Light });
        // A4 without margins of a centimetre, in CSS pixels.
        await page.Page.SetViewportSizeAsync(718, 1046);
        await page.WaitUntilStillAsync();

        var cut = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("[data-backprop-chart]")].flatMap(chart => {
              const { left, right, height } = chart.querySelector(".main-svg").getBoundingClientRect();
              const output = chart.closest(".output");
              return right <= innerWidth && left >= 0 && height <= 1000 && getComputedStyle(output).breakInside === "avoid" ? []
                : [`${chart.getAttribute("aria-label")}: ${left} to ${right}, ${height} high`];
            })
            """);

        Assert.Empty(cut);
        Assert.Equal(0, await page.Page.Locator("details:not([open])").CountAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_explorer_of_the_playground_follows_the_keyboard_on_a_page_without_a_kernel_and_a_network()
    {
        await using var page = await OpenAsync("7-playground");
        var hidden = page.Page.GetByLabel("hidden units", new() { Exact = true });

        await hidden.FocusAsync();
        await page.Page.Keyboard.PressAsync("End");

        await page.Page.WaitForFunctionAsync("[...document.querySelectorAll('.gtitle')].some(title => title.textContent.includes('with 30 hidden units'))");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Hovering_over_a_point_shows_its_class()
    {
        await using var page = await OpenAsync("1-spiral-data");
        await page.WaitForChartsAsync(1);

        await page.Page.Locator(".scatterlayer .point").Nth(40).HoverAsync(new() { Force = true });

        await page.Page.Locator(".hoverlayer .hovertext").First.WaitForAsync();
        Assert.Contains("class", await page.Page.Locator(".hoverlayer").TextContentAsync());
    }

    [Fact]
    public async Task Formulas_are_shown_as_formulas()
    {
        await using var page = await OpenAsync("2-softmax-regression");

        Assert.True(await page.Page.Locator("math").CountAsync() > 10);
        Assert.DoesNotContain(@"\frac", await page.Page.Locator("body").InnerTextAsync());
    }

    private async Task<BrowserPage> OpenAsync(string name)
    {
        run.Executed(name);
        var page = await browser.NewPageAsync();
        await page.Page.GotoAsync(new Uri(run.Page(name)).AbsoluteUri);
        return page;
    }
}
