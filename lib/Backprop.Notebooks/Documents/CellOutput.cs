using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Backprop.Notebooks.Documents;

/// <summary>One thing that a cell shows when it runs.</summary>
[JsonDerivedType(typeof(StreamOutput), "stream")]
[JsonDerivedType(typeof(DisplayOutput), "display")]
[JsonDerivedType(typeof(DisplayUpdate), "update")]
[JsonDerivedType(typeof(ErrorOutput), "error")]
public abstract record CellOutput
{
    /// <summary>The output as nbformat 4 stores it, or null for one that is never stored.</summary>
    internal abstract JsonObject? ToJson();

    /// <summary>Reads an output of an nbformat 4 file.</summary>
    internal static CellOutput FromJson(JsonObject json) => json.Text("output_type") switch
    {
        "stream" => new StreamOutput(json.Text("name") ?? "stdout", Lines.Join(json["text"])),
        "error" => new ErrorOutput(
            json.Text("ename") ?? "Error",
            json.Text("evalue") ?? "",
            json["traceback"] is JsonArray lines ? [.. lines.Select(Lines.Join)] : []),
        _ => new DisplayOutput(json["data"] is JsonObject data
            ? data.ToDictionary(entry => entry.Key, entry => Lines.Join(entry.Value))
            : []),
    };
}

/// <summary>Text written to the console; consecutive writes to one stream are one output.</summary>
/// <param name="Name"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Text">What was written.</param>
public sealed record StreamOutput(string Name, string Text) : CellOutput
{
    internal override JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["output_type"] = "stream",
        ["text"] = Lines.Split(Text),
    };
}

/// <summary>A value shown by the cell, in one or more forms.</summary>
/// <param name="Data">Mime type to text.</param>
/// <param name="Id">What a later <see cref="DisplayUpdate"/> names it by; not stored.</param>
/// <param name="IsResult">True for the value that the cell ends with; stored like any other.</param>
public sealed record DisplayOutput(IReadOnlyDictionary<string, string> Data, string? Id = null, bool IsResult = false) : CellOutput
{
    internal override JsonObject ToJson()
    {
        var data = new JsonObject();
        foreach (var (mime, text) in Data)
        {
            data[mime] = IsJson(mime) && Json.TryParse(text) is { } value ? value : Lines.Split(text);
        }

        return new() { ["data"] = data, ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
    }

    // nbformat stores JSON data as JSON and everything else as lines of text.
    internal static bool IsJson(string mime) =>
        mime == "application/json" || (mime.StartsWith("application/", StringComparison.Ordinal) && mime.EndsWith("+json", StringComparison.Ordinal));
}

/// <summary>New content for a value shown earlier, in this cell or in one before it.</summary>
/// <param name="Id">The id of the <see cref="DisplayOutput"/> to change.</param>
/// <param name="Data">Mime type to text.</param>
public sealed record DisplayUpdate(string Id, IReadOnlyDictionary<string, string> Data) : CellOutput
{
    internal override JsonObject? ToJson() => null;
}

/// <summary>Why the cell stopped.</summary>
/// <param name="Name">The kind of error: an exception's type, or <c>Error</c>.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Traceback">Where, a line a frame; the last line is the outermost.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : CellOutput
{
    internal override JsonObject ToJson() => new()
    {
        ["ename"] = Name,
        ["evalue"] = Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. Traceback.Select(line => (JsonNode?)line)]),
    };
}
