using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>
/// The matrices of a gradient call. One call after the other needs matrices of the same shapes, so they are
/// used again instead of made anew: training is several times faster for it.
/// </summary>
internal sealed class Buffers
{
    [ThreadStatic]
    private static Buffers? s_current;

    private readonly Dictionary<(int Rows, int Columns), Stack<Matrix<double>>> _free = [];
    private readonly List<Matrix<double>> _taken = [];

    /// <summary>A matrix to write a result into: from the buffers of the gradient call under way on this thread, or new. It holds anything.</summary>
    public static Matrix<double> New(int rows, int columns) => s_current?.Take(rows, columns) ?? Dense.New(rows, columns);

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
        if (s_current?._taken is { } taken && taken.FindLastIndex(one => ReferenceEquals(one, matrix)) is >= 0 and var place)
        {
            taken.RemoveAt(place);
        }
    }

    /// <summary>Runs with these buffers, and then has them all free again.</summary>
    public T Use<T>(Func<T> run)
    {
        var outer = s_current;
        s_current = this;
        try
        {
            return run();
        }
        finally
        {
            s_current = outer;
            foreach (var matrix in _taken)
            {
                Free(matrix.RowCount, matrix.ColumnCount).Push(matrix);
            }

            _taken.Clear();
        }
    }

    private Matrix<double> Take(int rows, int columns)
    {
        var matrix = Free(rows, columns).TryPop(out var used) ? used : Dense.New(rows, columns);
        _taken.Add(matrix);
        return matrix;
    }

    private Stack<Matrix<double>> Free(int rows, int columns)
    {
        if (!_free.TryGetValue((rows, columns), out var stack))
        {
            _free.Add((rows, columns), stack = []);
        }

        return stack;
    }
}
