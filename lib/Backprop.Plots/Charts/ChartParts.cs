using DynamicObj;
using Plotly.NET;
using Plotly.NET.LayoutObjects;

namespace Backprop.Plots;

/// <summary>What all charts have in common: title, axes, legend, and the buttons that appear over a chart.</summary>
/// <remarks>
/// Colours of text, grid and background are left out on purpose: the page that shows a chart decides them, dark or light.
/// </remarks>
internal static class ChartParts
{
    /// <summary>What the axes of the plane are called, on the axes and where the mouse is.</summary>
    public const string XName = "X[i, 0]";

    public const string YName = "X[i, 1]";

    private const int TitlePad = 14;
    private const int TitleHeight = 52;

    /// <summary>So wide is what a telephone shows of a narrow chart beside its axis, in pixels, and so many characters has a title there beside the buttons.</summary>
    private const int NarrowPlot = 260;
    private const int NarrowTitleLength = 30;

    /// <summary>Where one side of a plane is more than so many times as long as the other, each axis has its own scale.</summary>
    private const double LongestPlane = 3;

    /// <summary>A template of plotly.js for the place that the mouse is at.</summary>
    public const string HoverPlace = XName + " = %{x:.3~f}<br>" + YName + " = %{y:.3~f}";

    /// <summary>Sets attributes by the names that plotly.js has for them.</summary>
    public static T With<T>(this T target, params ReadOnlySpan<(string Name, object Value)> attributes)
        where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in attributes)
        {
            target.SetProperty(name, value);
        }

        return target;
    }

    /// <summary>Sets attributes of a chart's only trace.</summary>
    public static GenericChart WithTrace(this GenericChart chart, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        GenericChart.getTraces(chart).Head.With(attributes);
        return chart;
    }

    /// <summary>A title and two axes.</summary>
    /// <param name="title">What stands above the chart.</param>
    /// <param name="xAxis">The horizontal axis.</param>
    /// <param name="yAxis">The vertical axis.</param>
    /// <param name="height">Of the whole chart, in pixels.</param>
    /// <param name="above">The height of what stands between the title's line, where the toolbar appears, and the plot.</param>
    public static Layout Layout(string title, LinearAxis xAxis, LinearAxis yAxis, int height = 480, int above = 0) => new Layout().With(
        ("title", new Title().With(
            ("text", title), ("x", 0), ("xref", "paper"), ("xanchor", "left"),
            ("y", 1), ("yref", "container"), ("yanchor", "top"), ("pad", new { t = TitlePad, l = 0 }), ("font", new { size = 16 }))),
        ("height", height),
        ("margin", new { l = 64, r = 24, t = TitleHeight + above, b = 56 }),
        ("xaxis", xAxis),
        ("yaxis", yAxis),
        ("hovermode", "closest"));

    /// <summary>A title in a narrow chart: it begins at the left edge, and goes on in a second line if need be.</summary>
    public static object NarrowTitle(string title)
    {
        // plotly.js moves a title up by what its further lines take.
        var lines = Wrapped(title);
        return new { text = string.Join("<br>", lines), xref = "container", pad = new { t = TitlePad + 20 * (lines.Length - 1), l = 8 } };
    }

    /// <summary>The height of a narrow chart's title, and of the rows of its legend below it.</summary>
    /// <param name="title">The title.</param>
    /// <param name="legend">What the legend says.</param>
    public static int NarrowHead(string title, params IReadOnlyCollection<string> legend) =>
        TitleHeight + 20 * (Wrapped(title).Length - 1) + LegendHeight(legend, NarrowPlot);

    /// <summary>How high a legend is whose entries stand side by side.</summary>
    /// <param name="names">What it says.</param>
    /// <param name="width">The room that it has, in pixels.</param>
    public static int LegendHeight(IReadOnlyCollection<string> names, int width) => names.Count == 0 ? 0
        : 20 * ((names.Count - 1) / Math.Max(width / LegendWidth(names), 1) + 1);

    /// <summary>How wide a legend is whose entries stand below each other.</summary>
    public static int LegendWidth(IEnumerable<string> names) => 48 + (int)(7.2 * names.Max(name => name.Length));

    /// <summary>Says what of a layout depends on the width that there is for the chart: <c>fitting.js</c> sees to it.</summary>
    /// <param name="layout">The layout of a wide chart.</param>
    /// <param name="maxWidth">Wider than this the chart does not get, in pixels.</param>
    /// <param name="height">The height of the wide chart, in pixels and in parts of its width; null is that of the layout.</param>
    /// <param name="narrow">What is otherwise below a width, the smallest width first.</param>
    public static Layout Fitting(this Layout layout, int? maxWidth = null, Height? height = null, params Narrow[] narrow)
    {
        object? Numbers(Height? height) => height is { } h ? new[] { Math.Round(h.Fixed), Math.Round(h.PerWidth, 4) } : null;
        var wide = height is { } h && maxWidth is { } w ? layout.With(("height", (int)(h.Fixed + h.PerWidth * w))) : layout;
        return wide.With(("meta", new
        {
            maxWidth = maxWidth is { } most ? $"{most}px" : null,
            height = Numbers(height),
            narrow = narrow.Select(fit => new { below = fit.Below, height = Numbers(fit.Height), layout = fit.Layout }).ToArray(),
        }));
    }

    /// <summary>A height of a number of pixels and a part of the width.</summary>
    internal readonly record struct Height(double Fixed, double PerWidth = 0);

    /// <summary>A chart in less than a width of pixels: its height, and the attributes of the layout that are otherwise.</summary>
    internal sealed record Narrow(int Below, Height? Height, object Layout);

    public static LinearAxis Axis(string title) => new LinearAxis().With(
        ("title", new Title().With(("text", title))),
        ("ticks", "outside"),
        ("zeroline", false));

    /// <summary>From the first value of an axis to the last.</summary>
    public static double[] Range(double[] axis) => Range(axis[0], axis[^1], 6);

    /// <summary>From one value to another, in so many significant digits, or more where they lie close together.</summary>
    public static double[] Range(double low, double high, int digits)
    {
        var enough = Rounding.Digits(digits, low, high);
        return [Rounding.Significant(low, enough).ToDouble(null), Rounding.Significant(high, enough).ToDouble(null)];
    }

    /// <summary>The height of a plane in parts of its width. Of very long ones, whose axes have scales of their own, no more than three.</summary>
    public static double RatioOf(double[] xRange, double[] yRange) => Math.Clamp(LengthRatio(xRange, yRange), 1 / LongestPlane, LongestPlane);

    private static double LengthRatio(double[] xRange, double[] yRange) => (yRange[1] - yRange[0]) / (xRange[1] - xRange[0]);

    /// <summary>
    /// Axes of the plane that the points lie in: a unit is equally long on both. Where there is room the legend stands beside
    /// the plane, and above it where there is not.
    /// </summary>
    /// <param name="title">What stands above the chart.</param>
    /// <param name="xRange">From where to where the plane reaches to the right.</param>
    /// <param name="yRange">And upwards.</param>
    /// <param name="legend">What the legend says.</param>
    public static Layout PlaneLayout(string title, double[] xRange, double[] yRange, IReadOnlyCollection<string> legend)
    {
        var ratio = RatioOf(xRange, yRange);
        var beside = 64 + 24 + LegendWidth(legend);
        var head = NarrowHead(title, legend);
        return Layout(
            title,
            XAxisOfPlane(xRange),
            YAxisOfPlane(xRange, yRange))
            .With(("legend", new { itemsizing = "constant", tracegroupgap = 0 }))
            .Fitting(
                maxWidth: beside + 400,
                new Height(TitleHeight + 56 - ratio * beside, ratio),
                new Narrow(480, new Height(head + 56 - ratio * (60 + 12), ratio), new
                {
                    title = NarrowTitle(title),
                    margin = new { l = 60, r = 12, t = head, b = 56 },
                    legend = LegendAbove,
                }));
    }

    public static LinearAxis XAxisOfPlane(double[] range) => Axis(XName).With(("range", range), ("constrain", "domain"), ("constraintoward", "left"));

    /// <summary>An axis with the scale of the horizontal one.</summary>
    public static LinearAxis YAxisOfPlane(double[] xRange, double[] yRange) =>
        Axis(YName).With(("range", yRange)).WithScaleOf("x", xRange, yRange);

    /// <summary>Gives the vertical axis of a plane the scale of the horizontal one, where that makes no tower and no thread of it.</summary>
    public static LinearAxis WithScaleOf(this LinearAxis axis, string horizontal, double[] xRange, double[] yRange) =>
        LengthRatio(xRange, yRange) == RatioOf(xRange, yRange)
            ? axis.With(("scaleanchor", horizontal), ("constrain", "domain"), ("constraintoward", "top"))
            : axis;

    /// <summary>Legends of narrow charts: side by side right above the plot.</summary>
    public static object LegendAbove => new { orientation = "h", x = 0, y = 1, yanchor = "bottom" };

    /// <summary>A title in lines that a narrow chart has room for.</summary>
    private static string[] Wrapped(string title) => Wrapped(title, NarrowTitleLength);

    /// <summary>A text in lines of at most so many characters, broken between words.</summary>
    public static string[] Wrapped(string title, int most)
    {
        var lines = new List<string> { "" };
        foreach (var word in title.Split(' '))
        {
            var longer = lines[^1].Length == 0 ? word : $"{lines[^1]} {word}";
            if (longer.Length <= most || lines[^1].Length == 0)
            {
                lines[^1] = longer;
            }
            else
            {
                lines.Add(word);
            }
        }

        return [.. lines];
    }

    public static Config Config() => new Config().With(
        ("responsive", true),
        ("displaylogo", false),
        ("modeBarButtonsToRemove", new[] { "select2d", "lasso2d" }));
}
