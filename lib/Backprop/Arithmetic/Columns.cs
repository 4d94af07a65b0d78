using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Backprop;

/// <summary>The same few rows of up to four columns, side by side: what is fetched for one is fetched for all.</summary>
/// <typeparam name="TCount">How many columns; the others are never looked at.</typeparam>
/// <typeparam name="TLanes">How many rows.</typeparam>
internal readonly struct Columns<TCount, TLanes>(TLanes c0, TLanes c1, TLanes c2, TLanes c3)
    where TCount : struct, ICount
    where TLanes : struct, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly TLanes _c0 = c0, _c1 = c1, _c2 = c2, _c3 = c3;

    /// <summary>One number for each column, in all rows; they are a stride apart in memory.</summary>
    [MethodImpl(Inline)]
    public static Columns<TCount, TLanes> Of(ref double first, nint stride) => new(
        TLanes.Of(first),
        TCount.Count > 1 ? TLanes.Of(Unsafe.Add(ref first, stride)) : default,
        TCount.Count > 2 ? TLanes.Of(Unsafe.Add(ref first, 2 * stride)) : default,
        TCount.Count > 3 ? TLanes.Of(Unsafe.Add(ref first, 3 * stride)) : default);

    /// <summary>Numbers from memory, where columns begin a stride apart; the caller has checked that there are so many.</summary>
    [MethodImpl(Inline)]
    public static Columns<TCount, TLanes> Load(ref double first, nint at, nint stride) => new(
        TLanes.Load(ref first, at),
        TCount.Count > 1 ? TLanes.Load(ref first, at + stride) : default,
        TCount.Count > 2 ? TLanes.Load(ref first, at + 2 * stride) : default,
        TCount.Count > 3 ? TLanes.Load(ref first, at + 3 * stride) : default);

    /// <summary>Fetches the memory that will be written, as <see cref="Ahead"/> does.</summary>
    [MethodImpl(Inline)]
    public static void Fetch(ref double first, nint at, nint stride)
    {
        Ahead.Fetch(ref first, at);
        if (TCount.Count > 1)
        {
            Ahead.Fetch(ref first, at + stride);
        }

        if (TCount.Count > 2)
        {
            Ahead.Fetch(ref first, at + 2 * stride);
        }

        if (TCount.Count > 3)
        {
            Ahead.Fetch(ref first, at + 3 * stride);
        }
    }

    /// <summary>To each column, x times its factor is added.</summary>
    [MethodImpl(Inline)]
    public Columns<TCount, TLanes> AddProducts(TLanes x, in Columns<TCount, TLanes> factors) => new(
        TLanes.MultiplyAdd(x, factors._c0, _c0),
        TCount.Count > 1 ? TLanes.MultiplyAdd(x, factors._c1, _c1) : default,
        TCount.Count > 2 ? TLanes.MultiplyAdd(x, factors._c2, _c2) : default,
        TCount.Count > 3 ? TLanes.MultiplyAdd(x, factors._c3, _c3) : default);

    [MethodImpl(Inline)]
    public static Columns<TCount, TLanes> operator +(in Columns<TCount, TLanes> x, in Columns<TCount, TLanes> y) => new(
        x._c0 + y._c0,
        TCount.Count > 1 ? x._c1 + y._c1 : default,
        TCount.Count > 2 ? x._c2 + y._c2 : default,
        TCount.Count > 3 ? x._c3 + y._c3 : default);

    /// <summary>The lanes of each column as four sums.</summary>
    [MethodImpl(Inline)]
    public Columns<TCount, FourLanes> Fold() => new(new(_c0.Fold()), new(_c1.Fold()), new(_c2.Fold()), new(_c3.Fold()));

    /// <summary>The sum of each column's lanes.</summary>
    [MethodImpl(Inline)]
    public Vector256<double> AcrossLanes() => Vector256.Create(
        Sums.AcrossLanes(_c0.Fold()), Sums.AcrossLanes(_c1.Fold()), Sums.AcrossLanes(_c2.Fold()), Sums.AcrossLanes(_c3.Fold()));

    [MethodImpl(Inline)]
    public void Store(ref double first, nint at, nint stride)
    {
        _c0.Store(ref first, at);
        if (TCount.Count > 1)
        {
            _c1.Store(ref first, at + stride);
        }

        if (TCount.Count > 2)
        {
            _c2.Store(ref first, at + 2 * stride);
        }

        if (TCount.Count > 3)
        {
            _c3.Store(ref first, at + 3 * stride);
        }
    }
}
