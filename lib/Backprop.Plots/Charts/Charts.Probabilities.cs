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
        return Finish([.. FilledRegions(regions), .. ProbabilityLines(regions), .. Points(X, y)], RegionLayout(regions, title));
    }

    private static IEnumerable<GenericChart> ProbabilityLines(Regions regions)
    {
        var probabilities = regions.Probabilities();
        for (var k = 0; k < regions.NumClasses; k++)
        {
            yield return Chart.Contour<IConvertible, IConvertible, IConvertible, string>(
                regions.Probabilities(probabilities, k), X: regions.XAxis, Y: regions.YAxis, Name: $"P({ClassStyle.Name(k)})", ShowLegend: false, ShowScale: false, UseDefaults: false)
                .WithTrace(
                    ("autocontour", false),
                    ("contours", new { start = 0.5, end = 0.9, size = 0.2, coloring = "none", showlabels = true, labelformat = ".1f" }),
                    ("line", new { color = ClassStyle.Colour(k), width = 2 }),
                    ("legendgroup", ClassStyle.Name(k)),
                    ("hoverinfo", "skip"));
        }
    }
}
