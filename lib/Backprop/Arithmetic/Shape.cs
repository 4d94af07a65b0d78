using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>How the sizes of matrices are said in messages, and checked.</summary>
internal static class Shape
{
    public static string Of(Matrix<double> matrix) => $"({matrix.RowCount} × {matrix.ColumnCount})";

    public static void ThrowIfNot(Matrix<double> matrix, int rows, int columns, string name)
    {
        if (matrix.RowCount != rows || matrix.ColumnCount != columns)
        {
            throw new ArgumentException($"{name} is {Of(matrix)}, but ({rows} × {columns}) is needed here.", name);
        }
    }

    /// <summary>Checks that there is something to take a maximum or an average of.</summary>
    public static void ThrowIfEmpty(Matrix<double> matrix, string name)
    {
        if (matrix.RowCount == 0 || matrix.ColumnCount == 0)
        {
            throw new ArgumentException($"{name} is {Of(matrix)}, but at least one row and one column are needed here.", name);
        }
    }

    /// <summary>Checks that every element can be written.</summary>
    public static void ThrowIfNotDense(Matrix<double> matrix, string name)
    {
        if (matrix.AsColumnMajorArray() is null)
        {
            throw new ArgumentException($"{name} is not a dense matrix, so it cannot be changed element by element. Make it one: Matrix<double>.Build.DenseOfMatrix({name})", name);
        }
    }

    /// <summary>Checks one label a row, each naming a column.</summary>
    public static void ThrowIfNotLabels(Matrix<double> scores, int[] y, string name) =>
        ThrowIfNotLabels(scores.RowCount, scores.ColumnCount, y, name);

    /// <summary>Checks one label a row, each naming a class.</summary>
    public static void ThrowIfNotLabels(int rows, int classes, int[] y, string name)
    {
        ArgumentNullException.ThrowIfNull(y, name);
        if (y.Length != rows)
        {
            throw new ArgumentException($"There are {y.Length} labels for a matrix ({rows} × {classes}): one label a row is needed.", name);
        }

        for (var i = 0; i < y.Length; i++)
        {
            if ((uint)y[i] >= (uint)classes)
            {
                throw new ArgumentException($"Label {y[i]} of row {i} names no column of a matrix ({rows} × {classes}): labels go from 0 to {classes - 1}.", name);
            }
        }
    }
}
