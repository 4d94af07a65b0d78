namespace Backprop.Notebooks.Session;

/// <summary>Why a cell failed, for people.</summary>
/// <param name="Name">The exception's type for an exception, <c>Error</c> for everything else.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Line">The line within the cell, counted from 1, where it is known.</param>
/// <param name="SourceLine">That line's text.</param>
/// <param name="Traceback">More lines to show below the message: other errors, or the calls that led there.</param>
public sealed record CellFailure(string Name, string Message, int? Line, string? SourceLine, IReadOnlyList<string> Traceback)
{
    /// <summary>The failure as a message of several lines: what, where, and the source line.</summary>
    public override string ToString() => string.Join('\n', Describe());

    /// <summary>The failure of a cell that was stopped.</summary>
    /// <param name="stopped">What the session said of it.</param>
    /// <param name="code">The cell's text.</param>
    /// <param name="why">Why it was stopped, a sentence.</param>
    internal static CellFailure OfStop(OperationCanceledException stopped, string code, string why)
    {
        var line = (stopped as CellStoppedException)?.Line;
        var rest = stopped is CellStoppedException { IsStillRunning: true }
            ? " But the cell is where it cannot be stopped (in native code, or waiting for other threads) and goes on: wait for it to end, or restart the kernel."
            : "";
        return new("Error", why + rest, line, FailureReport.SourceLine(code, line), []);
    }

    internal IEnumerable<string> Describe()
    {
        yield return Name == "Error" ? Message : $"{Name}: {Message}";
        if (Line is { } line)
        {
            yield return $"  line {line}: {SourceLine?.Trim()}";
        }

        foreach (var more in Traceback)
        {
            yield return $"  {more}";
        }
    }
}
