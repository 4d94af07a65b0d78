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

    /// <summary>The nonlinearity, as NumPy's script knows it.</summary>
    public string Nonlinearity { get; init; } = "relu";

    /// <summary>How many cores ours may use.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The multiplications and additions that the gradient takes. For each point and hidden unit of a network there are
    /// sixteen, of three classes: two for z and three for the scores; on the way back two for z again, three for the gradient
    /// of h, three for that of W2, two for that of W1 and one for that of b1. For softmax there are four for each class.
    /// </summary>
    public double MultiplyAdds => (double)Points * Iterations * (IsSoftmax ? 12 : 16.0 * Hidden);

    public bool IsSoftmax => Notebook?.StartsWith('2') == true;
}
