using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

/// <summary>The pictures of a model that learns: its data, its decision regions, its loss, its weights.</summary>
/// <remarks>
/// Meant for <c>using static Backprop.Plots.Charts;</c>, so that a cell reads <c>PlotModel(scores, X, y)</c>.
/// The result is an ordinary chart of Plotly.NET, which its own functions change further.
/// </remarks>
public static partial class Charts
{
    // Buttons are light on pages of any theme, because plotly.js makes the one under the mouse almost white.
    private const string ButtonColour = "rgb(214, 220, 228)";
    private const string DarkText = "rgb(32, 32, 32)";

    internal static GenericChart Finish(IEnumerable<GenericChart> traces, Layout layout)
    {
        var chart = Chart.Combine(traces.ToArray());
        return GenericChart.setConfig(ChartParts.Config(), GenericChart.setLayout(layout, chart));
    }

    internal static void ThrowIfNotLabelledPoints(Matrix<double> X, int[] y)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(y);
        if (X.ColumnCount != 2)
        {
            throw new ArgumentException($"Points of the plane are needed, (m × 2), but X is ({X.RowCount} × {X.ColumnCount}).", nameof(X));
        }

        if (X.RowCount == 0)
        {
            throw new ArgumentException("There is no point to show: X has no row.", nameof(X));
        }

        if (y.Length != X.RowCount)
        {
            throw new ArgumentException($"X is ({X.RowCount} × 2), but y has {y.Length} labels: one a row is needed.", nameof(y));
        }

        var negative = Array.FindIndex(y, label => label < 0);
        if (negative >= 0)
        {
            throw new ArgumentException($"Label {y[negative]} of row {negative} is no class: classes are numbered from 0.", nameof(y));
        }

        foreach (var (i, j, value) in X.EnumerateIndexed())
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"X[{i}, {j}] is {value}, and only finite numbers have a place in a chart."), nameof(X));
            }
        }
    }
}
