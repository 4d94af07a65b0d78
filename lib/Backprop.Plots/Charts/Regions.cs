using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots;

/// <summary>What a model predicts on a mesh, as grids (rows along y, columns along x) that contour charts draw.</summary>
internal sealed class Regions
{
    private readonly Matrix<double> scores;
    private readonly int[] predicted;
    private readonly int rows;
    private readonly int columns;

    /// <summary>The regions of scores on the mesh, which are finite.</summary>
    public Regions(Mesh mesh, Matrix<double> scores)
    {
        this.scores = scores;
        predicted = Softmax.ArgMax(scores);
        rows = mesh.YAxis.Length;
        columns = mesh.XAxis.Length;
        XAxis = Rounding.Significant(mesh.XAxis, 6);
        YAxis = Rounding.Significant(mesh.YAxis, 6);
    }

    public IConvertible[] XAxis { get; }

    public IConvertible[] YAxis { get; }

    public int Rows => rows;

    public int Columns => columns;

    public int NumClasses => scores.ColumnCount;

    /// <summary>Asks the model for its scores on the mesh, and checks the answer.</summary>
    public static Regions Of(Func<Matrix<double>, Matrix<double>> model, Mesh mesh)
    {
        var scores = ScoresOn(mesh, model);
        var bad = scores.Enumerate().Count(score => !double.IsFinite(score));
        if (bad > 0)
        {
            throw new ArgumentException(
                $"{bad} of the {scores.RowCount} × {scores.ColumnCount} scores on the mesh are not finite numbers, so they predict nothing. "
                + "Has training diverged? A smaller stepSize helps.", nameof(scores));
        }

        return new Regions(mesh, scores);
    }

    /// <summary>The model's scores of the mesh points, one row each and one column a class, finite or not.</summary>
    public static Matrix<double> ScoresOn(Mesh mesh, Func<Matrix<double>, Matrix<double>> model)
    {
        var scores = model(mesh.Points)
            ?? throw new ArgumentException("The scores of the mesh points are null: the function must return one row of scores a point.", nameof(model));
        if (scores.RowCount != mesh.Points.RowCount || scores.ColumnCount < 2)
        {
            throw new ArgumentException(
                $"The function was given mesh points ({mesh.Points.RowCount} × 2) and returned scores ({scores.RowCount} × {scores.ColumnCount}): "
                + $"({mesh.Points.RowCount} × number of classes) is needed, one row a point and at least two classes.", nameof(model));
        }

        return scores;
    }

    /// <summary>The predicted class of every mesh point.</summary>
    public int[][] Predicted() => [.. predicted.Chunk(columns)];

    /// <summary>
    /// A grid that is above zero where a class is predicted, and crosses zero where the prediction changes: the margin
    /// score − largest other score, which for two neighbouring classes is the same up to its sign, so that their borders meet.
    /// </summary>
    /// <remarks>Only next to a border does the size of the margin matter; elsewhere 1 and −1 say the same in less space.</remarks>
    public IConvertible[][] Margins(int k) => Map((i, j) =>
    {
        var margin = MarginAtBorder(k, i, j);
        return double.IsFinite(margin) ? Rounding.Significant(margin, 3) : Math.Sign(margin);
    });

    /// <summary>The margin of a class at a mesh point next to its border, never 0; elsewhere ∞ inside the region and −∞ outside.</summary>
    public double MarginAtBorder(int k, int i, int j)
    {
        var inside = IsIn(k, i, j);
        return HasNeighbourAcross(k, i, j) ? Margin(k, i, j, inside)
            : inside ? double.PositiveInfinity
            : double.NegativeInfinity;
    }

    /// <summary>The probability of a class at every mesh point, to three decimals.</summary>
    public IConvertible[][] Probabilities(Matrix<double> probabilities, int k) =>
        Map((i, j) => Rounding.Decimals(probabilities[i * columns + j, k], 3));

    /// <summary>The softmax of the scores: (mesh points × classes).</summary>
    public Matrix<double> Probabilities() => Softmax.Probabilities(scores);

    private bool IsIn(int k, int i, int j) => predicted[i * columns + j] == k;

    private bool HasNeighbourAcross(int k, int i, int j)
    {
        var inside = IsIn(k, i, j);
        for (var row = Math.Max(i - 1, 0); row <= Math.Min(i + 1, rows - 1); row++)
        {
            for (var column = Math.Max(j - 1, 0); column <= Math.Min(j + 1, columns - 1); column++)
            {
                if (IsIn(k, row, column) != inside)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private double Margin(int k, int i, int j, bool inside)
    {
        var point = i * columns + j;
        var others = double.NegativeInfinity;
        for (var other = 0; other < NumClasses; other++)
        {
            others = other == k ? others : Math.Max(others, scores[point, other]);
        }

        // Equal scores are a tie that argmax decides; on the wrong side of zero they would paint a point twice or never.
        const double tie = 1e-12;
        var margin = scores[point, k] - others;
        return inside ? Math.Max(margin, tie) : Math.Min(margin, -tie);
    }

    private IConvertible[][] Map(Func<int, int, IConvertible> value) =>
        [.. Enumerable.Range(0, rows).Select(i => Enumerable.Range(0, columns).Select(j => value(i, j)).ToArray())];
}
