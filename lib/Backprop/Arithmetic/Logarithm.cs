using System.Runtime.CompilerServices;

namespace Backprop;

/// <summary>The natural logarithm, at most one unit in the last place off.</summary>
/// <remarks>
/// Ours for the same reasons as <see cref="Exponential"/>. With x = 2ᵏ (1 + f), ln x is k ln 2 + ln(1 + f), and with
/// s = f / (2 + f), ln(1 + f) = 2 (s + s³/3 + s⁵/5 + ...): Abramowitz and Stegun, "Handbook of Mathematical Functions"
/// (1964), 4.1.27 and 4.1.29.
/// </remarks>
internal readonly struct Logarithm : IFunction
{
    private const double SmallestNormal = 2.2250738585072014e-308;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Subnormal numbers are made larger, and 54 ln 2 taken from the result.
        var normal = TLanes.Choose(x, TLanes.Of(SmallestNormal), x * TLanes.Of(1L << 54), x);
        var k = TLanes.Exponent(normal) - TLanes.Choose(x, TLanes.Of(SmallestNormal), TLanes.Of(54), default);
        var fraction = TLanes.Fraction(normal);

        // From 1/√2 to √2, so that f is as small as can be.
        var root = TLanes.Of(1.4142135623730951);
        k += TLanes.Choose(fraction, root, default, TLanes.Of(1));
        var f = TLanes.Choose(fraction, root, fraction, fraction * TLanes.Of(0.5)) - TLanes.Of(1);

        var s = f / (TLanes.Of(2) + f);
        var z = s * s;
        var series = TLanes.Of(2.0 / 23);
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 21));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 19));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 17));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 15));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 13));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 11));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 9));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 7));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 5));
        series = TLanes.MultiplyAdd(series, z, TLanes.Of(2.0 / 3));

        // 2 s is f - s f: so f, which is exact, is what the small rest is taken from.
        var rest = s * (f - z * series);
        var result = TLanes.MultiplyAdd(k, TLanes.Of(Exponential.Ln2High), f - (rest - k * TLanes.Of(Exponential.Ln2Low)));

        // Infinity and NaN are their own logarithms; 0 has minus infinity, and what is below 0 has none.
        result = TLanes.Choose(x, TLanes.Of(double.PositiveInfinity), result, x);
        result = TLanes.Choose(TLanes.Of(0), x, result, TLanes.Of(double.NaN));
        return TLanes.Choose(TLanes.Abs(x), TLanes.Of(double.Epsilon), TLanes.Of(double.NegativeInfinity), result);
    }
}
