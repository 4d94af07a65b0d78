namespace Backprop.Notebooks.Session;

/// <summary>Promotes what is alive and young when a cell has run for as long as a loop does, once.</summary>
/// <remarks>
/// The collector does not promote by itself when little survives, and copies it in each of its collections instead: the
/// loop of a cell that is run again and again took twice as long as it does now. Where it has promoted meanwhile, as under
/// large matrices, there is nothing to do.
/// </remarks>
internal sealed class Promotion : IDisposable
{
    private static readonly TimeSpan s_aLoop = TimeSpan.FromMilliseconds(100);

    private readonly int _before = GC.CollectionCount(1);
    private readonly Timer _timer;

    /// <summary>Begins to wait, when a cell begins; the cell's end ends it.</summary>
    public Promotion() => _timer = new(_ => Promote(), null, s_aLoop, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Promote()
    {
        if (GC.CollectionCount(1) == _before)
        {
            GC.Collect(1);
        }
    }
}
