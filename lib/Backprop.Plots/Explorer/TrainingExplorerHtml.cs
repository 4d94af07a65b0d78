using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

/// <summary>The HTML of an explorer: a chart without regions and lines, the trainings, and the script that puts them in.</summary>
internal static class TrainingExplorerHtml
{
    private const double Margin = 0.5;

    private static readonly string s_script =
        $"({ChartHtml.ReadScript("explorer.js")})({{ look: {ChartHtml.ReadScript("look.js")}, bends: {ChartHtml.ReadScript("bends.js")} }})";

    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(TrainingExplorer explorer)
    {
        var figure = JsonNode.Parse(GenericChart.toJson(Figure(explorer)))!;
        figure["explorer"] = JsonSerializer.SerializeToNode(new
        {
            holds = Holds(explorer),
            hiddenUnits = explorer.Chosen.HiddenUnits,
            stepSizes = explorer.Chosen.StepSizes,
            lambdas = explorer.Chosen.Lambdas,
            pictureIterations = explorer.PictureIterations,
            lossIterations = explorer.LossIterations,
            classes = explorer.NumClasses,
            mostBends = HiddenUnits.MostBends,
            nonlinearity = explorer.Nonlinearity.Name,
            labels = explorer.Points.y,
            trainings = explorer.Trainings.Select(training => training is null ? null : new
            {
                losses = ShortFloats.Of(training.Losses),
                pictures = ShortFloats.Of(training.Pictures.SelectMany(picture => picture.Parameters)),
                accuracies = training.Pictures.Select(picture => Rounding.Decimals(picture.Accuracy, 4).ToDouble(null)),
                unseen = training.Pictures.Select(picture => Rounding.Decimals(picture.UnseenAccuracy, 4).ToDouble(null)),
                diverged = training.Diverged,
            }),
        });
        return ChartHtml.Of(figure.ToJsonString(s_compact), "explorer", s_script);
    }

    private static string Holds(TrainingExplorer explorer)
    {
        var missing = explorer.Trainings.Count(training => training is null);
        var diverged = explorer.Trainings.Count(training => training?.Diverged is not null);
        var holds = string.Create(
            CultureInfo.InvariantCulture,
            $"{explorer.Trainings.Length} networks, one for each combination of hidden units, step size and λ, each trained for {explorer.Iterations} iterations when the cell ran, and kept at {explorer.PictureIterations.Length} of them.");
        return holds
            + (diverged > 0 ? $" {diverged} of the trainings diverged." : "")
            + (missing > 0 ? $" {missing} are missing: they were not trained, as the sweep was ended." : "");
    }

    /// <summary>
    /// The chart without what the sliders choose. <c>explorer.js</c> relies on the order: regions, hidden units, a trace of
    /// points for each class, unseen points, all losses, losses so far, accuracy, accuracy on unseen points, and where these are now.
    /// </summary>
    private static GenericChart Figure(TrainingExplorer explorer) => Charts.Finish(
        [
            Regions(explorer.NumClasses),
            HiddenUnits.Trace(),
            .. Charts.Points(explorer.Points.X, explorer.Points.y),
            UnseenPoints(explorer.Unseen),
            Line("all losses", ClassStyle.Pale, "x2", "y2").WithTrace(("line", new { color = ClassStyle.Pale, width = 1 }), ("hoverinfo", "skip")),
            Line("loss", ClassStyle.LineColour(0), "x2", "y2").WithTrace(("hovertemplate", "iteration %{x}<br>loss %{y:.4~g}<extra></extra>")),
            Line("accuracy on training points", ClassStyle.LineColour(5), "x3", "y3").WithTrace(Accuracies("solid", "circle", ClassStyle.LineColour(5), "training points")),
            Line("accuracy on unseen points", ClassStyle.LineColour(3), "x3", "y3").WithTrace(Accuracies("dash", "diamond", ClassStyle.LineColour(3), "unseen points")),
            Now("loss now", ClassStyle.LineColour(0), "x2", "y2"),
            Now("accuracies now", ClassStyle.LineColour(5), "x3", "y3"),
        ],
        Layout(explorer));

    private static GenericChart Regions(int classes) =>
        Chart.Heatmap<int, IConvertible, IConvertible, string>([], ShowScale: false, UseDefaults: false).WithTrace(
            // Smooth stands for the picture's pixels, not for the numbers of classes.
            ("zsmooth", "fast"), ("zmin", -0.5), ("zmax", classes - 0.5),
            ("colorscale", Enumerable.Range(0, classes).SelectMany(k => new[]
            {
                new object[] { (double)k / classes, ClassStyle.Tint(k) },
                new object[] { (k + 1.0) / classes, ClassStyle.Tint(k) },
            }).ToArray()),
            ("hovertemplate", $"{ChartParts.HoverPlace}<extra>predicts class %{{z}}</extra>"));

    private static GenericChart UnseenPoints(LabelledPoints unseen) =>
        Chart.Point<IConvertible, IConvertible, string>(
            x: Rounding.Apart([.. unseen.X.Column(0)], 4), y: Rounding.Apart([.. unseen.X.Column(1)], 4), Name: "unseen points", UseDefaults: false)
            .WithTrace(
                ("visible", false), ("showlegend", false),
                ("marker", new
                {
                    color = unseen.y.Select(ClassStyle.Colour).ToArray(),
                    symbol = unseen.y.Select(k => ClassStyle.Marker(k) + "-open").ToArray(),
                    size = 7,
                }),
                ("text", unseen.y.Select(ClassStyle.Name).ToArray()),
                ("hovertemplate", $"{ChartParts.HoverPlace}<extra>unseen, %{{text}}</extra>"));

    private static GenericChart Line(string name, string colour, string xAxis, string yAxis) =>
        Chart.Line<int, int, string>(x: [], y: [], Name: name, ShowLegend: false, UseDefaults: false).WithTrace(
            ("mode", "lines"), ("xaxis", xAxis), ("yaxis", yAxis), ("line", new { color = colour, width = 2 }));

    private static (string, object)[] Accuracies(string dash, string symbol, string colour, string of) =>
    [
        ("showlegend", true), ("mode", "lines+markers"), ("line", new { color = colour, width = 2, dash }), ("marker", new { symbol, size = 5 }),
        ("hovertemplate", $"iteration %{{x}}<br>accuracy %{{y:.3f}}<extra>{of}</extra>"),
    ];

    private static GenericChart Now(string name, string colour, string xAxis, string yAxis) =>
        Line(name, colour, xAxis, yAxis).WithTrace(("mode", "markers"), ("marker", new { color = colour, size = 10 }), ("hoverinfo", "skip"));

    private static Layout Layout(TrainingExplorer explorer)
    {
        var (x, y) = (RangeOf(explorer.Points.X.Column(0)), RangeOf(explorer.Points.X.Column(1)));
        var loss = LossRange(explorer);
        var layout = ChartParts.Layout(
            explorer.Title,
            ChartParts.XAxisOfPlane(x),
            ChartParts.YAxisOfPlane(x, y));
        var iterations = Range(0, explorer.Iterations, 0.04 * explorer.Iterations);
        return layout.With(
            ("xaxis2", ChartParts.Axis("").With(("anchor", "y2"), ("range", iterations), ("nticks", 5), ("showticklabels", false))),
            ("yaxis2", ChartParts.Axis("loss").With(("anchor", "x2"), ("type", "log"), ("range", loss), ("exponentformat", "power"))
                // Powers of ten alone, where there are some.
                .With(loss[1] - loss[0] > 2 ? [("dtick", 1)] : [])),
            ("xaxis3", ChartParts.Axis("iteration").With(("anchor", "y3"), ("range", iterations), ("nticks", 5))),
            ("yaxis3", ChartParts.Axis("accuracy").With(("anchor", "x3"), ("range", new[] { 0, 1.04 }), ("nticks", 6))),
            ("legend", new { orientation = "h", itemsizing = "constant", x = 0, y = 0, yref = "container", yanchor = "bottom" }),
            ("uirevision", 1),
            ("meta", new { maxWidth = "960px" }));
    }

    private static double[] Range(double low, double high, double margin) => ChartParts.Range(low - margin, high + margin, 4);

    private static double[] RangeOf(Vector<double> values) => Range(values.Minimum(), values.Maximum(), Margin);

    /// <summary>One range for all trainings, so that the axis stands still. Losses far above the first leave it at the top.</summary>
    private static double[] LossRange(TrainingExplorer explorer)
    {
        var trainings = explorer.Trainings.OfType<TrainingExplorer.Training>().Select(training => training.Losses.Where(loss => loss > 0).ToArray()).Where(losses => losses.Length > 0).DefaultIfEmpty([1]).ToArray();
        var losses = trainings.SelectMany(training => training).ToArray();
        var high = Math.Min(losses.Max(), 2 * trainings.Max(training => training[0]));
        return [Rounded(Math.Log10(losses.Min()) - 0.1), Rounded(Math.Log10(high) + 0.1)];
    }

    private static double Rounded(double value) => Rounding.Significant(value, 4).ToDouble(null);
}
