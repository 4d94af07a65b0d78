using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>A grid of test points that covers the plane around the data, to colour it by what a model predicts.</summary>
public sealed class Mesh
{
    private const long LargestMesh = 4_000_000;

    /// <summary>Makes the mesh of two axes.</summary>
    /// <param name="xAxis">Values along x, at least one.</param>
    /// <param name="yAxis">Values along y, at least one.</param>
    /// <exception cref="ArgumentNullException">An axis is null.</exception>
    /// <exception cref="ArgumentException">An axis is empty, or there are more points than a matrix holds.</exception>
    public Mesh(double[] xAxis, double[] yAxis)
    {
        Grid.ThrowIfEmpty(xAxis, nameof(xAxis));
        Grid.ThrowIfEmpty(yAxis, nameof(yAxis));

        if ((long)xAxis.Length * yAxis.Length > Array.MaxLength / 2)
        {
            throw new ArgumentException($"A mesh of {xAxis.Length:N0} × {yAxis.Length:N0} points is more than a matrix holds.");
        }

        XAxis = xAxis;
        YAxis = yAxis;
        Points = Matrix<double>.Build.Dense(
            xAxis.Length * yAxis.Length, 2, (i, j) => j == 0 ? xAxis[i % xAxis.Length] : yAxis[i / xAxis.Length]);
    }

    /// <summary>Values along x.</summary>
    public double[] XAxis { get; }

    /// <summary>Values along y.</summary>
    public double[] YAxis { get; }

    /// <summary>
    /// Every crossing as a test point, row by row of the picture (y outer, x inner): (XAxis.Length · YAxis.Length × 2),
    /// NumPy's <c>c_[xx.ravel(), yy.ravel()]</c>.
    /// </summary>
    public Matrix<double> Points { get; }

    /// <summary>The mesh over the data and a margin around it.</summary>
    /// <param name="X">The data, one point a row: (m × 2).</param>
    /// <param name="meshStep">Distance between neighbouring mesh points, above 0.</param>
    /// <param name="margin">How far the mesh goes beyond the data on every side, 0 or more.</param>
    /// <exception cref="ArgumentNullException"><paramref name="X"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="X"/> does not have two columns, or has no rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The step is not above 0 or the margin is below it, the margin is 0 and all points lie on one line, or the step is so small that the mesh would have more than four million points.</exception>
    public static Mesh Around(Matrix<double> X, double meshStep = 0.05, double margin = 1)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(meshStep);
        ArgumentOutOfRangeException.ThrowIfEqual(meshStep, double.PositiveInfinity);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        if (X.ColumnCount != 2)
        {
            throw new ArgumentException($"A mesh covers the plane: X needs 2 columns, but is {Shape.Of(X)}.", nameof(X));
        }

        Shape.ThrowIfEmpty(X, nameof(X));
        var (x, y) = (X.Column(0), X.Column(1));
        if (margin == 0 && (x.Maximum() == x.Minimum() || y.Maximum() == y.Minimum()))
        {
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "All points have the same x or the same y, so that without a margin there is nothing to cover: take a margin above 0.");
        }

        var points = (x.Maximum() - x.Minimum() + 2 * margin) * (y.Maximum() - y.Minimum() + 2 * margin) / (meshStep * meshStep);
        if (!(points <= LargestMesh))
        {
            throw new ArgumentOutOfRangeException(nameof(meshStep), meshStep, $"A mesh this fine has about {points:N0} points; take a larger step (at most {LargestMesh:N0} points), and finite data.");
        }

        return new Mesh(
            Grid.Arange(x.Minimum() - margin, x.Maximum() + margin, meshStep),
            Grid.Arange(y.Minimum() - margin, y.Maximum() + margin, meshStep));
    }
}
