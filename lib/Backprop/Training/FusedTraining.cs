using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>
/// Training of a two-layer network of ReLUs on points of the plane, in which no hidden value is ever stored: each
/// hidden unit is computed in registers, used, and, on the way back, computed again. That is less work than
/// fetching it from memory would be, so a pass takes a third of the time of one that goes layer by layer.
/// </summary>
/// <remarks>
/// The arithmetic is the notebooks' own; only the order of the sums differs. It is the same on every machine.
/// </remarks>
internal sealed class FusedTraining
{
    /// <summary>The most classes that the registers hold.</summary>
    public const int MostClasses = 4;

    private const int Lanes = 4;
    private const int ChunkRows = 512;

    // Of each hidden unit, together: the weights of x0 and x1, the bias, and the weights of four classes (0 where there are fewer).
    private const int Packed = 8;
    private const int Bias = 2;
    private const int FirstClass = 3;

    private readonly TwoLayerNetwork network;
    private readonly int[] y;
    private readonly int m;
    private readonly int rows;         // m, and rows of zeros up to a multiple of two vectors
    private readonly int hidden;
    private readonly int classes;
    private readonly double[] x0;
    private readonly double[] x1;
    private readonly double[] scores;  // rows × MostClasses by columns; on the way back, their gradient
    private readonly double[] perRow;
    private readonly double[] weights;
    private readonly double[] gradient;
    private readonly double[] b2;
    private readonly double[] db2 = new double[MostClasses];

    public FusedTraining(TwoLayerNetwork network, Matrix<double> X, int[] y)
    {
        (this.network, this.y, m) = (network, y, y.Length);
        (hidden, classes) = (network.W2.RowCount, network.W2.ColumnCount);
        rows = (m + 2 * Lanes - 1) / (2 * Lanes) * (2 * Lanes);
        (x0, x1, perRow) = (new double[rows], new double[rows], new double[2 * rows]);
        scores = new double[rows * MostClasses];
        (weights, gradient, b2) = (new double[hidden * Packed], new double[hidden * Packed], new double[MostClasses]);

        for (var i = 0; i < m; i++)
        {
            (x0[i], x1[i]) = (X[i, 0], X[i, 1]);
        }

        ForEachWeight((matrix, i, j, at) => weights[at] = matrix[i, j]);
        for (var k = 0; k < classes; k++)
        {
            b2[k] = network.b2[0, k];
        }
    }

    public static bool Fits(TwoLayerNetwork network) => network.W1.RowCount == 2 && network.W2.ColumnCount <= MostClasses;

    /// <summary>One pass forward and backward, and a step downhill.</summary>
    /// <returns>The loss before the step.</returns>
    public double Step(double stepSize, double lambda)
    {
        if (classes == MostClasses)
        {
            Forward<Four>();
        }
        else
        {
            Forward<UpToThree>();
        }

        var loss = Softmax.LossAndGradient(scores.AsSpan(0, rows * classes), y, perRow) + lambda / 2 * SumOfSquaredWeights();
        Array.Clear(gradient);
        for (var row = 0; row < rows; row += ChunkRows)
        {
            if (classes == MostClasses)
            {
                Backward<Four>(row, Math.Min(ChunkRows, rows - row));
            }
            else
            {
                Backward<UpToThree>(row, Math.Min(ChunkRows, rows - row));
            }
        }

        for (var k = 0; k < classes; k++)
        {
            b2[k] -= stepSize * Kernels.Sum(scores.AsSpan(k * rows, rows));
        }

        Descend(stepSize, lambda);
        return loss;
    }

    /// <summary>Puts the trained parameters into the network's matrices.</summary>
    public void WriteBack()
    {
        ForEachWeight((matrix, i, j, at) => matrix[i, j] = weights[at]);
        for (var k = 0; k < classes; k++)
        {
            network.b2[0, k] = b2[k];
        }
    }

    private interface IClasses
    {
        static abstract bool Fourth { get; }
    }

    private readonly struct UpToThree : IClasses
    {
        public static bool Fourth => false;
    }

    private readonly struct Four : IClasses
    {
        public static bool Fourth => true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward<TClasses>()
        where TClasses : struct, IClasses
    {
        var (b0, b1, c2, c3) = (Vector256.Create(b2[0]), Vector256.Create(b2[1]), Vector256.Create(b2[2]), Vector256.Create(b2[3]));
        for (var row = 0; row < rows; row += 2 * Lanes)
        {
            var (xa, xb) = (Load(x0, row), Load(x0, row + Lanes));
            var (ya, yb) = (Load(x1, row), Load(x1, row + Lanes));
            var (s0a, s1a, s2a, s3a) = (b0, b1, c2, c3);
            var (s0b, s1b, s2b, s3b) = (b0, b1, c2, c3);
            foreach (ref readonly var unit in MemoryMarshal.Cast<double, Unit>(weights))
            {
                var (wx, wy, bias) = (Vector256.Create(unit.X), Vector256.Create(unit.Y), Vector256.Create(unit.Bias));
                var ha = Vector256.Max(Vector256.FusedMultiplyAdd(ya, wy, Vector256.FusedMultiplyAdd(xa, wx, bias)), default);
                var hb = Vector256.Max(Vector256.FusedMultiplyAdd(yb, wy, Vector256.FusedMultiplyAdd(xb, wx, bias)), default);
                var v = Vector256.Create(unit.Class0);
                s0a = Vector256.FusedMultiplyAdd(ha, v, s0a);
                s0b = Vector256.FusedMultiplyAdd(hb, v, s0b);
                v = Vector256.Create(unit.Class1);
                s1a = Vector256.FusedMultiplyAdd(ha, v, s1a);
                s1b = Vector256.FusedMultiplyAdd(hb, v, s1b);
                v = Vector256.Create(unit.Class2);
                s2a = Vector256.FusedMultiplyAdd(ha, v, s2a);
                s2b = Vector256.FusedMultiplyAdd(hb, v, s2b);
                if (TClasses.Fourth)
                {
                    v = Vector256.Create(unit.Class3);
                    s3a = Vector256.FusedMultiplyAdd(ha, v, s3a);
                    s3b = Vector256.FusedMultiplyAdd(hb, v, s3b);
                }
            }

            Store(0, row, s0a, s0b);
            Store(1, row, s1a, s1b);
            Store(2, row, s2a, s2b);
            if (TClasses.Fourth)
            {
                Store(3, row, s3a, s3b);
            }
        }

        void Store(int k, int row, Vector256<double> a, Vector256<double> b)
        {
            a.CopyTo(scores, k * rows + row);
            b.CopyTo(scores, k * rows + row + Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward<TClasses>(int start, int count)
        where TClasses : struct, IClasses
    {
        var xs = Vectors(x0.AsSpan(start, count));
        var ys = Vectors(x1.AsSpan(start, count))[..xs.Length];
        var ds0 = Vectors(scores.AsSpan(start, count))[..xs.Length];
        var ds1 = Vectors(scores.AsSpan(rows + start, count))[..xs.Length];
        var ds2 = Vectors(scores.AsSpan(2 * rows + start, count))[..xs.Length];
        var ds3 = Vectors(scores.AsSpan(3 * rows + start, count))[..xs.Length];
        var units = MemoryMarshal.Cast<double, Unit>(weights);
        var gradients = MemoryMarshal.Cast<double, Unit>(gradient.AsSpan());
        for (var j = 0; j < units.Length; j++)
        {
            ref readonly var unit = ref units[j];
            var (wx, wy, bias) = (Vector256.Create(unit.X), Vector256.Create(unit.Y), Vector256.Create(unit.Bias));
            var (v0, v1, v2, v3) = (Vector256.Create(unit.Class0), Vector256.Create(unit.Class1), Vector256.Create(unit.Class2), Vector256.Create(unit.Class3));
            Vector256<double> dx = default, dy = default, db = default, d0 = default, d1 = default, d2 = default, d3 = default;
            for (var i = 0; i < xs.Length; i++)
            {
                var z = Vector256.FusedMultiplyAdd(ys[i], wy, Vector256.FusedMultiplyAdd(xs[i], wx, bias));
                var h = Vector256.Max(z, default);
                var dh = Vector256.FusedMultiplyAdd(ds2[i], v2, Vector256.FusedMultiplyAdd(ds1[i], v1, ds0[i] * v0));
                d0 = Vector256.FusedMultiplyAdd(h, ds0[i], d0);
                d1 = Vector256.FusedMultiplyAdd(h, ds1[i], d1);
                d2 = Vector256.FusedMultiplyAdd(h, ds2[i], d2);
                if (TClasses.Fourth)
                {
                    dh = Vector256.FusedMultiplyAdd(ds3[i], v3, dh);
                    d3 = Vector256.FusedMultiplyAdd(h, ds3[i], d3);
                }

                var dz = Vector256.GreaterThan(z, default) & dh;
                dx = Vector256.FusedMultiplyAdd(dz, xs[i], dx);
                dy = Vector256.FusedMultiplyAdd(dz, ys[i], dy);
                db += dz;
            }

            ref var sums = ref gradients[j];
            sums.X += Kernels.AcrossLanes(dx);
            sums.Y += Kernels.AcrossLanes(dy);
            sums.Bias += Kernels.AcrossLanes(db);
            sums.Class0 += Kernels.AcrossLanes(d0);
            sums.Class1 += Kernels.AcrossLanes(d1);
            sums.Class2 += Kernels.AcrossLanes(d2);
            sums.Class3 += Kernels.AcrossLanes(d3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double SumOfSquaredWeights()
    {
        Vector256<double> first = default, second = default;
        for (var at = 0; at < weights.Length; at += Packed)
        {
            var input = Load(weights, at) * NoBias;
            var output = Load(weights, at + Lanes);
            first = Vector256.FusedMultiplyAdd(input, input, first);
            second = Vector256.FusedMultiplyAdd(output, output, second);
        }

        return Kernels.AcrossLanes(first + second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Descend(double stepSize, double lambda)
    {
        var step = Vector256.Create(stepSize);
        var (inputDecay, outputDecay) = (NoBias * lambda, Vector256.Create(lambda));
        for (var at = 0; at < weights.Length; at += Packed)
        {
            var (input, output) = (Load(weights, at), Load(weights, at + Lanes));
            (input - step * (Load(gradient, at) + inputDecay * input)).CopyTo(weights, at);
            (output - step * (Load(gradient, at + Lanes) + outputDecay * output)).CopyTo(weights, at + Lanes);
        }
    }

    /// <summary>1 for each of the first four numbers of a unit, but 0 for its bias, which is not regularised.</summary>
    private static Vector256<double> NoBias => Vector256<double>.One.WithElement(Bias, 0);

    private void ForEachWeight(Action<Matrix<double>, int, int, int> visit)
    {
        for (var j = 0; j < hidden; j++)
        {
            visit(network.W1, 0, j, j * Packed);
            visit(network.W1, 1, j, j * Packed + 1);
            visit(network.b1, 0, j, j * Packed + Bias);
            for (var k = 0; k < classes; k++)
            {
                visit(network.W2, j, k, j * Packed + FirstClass + k);
            }
        }
    }

    private static Vector256<double> Load(double[] values, int at) => Vector256.Create(values, at);

    private static ReadOnlySpan<Vector256<double>> Vectors(Span<double> values) => MemoryMarshal.Cast<double, Vector256<double>>(values);

    /// <summary>A hidden unit's parameters, or their gradients.</summary>
    [StructLayout(LayoutKind.Sequential, Size = Packed * sizeof(double))]
    private struct Unit
    {
        public double X;
        public double Y;
        public double Bias;
        public double Class0;
        public double Class1;
        public double Class2;
        public double Class3;
    }
}
