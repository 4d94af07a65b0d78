using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>
/// Several numbers side by side, which one instruction computes with. Loops are written once, for any number of them.
/// </summary>
/// <remarks>
/// A processor that has no instructions for eight numbers takes four at a time. Results must not show it: what is summed
/// is summed as if in eight lanes, and <see cref="Fold"/> adds the upper four to the lower four.
/// </remarks>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many numbers: 4 or 8.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf Of(double value);

    /// <summary>Numbers from memory; the caller has checked that there are so many.</summary>
    static abstract TSelf Load(ref readonly double first, nint at);

    void Store(ref double first, nint at);

    /// <summary>The number in the first lane.</summary>
    double First { get; }

    /// <summary>The lanes as four sums.</summary>
    Vector256<double> Fold();

    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x, TSelf y);

    static abstract TSelf operator *(TSelf x, TSelf y);

    static abstract TSelf operator /(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x);

    /// <summary>x · y + z, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>The larger of two; NaN where one of them is.</summary>
    static abstract TSelf Max(TSelf x, TSelf y);

    static abstract TSelf Abs(TSelf x);

    static abstract TSelf CopySign(TSelf size, TSelf sign);

    /// <summary>2 to the power of a whole number from −1022 to 1023.</summary>
    static abstract TSelf PowerOf2(TSelf exponent);

    /// <summary>The e of x = 2ᵉ · f with f from 1 to below 2; x is a positive number that is not subnormal.</summary>
    static abstract TSelf Exponent(TSelf x);

    /// <summary>The f of x = 2ᵉ · f with f from 1 to below 2; x is a positive number that is not subnormal.</summary>
    static abstract TSelf Fraction(TSelf x);

    /// <summary>The value where z is above 0, else 0.</summary>
    static abstract TSelf WhereAbove0(TSelf z, TSelf value);

    /// <summary>0 where z is 0 or below, else the value: also where z is NaN.</summary>
    static abstract TSelf UnlessAtMost0(TSelf z, TSelf value);

    /// <summary>One value where x is below a limit, another elsewhere.</summary>
    static abstract TSelf Choose(TSelf x, TSelf limit, TSelf below, TSelf elsewhere);
}

/// <summary>Four numbers.</summary>
internal readonly struct FourLanes(Vector256<double> lanes) : ILanes<FourLanes>
{
    // The compiler sees through the struct where everything is inlined, and the loops run in registers.
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly Vector256<double> _lanes = lanes;

    public static int Count => 4;

    public double First => _lanes.ToScalar();

    [MethodImpl(Inline)]
    public static FourLanes Of(double value) => new(Vector256.Create(value));

    [MethodImpl(Inline)]
    public static FourLanes Load(ref readonly double first, nint at) => new(Vector256.LoadUnsafe(in first, (nuint)at));

    [MethodImpl(Inline)]
    public void Store(ref double first, nint at) => _lanes.StoreUnsafe(ref first, (nuint)at);

    [MethodImpl(Inline)]
    public Vector256<double> Fold() => _lanes;

    [MethodImpl(Inline)]
    public static FourLanes operator +(FourLanes x, FourLanes y) => new(x._lanes + y._lanes);

    [MethodImpl(Inline)]
    public static FourLanes operator -(FourLanes x, FourLanes y) => new(x._lanes - y._lanes);

    [MethodImpl(Inline)]
    public static FourLanes operator *(FourLanes x, FourLanes y) => new(x._lanes * y._lanes);

    [MethodImpl(Inline)]
    public static FourLanes operator /(FourLanes x, FourLanes y) => new(x._lanes / y._lanes);

    [MethodImpl(Inline)]
    public static FourLanes operator -(FourLanes x) => new(-x._lanes);

    [MethodImpl(Inline)]
    public static FourLanes MultiplyAdd(FourLanes x, FourLanes y, FourLanes z) => new(Vector256.FusedMultiplyAdd(x._lanes, y._lanes, z._lanes));

    [MethodImpl(Inline)]
    public static FourLanes Max(FourLanes x, FourLanes y) => new(Vector256.Max(x._lanes, y._lanes));

    [MethodImpl(Inline)]
    public static FourLanes Abs(FourLanes x) => new(Vector256.Abs(x._lanes));

    [MethodImpl(Inline)]
    public static FourLanes CopySign(FourLanes size, FourLanes sign) => new(Vector256.CopySign(size._lanes, sign._lanes));

    [MethodImpl(Inline)]
    public static FourLanes PowerOf2(FourLanes exponent) =>
        new((Vector256.AsInt64(exponent._lanes + Vector256.Create(Bits.Whole + Bits.Bias)) << Bits.OfFraction).AsDouble());

    [MethodImpl(Inline)]
    public static FourLanes Exponent(FourLanes x) =>
        new(((x._lanes.AsInt64() >>> Bits.OfFraction) | Vector256.Create(Bits.Whole).AsInt64()).AsDouble() - Vector256.Create(Bits.Whole + Bits.Bias));

    [MethodImpl(Inline)]
    public static FourLanes Fraction(FourLanes x) =>
        new(((x._lanes.AsInt64() & Vector256.Create((1L << Bits.OfFraction) - 1)) | Vector256<double>.One.AsInt64()).AsDouble());

    [MethodImpl(Inline)]
    public static FourLanes WhereAbove0(FourLanes z, FourLanes value) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(z._lanes, default), value._lanes, default));

    [MethodImpl(Inline)]
    public static FourLanes UnlessAtMost0(FourLanes z, FourLanes value) =>
        new(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(z._lanes, default), default, value._lanes));

    [MethodImpl(Inline)]
    public static FourLanes Choose(FourLanes x, FourLanes limit, FourLanes below, FourLanes elsewhere) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(x._lanes, limit._lanes), below._lanes, elsewhere._lanes));
}

/// <summary>Eight numbers; only where <see cref="Vector512.IsHardwareAccelerated"/>.</summary>
internal readonly struct EightLanes(Vector512<double> lanes) : ILanes<EightLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly Vector512<double> _lanes = lanes;

    public static int Count => 8;

    public double First => _lanes.ToScalar();

    [MethodImpl(Inline)]
    public static EightLanes Of(double value) => new(Vector512.Create(value));

    [MethodImpl(Inline)]
    public static EightLanes Load(ref readonly double first, nint at) => new(Vector512.LoadUnsafe(in first, (nuint)at));

    [MethodImpl(Inline)]
    public void Store(ref double first, nint at) => _lanes.StoreUnsafe(ref first, (nuint)at);

    [MethodImpl(Inline)]
    public Vector256<double> Fold() => _lanes.GetLower() + _lanes.GetUpper();

    [MethodImpl(Inline)]
    public static EightLanes operator +(EightLanes x, EightLanes y) => new(x._lanes + y._lanes);

    [MethodImpl(Inline)]
    public static EightLanes operator -(EightLanes x, EightLanes y) => new(x._lanes - y._lanes);

    [MethodImpl(Inline)]
    public static EightLanes operator *(EightLanes x, EightLanes y) => new(x._lanes * y._lanes);

    [MethodImpl(Inline)]
    public static EightLanes operator /(EightLanes x, EightLanes y) => new(x._lanes / y._lanes);

    [MethodImpl(Inline)]
    public static EightLanes operator -(EightLanes x) => new(-x._lanes);

    [MethodImpl(Inline)]
    public static EightLanes MultiplyAdd(EightLanes x, EightLanes y, EightLanes z) => new(Vector512.FusedMultiplyAdd(x._lanes, y._lanes, z._lanes));

    [MethodImpl(Inline)]
    public static EightLanes Max(EightLanes x, EightLanes y) => new(Vector512.Max(x._lanes, y._lanes));

    [MethodImpl(Inline)]
    public static EightLanes Abs(EightLanes x) => new(Vector512.Abs(x._lanes));

    [MethodImpl(Inline)]
    public static EightLanes CopySign(EightLanes size, EightLanes sign) => new(Vector512.CopySign(size._lanes, sign._lanes));

    [MethodImpl(Inline)]
    public static EightLanes PowerOf2(EightLanes exponent) =>
        new((Vector512.AsInt64(exponent._lanes + Vector512.Create(Bits.Whole + Bits.Bias)) << Bits.OfFraction).AsDouble());

    [MethodImpl(Inline)]
    public static EightLanes Exponent(EightLanes x) =>
        new(((x._lanes.AsInt64() >>> Bits.OfFraction) | Vector512.Create(Bits.Whole).AsInt64()).AsDouble() - Vector512.Create(Bits.Whole + Bits.Bias));

    [MethodImpl(Inline)]
    public static EightLanes Fraction(EightLanes x) =>
        new(((x._lanes.AsInt64() & Vector512.Create((1L << Bits.OfFraction) - 1)) | Vector512<double>.One.AsInt64()).AsDouble());

    [MethodImpl(Inline)]
    public static EightLanes WhereAbove0(EightLanes z, EightLanes value) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(z._lanes, default), value._lanes, default));

    [MethodImpl(Inline)]
    public static EightLanes UnlessAtMost0(EightLanes z, EightLanes value) =>
        new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(z._lanes, default), default, value._lanes));

    [MethodImpl(Inline)]
    public static EightLanes Choose(EightLanes x, EightLanes limit, EightLanes below, EightLanes elsewhere) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(x._lanes, limit._lanes), below._lanes, elsewhere._lanes));
}

/// <summary>How a double is stored: the exponent and, in the lower bits, the fraction.</summary>
file static class Bits
{
    public const int OfFraction = 52;

    /// <summary>What is stored for an exponent of 0.</summary>
    public const int Bias = 1023;

    /// <summary>2⁵²: added to a smaller whole number, its bits stand in the lower ones.</summary>
    public const double Whole = 4503599627370496;
}
