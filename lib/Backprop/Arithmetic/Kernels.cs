using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>
/// Sums of products over columns of numbers: where training spends its time.
/// </summary>
/// <remarks>
/// Always four numbers a vector, with fused multiply-add, summed in one fixed order: the same bits on every
/// machine, whatever its vectors are and however many cores it has. Rows are taken in chunks, so that the
/// columns at work stay in the nearest cache. Vectors are read by reference, after one check of the lengths.
/// All is compiled for speed at once, since a notebook's training is over before the runtime gets round to it.
/// </remarks>
internal static class Kernels
{
    private const int ChunkRows = 512;
    private const int Lanes = 4;

    /// <summary>
    /// Z = X W + 1 b, for X (m × d), Z (m × n) by columns; the weight from k to j is <c>W[k * kStride + j * jStride]</c>.
    /// Without a b, Z = X W.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(
        int m, int d, int n, ReadOnlySpan<double> X, ReadOnlySpan<double> W, int kStride, int jStride, ReadOnlySpan<double> b, Span<double> Z)
    {
        for (var row = 0; row < m; row += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, m - row);
            var k = 0;
            do
            {
                // Up to four columns of X are at hand at a time, and a column of Z is fetched and stored once for all of them.
                var terms = Math.Min(4, d - k);
                for (var j = 0; j < n; j++)
                {
                    var z = Z.Slice(j * m + row, rows);
                    double? start = k > 0 ? null : b.IsEmpty ? 0 : b[j];
                    switch (terms)
                    {
                        case 0: z.Fill(start ?? 0); break;
                        case 1: AddColumns<One>(X, W, start, z, k * m + row, m, k * kStride + j * jStride, kStride); break;
                        case 2: AddColumns<Two>(X, W, start, z, k * m + row, m, k * kStride + j * jStride, kStride); break;
                        case 3: AddColumns<Three>(X, W, start, z, k * m + row, m, k * kStride + j * jStride, kStride); break;
                        default: AddColumns<Four>(X, W, start, z, k * m + row, m, k * kStride + j * jStride, kStride); break;
                    }
                }

                k += terms;
            }
            while (k < d);
        }
    }

    /// <summary>C += Aᵀ B, for A (m × p) and B (m × q) by columns; the dot product of columns i and j is added to <c>C[i * iStride + j * jStride]</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTransposeProduct(
        int m, int p, int q, ReadOnlySpan<double> A, ReadOnlySpan<double> B, int iStride, int jStride, Span<double> C)
    {
        if (q < p)
        {
            // Four columns of the wider matrix are taken at a time.
            AddTransposeProduct(m, q, p, B, A, jStride, iStride, C);
            return;
        }

        for (var row = 0; row < m; row += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, m - row);
            var j = 0;
            for (; j + 4 <= q; j += 4)
            {
                var b0 = B.Slice(j * m + row, rows);
                var b1 = B.Slice((j + 1) * m + row, rows);
                var b2 = B.Slice((j + 2) * m + row, rows);
                var b3 = B.Slice((j + 3) * m + row, rows);
                var c = C[(j * jStride)..];
                for (var i = 0; i < p; i++)
                {
                    var dots = DotFour(A.Slice(i * m + row, rows), b0, b1, b2, b3);
                    c[i * iStride] += dots[0];
                    c[i * iStride + jStride] += dots[1];
                    c[i * iStride + 2 * jStride] += dots[2];
                    c[i * iStride + 3 * jStride] += dots[3];
                }
            }

            for (; j < q; j++)
            {
                for (var i = 0; i < p; i++)
                {
                    C[i * iStride + j * jStride] += Dot(A.Slice(i * m + row, rows), B.Slice(j * m + row, rows));
                }
            }
        }
    }

    /// <summary>The sum of all values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ReadOnlySpan<double> x)
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

    /// <summary>The sum of the products of two columns of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<double> DotFour(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b0, ReadOnlySpan<double> b1, ReadOnlySpan<double> b2, ReadOnlySpan<double> b3)
    {
        ref var x = ref MemoryMarshal.GetReference(a);
        ref var y0 = ref MemoryMarshal.GetReference(b0[..a.Length]);
        ref var y1 = ref MemoryMarshal.GetReference(b1[..a.Length]);
        ref var y2 = ref MemoryMarshal.GetReference(b2[..a.Length]);
        ref var y3 = ref MemoryMarshal.GetReference(b3[..a.Length]);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector256<double> t0 = default, t1 = default, t2 = default, t3 = default;
        var i = 0;
        for (; i + 2 * Lanes <= a.Length; i += 2 * Lanes)
        {
            var (first, second) = (Load(ref x, i), Load(ref x, i + Lanes));
            s0 = Vector256.FusedMultiplyAdd(first, Load(ref y0, i), s0);
            s1 = Vector256.FusedMultiplyAdd(first, Load(ref y1, i), s1);
            s2 = Vector256.FusedMultiplyAdd(first, Load(ref y2, i), s2);
            s3 = Vector256.FusedMultiplyAdd(first, Load(ref y3, i), s3);
            t0 = Vector256.FusedMultiplyAdd(second, Load(ref y0, i + Lanes), t0);
            t1 = Vector256.FusedMultiplyAdd(second, Load(ref y1, i + Lanes), t1);
            t2 = Vector256.FusedMultiplyAdd(second, Load(ref y2, i + Lanes), t2);
            t3 = Vector256.FusedMultiplyAdd(second, Load(ref y3, i + Lanes), t3);
        }

        if (i + Lanes <= a.Length)
        {
            var last = Load(ref x, i);
            s0 = Vector256.FusedMultiplyAdd(last, Load(ref y0, i), s0);
            s1 = Vector256.FusedMultiplyAdd(last, Load(ref y1, i), s1);
            s2 = Vector256.FusedMultiplyAdd(last, Load(ref y2, i), s2);
            s3 = Vector256.FusedMultiplyAdd(last, Load(ref y3, i), s3);
            i += Lanes;
        }

        var sums = Vector256.Create(AcrossLanes(s0 + t0), AcrossLanes(s1 + t1), AcrossLanes(s2 + t2), AcrossLanes(s3 + t3));
        for (; i < a.Length; i++)
        {
            sums = Vector256.FusedMultiplyAdd(Vector256.Create(a[i]), Vector256.Create(b0[i], b1[i], b2[i], b3[i]), sums);
        }

        return sums;
    }

    /// <summary>
    /// z = start + X₀ w₀ + X₁ w₁ + …, of one to four columns of X that begin <paramref name="xStride"/> apart;
    /// without a start, the products are added to what z holds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColumns<TTerms>(
        ReadOnlySpan<double> X, ReadOnlySpan<double> W, double? start, Span<double> z, int x, int xStride, int w, int wStride)
        where TTerms : struct, ITerms
    {
        // Beyond the number of terms, the first column and weight stand in, and are not used.
        ref var zs = ref MemoryMarshal.GetReference(z);
        ref var x0 = ref MemoryMarshal.GetReference(X.Slice(x, z.Length));
        ref var x1 = ref MemoryMarshal.GetReference(X.Slice(TTerms.Count > 1 ? x + xStride : x, z.Length));
        ref var x2 = ref MemoryMarshal.GetReference(X.Slice(TTerms.Count > 2 ? x + 2 * xStride : x, z.Length));
        ref var x3 = ref MemoryMarshal.GetReference(X.Slice(TTerms.Count > 3 ? x + 3 * xStride : x, z.Length));
        var w0 = W[w];
        var w1 = W[TTerms.Count > 1 ? w + wStride : w];
        var w2 = W[TTerms.Count > 2 ? w + 2 * wStride : w];
        var w3 = W[TTerms.Count > 3 ? w + 3 * wStride : w];

        var adds = start is null;
        var initial = Vector256.Create(start.GetValueOrDefault());
        var (v0, v1, v2, v3) = (Vector256.Create(w0), Vector256.Create(w1), Vector256.Create(w2), Vector256.Create(w3));
        var i = 0;
        for (; i + Lanes <= z.Length; i += Lanes)
        {
            var sum = Vector256.FusedMultiplyAdd(Load(ref x0, i), v0, adds ? Load(ref zs, i) : initial);
            if (TTerms.Count > 1)
            {
                sum = Vector256.FusedMultiplyAdd(Load(ref x1, i), v1, sum);
            }

            if (TTerms.Count > 2)
            {
                sum = Vector256.FusedMultiplyAdd(Load(ref x2, i), v2, sum);
            }

            if (TTerms.Count > 3)
            {
                sum = Vector256.FusedMultiplyAdd(Load(ref x3, i), v3, sum);
            }

            sum.StoreUnsafe(ref zs, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            var sum = Math.FusedMultiplyAdd(Unsafe.Add(ref x0, i), w0, adds ? z[i] : initial[0]);
            if (TTerms.Count > 1)
            {
                sum = Math.FusedMultiplyAdd(Unsafe.Add(ref x1, i), w1, sum);
            }

            if (TTerms.Count > 2)
            {
                sum = Math.FusedMultiplyAdd(Unsafe.Add(ref x2, i), w2, sum);
            }

            if (TTerms.Count > 3)
            {
                sum = Math.FusedMultiplyAdd(Unsafe.Add(ref x3, i), w3, sum);
            }

            z[i] = sum;
        }
    }

    /// <summary>A number that the compiler knows, so that each number of terms gets a loop of its own.</summary>
    private interface ITerms
    {
        static abstract int Count { get; }
    }

    private readonly struct One : ITerms
    {
        public static int Count => 1;
    }

    private readonly struct Two : ITerms
    {
        public static int Count => 2;
    }

    private readonly struct Three : ITerms
    {
        public static int Count => 3;
    }

    private readonly struct Four : ITerms
    {
        public static int Count => 4;
    }

    private static Vector256<double> Load(ref double first, int at) => Vector256.LoadUnsafe(ref first, (nuint)at);

    /// <summary>The sum of the four numbers of a vector.</summary>
    public static double AcrossLanes(Vector256<double> v) => v[0] + v[1] + (v[2] + v[3]);
}
