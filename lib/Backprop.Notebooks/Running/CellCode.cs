using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Running;

/// <summary>What a session is given of a cell, whose language may be another one than C#.</summary>
internal static class CellCode
{
    /// <summary>The code to run; null for a language that no session runs.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="source">Its text, which may be newer than the cell's own.</param>
    public static string? Of(NotebookCell cell, string source) => cell.Language switch
    {
        null or "csharp" or "C#" or ".NET" => source,
        var language when source.TrimStart().StartsWith("#!", StringComparison.Ordinal) || language == "polyglot-notebook" => source,
        "html" or "markdown" or "javascript" => $"#!{cell.Language}\n{source}",
        _ => null,
    };

    /// <summary>Why a cell of such a language is not run.</summary>
    public static CellFailure Unknown(NotebookCell cell) =>
        new("Error", $"The cell is written in {cell.Language}; only C#, Markdown, HTML and JavaScript cells are run.", null, null, []);
}
