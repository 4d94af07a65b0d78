using Plotly.NET;
using Plotly.NET.LayoutObjects;

namespace Backprop.Plots;

/// <summary>Small charts of the plane side by side, row after row, each with a title of its own and all on the same scale.</summary>
internal sealed class PanelGrid
{
    private const int Left = 40;
    private const int Right = 12;

    /// <summary>What stands below a panel: its axis.</summary>
    private const int Foot = 30;

    /// <summary>Between two panels of a row at least so many pixels are for the axis of the second.</summary>
    private const int Between = 40;

    private readonly string[] _titles;
    private readonly int _mostColumns;

    public PanelGrid(int panels, int mostColumns)
    {
        _titles = new string[panels];
        _mostColumns = Math.Min(panels, mostColumns);
    }

    public void Title(int panel, string title) => _titles[panel] = title;

    /// <summary>Moves traces to a panel. Only the first panel's are in the legend, which stands for all.</summary>
    public IEnumerable<GenericChart> InPanel(int panel, IEnumerable<GenericChart> traces) => panel == 0 ? traces : traces.Select(trace =>
        trace.WithTrace(("xaxis", $"x{panel + 1}"), ("yaxis", $"y{panel + 1}"), ("showlegend", false)));

    /// <param name="title">What stands above all panels.</param>
    /// <param name="mesh">What every panel shows.</param>
    /// <param name="legend">What the legend below them says.</param>
    public Layout Layout(string title, Mesh mesh, IReadOnlyCollection<string> legend)
    {
        var (x, y) = (ChartParts.Range(mesh.XAxis), ChartParts.Range(mesh.YAxis));
        var ratio = ChartParts.RatioOf(x, y);
        var maxWidth = Math.Min(_mostColumns * 320, 960);
        var wide = Arranged(_mostColumns, from: Math.Min(640, maxWidth), usual: maxWidth, ratio, ChartParts.NarrowHead(""), legend);
        var layout = ChartParts.Layout(title, XAxis(0, x, wide), YAxis(0, x, y, wide));
        for (var panel = 1; panel < _titles.Length; panel++)
        {
            layout.With(($"xaxis{panel + 1}", XAxis(panel, x, wide)), ($"yaxis{panel + 1}", YAxis(panel, x, y, wide)));
        }

        var head = ChartParts.NarrowHead(title);
        return layout
            .With(
                ("annotations", wide.Titles),
                ("margin", wide.Margin),
                ("legend", new { orientation = "h", itemsizing = "constant", tracegroupgap = 0, x = 0, y = 0, yref = "container", yanchor = "bottom" }))
            .Fitting(maxWidth, wide.Height, [.. new[] { (Below: 320, Columns: 1, Usual: 320), (Below: 640, Columns: 2, Usual: 440) }
                .Where(narrow => narrow.Columns < _mostColumns)
                .Select(narrow => Arranged(narrow.Columns, narrow.Columns * 160, narrow.Usual, ratio, head, legend).Narrow(narrow.Below, title))]);
    }

    /// <summary>Where everything stands with a number of columns, in charts from some width and best in usual ones.</summary>
    private Arrangement Arranged(int columns, int from, int usual, double ratio, int head, IReadOnlyCollection<string> legend)
    {
        columns = Math.Min(columns, _mostColumns);
        var rows = (_titles.Length + columns - 1) / columns;
        var gap = columns == 1 ? 0 : (double)Between / (from - Left - Right);
        var size = (1 - gap * (columns - 1)) / columns;
        var lines = _titles.Select(title => Wrapped(title, (int)(size * (from - Left - Right) + Between * 0.6) / 7)).ToArray();
        int[] headings = [.. lines.Chunk(columns).Select(row => 8 + 16 * row.Max(title => title.Split("<br>").Length))];

        // In a usual chart the panels fill their share of its height; in narrower ones they leave a little below them.
        var panelHeight = size * (usual - Left - Right) * ratio;
        var between = headings.Skip(1).Sum(heading => heading + Foot);
        var all = rows * panelHeight + between;
        var bottom = Foot + 8 + ChartParts.LegendHeight(legend, from - Left - Right);
        var top = head + headings[0];
        double[] Columns(int panel) => [panel % columns * (size + gap), panel % columns * (size + gap) + size];
        double[] Rows(int panel)
        {
            var row = panel / columns;
            var start = 1 - (row * panelHeight + headings[1..(row + 1)].Sum(heading => heading + Foot)) / all;
            return [start - panelHeight / all, start];
        }

        return new Arrangement(
            [.. _titles.Select((_, panel) => (Rounded(Columns(panel)), Rounded(Rows(panel))))],
            [.. _titles.Select((_, panel) => new
            {
                text = lines[panel],
                showarrow = false,
                x = Rounded(Columns(panel))[0],
                y = Rounded(Rows(panel))[1],
                xref = "paper",
                yref = "paper",
                xanchor = "left",
                yanchor = "bottom",
                align = "left",
            })],
            new { l = Left, r = Right, t = top, b = bottom },
            new ChartParts.Height(
                top + bottom + between - rows * size * (Left + Right) * ratio,
                rows * size * ratio));

        static double[] Rounded(double[] domain) => [.. domain.Select(end => Math.Round(Math.Clamp(end, 0, 1), 4))];
    }

    /// <summary>A title in lines of at most so many characters: broken after a comma where that is enough.</summary>
    private static string Wrapped(string title, int most) => string.Join("<br>", title.Split("<br>").SelectMany(line =>
        line.Length <= most ? [line] : line.Replace(", ", ",<br>").Split("<br>").SelectMany(part => ChartParts.Wrapped(part, most))));

    private static LinearAxis XAxis(int panel, double[] range, Arrangement arrangement) => ChartParts.Axis("").With(
        ("range", range), ("nticks", 5), ("domain", arrangement.Domains[panel].X),
        ("anchor", "y" + Number(panel)), ("constrain", "domain"), ("constraintoward", "left"));

    private static LinearAxis YAxis(int panel, double[] xRange, double[] yRange, Arrangement arrangement) => ChartParts.Axis("").With(
        ("range", yRange), ("nticks", 5), ("domain", arrangement.Domains[panel].Y), ("anchor", "x" + Number(panel)))
        .WithScaleOf("x" + Number(panel), xRange, yRange);

    /// <summary>What follows the name of a panel's axis.</summary>
    private static string Number(int panel) => panel == 0 ? "" : $"{panel + 1}";

    private sealed record Arrangement((double[] X, double[] Y)[] Domains, object[] Titles, object Margin, ChartParts.Height Height)
    {
        public ChartParts.Narrow Narrow(int below, string title)
        {
            var layout = new Dictionary<string, object>
            {
                ["title"] = ChartParts.NarrowTitle(title),
                ["annotations"] = Titles,
                ["margin"] = Margin,
            };
            for (var panel = 0; panel < Domains.Length; panel++)
            {
                layout["xaxis" + Number(panel)] = new { domain = Domains[panel].X };
                layout["yaxis" + Number(panel)] = new { domain = Domains[panel].Y };
            }

            return new(below, Height, layout);
        }
    }
}
