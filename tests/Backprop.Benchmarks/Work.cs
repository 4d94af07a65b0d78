namespace Backprop.Benchmarks;

/// <summary>A training run to time.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Points">Points in all, a multiple of the three classes.</param>
/// <param name="Hidden">Hidden units.</param>
/// <param name="Iterations">Iterations.</param>
/// <param name="AtMost">The largest share of NumPy's time that is accepted.</param>
/// <param name="Notebook">The notebook whose training cell is run, or null for the library's trainer.</param>
internal sealed record Work(string Name, int Points, int Hidden, int Iterations, double AtMost, string? Notebook)
{
    /// <summary>Whether the cell runs in .NET Interactive's kernel, not in a session of ours.</summary>
    public bool InInteractive { get; init; }

    /// <summary>Whether the library's trainer goes layer by layer, in place, as it does for what its fused loop does not fit.</summary>
    public bool LayerByLayer { get; init; }

    public bool IsSoftmax => Notebook?.StartsWith('2') == true;
}
