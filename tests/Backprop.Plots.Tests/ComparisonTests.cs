using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;

namespace Backprop.Plots.Tests;

/// <summary>The charts that compare models and settings.</summary>
public class ComparisonTests
{
    private static readonly Func<Matrix<double>, Matrix<double>> s_model = points => Sample.Network.Scores(points);

    [Fact]
    public void Every_model_has_a_panel_with_its_title_its_regions_and_the_points()
    {
        using var figure = Figure(Charts.PlotModels([("first", s_model), ("second", s_model), ("third", s_model), ("fourth", s_model)], Sample.Points.X, Sample.Points.y, columns: 3));

        var traces = figure.RootElement.GetProperty("data").EnumerateArray().ToArray();
        var axes = traces.GroupBy(trace => trace.TryGetProperty("xaxis", out var axis) ? axis.GetString() : "x").ToDictionary(group => group.Key!, group => group.Count());
        Assert.Equal(new Dictionary<string, int> { ["x"] = 7, ["x2"] = 7, ["x3"] = 7, ["x4"] = 7 }, axes);
        Assert.Equal(["first", "second", "third", "fourth"], Titles(figure));
    }

    [Fact]
    public void Panels_do_not_overlap()
    {
        using var figure = Figure(Charts.PlotModels([.. Enumerable.Range(0, 5).Select(i => ($"{i}", s_model))], Sample.Points.X, Sample.Points.y, columns: 2));

        var layout = figure.RootElement.GetProperty("layout");
        double[][] Domains(string axis) => [.. Enumerable.Range(1, 5).Select(i =>
            layout.GetProperty(axis + (i == 1 ? "" : $"{i}")).GetProperty("domain").EnumerateArray().Select(end => end.GetDouble()).ToArray())];
        var (x, y) = (Domains("xaxis"), Domains("yaxis"));
        for (var i = 0; i < 5; i++)
        {
            Assert.InRange(x[i][0], 0, x[i][1]);
            Assert.InRange(y[i][1], y[i][0], 1 + 1e-12);
            for (var j = 0; j < i; j++)
            {
                Assert.True(x[i][0] > x[j][1] || x[j][0] > x[i][1] || y[i][0] > y[j][1] || y[j][0] > y[i][1], $"Panels {i} and {j} overlap.");
            }
        }
    }

    [Fact]
    public void A_model_that_diverged_shows_the_points_and_says_so()
    {
        using var figure = Figure(Sample.SideBySide);

        var second = figure.RootElement.GetProperty("data").EnumerateArray().Where(trace => trace.TryGetProperty("xaxis", out var axis) && axis.GetString() == "x2").ToArray();
        Assert.Equal(3, second.Length);
        Assert.All(second, trace => Assert.Equal("scatter", trace.GetProperty("type").GetString()));
        Assert.Contains("not finite", Titles(figure)[1]);
    }

    [Fact]
    public void Six_models_take_less_than_500_kilobytes() => Assert.InRange(
        ChartHtml.Of(Charts.PlotModels([.. Enumerable.Repeat(("", s_model), 6)], Sample.Points.X, Sample.Points.y)).Length, 10_000, 500_000);

    [Fact]
    public void No_model_scores_of_another_shape_and_too_fine_a_mesh_are_refused()
    {
        var (X, y) = Sample.Points;

        Assert.Contains("no model", Assert.Throws<ArgumentException>(() => Charts.PlotModels([], X, y)).Message);
        Assert.Contains("one row a point", Assert.Throws<ArgumentException>(() => Charts.PlotModels([("", points => points.SubMatrix(0, 1, 0, 2))], X, y)).Message);
        Assert.Contains("null", Assert.Throws<ArgumentException>(() => Charts.PlotModels([("", _ => null!)], X, y)).Message);
        Assert.Contains("larger step", Assert.Throws<ArgumentOutOfRangeException>(() => Charts.PlotModels([.. Enumerable.Repeat(("", s_model), 6)], X, y, meshStep: 0.01)).Message);
    }

    [Fact]
    public void A_sweep_shows_its_numbers_with_the_first_row_on_top()
    {
        using var figure = Figure(Sample.Swept);

        var trace = figure.RootElement.GetProperty("data")[0];
        Assert.Equal(0.97, trace.GetProperty("z")[1][0].GetDouble());
        // Not a number: plotly.js leaves it empty.
        Assert.NotEqual(JsonValueKind.Number, trace.GetProperty("z")[1][1].ValueKind);
        Assert.Equal(["1", "100"], trace.GetProperty("y").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal("reversed", figure.RootElement.GetProperty("layout").GetProperty("yaxis").GetProperty("autorange").GetString());
    }

    [Fact]
    public void A_sweep_needs_a_label_for_every_row_and_column()
    {
        var values = Matrix<double>.Build.Dense(2, 3);

        var message = Assert.Throws<ArgumentException>(() => Charts.PlotSweep(values, ["a", "b"], ["c"])).Message;

        Assert.Contains("(2 × 3)", message);
        Assert.Contains("2 labels for rows and 1 for columns", message);
    }

    [Fact]
    public void Losses_of_several_trainings_are_told_apart_by_name_colour_and_dash()
    {
        using var figure = Figure(Charts.PlotLosses([.. Enumerable.Range(0, 7).Select(i => ($"training {i}", (IReadOnlyList<double>)[2, 1]))]));

        var traces = figure.RootElement.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(7, traces.Select(trace => trace.GetProperty("name").GetString()).Distinct().Count());
        Assert.Equal(7, traces.Select(trace => trace.GetProperty("line").GetProperty("color").GetString()).Distinct().Count());
        Assert.Equal("log", figure.RootElement.GetProperty("layout").GetProperty("yaxis").GetProperty("type").GetString());
    }

    [Fact]
    public void Lines_of_every_colour_can_be_seen_on_a_light_and_on_a_dark_page()
    {
        using var figure = Figure(Charts.PlotLosses([.. Enumerable.Range(0, 9).Select(i => ($"training {i}", (IReadOnlyList<double>)[2, 1]))]));

        Assert.All(figure.RootElement.GetProperty("data").EnumerateArray(), trace =>
        {
            var colour = trace.GetProperty("line").GetProperty("color").GetString()!;
            Assert.InRange(Contrast(colour, "rgb(255, 255, 255)"), 3, 21);
            Assert.All(new[] { "rgb(13, 17, 23)", "rgb(31, 31, 31)" }, page => Assert.InRange(Contrast(ClassStyle.OnDarkPages[colour], page), 3, 21));
        });
    }

    [Fact]
    public void No_colour_is_one_of_light_pages_and_one_of_dark_ones() =>
        Assert.Empty(ClassStyle.OnDarkPages.Values.Intersect([.. ClassStyle.OnDarkPages.Keys, .. Enumerable.Range(0, 8).Select(ClassStyle.Colour)]));

    [Fact]
    public void The_numbers_of_a_sweep_can_be_read_on_every_colour_of_its_scale()
    {
        using var figure = Figure(Sample.Swept);

        var trace = figure.RootElement.GetProperty("data")[0];
        var text = trace.GetProperty("textfont").GetProperty("color").GetString()!;
        Assert.All(trace.GetProperty("colorscale").EnumerateArray(), stop => Assert.InRange(Contrast(text, stop[1].GetString()!), 4.5, 21));
    }

    [Fact]
    public void Of_many_losses_at_most_500_a_training_are_shown()
    {
        using var figure = Figure(Charts.PlotLosses([("long", Enumerable.Repeat(1.0, 12_345).ToArray())]));

        Assert.InRange(figure.RootElement.GetProperty("data")[0].GetProperty("y").GetArrayLength(), 400, 500);
        Assert.Contains("no loss", Assert.Throws<ArgumentException>(() => Charts.PlotLosses([])).Message);
        Assert.Contains("no loss", Assert.Throws<ArgumentException>(() => Charts.PlotLosses([("", [])])).Message);
    }

    [Fact]
    public void Curves_have_the_axes_that_were_asked_for_and_one_value_for_each_x()
    {
        using var figure = Figure(Charts.PlotCurves([0.1, 0.01], [("one", [1, 2]), ("two", [3, double.NaN])], xName: "ε", yName: "error", logX: true, title: "V"));

        var layout = figure.RootElement.GetProperty("layout");
        Assert.Equal(("log", "ε"), Axis("xaxis"));
        Assert.Equal(("linear", "error"), Axis("yaxis"));
        Assert.Equal("V", layout.GetProperty("title").GetProperty("text").GetString());
        var traces = figure.RootElement.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(["one", "two"], traces.Select(trace => trace.GetProperty("name").GetString()));
        Assert.All(traces, trace => Assert.Equal([0.1, 0.01], trace.GetProperty("x").EnumerateArray().Select(x => x.GetDouble())));
        Assert.NotEqual(traces[0].GetProperty("line").GetProperty("color").GetString(), traces[1].GetProperty("line").GetProperty("color").GetString());
        Assert.Contains("The curve two has 1 values for 2 x.", Assert.Throws<ArgumentException>(() => Charts.PlotCurves([1, 2], [("two", [3])])).Message);
        Assert.Contains("no curve", Assert.Throws<ArgumentException>(() => Charts.PlotCurves([1, 2], [])).Message);

        (string?, string?) Axis(string name) =>
            (layout.GetProperty(name).GetProperty("type").GetString(), layout.GetProperty(name).GetProperty("title").GetProperty("text").GetString());
    }

    /// <summary>The contrast ratio of the Web Content Accessibility Guidelines 2.2: 1 for equal colours, 21 for black on white.</summary>
    private static double Contrast(string one, string other)
    {
        var (light, dark) = (Math.Max(Luminance(one), Luminance(other)), Math.Min(Luminance(one), Luminance(other)));
        return (light + 0.05) / (dark + 0.05);

        static double Luminance(string rgb)
        {
            var linear = rgb["rgb(".Length..^1].Split(',').Select(part => double.Parse(part, CultureInfo.InvariantCulture) / 255)
                .Select(part => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4)).ToArray();
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }
    }

    private static JsonDocument Figure(GenericChart chart) => JsonDocument.Parse(GenericChart.toJson(chart));

    private static string[] Titles(JsonDocument figure) =>
        [.. figure.RootElement.GetProperty("layout").GetProperty("annotations").EnumerateArray().Select(annotation => annotation.GetProperty("text").GetString()!)];
}
