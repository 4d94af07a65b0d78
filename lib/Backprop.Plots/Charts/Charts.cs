using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

/// <summary>The pictures of a model that learns: its data, its decision regions, its loss, its weights.</summary>
/// <remarks>
/// Meant for <c>using static Backprop.Plots.Charts;</c>, so that a cell reads <c>PlotModel(scores, X, y)</c>.
/// The result is an ordinary chart of Plotly.NET, which its own functions change further.
/// </remarks>
public static class Charts
{
    private const int MostLossPoints = 5_000;
    private const int MostPointsOfMany = 500;
    private const int LargestMesh = 250_000;
    private const string DarkText = "rgb(32, 32, 32)";

    /// <summary>Shows labelled points of the plane, each class in its own colour and shape.</summary>
    /// <param name="X">The points, one a row: (m × 2).</param>
    /// <param name="y">The class of each point, numbers from 0: length m.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart whose axes have the same scale.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="X"/> or <paramref name="y"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="X"/> does not have two columns or has no row, there is not one label a row, or a label is below 0.</exception>
    public static GenericChart PlotPoints(Matrix<double> X, int[] y, string title = "Labelled points")
    {
        ThrowIfNotLabelledPoints(X, y);
        return Finish(Points(X, y), ChartParts.PlaneLayout(title, ChartParts.Axis("X[i, 0]"), ChartParts.Axis("X[i, 1]")));
    }

    /// <summary>Shows which class a model predicts where: the plane around the data in the colours of the predictions, the data on top.</summary>
    /// <param name="scores">The model: from points (N × 2) to scores (N × number of classes). The class with the largest score is predicted, the first of equal ones.</param>
    /// <param name="X">The data, one point a row: (m × 2).</param>
    /// <param name="y">The class of each point, numbers from 0: length m.</param>
    /// <param name="meshStep">Distance between the points at which the model is asked, in units of <paramref name="X"/>, above 0.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart whose axes have the same scale.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="X"/> and <paramref name="y"/> are not labelled points, or the scores are not (N × number of classes) or not finite.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="meshStep"/> is not above 0, or so small that the mesh has more than 250,000 points.</exception>
    public static GenericChart PlotModel(
        Func<Matrix<double>, Matrix<double>> scores, Matrix<double> X, int[] y, double meshStep = 0.05, string title = "Decision regions")
    {
        var regions = Ask(scores, X, y, meshStep);
        return Finish([.. FilledRegions(regions), .. Points(X, y)], RegionLayout(regions, title));
    }

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
            var scores = models[panel].Scores(mesh.Points);
            var isFinite = scores is null || scores.Enumerate().All(double.IsFinite);
            var regions = isFinite ? FilledRegions(Ask(_ => scores!, mesh, y)) : [];
            traces.AddRange(grid.InPanel(panel, [.. regions, .. Points(X, y, markerSize: 4)]));
            grid.Title(panel, isFinite ? models[panel].Title : models[panel].Title + "<br>no regions: its scores are not finite");
        }

        return Finish(traces, grid.Layout(title, mesh));
    }

    /// <summary>Shows how the result of training depends on two hyperparameters: a table of numbers, coloured from low to high.</summary>
    /// <param name="values">One row a value of the first, one column a value of the second; NaN stays empty.</param>
    /// <param name="rows">What each row stands for: as many as rows.</param>
    /// <param name="columns">What each column stands for: as many as columns.</param>
    /// <param name="rowName">The first hyperparameter.</param>
    /// <param name="columnName">The second one.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart with the first row on top, as the matrix is written.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are not as many labels as rows or columns.</exception>
    public static GenericChart PlotSweep(
        Matrix<double> values, IEnumerable<string> rows, IEnumerable<string> columns,
        string rowName = "row", string columnName = "column", string title = "Accuracy")
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        var (rowLabels, columnLabels) = (rows.ToArray(), columns.ToArray());
        if (rowLabels.Length != values.RowCount || columnLabels.Length != values.ColumnCount)
        {
            throw new ArgumentException($"The values are ({values.RowCount} × {values.ColumnCount}), but there are {rowLabels.Length} labels for rows and {columnLabels.Length} for columns.");
        }

        var heat = Chart.Heatmap<IConvertible, string, string, string>(
            zData: Enumerable.Range(0, values.RowCount).Select(i => Rounding.Significant(values.Row(i), 4)).ToArray(),
            X: columnLabels, Y: rowLabels, UseDefaults: false)
            .WithTrace(
                ("colorscale", SequentialScale()), ("xgap", 2), ("ygap", 2), ("texttemplate", "%{z:.2f}"), ("textfont", new { color = DarkText }), ("hoverongaps", false),
                ("colorbar", new { thickness = 12, outlinewidth = 0, nticks = 5 }),
                ("hovertemplate", $"{rowName} %{{y}}, {columnName} %{{x}}<br>%{{z:.3f}}<extra></extra>"));
        var layout = ChartParts.Layout(
            title,
            ChartParts.Axis(columnName).With(("type", "category"), ("showgrid", false)),
            ChartParts.Axis(rowName).With(("type", "category"), ("showgrid", false), ("autorange", "reversed")),
            height: Math.Clamp(values.RowCount * 48, 96, 480) + 112);
        return Finish([heat], layout.With(("meta", new { maxWidth = $"{Math.Clamp(values.ColumnCount * 80 + 180, 360, 960)}px" })));
    }

    /// <summary>Shows how the loss falls. Buttons in the chart switch between a linear and a logarithmic axis.</summary>
    /// <param name="losses">The losses in the order of training, at least one. Those that are not finite are gaps.</param>
    /// <param name="every">How many iterations lie between two losses, at least 1.</param>
    /// <param name="logScale">Whether the axis is logarithmic at first.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart of at most 5,000 losses: of more, evenly spaced ones are shown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="losses"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="losses"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public static GenericChart PlotLoss(IReadOnlyList<double> losses, int every = 1, bool logScale = false, string title = "Loss")
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        if (losses.Count == 0)
        {
            throw new ArgumentException("There is no loss to show: the list is empty.", nameof(losses));
        }

        var stride = (losses.Count + MostLossPoints - 1) / MostLossPoints;
        var shown = Enumerable.Range(0, losses.Count).Where(i => i % stride == 0).ToArray();
        var line = Chart.Line<int, IConvertible, string>(
            x: shown.Select(i => i * every),
            y: shown.Select(i => Rounding.Significant(losses[i], 5)),
            Name: "loss", ShowLegend: false, LineWidth: 2.0, ShowMarkers: losses.Count == 1, UseDefaults: false)
            .WithTrace(("hovertemplate", "iteration %{x}<br>loss %{y}<extra></extra>"));
        line.WithTrace(("line", new { color = ClassStyle.Colour(0), width = 2 }));

        var yAxis = ChartParts.Axis("loss").With(("type", logScale ? "log" : "linear"), ("exponentformat", "power"));
        return Finish([line], ChartParts.Layout(title, ChartParts.Axis("iteration"), yAxis).With(("updatemenus", new[] { AxisButtons(logScale) })));
    }

    /// <summary>Shows how the losses of several trainings fall, a line for each, on a logarithmic axis.</summary>
    /// <param name="trainings">What to call each training, and its losses, one an iteration; those that are not finite or not above 0 are gaps.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart with a legend; of each training at most 500 losses, evenly spaced, are shown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="trainings"/> or one of its lists is null.</exception>
    /// <exception cref="ArgumentException">There is no training, or one without losses.</exception>
    public static GenericChart PlotLosses(IReadOnlyList<(string Name, IReadOnlyList<double> Losses)> trainings, string title = "Loss")
    {
        ArgumentNullException.ThrowIfNull(trainings);
        if (trainings.Count == 0 || trainings.Any(training => training.Losses?.Count == 0))
        {
            throw new ArgumentException("There is no loss to show: a list is empty.", nameof(trainings));
        }

        string[] dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
        // All colours but yellow: a thin yellow line is lost on a white page.
        int[] colours = [0, 1, 2, 3, 4, 5, 7];
        var lines = trainings.Select((training, number) =>
        {
            var (name, losses) = training;
            ArgumentNullException.ThrowIfNull(losses, nameof(trainings));
            var stride = (losses.Count + MostPointsOfMany - 1) / MostPointsOfMany;
            var shown = Enumerable.Range(0, losses.Count).Where(i => i % stride == 0).ToArray();
            return Chart.Line<int, IConvertible, string>(
                x: shown, y: shown.Select(i => Rounding.Significant(losses[i], 4)), Name: name, UseDefaults: false)
                .WithTrace(
                    ("line", new { color = ClassStyle.Colour(colours[number % colours.Length]), width = 2, dash = dashes[number % dashes.Length] }),
                    ("hovertemplate", "iteration %{x}<br>loss %{y}"));
        });
        var yAxis = ChartParts.Axis("loss").With(("type", "log"), ("exponentformat", "power"));
        return Finish(lines, ChartParts.Layout(title, ChartParts.Axis("iteration"), yAxis));
    }

    /// <summary>Shows a matrix of weights as a heat map: blue below zero, orange above, white at zero.</summary>
    /// <param name="W">The weights, one row an input and one column a unit. Those that are not finite stay empty.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart with row 0 on top, as the matrix is written.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="W"/> is null.</exception>
    public static GenericChart PlotWeights(Matrix<double> W, string title = "Weights")
    {
        ArgumentNullException.ThrowIfNull(W);
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
        return Finish([heat], layout.With(("meta", new { maxWidth = $"{Math.Min(width, 960)}px" })));
    }

    private static Regions Ask(Func<Matrix<double>, Matrix<double>> scores, Matrix<double> X, int[] y, double meshStep)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ThrowIfNotLabelledPoints(X, y);
        return Ask(scores, MeshAround(X, meshStep), y);
    }

    private static Mesh MeshAround(Matrix<double> X, double meshStep, int panels = 1, double margin = 1)
    {
        var mesh = Mesh.Around(X, meshStep, margin);
        if ((long)mesh.Points.RowCount * panels > LargestMesh)
        {
            var meshes = panels == 1 ? "The mesh would have" : $"Each of {panels} meshes would have";
            throw new ArgumentOutOfRangeException(
                nameof(meshStep), meshStep, $"{meshes} {mesh.YAxis.Length} × {mesh.XAxis.Length} points, more than a chart can hold ({LargestMesh}): take a larger step.");
        }

        return mesh;
    }

    private static Regions Ask(Func<Matrix<double>, Matrix<double>> scores, Mesh mesh, int[] y)
    {
        var regions = Regions.Of(scores, mesh);
        ThrowIfNotOfClasses(y, regions.NumClasses);
        return regions;
    }

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
        .. Enumerable.Range(0, regions.NumClasses).Select(k => FilledRegion(k, regions.Margins(k), regions.XAxis, regions.YAxis)),
        Predictions(regions.Predicted(), regions.XAxis, regions.YAxis),
    ];

    /// <summary>
    /// The filled contour of one class. A single contour of the class number for all of them would not do: between
    /// class 0 and class 2 it would draw a band of class 1.
    /// </summary>
    internal static GenericChart FilledRegion(int k, IConvertible[][] margins, IConvertible[] xAxis, IConvertible[] yAxis) =>
        Chart.Contour<IConvertible, IConvertible, IConvertible, string>(
            margins, X: xAxis, Y: yAxis, Name: ClassStyle.Name(k), ShowLegend: false, ShowScale: false, UseDefaults: false)
            .WithTrace(
                ("autocontour", false),
                ("contours", new { start = 0, end = 0, size = 1, coloring = "fill" }),
                ("colorscale", new object[] { new object[] { 0, "rgba(0, 0, 0, 0)" }, new object[] { 1, ClassStyle.Tint(k) } }),
                ("line", new { color = "rgba(128, 128, 128, 0.6)", width = 1, smoothing = 0 }),
                ("hoverinfo", "skip"));

    /// <summary>Seen by the mouse only: it says what is predicted wherever there is no point.</summary>
    internal static GenericChart Predictions(int[][] predicted, IConvertible[] xAxis, IConvertible[] yAxis) =>
        Chart.Heatmap<int, IConvertible, IConvertible, string>(
            predicted, X: xAxis, Y: yAxis, ShowScale: false, Opacity: 0.0, UseDefaults: false)
            .WithTrace(("hovertemplate", "x %{x:.3~f}<br>y %{y:.3~f}<extra>predicts class %{z}</extra>"));

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

    internal static IEnumerable<GenericChart> Points(Matrix<double> X, int[] y, int markerSize = 8)
    {
        foreach (var k in y.Distinct().Order())
        {
            var rows = Enumerable.Range(0, y.Length).Where(i => y[i] == k).ToArray();
            yield return Chart.Point<IConvertible, IConvertible, string>(
                x: rows.Select(i => Rounding.Significant(X[i, 0], 5)),
                y: rows.Select(i => Rounding.Significant(X[i, 1], 5)),
                Name: ClassStyle.Name(k), UseDefaults: false)
                .WithTrace(
                    ("marker", new { color = ClassStyle.Colour(k), symbol = ClassStyle.Marker(k), size = markerSize, line = new { color = "rgba(255, 255, 255, 0.8)", width = markerSize * 0.09375 } }),
                    ("legendgroup", ClassStyle.Name(k)),
                    ("hovertemplate", $"x %{{x:.3~f}}<br>y %{{y:.3~f}}<extra>{ClassStyle.Name(k)}</extra>"));
        }
    }

    private static Layout RegionLayout(Regions regions, string title) => ChartParts.PlaneLayout(
        title,
        ChartParts.Axis("X[i, 0]").With(("range", new[] { regions.XAxis[0], regions.XAxis[^1] })),
        ChartParts.Axis("X[i, 1]").With(("range", new[] { regions.YAxis[0], regions.YAxis[^1] })));

    private static object AxisButtons(bool logScale) => new
    {
        type = "buttons",
        direction = "right",
        active = logScale ? 1 : 0,
        x = 1,
        xanchor = "right",
        y = 1,
        yanchor = "top",
        pad = new { r = 8, t = 8 },
        // plotly.js paints the pressed button almost white on every theme, so the text must be dark on every theme.
        bgcolor = "rgb(214, 220, 228)",
        font = new { color = DarkText, size = 12 },
        borderwidth = 0,
        buttons = new[] { AxisButton("linear"), AxisButton("log") },
    };

    private static object AxisButton(string type) => new
    {
        label = type,
        method = "relayout",
        args = new[] { new Dictionary<string, string> { ["yaxis.type"] = type } },
    };

    private static object[] DivergingScale() =>
    [
        new object[] { 0, "rgb(0, 90, 160)" },
        new object[] { 0.25, "rgb(120, 175, 220)" },
        new object[] { 0.5, "rgb(247, 247, 247)" },
        new object[] { 0.75, "rgb(240, 165, 105)" },
        new object[] { 1, "rgb(190, 75, 0)" },
    ];

    /// <summary>Light throughout, so that a dark number can be read on all of it, on a page of any theme.</summary>
    private static object[] SequentialScale() =>
    [
        new object[] { 0, "rgb(247, 251, 255)" },
        new object[] { 0.5, "rgb(165, 208, 240)" },
        new object[] { 1, "rgb(80, 160, 220)" },
    ];

    /// <summary>Whole numbers on the axis of a small matrix, where plotly.js would put halves between them.</summary>
    private static (string, object)[] Ticks(int count) => count <= 10 ? [("tick0", 0), ("dtick", 1)] : [("tick0", 0)];

    private static IConvertible Negative(IConvertible value) => -value.ToDouble(null);

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

        if (y.Length != X.RowCount)
        {
            throw new ArgumentException($"X is ({X.RowCount} × 2), but y has {y.Length} labels: one a row is needed.", nameof(y));
        }

        var negative = Array.FindIndex(y, label => label < 0);
        if (negative >= 0)
        {
            throw new ArgumentException($"Label {y[negative]} of row {negative} is no class: classes are numbered from 0.", nameof(y));
        }
    }
}
