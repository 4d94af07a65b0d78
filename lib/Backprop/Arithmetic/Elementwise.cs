using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>
/// Arithmetic element by element. An operand of length 1 is repeated; the result may be written over an operand.
/// </summary>
/// <remarks>
/// System.Numerics.Tensors does the same, but is compiled for speed only after it has run for a while: in a notebook,
/// after the training. Every element goes through the same arithmetic, however many a processor takes at a time.
/// </remarks>
internal static class Elementwise
{
    // Of whole matrices, a part is what fits the cache.
    private const int PartSize = 1 << 16;

    public static void Relu(double[] x, double[] result) => Map<Ramp>(x, result);

    public static void ReluPrime(double[] x, double[] result) => Map<Step>(x, result);

    public static void Logistic(double[] x, double[] result) => Map<LogisticCurve>(x, result);

    public static void LogisticPrime(double[] x, double[] result) => Map<LogisticSlope>(x, result);

    public static void Tanh(double[] x, double[] result) => Map<HyperbolicTangent>(x, result);

    public static void TanhPrime(double[] x, double[] result) => Map<HyperbolicTangentSlope>(x, result);

    public static void Negate(double[] x, double[] result) => Map<Opposite>(x, result);

    public static void Exp(double[] x, double[] result) => Map<Exponential>(x, result);

    public static void Exp(ReadOnlySpan<double> x, Span<double> result) => Map<Exponential>(x, result);

    public static void Log(double[] x, double[] result) => Map<Logarithm>(x, result);

    public static void Log(ReadOnlySpan<double> x, Span<double> result) => Map<Logarithm>(x, result);

    public static void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Sum>(x, y, result);

    public static void Subtract(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Difference>(x, y, result);

    public static void Divide(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Quotient>(x, y, result);

    /// <summary>The larger of two; NaN where one of them is.</summary>
    public static void Max(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Larger>(x, y, result);

    /// <summary>factor · x</summary>
    public static void Scale(double[] x, double factor, double[] result) => Cores.Split(
        result.Length,
        PartSize,
        effort: 2L * result.Length,
        (x, factor, result),
        static (all, from, count) => Combine<Product>(all.x.AsSpan(from, count), [all.factor], all.result.AsSpan(from, count)));

    /// <summary>x + factor · y, for operands of one length.</summary>
    public static void AddScaled(double[] x, double factor, double[] y, double[] result) => Cores.Split(
        result.Length,
        PartSize,
        effort: 3L * result.Length,
        (x, factor, y, result),
        static (all, from, count) => AddScaled(all.x.AsSpan(from, count), all.factor, all.y.AsSpan(from, count), all.result.AsSpan(from, count)));

    /// <summary>An operation on two operands of the length of the result.</summary>
    public static void Combine<TOperation>(double[] x, double[] y, double[] result)
        where TOperation : struct, IOperation => Cores.Split(
            result.Length,
            PartSize,
            effort: 3L * result.Length,
            (x, y, result),
            static (all, from, count) => Combine<TOperation>(all.x.AsSpan(from, count), all.y.AsSpan(from, count), all.result.AsSpan(from, count)));

    /// <summary>An operation on two matrices column by column, whose columns begin a stride apart: 1 where a column is one number, 0 where there is one column for all.</summary>
    public static void CombineColumns<TOperation>(int rows, double[] x, int xStride, double[] y, int yStride, double[] result)
        where TOperation : struct, IOperation => Cores.Split(
            rows == 0 ? 0 : result.Length / rows,
            Dense.ColumnsOfPart(rows),
            effort: 3L * result.Length,
            (rows, x, xStride, y, yStride, result),
            static (all, from, count) =>
            {
                for (var j = from; j < from + count; j++)
                {
                    Combine<TOperation>(
                        all.x.AsSpan(j * all.xStride, all.xStride == 1 || all.x.Length == 1 ? 1 : all.rows),
                        all.y.AsSpan(j * all.yStride, all.yStride == 1 || all.y.Length == 1 ? 1 : all.rows),
                        all.result.AsSpan(j * all.rows, all.rows));
                }
            });

    /// <summary>An operation on two operands, as long as the result is or of length 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine<TOperation>(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
        where TOperation : struct, IOperation
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Combine<TOperation, EightLanes>(x, y, result);
        }
        else
        {
            Combine<TOperation, FourLanes>(x, y, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<TOperation, TLanes>(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
        where TOperation : struct, IOperation
        where TLanes : struct, ILanes<TLanes>
    {
        if (result.IsEmpty)
        {
            return;
        }

        var (repeatsX, repeatsY) = (x.Length == 1, y.Length == 1);
        ref var xs = ref MemoryMarshal.GetReference(repeatsX ? x : x[..result.Length]);
        ref var ys = ref MemoryMarshal.GetReference(repeatsY ? y : y[..result.Length]);
        ref var results = ref MemoryMarshal.GetReference(result);
        var (oneX, oneY) = (TLanes.Of(xs), TLanes.Of(ys));
        var i = 0;

        // A loop for each, so that none asks at every step what is repeated.
        if (!repeatsX && !repeatsY)
        {
            for (; i + TLanes.Count <= result.Length; i += TLanes.Count)
            {
                Ahead.Fetch(ref results, i + Ahead.Page);
                TOperation.Of(TLanes.Load(ref xs, i), TLanes.Load(ref ys, i)).Store(ref results, i);
            }
        }
        else if (!repeatsX)
        {
            for (; i + TLanes.Count <= result.Length; i += TLanes.Count)
            {
                Ahead.Fetch(ref results, i + Ahead.Page);
                TOperation.Of(TLanes.Load(ref xs, i), oneY).Store(ref results, i);
            }
        }
        else
        {
            for (; i + TLanes.Count <= result.Length; i += TLanes.Count)
            {
                Ahead.Fetch(ref results, i + Ahead.Page);
                TOperation.Of(oneX, repeatsY ? oneY : TLanes.Load(ref ys, i)).Store(ref results, i);
            }
        }

        for (; i < result.Length; i++)
        {
            result[i] = TOperation.Of(TLanes.Of(repeatsX ? xs : x[i]), TLanes.Of(repeatsY ? ys : y[i])).First;
        }
    }

    private static void Map<TFunction>(double[] x, double[] result)
        where TFunction : struct, IFunction => Cores.Split(
            x.Length,
            PartSize,
            effort: 2L * x.Length,
            (x, result),
            static (all, from, count) => Map<TFunction>(all.x.AsSpan(from, count), all.result.AsSpan(from, count)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFunction>(ReadOnlySpan<double> x, Span<double> result)
        where TFunction : struct, IFunction
    {
        result = result[..x.Length];
        var done = Vector512.IsHardwareAccelerated ? Map<TFunction, EightLanes>(x, result, 0) : 0;
        done = Map<TFunction, FourLanes>(x, result, done);
        for (; done < x.Length; done++)
        {
            result[done] = TFunction.Of(FourLanes.Of(x[done])).First;
        }
    }

    /// <returns>The place of the first of those that are too few for all lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Map<TFunction, TLanes>(ReadOnlySpan<double> x, Span<double> result, int from)
        where TFunction : struct, IFunction
        where TLanes : struct, ILanes<TLanes>
    {
        ref var xs = ref MemoryMarshal.GetReference(x);
        ref var results = ref MemoryMarshal.GetReference(result);
        var i = from;
        for (; i + TLanes.Count <= x.Length; i += TLanes.Count)
        {
            Ahead.Fetch(ref results, i + Ahead.Page);
            TFunction.Of(TLanes.Load(ref xs, i)).Store(ref results, i);
        }

        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(ReadOnlySpan<double> x, double factor, ReadOnlySpan<double> y, Span<double> result)
    {
        ref var xs = ref MemoryMarshal.GetReference(x);
        ref var ys = ref MemoryMarshal.GetReference(y[..x.Length]);
        ref var results = ref MemoryMarshal.GetReference(result[..x.Length]);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + Vector256<double>.Count <= x.Length; i += Vector256<double>.Count)
        {
            Ahead.Fetch(ref results, i + Ahead.Page);
            (Vector256.LoadUnsafe(ref xs, (nuint)i) + factors * Vector256.LoadUnsafe(ref ys, (nuint)i)).StoreUnsafe(ref results, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            result[i] = x[i] + factor * y[i];
        }
    }

    /// <summary>An operation on two numbers, for several at a time.</summary>
    public interface IOperation
    {
        static abstract TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes>;
    }

    public readonly struct Sum : IOperation
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => x + y;
    }

    public readonly struct Difference : IOperation
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => x - y;
    }

    public readonly struct Product : IOperation
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => x * y;
    }

    public readonly struct Quotient : IOperation
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => x / y;
    }

    /// <summary>y times the slope of a function at x: the way back through it.</summary>
    public readonly struct Through<TSlope> : IOperation
        where TSlope : struct, IFunction
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => y * TSlope.Of(x);
    }

    private readonly struct Larger : IOperation
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => TLanes.Max(x, y);
    }
}
