using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backprop.Notebooks.Jupyter;

/// <summary>Reads the content of requests; what is missing or of another kind is null.</summary>
internal static class Requests
{
    public static bool? Flag(this JsonObject content, string name) => content[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static long? Number(this JsonObject content, string name) =>
        content[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) ? number : null;
}
