using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Notebooks.Documents;

/// <summary>
/// A Jupyter notebook (nbformat 4). It keeps the file's JSON and reads and changes only what it understands, so that
/// everything else survives being written back.
/// </summary>
public sealed class Notebook
{
    private const long LargestFile = 100 * 1024 * 1024;
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly JsonObject _json;
    private readonly List<NotebookCell> _cells;

    private Notebook(string path, string text, JsonObject json, List<NotebookCell> cells)
    {
        Path = path;
        Text = text;
        _json = json;
        _cells = cells;
    }

    /// <summary>The file that it was read from.</summary>
    public string Path { get; }

    /// <summary>The text that it was read from.</summary>
    internal string Text { get; }

    /// <summary>The cells from top to bottom.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>The cells that are run, from top to bottom; the first is cell 1 in every message.</summary>
    public IReadOnlyList<NotebookCell> CodeCells => [.. _cells.Where(cell => cell.Kind == CellKind.Code)];

    /// <summary>The first heading, or the file's name where there is none.</summary>
    public string Title
    {
        get
        {
            var heading = _cells.Where(cell => cell.Kind == CellKind.Markdown)
                .SelectMany(cell => cell.Source.Split('\n'))
                .FirstOrDefault(line => line.StartsWith('#'))?.TrimStart('#').Trim();
            return string.IsNullOrEmpty(heading) ? System.IO.Path.GetFileNameWithoutExtension(Path) : heading;
        }
    }

    /// <summary>Reads a notebook.</summary>
    /// <exception cref="UnreadableNotebookException">There is no such file, or it is not a C# notebook of nbformat 4.</exception>
    public static Notebook Load(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new UnreadableNotebookException(path, "there is no such file.");
            }

            if (file.Length > LargestFile)
            {
                throw new UnreadableNotebookException(
                    path, $"it is {file.Length / 1024 / 1024:N0} MB; notebooks over {LargestFile / 1024 / 1024} MB are not read. Clear its outputs in an editor.");
            }

            return Parse(s_utf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF'), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableNotebookException(path, e.Message);
        }
        catch (DecoderFallbackException)
        {
            throw new UnreadableNotebookException(path, "it is not text in UTF-8, so it is not a notebook.");
        }
    }

    /// <summary>Reads a notebook from its text.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="path">What to call it in messages.</param>
    /// <exception cref="UnreadableNotebookException">It is not a C# notebook of nbformat 4.</exception>
    public static Notebook Parse(string text, string path)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UnreadableNotebookException(path, "the file is empty.");
        }

        JsonNode? root;
        try
        {
            root = JsonNode.Parse(Json.WholeCharacters(text), documentOptions: new() { MaxDepth = 256, AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            // What stands twice is told without a line.
            throw new UnreadableNotebookException(path, e.LineNumber is { } line
                ? $"it is not JSON (line {line + 1}), so it is not a notebook."
                : $"one of its objects has a name twice, so it is not a notebook. {e.Message}");
        }

        if (root is not JsonObject json)
        {
            throw new UnreadableNotebookException(path, "its JSON is not an object, so it is not a notebook.");
        }

        if (json["nbformat"] is not JsonValue version || !version.TryGetValue<int>(out var format))
        {
            throw new UnreadableNotebookException(path, "it has no \"nbformat\", so it is not a notebook.");
        }

        if (format != 4)
        {
            throw new UnreadableNotebookException(path, $"it is in notebook format {format}; only format 4 is read. Save it again in an editor of today.");
        }

        if (json["cells"] is not JsonArray cells)
        {
            throw new UnreadableNotebookException(path, "it has no list of cells.");
        }

        var notebook = new Notebook(path, text, json, [.. cells.Select((cell, index) => ReadCell(cell, index, path))]);
        return notebook.Language is { } language && !IsCSharp(language)
            ? throw new UnreadableNotebookException(path, $"it is written in {language}; only C# notebooks are run.")
            : notebook;
    }

    /// <summary>A copy whose changes leave this one alone.</summary>
    public Notebook Copy() => Parse(_json.ToJsonString(), Path);

    /// <summary>The file's text: keys sorted, indented by one space, text as lists of lines, as editors save it.</summary>
    public string ToText()
    {
        foreach (var cell in _cells)
        {
            AsLines(cell.Json, "source");
            foreach (var output in (cell.Json["outputs"] as JsonArray ?? []).OfType<JsonObject>())
            {
                AsLines(output, "text");
                foreach (var mime in (output["data"] as JsonObject ?? []).Select(entry => entry.Key).ToList())
                {
                    AsLines((JsonObject)output["data"]!, mime);
                }
            }
        }

        return Json.Write(_json);
    }

    /// <summary>Gives cells that have no id one; those that have one keep it.</summary>
    internal void AddMissingIds() => CellIds.AddMissing(_json);

    internal void Insert(int index, NotebookCell cell)
    {
        _cells.Insert(index, cell);
        ((JsonArray)_json["cells"]!).Insert(index, cell.Json);
    }

    internal void Remove(NotebookCell cell)
    {
        _cells.Remove(cell);
        ((JsonArray)_json["cells"]!).Remove(cell.Json);
    }

    // The kernel's language; the editor's own "polyglot-notebook" is none.
    private string? Language =>
        _json.Text("metadata", "kernelspec", "language")
        ?? (_json.Text("metadata", "language_info", "name") is { } name and not "polyglot-notebook" ? name : null)
        ?? OfKernel(_json.Text("metadata", "kernelspec", "name"));

    // Where nothing but the kernel's name is said: those that are everywhere.
    private static string? OfKernel(string? kernel) => kernel switch
    {
        "ir" => "R",
        ".net-fsharp" => "F#",
        ".net-powershell" => "PowerShell",
        not null when kernel.StartsWith("python", StringComparison.OrdinalIgnoreCase) => "Python",
        not null when kernel.StartsWith("julia", StringComparison.OrdinalIgnoreCase) => "Julia",
        _ => null,
    };

    private static bool IsCSharp(string language) =>
        language.ToUpperInvariant() is "C#" or "CSHARP";

    private static NotebookCell ReadCell(JsonNode? node, int index, string path)
    {
        if (node is not JsonObject json)
        {
            throw new UnreadableNotebookException(path, $"its cell {index + 1} is not an object.");
        }

        return json.Text("cell_type") switch
        {
            "code" => new(json, CellKind.Code),
            "markdown" => new(json, CellKind.Markdown),
            "raw" => new(json, CellKind.Raw),
            null => throw new UnreadableNotebookException(path, $"its cell {index + 1} has no type (\"cell_type\")."),
            var type => throw new UnreadableNotebookException(path, $"its cell {index + 1} has the unknown type \"{type}\"; known are code, markdown and raw."),
        };
    }

    private static void AsLines(JsonObject owner, string key)
    {
        if (Lines.IsText(owner[key]))
        {
            owner[key] = Lines.Split((string)owner[key]!);
        }
    }
}
