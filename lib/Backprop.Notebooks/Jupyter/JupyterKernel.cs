using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Completion;
using Backprop.Notebooks.Documents;
using Queue = System.Threading.Channels.Channel<(Backprop.Notebooks.Jupyter.Channel From, Backprop.Notebooks.Jupyter.Message Request, int Number)>;

namespace Backprop.Notebooks.Jupyter;

/// <summary>
/// A Jupyter kernel: answers the requests of Jupyter clients. Requests on the shell channel are dealt with one after the
/// other; those on the control channel, and interrupts on either, at once, also while a cell runs.
/// </summary>
internal sealed class JupyterKernel
{
    /// <summary>What was sent together with a failing cell has arrived by then.</summary>
    private static readonly TimeSpan s_arrival = TimeSpan.FromMilliseconds(30);

    private readonly Queue _waiting = System.Threading.Channels.Channel.CreateUnbounded<(Channel, Message, int)>();
    private readonly Queue _urgent = System.Threading.Channels.Channel.CreateUnbounded<(Channel, Message, int)>();
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Assistance _assistance = new();
    private readonly Lazy<Task> _warmUp = new(() => Task.Run(() => CodeAssistant.WarmUpAsync()));
    private readonly Action<string> _log;
    private readonly Sockets _sockets;
    private readonly Publisher _publisher;
    private readonly CellExecutor _cells;
    private volatile int _received;
    private int _aborted;

    private JupyterKernel(ConnectionFile connection, Action<string> log)
    {
        _log = log;
        _sockets = new(connection, Receive, log);
        _publisher = new(_sockets);
        _cells = new(_sockets, _publisher);
    }

    /// <summary>Serves until a client, the parent process or the token ends it.</summary>
    /// <param name="connectionFile">The file with the addresses and the key, written by whoever starts the kernel.</param>
    /// <param name="log">Receives complaints, a line each.</param>
    /// <param name="cancellationToken">Ends the kernel.</param>
    /// <exception cref="ConnectionException">The file cannot be read, or the addresses cannot be had.</exception>
    public static async Task RunAsync(string connectionFile, TextWriter log, CancellationToken cancellationToken)
    {
        var lines = TextWriter.Synchronized(log);
        var kernel = new JupyterKernel(ConnectionFile.Read(connectionFile), line => lines.WriteLine($"[backprop-csharp] {line}"));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            kernel._cells.Interrupt();
        });
        _ = kernel.ServeAsync(kernel._urgent);
        _ = kernel.ServeAsync(kernel._waiting);
        await Task.WhenAny(kernel._shutdown.Task, ParentProcess.EndAsync(cancellationToken), Task.Delay(Timeout.Infinite, cancellationToken));
        kernel._publisher.Dispose();
        kernel._sockets.Dispose();
    }

    private void Receive(Channel channel, Message message)
    {
        if (channel == Channel.Stdin)
        {
            // The end of the input arrives as the character that ends it in a terminal.
            _cells.Answer(message.Content.Text("value") is { } text and not "\u0004" ? text : null);
        }
        else
        {
            // Some clients send interrupts on the shell channel, where they would wait for the cell that they are to stop.
            var isUrgent = channel == Channel.Control || message.Type == "interrupt_request";
            (isUrgent ? _urgent : _waiting).Writer.TryWrite((channel, message, ++_received));
        }
    }

    private async Task ServeAsync(Queue requests)
    {
        await foreach (var (from, request, number) in requests.Reader.ReadAllAsync())
        {
            await ServeAsync(from, request, isAborted: requests == _waiting && number <= _aborted);
        }
    }

    private async Task ServeAsync(Channel channel, Message request, bool isAborted)
    {
        try
        {
            _publisher.Publish(request, "status", new() { ["execution_state"] = "busy" });
            JsonObject? content;
            try
            {
                content = isAborted && request.Type == "execute_request" ? new() { ["status"] = "aborted", ["execution_count"] = _cells.Count } : await AnswerAsync(request);
            }
            catch (Exception e)
            {
                // Whatever is wrong with one request, the next one is answered.
                _log($"{request.Type} failed: {e}");
                content = new() { ["status"] = "error", ["ename"] = e.GetType().Name, ["evalue"] = e.Message, ["traceback"] = new JsonArray(e.Message) };
            }

            _publisher.Flush();
            if (content is not null)
            {
                _sockets.Send(channel, request.Answer(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content));
            }

            if (request.Type == "shutdown_request")
            {
                _publisher.Publish(request, "shutdown_reply", (JsonObject)content!.DeepClone());
            }

            _publisher.Publish(request, "status", new() { ["execution_state"] = "idle" });
            if (request.Type == "shutdown_request")
            {
                _shutdown.TrySetResult();
            }
        }
        catch (Exception e)
        {
            _log($"{request.Type} could not be answered: {e}");
        }
    }

    private async Task<JsonObject?> AnswerAsync(Message request)
    {
        var content = request.Content;
        switch (request.Type)
        {
            case "kernel_info_request":
                return KernelInfo.Answer();
            case "execute_request":
                return await ExecuteAsync(request);
            case "complete_request":
                return await _assistance.CompleteAsync(await _cells.SnapshotAsync(), content);
            case "inspect_request":
                return await _assistance.InspectAsync(await _cells.SnapshotAsync(), content);
            case "is_complete_request":
                return Assistance.IsComplete(content);
            case "history_request":
                return _cells.History.Answer(content);
            case "comm_info_request":
                return new() { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "interrupt_request":
                _cells.Interrupt();
                return new() { ["status"] = "ok" };
            case "shutdown_request":
                return new() { ["status"] = "ok", ["restart"] = content.Flag("restart") ?? false };
            case "comm_open":
                // No one here listens to comms; the client is told so.
                _publisher.Publish(request, "comm_close", new() { ["comm_id"] = content["comm_id"]?.DeepClone(), ["data"] = new JsonObject() });
                return null;
            case "comm_msg" or "comm_close":
                return null;
            default:
                _log($"Requests of the type {request.Type} are not answered.");
                return null;
        }
    }

    private async Task<JsonObject> ExecuteAsync(Message request)
    {
        var answer = await _cells.ExecuteAsync(request, onFailure: async () =>
        {
            if (request.Content.Flag("stop_on_error") ?? true)
            {
                // The cells that the client sent together with this one are not run; those that it sends when it has seen the failure are.
                await Task.Delay(s_arrival);
                _aborted = _received;
            }
        });

        // Not before the first cell, which it would slow down.
        _ = _warmUp.Value;
        return answer;
    }
}
