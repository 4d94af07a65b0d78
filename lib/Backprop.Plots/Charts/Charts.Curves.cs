using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    /// <summary>Shows how several numbers depend on one: a line for each of them, on linear or logarithmic axes.</summary>
    /// <param name="x">Where the curves have values, in order, at least one.</param>
    /// <param name="curves">What to call each curve, and its value at each x. Those that are not finite are gaps; on a logarithmic axis, those that are not above 0, too.</param>
    /// <param name="xName">What stands at the horizontal axis.</param>
    /// <param name="yName">What stands at the vertical axis.</param>
    /// <param name="logX">Whether the horizontal axis is logarithmic.</param>
    /// <param name="logY">Whether the vertical axis is logarithmic.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart with a legend; of many values at most 500 a curve, evenly spaced, and the last are shown.</returns>
    /// <exception cref="ArgumentNullException">An argument, one of the curves or a name is null.</exception>
    /// <exception cref="ArgumentException">There is no x or no curve, or a curve has not one value for each x.</exception>
    public static GenericChart PlotCurves(
        IReadOnlyList<double> x, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> curves,
        string xName = "x", string yName = "y", bool logX = false, bool logY = false, string title = "Curves")
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(title);
        if (x.Count == 0 || curves.Count == 0)
        {
            throw new ArgumentException("There is no curve to show: a list is empty.", x.Count == 0 ? nameof(x) : nameof(curves));
        }

        var lines = curves.Select((curve, number) =>
        {
            var (name, values) = curve;
            ArgumentNullException.ThrowIfNull(values, nameof(curves));
            return values.Count == x.Count ? Curve(x, name, values, number, $"{xName} %{{x}}<br>{yName} %{{y}}")
                : throw new ArgumentException($"The curve {name} has {values.Count} values for {x.Count} x.", nameof(curves));
        }).ToArray();
        return Finish(lines, CurvesLayout(title, Axis(xName, logX), Axis(yName, logY), curves.Select(curve => curve.Name)));

        static LinearAxis Axis(string name, bool isLogarithmic) =>
            ChartParts.Axis(name).With(("type", isLogarithmic ? "log" : "linear"), ("exponentformat", "power"));
    }

    /// <summary>A line that differs from the others of its chart by colour and by dash.</summary>
    private static GenericChart Curve(IReadOnlyList<double> x, string name, IReadOnlyList<double> values, int number, string hover)
    {
        ArgumentNullException.ThrowIfNull(name);
        const int mostPoints = 500;
        string[] dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
        // All colours but yellow, which as a line on a white page is none.
        int[] colours = [0, 1, 2, 3, 4, 5, 7];
        var shown = Shown(values.Count, mostPoints);
        var colour = ClassStyle.LineColour(colours[number % colours.Length]);
        double[] shownX = [.. shown.Select(i => x[i])], shownY = [.. shown.Select(i => values[i])];
        return Chart.Line<IConvertible, IConvertible, string>(
            x: Rounding.Apart(shownX, 6), y: Rounding.Apart(shownY, 4), Name: ShortName(name), UseDefaults: false)
            .WithTrace(
                ("line", new { color = colour, width = 2, dash = dashes[number % dashes.Length] }),
                ("hovertemplate", name == ShortName(name) ? hover : $"{hover}<extra>{name}</extra>"))
            .WithLonelyPoints(shownY, colour);
    }

    /// <summary>Evenly spaced places, as many as a chart can hold, and the last.</summary>
    private static int[] Shown(int count, int most)
    {
        var stride = (count + most - 1) / most;
        return [.. Enumerable.Range(0, count).Where(i => i % stride == 0 || i == count - 1)];
    }

    /// <summary>Of a line a value between gaps is not seen: it gets a marker.</summary>
    private static GenericChart WithLonelyPoints(this GenericChart line, double[] values, string colour)
    {
        bool IsGap(int i) => i < 0 || i >= values.Length || !double.IsFinite(values[i]);
        int[] sizes = [.. values.Select((_, i) => !IsGap(i) && IsGap(i - 1) && IsGap(i + 1) ? 6 : 0)];
        return sizes.Any(size => size > 0) ? line.WithTrace(("mode", "lines+markers"), ("marker", new { color = colour, size = sizes })) : line;
    }

    /// <summary>A name that leaves room for the plot beside the legend.</summary>
    private static string ShortName(string name)
    {
        const int longest = 40;
        return name.Length <= longest ? name : name[..(char.IsHighSurrogate(name[longest - 2]) ? longest - 2 : longest - 1)] + "…";
    }

    /// <summary>Beside the curves their names, and above them in a narrow chart.</summary>
    private static Layout CurvesLayout(string title, LinearAxis xAxis, LinearAxis yAxis, IEnumerable<string> names)
    {
        var head = ChartParts.NarrowHead(title, [.. names.Select(ShortName)]);
        return ChartParts.Layout(title, xAxis, yAxis).Fitting(narrow: new ChartParts.Narrow(640, new(head + 300), new
        {
            title = ChartParts.NarrowTitle(title),
            margin = new { l = 60, r = 12, t = head, b = 56 },
            legend = ChartParts.LegendAbove,
            // Labels of a logarithmic axis stand closer and closer.
            yaxis = new { nticks = 5 },
        }));
    }
}
