using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    /// <summary>Shows how the result of training depends on two hyperparameters: a table of numbers, coloured from low to high.</summary>
    /// <param name="values">One row a value of the first, one column a value of the second; NaN stays empty.</param>
    /// <param name="rows">What each row stands for: as many as rows.</param>
    /// <param name="columns">What each column stands for: as many as columns.</param>
    /// <param name="rowName">The first hyperparameter.</param>
    /// <param name="columnName">The second one.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart with the first row on top, as the matrix is written.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are not as many labels as rows or columns, or two are equal.</exception>
    public static GenericChart PlotSweep(
        Matrix<double> values, IEnumerable<string> rows, IEnumerable<string> columns,
        string rowName = "row", string columnName = "column", string title = "Accuracy")
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(title);
        var (rowLabels, columnLabels) = (rows.ToArray(), columns.ToArray());
        if (rowLabels.Length != values.RowCount || columnLabels.Length != values.ColumnCount)
        {
            throw new ArgumentException($"The values are ({values.RowCount} × {values.ColumnCount}), but there are {rowLabels.Length} labels for rows and {columnLabels.Length} for columns.");
        }

        ThrowIfNotDistinct(rowLabels, nameof(rows));
        ThrowIfNotDistinct(columnLabels, nameof(columns));
        var sizes = values.Enumerate().Where(value => double.IsFinite(value) && value != 0).Select(Math.Abs).DefaultIfEmpty(1).ToArray();
        // As shares are written, such as accuracies, where that says all.
        var (inCell, hovering) = sizes.Min() >= 0.01 && sizes.Max() < 1000 ? (".2f", ".3f") : (".3~g", ".4~g");
        var heat = Chart.Heatmap<IConvertible, string, string, string>(
            zData: Enumerable.Range(0, values.RowCount).Select(i => Rounding.Significant(values.Row(i), 4)).ToArray(),
            X: columnLabels, Y: rowLabels, UseDefaults: false)
            .WithTrace(
                ("colorscale", SequentialScale()), ("xgap", 2), ("ygap", 2), ("texttemplate", $"%{{z:{inCell}}}"), ("textfont", new { color = DarkText }), ("hoverongaps", false),
                ("colorbar", new { thickness = 12, outlinewidth = 0, nticks = 5 }),
                ("hovertemplate", $"{rowName} %{{y}}, {columnName} %{{x}}<br>%{{z:{hovering}}}<extra></extra>"));
        var height = Math.Clamp(values.RowCount * 48, 96, 480) + 112;
        var layout = ChartParts.Layout(
            title,
            ChartParts.Axis(columnName).With(("type", "category"), ("showgrid", false)),
            ChartParts.Axis(rowName).With(("type", "category"), ("showgrid", false), ("autorange", "reversed")),
            height);
        return Finish([heat], HeatLayout(layout, title, Math.Clamp(values.ColumnCount * 80 + 180, 360, 960), height));
    }

    // Rows of one name would be one row.
    private static void ThrowIfNotDistinct(string[] labels, string name)
    {
        if (labels.Any(label => label is null))
        {
            throw new ArgumentNullException(name, "A label is null.");
        }

        if (labels.GroupBy(label => label).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"{twice.Count()} of the labels are \"{twice.Key}\": each must be another one.", name);
        }
    }

    /// <summary>Light throughout, so that a dark number can be read on all of it, on a page of any theme.</summary>
    private static object[] SequentialScale() =>
    [
        new object[] { 0, "rgb(247, 251, 255)" },
        new object[] { 0.5, "rgb(165, 208, 240)" },
        new object[] { 1, "rgb(80, 160, 220)" },
    ];
}
