using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Session;

/// <summary>The code of a file that a cell imports.</summary>
/// <param name="Code">A cell's text.</param>
/// <param name="Name">What to call it in messages.</param>
internal sealed record ImportedCode(string Code, string Name)
{
    /// <summary>The file that <c>#!import</c> names, with slashes.</summary>
    /// <param name="argument">What stands behind it, in quotes or not.</param>
    public static string FileOf(string argument) => argument.Trim('"', '\'').Replace('\\', '/');

    /// <summary>The code cells of a notebook, or a whole script (.cs, .csx, .dib).</summary>
    public static IReadOnlyList<ImportedCode> Read(string path) =>
        Path.GetExtension(path).Equals(".ipynb", StringComparison.OrdinalIgnoreCase)
            ? [.. Notebook.Load(path).CodeCells.Select((cell, index) => new ImportedCode(cell.Source, $"{Path.GetFileName(path)}, cell {index + 1}"))]
            : [new(File.ReadAllText(path), Path.GetFileName(path))];
}
