using System.Text.Json;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>Reads the content of requests; what is missing or of another kind is null.</summary>
internal static class Requests
{
    /// <exception cref="BadMessageException">There is no code.</exception>
    public static string Code(this JsonObject content) => content.Text("code") ?? throw new BadMessageException("the request has no code");

    public static bool? Flag(this JsonObject content, string name) => content[name]?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static long? Number(this JsonObject content, string name) =>
        content[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) ? number : null;
}
