using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>
/// Sums of products over columns of numbers: where training spends its time.
/// </summary>
/// <remarks>
/// Always four numbers a vector, with fused multiply-add, summed in one fixed order: the same bits on every
/// machine, whatever its vectors are and however many cores it has. Rows are taken in chunks, so that the
/// columns at work stay in the nearest cache.
/// </remarks>
internal static class Kernels
{
    private const int ChunkRows = 512;
    private const int Lanes = 4;

    /// <summary>Z += X W, for X (m × d), Z (m × n) by columns; the weight from k to j is <c>W[k * kStride + j * jStride]</c>.</summary>
    public static void AddProduct(
        int m, int d, int n, ReadOnlySpan<double> X, ReadOnlySpan<double> W, int kStride, int jStride, Span<double> Z)
    {
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
                    AddFour(x0, w[0], x1, w[kStride], x2, w[2 * kStride], x3, w[3 * kStride], Z.Slice(j * m + row, rows));
                }
            }

            for (; k + 2 <= d; k += 2)
            {
                var x0 = X.Slice(k * m + row, rows);
                var x1 = X.Slice((k + 1) * m + row, rows);
                for (var j = 0; j < n; j++)
                {
                    var w = W[(k * kStride + j * jStride)..];
                    AddTwo(x0, w[0], x1, w[kStride], Z.Slice(j * m + row, rows));
                }
            }

            if (k < d)
            {
                var x = X.Slice(k * m + row, rows);
                for (var j = 0; j < n; j++)
                {
                    AddOne(x, W[k * kStride + j * jStride], Z.Slice(j * m + row, rows));
                }
            }
        }
    }

    /// <summary>C += Aᵀ B, for A (m × p) and B (m × q) by columns; the dot product of columns i and j is added to <c>C[i * iStride + j * jStride]</c>.</summary>
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
    public static double Sum(ReadOnlySpan<double> x)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(x);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i + 4 <= vectors.Length; i += 4)
        {
            s0 += vectors[i];
            s1 += vectors[i + 1];
            s2 += vectors[i + 2];
            s3 += vectors[i + 3];
        }

        for (; i < vectors.Length; i++)
        {
            s0 += vectors[i];
        }

        var sum = AcrossLanes(s0 + s1 + (s2 + s3));
        for (var tail = vectors.Length * Lanes; tail < x.Length; tail++)
        {
            sum += x[tail];
        }

        return sum;
    }

    /// <summary>The sum of the products of two columns of one length.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var xs = MemoryMarshal.Cast<double, Vector256<double>>(x);
        var ys = MemoryMarshal.Cast<double, Vector256<double>>(y)[..xs.Length];
        Vector256<double> s0 = default, s1 = default;
        var i = 0;
        for (; i + 2 <= xs.Length; i += 2)
        {
            s0 = Vector256.FusedMultiplyAdd(xs[i], ys[i], s0);
            s1 = Vector256.FusedMultiplyAdd(xs[i + 1], ys[i + 1], s1);
        }

        if (i < xs.Length)
        {
            s0 = Vector256.FusedMultiplyAdd(xs[i], ys[i], s0);
        }

        var sum = AcrossLanes(s0 + s1);
        for (var tail = xs.Length * Lanes; tail < x.Length; tail++)
        {
            sum = Math.FusedMultiplyAdd(x[tail], y[tail], sum);
        }

        return sum;
    }

    /// <summary>1 where x is above 0, else 0.</summary>
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

    private static Vector256<double> DotFour(
        ReadOnlySpan<double> a, ReadOnlySpan<double> b0, ReadOnlySpan<double> b1, ReadOnlySpan<double> b2, ReadOnlySpan<double> b3)
    {
        var x = MemoryMarshal.Cast<double, Vector256<double>>(a);
        var y0 = MemoryMarshal.Cast<double, Vector256<double>>(b0)[..x.Length];
        var y1 = MemoryMarshal.Cast<double, Vector256<double>>(b1)[..x.Length];
        var y2 = MemoryMarshal.Cast<double, Vector256<double>>(b2)[..x.Length];
        var y3 = MemoryMarshal.Cast<double, Vector256<double>>(b3)[..x.Length];
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        Vector256<double> t0 = default, t1 = default, t2 = default, t3 = default;
        var i = 0;
        for (; i + 2 <= x.Length; i += 2)
        {
            s0 = Vector256.FusedMultiplyAdd(x[i], y0[i], s0);
            s1 = Vector256.FusedMultiplyAdd(x[i], y1[i], s1);
            s2 = Vector256.FusedMultiplyAdd(x[i], y2[i], s2);
            s3 = Vector256.FusedMultiplyAdd(x[i], y3[i], s3);
            t0 = Vector256.FusedMultiplyAdd(x[i + 1], y0[i + 1], t0);
            t1 = Vector256.FusedMultiplyAdd(x[i + 1], y1[i + 1], t1);
            t2 = Vector256.FusedMultiplyAdd(x[i + 1], y2[i + 1], t2);
            t3 = Vector256.FusedMultiplyAdd(x[i + 1], y3[i + 1], t3);
        }

        if (i < x.Length)
        {
            s0 = Vector256.FusedMultiplyAdd(x[i], y0[i], s0);
            s1 = Vector256.FusedMultiplyAdd(x[i], y1[i], s1);
            s2 = Vector256.FusedMultiplyAdd(x[i], y2[i], s2);
            s3 = Vector256.FusedMultiplyAdd(x[i], y3[i], s3);
        }

        var sums = Vector256.Create(AcrossLanes(s0 + t0), AcrossLanes(s1 + t1), AcrossLanes(s2 + t2), AcrossLanes(s3 + t3));
        for (var tail = x.Length * Lanes; tail < a.Length; tail++)
        {
            sums = Vector256.FusedMultiplyAdd(Vector256.Create(a[tail]), Vector256.Create(b0[tail], b1[tail], b2[tail], b3[tail]), sums);
        }

        return sums;
    }

    private static void AddFour(
        ReadOnlySpan<double> x0, double w0, ReadOnlySpan<double> x1, double w1,
        ReadOnlySpan<double> x2, double w2, ReadOnlySpan<double> x3, double w3, Span<double> z)
    {
        var zs = MemoryMarshal.Cast<double, Vector256<double>>(z);
        var v0 = MemoryMarshal.Cast<double, Vector256<double>>(x0)[..zs.Length];
        var v1 = MemoryMarshal.Cast<double, Vector256<double>>(x1)[..zs.Length];
        var v2 = MemoryMarshal.Cast<double, Vector256<double>>(x2)[..zs.Length];
        var v3 = MemoryMarshal.Cast<double, Vector256<double>>(x3)[..zs.Length];
        var (u0, u1, u2, u3) = (Vector256.Create(w0), Vector256.Create(w1), Vector256.Create(w2), Vector256.Create(w3));
        for (var i = 0; i < zs.Length; i++)
        {
            var low = Vector256.FusedMultiplyAdd(v1[i], u1, Vector256.FusedMultiplyAdd(v0[i], u0, zs[i]));
            zs[i] = Vector256.FusedMultiplyAdd(v3[i], u3, Vector256.FusedMultiplyAdd(v2[i], u2, low));
        }

        for (var tail = zs.Length * Lanes; tail < z.Length; tail++)
        {
            var low = Math.FusedMultiplyAdd(x1[tail], w1, Math.FusedMultiplyAdd(x0[tail], w0, z[tail]));
            z[tail] = Math.FusedMultiplyAdd(x3[tail], w3, Math.FusedMultiplyAdd(x2[tail], w2, low));
        }
    }

    private static void AddTwo(ReadOnlySpan<double> x0, double w0, ReadOnlySpan<double> x1, double w1, Span<double> z)
    {
        var zs = MemoryMarshal.Cast<double, Vector256<double>>(z);
        var v0 = MemoryMarshal.Cast<double, Vector256<double>>(x0)[..zs.Length];
        var v1 = MemoryMarshal.Cast<double, Vector256<double>>(x1)[..zs.Length];
        var (u0, u1) = (Vector256.Create(w0), Vector256.Create(w1));
        for (var i = 0; i < zs.Length; i++)
        {
            zs[i] = Vector256.FusedMultiplyAdd(v1[i], u1, Vector256.FusedMultiplyAdd(v0[i], u0, zs[i]));
        }

        for (var tail = zs.Length * Lanes; tail < z.Length; tail++)
        {
            z[tail] = Math.FusedMultiplyAdd(x1[tail], w1, Math.FusedMultiplyAdd(x0[tail], w0, z[tail]));
        }
    }

    private static void AddOne(ReadOnlySpan<double> x, double w, Span<double> z)
    {
        var zs = MemoryMarshal.Cast<double, Vector256<double>>(z);
        var v = MemoryMarshal.Cast<double, Vector256<double>>(x)[..zs.Length];
        var u = Vector256.Create(w);
        for (var i = 0; i < zs.Length; i++)
        {
            zs[i] = Vector256.FusedMultiplyAdd(v[i], u, zs[i]);
        }

        for (var tail = zs.Length * Lanes; tail < z.Length; tail++)
        {
            z[tail] = Math.FusedMultiplyAdd(x[tail], w, z[tail]);
        }
    }

    /// <summary>The sum of the four numbers of a vector.</summary>
    public static double AcrossLanes(Vector256<double> v) => v[0] + v[1] + (v[2] + v[3]);
}
