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
/// for four columns of B; because rows are taken in chunks whose columns stay in the nearest cache; and because the columns
/// of B are shared among the cores.
/// </remarks>
internal readonly record struct TransposeProduct(int m, int p, int q, double[] A, double[] B, int iStride, int jStride, double[] C)
{
    private const int ChunkRows = 512;

    public static void Compute(int m, int p, int q, double[] A, double[] B, double[] C)
    {
        // B is to be the one with more columns: Aᵀ B is the transpose of Bᵀ A.
        var product = p <= q ? new TransposeProduct(m, p, q, A, B, 1, p, C) : new TransposeProduct(m, q, p, B, A, p, 1, C);
        Cores.Split(product.q, Dense.ColumnsOfPart(m), effort: 2L * m * p * q, product, static (product, from, count) => product.Columns(from, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Columns(int from, int count)
    {
        for (var row = 0; row < m || row == 0; row += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, m - row);
            for (var j = from; j < from + count; j += 4)
            {
                // Where there are fewer than four columns left, the last one stands in, and is not used.
                var last = from + count - 1;
                var b0 = Column(B, j, row, rows);
                var b1 = Column(B, Math.Min(j + 1, last), row, rows);
                var b2 = Column(B, Math.Min(j + 2, last), row, rows);
                var b3 = Column(B, Math.Min(j + 3, last), row, rows);
                for (var i = 0; i < p; i++)
                {
                    var dots = Dots(Column(A, i, row, rows), b0, b1, b2, b3);
                    for (var k = 0; k < 4 && j + k <= last; k++)
                    {
                        ref var c = ref C[i * iStride + (j + k) * jStride];
                        c = row == 0 ? dots[k] : c + dots[k];
                    }
                }
            }
        }
    }

    private ReadOnlySpan<double> Column(double[] matrix, int column, int row, int rows) => matrix.AsSpan(column * m + row, rows);

    private static Vector256<double> Dots(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b0, ReadOnlySpan<double> b1, ReadOnlySpan<double> b2, ReadOnlySpan<double> b3) =>
        Vector512.IsHardwareAccelerated ? Dots<EightLanes>(a, b0, b1, b2, b3) : Dots<FourLanes>(a, b0, b1, b2, b3);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> Dots<TLanes>(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b0, ReadOnlySpan<double> b1, ReadOnlySpan<double> b2, ReadOnlySpan<double> b3)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y0 = ref MemoryMarshal.GetReference(b0[..a.Length]);
        ref var y1 = ref MemoryMarshal.GetReference(b1[..a.Length]);
        ref var y2 = ref MemoryMarshal.GetReference(b2[..a.Length]);
        ref var y3 = ref MemoryMarshal.GetReference(b3[..a.Length]);
        Vector256<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        var whole = a.Length / 16 * 16;

        // Where there are only four lanes, they first stand for the lower half of eight, and then for the upper one.
        for (var half = 0; half < 8; half += TLanes.Count)
        {
            TLanes s0 = default, s1 = default, s2 = default, s3 = default;
            TLanes t0 = default, t1 = default, t2 = default, t3 = default;
            for (var i = half; i < whole; i += 16)
            {
                var (first, second) = (TLanes.Load(ref x, i), TLanes.Load(ref x, i + 8));
                s0 = TLanes.MultiplyAdd(first, TLanes.Load(ref y0, i), s0);
                s1 = TLanes.MultiplyAdd(first, TLanes.Load(ref y1, i), s1);
                s2 = TLanes.MultiplyAdd(first, TLanes.Load(ref y2, i), s2);
                s3 = TLanes.MultiplyAdd(first, TLanes.Load(ref y3, i), s3);
                t0 = TLanes.MultiplyAdd(second, TLanes.Load(ref y0, i + 8), t0);
                t1 = TLanes.MultiplyAdd(second, TLanes.Load(ref y1, i + 8), t1);
                t2 = TLanes.MultiplyAdd(second, TLanes.Load(ref y2, i + 8), t2);
                t3 = TLanes.MultiplyAdd(second, TLanes.Load(ref y3, i + 8), t3);
            }

            sum0 += (s0 + t0).Fold();
            sum1 += (s1 + t1).Fold();
            sum2 += (s2 + t2).Fold();
            sum3 += (s3 + t3).Fold();
        }

        var row = whole;
        for (; row + 4 <= a.Length; row += 4)
        {
            var four = Vector256.LoadUnsafe(ref x, (nuint)row);
            sum0 = Vector256.FusedMultiplyAdd(four, Vector256.LoadUnsafe(ref y0, (nuint)row), sum0);
            sum1 = Vector256.FusedMultiplyAdd(four, Vector256.LoadUnsafe(ref y1, (nuint)row), sum1);
            sum2 = Vector256.FusedMultiplyAdd(four, Vector256.LoadUnsafe(ref y2, (nuint)row), sum2);
            sum3 = Vector256.FusedMultiplyAdd(four, Vector256.LoadUnsafe(ref y3, (nuint)row), sum3);
        }

        var sums = Vector256.Create(Sums.AcrossLanes(sum0), Sums.AcrossLanes(sum1), Sums.AcrossLanes(sum2), Sums.AcrossLanes(sum3));
        for (; row < a.Length; row++)
        {
            sums = Vector256.FusedMultiplyAdd(Vector256.Create(a[row]), Vector256.Create(b0[row], b1[row], b2[row], b3[row]), sums);
        }

        return sums;
    }
}
