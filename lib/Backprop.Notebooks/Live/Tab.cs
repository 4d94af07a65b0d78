using System.Net.WebSockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Live;

/// <summary>A page in a browser that shows a notebook, at the other end of a socket.</summary>
internal sealed class Tab(WebSocket socket)
{
    private const int LargestMessage = 4_000_000;
    private static readonly JsonSerializerOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // A page that takes nothing more is let go; when it comes back it is told all that it missed.
    private readonly Channel<string> _outgoing = Channel.CreateBounded<string>(10_000);

    public void Send(JsonObject message) => Send(message.ToJsonString(s_writing));

    public void Send(string message)
    {
        if (!_outgoing.Writer.TryWrite(message))
        {
            socket.Abort();
        }
    }

    /// <summary>Passes on what the page says until it is gone.</summary>
    public async Task ServeAsync(Action<JsonObject> receive, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAllAsync(ended.Token);
        try
        {
            while (await ReadAsync(ended.Token) is { } text)
            {
                if (Json.TryParse(text) is JsonObject message)
                {
                    receive(message);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The tab is closed, the connection lost, or the server stops.
        }

        await ended.CancelAsync();
        await sending;
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType != WebSocketMessageType.Text || message.Length > LargestMessage)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length);
            }
        }
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            socket.Abort();
        }
    }
}
