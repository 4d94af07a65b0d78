using System.Globalization;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>A message of the Jupyter messaging protocol.</summary>
/// <param name="Identities">Which client it comes from or goes to; for what is published, its topic.</param>
/// <param name="Header">Its id and type.</param>
/// <param name="Parent">The header of the request that it belongs to; empty for none.</param>
/// <param name="Content">What it says.</param>
internal sealed record Message(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    /// <summary>The version of the protocol that is spoken.</summary>
    public const string ProtocolVersion = "5.3";

    private static readonly string s_session = Guid.NewGuid().ToString("N");
    private static int s_count;

    public string Type => Header.Text("msg_type") ?? "";

    /// <summary>The answer to a message, or anything else that belongs to it.</summary>
    public Message Answer(string type, JsonObject content) => new(Identities, NewHeader(type), (JsonObject)Header.DeepClone(), content);

    private static JsonObject NewHeader(string type) => new()
    {
        ["msg_id"] = $"{s_session}_{Interlocked.Increment(ref s_count)}",
        ["msg_type"] = type,
        ["session"] = s_session,
        ["username"] = "kernel",
        ["date"] = DateTime.UtcNow.ToString("o", CultureInfo.InvariantCulture),
        ["version"] = ProtocolVersion,
    };
}
