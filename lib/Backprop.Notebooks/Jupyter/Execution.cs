using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>A request to run a cell, and what came of it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Count">The number that clients show beside the cell.</param>
/// <param name="IsSilent">Nothing that it shows is published.</param>
/// <param name="AllowsInput">The client can ask its user.</param>
internal sealed record Execution(Message Request, int Count, bool IsSilent, bool AllowsInput)
{
    /// <summary>The value that the cell ended with.</summary>
    public DisplayOutput? Result { get; set; }
}
