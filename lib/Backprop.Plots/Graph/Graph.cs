using System.Globalization;
using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

/// <summary>The picture of a computation graph: what was computed from what, on the way from the parameters to the loss.</summary>
public static class Graph
{
    private const double Marker = 13;
    private const int FontSize = 11;
    private const double CharacterWidth = 6.7;
    private const double LineHeight = 1.3 * FontSize;
    private const int TitleWidth = 180;
    private const int MostRoutePoints = 20_000;
    private const string Font = "Consolas, Menlo, \"DejaVu Sans Mono\", monospace";

    /// <summary>A matrix of at most so many rows and columns stands beside its node.</summary>
    private const int LargestBeside = 3;

    /// <summary>And its value and gradient together take at most so many characters a row: pages are not wide.</summary>
    private const int LongestBeside = 44;

    /// <summary>Of a larger matrix, hovering shows the first rows and columns.</summary>
    private const int LargestHovering = 6;
    private const int Edge = 3;

    private static readonly (string Name, string Colour, string Symbol)[] s_kinds =
    [
        ("parameter", ClassStyle.Colour(0), "square"),
        ("constant", ClassStyle.Colour(7), "square"),
        ("operation", ClassStyle.Colour(2), "circle"),
        ("loss", ClassStyle.Colour(3), "diamond"),
    ];

    private const string gradientColour = ClassStyle.GradientText;

    /// <summary>
    /// Shows a computation graph from top to bottom: parameters and constants above what uses them, the loss at the end.
    /// Each node says how it was computed, and small ones their value and gradient; hovering shows them of every node.
    /// </summary>
    /// <param name="graph">What <see cref="Gradient.Trace(Func{Variable, Variable})">Trace</see> returned.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart whose first trace is the edges; the nodes follow, a trace for each kind, and two traces that are there for the legend.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="graph"/> is null.</exception>
    /// <exception cref="ArgumentException">The graph has more nodes and lines than a page can draw.</exception>
    public static GenericChart Draw(ComputationGraph graph, string title = "Computation graph")
    {
        ArgumentNullException.ThrowIfNull(graph);
        var labels = graph.Nodes.Select(Label).ToArray();
        var edges = graph.Nodes.SelectMany((node, i) => node.Inputs.Distinct().Select(input => (From: input, To: i))).ToArray();
        var layout = new GraphLayout([.. labels.Select(Box)], edges);
        if (Enumerable.Range(0, edges.Length).Sum(edge => layout.Route(edge).Count()) > MostRoutePoints)
        {
            throw new ArgumentException($"A graph of {graph.Nodes.Count} nodes with lines as long as these is more than a page can draw: trace fewer steps.", nameof(graph));
        }

        return GenericChart.setConfig(
            ChartParts.Config(),
            GenericChart.setLayout(PageLayout(layout, title), Chart.Combine([Edges(layout, edges.Length), .. Nodes(graph, layout, labels), .. TextLegend()])));
    }

    private static GenericChart Edges(GraphLayout layout, int count)
    {
        var x = new List<object?>();
        var y = new List<object?>();
        var sizes = new List<double>();
        var standoffs = new List<double>();
        for (var edge = 0; edge < count; edge++)
        {
            var route = layout.Route(edge).ToArray();
            // A gap ends the line, and only the last point of a line has an arrowhead.
            x.AddRange([.. route.Select(point => (object)Rounding.Decimals(point.X, 1)), null]);
            y.AddRange([.. route.Select(point => (object)Rounding.Decimals(point.Y, 1)), null]);
            sizes.AddRange([.. Enumerable.Repeat(0.0, route.Length - 1), 9, 0]);
            standoffs.AddRange([.. Enumerable.Repeat(0.0, route.Length - 1), Marker / 2 + 1, 0]);
        }

        const string grey = "rgb(128, 128, 128)";
        return Chart.Line<int, int, string>(x: [], y: [], Name: "edges", ShowLegend: false, UseDefaults: false).WithTrace(
            ("mode", "lines+markers"),
            ("x", x),
            ("y", y),
            ("line", new { color = grey, width = 1.25 }),
            ("marker", new { symbol = "arrow", angleref = "previous", size = sizes, standoff = standoffs, color = grey, line = new { width = 0 } }),
            ("hoverinfo", "skip"));
    }

    private static IEnumerable<GenericChart> Nodes(ComputationGraph graph, GraphLayout layout, Line[][] labels)
    {
        for (var k = 0; k < s_kinds.Length; k++)
        {
            var nodes = Enumerable.Range(0, graph.Nodes.Count).Where(i => Kind(graph, graph.Nodes[i]) == k).ToArray();
            if (nodes.Length == 0)
            {
                continue;
            }

            var (name, colour, symbol) = s_kinds[k];
            yield return Chart.Point<IConvertible, IConvertible, string>(
                x: nodes.Select(i => Rounding.Decimals(layout.Place(i).X, 1)),
                y: nodes.Select(i => Rounding.Decimals(layout.Place(i).Y, 1)),
                Name: name, UseDefaults: false)
                .WithTrace(
                    ("mode", "markers+text"),
                    ("marker", new { color = colour, symbol, size = Marker, line = new { color = "rgba(255, 255, 255, 0.8)", width = 0.75 } }),
                    ("text", nodes.Select(i => string.Join("<br>", labels[i].Select(line => line.Html))).ToArray()),
                    ("textposition", "middle right"),
                    ("textfont", new { family = Font, size = FontSize }),
                    ("cliponaxis", false),
                    ("hovertext", nodes.Select(i => Hover(graph.Nodes[i], graph.Loss)).ToArray()),
                    ("hovertemplate", "%{hovertext}<extra></extra>"));
        }
    }

    /// <summary>What the two colours of numbers mean. Traces of text stand in the legend as "Aa" in their colour.</summary>
    private static IEnumerable<GenericChart> TextLegend()
    {
        foreach (var (name, font) in new (string, object)[] { ("value", new { family = Font }), ("gradient", new { family = Font, color = gradientColour }) })
        {
            yield return Chart.Point<int, int, string>(x: [], y: [], Name: name, UseDefaults: false).WithTrace(
                ("mode", "text"), ("x", new object?[] { null }), ("y", new object?[] { null }), ("text", new[] { "" }), ("textfont", font), ("hoverinfo", "skip"));
        }
    }

    private static int Kind(ComputationGraph graph, ComputationNode node) =>
        ReferenceEquals(node, graph.Loss) ? 3 : node.Kind switch { NodeKind.Parameter => 0, NodeKind.Constant => 1, _ => 2 };

    /// <summary>What stands beside a node: how it was computed, and then value and gradient, or the shape where they are too large.</summary>
    private static Line[] Label(ComputationNode node)
    {
        var formula = node.ToString() + "\u00a0\u00a0";
        if (node.Value.RowCount <= LargestBeside && node.Value.ColumnCount <= LargestBeside)
        {
            var value = Lines(node.Value);
            var gradient = node.Gradient is null ? value.Select(_ => "") : Lines(node.Gradient);
            Line[] numbers = [.. value.Zip(gradient, (v, d) => new Line(v, d))];
            if (numbers.All(line => line.Length <= LongestBeside))
            {
                return [.. numbers.Select((line, i) => line with { Text = (i == 0 ? formula : new string('\u00a0', formula.Length)) + line.Text })];
            }
        }

        return [new(formula + ShapeOf(node))];
    }

    /// <summary>A line of text, and what follows in the colour of gradients.</summary>
    private readonly record struct Line(string Text, string Gradient = "")
    {
        public int Length => Text.Length + (Gradient.Length == 0 ? 0 : 3 + Gradient.Length);

        public string Html => "\u00a0" + (Gradient.Length == 0 ? Text : $"{Text}\u00a0\u00a0\u00a0<span style=\"color: {gradientColour}\">{Gradient}</span>");
    }

    private static GraphBox Box(Line[] label) =>
        new(Marker / 2, Marker / 2 + (label.Max(line => line.Length) + 1) * CharacterWidth, label.Length * LineHeight);

    private static string Hover(ComputationNode node, ComputationNode loss)
    {
        string[] gradient = node.Gradient is null
            ? ["a constant: it has no gradient"]
            : [$"gradient ∂{loss.Name}/∂{node.Name}", .. Lines(node.Gradient)];
        return string.Join("<br>", [$"<b>{node}</b>  {ShapeOf(node)}", "value", .. Lines(node.Value), .. gradient]);
    }

    private static string ShapeOf(ComputationNode node) => $"({node.Value.RowCount} × {node.Value.ColumnCount})";

    /// <summary>The rows of a matrix, with columns below each other in a font of equal widths, and an ellipsis for what is left out.</summary>
    private static string[] Lines(Matrix<double> matrix)
    {
        var columns = Shown(matrix.ColumnCount);
        var cells = Shown(matrix.RowCount).Select(i => columns.Select(j => i is { } row && j is { } column ? Number(matrix[row, column]) : "…").ToArray()).ToArray();
        var widths = columns.Select((_, j) => cells.Max(row => row[j].Length)).ToArray();
        // Spaces that do not break: plotly.js draws several ordinary ones as one.
        return [.. cells.Select(row => string.Join("  ", row.Select((cell, j) => cell.PadLeft(widths[j]))).Replace(' ', '\u00a0'))];
    }

    private static int?[] Shown(int count) => count <= LargestHovering
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, Edge), null];

    /// <summary>
    /// Four significant digits: enough to follow by hand. What remains of a sum that is zero but for rounding, which
    /// differs from one processor to the next, is zero.
    /// </summary>
    private static string Number(double value) =>
        Rounding.Significant(Math.Abs(value) < 1e-12 ? 0 : value, 4).ToString(CultureInfo.InvariantCulture).Replace('-', '−');

    private static Layout PageLayout(GraphLayout layout, string title)
    {
        const int left = 14, right = 14, bottom = 12;
        var width = Math.Max((int)layout.Width, 400);
        var height = (int)layout.Height;
        string[] legend = [.. s_kinds.Select(kind => kind.Name), "value", "gradient"];
        // The legend stands beside the title where both have room.
        var rows = ChartParts.LegendHeight(legend, width - TitleWidth);
        var isBeside = rows <= 20;
        var top = isBeside ? 44 : 36 + ChartParts.LegendHeight(legend, width);
        return ChartParts.Layout(
            title,
            Hidden().With(("range", new[] { 0, width })),
            Hidden().With(("range", new[] { height, -4 })),
            height + 4 + top + bottom)
            .With(
                ("margin", new { l = left, r = right, t = top, b = bottom }),
                ("meta", new { maxWidth = $"{width + left + right}px", minWidth = $"{width + left + right}px" }),
                ("legend", new
                {
                    orientation = "h",
                    x = isBeside ? 1 : 0,
                    xanchor = isBeside ? "right" : "left",
                    y = 1,
                    yanchor = "bottom",
                    itemclick = false,
                    itemdoubleclick = false,
                }),
                ("hoverlabel", new { align = "left", font = new { family = Font, size = 12 } }),
                ("hoverdistance", 12),
                ("dragmode", "pan"));
    }

    private static LinearAxis Hidden() => new LinearAxis().With(("visible", false));
}
