using System.Text.Json;
using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using static Backprop.Differentiation.Primitives;

namespace Backprop.Plots.Tests;

/// <summary>Charts of data as readers bring them: far from zero, long and thin, with gaps, of one value.</summary>
public class UnusualDataTests
{
    private static readonly int[] s_classes = [0, 1, 2, 0];

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e5)]
    public void Points_and_regions_far_from_zero_stand_as_they_do_near_it(double far)
    {
        var X = Matrix<double>.Build.DenseOfArray(new[,] { { 0.1, 0.2 }, { 0.7123, 0.3 }, { 0.4, 0.9 }, { 0.7131, 0.8 } });
        Matrix<double> Sectors(Matrix<double> points) => Matrix<double>.Build.Dense(points.RowCount, 3, (i, k) =>
            Math.Cos(2 * Math.PI * k / 3) * (points[i, 0] - 0.4) + Math.Sin(2 * Math.PI * k / 3) * (points[i, 1] - 0.4));

        var traces = Traces(Charts.PlotModel(points => Sectors(points - far), X + far, s_classes));

        var points = traces.Where(trace => trace.TryGetProperty("customdata", out _)).ToArray();
        Assert.Equal(3, points.Length);
        Assert.All(points, (trace, k) => Assert.All(
            Numbers(trace, "x").Zip(X.Column(0).Where((_, i) => s_classes[i] == k)), pair => Assert.Equal(pair.Second, pair.First - far, 2e-3)));
        // All three regions meet where they should.
        Assert.All(traces.Take(3), region => Assert.Contains(Numbers(region, "x").Zip(Numbers(region, "y")), at => Math.Abs(at.First - far - 0.4) < 0.02 && Math.Abs(at.Second - far - 0.4) < 0.02));
    }

    [Fact]
    public void A_curve_far_from_zero_has_no_stairs()
    {
        var curve = Charts.PlotCurves([.. Enumerable.Range(0, 100).Select(i => (double)i)], [("a", [.. Enumerable.Range(0, 100).Select(i => 1000 + 0.02 * i)])]);

        Assert.Equal(100, Numbers(Traces(curve)[0], "y").Distinct().Count());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0.001)]
    public void A_long_and_thin_plane_gets_scales_of_its_own_and_a_height_that_fits_a_page(double height)
    {
        var X = Matrix<double>.Build.DenseOfArray(new[,] { { 0.0, 0.0 }, { 1.0, height } });

        var (points, model) = (Layout(Charts.PlotPoints(X, [0, 1])), Layout(Charts.PlotModels([("a", Two)], X * 100, [0, 1], meshStep: 10)));

        Assert.All(new[] { points, model }, layout => Assert.InRange(layout.GetProperty("height").GetDouble(), 150, 2000));
        Assert.False(points.GetProperty("yaxis").TryGetProperty("scaleanchor", out _));
        Assert.True(Layout(Sample.Labelled).GetProperty("yaxis").TryGetProperty("scaleanchor", out _));
    }

    [Theory]
    [InlineData(5, 1000)]
    [InlineData(50, 1000)]
    [InlineData(10, 1)]
    public void A_mesh_of_any_step_reaches_around_all_points(double meshStep, double size)
    {
        var X = Matrix<double>.Build.DenseOfArray(new[,] { { 0.0, 0.0 }, { size, size }, { 0.37 * size, 0.99 * size } });

        var range = Numbers(Layout(Charts.PlotModel(Two, X, [0, 1, 0], meshStep)).GetProperty("xaxis"), "range");

        Assert.True(range[0] < 0 && range[1] > size, $"{range[0]} to {range[1]}");
    }

    [Fact]
    public void A_value_between_gaps_has_a_marker()
    {
        Assert.Equal([6.0], Sizes(Charts.PlotLoss([1])));
        Assert.Equal([6.0], Sizes(Charts.PlotLosses([("a", [1]), ("b", [2])])));
        Assert.Equal([6.0, 0, 0, 0, 6], Sizes(Charts.PlotCurves([1, 2, 3, 4, 5], [("a", [0.1, double.NaN, double.NaN, double.NaN, 0.3])])));
        Assert.Equal("lines", Traces(Sample.Loss)[0].GetProperty("mode").GetString());

        static double[] Sizes(GenericChart chart) => Numbers(Traces(chart)[0].GetProperty("marker"), "size");
    }

    [Fact]
    public void The_last_of_many_values_is_shown()
    {
        double[] losses = [.. Enumerable.Repeat(1.0, 9_999), 5];

        Assert.Equal(9_999, Numbers(Traces(Charts.PlotLoss(losses))[0], "x")[^1]);
        Assert.Equal(5, Numbers(Traces(Charts.PlotLosses([("a", losses)]))[0], "y")[^1]);
        Assert.Equal(9_999e6, Numbers(Traces(Charts.PlotLoss(losses, every: 1_000_000))[0], "x")[^1]);
    }

    [Fact]
    public void A_probability_that_only_the_second_class_reaches_is_in_the_legend()
    {
        var (X, y) = (Matrix<double>.Build.DenseOfArray(new[,] { { -1.0, 0 }, { 1.0, 0 } }), new[] { 0, 1 });

        // Class 0 has a probability of 0.8 at most.
        var lines = Traces(Charts.PlotProbabilities(points => Matrix<double>.Build.Dense(points.RowCount, 2, (i, k) => k == 0 ? 0 : Math.Max(2 * points[i, 0], -1.3)), X, y))
            .Where(trace => trace.TryGetProperty("name", out var name) && name.GetString()!.StartsWith("P = ", StringComparison.Ordinal) && trace.GetProperty("showlegend").GetBoolean()).ToArray();

        Assert.Equal(["P = 0.5", "P = 0.7", "P = 0.9"], lines.Select(trace => trace.GetProperty("name").GetString()));
        Assert.All(lines, trace => Assert.NotEmpty(Numbers(trace, "x")));
    }

    [Theory]
    [InlineData(0.5, "%{z:.2f}")]
    [InlineData(0.0005, "%{z:.3~g}")]
    [InlineData(1e12, "%{z:.3~g}")]
    public void A_swept_number_is_written_as_it_can_be_read(double value, string template) => Assert.Equal(
        template,
        Traces(Charts.PlotSweep(Matrix<double>.Build.Dense(1, 2, value), ["1"], ["1", "2"]))[0].GetProperty("texttemplate").GetString());

    [Fact]
    public void Rows_of_one_name_are_refused()
    {
        var values = Matrix<double>.Build.Dense(2, 2);

        Assert.Contains("2 of the labels are \"1\"", Assert.Throws<ArgumentException>("columns", () => Charts.PlotSweep(values, ["1", "2"], ["1", "1"])).Message);
        Assert.Throws<ArgumentNullException>("rows", () => Charts.PlotSweep(values, ["1", null!], ["1", "2"]));
    }

    [Fact]
    public void What_is_null_or_not_finite_is_named()
    {
        var (X, y) = Sample.Points;
        var withNaN = X.Clone();
        withNaN[7, 1] = double.NaN;

        Assert.Throws<ArgumentNullException>("title", () => Charts.PlotLoss([1], title: null!));
        Assert.Throws<ArgumentNullException>("title", () => Charts.PlotModel(Two, X, y, title: null!));
        Assert.Throws<ArgumentNullException>("name", () => Charts.PlotLosses([(null!, [1])]));
        Assert.Contains("X[7, 1] is NaN", Assert.Throws<ArgumentException>("X", () => Charts.PlotModel(Two, withNaN, y)).Message);
        Assert.Contains("X[7, 1] is NaN", Assert.Throws<ArgumentException>("X", () => new TrainingMovie(withNaN, y, 10)).Message);
        Assert.Contains("X[7, 1] is NaN", Assert.Throws<ArgumentException>("X", () => TrainingExplorer.Train(
            new(withNaN, y), new(X, y), [2], [1.0], [0.0], h => TwoLayerNetwork.Initialize(new NumpyRandom(0), 2, h, 3), iterations: 2, cancellationToken: TestContext.Current.CancellationToken)).Message);
        Assert.Throws<ArgumentOutOfRangeException>("meshStep", () => Charts.PlotModel(Two, X, y, meshStep: double.PositiveInfinity));
    }

    [Fact]
    public void A_long_name_is_shortened_in_the_legend_and_whole_under_the_mouse()
    {
        var name = new string('n', 150);

        var trace = Traces(Charts.PlotLosses([(name, [1, 2])]))[0];

        Assert.Equal(40, trace.GetProperty("name").GetString()!.Length);
        Assert.Contains(name, trace.GetProperty("hovertemplate").GetString());
    }

    [Fact]
    public void The_largest_number_stays_finite() =>
        Assert.True(double.IsFinite(Traces(Charts.PlotWeights(Matrix<double>.Build.Dense(1, 1, double.MaxValue)))[0].GetProperty("zmax").GetDouble()));

    [Fact]
    public void A_graph_that_no_page_can_draw_is_refused()
    {
        var graph = Gradient.Trace((Variable W) =>
        {
            var a = W;
            for (var i = 0; i < 300; i++)
            {
                a = a * W;
            }

            return Sum(a);
        })(Matrix<double>.Build.Dense(1, 1, 1));

        Assert.Contains("trace fewer steps", Assert.Throws<ArgumentException>(() => Graph.Draw(graph)).Message);
    }

    [Fact]
    public void A_picture_of_any_chart_is_drawn_or_says_what_it_is()
    {
        GenericChart[] others =
        [
            Plotly.NET.CSharp.Chart.Heatmap<int, int, int, string>([[1, 2], [3, 4]]),
            Plotly.NET.CSharp.Chart.Heatmap<int, int, int, string>([[1, 2], [3, 4]], ColorScale: StyleParam.Colorscale.Viridis),
            Plotly.NET.CSharp.Chart.Heatmap<int, int, int, string>([]),
            Plotly.NET.CSharp.Chart.Scatter<int, int, int>([1, 2], [3, 4], StyleParam.Mode.Markers_Text, MultiText: new[] { 7, 8 }),
            Plotly.NET.CSharp.Chart.Pie<int, string, string>([1, 2]),
            Charts.PlotWeights(Matrix<double>.Build.Dense(0, 3)),
        ];

        Assert.All(others, chart => Assert.Matches("^<svg .*</svg>$", ChartPicture.Of(GenericChart.toJson(chart))));
        Assert.Contains("<path", ChartPicture.Of(GenericChart.toJson(others[0])));
    }

    private static Matrix<double> Two(Matrix<double> points) => Matrix<double>.Build.Dense(points.RowCount, 3, (i, k) => k * points[i, 0]);

    private static JsonElement[] Traces(GenericChart chart) => [.. Json(chart).GetProperty("data").EnumerateArray()];

    private static JsonElement Layout(GenericChart chart) => Json(chart).GetProperty("layout");

    private static JsonElement Json(GenericChart chart) => JsonDocument.Parse(GenericChart.toJson(chart)).RootElement;

    private static double[] Numbers(JsonElement of, string name) =>
        [.. of.GetProperty(name).EnumerateArray().Where(value => value.ValueKind == JsonValueKind.Number).Select(value => value.GetDouble())];
}
