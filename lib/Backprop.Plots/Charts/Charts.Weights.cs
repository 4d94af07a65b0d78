using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    /// <summary>Shows a matrix of weights as a heat map: blue below zero, orange above, white at zero.</summary>
    /// <param name="W">The weights, one row an input and one column a unit. Those that are not finite stay empty.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart with row 0 on top, as the matrix is written.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static GenericChart PlotWeights(Matrix<double> W, string title = "Weights")
    {
        ArgumentNullException.ThrowIfNull(W);
        ArgumentNullException.ThrowIfNull(title);
        var largest = W.Enumerate().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        // The scale is symmetric, so that its middle is zero whatever the weights are.
        var limit = largest == 0 ? 1 : Rounding.Significant(largest, 3);
        var heat = Chart.Heatmap<IConvertible, int, int, string>(
            zData: Enumerable.Range(0, W.RowCount).Select(i => Rounding.Significant(W.Row(i), 4)).ToArray(), UseDefaults: false)
            .WithTrace(
                ("colorscale", DivergingScale()), ("zmin", Negative(limit)), ("zmid", 0), ("zmax", limit), ("xgap", 1), ("ygap", 1),
                ("colorbar", new { thickness = 12, outlinewidth = 0, nticks = 5 }),
                ("hovertemplate", "row %{y}, column %{x}<br>%{z}<extra></extra>"));

        // Cells about square where the matrix allows it; at least 18 pixels high in a wide one, so that two rows can be told apart.
        var cell = Math.Clamp(640.0 / W.ColumnCount, 18, 48);
        var height = (int)Math.Clamp(W.RowCount * cell, 96, 480) + 112;
        var width = (int)Math.Max(W.ColumnCount * Math.Min(cell, 480.0 / W.RowCount), 160) + 180;
        var layout = ChartParts.Layout(
            title,
            ChartParts.Axis("column").With(("showgrid", false), ("constrain", "domain")).With(Ticks(W.ColumnCount)),
            ChartParts.Axis("row").With(("showgrid", false), ("autorange", "reversed")).With(Ticks(W.RowCount)),
            height);
        return Finish([heat], HeatLayout(layout, title, Math.Min(width, 960), height));
    }

    private static Layout HeatLayout(Layout layout, string title, int maxWidth, int height) => layout.Fitting(
        maxWidth, narrow: new ChartParts.Narrow(480, new(height), new { title = ChartParts.NarrowTitle(title), margin = new { l = 56, r = 8, t = ChartParts.NarrowHead(title), b = 56 } }));

    private static object[] DivergingScale() =>
    [
        new object[] { 0, "rgb(0, 90, 160)" },
        new object[] { 0.25, "rgb(120, 175, 220)" },
        new object[] { 0.5, "rgb(247, 247, 247)" },
        new object[] { 0.75, "rgb(240, 165, 105)" },
        new object[] { 1, "rgb(190, 75, 0)" },
    ];

    /// <summary>Whole numbers on the axis of a small matrix, where plotly.js would put halves between them.</summary>
    private static (string, object)[] Ticks(int count) => count <= 10 ? [("tick0", 0), ("dtick", 1)] : [("tick0", 0)];

    private static IConvertible Negative(IConvertible value) => -value.ToDouble(null);
}
