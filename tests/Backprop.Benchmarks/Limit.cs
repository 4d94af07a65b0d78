using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Backprop.Benchmarks;

/// <summary>What one core can do at most: multiplications with an addition, of doubles, by the widest vectors that it has.</summary>
internal static class Limit
{
    private const int Repetitions = 50_000;
    private const int Chains = 10;

    /// <summary>Multiply-adds a second: the best of many short runs, between which others may have had the core.</summary>
    public static double MultiplyAddsPerSecond()
    {
        var best = 0.0;
        for (var run = 0; run < 100; run++)
        {
            var watch = Stopwatch.StartNew();
            var lanes = Vector512.IsHardwareAccelerated ? Eight() : Four();
            best = Math.Max(best, (double)Repetitions * Chains * lanes / watch.Elapsed.TotalSeconds);
        }

        return best;
    }

    // Ten chains that don't wait for each other, in registers: more than the units for multiplication have steps.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Eight()
    {
        var (x, y) = (Vector512.Create(0.999), Vector512.Create(1e-9));
        Vector512<double> s0 = y, s1 = y, s2 = y, s3 = y, s4 = y, s5 = y, s6 = y, s7 = y, s8 = y, s9 = y;
        for (var i = 0; i < Repetitions; i++)
        {
            s0 = Vector512.FusedMultiplyAdd(s0, x, y);
            s1 = Vector512.FusedMultiplyAdd(s1, x, y);
            s2 = Vector512.FusedMultiplyAdd(s2, x, y);
            s3 = Vector512.FusedMultiplyAdd(s3, x, y);
            s4 = Vector512.FusedMultiplyAdd(s4, x, y);
            s5 = Vector512.FusedMultiplyAdd(s5, x, y);
            s6 = Vector512.FusedMultiplyAdd(s6, x, y);
            s7 = Vector512.FusedMultiplyAdd(s7, x, y);
            s8 = Vector512.FusedMultiplyAdd(s8, x, y);
            s9 = Vector512.FusedMultiplyAdd(s9, x, y);
        }

        // The sum is asked for, so that it must be computed.
        return double.IsNaN(Vector512.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9)) ? 0 : Vector512<double>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Four()
    {
        var (x, y) = (Vector256.Create(0.999), Vector256.Create(1e-9));
        Vector256<double> s0 = y, s1 = y, s2 = y, s3 = y, s4 = y, s5 = y, s6 = y, s7 = y, s8 = y, s9 = y;
        for (var i = 0; i < Repetitions; i++)
        {
            s0 = Vector256.FusedMultiplyAdd(s0, x, y);
            s1 = Vector256.FusedMultiplyAdd(s1, x, y);
            s2 = Vector256.FusedMultiplyAdd(s2, x, y);
            s3 = Vector256.FusedMultiplyAdd(s3, x, y);
            s4 = Vector256.FusedMultiplyAdd(s4, x, y);
            s5 = Vector256.FusedMultiplyAdd(s5, x, y);
            s6 = Vector256.FusedMultiplyAdd(s6, x, y);
            s7 = Vector256.FusedMultiplyAdd(s7, x, y);
            s8 = Vector256.FusedMultiplyAdd(s8, x, y);
            s9 = Vector256.FusedMultiplyAdd(s9, x, y);
        }

        return double.IsNaN(Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9)) ? 0 : Vector256<double>.Count;
    }
}
