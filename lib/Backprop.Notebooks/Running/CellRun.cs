using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Running;

/// <summary>One code cell that was run.</summary>
/// <param name="Number">Its number among the notebook's code cells, from 1; for the cell that sets parameters that of the one before it.</param>
/// <param name="Source">Its text.</param>
/// <param name="Outputs">What it showed.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Failure">Why it did not reach its end, or null when it did.</param>
public sealed record CellRun(int Number, string Source, IReadOnlyList<CellOutput> Outputs, TimeSpan Elapsed, CellFailure? Failure)
{
    /// <summary>All that it wrote to the standard output.</summary>
    public string Text => string.Concat(Outputs.OfType<StreamOutput>().Where(stream => stream.Name == "stdout").Select(stream => stream.Text));
}
