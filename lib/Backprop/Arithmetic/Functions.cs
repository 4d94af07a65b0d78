using System.Runtime.CompilerServices;

namespace Backprop;

/// <summary>A function of a number, for several numbers at a time.</summary>
internal interface IFunction
{
    static abstract TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>−x.</summary>
internal readonly struct Opposite : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => -x;
}

/// <summary>x where it is above 0, else 0; NaN stays NaN.</summary>
internal readonly struct Ramp : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.UnlessAtMost0(x, x);
}

/// <summary>1 where x is above 0, else 0.</summary>
internal readonly struct Step : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.WhereAbove0(x, TLanes.Of(1));
}

/// <summary>σ(x) = 1 / (1 + e⁻ˣ); where e⁻ˣ is infinite, 0.</summary>
internal readonly struct LogisticCurve : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.Of(1) / (TLanes.Of(1) + Exponential.Of(-x));
}

/// <summary>σ(x) σ(−x).</summary>
internal readonly struct LogisticSlope : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // The same for −x: with e⁻ˣ of the positive one, nothing overflows.
        var e = Exponential.Of(-TLanes.Abs(x));
        var sum = TLanes.Of(1) + e;
        return e / (sum * sum);
    }
}

/// <summary>The hyperbolic tangent, less than ten units in the last place off.</summary>
internal readonly struct HyperbolicTangent : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // (1 - e⁻²ˣ) / (1 + e⁻²ˣ) for the positive x, where nothing overflows, and with the sign of x.
        var size = TLanes.Abs(x);
        var e = Exponential.Of(TLanes.Of(-2) * size);
        var far = TLanes.CopySign((TLanes.Of(1) - e) / (TLanes.Of(1) + e), x);

        // Near 0 that difference would lose digits: x - x³/3 + 2x⁵/15 - ...,
        // Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 4.5.64.
        var square = x * x;
        var series = TLanes.Of(21844.0 / 6081075);
        series = TLanes.MultiplyAdd(series, square, TLanes.Of(-1382.0 / 155925));
        series = TLanes.MultiplyAdd(series, square, TLanes.Of(62.0 / 2835));
        series = TLanes.MultiplyAdd(series, square, TLanes.Of(-17.0 / 315));
        series = TLanes.MultiplyAdd(series, square, TLanes.Of(2.0 / 15));
        series = TLanes.MultiplyAdd(series, square, TLanes.Of(-1.0 / 3));
        var near = TLanes.MultiplyAdd(x * square, series, x);
        return TLanes.Choose(size, TLanes.Of(0.1), near, far);
    }
}

/// <summary>1 − tanh²(x).</summary>
internal readonly struct HyperbolicTangentSlope : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        var t = HyperbolicTangent.Of(x);
        return TLanes.Of(1) - t * t;
    }
}
