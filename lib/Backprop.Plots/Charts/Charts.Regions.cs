using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    private const int LargestMesh = 250_000;

    /// <summary>Shows which class a model predicts where: the plane around the data in the colours of the predictions, the data on top.</summary>
    /// <param name="scores">The model: from points (N × 2) to scores (N × number of classes). The class with the largest score is predicted, the first of equal ones.</param>
    /// <param name="X">The data, one point a row: (m × 2).</param>
    /// <param name="y">The class of each point, numbers from 0: length m.</param>
    /// <param name="meshStep">Distance between the points at which the model is asked, in units of <paramref name="X"/>, above 0.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart whose axes have the same scale, unless the points reach more than three times as far along one as along the other.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="X"/> and <paramref name="y"/> are not labelled points, or the scores are not (N × number of classes) or not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="meshStep"/> is not above 0, or so small that the mesh has more than 250,000 points.</exception>
    public static GenericChart PlotModel(
        Func<Matrix<double>, Matrix<double>> scores, Matrix<double> X, int[] y, double meshStep = 0.05, string title = "Decision regions")
    {
        ArgumentNullException.ThrowIfNull(title);
        var regions = Ask(scores, X, y, meshStep);
        return Finish([.. FilledRegions(regions), .. Points(X, y, scores: ScoresOf(X, scores))], RegionLayout(regions, title, ClassNames(y)));
    }

    /// <summary>Shows several models of the same data side by side, each as <see cref="PlotModel"/> does, but smaller.</summary>
    /// <param name="models">The models with what to write above each, in reading order; from points (N × 2) to scores (N × number of classes).</param>
    /// <param name="X">The data, one point a row: (m × 2).</param>
    /// <param name="y">The class of each point, numbers from 0: length m.</param>
    /// <param name="meshStep">Distance between the points at which the models are asked, in units of <paramref name="X"/>, above 0.</param>
    /// <param name="columns">How many stand side by side, at least 1.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>
    /// A chart whose panels all have the same scale. A model whose scores are not all finite numbers, as after training
    /// that diverged, has no regions: its panel shows the points, and says so.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no model, or the points or the scores are not as for <see cref="PlotModel"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The meshes have more than 250,000 points together, or a number is not above 0.</exception>
    public static GenericChart PlotModels(
        IReadOnlyList<(string Title, Func<Matrix<double>, Matrix<double>> Scores)> models,
        Matrix<double> X, int[] y, double meshStep = 0.06, int columns = 3, string title = "Decision regions")
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (models.Count == 0)
        {
            throw new ArgumentException("There is no model to show: the list is empty.", nameof(models));
        }

        ThrowIfNotLabelledPoints(X, y);
        var mesh = MeshAround(X, meshStep, models.Count, margin: 0.4);
        var grid = new PanelGrid(models.Count, columns);
        var traces = new List<GenericChart>();
        for (var panel = 0; panel < models.Count; panel++)
        {
            ArgumentNullException.ThrowIfNull(models[panel].Scores, nameof(models));
            ArgumentNullException.ThrowIfNull(models[panel].Title, nameof(models));
            var model = models[panel].Scores;
            var scores = Regions.ScoresOf(mesh.Points, model);
            var isFinite = scores.ForAll(double.IsFinite);
            ThrowIfNotOfClasses(y, scores.ColumnCount);
            var regions = isFinite ? FilledRegions(new Regions(model, mesh, scores)) : [];
            traces.AddRange(grid.InPanel(panel, [.. regions, .. Points(X, y, markerSize: 4, isFinite ? ScoresOf(X, model) : null, digits: 4)]));
            grid.Title(panel, isFinite ? models[panel].Title : models[panel].Title + "<br>scores not finite");
        }

        return Finish(traces, grid.Layout(title, mesh, ClassNames(y)));
    }

    private static Regions Ask(Func<Matrix<double>, Matrix<double>> scores, Matrix<double> X, int[] y, double meshStep)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ThrowIfNotLabelledPoints(X, y);
        var regions = Regions.Of(scores, MeshAround(X, meshStep));
        ThrowIfNotOfClasses(y, regions.NumClasses);
        return regions;
    }

    /// <summary>The scores of the data, for a reader who looks at one point; null where they are not finite, as they may be far from all else on the mesh.</summary>
    private static Matrix<double>? ScoresOf(Matrix<double> X, Func<Matrix<double>, Matrix<double>> model)
    {
        var scores = model(X);
        return scores is not null && scores.RowCount == X.RowCount && scores.ForAll(double.IsFinite) ? scores : null;
    }

    private static Mesh MeshAround(Matrix<double> X, double meshStep, int panels = 1, double margin = 1)
    {
        var mesh = Mesh.Around(X, meshStep, MarginOf(meshStep, margin));
        if ((long)mesh.Points.RowCount * panels > LargestMesh)
        {
            var meshes = panels == 1 ? "The mesh would have" : $"Each of {panels} meshes would have";
            throw new ArgumentOutOfRangeException(
                nameof(meshStep), meshStep, $"{meshes} {mesh.YAxis.Length} × {mesh.XAxis.Length} points, more than a chart can hold ({LargestMesh}): take a larger step.");
        }

        return mesh;
    }

    /// <summary>Of steps as wide as the margin the last would end short of the data.</summary>
    internal static double MarginOf(double meshStep, double margin = 1) => Math.Max(margin, 1.5 * meshStep);

    internal static void ThrowIfNotOfClasses(int[] y, int numClasses)
    {
        var largest = y.Max();
        if (largest >= numClasses)
        {
            throw new ArgumentException($"y has a label {largest}, but the scores are of {numClasses} classes (0 to {numClasses - 1}).", nameof(y));
        }
    }

    private static IEnumerable<GenericChart> FilledRegions(Regions regions) =>
    [
        .. Enumerable.Range(0, regions.NumClasses).Select(k => FilledRegion(k, regions.Partition.Outlines(k), regions.Mesh)),
        Predictions(regions.Partition.Classes(), regions.Mesh),
    ];

    /// <summary>The region of one class, its outlines filled.</summary>
    internal static GenericChart FilledRegion(int k, IReadOnlyList<(double X, double Y)[]> outlines, Mesh mesh) =>
        Lines(outlines.Select(outline => outline.Append(outline[0])), mesh).WithTrace(
            ("name", ClassStyle.Name(k)),
            ("fill", "toself"),
            ("fillcolor", ClassStyle.Tint(k)),
            ("line", new { color = ClassStyle.Border, width = 1, simplify = false }));

    /// <summary>Lines of any number of points in the plane of a mesh, with gaps between them, that the mouse does not see.</summary>
    private static GenericChart Lines(IEnumerable<IEnumerable<(double X, double Y)>> lines, Mesh mesh)
    {
        var (xDigits, yDigits) = (Rounding.Digits(4, mesh.XAxis), Rounding.Digits(4, mesh.YAxis));
        var points = lines.SelectMany(line => line.Select(point => ((double X, double Y)?)point).Append(null)).SkipLast(1).ToArray();
        return Chart.Line<int, int, string>(x: [], y: [], ShowLegend: false, UseDefaults: false).WithTrace(
            ("x", points.Select(point => point is { } at ? (object)Rounding.Significant(at.X, xDigits) : null).ToArray()),
            ("y", points.Select(point => point is { } at ? (object)Rounding.Significant(at.Y, yDigits) : null).ToArray()),
            ("hoverinfo", "skip"));
    }

    /// <summary>Seen by the mouse only: it says what is predicted wherever there is no point.</summary>
    internal static GenericChart Predictions(int[][] predicted, Mesh mesh) =>
        Chart.Heatmap<int, IConvertible, IConvertible, string>(
            predicted,
            X: Rounding.Apart(mesh.XAxis, 4), Y: Rounding.Apart(mesh.YAxis, 4),
            ShowScale: false, Opacity: 0.0, UseDefaults: false)
            .WithTrace(("hovertemplate", ChartParts.HoverPlace + "<extra>predicts class %{z}</extra>"));

    private static Layout RegionLayout(Regions regions, string title, params IEnumerable<string> legend) =>
        ChartParts.PlaneLayout(title, ChartParts.Range(regions.Mesh.XAxis), ChartParts.Range(regions.Mesh.YAxis), [.. legend]);
}
