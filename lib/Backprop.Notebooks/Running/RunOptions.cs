namespace Backprop.Notebooks.Running;

/// <summary>How a notebook is run.</summary>
public sealed record RunOptions
{
    /// <summary>Runs every cell as it stands, without a time limit.</summary>
    public static RunOptions Default { get; } = new();

    /// <summary>Parameters to set after the cell tagged <c>parameters</c>: name to C# expression.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a single cell may run, or null for as long as it takes.</summary>
    public TimeSpan? CellTimeout { get; init; }

    /// <summary>Is told the number of each cell (from 1) and how many there are, before the cell runs.</summary>
    public Action<int, int>? CellStarting { get; init; }

    /// <summary>Of the parameters, those that a notebook has; their values are checked.</summary>
    internal IReadOnlyDictionary<string, string> ParametersOf(Documents.Notebook notebook)
    {
        var names = Running.Parameters.Names(notebook);
        var own = Parameters.Where(parameter => names.Contains(parameter.Key)).ToDictionary();
        Running.Parameters.Check(notebook, own);
        return own;
    }
}
