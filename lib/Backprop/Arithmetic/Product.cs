using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>
/// Z = X W + 1 b by columns: a column of Z is the sum of the columns of X, each times its weight. Without a b, Z = X W.
/// </summary>
/// <param name="m">Rows of X and Z.</param>
/// <param name="d">Columns of X.</param>
/// <param name="n">Columns of Z.</param>
/// <param name="X">(m × d)</param>
/// <param name="W">The weight from k to j is <c>W[k * kStride + j * jStride]</c>: it may as well be stored as its transpose.</param>
/// <param name="kStride">How far the weights of two columns of X are apart.</param>
/// <param name="jStride">How far the weights of two columns of Z are apart.</param>
/// <param name="b">A number for each column of Z, or none.</param>
/// <param name="Z">(m × n)</param>
/// <remarks>
/// In plain words, for each row i and column j, <c>Z[i, j] = b[j] + X[i, 0] W[0, j] + X[i, 1] W[1, j] + …</c>, in this order.
/// It is fast because rows are taken in chunks whose columns stay in the nearest cache, several rows at a time, and up to
/// four columns of X before a column of Z is put back, each fetched once for up to four columns of Z; and because large work
/// is shared among the cores. No number of Z depends on how it is shared.
/// </remarks>
internal readonly record struct Product(int m, int d, int n, double[] X, double[] W, int kStride, int jStride, double[] b, double[] Z)
{
    private const int ChunkRows = 512;

    public void Compute()
    {
        var effort = (long)m * n * (d + 1);
        if (n >= 8)
        {
            Cores.Split(n, Dense.ColumnsOfPart(m), effort, this, static (product, from, count) => product.Part(0, product.m, from, count));
        }
        else
        {
            // Few columns: each core takes rows, and all that it takes side by side, since what lies behind them is fetched, too.
            var rows = (m / Cores.AtMost / ChunkRows + 1) * ChunkRows;
            Cores.Split(m, rows, effort, this, static (product, from, count) => product.Part(from, count, 0, product.n));
        }
    }

    private void Part(int row, int rows, int column, int columns)
    {
        for (var from = row; from < row + rows; from += ChunkRows)
        {
            Chunk(from, Math.Min(ChunkRows, row + rows - from), column, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Chunk(int row, int rows, int column, int columns)
    {
        var k = 0;
        do
        {
            var terms = Math.Min(4, d - k);
            switch (terms)
            {
                case 0: Add<None>(row, rows, k, column, columns); break;
                case 1: Add<One>(row, rows, k, column, columns); break;
                case 2: Add<Two>(row, rows, k, column, columns); break;
                case 3: Add<Three>(row, rows, k, column, columns); break;
                default: Add<Four>(row, rows, k, column, columns); break;
            }

            k += terms;
        }
        while (k < d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add<TTerms>(int row, int rows, int k, int column, int columns)
        where TTerms : struct, ICount
    {
        // Where there are few terms, most of the work is the writing, which goes best one column at a time.
        var width = d > 8 ? 4 : 1;
        for (var j = column; j < column + columns; j += width)
        {
            switch (Math.Min(width, column + columns - j))
            {
                case 1: Add<TTerms, One>(row, rows, k, j); break;
                case 2: Add<TTerms, Two>(row, rows, k, j); break;
                case 3: Add<TTerms, Three>(row, rows, k, j); break;
                default: Add<TTerms, Four>(row, rows, k, j); break;
            }
        }
    }

    /// <summary>
    /// Columns j, j + 1, … of Z become b + X₀ W₀ + X₁ W₁ + …, of up to four columns of X from k on; where k is above 0, they are
    /// added to what Z holds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add<TTerms, TColumns>(int row, int rows, int k, int j)
        where TTerms : struct, ICount
        where TColumns : struct, ICount
    {
        var done = Vector512.IsHardwareAccelerated ? Add<TTerms, TColumns, EightLanes>(row, rows, k, j, 0) : 0;
        done = Add<TTerms, TColumns, FourLanes>(row, rows, k, j, done);
        for (; done < rows; done++)
        {
            for (var column = j; column < j + TColumns.Count; column++)
            {
                ref var z = ref Z[column * m + row + done];
                var sum = k > 0 ? z : b.Length == 0 ? 0 : b[column];
                for (var term = k; term < k + TTerms.Count; term++)
                {
                    sum = Math.FusedMultiplyAdd(X[term * m + row + done], W[term * kStride + column * jStride], sum);
                }

                z = sum;
            }
        }
    }

    /// <returns>The place of the first row of those that are too few for all lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Add<TTerms, TColumns, TLanes>(int row, int rows, int k, int j, int from)
        where TTerms : struct, ICount
        where TColumns : struct, ICount
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(X.AsSpan(k * m + row, TTerms.Count == 0 ? 0 : (TTerms.Count - 1) * m + rows));
        ref var z = ref MemoryMarshal.GetReference(Z.AsSpan(j * m + row, (TColumns.Count - 1) * m + rows));
        var w0 = Weights<TTerms, One, TColumns, TLanes>(k, j);
        var w1 = Weights<TTerms, Two, TColumns, TLanes>(k + 1, j);
        var w2 = Weights<TTerms, Three, TColumns, TLanes>(k + 2, j);
        var w3 = Weights<TTerms, Four, TColumns, TLanes>(k + 3, j);
        var adds = k > 0;
        var start = adds || b.Length == 0 ? default : Columns<TColumns, TLanes>.Of(ref b[j], 1);
        nint stride = m;
        nint i = from;
        for (; i + TLanes.Count <= rows; i += TLanes.Count)
        {
            // The next columns are written next.
            Columns<TColumns, TLanes>.Fetch(ref z, i + TColumns.Count * stride, stride);
            var sums = adds ? Columns<TColumns, TLanes>.Load(ref z, i, stride) : start;
            if (TTerms.Count > 0)
            {
                sums = sums.AddProducts(TLanes.Load(ref x, i), w0);
            }

            if (TTerms.Count > 1)
            {
                sums = sums.AddProducts(TLanes.Load(ref x, i + stride), w1);
            }

            if (TTerms.Count > 2)
            {
                sums = sums.AddProducts(TLanes.Load(ref x, i + 2 * stride), w2);
            }

            if (TTerms.Count > 3)
            {
                sums = sums.AddProducts(TLanes.Load(ref x, i + 3 * stride), w3);
            }

            sums.Store(ref z, i, stride);
        }

        return (int)i;
    }

    /// <summary>The weights of one column of X, or nothing where there are fewer terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Columns<TColumns, TLanes> Weights<TTerms, TTerm, TColumns, TLanes>(int k, int j)
        where TTerms : struct, ICount
        where TTerm : struct, ICount
        where TColumns : struct, ICount
        where TLanes : struct, ILanes<TLanes> =>
        TTerm.Count <= TTerms.Count ? Columns<TColumns, TLanes>.Of(ref W[k * kStride + j * jStride], jStride) : default;
}
