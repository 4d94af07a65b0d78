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

/// <summary>The hyperbolic tangent, at most three units in the last place off.</summary>
internal readonly struct HyperbolicTangent : IFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        // (e²ˣ - 1) / (e²ˣ + 1) for the positive x, and with the sign of x; from 20 on it is 1 in double precision.
        var size = TLanes.Abs(x);
        size = TLanes.Choose(TLanes.Of(20), size, TLanes.Of(20), size);
        var (k, rest) = Exponential.Split(size + size);

        // e²ˣ - 1 = 2ᵏ (1 + rest) - 1, without the 1 in which the digits of a small x would be lost.
        var power = TLanes.PowerOf2(k);
        var less1 = TLanes.MultiplyAdd(power, rest, power - TLanes.Of(1));
        return TLanes.CopySign(less1 / (less1 + TLanes.Of(2)), x);
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
