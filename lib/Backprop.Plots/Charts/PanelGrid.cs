using Plotly.NET;
using Plotly.NET.LayoutObjects;

namespace Backprop.Plots;

/// <summary>Small charts of the plane side by side, row after row, each with a title of its own and all on the same scale.</summary>
internal sealed class PanelGrid
{
    private const int PanelHeight = 260;
    private const double Gap = 0.08;

    private readonly string[] titles;
    private readonly int columns;
    private readonly int rows;

    public PanelGrid(int panels, int mostColumns)
    {
        titles = new string[panels];
        columns = Math.Min(panels, mostColumns);
        rows = (panels + columns - 1) / columns;
    }

    public void Title(int panel, string title) => titles[panel] = title;

    /// <summary>Moves traces to a panel. Only the first panel's are in the legend, which stands for all.</summary>
    public IEnumerable<GenericChart> InPanel(int panel, IEnumerable<GenericChart> traces) => panel == 0 ? traces : traces.Select(trace =>
        trace.WithTrace(("xaxis", $"x{panel + 1}"), ("yaxis", $"y{panel + 1}"), ("showlegend", false)));

    /// <param name="title">What stands above all panels.</param>
    /// <param name="mesh">What every panel shows.</param>
    public Layout Layout(string title, Mesh mesh)
    {
        var layout = ChartParts.Layout(title, Axis(0, isX: true, mesh), Axis(0, isX: false, mesh), rows * PanelHeight + 120);
        for (var panel = 1; panel < titles.Length; panel++)
        {
            layout.With(($"xaxis{panel + 1}", Axis(panel, isX: true, mesh)), ($"yaxis{panel + 1}", Axis(panel, isX: false, mesh)));
        }

        return layout.With(
            ("annotations", titles.Select((text, panel) => new
            {
                text,
                showarrow = false,
                x = Start(panel % columns, columns),
                y = 1 - Start(panel / columns, rows),
                xref = "paper",
                yref = "paper",
                xanchor = "left",
                yanchor = "bottom",
                align = "left",
            }).ToArray()),
            ("legend", new { orientation = "h", itemsizing = "constant", x = 0, y = -0.02, yanchor = "top" }),
            ("margin", new { l = 40, r = 16, t = 84, b = 48 }),
            ("meta", new { maxWidth = $"{Math.Min(columns * 320, 960)}px" }));
    }

    /// <summary>Where a column begins, from 0 on the left to 1, or a row, from 0 at the top.</summary>
    private static double Start(int index, int count) => index * (Size(count) + Gap);

    private static double Size(int count) => (1 - Gap * (count - 1)) / count;

    private LinearAxis Axis(int panel, bool isX, Mesh mesh)
    {
        var (column, row) = (panel % columns, panel / columns);
        var values = isX ? mesh.XAxis : mesh.YAxis;
        var axis = ChartParts.Axis("").With(
            ("range", ChartParts.Range(values)),
            ("nticks", 5),
            ("domain", isX
                ? new[] { Start(column, columns), Start(column, columns) + Size(columns) }
                : new[] { 1 - Start(row, rows) - Size(rows), 1 - Start(row, rows) }));
        var number = panel == 0 ? "" : $"{panel + 1}";
        return isX
            ? axis.With(("anchor", "y" + number), ("constrain", "domain"), ("constraintoward", "left"))
            : axis.With(("anchor", "x" + number), ("scaleanchor", "x" + number), ("constrain", "domain"), ("constraintoward", "top"));
    }
}
