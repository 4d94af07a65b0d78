namespace Backprop.Notebooks.Documents;

/// <summary>What a cell holds.</summary>
public enum CellKind
{
    /// <summary>Code that is run.</summary>
    Code,

    /// <summary>Markdown, for reading.</summary>
    Markdown,

    /// <summary>Text that is neither run nor shown.</summary>
    Raw,
}
