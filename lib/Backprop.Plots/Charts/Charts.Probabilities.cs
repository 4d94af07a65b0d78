using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    private static readonly (double Level, string Dash)[] s_probabilities = [(0.5, "dot"), (0.7, "dash"), (0.9, "solid")];

    /// <summary>
    /// Shows how sure a model is: <see cref="PlotModel"/>, and for every class the lines on which its probability
    /// (the softmax of the scores) is 0.5, 0.7 and 0.9, in the colour of the class.
    /// </summary>
    /// <inheritdoc cref="PlotModel"/>
    public static GenericChart PlotProbabilities(
        Func<Matrix<double>, Matrix<double>> scores, Matrix<double> X, int[] y, double meshStep = 0.05, string title = "Class probabilities")
    {
        ArgumentNullException.ThrowIfNull(title);
        var regions = Ask(scores, X, y, meshStep);
        return Finish([.. FilledRegions(regions), .. ProbabilityLines(regions), .. Points(X, y, scores: ScoresOf(X, scores))], RegionLayout(regions, title, [.. ClassNames(y), .. s_probabilities.Select(line => Name(line.Level))]));
    }

    private static IEnumerable<GenericChart> ProbabilityLines(Regions regions)
    {
        foreach (var (level, dash) in s_probabilities)
        {
            var isInLegend = false;
            for (var k = 0; k < regions.NumClasses; k++)
            {
                var lines = regions.WhereProbabilityIs(level, k);
                // All are of one legend entry, that of the first class that has a line: plotly.js shows none of an empty one.
                var isFirst = !isInLegend && lines.Count > 0;
                isInLegend |= isFirst;
                yield return Lines(lines, regions.Mesh).WithTrace(
                    ("name", Name(level)),
                    ("legendgroup", Name(level)),
                    ("showlegend", isFirst),
                    ("line", new { color = ClassStyle.LineColour(k), width = 2, dash, simplify = false }));
            }
        }
    }

    private static string Name(double probability) => string.Create(CultureInfo.InvariantCulture, $"P = {probability}");
}
