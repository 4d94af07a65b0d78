using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    /// <summary>Shows labelled points of the plane, each class in its own colour and shape.</summary>
    /// <param name="X">The points, one a row: (m × 2).</param>
    /// <param name="y">The class of each point, numbers from 0: length m.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart whose axes have the same scale, unless the points reach more than three times as far along one as along the other.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="X"/> does not have two columns or has no row, a point is not finite, there is not one label a row, or a label is below 0.</exception>
    public static GenericChart PlotPoints(Matrix<double> X, int[] y, string title = "Labelled points")
    {
        ArgumentNullException.ThrowIfNull(title);
        ThrowIfNotLabelledPoints(X, y);
        return Finish(Points(X, y), ChartParts.PlaneLayout(title, RangeOf(X.Column(0)), RangeOf(X.Column(1)), ClassNames(y)));
    }

    /// <param name="X">The points, (m × 2).</param>
    /// <param name="y">Their classes.</param>
    /// <param name="markerSize">In pixels.</param>
    /// <param name="scores">What a model says of the points, (m × K): a reader looks at it point by point, see <c>lookable.js</c>.</param>
    /// <param name="digits">How many significant digits of the scores are kept.</param>
    internal static IEnumerable<GenericChart> Points(Matrix<double> X, int[] y, int markerSize = 8, Matrix<double>? scores = null, int digits = 6)
    {
        var (xDigits, yDigits) = (Rounding.Digits(5, X.Column(0)), Rounding.Digits(5, X.Column(1)));
        foreach (var k in y.Distinct().Order())
        {
            var rows = Enumerable.Range(0, y.Length).Where(i => y[i] == k).ToArray();
            var points = Chart.Point<IConvertible, IConvertible, string>(
                x: rows.Select(i => Rounding.Significant(X[i, 0], xDigits)),
                y: rows.Select(i => Rounding.Significant(X[i, 1], yDigits)),
                Name: ClassStyle.Name(k), UseDefaults: false)
                .WithTrace(
                    ("marker", new { color = ClassStyle.Colour(k), symbol = ClassStyle.Marker(k), size = markerSize, line = new { color = "rgba(255, 255, 255, 0.8)", width = markerSize * 0.09375 } }),
                    ("legendgroup", ClassStyle.Name(k)),
                    ("hovertemplate", $"{ChartParts.HoverPlace}<extra>{ClassStyle.Name(k)}</extra>"));
            yield return scores is null ? points : points.WithTrace(
                ("meta", "scores"),
                ("customdata", rows.Select(i => (IConvertible[])[i, k, .. Rounding.Significant(scores.Row(i), digits)]).ToArray()));
        }
    }

    internal static string[] ClassNames(int[] y) => [.. y.Distinct().Order().Select(ClassStyle.Name)];

    /// <summary>From the smallest to the largest value, with some room around them.</summary>
    private static double[] RangeOf(Vector<double> values)
    {
        var (low, high) = (values.Minimum(), values.Maximum());
        var room = high > low ? 0.07 * (high - low) : 1;
        return ChartParts.Range([low - room, high + room]);
    }
}
