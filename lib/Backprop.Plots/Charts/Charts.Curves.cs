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
    /// <returns>A chart with a legend; of many values at most 500 a curve, evenly spaced, are shown.</returns>
    /// <exception cref="ArgumentNullException">An argument or one of the curves is null.</exception>
    /// <exception cref="ArgumentException">There is no x or no curve, or a curve has not one value for each x.</exception>
    public static GenericChart PlotCurves(
        IReadOnlyList<double> x, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> curves,
        string xName = "x", string yName = "y", bool logX = false, bool logY = false, string title = "Curves")
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(curves);
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
        const int mostPoints = 500;
        string[] dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
        // All colours but yellow, which as a line on a white page is none.
        int[] colours = [0, 1, 2, 3, 4, 5, 7];
        var stride = (values.Count + mostPoints - 1) / mostPoints;
        var shown = Enumerable.Range(0, values.Count).Where(i => i % stride == 0).ToArray();
        return Chart.Line<IConvertible, IConvertible, string>(
            x: shown.Select(i => Rounding.Significant(x[i], 6)), y: shown.Select(i => Rounding.Significant(values[i], 4)), Name: name, UseDefaults: false)
            .WithTrace(
                ("line", new { color = ClassStyle.LineColour(colours[number % colours.Length]), width = 2, dash = dashes[number % dashes.Length] }),
                ("hovertemplate", hover));
    }

    /// <summary>Beside the curves their names, and above them in a narrow chart.</summary>
    private static Layout CurvesLayout(string title, LinearAxis xAxis, LinearAxis yAxis, IEnumerable<string> names)
    {
        var head = ChartParts.NarrowHead(title, [.. names]);
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
