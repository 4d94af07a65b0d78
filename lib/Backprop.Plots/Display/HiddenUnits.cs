using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

/// <summary>The lines on which the hidden units of a network bend the scores: where the input of a unit is 0.</summary>
internal static class HiddenUnits
{
    /// <summary>Lines of more units than these hide the picture.</summary>
    public const int MostBends = 12;

    /// <summary>A trace without lines; <c>bends.js</c> makes these.</summary>
    public static GenericChart Trace() =>
        Chart.Line<int, int, string>(x: [], y: [], Name: "bends of hidden units", UseDefaults: false).WithTrace(
            ("mode", "lines"),
            ("visible", false),
            ("line", new { color = ClassStyle.Border, width = 1.5, dash = "dash" }),
            ("hovertemplate", "%{text}<extra></extra>"));

    /// <summary>Of each hidden unit u, v and b, where its input is u x + v y + b; null where there are too many to be shown.</summary>
    public static double[][]? BendsOf(TwoLayerNetwork network) => network.W1.ColumnCount > MostBends || network.W1.RowCount != 2
        ? null
        : [.. Enumerable.Range(0, network.W1.ColumnCount).Select(j => new[] { network.W1[0, j], network.W1[1, j], network.b1[0, j] })];
}
