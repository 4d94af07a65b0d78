using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Browser;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.Playwright;

namespace Backprop.Plots.Tests;

/// <summary>Looking at one point of a chart of regions, by mouse and by keyboard, without a network.</summary>
public partial class LookTests(ChromiumBrowser browser)
{
    private static Matrix<double> Scores => Sample.Network.Scores(Sample.Points.X);

    [Fact]
    public async Task A_click_on_a_point_shows_its_scores_probabilities_loss_and_row_of_dS_beside_the_chart()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Model), "background: white; color: rgb(20, 20, 20)");

        await page.Page.Locator(".scatterlayer .trace:has(.point)").Nth(2).Locator(".point").Nth(60).ClickAsync(new() { Force = true });

        var chosen = int.Parse(await page.Page.GetByRole(AriaRole.Spinbutton).InputValueAsync(), CultureInfo.InvariantCulture);
        Assert.InRange(chosen, 200, 299);
        IsOf(await ShownAsync(page), Scores, Sample.Points, chosen);
        Assert.Equal(1, await page.Page.Locator(".shapelayer path").CountAsync());
        var (chart, panel) = (await page.Page.Locator(".js-plotly-plot").BoundingBoxAsync(), await page.Page.Locator(".backprop-look").BoundingBoxAsync());
        Assert.True(panel!.X >= chart!.X + chart.Width);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_keyboard_goes_from_point_to_point_and_the_panel_stands_below_where_a_page_is_narrow_and_dark()
    {
        await using var page = await OpenAsync(ChartHtml.Of(Sample.Probabilities), "background: black; color: rgb(240, 240, 240)", width: 390);
        await page.Page.GetByRole(AriaRole.Spinbutton).FocusAsync();

        await page.Page.Keyboard.TypeAsync("41");
        IsOf(await ShownAsync(page), Scores, Sample.Points, 41);
        await page.Page.Keyboard.PressAsync("ArrowUp");
        IsOf(await ShownAsync(page), Scores, Sample.Points, 42);
        var (chart, panel) = (await page.Page.Locator(".js-plotly-plot").BoundingBoxAsync(), await page.Page.Locator(".backprop-look").BoundingBoxAsync());
        Assert.True(panel!.Y >= chart!.Y + chart.Height);
        Assert.True(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 390"));

        await page.Page.Keyboard.PressAsync("Control+a");
        await page.Page.Keyboard.PressAsync("Delete");
        Assert.Equal("", await ShownAsync(page));
        Assert.Equal(0, await page.Page.Locator(".shapelayer path").CountAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task In_a_chart_of_several_models_the_one_that_was_clicked_is_asked_and_the_point_is_marked_in_all()
    {
        var flat = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, 0, 2 }, { 0, 1, 0.5 } });
        await using var page = await OpenAsync(
            ChartHtml.Of(Charts.PlotModels([("trained", Sample.Network.Scores), ("flat", points => points * flat)], Sample.Points.X, Sample.Points.y)),
            "background: white");

        await page.Page.GetByRole(AriaRole.Spinbutton).FillAsync("5");
        Assert.StartsWith("trained", await ShownAsync(page));
        await page.Page.Locator(".x2y2 .scatterlayer .trace:has(.point)").First.Locator(".point").Nth(70).ClickAsync(new() { Force = true });

        var chosen = int.Parse(await page.Page.GetByRole(AriaRole.Spinbutton).InputValueAsync(), CultureInfo.InvariantCulture);
        var shown = await ShownAsync(page);
        Assert.StartsWith("flat", shown);
        IsOf(shown[4..], Sample.Points.X * flat, Sample.Points, chosen);
        Assert.Equal(2, await page.Page.Locator(".shapelayer path").CountAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public void Points_without_a_model_have_nothing_to_look_at() =>
        Assert.DoesNotContain("backprop-look", ChartHtml.Of(Sample.Labelled));

    /// <summary>Whether the text has the numbers of a point, as the library computes them.</summary>
    internal static void IsOf(string text, Matrix<double> scores, LabelledPoints points, int i)
    {
        var (label, classes) = (points.y[i], Enumerable.Range(0, scores.ColumnCount));
        var probabilities = Softmax.Probabilities(scores);
        var dS = Softmax.Gradient(scores, points.y);
        double[] expected =
        [
            i, points.X[i, 0], points.X[i, 1], i, label, scores.Row(i).MaximumIndex(),
            .. classes.SelectMany(k => new[] { k, scores[i, k], probabilities[i, k], dS[i, k] }),
            -Math.Log(probabilities[i, label]),
        ];

        var shown = Number().Matches(text.Replace('−', '-')).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(expected.Length, shown.Length);
        Assert.All(expected.Zip(shown), pair => Assert.Equal(pair.First, pair.Second, Math.Max(2e-4, 1e-2 * Math.Abs(pair.First))));
        Assert.Contains(scores.Row(i).MaximumIndex() == label ? "right" : "wrong", text);
    }

    internal static Task<string> ShownAsync(BrowserPage page) => page.Page.Locator(".backprop-look [aria-live]").InnerTextAsync();

    private async Task<BrowserPage> OpenAsync(string chart, string style, int width = 1000)
    {
        var page = await browser.NewPageAsync();
        await page.Page.SetViewportSizeAsync(width, 900);
        await page.ShowAsync($"<!DOCTYPE html><meta charset=utf-8><body style=\"{style}\">{PlotlyJs.Inline()}{chart}");
        await page.WaitForChartsAsync(1);
        return page;
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?(e[-+]?\d+)?")]
    private static partial Regex Number();
}
