using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>
/// Arithmetic element by element. An operand of length 1 is repeated; the result may be written over an operand.
/// </summary>
/// <remarks>
/// System.Numerics.Tensors does the same, but is compiled for speed only after it has run for a while: in a notebook,
/// after the training. Four numbers at a time on every machine, so that results don't depend on the processor.
/// </remarks>
internal static class Elementwise
{
    private const int Lanes = 4;

    public static void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Sum>(x, y, result);

    public static void Subtract(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Difference>(x, y, result);

    public static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Product>(x, y, result);

    public static void Divide(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Quotient>(x, y, result);

    /// <summary>The larger of two; NaN where one of them is.</summary>
    public static void Max(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result) => Combine<Larger>(x, y, result);

    public static void Negate(ReadOnlySpan<double> x, Span<double> result) => Map<Opposite>(x, result);

    public static void Exp(ReadOnlySpan<double> x, Span<double> result) => Map<Exponential>(x, result);

    public static void Log(ReadOnlySpan<double> x, Span<double> result) => Map<Logarithm>(x, result);

    /// <summary>x where it is above 0, else 0; NaN stays NaN.</summary>
    public static void Relu(ReadOnlySpan<double> x, Span<double> result) => Map<Ramp>(x, result);

    /// <summary>1 where x is above 0, else 0.</summary>
    public static void ReluPrime(ReadOnlySpan<double> x, Span<double> result) => Map<Step>(x, result);

    public static void Logistic(ReadOnlySpan<double> x, Span<double> result) => Map<LogisticCurve>(x, result);

    public static void LogisticPrime(ReadOnlySpan<double> x, Span<double> result) => Map<LogisticSlope>(x, result);

    /// <summary>The hyperbolic tangent, less than ten units in the last place off.</summary>
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
        for (; i + Lanes <= x.Length; i += Lanes)
        {
            (Load(ref xs, i) + factors * Load(ref ys, i)).StoreUnsafe(ref results, (nuint)i);
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

        ref var xs = ref MemoryMarshal.GetReference(x.Length == 1 ? x : x[..result.Length]);
        ref var ys = ref MemoryMarshal.GetReference(y.Length == 1 ? y : y[..result.Length]);
        ref var results = ref MemoryMarshal.GetReference(result);
        var (repeatsX, repeatsY) = (x.Length == 1, y.Length == 1);
        var (oneX, oneY) = (Vector256.Create(xs), Vector256.Create(ys));
        var i = 0;
        for (; i + Lanes <= result.Length; i += Lanes)
        {
            TOperation.Of(repeatsX ? oneX : Load(ref xs, i), repeatsY ? oneY : Load(ref ys, i)).StoreUnsafe(ref results, (nuint)i);
        }

        for (; i < result.Length; i++)
        {
            result[i] = TOperation.Of(repeatsX ? oneX : Vector256.Create(x[i]), repeatsY ? oneY : Vector256.Create(y[i]))[0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFunction>(ReadOnlySpan<double> x, Span<double> result)
        where TFunction : struct, IFunction
    {
        ref var xs = ref MemoryMarshal.GetReference(x);
        ref var results = ref MemoryMarshal.GetReference(result[..x.Length]);
        var i = 0;
        for (; i + Lanes <= x.Length; i += Lanes)
        {
            TFunction.Of(Load(ref xs, i)).StoreUnsafe(ref results, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            result[i] = TFunction.Of(Vector256.Create(x[i]))[0];
        }
    }

    private static Vector256<double> Load(ref double first, int at) => Vector256.LoadUnsafe(ref first, (nuint)at);

    public interface IOperation
    {
        static abstract Vector256<double> Of(Vector256<double> x, Vector256<double> y);
    }

    public readonly struct Sum : IOperation
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => x + y;
    }

    public readonly struct Difference : IOperation
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => x - y;
    }

    public readonly struct Product : IOperation
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => x * y;
    }

    public readonly struct Quotient : IOperation
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => x / y;
    }

    private readonly struct Larger : IOperation
    {
        public static Vector256<double> Of(Vector256<double> x, Vector256<double> y) => Vector256.Max(x, y);
    }

    private interface IFunction
    {
        static abstract Vector256<double> Of(Vector256<double> x);
    }

    private readonly struct Opposite : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x) => -x;
    }

    private readonly struct Exponential : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x) => Vector256.Exp(x);
    }

    private readonly struct Logarithm : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x) => Vector256.Log(x);
    }

    private readonly struct Ramp : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x) => Vector256.AndNot(x, Vector256.LessThanOrEqual(x, Vector256<double>.Zero));
    }

    private readonly struct Step : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x) => Vector256.GreaterThan(x, Vector256<double>.Zero) & Vector256<double>.One;
    }

    private readonly struct LogisticCurve : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x) => Vector256<double>.One / (Vector256<double>.One + Vector256.Exp(-x));
    }

    private readonly struct LogisticSlope : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x)
        {
            // σ(x) σ(−x), the same for −x: with e⁻ˣ of the positive one, nothing overflows.
            var e = Vector256.Exp(-Vector256.Abs(x));
            var sum = Vector256<double>.One + e;
            return e / (sum * sum);
        }
    }

    private readonly struct HyperbolicTangent : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Of(Vector256<double> x)
        {
            // (1 - e⁻²ˣ) / (1 + e⁻²ˣ) for the positive x, where nothing overflows, and with the sign of x.
            var size = Vector256.Abs(x);
            var e = Vector256.Exp(-2 * size);
            var far = (Vector256<double>.One - e) / (Vector256<double>.One + e) | (x & Vector256.Create(-0.0));

            // Near 0 that difference would lose digits: x - x³/3 + 2x⁵/15 - ...,
            // Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 4.5.64.
            var square = x * x;
            var series = Vector256.Create(21844.0 / 6081075);
            series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(-1382.0 / 155925));
            series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(62.0 / 2835));
            series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(-17.0 / 315));
            series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(2.0 / 15));
            series = Vector256.FusedMultiplyAdd(series, square, Vector256.Create(-1.0 / 3));
            var near = Vector256.FusedMultiplyAdd(x * square, series, x);
            return Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(0.1)), near, far);
        }
    }

    private readonly struct HyperbolicTangentSlope : IFunction
    {
        public static Vector256<double> Of(Vector256<double> x)
        {
            var t = HyperbolicTangent.Of(x);
            return Vector256<double>.One - t * t;
        }
    }
}
