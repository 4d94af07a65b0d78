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

    public static Layout Layout(string title, LinearAxis xAxis, LinearAxis yAxis, int height = 480) => new Layout().With(
        ("title", new Title().With(("text", title), ("x", 0), ("xref", "paper"), ("xanchor", "left"), ("font", new { size = 16 }))),
        ("height", height),
        ("margin", new { l = 64, r = 24, t = 56, b = 56 }),
        ("xaxis", xAxis),
        ("yaxis", yAxis),
        ("hovermode", "closest"));

    public static LinearAxis Axis(string title) => new LinearAxis().With(
        ("title", new Title().With(("text", title))),
        ("zeroline", false));

    /// <summary>From the first value of an axis to the last.</summary>
    public static double[] Range(double[] axis) => [Rounding.Significant(axis[0], 6).ToDouble(null), Rounding.Significant(axis[^1], 6).ToDouble(null)];

    /// <summary>Axes of the plane that the points lie in: a unit is equally long on both, and the frame shrinks to the data.</summary>
    public static Layout PlaneLayout(string title, LinearAxis xAxis, LinearAxis yAxis) => Layout(
        title,
        xAxis.With(("constrain", "domain"), ("constraintoward", "left")),
        yAxis.With(("scaleanchor", "x"), ("constrain", "domain"), ("constraintoward", "bottom")))
        // Wider than this, the legend would drift away from the square that it explains.
        .With(("meta", new { maxWidth = "600px" }), ("legend", new { itemsizing = "constant", tracegroupgap = 0 }));

    public static Config Config() => new Config().With(
        ("responsive", true),
        ("displaylogo", false),
        ("modeBarButtonsToRemove", new[] { "select2d", "lasso2d" }));
}
