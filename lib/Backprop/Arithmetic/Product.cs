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
/// four columns of X before a column of Z is put back; and because large work is shared among the cores. No number of Z
/// depends on how it is shared.
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
            for (var j = column; j < column + columns; j++)
            {
                var z = Z.AsSpan(j * m + row, rows);
                double? start = k > 0 ? null : b.Length == 0 ? 0 : b[j];
                switch (terms)
                {
                    case 0: z.Fill(start ?? 0); break;
                    case 1: AddColumns<One>(start, z, k * m + row, k * kStride + j * jStride); break;
                    case 2: AddColumns<Two>(start, z, k * m + row, k * kStride + j * jStride); break;
                    case 3: AddColumns<Three>(start, z, k * m + row, k * kStride + j * jStride); break;
                    default: AddColumns<Four>(start, z, k * m + row, k * kStride + j * jStride); break;
                }
            }

            k += terms;
        }
        while (k < d);
    }

    /// <summary>z = start + X₀ w₀ + X₁ w₁ + …, of one to four columns of X; without a start, they are added to what z holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddColumns<TTerms>(double? start, Span<double> z, int x, int w)
        where TTerms : struct, ITerms
    {
        var done = Vector512.IsHardwareAccelerated ? AddColumns<TTerms, EightLanes>(start, z, x, w, 0) : 0;
        done = AddColumns<TTerms, FourLanes>(start, z, x, w, done);
        for (; done < z.Length; done++)
        {
            var sum = start ?? z[done];
            for (var k = 0; k < TTerms.Count; k++)
            {
                sum = Math.FusedMultiplyAdd(X[x + k * m + done], W[w + k * kStride], sum);
            }

            z[done] = sum;
        }
    }

    /// <returns>The place of the first of those that are too few for all lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int AddColumns<TTerms, TLanes>(double? start, Span<double> z, int x, int w, int from)
        where TTerms : struct, ITerms
        where TLanes : struct, ILanes<TLanes>
    {
        // Beyond the number of terms, the first column and weight stand in, and are not used.
        ref var zs = ref MemoryMarshal.GetReference(z);
        ref var x0 = ref MemoryMarshal.GetReference(X.AsSpan(x, z.Length));
        ref var x1 = ref MemoryMarshal.GetReference(X.AsSpan(TTerms.Count > 1 ? x + m : x, z.Length));
        ref var x2 = ref MemoryMarshal.GetReference(X.AsSpan(TTerms.Count > 2 ? x + 2 * m : x, z.Length));
        ref var x3 = ref MemoryMarshal.GetReference(X.AsSpan(TTerms.Count > 3 ? x + 3 * m : x, z.Length));
        var w0 = TLanes.Of(W[w]);
        var w1 = TLanes.Of(W[TTerms.Count > 1 ? w + kStride : w]);
        var w2 = TLanes.Of(W[TTerms.Count > 2 ? w + 2 * kStride : w]);
        var w3 = TLanes.Of(W[TTerms.Count > 3 ? w + 3 * kStride : w]);
        var adds = start is null;
        var initial = TLanes.Of(start.GetValueOrDefault());
        var i = from;
        for (; i + TLanes.Count <= z.Length; i += TLanes.Count)
        {
            // The next column is written next.
            Ahead.Fetch(ref zs, m + i);
            var sum = TLanes.MultiplyAdd(TLanes.Load(ref x0, i), w0, adds ? TLanes.Load(ref zs, i) : initial);
            if (TTerms.Count > 1)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(ref x1, i), w1, sum);
            }

            if (TTerms.Count > 2)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(ref x2, i), w2, sum);
            }

            if (TTerms.Count > 3)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(ref x3, i), w3, sum);
            }

            sum.Store(ref zs, i);
        }

        return i;
    }
}
