using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Running;

/// <summary>What came of running a notebook.</summary>
/// <param name="Path">The notebook's file, which the run leaves alone.</param>
/// <param name="Executed">A copy of the notebook with the outputs of this run; cells that did not run have none.</param>
/// <param name="Cells">The code cells that were run, in order; the last one is the one that failed, if any did.</param>
/// <param name="CellCount">How many code cells there are.</param>
/// <param name="Elapsed">How long the run took.</param>
/// <param name="Cancelled">True when the run was stopped from outside.</param>
public sealed record NotebookRun(
    string Path, Notebook Executed, IReadOnlyList<CellRun> Cells, int CellCount, TimeSpan Elapsed, bool Cancelled)
{
    /// <summary>The cell that did not reach its end, or null.</summary>
    public CellRun? Failed => Cells.FirstOrDefault(cell => cell.Failure is not null);

    /// <summary>True when every cell ran to its end.</summary>
    public bool Succeeded => Failed is null && !Cancelled && Cells.Count == CellCount;

    /// <summary>All that the cells wrote to the standard output, in order.</summary>
    public string Text => string.Concat(Cells.Select(cell => cell.Text));
}
