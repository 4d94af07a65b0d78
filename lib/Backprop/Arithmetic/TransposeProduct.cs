using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>C = Aᵀ B by columns: a number of C is the dot product of a column of A and a column of B.</summary>
/// <param name="m">Rows of A and B.</param>
/// <param name="p">Columns of A.</param>
/// <param name="q">Columns of B, no fewer than A has.</param>
/// <param name="A">(m × p)</param>
/// <param name="B">(m × q)</param>
/// <param name="iStride">How far the numbers of two columns of A are apart in C.</param>
/// <param name="jStride">How far the numbers of two columns of B are apart in C.</param>
/// <param name="C">The dot product of columns i and j goes to <c>C[i * iStride + j * jStride]</c>.</param>
/// <remarks>
/// In plain words, for each i and j, <c>C[i, j] = A[0, i] B[0, j] + A[1, i] B[1, j] + …</c>, where the order of the sum is
/// free but fixed: sixteen sums, of every sixteenth row, which are then added. It is fast because a column of A is fetched
/// for four columns of B, and those for up to three of A; because rows are taken in chunks whose columns stay in the nearest
/// cache; and because the columns of B are shared among the cores.
/// </remarks>
internal readonly record struct TransposeProduct(int m, int p, int q, double[] A, double[] B, int iStride, int jStride, double[] C)
{
    private const int ChunkRows = 512;

    public static void Compute(int m, int p, int q, double[] A, double[] B, double[] C)
    {
        // B is to be the one with more columns: Aᵀ B is the transpose of Bᵀ A.
        var product = p <= q ? new TransposeProduct(m, p, q, A, B, 1, p, C) : new TransposeProduct(m, q, p, B, A, p, 1, C);
        Cores.Split(product.q, Dense.ColumnsOfPart(m), effort: 2L * m * p * q, product, static (product, from, count) => product.Part(from, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Part(int column, int columns)
    {
        // As many columns of A as there are registers for their sums.
        var width = Vector512.IsHardwareAccelerated ? 3 : 1;
        for (var row = 0; row < m || row == 0; row += ChunkRows)
        {
            for (var j = column; j < column + columns; j += 4)
            {
                for (var i = 0; i < p; i += width)
                {
                    switch (Math.Min(4, column + columns - j))
                    {
                        case 1: Dots<One>(row, i, Math.Min(width, p - i), j); break;
                        case 2: Dots<Two>(row, i, Math.Min(width, p - i), j); break;
                        case 3: Dots<Three>(row, i, Math.Min(width, p - i), j); break;
                        default: Dots<Four>(row, i, Math.Min(width, p - i), j); break;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dots<TColumns>(int row, int i, int count, int j)
        where TColumns : struct, ICount
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            Dots<One, TColumns, FourLanes>(row, i, j);
            return;
        }

        switch (count)
        {
            case 1: Dots<One, TColumns, EightLanes>(row, i, j); break;
            case 2: Dots<Two, TColumns, EightLanes>(row, i, j); break;
            default: Dots<Three, TColumns, EightLanes>(row, i, j); break;
        }
    }

    /// <summary>The dot products of up to three columns of A, from i on, and up to four of B, from j on, over a chunk of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Dots<TRows, TColumns, TLanes>(int row, int i, int j)
        where TRows : struct, ICount
        where TColumns : struct, ICount
        where TLanes : struct, ILanes<TLanes>
    {
        var rows = Math.Min(ChunkRows, m - row);
        ref var a = ref MemoryMarshal.GetReference(A.AsSpan(i * m + row, (TRows.Count - 1) * m + rows));
        ref var b = ref MemoryMarshal.GetReference(B.AsSpan(j * m + row, (TColumns.Count - 1) * m + rows));
        Columns<TColumns, FourLanes> sum0 = default, sum1 = default, sum2 = default;
        nint stride = m;
        nint whole = rows / 16 * 16;

        // Where there are only four lanes, they first stand for the lower half of eight, and then for the upper one.
        for (var half = 0; half < 8; half += TLanes.Count)
        {
            Columns<TColumns, TLanes> s0 = default, s1 = default, s2 = default;
            Columns<TColumns, TLanes> t0 = default, t1 = default, t2 = default;
            for (nint k = half; k < whole; k += 16)
            {
                AddProducts<TRows, TColumns, TLanes>(ref a, ref b, k, stride, ref s0, ref s1, ref s2);
                AddProducts<TRows, TColumns, TLanes>(ref a, ref b, k + 8, stride, ref t0, ref t1, ref t2);
            }

            sum0 += (s0 + t0).Fold();
            sum1 += (s1 + t1).Fold();
            sum2 += (s2 + t2).Fold();
        }

        var done = whole;
        for (; done + FourLanes.Count <= rows; done += FourLanes.Count)
        {
            AddProducts<TRows, TColumns, FourLanes>(ref a, ref b, done, stride, ref sum0, ref sum1, ref sum2);
        }

        Put(row, (int)done, i, j, sum0);
        if (TRows.Count > 1)
        {
            Put(row, (int)done, i + 1, j, sum1);
        }

        if (TRows.Count > 2)
        {
            Put(row, (int)done, i + 2, j, sum2);
        }
    }

    /// <summary>To the sums of each column of A and each of B, the products of some rows are added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddProducts<TRows, TColumns, TLanes>(
        ref double a, ref double b, nint at, nint stride, ref Columns<TColumns, TLanes> s0, ref Columns<TColumns, TLanes> s1, ref Columns<TColumns, TLanes> s2)
        where TRows : struct, ICount
        where TColumns : struct, ICount
        where TLanes : struct, ILanes<TLanes>
    {
        var columns = Columns<TColumns, TLanes>.Load(ref b, at, stride);
        s0 = s0.AddProducts(TLanes.Load(ref a, at), columns);
        if (TRows.Count > 1)
        {
            s1 = s1.AddProducts(TLanes.Load(ref a, at + stride), columns);
        }

        if (TRows.Count > 2)
        {
            s2 = s2.AddProducts(TLanes.Load(ref a, at + 2 * stride), columns);
        }
    }

    /// <summary>The sums of one column of A, with what the rows add that are too few for all lanes, go to C or are added to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Put<TColumns>(int row, int done, int i, int j, in Columns<TColumns, FourLanes> sums)
        where TColumns : struct, ICount
    {
        var end = Math.Min(row + ChunkRows, m);
        var dots = sums.AcrossLanes();
        for (var k = 0; k < TColumns.Count; k++)
        {
            var sum = dots[k];
            for (var rest = row + done; rest < end; rest++)
            {
                sum = Math.FusedMultiplyAdd(A[i * m + rest], B[(j + k) * m + rest], sum);
            }

            ref var c = ref C[i * iStride + (j + k) * jStride];
            c = row == 0 ? sum : c + sum;
        }
    }
}
