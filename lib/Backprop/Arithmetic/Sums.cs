using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>Sums over columns of numbers.</summary>
/// <remarks>
/// Always four numbers a vector, summed in one fixed order: the same bits on every machine. All is compiled for speed at
/// once, since a notebook's training is over before the runtime gets round to it.
/// </remarks>
internal static class Sums
{
    private const int Lanes = 4;

    /// <summary>The sum of all values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(ReadOnlySpan<double> x)
    {
        ref var xs = ref MemoryMarshal.GetReference(x);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 4 * Lanes <= x.Length; i += 4 * Lanes)
        {
            s0 += Load(ref xs, i);
            s1 += Load(ref xs, i + Lanes);
            s2 += Load(ref xs, i + 2 * Lanes);
            s3 += Load(ref xs, i + 3 * Lanes);
        }

        for (; i + Lanes <= x.Length; i += Lanes)
        {
            s0 += Load(ref xs, i);
        }

        var sum = AcrossLanes(s0 + s1 + (s2 + s3));
        for (; i < x.Length; i++)
        {
            sum += x[i];
        }

        return sum;
    }

    /// <summary>The sum of each column.</summary>
    public static void OfColumns(int rows, double[] A, double[] sums) => Cores.Split(
        sums.Length,
        Dense.ColumnsOfPart(rows),
        effort: A.Length,
        (rows, A, sums),
        static (all, from, count) =>
        {
            for (var j = from; j < from + count; j++)
            {
                all.sums[j] = Of(all.A.AsSpan(j * all.rows, all.rows));
            }
        });

    /// <summary>The sum of the products of two columns of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfProducts(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref var xs = ref MemoryMarshal.GetReference(x);
        ref var ys = ref MemoryMarshal.GetReference(y[..x.Length]);
        Vector256<double> s0 = default, s1 = default;
        var i = 0;
        for (; i + 2 * Lanes <= x.Length; i += 2 * Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(Load(ref xs, i), Load(ref ys, i), s0);
            s1 = Vector256.FusedMultiplyAdd(Load(ref xs, i + Lanes), Load(ref ys, i + Lanes), s1);
        }

        if (i + Lanes <= x.Length)
        {
            s0 = Vector256.FusedMultiplyAdd(Load(ref xs, i), Load(ref ys, i), s0);
            i += Lanes;
        }

        var sum = AcrossLanes(s0 + s1);
        for (; i < x.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
        }

        return sum;
    }

    /// <summary>The sum of the four numbers of a vector.</summary>
    public static double AcrossLanes(Vector256<double> v) => v[0] + v[1] + (v[2] + v[3]);

    private static Vector256<double> Load(ref double first, int at) => Vector256.LoadUnsafe(ref first, (nuint)at);
}
