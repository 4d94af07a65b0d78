using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>A client of a kernel, as far as the tests need one.</summary>
public sealed class KernelClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly KernelProcess _kernel;
    private readonly MessageFormat _format;
    private readonly Dictionary<Channel, NetMQSocket> _sockets = [];
    private readonly string _session = Guid.NewGuid().ToString("N");

    /// <param name="kernel">The kernel.</param>
    /// <param name="isBusy">A cell runs in it, so it answers on the control channel only.</param>
    public KernelClient(KernelProcess kernel, bool isBusy = false)
    {
        _kernel = kernel;
        var connection = ConnectionFile.Read(kernel.ConnectionFile);
        _format = new(connection.Key);
        Key = connection.Key;
        foreach (var (channel, port) in new[] { (Channel.Shell, connection.ShellPort), (Channel.Control, connection.ControlPort), (Channel.Stdin, connection.StdinPort) })
        {
            var socket = new DealerSocket();
            socket.Options.Identity = System.Text.Encoding.ASCII.GetBytes(_session);
            socket.Options.Linger = TimeSpan.Zero;
            socket.Connect($"tcp://127.0.0.1:{port}");
            _sockets[channel] = socket;
        }

        var published = new SubscriberSocket();
        published.Options.ReceiveHighWatermark = 0;
        published.Connect($"tcp://127.0.0.1:{connection.IopubPort}");
        published.SubscribeToAnyTopic();
        _sockets[Channel.Iopub] = published;

        // What is published before the subscription has arrived is not for this client.
        for (var started = DateTime.UtcNow; ;)
        {
            var id = Send("kernel_info_request", [], onControl: isBusy);
            var isAnswered = Receive(isBusy ? Channel.Control : Channel.Shell, TimeSpan.FromSeconds(10)) is not null;
            FirstAnswer ??= isAnswered ? DateTime.UtcNow : null;
            if (isAnswered && TryUntilIdle(id, TimeSpan.FromMilliseconds(500), []))
            {
                break;
            }

            Assert.True(DateTime.UtcNow - started < s_patience, $"The kernel does not answer. Its log:\n{kernel.LogText}");
        }

        while (Receive(isBusy ? Channel.Control : Channel.Shell, TimeSpan.FromMilliseconds(20)) is not null)
        {
        }
    }

    /// <summary>When the kernel answered for the first time.</summary>
    public DateTime? FirstAnswer { get; }

    /// <summary>What messages are signed with.</summary>
    public byte[] Key { get; }

    /// <summary>Sends a request.</summary>
    /// <returns>Its id.</returns>
    public string Send(string type, JsonObject content, bool onControl = false)
    {
        var id = Guid.NewGuid().ToString("N");
        SendFrames(onControl, _format.Write(Request(id, type, content)));
        return id;
    }

    /// <summary>Sends whatever it is given.</summary>
    public void SendFrames(bool onControl, IReadOnlyList<byte[]> frames) => _sockets[onControl ? Channel.Control : Channel.Shell].SendMultipartBytes(frames);

    /// <summary>A request as frames, to be spoilt.</summary>
    public List<byte[]> FramesOf(string type, JsonObject content) => [.. _format.Write(Request(Guid.NewGuid().ToString("N"), type, content))];

    /// <summary>Sends a request, and waits for its answer and for the kernel to be idle.</summary>
    public KernelAnswer Ask(string type, JsonObject content, bool onControl = false) => Answer(Send(type, content, onControl), onControl);

    /// <summary>Waits for the answer to a request.</summary>
    public KernelAnswer Answer(string id, bool onControl = false)
    {
        JsonObject? reply = null;
        for (var started = DateTime.UtcNow; reply is null && DateTime.UtcNow - started < s_patience;)
        {
            var message = Receive(onControl ? Channel.Control : Channel.Shell, s_patience);
            reply = message?.Parent.Text("msg_id") == id ? message.Content : null;
        }

        Assert.True(reply is not null, $"The kernel does not answer. Its log:\n{_kernel.LogText}");
        var shown = new List<(string, JsonObject)>();
        Assert.True(TryUntilIdle(id, s_patience, shown), "The kernel did not become idle.");
        return new(reply, shown);
    }

    /// <summary>Runs code and waits for its end.</summary>
    public KernelAnswer Run(string code, JsonObject? more = null) => Answer(Start(code, more));

    /// <summary>Sends code to run.</summary>
    public string Start(string code, JsonObject? more = null)
    {
        var content = more ?? [];
        content["code"] = code;
        return Send("execute_request", content);
    }

    /// <summary>The content of the next message of a type that is published.</summary>
    public JsonObject? Published(string type, TimeSpan? patience = null)
    {
        for (var started = DateTime.UtcNow; DateTime.UtcNow - started < (patience ?? s_patience);)
        {
            if (Receive(Channel.Iopub, patience ?? s_patience) is { } message && message.Type == type)
            {
                return message.Content;
            }
        }

        return null;
    }

    /// <summary>Waits until a request asks the user.</summary>
    public void WaitForQuestion(string id)
    {
        while (true)
        {
            var question = Receive(Channel.Stdin, s_patience);
            Assert.True(question is not null, $"The kernel does not ask. Its log:\n{_kernel.LogText}");
            if (question.Parent.Text("msg_id") == id)
            {
                return;
            }
        }
    }

    /// <summary>Sends code to run, and waits until it has begun and prints something.</summary>
    public string StartAndWait(string code)
    {
        var id = Start(code);
        Assert.NotNull(Published("stream"));
        return id;
    }

    /// <summary>Answers a question.</summary>
    public void Reply(string value) => _sockets[Channel.Stdin].SendMultipartBytes(_format.Write(Request(Guid.NewGuid().ToString("N"), "input_reply", new() { ["value"] = value })));

    public void Dispose()
    {
        foreach (var socket in _sockets.Values)
        {
            socket.Dispose();
        }
    }

    private Message Request(string id, string type, JsonObject content) => new(
        [],
        new() { ["msg_id"] = id, ["msg_type"] = type, ["session"] = _session, ["username"] = "test", ["date"] = "2026-01-01T00:00:00Z", ["version"] = "5.3" },
        [],
        content);

    private Message? Receive(Channel channel, TimeSpan patience)
    {
        var frames = new List<byte[]>();
        return _sockets[channel].TryReceiveMultipartBytes(patience, ref frames) ? _format.Read(frames) : null;
    }

    private bool TryUntilIdle(string id, TimeSpan patience, List<(string Type, JsonObject Content)> shown)
    {
        for (var started = DateTime.UtcNow; DateTime.UtcNow - started < patience;)
        {
            if (Receive(Channel.Iopub, patience) is not { } message || message.Parent.Text("msg_id") != id)
            {
                continue;
            }

            shown.Add((message.Type, message.Content));
            if (message.Type == "status" && message.Content.Text("execution_state") == "idle")
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The answer to a request, and what was published until the kernel was idle.</summary>
public sealed record KernelAnswer(JsonObject Reply, IReadOnlyList<(string Type, JsonObject Content)> Shown)
{
    public string Status => Reply.Text("status")!;

    /// <summary>The types of what was published.</summary>
    public IEnumerable<string> Types => Shown.Select(message => message.Type);

    /// <summary>What was written to the console.</summary>
    public string Text => string.Concat(Shown.Where(message => message.Type == "stream").Select(message => message.Content.Text("text")));

    /// <summary>The value that the cell ended with, as text.</summary>
    public string? Result => Shown.Where(message => message.Type == "execute_result").Select(message => message.Content.Text("data", "text/plain")).SingleOrDefault();

    public string? Error => Reply.Text("evalue");

    public JsonObject Content(string type) => Shown.Single(message => message.Type == type).Content;
}
