using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>The numbers of a matrix as one span, column after column, as MathNet's dense matrices store them.</summary>
internal static class Dense
{
    /// <summary>The numbers to read; of a matrix that is not dense, a copy.</summary>
    public static ReadOnlySpan<double> Read(Matrix<double> matrix) => matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray();

    /// <summary>The numbers to write, of a matrix that <see cref="Target"/> gave.</summary>
    public static Span<double> Write(Matrix<double> target) => target.AsColumnMajorArray();

    public static Matrix<double> New(int rows, int columns) => Matrix<double>.Build.Dense(rows, columns);

    /// <summary>
    /// Where a result goes: <paramref name="into"/> after a check of its shape, or a new matrix.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> has another shape, or is not dense.</exception>
    public static Matrix<double> Target(Matrix<double>? into, int rows, int columns)
    {
        if (into is null)
        {
            return New(rows, columns);
        }

        Shape.ThrowIfNot(into, rows, columns, nameof(into));
        if (into.AsColumnMajorArray() is null)
        {
            throw new ArgumentException("The matrix to write into must be a dense one, as Matrix<double>.Build.Dense makes.", nameof(into));
        }

        return into;
    }

    /// <summary>As <see cref="Target"/>, for a result that is computed from several numbers of each operand and so must not overwrite one.</summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> is one of the operands, has another shape, or is not dense.</exception>
    public static Matrix<double> SeparateTarget(Matrix<double>? into, int rows, int columns, Matrix<double> first, Matrix<double> second)
    {
        if (into is not null && (ReferenceEquals(into, first) || ReferenceEquals(into, second)))
        {
            throw new ArgumentException("A product cannot be written into one of its own factors; give another matrix.", nameof(into));
        }

        return Target(into, rows, columns);
    }
}
