using System.Runtime.CompilerServices;

namespace Backprop;

/// <summary>eˣ, at most one unit in the last place off.</summary>
/// <remarks>
/// .NET has it, too (<c>Vector512.Exp</c>), but as a method that is not inlined, and that is compiled for speed only after
/// it has run for a while. With x = k ln 2 + r, eˣ is 2ᵏ eʳ, where r is so small that the Taylor series ends soon: Muller,
/// "Elementary Functions" (3rd edition, 2016), chapter 11.
/// </remarks>
internal readonly struct Exponential : IFunction
{
    // ln 2 in two parts: a multiple of the first by a whole number below 2¹¹ is exact.
    internal const double Ln2High = 0.693147180369123816490;
    internal const double Ln2Low = 1.90821492927058770002e-10;

    // Added and subtracted again, it leaves a whole number.
    private const double Rounder = 6755399441055744;      // 1.5 · 2⁵²

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // Beyond these it is 0 or infinite; NaN passes.
        x = TLanes.Choose(x, TLanes.Of(-746), TLanes.Of(-746), x);
        x = TLanes.Choose(TLanes.Of(710), x, TLanes.Of(710), x);
        var (k, rest) = Split(x);

        // By 2ᵏ in two steps: 2ᵏ itself may be too large or too small for a number where eˣ is not.
        var half = TLanes.MultiplyAdd(k, TLanes.Of(0.5), TLanes.Of(Rounder)) - TLanes.Of(Rounder);
        return (TLanes.Of(1) + rest) * TLanes.PowerOf2(half) * TLanes.PowerOf2(k - half);
    }

    /// <summary>The k and rest of eˣ = 2ᵏ (1 + rest), for x from −746 to 710.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes K, TLanes Remainder) Split<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var k = TLanes.MultiplyAdd(x, TLanes.Of(1.4426950408889634), TLanes.Of(Rounder)) - TLanes.Of(Rounder);
        var r = TLanes.MultiplyAdd(k, TLanes.Of(-Ln2Low), TLanes.MultiplyAdd(k, TLanes.Of(-Ln2High), x));

        // eʳ - 1 = r + r² (1/2! + r/3! + r²/4! + ...), up to r¹³/13!: what follows is too small to count.
        var series = TLanes.Of(1.0 / 6227020800);
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 479001600));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 39916800));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 3628800));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 362880));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 40320));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 5040));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 720));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 120));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 24));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 6));
        series = TLanes.MultiplyAdd(series, r, TLanes.Of(1.0 / 2));
        return (k, TLanes.MultiplyAdd(r * r, series, r));
    }
}
