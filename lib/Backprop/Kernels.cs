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
        if (d == 0)
        {
            for (var j = 0; j < n; j++)
            {
                Column(Z, m, 0, m, j, 0, b);
            }
        }

        for (var row = 0; row < m; row += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, m - row);
            var k = 0;
            for (; k + 4 <= d; k += 4)
            {
                var x0 = X.Slice(k * m + row, rows);
                var x1 = X.Slice((k + 1) * m + row, rows);
                var x2 = X.Slice((k + 2) * m + row, rows);
                var x3 = X.Slice((k + 3) * m + row, rows);
                for (var j = 0; j < n; j++)
                {
                    var w = W[(k * kStride + j * jStride)..];
                    AddFour(x0, w[0], x1, w[kStride], x2, w[2 * kStride], x3, w[3 * kStride], Column(Z, m, row, rows, j, k, b));
                }
            }

            for (; k + 2 <= d; k += 2)
            {
                var x0 = X.Slice(k * m + row, rows);
                var x1 = X.Slice((k + 1) * m + row, rows);
                for (var j = 0; j < n; j++)
                {
                    var w = W[(k * kStride + j * jStride)..];
                    AddTwo(x0, w[0], x1, w[kStride], Column(Z, m, row, rows, j, k, b));
                }
            }

            if (k < d)
            {
                var x = X.Slice(k * m + row, rows);
                for (var j = 0; j < n; j++)
                {
                    AddOne(x, W[k * kStride + j * jStride], Column(Z, m, row, rows, j, k, b));
                }
            }
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
            for (var i = 0; i < p; i++)
            {
                var a = A.Slice(i * m + row, rows);
                var c = C[(i * iStride)..];
                var j = 0;
                for (; j + 4 <= q; j += 4)
                {
                    var dots = DotFour(
                        a,
                        B.Slice(j * m + row, rows),
                        B.Slice((j + 1) * m + row, rows),
                        B.Slice((j + 2) * m + row, rows),
                        B.Slice((j + 3) * m + row, rows));
                    c[j * jStride] += dots[0];
                    c[(j + 1) * jStride] += dots[1];
                    c[(j + 2) * jStride] += dots[2];
                    c[(j + 3) * jStride] += dots[3];
                }

                for (; j < q; j++)
                {
                    c[j * jStride] += Dot(a, B.Slice(j * m + row, rows));
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

    /// <summary>1 where x is above 0, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Step(ReadOnlySpan<double> x, Span<double> result)
    {
        var xs = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var results = MemoryMarshal.Cast<double, Vector256<double>>(result)[..xs.Length];
        for (var i = 0; i < xs.Length; i++)
        {
            results[i] = Vector256.GreaterThan(xs[i], Vector256<double>.Zero) & Vector256<double>.One;
        }

        for (var tail = xs.Length * Lanes; tail < x.Length; tail++)
        {
            result[tail] = x[tail] > 0 ? 1 : 0;
        }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFour(
        ReadOnlySpan<double> x0, double w0, ReadOnlySpan<double> x1, double w1,
        ReadOnlySpan<double> x2, double w2, ReadOnlySpan<double> x3, double w3, Span<double> z)
    {
        ref var zs = ref MemoryMarshal.GetReference(z);
        ref var v0 = ref MemoryMarshal.GetReference(x0[..z.Length]);
        ref var v1 = ref MemoryMarshal.GetReference(x1[..z.Length]);
        ref var v2 = ref MemoryMarshal.GetReference(x2[..z.Length]);
        ref var v3 = ref MemoryMarshal.GetReference(x3[..z.Length]);
        var (u0, u1, u2, u3) = (Vector256.Create(w0), Vector256.Create(w1), Vector256.Create(w2), Vector256.Create(w3));
        var i = 0;
        for (; i + Lanes <= z.Length; i += Lanes)
        {
            var sum = Vector256.FusedMultiplyAdd(Load(ref v0, i), u0, Load(ref zs, i));
            sum = Vector256.FusedMultiplyAdd(Load(ref v1, i), u1, sum);
            sum = Vector256.FusedMultiplyAdd(Load(ref v2, i), u2, sum);
            Vector256.FusedMultiplyAdd(Load(ref v3, i), u3, sum).StoreUnsafe(ref zs, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            var sum = Math.FusedMultiplyAdd(x1[i], w1, Math.FusedMultiplyAdd(x0[i], w0, z[i]));
            z[i] = Math.FusedMultiplyAdd(x3[i], w3, Math.FusedMultiplyAdd(x2[i], w2, sum));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTwo(ReadOnlySpan<double> x0, double w0, ReadOnlySpan<double> x1, double w1, Span<double> z)
    {
        ref var zs = ref MemoryMarshal.GetReference(z);
        ref var v0 = ref MemoryMarshal.GetReference(x0[..z.Length]);
        ref var v1 = ref MemoryMarshal.GetReference(x1[..z.Length]);
        var (u0, u1) = (Vector256.Create(w0), Vector256.Create(w1));
        var i = 0;
        for (; i + Lanes <= z.Length; i += Lanes)
        {
            var sum = Vector256.FusedMultiplyAdd(Load(ref v0, i), u0, Load(ref zs, i));
            Vector256.FusedMultiplyAdd(Load(ref v1, i), u1, sum).StoreUnsafe(ref zs, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            z[i] = Math.FusedMultiplyAdd(x1[i], w1, Math.FusedMultiplyAdd(x0[i], w0, z[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOne(ReadOnlySpan<double> x, double w, Span<double> z)
    {
        ref var zs = ref MemoryMarshal.GetReference(z);
        ref var v = ref MemoryMarshal.GetReference(x[..z.Length]);
        var u = Vector256.Create(w);
        var i = 0;
        for (; i + Lanes <= z.Length; i += Lanes)
        {
            Vector256.FusedMultiplyAdd(Load(ref v, i), u, Load(ref zs, i)).StoreUnsafe(ref zs, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            z[i] = Math.FusedMultiplyAdd(x[i], w, z[i]);
        }
    }

    /// <summary>A chunk of column j of Z; when the first products are to be added it is made to hold b, or 0, while it is at hand.</summary>
    private static Span<double> Column(Span<double> Z, int m, int row, int rows, int j, int k, ReadOnlySpan<double> b)
    {
        var z = Z.Slice(j * m + row, rows);
        if (k == 0)
        {
            z.Fill(b.IsEmpty ? 0 : b[j]);
        }

        return z;
    }

    private static Vector256<double> Load(ref double first, int at) => Vector256.LoadUnsafe(ref first, (nuint)at);

    /// <summary>The sum of the four numbers of a vector.</summary>
    public static double AcrossLanes(Vector256<double> v) => v[0] + v[1] + (v[2] + v[3]);
}
