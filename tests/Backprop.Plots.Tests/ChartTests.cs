using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;

namespace Backprop.Plots.Tests;

/// <summary>Charts and their HTML, without a browser.</summary>
public class ChartTests
{
    [Fact]
    public void The_same_chart_gives_the_same_HTML_every_time()
    {
        var first = Sample.All.Select(ChartHtml.Of).ToArray();
        var second = Sample.All.Select(ChartHtml.Of).ToArray();

        Assert.Equal(first, second);
        Assert.Equal(first.Length, first.Distinct().Count());
    }

    [Fact]
    public void No_random_id_is_in_the_HTML() => Assert.All(Sample.All, chart =>
        Assert.DoesNotMatch(new Regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-"), ChartHtml.Of(chart)));

    [Fact]
    public void The_decision_regions_take_less_than_60_kilobytes_and_the_script_little_more_than_8()
    {
        Assert.InRange(ChartHtml.Of(Sample.Model).Length, 1_000, 60_000);
        Assert.InRange(ChartHtml.Of(Sample.Loss).Length, 1_000, 12_000);
    }

    [Fact]
    public void Plotly_js_is_named_by_version_and_hash_and_they_are_those_of_the_copy_in_Plotly_NET()
    {
        Assert.Equal(PlotlyJs.Version, Globals.PLOTLYJS_VERSION);
        Assert.Equal(PlotlyJs.Integrity, "sha384-" + Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(PlotlyJs.Text))));
        Assert.Contains($"plotly.js v{PlotlyJs.Version}", PlotlyJs.Text[..200]);
        Assert.Contains(PlotlyJs.Address, ChartHtml.Of(Sample.Loss));
        Assert.Contains(PlotlyJs.Integrity, ChartHtml.Of(Sample.Loss));
    }

    [Fact]
    public void Readers_without_scripts_see_what_the_chart_is()
    {
        Assert.Contains("<p>Loss: interactive chart", ChartHtml.Of(Sample.Loss));
        Assert.Equal("Loss (chart, 1 trace)", ChartHtml.Summary(Sample.Loss));
    }

    [Fact]
    public void Text_in_a_chart_cannot_break_out_of_its_HTML()
    {
        var html = ChartHtml.Of(Charts.PlotLoss([1], title: "</script><b>&"));

        Assert.Equal(2, Regex.Count(html, "</script>"));
        Assert.DoesNotContain("<b>", html);
    }

    [Fact]
    public void A_class_has_the_same_colour_in_every_chart()
    {
        var colours = new[] { Sample.Labelled, Sample.Model, Sample.Probabilities }.Select(ColoursOfPoints).ToArray();

        Assert.Equal(3, colours[0].Count);
        Assert.Equal(3, colours[0].Values.Distinct().Count());
        Assert.All(colours, others => Assert.Equal(colours[0], others));
    }

    [Theory]
    [InlineData("protanopia", 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998)]
    [InlineData("deuteranopia", 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881)]
    [InlineData("tritanopia", 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900)]
    public void All_eight_colours_stay_distinct_for_colour_blind_readers(string vision, params double[] simulation)
    {
        // Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), on linear RGB.
        var seen = ClassStyle.Palette.Select(colour => Simulated(colour, simulation)).ToArray();

        for (var i = 0; i < seen.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var distance = Math.Sqrt(seen[i].Zip(seen[j], (a, b) => (a - b) * (a - b)).Sum());
                Assert.True(distance > 0.1, $"Classes {j} and {i} are {distance:F3} apart under {vision}.");
            }
        }
    }

    [Fact]
    public void Scores_that_are_not_numbers_are_refused_with_a_hint()
    {
        var (X, y) = Sample.Points;

        var error = Assert.Throws<ArgumentException>(() => Charts.PlotModel(points => Matrix<double>.Build.Dense(points.RowCount, 3, double.NaN), X, y));

        Assert.Contains("stepSize", error.Message);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void The_chosen_button_is_that_of_the_axis_shown(bool logScale, int active)
    {
        using var figure = JsonDocument.Parse(GenericChart.toJson(Charts.PlotLoss([1, 2], logScale: logScale)));

        var menu = figure.RootElement.GetProperty("layout").GetProperty("updatemenus")[0];
        Assert.Equal(active, menu.GetProperty("active").GetInt32());
        Assert.Equal(active == 0 ? ["● linear", "○ log"] : ["○ linear", "● log"], menu.GetProperty("buttons").EnumerateArray().Select(button => button.GetProperty("label").GetString()));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_shape()
    {
        var (X, y) = Sample.Points;

        Assert.Contains("(300 × 3)", Assert.Throws<ArgumentException>(() => Charts.PlotPoints(Matrix<double>.Build.Dense(300, 3), y)).Message.Replace('x', '×'));
        Assert.Contains("X has no row", Assert.Throws<ArgumentException>("X", () => Charts.PlotPoints(Matrix<double>.Build.Dense(0, 2), [])).Message);
        Assert.Contains("X[1, 0] is NaN", Assert.Throws<ArgumentException>("X", () => Charts.PlotPoints(Matrix<double>.Build.Dense(2, 2, (i, j) => i > j ? double.NaN : 0), [0, 1])).Message);
        Assert.Contains("299", Assert.Throws<ArgumentException>(() => Charts.PlotPoints(X, y[1..])).Message);
        Assert.Contains("17", Assert.Throws<ArgumentException>(() => Charts.PlotModel(points => Matrix<double>.Build.Dense(17, 3), X, y)).Message);
        Assert.Throws<ArgumentException>(() => Charts.PlotLoss([]));
        Assert.Throws<ArgumentNullException>(() => Charts.PlotWeights(null!));
    }

    private static Dictionary<string, string> ColoursOfPoints(GenericChart chart)
    {
        using var figure = JsonDocument.Parse(GenericChart.toJson(chart));
        return figure.RootElement.GetProperty("data").EnumerateArray()
            .Where(trace => trace.GetProperty("type").GetString()!.StartsWith("scatter") && trace.GetProperty("mode").GetString() == "markers")
            .ToDictionary(trace => trace.GetProperty("name").GetString()!, trace => trace.GetProperty("marker").GetProperty("color").GetString()!);
    }

    private static double[] Simulated((byte Red, byte Green, byte Blue) colour, double[] matrix)
    {
        var linear = new[] { colour.Red, colour.Green, colour.Blue }.Select(c => Math.Pow(c / 255.0, 2.2)).ToArray();
        return [.. Enumerable.Range(0, 3).Select(i => Math.Pow(Math.Clamp(Enumerable.Range(0, 3).Sum(j => matrix[3 * i + j] * linear[j]), 0, 1), 1 / 2.2))];
    }
}
