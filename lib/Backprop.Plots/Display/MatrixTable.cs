using System.Globalization;
using System.Text;
using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots;

/// <summary>Matrices and vectors as a reader wants to see them: the shape, then a small table, with an ellipsis for what is left out.</summary>
internal static class MatrixTable
{
    /// <summary>Above this many rows or columns only the first and last <see cref="Edge"/> are shown.</summary>
    private const int Largest = 10;
    private const int Edge = 4;

    public static string Html(Matrix<double> matrix) => Html(matrix, "Matrix");

    public static string Text(Matrix<double> matrix) => Text(matrix, "Matrix");

    public static string Html(Variable variable) => ValueOf(variable) is { } value ? Html(value, "Variable") : $"<p>{Forgotten(variable)}</p>";

    public static string Text(Variable variable) => ValueOf(variable) is { } value ? Text(value, "Variable") : Forgotten(variable);

    private static string Html(Matrix<double> matrix, string what)
    {
        var html = new StringBuilder($"<p>{what} {matrix.RowCount} × {matrix.ColumnCount}</p>\n<table>\n<thead><tr><th></th>");
        foreach (var j in Shown(matrix.ColumnCount))
        {
            html.Append($"<th>{Index(j)}</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var i in Shown(matrix.RowCount))
        {
            html.Append($"<tr><th>{Index(i)}</th>");
            foreach (var j in Shown(matrix.ColumnCount))
            {
                html.Append($"<td style=\"text-align:right\">{Cell(matrix, i, j)}</td>");
            }

            html.Append("</tr>\n");
        }

        return html.Append("</tbody>\n</table>").ToString();
    }

    private static string Text(Matrix<double> matrix, string what)
    {
        var columns = Shown(matrix.ColumnCount);
        var lines = Shown(matrix.RowCount).Select(i => columns.Select(j => Cell(matrix, i, j)).ToArray()).ToArray();
        var widths = columns.Select((_, column) => lines.Select(line => line[column].Length).DefaultIfEmpty().Max()).ToArray();
        var rows = lines.Select(line => string.Join("  ", line.Select((cell, column) => cell.PadLeft(widths[column]))));
        return $"{what} {matrix.RowCount} × {matrix.ColumnCount}\n{string.Join('\n', rows)}";
    }

    public static string Html(Vector<double> vector)
    {
        var shown = Shown(vector.Count);
        var head = string.Concat(shown.Select(i => $"<th>{Index(i)}</th>"));
        var body = string.Concat(shown.Select(i => $"<td style=\"text-align:right\">{Element(vector, i)}</td>"));
        return $"<p>Vector {vector.Count}</p>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody><tr>{body}</tr></tbody>\n</table>";
    }

    public static string Text(Vector<double> vector) =>
        $"Vector {vector.Count}\n{string.Join("  ", Shown(vector.Count).Select(i => Element(vector, i)))}";

    /// <summary>
    /// A number in at most eight characters or so: whole numbers as they are, others with four decimals, and very large
    /// or very small ones with an exponent.
    /// </summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        var format = !double.IsFinite(value) || (size < 1e7 && value == Math.Floor(value)) ? "0"
            : size is >= 1e-3 and < 1e5 ? "0.0000"
            : "0.000e+00";
        // A zero that came out of a multiplication by something negative is still a zero.
        return value == 0 ? "0" : value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The indices to show; null is the ellipsis.</summary>
    public static int?[] Shown(int count) => count <= Largest
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, Edge), null, .. Enumerable.Range(count - Edge, Edge)];

    /// <summary>The value of a variable; null where it was computed inside a gradient call that is over.</summary>
    private static Matrix<double>? ValueOf(Variable variable)
    {
        try
        {
            return variable.Value;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Forgotten(Variable variable) =>
        $"Variable {variable.RowCount} × {variable.ColumnCount}, computed inside a gradient call that is over: its numbers are gone.";

    private static string Index(int? index) => index?.ToString(CultureInfo.InvariantCulture) ?? "…";

    private static string Cell(Matrix<double> matrix, int? i, int? j) => i is { } row && j is { } column ? Number(matrix[row, column]) : "…";

    private static string Element(Vector<double> vector, int? i) => i is { } index ? Number(vector[index]) : "…";
}
