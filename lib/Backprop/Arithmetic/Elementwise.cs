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
    public static void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Sum>(x, y, result);

    public static void Subtract(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Difference>(x, y, result);

    public static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Product>(x, y, result);

    public static void Divide(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Quotient>(x, y, result);

    /// <summary>The larger of two; NaN where one of them is.</summary>
    public static void Max(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Larger>(x, y, result);

    /// <summary>y where x is above 0, else 0: what a ReLU lets through on the way back.</summary>
    public static void WhereAbove0(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Gate>(x, y, result);

    public static void Negate(ReadOnlySpan<double> x, Span<double> result) => Map<Opposite>(x, result);

    public static void Exp(ReadOnlySpan<double> x, Span<double> result) => Map<Exponential>(x, result);

    public static void Log(ReadOnlySpan<double> x, Span<double> result) => Map<Logarithm>(x, result);

    public static void Relu(ReadOnlySpan<double> x, Span<double> result) => Map<Ramp>(x, result);

    public static void ReluPrime(ReadOnlySpan<double> x, Span<double> result) => Map<Step>(x, result);

    public static void Logistic(ReadOnlySpan<double> x, Span<double> result) => Map<LogisticCurve>(x, result);

    public static void LogisticPrime(ReadOnlySpan<double> x, Span<double> result) => Map<LogisticSlope>(x, result);

    public static void Tanh(ReadOnlySpan<double> x, Span<double> result) => Map<HyperbolicTangent>(x, result);

    public static void TanhPrime(ReadOnlySpan<double> x, Span<double> result) => Map<HyperbolicTangentSlope>(x, result);

    /// <summary>x + factor · y, for operands of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(ReadOnlySpan<double> x, double factor, ReadOnlySpan<double> y, Span<double> result)
    {
        ref var xs = ref MemoryMarshal.GetReference(x);
        ref var ys = ref MemoryMarshal.GetReference(y[..x.Length]);
        ref var results = ref MemoryMarshal.GetReference(result[..x.Length]);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + Vector256<double>.Count <= x.Length; i += Vector256<double>.Count)
        {
            (Vector256.LoadUnsafe(ref xs, (nuint)i) + factors * Vector256.LoadUnsafe(ref ys, (nuint)i)).StoreUnsafe(ref results, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            result[i] = x[i] + factor * y[i];
        }
    }

    /// <summary>An operation on two operands, as long as the result is or of length 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine<TOperation>(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
        where TOperation : struct, IOperation
    {
        if (result.IsEmpty)
        {
            return;
        }

        x = x.Length == 1 ? x : x[..result.Length];
        y = y.Length == 1 ? y : y[..result.Length];
        var done = Vector512.IsHardwareAccelerated ? Combine<TOperation, EightLanes>(x, y, result, 0) : 0;
        done = Combine<TOperation, FourLanes>(x, y, result, done);
        for (; done < result.Length; done++)
        {
            result[done] = TOperation.Of(FourLanes.Of(x.Length == 1 ? x[0] : x[done]), FourLanes.Of(y.Length == 1 ? y[0] : y[done])).First;
        }
    }

    /// <returns>The place of the first of those that are too few for all lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Combine<TOperation, TLanes>(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result, int from)
        where TOperation : struct, IOperation
        where TLanes : struct, ILanes<TLanes>
    {
        ref var xs = ref MemoryMarshal.GetReference(x);
        ref var ys = ref MemoryMarshal.GetReference(y);
        ref var results = ref MemoryMarshal.GetReference(result);
        var (repeatsX, repeatsY) = (x.Length == 1, y.Length == 1);
        var (oneX, oneY) = (TLanes.Of(xs), TLanes.Of(ys));
        var i = from;
        for (; i + TLanes.Count <= result.Length; i += TLanes.Count)
        {
            TOperation.Of(repeatsX ? oneX : TLanes.Load(ref xs, i), repeatsY ? oneY : TLanes.Load(ref ys, i)).Store(ref results, i);
        }

        return i;
    }

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
            TFunction.Of(TLanes.Load(ref xs, i)).Store(ref results, i);
        }

        return i;
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

    public readonly struct Gate : IOperation
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => TLanes.WhereAbove0(x, y);
    }

    private readonly struct Larger : IOperation
    {
        public static TLanes Of<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes> => TLanes.Max(x, y);
    }
}
