using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>
/// The matrices of a gradient call. One call after the other needs matrices of the same shapes, so they are
/// used again instead of made anew: training is several times faster for it.
/// </summary>
internal sealed class Buffers
{
    [ThreadStatic]
    private static Buffers? current;

    private readonly Dictionary<(int Rows, int Columns), Stack<Matrix<double>>> free = [];
    private readonly List<Matrix<double>> taken = [];

    /// <summary>A matrix to write a result into: from the buffers of the gradient call under way on this thread, or new. It holds anything.</summary>
    public static Matrix<double> New(int rows, int columns) => current?.Take(rows, columns) ?? Dense.New(rows, columns);

    /// <summary>A matrix filled with one value.</summary>
    public static Matrix<double> New(int rows, int columns, double value)
    {
        var matrix = New(rows, columns);
        Array.Fill(Dense.Write(matrix), value);
        return matrix;
    }

    /// <summary>Leaves a matrix to whoever holds it: it is not used again by later calls.</summary>
    public static void Keep(Matrix<double> matrix)
    {
        // By reference: matrices are otherwise equal when their numbers are.
        if (current?.taken is { } taken && taken.FindLastIndex(one => ReferenceEquals(one, matrix)) is >= 0 and var place)
        {
            taken.RemoveAt(place);
        }
    }

    /// <summary>Runs with these buffers, and then has them all free again.</summary>
    public T Use<T>(Func<T> run)
    {
        var outer = current;
        current = this;
        try
        {
            return run();
        }
        finally
        {
            current = outer;
            foreach (var matrix in taken)
            {
                Free(matrix.RowCount, matrix.ColumnCount).Push(matrix);
            }

            taken.Clear();
        }
    }

    private Matrix<double> Take(int rows, int columns)
    {
        var matrix = Free(rows, columns).TryPop(out var used) ? used : Dense.New(rows, columns);
        taken.Add(matrix);
        return matrix;
    }

    private Stack<Matrix<double>> Free(int rows, int columns)
    {
        if (!free.TryGetValue((rows, columns), out var stack))
        {
            free.Add((rows, columns), stack = []);
        }

        return stack;
    }
}
