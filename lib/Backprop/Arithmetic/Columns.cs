using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop;

/// <summary>Some rows of up to four columns, which are worked on side by side.</summary>
internal readonly struct Columns<TCount, TLanes>(TLanes c0, TLanes c1, TLanes c2, TLanes c3)
    where TCount : struct, ICount
    where TLanes : struct, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly TLanes _c0 = c0, _c1 = c1, _c2 = c2, _c3 = c3;

    /// <summary>One number for each column, a stride apart.</summary>
    [MethodImpl(Inline)]
    public static Columns<TCount, TLanes> Of(ref double first, int stride) => new(
        TLanes.Of(first),
        TCount.Count > 1 ? TLanes.Of(Unsafe.Add(ref first, stride)) : default,
        TCount.Count > 2 ? TLanes.Of(Unsafe.Add(ref first, 2 * stride)) : default,
        TCount.Count > 3 ? TLanes.Of(Unsafe.Add(ref first, 3 * stride)) : default);

    [MethodImpl(Inline)]
    public static Columns<TCount, TLanes> Load(ref double first, int at, int stride) => new(
        TLanes.Load(ref first, at),
        TCount.Count > 1 ? TLanes.Load(ref first, at + stride) : default,
        TCount.Count > 2 ? TLanes.Load(ref first, at + 2 * stride) : default,
        TCount.Count > 3 ? TLanes.Load(ref first, at + 3 * stride) : default);

    [MethodImpl(Inline)]
    public static void Fetch(ref double first, int at, int stride)
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
    public Columns<TCount, TLanes> Add(in Columns<TCount, TLanes> other) => new(
        _c0 + other._c0,
        TCount.Count > 1 ? _c1 + other._c1 : default,
        TCount.Count > 2 ? _c2 + other._c2 : default,
        TCount.Count > 3 ? _c3 + other._c3 : default);

    /// <summary>The lanes of each column as four sums.</summary>
    [MethodImpl(Inline)]
    public Columns<TCount, FourLanes> Fold() => new(new(_c0.Fold()), new(_c1.Fold()), new(_c2.Fold()), new(_c3.Fold()));

    public TLanes this[int column]
    {
        [MethodImpl(Inline)]
        get => column switch { 0 => _c0, 1 => _c1, 2 => _c2, _ => _c3 };
    }

    [MethodImpl(Inline)]
    public void Store(ref double first, int at, int stride)
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
