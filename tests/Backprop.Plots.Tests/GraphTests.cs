using System.Text.Json;
using Backprop.Differentiation;
using Plotly.NET;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;

namespace Backprop.Plots.Tests;

/// <summary>The picture of a computation graph, without a browser.</summary>
public class GraphTests
{
    [Fact]
    public void The_same_graph_gives_the_same_HTML_every_time() =>
        Assert.Equal(ChartHtml.Of(Graph.Draw(Sample.TracedLoss())), ChartHtml.Of(Graph.Draw(Sample.TracedLoss())));

    [Fact]
    public void Every_node_is_there_with_its_formula()
    {
        var graph = Sample.TracedLoss();

        var labels = Nodes(Graph.Draw(graph)).Select(node => Formula(node));

        Assert.Equal(graph.Nodes.Select(node => node.ToString()).Order(), labels.Order());
    }

    [Fact]
    public void Every_edge_leads_from_a_node_to_one_below_it_that_is_computed_from_it()
    {
        var graph = Sample.TracedLoss();
        var chart = Graph.Draw(graph);
        var names = Nodes(chart).ToDictionary(node => (node.X, node.Y), node => Formula(node).Split(" = ")[0]);
        var expected = graph.Nodes.SelectMany(node => node.Inputs.Select(input => (graph.Nodes[input].Name, node.Name)));

        var edges = Lines(chart).ToArray();

        Assert.All(edges, edge => Assert.All(edge.Zip(edge.Skip(1)), pair => Assert.True(pair.First.Y <= pair.Second.Y)));
        Assert.Equal(expected.Order(), edges.Select(edge => (names[edge[0]], names[edge[^1]])).Order());
    }

    [Fact]
    public void The_loss_is_the_lowest_node_of_its_own_kind()
    {
        var nodes = Nodes(Graph.Draw(Sample.TracedLoss()));

        var loss = Assert.Single(nodes, node => node.Kind == "loss");
        Assert.Equal(nodes.Max(node => node.Y), loss.Y);
        Assert.Equal(4, nodes.Count(node => node.Kind == "parameter"));
        Assert.Equal("X", Formula(Assert.Single(nodes, node => node.Kind == "constant")));
    }

    [Fact]
    public void Labels_do_not_overlap()
    {
        var nodes = Nodes(Graph.Draw(Sample.TracedLoss()));

        Assert.All(nodes.GroupBy(node => node.Y), row => Assert.All(
            row.OrderBy(node => node.X).Zip(row.OrderBy(node => node.X).Skip(1)),
            // A character of the label is 6.6 pixels wide.
            pair => Assert.True(pair.First.X + 6.6 * Width(pair.First.Label) < pair.Second.X)));

        static int Width(string label) => label.Split("<br>").Max(line => System.Text.RegularExpressions.Regex.Replace(line, "<[^>]*>", "").Length);
    }

    [Fact]
    public void A_loss_of_sixteen_steps_fits_on_a_screen_of_700_pixels()
    {
        using var figure = JsonDocument.Parse(GenericChart.toJson(Graph.Draw(Sample.TracedLoss())));

        Assert.InRange(figure.RootElement.GetProperty("layout").GetProperty("height").GetInt32(), 300, 700);
    }

    [Fact]
    public void Lines_that_need_not_cross_do_not()
    {
        // Without its order, W1 W2 W3 above W3 W2 W1 would cross three times.
        var layout = new GraphLayout(
            [.. Enumerable.Repeat(new GraphBox(5, 50, 15), 6)],
            [(0, 5), (1, 4), (2, 3)]);

        Assert.Equal(layout.Place(0).X, layout.Place(5).X);
        Assert.Equal(layout.Place(1).X, layout.Place(4).X);
        Assert.Equal(layout.Place(2).X, layout.Place(3).X);
    }

    [Fact]
    public void A_long_edge_runs_around_the_boxes_on_its_way()
    {
        // 0 → 1 → 2, and 0 → 2 directly.
        var layout = new GraphLayout([.. Enumerable.Repeat(new GraphBox(5, 50, 15), 3)], [(0, 1), (0, 2), (1, 2)]);

        var (x, y) = layout.Place(1);
        Assert.All(layout.Route(1), point => Assert.False(point.X > x - 5 && point.X < x + 50 && Math.Abs(point.Y - y) < 15 / 2));
        Assert.Equal([layout.Place(0), layout.Place(2)], [layout.Route(1).First(), layout.Route(1).Last()]);
    }

    [Fact]
    public void Hovering_shows_value_and_gradient()
    {
        var chart = Graph.Draw(Trace(w => Sum(Power(w, 2)))(Algebra.Zeros(1, 2) + 3));

        var hover = Nodes(chart).Single(node => node.Kind == "parameter").Hover.Replace('\u00a0', ' ');

        Assert.Equal("<b>w</b>  (1 × 2)<br>value<br>3  3<br>gradient ∂v₂/∂w<br>6  6", hover);
    }

    [Fact]
    public void A_small_matrix_stands_beside_its_node_with_its_gradient_and_a_larger_one_is_told_by_its_shape()
    {
        const string row = "\u00a0\u00a01\u00a0\u00a01\u00a0\u00a0\u00a0<span";
        Assert.StartsWith($"\u00a0A{row}", LabelOfSquares(2, 1));
        Assert.Contains($"<br>\u00a0\u00a0{row}", LabelOfSquares(2, 1));
        Assert.EndsWith("\u00a0A\u00a0\u00a0(2 × 4)", LabelOfSquares(4, 1));
        Assert.EndsWith("\u00a0A\u00a0\u00a0(2 × 3)", LabelOfSquares(3, -1.23456e-8)); // three columns of long numbers

        static string LabelOfSquares(int columns, double value) =>
            Nodes(Graph.Draw(Trace(A => Sum(Power(A, 2)))(Algebra.Zeros(2, columns) + value))).Single(node => node.Kind == "parameter").Label;
    }

    [Fact]
    public void Of_a_large_matrix_hovering_shows_its_shape_and_a_corner()
    {
        var graph = Trace(A => Sum(A))(new NumpyRandom(0).Randn(300, 100));

        var large = Nodes(Graph.Draw(graph)).Single(node => node.Kind == "parameter");

        Assert.StartsWith("<b>A</b>  (300 × 100)<br>", large.Hover);
        Assert.Equal(2 * 4 + 3, large.Hover.Split("<br>").Length);
        Assert.Contains("…", large.Hover);
        Assert.InRange(large.Hover.Length, 50, 400);
    }

    [Fact]
    public void Rounding_that_is_left_of_a_zero_is_shown_as_zero()
    {
        var graph = Trace(a => Sum(a * 0.1) + Sum(a * 0.2) - Sum(a * 0.3))(Algebra.Zeros(1, 1) + 1);
        Assert.NotEqual(0, graph.Loss.Value[0, 0]);

        Assert.Contains("<br>value<br>0<br>", Nodes(Graph.Draw(graph)).Single(node => node.Kind == "loss").Hover);
    }

    [Fact]
    public void A_graph_without_an_edge_is_drawn_too()
    {
        var nodes = Nodes(Graph.Draw(Trace(a => a)(Algebra.Zeros(1, 1))));

        Assert.Equal("loss", Assert.Single(nodes).Kind);
    }

    [Fact]
    public void No_graph_is_refused() => Assert.Throws<ArgumentNullException>("graph", () => Graph.Draw(null!));

    private sealed record Node(string Kind, double X, double Y, string Label, string Hover);

    /// <summary>What a label begins with: numbers or the shape follow after two spaces.</summary>
    private static string Formula(Node node) => node.Label.Trim('\u00a0').Split("\u00a0\u00a0")[0];

    private static Node[] Nodes(GenericChart chart)
    {
        using var figure = JsonDocument.Parse(GenericChart.toJson(chart));
        return [.. figure.RootElement.GetProperty("data").EnumerateArray()
            .Where(trace => trace.TryGetProperty("hovertext", out _))
            .SelectMany(trace => Enumerable.Range(0, trace.GetProperty("x").GetArrayLength()).Select(i => new Node(
                trace.GetProperty("name").GetString()!,
                trace.GetProperty("x")[i].GetDouble(),
                trace.GetProperty("y")[i].GetDouble(),
                trace.GetProperty("text")[i].GetString()!,
                trace.GetProperty("hovertext")[i].GetString()!)))];
    }

    private static IEnumerable<(double X, double Y)[]> Lines(GenericChart chart)
    {
        using var figure = JsonDocument.Parse(GenericChart.toJson(chart));
        var edges = figure.RootElement.GetProperty("data")[0];
        var line = new List<(double, double)>();
        foreach (var (x, y) in edges.GetProperty("x").EnumerateArray().Zip(edges.GetProperty("y").EnumerateArray()))
        {
            if (x.ValueKind == JsonValueKind.Null)
            {
                yield return [.. line];
                line.Clear();
            }
            else
            {
                line.Add((x.GetDouble(), y.GetDouble()));
            }
        }
    }
}
