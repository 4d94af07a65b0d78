using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Tests;

/// <summary>Matrices to try things on, the same in every run, and comparisons of them.</summary>
internal static class RandomMatrices
{
    public static Matrix<double> Normal(int rows, int columns, int seed = 1) => new NumpyRandom((uint)seed).Randn(rows, columns);

    /// <summary>Normal numbers moved half a unit away from 0, where functions have kinks and poles.</summary>
    public static Matrix<double> AwayFromZero(int rows, int columns, int seed = 1) =>
        Normal(rows, columns, seed).Map(x => x + Math.CopySign(0.5, x));

    public static int[] Labels(int rows, int classes, int seed = 1) =>
        [.. Enumerable.Range(0, rows).Select(i => (i * 7 + seed) % classes)];

    /// <summary>(f(A + ε) − f(A − ε)) / 2ε for every element of A.</summary>
    public static Matrix<double> CentralDifferences(Func<Matrix<double>, double> f, Matrix<double> A, double epsilon = 1e-5) =>
        A.MapIndexed((i, j, a) => (f(With(A, i, j, a + epsilon)) - f(With(A, i, j, a - epsilon))) / (2 * epsilon), Zeros.Include);

    /// <summary>Every element within the tolerance, relative where the expected one is above 1.</summary>
    public static void AssertClose(Matrix<double> expected, Matrix<double> actual, double tolerance)
    {
        Assert.Equal((expected.RowCount, expected.ColumnCount), (actual.RowCount, actual.ColumnCount));
        foreach (var (i, j, value) in expected.EnumerateIndexed(Zeros.Include))
        {
            var distance = Math.Abs(value - actual[i, j]);
            Assert.True(
                distance <= tolerance * Math.Max(1, Math.Abs(value)),
                $"At [{i}, {j}] of ({expected.RowCount} × {expected.ColumnCount}): expected {value:R}, but it is {actual[i, j]:R}.");
        }
    }

    /// <summary>Every element equal to the last bit.</summary>
    public static void AssertSameBits(Matrix<double> expected, Matrix<double> actual) => Assert.Equal(
        expected.ToColumnMajorArray().Select(BitConverter.DoubleToInt64Bits),
        actual.ToColumnMajorArray().Select(BitConverter.DoubleToInt64Bits));

    private static Matrix<double> With(Matrix<double> A, int row, int column, double value)
    {
        var changed = A.Clone();
        changed[row, column] = value;
        return changed;
    }
}
