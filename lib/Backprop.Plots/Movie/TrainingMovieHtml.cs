using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

/// <summary>The HTML of a training movie: a chart without regions, the frames, and the script that puts them in.</summary>
internal static class TrainingMovieHtml
{
    private const int MostLossPoints = 500;

    private static readonly string s_script = $"({ChartHtml.ReadScript("movie.js")})({ChartHtml.ReadScript("bends.js")})";

    // A plus sign, frequent in base 64, would otherwise take six characters; ChartHtml sees to what HTML cannot hold.
    private static readonly JsonSerializerOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(TrainingMovie movie)
    {
        if (movie.Frames.Count == 0)
        {
            return $"<p>{WebUtility.HtmlEncode(movie.ToString())}</p>";
        }

        var shown = ShownLosses(movie);
        var figure = JsonNode.Parse(GenericChart.toJson(Figure(movie, shown)))!;
        figure["movie"] = JsonSerializer.SerializeToNode(new
        {
            classes = movie.NumClasses,
            x = ChartParts.Range(movie.Mesh.XAxis),
            y = ChartParts.Range(movie.Mesh.YAxis),
            frames = movie.Frames.Select(frame => new
            {
                iteration = frame.Iteration,
                text = Text(frame.Iteration, movie.Losses[frame.LossIndex].Value, frame.Regions is not null),
                losses = Array.BinarySearch(shown, frame.LossIndex) + 1,
                regions = frame.Regions,
                units = frame.Bends?.Select(unit => unit.Select(number => Rounding.Significant(number, 5).ToDouble(null))),
            }),
        });
        return ChartHtml.Of(figure.ToJsonString(s_compact), "movie", s_script);
    }

    /// <summary>The chart before the first frame. <c>movie.js</c> relies on the order: regions, predictions, hidden units, points, all losses, losses so far, current loss.</summary>
    private static GenericChart Figure(TrainingMovie movie, int[] shown)
    {
        return Charts.Finish(
            [
                .. Enumerable.Range(0, movie.NumClasses).Select(k => Charts.FilledRegion(k, [], movie.Mesh)),
                Charts.Predictions([], movie.Mesh),
                HiddenUnits.Trace(),
                .. Charts.Points(movie.X, movie.y),
                LossLine("all losses", shown.Select(i => movie.Losses[i])).WithTrace(("line", new { color = ClassStyle.Pale, width = 1 }), ("hoverinfo", "skip")),
                LossLine("loss", []),
                LossLine("loss now", []).WithTrace(("mode", "markers"), ("marker", new { color = ClassStyle.LineColour(0), size = 9 })),
            ],
            Layout(movie));
    }

    private static GenericChart LossLine(string name, IEnumerable<TrainingMovie.Loss> losses) =>
        Chart.Line<int, IConvertible, string>(
            x: losses.Select(loss => loss.Iteration), y: losses.Select(loss => Rounding.Significant(loss.Value, 5)),
            Name: name, ShowLegend: false, UseDefaults: false)
            .WithTrace(
                ("xaxis", "x2"), ("yaxis", "y2"), ("line", new { color = ClassStyle.LineColour(0), width = 2 }),
                ("hovertemplate", "iteration %{x}<br>loss %{y}<extra></extra>"));

    private static Layout Layout(TrainingMovie movie)
    {
        var (x, y) = (ChartParts.Range(movie.Mesh.XAxis), ChartParts.Range(movie.Mesh.YAxis));
        var ratio = ChartParts.RatioOf(x, y);
        var legend = Charts.ClassNames(movie.y);
        // The loss stands at the right, the legend above it, what movie.js makes of the frames (buttons and slider) below both.
        const double plane = 0.57;
        const int controls = 152, line = 20;
        var top = ChartParts.NarrowHead("") + line;
        // In a narrow movie one is below the other: plane, its axis, loss.
        const int axis = 76, loss = 150, left = 60, right = 12, usual = 480 - left - right;
        var head = ChartParts.NarrowHead("", legend) + line;
        var all = usual * ratio + axis + loss;
        return ChartParts.Layout(movie.Title, ChartParts.XAxisOfPlane(x).With(("domain", new[] { 0, plane })), ChartParts.YAxisOfPlane(x, y))
            .With(
                ("xaxis2", LossAxis("iteration", "y2", [0.69, 1]).With(("range", IterationRange(movie)), ("nticks", 5))),
                ("yaxis2", LossAxis("loss", "x2", [0, 0.6]).With(LossRange(movie)).With(("exponentformat", "power"))),
                ("legend", new { itemsizing = "constant", tracegroupgap = 0, x = 0.69, y = 1 }),
                ("margin", new { l = 64, r = 24, t = top, b = controls }))
            .Fitting(
                maxWidth: 820,
                new ChartParts.Height(top + controls - plane * (64 + 24) * ratio, plane * ratio),
                new ChartParts.Narrow(640, new ChartParts.Height(head + controls + axis + loss - (left + right) * ratio, ratio), new
                {
                    title = new { xref = "container", pad = new { l = 8 } },
                    margin = new { l = left, r = right, t = head, b = controls },
                    legend = ChartParts.LegendAbove,
                    xaxis = new { domain = new[] { 0, 1 } },
                    yaxis = new { domain = new[] { Rounded((axis + loss) / all), 1 } },
                    xaxis2 = new { domain = new[] { 0, 1 } },
                    yaxis2 = new { domain = new[] { 0, Rounded(loss / all) } },
                }));
    }

    private static LinearAxis LossAxis(string title, string anchor, double[] domain) =>
        ChartParts.Axis(title).With(("anchor", anchor), ("domain", domain));

    private static double[] IterationRange(TrainingMovie movie)
    {
        double last = Math.Max(movie.Losses[^1].Iteration, 1);
        return [-0.04 * last, 1.04 * last];
    }

    /// <summary>One range for the whole movie, so that the axis stands still: logarithmic where a linear one would show a flat line.</summary>
    private static (string, object)[] LossRange(TrainingMovie movie)
    {
        var finite = movie.Losses.Select(loss => loss.Value).Where(double.IsFinite).DefaultIfEmpty(1).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        if (low > 0 && high > 100 * low)
        {
            return [("type", "log"), ("range", Padded(Math.Log10(low), Math.Log10(high)))];
        }

        return low >= 0
            ? [("type", "linear"), ("range", new[] { 0, Rounded(high == 0 ? 1 : 1.08 * high) })]
            : [("type", "linear"), ("range", Padded(low, high))];
    }

    private static double[] Padded(double low, double high)
    {
        var pad = high > low ? 0.06 * (high - low) : 1;
        return [Rounded(low - pad), Rounded(high + pad)];
    }

    private static double Rounded(double value) => Rounding.Significant(value, 3).ToDouble(null);

    /// <summary>Evenly spaced losses, and those of the frames, where the line so far must end.</summary>
    private static int[] ShownLosses(TrainingMovie movie)
    {
        var stride = (movie.Losses.Count + MostLossPoints - 1) / MostLossPoints;
        return
        [
            .. Enumerable.Range(0, movie.Losses.Count).Where(i => i % stride == 0)
                .Union(movie.Frames.Select(frame => frame.LossIndex)).Append(movie.Losses.Count - 1).Distinct().Order(),
        ];
    }

    /// <summary>What a frame says below the movie's title.</summary>
    private static string Text(int iteration, double loss, bool finite)
    {
        var number = loss.ToString(loss != 0 && Math.Abs(loss) is >= 1000 or < 0.001 ? "0.000e+0" : "F4", CultureInfo.InvariantCulture);
        var text = string.Create(CultureInfo.InvariantCulture, $"iteration {iteration}, loss {number}");
        return finite ? text : text + "; scores not finite: diverged";
    }
}
