using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>The numbers of a matrix as one array, column after column, as MathNet's dense matrices store them.</summary>
internal static class Dense
{
    /// <summary>The numbers to read; of a matrix that is not dense, a copy.</summary>
    public static double[] Read(Matrix<double> matrix) => matrix.AsColumnMajorArray() ?? matrix.ToColumnMajorArray();

    /// <summary>The numbers to write, of a matrix that <see cref="Target"/> gave.</summary>
    public static double[] Write(Matrix<double> target) => target.AsColumnMajorArray();

    /// <summary>How many columns a part has where columns are shared among cores: a multiple of four, as many as fit a core's cache.</summary>
    public static int ColumnsOfPart(int rows) => Math.Max(4, (1 << 16) / Math.Max(1, rows) / 4 * 4);

    /// <summary>A matrix of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would have more numbers than an array holds.</exception>
    public static Matrix<double> New(int rows, int columns)
    {
        var numbers = Unwritten(rows, columns);
        Array.Clear(numbers);
        return Matrix<double>.Build.Dense(rows, columns, numbers);
    }

    /// <summary>
    /// Where a result goes: <paramref name="into"/> after a check of its shape, or a new matrix. It holds anything.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="into"/> has another shape, or is not dense.</exception>
    public static Matrix<double> Target(Matrix<double>? into, int rows, int columns)
    {
        if (into is null)
        {
            // Every number will be written, so none is cleared first.
            return Matrix<double>.Build.Dense(rows, columns, Unwritten(rows, columns));
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
        // Two matrices may be made of one array, so it is the arrays that are compared.
        if (into?.AsColumnMajorArray() is { } target && (target == first.AsColumnMajorArray() || target == second.AsColumnMajorArray()))
        {
            throw new ArgumentException("This result cannot be written into a matrix that it is computed from; give another one.", nameof(into));
        }

        return Target(into, rows, columns);
    }

    private static double[] Unwritten(int rows, int columns)
    {
        // MathNet would let the product overflow and make a matrix with too few numbers.
        if ((long)rows * columns > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(null, $"A matrix ({rows} × {columns}) has more numbers than an array holds.");
        }

        var numbers = GC.AllocateUninitializedArray<double>(rows * columns);
        LargePages.AskFor(numbers);
        return numbers;
    }
}
