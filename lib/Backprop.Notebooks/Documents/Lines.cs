using System.Text.Json.Nodes;

namespace Backprop.Notebooks.Documents;

/// <summary>nbformat's "multiline string": text as a list of lines, each with its line end but the last.</summary>
internal static class Lines
{
    public static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            lines.Add((JsonNode?)text[start..next]);
            start = next;
        }

        return lines;
    }

    /// <summary>The text of a list of lines, of a single string, or of data stored as JSON.</summary>
    public static string Join(JsonNode? node) => node switch
    {
        null => "",
        JsonArray lines when lines.All(IsText) => string.Concat(lines.Select(line => (string?)line)),
        JsonValue value when IsText(value) => (string?)value ?? "",
        _ => node.ToJsonString(),
    };

    public static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out _);

    /// <summary>The string at the end of a path of keys, or null where the path or the string is missing.</summary>
    public static string? Text(this JsonObject json, params ReadOnlySpan<string> keys)
    {
        JsonNode? node = json;
        foreach (var key in keys)
        {
            node = (node as JsonObject)?[key];
        }

        return IsText(node) ? (string?)node : null;
    }
}
