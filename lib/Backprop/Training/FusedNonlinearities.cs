using System.Runtime.CompilerServices;

namespace Backprop;

/// <summary>A nonlinearity g and the way back through it, in registers.</summary>
internal interface IHiddenFunction
{
    /// <summary>True where it is cheaper to keep h = g(z) for the way back than to compute it again.</summary>
    static abstract bool IsKept { get; }

    static abstract TLanes Of<TLanes>(TLanes z)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>dh · g'(z), from h = g(z); z itself is there only where h is not kept.</summary>
    static abstract TLanes Back<TLanes>(TLanes dh, TLanes h, TLanes z)
        where TLanes : struct, ILanes<TLanes>;
}

internal readonly struct FusedRelu : IHiddenFunction
{
    public static bool IsKept => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes z)
        where TLanes : struct, ILanes<TLanes> => Ramp.Of(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Back<TLanes>(TLanes dh, TLanes h, TLanes z)
        where TLanes : struct, ILanes<TLanes> => TLanes.UnlessAtMost0(z, dh);
}

internal readonly struct FusedLogistic : IHiddenFunction
{
    public static bool IsKept => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes z)
        where TLanes : struct, ILanes<TLanes> => LogisticCurve.Of(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Back<TLanes>(TLanes dh, TLanes h, TLanes z)
        where TLanes : struct, ILanes<TLanes> => dh * (h * (TLanes.Of(1) - h));
}

internal readonly struct FusedTanh : IHiddenFunction
{
    public static bool IsKept => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes z)
        where TLanes : struct, ILanes<TLanes> => HyperbolicTangent.Of(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Back<TLanes>(TLanes dh, TLanes h, TLanes z)
        where TLanes : struct, ILanes<TLanes> => dh * (TLanes.Of(1) - h * h);
}
