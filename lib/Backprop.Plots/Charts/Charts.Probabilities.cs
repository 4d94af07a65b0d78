using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    /// <summary>
    /// Shows how sure a model is: <see cref="PlotModel"/>, and for every class the lines on which its probability
    /// (the softmax of the scores) is 0.5, 0.7 and 0.9, in the colour of the class.
    /// </summary>
    /// <inheritdoc cref="PlotModel"/>
    public static GenericChart PlotProbabilities(
        Func<Matrix<double>, Matrix<double>> scores, Matrix<double> X, int[] y, double meshStep = 0.05, string title = "Class probabilities")
    {
        var regions = Ask(scores, X, y, meshStep);
        return Finish([.. FilledRegions(regions), .. ProbabilityLines(regions), .. Points(X, y, scores: ScoresOf(X, scores))], RegionLayout(regions, title));
    }

    private static IEnumerable<GenericChart> ProbabilityLines(Regions regions)
    {
        (double Level, string Dash)[] levels = [(0.5, "dot"), (0.7, "dash"), (0.9, "solid")];
        foreach (var (level, dash) in levels)
        {
            for (var k = 0; k < regions.NumClasses; k++)
            {
                // All are of one legend entry, that of the first class.
                yield return Lines(regions.WhereProbabilityIs(level, k)).WithTrace(
                    ("name", $"probability {level}"),
                    ("legendgroup", $"probability {level}"),
                    ("showlegend", k == 0),
                    ("line", new { color = ClassStyle.Colour(k), width = 2, dash, simplify = false }));
            }
        }
    }
}
