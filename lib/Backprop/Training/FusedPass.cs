using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>
/// A chunk of the points, and one pass over it: forward, softmax, and back to the gradient of every weight. Between the
/// columns of the points and the sums of the gradient nothing is stored that need not be.
/// </summary>
/// <remarks>
/// Softmax sees only differences of scores. So the score of the last class is taken from the others, and is 0 itself: that
/// is a column less to compute, and on the way back its gradient is minus the sum of the others'. A chunk is so small that
/// its columns stay in the nearest cache, and its sums depend on nobody else's.
/// </remarks>
internal sealed class FusedPass
{
    /// <summary>Rows of a chunk, at most.</summary>
    public const int MostRows = 512;

    /// <summary>The most classes that the registers hold.</summary>
    public const int MostClasses = 4;

    // Two vectors of eight are at work at a time; the last rows of a chunk may be there only to fill them.
    private const int Block = 16;

    private readonly int _rows;
    private readonly double[] _x0, _x1;
    private readonly double[] _shares;      // of each point in the average: 1 / m, and 0 for a row that only fills up
    private readonly double[] _isClass;     // a column for each class but the last: 1 where the point is of it
    private readonly double[] _scores;      // a column for each class but the last; on the way back, their gradient
    private readonly double[] _losses;

    /// <param name="points">x0, x1 and the class of each point of the chunk.</param>
    /// <param name="classes">K, from 2 to 4.</param>
    /// <param name="m">How many points all chunks have.</param>
    /// <param name="hidden">h</param>
    public FusedPass(ReadOnlySpan<(double X0, double X1, int Class)> points, int classes, int m, int hidden)
    {
        _rows = (points.Length + Block - 1) / Block * Block;
        (_x0, _x1, _shares, _losses) = (new double[_rows], new double[_rows], new double[_rows], new double[_rows]);
        (_isClass, _scores) = (new double[_rows * (classes - 1)], new double[_rows * (classes - 1)]);
        Gradient = new FusedUnit[hidden];
        for (var i = 0; i < points.Length; i++)
        {
            (_x0[i], _x1[i], _shares[i]) = (points[i].X0, points[i].X1, 1.0 / m);
            if (points[i].Class < classes - 1)
            {
                _isClass[points[i].Class * _rows + i] = 1;
            }
        }
    }

    /// <summary>The chunk's part of the loss.</summary>
    public double Loss { get; private set; }

    /// <summary>The chunk's part of the gradient of each hidden unit's weights.</summary>
    public FusedUnit[] Gradient { get; }

    /// <summary>The chunk's part of the gradient of b2.</summary>
    public Vector256<double> BiasGradient { get; private set; }

    /// <summary>Forward and backward through the hidden units, whose output weights are differences from those of the last class.</summary>
    /// <typeparam name="TLanes">How many numbers are at work at a time.</typeparam>
    /// <typeparam name="TFunction">The nonlinearity.</typeparam>
    /// <typeparam name="TScores">How many scores a point has, without that of the last class.</typeparam>
    /// <param name="units">The hidden units.</param>
    /// <param name="b">b2, also as differences.</param>
    public void Run<TLanes, TFunction, TScores>(FusedUnit[] units, Vector256<double> b)
        where TLanes : struct, ILanes<TLanes>
        where TFunction : struct, IHiddenFunction
        where TScores : struct, ICount
    {
        var kept = TFunction.IsKept ? ArrayPool<double>.Shared.Rent(units.Length * Stride) : [];
        Forward<TLanes, TFunction, TScores>(units, b, kept);
        Compare<TLanes, TScores>();
        Backward<TLanes, TFunction, TScores>(units, kept);
        if (TFunction.IsKept)
        {
            ArrayPool<double>.Shared.Return(kept);
        }
    }

    // Not a power of two, or all columns would compete for the same few places of the cache.
    private int Stride => _rows + Block / 2;

    /// <summary>The scores: all hidden units for two vectors of points at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward<TLanes, TFunction, TScores>(FusedUnit[] units, Vector256<double> b, double[] kept)
        where TLanes : struct, ILanes<TLanes>
        where TFunction : struct, IHiddenFunction
        where TScores : struct, ICount
    {
        ref var xs = ref First(_x0);
        ref var ys = ref First(_x1);
        ref var hs = ref First(kept);
        ref var s = ref First(_scores);
        var (b0, b1, b2) = (TLanes.Of(b[0]), TLanes.Of(b[1]), TLanes.Of(b[2]));
        for (var row = 0; row < _rows; row += 2 * TLanes.Count)
        {
            var (xA, xB) = (TLanes.Load(ref xs, row), TLanes.Load(ref xs, row + TLanes.Count));
            var (yA, yB) = (TLanes.Load(ref ys, row), TLanes.Load(ref ys, row + TLanes.Count));
            var (s0A, s1A, s2A) = (b0, b1, b2);
            var (s0B, s1B, s2B) = (b0, b1, b2);
            var at = row;
            foreach (ref readonly var unit in units.AsSpan())
            {
                var (wx, wy, bias) = (TLanes.Of(unit.X), TLanes.Of(unit.Y), TLanes.Of(unit.Bias));
                var hA = TFunction.Of(TLanes.MultiplyAdd(yA, wy, TLanes.MultiplyAdd(xA, wx, bias)));
                var hB = TFunction.Of(TLanes.MultiplyAdd(yB, wy, TLanes.MultiplyAdd(xB, wx, bias)));
                if (TFunction.IsKept)
                {
                    hA.Store(ref hs, at);
                    hB.Store(ref hs, at + TLanes.Count);
                    at += Stride;
                }

                var v = TLanes.Of(unit.Class0);
                s0A = TLanes.MultiplyAdd(hA, v, s0A);
                s0B = TLanes.MultiplyAdd(hB, v, s0B);
                if (TScores.Count > 1)
                {
                    v = TLanes.Of(unit.Class1);
                    s1A = TLanes.MultiplyAdd(hA, v, s1A);
                    s1B = TLanes.MultiplyAdd(hB, v, s1B);
                }

                if (TScores.Count > 2)
                {
                    v = TLanes.Of(unit.Class2);
                    s2A = TLanes.MultiplyAdd(hA, v, s2A);
                    s2B = TLanes.MultiplyAdd(hB, v, s2B);
                }
            }

            s0A.Store(ref s, row);
            s0B.Store(ref s, row + TLanes.Count);
            if (TScores.Count > 1)
            {
                s1A.Store(ref s, _rows + row);
                s1B.Store(ref s, _rows + row + TLanes.Count);
            }

            if (TScores.Count > 2)
            {
                s2A.Store(ref s, 2 * _rows + row);
                s2B.Store(ref s, 2 * _rows + row + TLanes.Count);
            }
        }
    }

    /// <summary>Softmax, the loss, and the gradient (P − Y) / m in the place of the scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compare<TLanes, TScores>()
        where TLanes : struct, ILanes<TLanes>
        where TScores : struct, ICount
    {
        ref var s = ref First(_scores);
        ref var y = ref First(_isClass);
        for (var row = 0; row < _rows; row += TLanes.Count)
        {
            // With the largest score taken from all of them, the last class's 0 among them, nothing overflows.
            var s0 = TLanes.Load(ref s, row);
            var s1 = TScores.Count > 1 ? TLanes.Load(ref s, _rows + row) : default;
            var s2 = TScores.Count > 2 ? TLanes.Load(ref s, 2 * _rows + row) : default;
            var largest = TLanes.Max(s0, TLanes.Max(s1, TLanes.Max(s2, default)));
            var e0 = Exponential.Of(s0 - largest);
            var e1 = TScores.Count > 1 ? Exponential.Of(s1 - largest) : default;
            var e2 = TScores.Count > 2 ? Exponential.Of(s2 - largest) : default;
            var sum = Exponential.Of(-largest) + e0 + e1 + e2;

            var share = TLanes.Load(ref First(_shares), row);
            var factor = share / sum;
            var y0 = TLanes.Load(ref y, row);
            (e0 * factor - y0 * share).Store(ref s, row);
            var ofClass = y0 * s0;
            if (TScores.Count > 1)
            {
                var y1 = TLanes.Load(ref y, _rows + row);
                (e1 * factor - y1 * share).Store(ref s, _rows + row);
                ofClass += y1 * s1;
            }

            if (TScores.Count > 2)
            {
                var y2 = TLanes.Load(ref y, 2 * _rows + row);
                (e2 * factor - y2 * share).Store(ref s, 2 * _rows + row);
                ofClass += y2 * s2;
            }

            (share * (largest - ofClass + Logarithm.Of(sum))).Store(ref First(_losses), row);
        }

        Loss = Sums.Of(_losses);
        BiasGradient = WithLast<TScores>(SumOf(0), TScores.Count > 1 ? SumOf(1) : 0, TScores.Count > 2 ? SumOf(2) : 0);

        double SumOf(int k) => Sums.Of(_scores.AsSpan(k * _rows, _rows));
    }

    /// <summary>The gradient of the weights: all points for one hidden unit at a time, whose sums stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward<TLanes, TFunction, TScores>(FusedUnit[] units, double[] kept)
        where TLanes : struct, ILanes<TLanes>
        where TFunction : struct, IHiddenFunction
        where TScores : struct, ICount
    {
        ref var xs = ref First(_x0);
        ref var ys = ref First(_x1);
        ref var s0 = ref First(_scores);
        ref var s1 = ref Unsafe.Add(ref s0, TScores.Count > 1 ? _rows : 0);
        ref var s2 = ref Unsafe.Add(ref s0, TScores.Count > 2 ? 2 * _rows : 0);
        for (var j = 0; j < units.Length; j++)
        {
            ref readonly var unit = ref units[j];
            ref var hs = ref Unsafe.Add(ref First(kept), TFunction.IsKept ? j * Stride : 0);
            var (wx, wy, bias) = (TLanes.Of(unit.X), TLanes.Of(unit.Y), TLanes.Of(unit.Bias));
            var (v0, v1, v2) = (TLanes.Of(unit.Class0), TLanes.Of(unit.Class1), TLanes.Of(unit.Class2));
            Vector256<double> sumX = default, sumY = default, sumBias = default, sum0 = default, sum1 = default, sum2 = default;

            // Where there are only four lanes, they first stand for the lower half of eight, and then for the upper one.
            for (var half = 0; half < 8; half += TLanes.Count)
            {
                TLanes dx = default, dy = default, dBias = default, d0 = default, d1 = default, d2 = default;
                for (var i = half; i < _rows; i += 8)
                {
                    var (x, y, ds0) = (TLanes.Load(ref xs, i), TLanes.Load(ref ys, i), TLanes.Load(ref s0, i));
                    var z = TFunction.IsKept ? default : TLanes.MultiplyAdd(y, wy, TLanes.MultiplyAdd(x, wx, bias));
                    var h = TFunction.IsKept ? TLanes.Load(ref hs, i) : TFunction.Of(z);
                    d0 = TLanes.MultiplyAdd(h, ds0, d0);
                    var dh = ds0 * v0;
                    if (TScores.Count > 1)
                    {
                        var ds1 = TLanes.Load(ref s1, i);
                        d1 = TLanes.MultiplyAdd(h, ds1, d1);
                        dh = TLanes.MultiplyAdd(ds1, v1, dh);
                    }

                    if (TScores.Count > 2)
                    {
                        var ds2 = TLanes.Load(ref s2, i);
                        d2 = TLanes.MultiplyAdd(h, ds2, d2);
                        dh = TLanes.MultiplyAdd(ds2, v2, dh);
                    }

                    var dz = TFunction.Back(dh, h, z);
                    dx = TLanes.MultiplyAdd(dz, x, dx);
                    dy = TLanes.MultiplyAdd(dz, y, dy);
                    dBias += dz;
                }

                sumX += dx.Fold();
                sumY += dy.Fold();
                sumBias += dBias.Fold();
                sum0 += d0.Fold();
                sum1 += d1.Fold();
                sum2 += d2.Fold();
            }

            Gradient[j] = new()
            {
                Inputs = Vector256.Create(Sums.AcrossLanes(sumX), Sums.AcrossLanes(sumY), Sums.AcrossLanes(sumBias), 0),
                Outputs = WithLast<TScores>(Sums.AcrossLanes(sum0), Sums.AcrossLanes(sum1), Sums.AcrossLanes(sum2)),
            };
        }
    }

    /// <summary>The sums of all classes, from those of all but the last: together they are 0.</summary>
    private static Vector256<double> WithLast<TScores>(double sum0, double sum1, double sum2)
        where TScores : struct, ICount => TScores.Count switch
        {
            1 => Vector256.Create(sum0, -sum0, 0, 0),
            2 => Vector256.Create(sum0, sum1, -(sum0 + sum1), 0),
            _ => Vector256.Create(sum0, sum1, sum2, -(sum0 + sum1 + sum2)),
        };

    private static ref double First(double[] values) => ref MemoryMarshal.GetArrayDataReference(values);
}
