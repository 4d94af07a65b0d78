using System.Text;
using Backprop.Browser;
using Microsoft.Playwright;

namespace Backprop.Plots.Tests;

/// <summary>Charts saved as pictures, by mouse and by keyboard, on a light page and on a dark one, without a network.</summary>
public class SavingTests(ChromiumBrowser browser)
{
    [Fact]
    public async Task A_click_saves_a_chart_as_PNG_under_the_name_of_its_title()
    {
        await using var page = await OpenAsync("background: white; color: rgb(20, 20, 20)", ChartHtml.Of(Sample.Model));
        await page.Page.Locator(".js-plotly-plot").HoverAsync();

        var (name, bytes) = await SavedAsync(page, () => page.Page.Locator("[data-title='Save as PNG']").ClickAsync());

        Assert.Equal("decision-regions.png", name);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
        // Twice as many pixels as on the screen; the width stands in the header.
        var width = await page.Page.EvaluateAsync<int>("document.querySelector('.js-plotly-plot').clientWidth");
        Assert.Equal(2 * width, (bytes[18] << 8) + bytes[19]);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_keyboard_saves_a_chart_as_SVG_with_the_colours_of_a_dark_page()
    {
        await using var page = await OpenAsync("background: rgb(15, 19, 25); color: rgb(227, 232, 238)", ChartHtml.Of(Sample.Loss));

        await page.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("linear", await FocusAsync(page));
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("Save as SVG", await FocusAsync(page));
        var (name, bytes) = await SavedAsync(page, () => page.Page.Keyboard.PressAsync("Enter"));

        var svg = Encoding.UTF8.GetString(bytes);
        Assert.Equal("loss.svg", name);
        Assert.StartsWith("<svg", svg);
        Assert.Contains("rgb(15, 19, 25)", svg);
        Assert.Contains("rgb(227, 232, 238)", svg);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_name_of_a_movies_picture_says_which_iteration_it_is()
    {
        var movie = new TrainingMovie(Sample.Points.X, Sample.Points.y, 1);
        movie.Add(0, 0.25, () => Sample.Network);
        await using var page = await OpenAsync("background: white", TrainingMovieHtml.Of(movie));
        await page.Page.Locator(".js-plotly-plot").HoverAsync();

        var (name, _) = await SavedAsync(page, () => page.Page.Locator("[data-title='Save as SVG']").ClickAsync());

        Assert.Equal("training-iteration-0-loss-0.2500.svg", name);
    }

    [Fact]
    public async Task All_buttons_of_a_chart_are_one_stop_of_the_tab_key()
    {
        await using var page = await OpenAsync("background: white", ChartHtml.Of(Sample.Model) + ChartHtml.Of(Sample.Weights));

        Assert.Equal(2, await page.Page.Locator(".modebar-btn[tabindex='0']").CountAsync());
        Assert.All(
            await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.modebar-btn')].map(button => button.getAttribute('aria-label'))"),
            Assert.NotEmpty);

        Assert.Equal("0", await OpacityAsync());
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("1", await OpacityAsync());
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("0", await OpacityAsync());

        async Task<string> OpacityAsync()
        {
            // What fades in or out has done so.
            await page.Page.WaitForFunctionAsync("document.getAnimations().length === 0");
            return await page.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.modebar-group')).opacity");
        }
    }

    [Fact]
    public async Task On_a_telephone_no_title_runs_under_the_buttons()
    {
        await using var page = await OpenAsync("background: white", string.Concat(Sample.All.Select(ChartHtml.Of)));
        await page.Page.SetViewportSizeAsync(390, 900);
        await page.WaitUntilStillAsync();

        var under = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll(".modebar-btn")].flatMap(button => {
              const box = button.getBoundingClientRect(), title = button.closest(".js-plotly-plot").querySelector(".gtitle"), under = title.getBoundingClientRect();
              return box.left < under.right && box.top < under.bottom && under.top < box.bottom ? [`${button.dataset.title} over ${title.textContent}`] : [];
            })
            """);

        Assert.Empty(under);
        Assert.NotEqual(0, await page.Page.Locator(".modebar-btn").CountAsync());
    }

    private static Task<string> FocusAsync(BrowserPage page) => page.Page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')");

    private static async Task<(string Name, byte[] Bytes)> SavedAsync(BrowserPage page, Func<Task> save)
    {
        var download = await page.Page.RunAndWaitForDownloadAsync(save);
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken));
    }

    private async Task<BrowserPage> OpenAsync(string style, string charts)
    {
        var page = await browser.NewPageAsync();
        await page.ShowAsync($"<!DOCTYPE html><body style=\"{style}\">{PlotlyJs.Inline()}{charts}");
        await page.WaitForChartsAsync(charts.Split("role=\"figure\"").Length - 1);
        return page;
    }
}
