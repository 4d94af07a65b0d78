using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots;

/// <summary>What a model predicts in the rectangle of a mesh.</summary>
internal sealed class Regions
{
    private readonly Func<Matrix<double>, Matrix<double>> _model;
    private readonly Matrix<double> _scores;

    /// <param name="model">From points (N × 2) to scores (N × number of classes).</param>
    /// <param name="mesh">The mesh.</param>
    /// <param name="scores">The model's scores of the mesh points, which are finite.</param>
    public Regions(Func<Matrix<double>, Matrix<double>> model, Mesh mesh, Matrix<double> scores)
    {
        (_model, Mesh, _scores) = (model, mesh, scores);
        Partition = new Partition(model, mesh, scores);
    }

    public Mesh Mesh { get; }

    /// <summary>The regions of the classes.</summary>
    public Partition Partition { get; }

    public int NumClasses => _scores.ColumnCount;

    /// <summary>Asks the model for its scores on the mesh, and checks the answer.</summary>
    public static Regions Of(Func<Matrix<double>, Matrix<double>> model, Mesh mesh)
    {
        var scores = ScoresOf(mesh.Points, model);
        var bad = scores.Enumerate().Count(score => !double.IsFinite(score));
        if (bad > 0)
        {
            throw new ArgumentException(
                $"{bad} of the {scores.RowCount} × {scores.ColumnCount} scores on the mesh are not finite numbers, so they predict nothing. "
                + "Has training diverged? A smaller stepSize helps.", nameof(scores));
        }

        return new Regions(model, mesh, scores);
    }

    /// <summary>The model's scores of points, one row each and one column a class, finite or not.</summary>
    public static Matrix<double> ScoresOf(Matrix<double> points, Func<Matrix<double>, Matrix<double>> scores)
    {
        var answer = scores(points)
            ?? throw new ArgumentException("The scores of the mesh points are null: the function must return one row of scores a point.", nameof(scores));
        if (answer.RowCount != points.RowCount || answer.ColumnCount < 2)
        {
            throw new ArgumentException(
                $"The function was given mesh points ({points.RowCount} × 2) and returned scores ({answer.RowCount} × {answer.ColumnCount}): "
                + $"({points.RowCount} × number of classes) is needed, one row a point and at least two classes.", nameof(scores));
        }

        return answer;
    }

    /// <summary>The lines on which the probability of a class, the softmax of the scores, is a number.</summary>
    public IReadOnlyList<(double X, double Y)[]> WhereProbabilityIs(double level, int k)
    {
        return new Partition(points => AboveAndBelow(_model(points)), Mesh, AboveAndBelow(_scores)).Borders;

        Matrix<double> AboveAndBelow(Matrix<double> scores)
        {
            var probabilities = Softmax.Probabilities(scores);
            return Matrix<double>.Build.Dense(probabilities.RowCount, 2, (i, below) => below == 0 ? probabilities[i, k] - level : level - probabilities[i, k]);
        }
    }
}
