namespace Backprop.Notebooks.Session;

/// <summary>The cell was stopped before its end.</summary>
/// <param name="line">The line that it was at, where that is known.</param>
/// <param name="isStillRunning">True when it did not come to its end and was left behind.</param>
/// <param name="cancellationToken">What stopped it.</param>
public sealed class CellStoppedException(int? line, bool isStillRunning, CancellationToken cancellationToken)
    : OperationCanceledException("The cell was stopped.", cancellationToken)
{
    /// <summary>The line within the cell, counted from 1, that it was at, where that is known.</summary>
    public int? Line { get; } = line;

    /// <summary>True when the cell could not be stopped where it was: it goes on, and the session takes no other until it ends.</summary>
    public bool IsStillRunning { get; } = isStillRunning;
}
