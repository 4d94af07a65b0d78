using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>Where the client expects the kernel's sockets, and the key that messages are signed with.</summary>
/// <param name="Ip">The address; loopback unless the file says otherwise.</param>
/// <param name="ShellPort">Requests.</param>
/// <param name="ControlPort">Requests that do not wait for others.</param>
/// <param name="IopubPort">What the kernel shows.</param>
/// <param name="StdinPort">What the kernel asks the user.</param>
/// <param name="HeartbeatPort">Whatever arrives here is sent back.</param>
/// <param name="Key">The key; empty for messages without signatures.</param>
internal sealed record ConnectionFile(string Ip, int ShellPort, int ControlPort, int IopubPort, int StdinPort, int HeartbeatPort, byte[] Key)
{
    /// <exception cref="ConnectionException">It cannot be read, or asks for something that this kernel does not have.</exception>
    public static ConnectionFile Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConnectionException($"The connection file {path} cannot be read: {e.Message}");
        }

        if (Json.TryParse(text) is not JsonObject json)
        {
            throw new ConnectionException($"The connection file {path} is not a JSON object.");
        }

        if (json.Text("transport") is { } transport and not "tcp")
        {
            throw new ConnectionException($"The connection file {path} asks for the transport {transport}; only tcp is supported.");
        }

        if (json.Text("signature_scheme") is { Length: > 0 } scheme and not "hmac-sha256")
        {
            throw new ConnectionException($"The connection file {path} asks for signatures of the kind {scheme}; only hmac-sha256 is supported.");
        }

        var ip = json.Text("ip") is { Length: > 0 } given ? given : IPAddress.Loopback.ToString();
        return new(ip, Port("shell_port"), Port("control_port"), Port("iopub_port"), Port("stdin_port"), Port("hb_port"), Encoding.UTF8.GetBytes(json.Text("key") ?? ""));

        int Port(string name) => json[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var port) && port is > 0 and < 65536
            ? port
            : throw new ConnectionException($"The connection file {path} has no port number {name}.");
    }
}
