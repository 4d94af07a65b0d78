using Backprop.Browser;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(ChromiumBrowser))]

namespace Backprop.Plots.Tests;

/// <summary>Charts in a browser: whatever plotly.js does, and whatever the page around them is.</summary>
public class BrowserTests(ChromiumBrowser browser)
{
    private static readonly string s_charts = string.Concat(Sample.All.Select(ChartHtml.Of));

    [Fact]
    public async Task Every_chart_appears_though_plotly_js_is_two_seconds_late()
    {
        await using var page = await browser.NewPageAsync();
        await ServePlotlyAsync(page, TimeSpan.FromSeconds(2));
        await page.ShowAsync(Page(s_charts), WaitUntilState.DOMContentLoaded);

        Assert.Equal(0, await page.Page.Locator(".main-svg").CountAsync());
        await page.WaitForChartsAsync(Sample.All.Length);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Plotly_js_is_loaded_once_a_page()
    {
        await using var page = await browser.NewPageAsync();
        var requests = 0;
        await ServePlotlyAsync(page, TimeSpan.FromMilliseconds(200), () => requests++);
        await page.ShowAsync(Page(s_charts));

        await page.WaitForChartsAsync(Sample.All.Length);

        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task The_same_chart_shown_twice_on_a_page_is_drawn_twice()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Loss) + "<p>and again</p>" + ChartHtml.Of(Sample.Loss));

        await page.WaitForChartsAsync(2);

        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Without_a_network_the_reader_is_told_and_the_chart_appears_when_plotly_js_does()
    {
        await using var page = await browser.NewPageAsync();
        await page.ShowAsync(Page(ChartHtml.Of(Sample.Loss)));

        await page.Page.GetByText("Notebook.Setup(offline: true)").WaitForAsync();
        await page.Page.EvaluateAsync(PlotlyJs.Text);
        await page.WaitForChartsAsync(1);
        Assert.Equal(0, await page.Page.GetByText("could not be loaded").CountAsync());
    }

    [Fact]
    public async Task The_button_tries_again()
    {
        await using var page = await browser.NewPageAsync();
        await page.ShowAsync(Page(ChartHtml.Of(Sample.Loss)));
        await page.Page.GetByText("Try again").WaitForAsync();

        await ServePlotlyAsync(page, TimeSpan.Zero);
        await page.Page.GetByText("Try again").ClickAsync();

        await page.WaitForChartsAsync(1);
    }

    [Fact]
    public async Task Offline_setup_draws_charts_with_the_network_cut_off()
    {
        await using var page = await browser.NewPageAsync();
        await page.ShowAsync(Page(PlotlyJs.Inline() + s_charts));

        await page.WaitForChartsAsync(Sample.All.Length);

        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_page_with_an_AMD_module_loader_draws_charts_too()
    {
        const string moduleLoader = "<script>window.define = Object.assign(() => { throw new Error('defined'); }, { amd: {} });</script>";
        await using var page = await OpenAsync(moduleLoader + ChartHtml.Of(Sample.Loss));

        await page.WaitForChartsAsync(1);

        Assert.Empty(page.Errors);
        Assert.True(await page.Page.EvaluateAsync<bool>("!!window.define.amd"));
    }

    [Fact]
    public async Task An_output_that_is_rendered_again_is_drawn_again()
    {
        await using var page = await OpenAsync($"<div id=output>{ChartHtml.Of(Sample.Loss)}</div>");
        await page.WaitForChartsAsync(1);

        // As editors do it: the HTML is set, and its scripts are run from elements of their own.
        await page.Page.EvaluateAsync(
            """
            html => {
              const output = document.getElementById("output");
              output.innerHTML = html;
              const old = output.querySelector("script:not([type])"), script = document.createElement("script");
              script.textContent = old.textContent;
              document.head.append(script);
            }
            """,
            ChartHtml.Of(Sample.Model));

        await page.WaitForChartsAsync(1);
        await page.Page.GetByText("class 2").First.WaitForAsync();
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_page_that_was_saved_with_its_drawings_draws_again()
    {
        await using var first = await OpenAsync(ChartHtml.Of(Sample.Loss));
        await first.WaitForChartsAsync(1);
        var saved = await first.Page.EvaluateAsync<string>("document.querySelector('[data-backprop-chart]').parentElement.innerHTML");

        await using var second = await OpenAsync(saved);
        await second.WaitForChartsAsync(1);

        Assert.Empty(second.Errors);
    }

    [Fact]
    public async Task Hovering_over_a_point_shows_its_coordinates_and_its_class()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Labelled));
        await page.WaitForChartsAsync(1);

        await page.Page.Locator(".scatterlayer .point").Nth(50).HoverAsync(new() { Force = true });

        await page.Page.Locator(".hoverlayer .hovertext").First.WaitForAsync();
        var shown = await page.Page.Locator(".hoverlayer").TextContentAsync();
        Assert.Contains("class", shown);
        Assert.Matches(@"\d\.\d", shown!);
    }

    [Fact]
    public async Task Hovering_over_a_region_shows_its_coordinates_and_what_is_predicted()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Model));
        await page.WaitForChartsAsync(1);

        // A corner of the mesh, where no point lies.
        var frame = await page.Page.Locator(".nsewdrag").First.BoundingBoxAsync();
        await page.Page.Mouse.MoveAsync(frame!.X + 20, frame.Y + 20);

        await page.Page.Locator(".hoverlayer .hovertext").First.WaitForAsync();
        Assert.Matches(@"predicts class \d.*X\[i, 0\] = .*\d.*X\[i, 1\] = .*\d", (await page.Page.Locator(".hoverlayer").TextContentAsync())!);
    }

    [Fact]
    public async Task Hovering_over_a_node_of_a_computation_graph_shows_its_value_and_its_gradient_with_the_network_cut_off()
    {
        await using var page = await browser.NewPageAsync();
        await page.ShowAsync(Page(PlotlyJs.Inline() + ChartHtml.Of(Sample.Traced)));
        await page.WaitForChartsAsync(1);

        // W1, the first of the parameters; the trace of edges has points too.
        await page.Page.Locator(".scatterlayer .trace").Nth(1).Locator(".point").First.HoverAsync(new() { Force = true });

        await page.Page.Locator(".hoverlayer .hovertext").First.WaitForAsync();
        var shown = (await page.Page.Locator(".hoverlayer").TextContentAsync())!.Replace('\u00a0', ' ');
        Assert.Matches(@"W1\s+\(2 × 2\).*value.*0\.5.*gradient ∂v₂₂/∂W1.*0\.382", shown);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Text_takes_the_colour_of_the_page_and_follows_its_theme()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Loss));
        await page.WaitForChartsAsync(1);
        var light = await TextColourAsync();

        await page.Page.EvaluateAsync("document.body.style.color = 'rgb(250, 240, 230)'");

        await page.Page.WaitForFunctionAsync("getComputedStyle(document.querySelector('.gtitle')).fill.includes('250, 240, 230')");
        Assert.DoesNotContain("250, 240, 230", light);

        Task<string> TextColourAsync() => page.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.gtitle')).fill");
    }

    [Fact]
    public async Task A_chart_that_was_taken_off_the_page_and_put_back_is_drawn_still_and_follows_the_theme()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Loss));
        await page.WaitForChartsAsync(1);

        await page.Page.EvaluateAsync("window.off = document.querySelector('[data-backprop-chart]'); window.place = off.parentElement; off.remove()");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await page.Page.EvaluateAsync("document.body.style.color = 'rgb(250, 240, 230)'");
        await page.Page.EvaluateAsync("place.append(off)");

        await page.WaitForChartsAsync(1);
        await page.Page.WaitForFunctionAsync("getComputedStyle(document.querySelector('.gtitle')).fill.includes('250, 240, 230')");
        await page.Page.EvaluateAsync("document.body.style.color = 'rgb(1, 2, 3)'");
        await page.Page.WaitForFunctionAsync("getComputedStyle(document.querySelector('.gtitle')).fill.includes('1, 2, 3')");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_click_switches_the_loss_to_a_logarithmic_axis()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Loss));
        await page.WaitForChartsAsync(1);

        await page.Page.Locator(".updatemenu-button", new() { HasTextString = "log" }).ClickAsync();

        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot').layout.yaxis.type === 'log'");
    }

    [Fact]
    public async Task The_keyboard_switches_the_loss_to_a_logarithmic_axis_and_back()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Loss));
        await page.WaitForChartsAsync(1);
        var log = page.Page.GetByRole(AriaRole.Button, new() { Name = "log", Exact = true });

        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.Page.Keyboard.PressAsync("Enter");

        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot').layout.yaxis.type === 'log'");
        await page.Page.WaitForFunctionAsync("document.activeElement.textContent === '● log'");
        Assert.Equal("true", await log.GetAttributeAsync("aria-pressed"));
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.Page.Keyboard.PressAsync(" ");
        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot').layout.yaxis.type === 'linear'");
        Assert.Equal("false", await log.GetAttributeAsync("aria-pressed"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_toolbar_does_not_lie_over_the_buttons_of_the_loss()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Loss));
        await page.WaitForChartsAsync(1);

        await page.Page.HoverAsync("[data-backprop-chart]");
        var (toolbar, button) = (await page.Page.Locator(".modebar").BoundingBoxAsync(), await page.Page.Locator(".updatemenu-button", new() { HasTextString = "log" }).BoundingBoxAsync());

        Assert.InRange(toolbar!.Y + toolbar.Height, 1, button!.Y);
    }

    [Fact]
    public async Task Losses_that_are_not_finite_are_a_gap_in_the_line()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Plots.Charts.PlotLoss([3, 2, double.NaN, double.PositiveInfinity, 2, 1])));
        await page.WaitForChartsAsync(1);

        var pieces = await page.Page.EvaluateAsync<int>(
            "[...document.querySelectorAll('.scatterlayer path.js-line')].map(path => path.getAttribute('d').split('M').length - 1).reduce((a, b) => a + b)");

        Assert.Equal(2, pieces);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Both_axes_have_the_same_scale()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Model));
        await page.WaitForChartsAsync(1);

        var ratio = await page.Page.EvaluateAsync<double>(
            "(() => { const { xaxis: x, yaxis: y } = document.querySelector('.js-plotly-plot')._fullLayout; return x._m / -y._m; })()");

        Assert.Equal(1, ratio, 0.01);
    }

    private async Task<BrowserPage> OpenAsync(string content)
    {
        var page = await browser.NewPageAsync();
        await ServePlotlyAsync(page, TimeSpan.Zero);
        await page.ShowAsync(Page(content));
        return page;
    }

    private static string Page(string content) => $"<!DOCTYPE html><html><head><meta charset=utf-8></head><body style=\"color: rgb(20, 20, 20)\">{content}</body></html>";

    private static Task ServePlotlyAsync(BrowserPage page, TimeSpan delay, Action? requested = null) =>
        page.Page.RouteAsync(PlotlyJs.Address, async route =>
        {
            requested?.Invoke();
            await Task.Delay(delay);
            await route.FulfillAsync(new() { ContentType = "text/javascript", Body = PlotlyJs.Text, Headers = [new("Access-Control-Allow-Origin", "*")] });
        });
}
