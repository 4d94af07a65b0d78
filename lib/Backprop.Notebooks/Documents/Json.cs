using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Backprop.Notebooks.Documents;

/// <summary>
/// JSON as editors save notebooks: keys sorted, indented by one space, and every character written as itself unless
/// JSON demands otherwise. <see cref="Utf8JsonWriter"/> cannot do this: even its most relaxed encoder escapes emoji.
/// </summary>
internal static partial class Json
{
    // A name that stands twice in one object means different things to different readers.
    private static readonly JsonDocumentOptions s_reading = new() { AllowDuplicateProperties = false };

    /// <summary>The value that a text is; null where it is none, also where a name stands twice or half of a character is written.</summary>
    public static JsonNode? TryParse(string text)
    {
        try
        {
            var root = JsonNode.Parse(text, documentOptions: s_reading);
            Decode(root);
            return root;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text of JSON in which no half of a character is written (<c>\ud83d</c> alone): where one was, it has the sign for what is none.</summary>
    public static string WholeCharacters(string text) => !text.Contains(@"\ud", StringComparison.OrdinalIgnoreCase) ? text
        : Escapes().Replace(text, escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value);

    public static string Write(JsonNode root)
    {
        var text = new StringBuilder();
        Write(root, 0, text);
        return text.Append('\n').ToString();
    }

    // Strings are decoded when they are read, which fails for those that are wrong: better here than anywhere else.
    private static void Decode(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject entries:
                foreach (var (_, value) in entries)
                {
                    Decode(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Decode(item);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                value.GetValue<string>();
                break;
        }
    }

    private static void Write(JsonNode? node, int depth, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject { Count: 0 }:
                text.Append("{}");
                break;
            case JsonArray { Count: 0 }:
                text.Append("[]");
                break;
            case JsonObject entries:
                var separator = "{";
                foreach (var (key, value) in entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    NewLine(text.Append(separator), depth + 1);
                    Write(key, text);
                    text.Append(": ");
                    Write(value, depth + 1, text);
                    separator = ",";
                }

                NewLine(text, depth);
                text.Append('}');
                break;
            case JsonArray items:
                separator = "[";
                foreach (var item in items)
                {
                    NewLine(text.Append(separator), depth + 1);
                    Write(item, depth + 1, text);
                    separator = ",";
                }

                NewLine(text, depth);
                text.Append(']');
                break;
            case JsonValue value when value.TryGetValue<string>(out var s):
                Write(s, text);
                break;
            default:
                text.Append(node.ToJsonString());
                break;
        }
    }

    // Each escape as a whole, so that \\ud83d is a backslash and some letters.
    [GeneratedRegex(@"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)")]
    private static partial Regex Escapes();

    private static void NewLine(StringBuilder text, int depth) => text.Append('\n').Append(' ', depth);

    private static void Write(string s, StringBuilder text)
    {
        text.Append('"');
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                default:
                    if (char.IsHighSurrogate(c) && i + 1 < s.Length && char.IsLowSurrogate(s[i + 1]))
                    {
                        text.Append(c).Append(s[++i]);
                    }
                    else if (char.IsSurrogate(c))
                    {
                        // Half of a character, which no text may have.
                        text.Append('\uFFFD');
                    }
                    else if (c < ' ')
                    {
                        text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    }
                    else
                    {
                        text.Append(c);
                    }

                    break;
            }
        }

        text.Append('"');
    }
}
