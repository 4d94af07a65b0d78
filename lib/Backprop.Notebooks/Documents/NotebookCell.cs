using System.Text.Json.Nodes;

namespace Backprop.Notebooks.Documents;

/// <summary>One cell of a notebook: a view of its JSON, so that what is not understood here is kept.</summary>
public sealed class NotebookCell
{
    internal NotebookCell(JsonObject json, CellKind kind)
    {
        Json = json;
        Kind = kind;
    }

    internal JsonObject Json { get; }

    /// <summary>Code, Markdown or raw text.</summary>
    public CellKind Kind { get; }

    /// <summary>The cell's text, with <c>\n</c> as line end whatever the file has.</summary>
    public string Source => Lines.Join(Json["source"]).ReplaceLineEndings("\n");

    /// <summary>The cell's tags, as in <c>parameters</c>.</summary>
    public IReadOnlyList<string> Tags => (Json["metadata"] as JsonObject)?["tags"] is JsonArray tags
        ? [.. tags.Where(Lines.IsText).Select(tag => (string)tag!)]
        : [];

    /// <summary>The language that the editor gave this cell (<c>csharp</c>, <c>html</c>, …), or null.</summary>
    public string? Language =>
        Json.Text("metadata", "polyglot_notebook", "kernelName")
        ?? Json.Text("metadata", "dotnet_interactive", "language");

    /// <summary>What the cell showed when it last ran.</summary>
    public IReadOnlyList<CellOutput> Outputs => Json["outputs"] is JsonArray outputs
        ? [.. outputs.OfType<JsonObject>().Select(CellOutput.FromJson)]
        : [];

    /// <summary>The number in brackets that the editor shows beside the cell, or null for a cell that has not run.</summary>
    public int? ExecutionCount => Json["execution_count"] is JsonValue value && value.TryGetValue<int>(out var count) ? count : null;

    internal void SetSource(string source)
    {
        if (source != Source)
        {
            Json["source"] = Lines.Split(source);
        }
    }

    internal void SetResult(int? executionCount, IEnumerable<CellOutput> outputs)
    {
        Json["execution_count"] = executionCount;
        Json["outputs"] = new JsonArray([.. outputs.Select(output => output.ToJson()).OfType<JsonObject>()]);
    }
}
