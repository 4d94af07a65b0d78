using System.Text;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Jupyter;

/// <summary>
/// Shows on the iopub channel what cells show. Text written to the console is gathered for a moment: a loop that prints
/// a thousand lines sends a few messages, and a client's limit on messages does not cut it off.
/// </summary>
internal sealed class Publisher : IDisposable
{
    private const int LargestText = 64 * 1024;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);

    private readonly Sockets _sockets;
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly Timer _timer;
    private Message? _request;
    private string _stream = "";

    public Publisher(Sockets sockets)
    {
        _sockets = sockets;
        _timer = new(_ => Flush());
    }

    /// <summary>Publishes a message that belongs to a request, after all that was shown before.</summary>
    public void Publish(Message request, string type, JsonObject content)
    {
        lock (_lock)
        {
            Flush();
            Send(request, type, content);
        }
    }

    /// <summary>Publishes what a cell shows.</summary>
    public void Show(Execution execution, CellOutput output)
    {
        var request = execution.Request;
        switch (output)
        {
            case StreamOutput stream:
                Write(request, stream);
                break;
            case DisplayUpdate update:
                Publish(request, "update_display_data", Bundle(update.Data, update.Id));
                break;
            case DisplayOutput { IsResult: true } result:
                var content = Bundle(result.Data, result.Id);
                content["execution_count"] = execution.Count;
                Publish(request, "execute_result", content);
                break;
            case DisplayOutput display:
                Publish(request, "display_data", Bundle(display.Data, display.Id));
                break;
        }
    }

    /// <summary>Publishes the text that was gathered.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_text.Length > 0)
            {
                Send(_request!, "stream", new() { ["name"] = _stream, ["text"] = _text.ToString() });
                _text.Clear();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>A value's forms as the protocol wants them: text as one string, JSON as JSON.</summary>
    public static JsonObject Data(IReadOnlyDictionary<string, string> forms) =>
        new(forms.Select(form => KeyValuePair.Create(form.Key, DisplayOutput.IsJson(form.Key) && Json.TryParse(form.Value) is { } json ? json : (JsonNode?)form.Value)));

    private static JsonObject Bundle(IReadOnlyDictionary<string, string> data, string? id) => new()
    {
        ["data"] = Data(data),
        ["metadata"] = new JsonObject(),
        ["transient"] = id is null ? [] : new JsonObject { ["display_id"] = id },
    };

    private void Write(Message request, StreamOutput output)
    {
        lock (_lock)
        {
            if (_request != request || _stream != output.Name || _text.Length > LargestText)
            {
                Flush();
                (_request, _stream) = (request, output.Name);
            }

            if (_text.Length == 0)
            {
                _timer.Change(s_moment, Timeout.InfiniteTimeSpan);
            }

            _text.Append(output.Text);
        }
    }

    private void Send(Message request, string type, JsonObject content) =>
        _sockets.Send(Channel.Iopub, request.Answer(type, content) with { Identities = [Encoding.UTF8.GetBytes(type)] });
}
