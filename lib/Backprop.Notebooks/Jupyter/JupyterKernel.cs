using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Completion;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;
using Queue = System.Threading.Channels.Channel<(Backprop.Notebooks.Jupyter.Message Request, int Number)>;

namespace Backprop.Notebooks.Jupyter;

/// <summary>
/// A Jupyter kernel: answers the requests of Jupyter clients with a C# session. Requests on the shell channel are dealt
/// with one after the other; those on the control channel at once, also while a cell runs.
/// </summary>
internal sealed class JupyterKernel
{
    /// <summary>What was sent together with a failing cell has arrived by then.</summary>
    private static readonly TimeSpan s_arrival = TimeSpan.FromMilliseconds(30);

    private readonly AsyncLocal<Execution?> _current = new();
    private readonly Queue _shell = System.Threading.Channels.Channel.CreateUnbounded<(Message, int)>();
    private readonly Queue _control = System.Threading.Channels.Channel.CreateUnbounded<(Message, int)>();
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly History _history = new();
    private readonly Assistance _assistance = new();
    private readonly Action<string> _log;
    private readonly Sockets _sockets;
    private readonly Publisher _publisher;
    private readonly Task<CSharpSession> _session;
    private readonly Lazy<Task> _warmUp = new(() => Task.Run(() => CodeAssistant.WarmUpAsync()));
    private Execution? _last;
    private CancellationTokenSource? _running;
    private TaskCompletionSource<string?>? _answer;
    private volatile int _received;
    private int _aborted;
    private int _count;

    private JupyterKernel(ConnectionFile connection, Action<string> log)
    {
        _log = log;
        _sockets = new(connection, Receive, log);
        _publisher = new(_sockets);
        // The client is answered while the compiler gets going.
        _session = Task.Run(async () =>
        {
            await CSharpSession.WarmUpAsync();
            return new CSharpSession(Environment.CurrentDirectory, Show, ReadLine, alwaysIn: "text/plain");
        });
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
            kernel.Interrupt();
        });
        _ = kernel.ServeAsync(kernel._control);
        _ = kernel.ServeAsync(kernel._shell);
        await Task.WhenAny(kernel._shutdown.Task, ParentEndsAsync(cancellationToken), Task.Delay(Timeout.Infinite, cancellationToken));
        kernel._publisher.Dispose();
        kernel._sockets.Dispose();
    }

    /// <summary>A kernel whose client was killed would else stay for ever.</summary>
    private static async Task ParentEndsAsync(CancellationToken cancellationToken)
    {
        // On Windows the variable holds a handle, and Jupyter ends its kernels by other means.
        var variable = OperatingSystem.IsWindows() ? null : Environment.GetEnvironmentVariable("JPY_PARENT_PID");
        if (!int.TryParse(variable, out var id) || id <= 1)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync(cancellationToken);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    private void Receive(Channel channel, Message message)
    {
        if (channel == Channel.Stdin)
        {
            // The end of the input arrives as the character that ends it in a terminal.
            _answer?.TrySetResult(message.Content.Text("value") is { } text and not "\u0004" ? text : null);
        }
        else
        {
            (channel == Channel.Control ? _control : _shell).Writer.TryWrite((message, ++_received));
        }
    }

    private async Task ServeAsync(Queue requests)
    {
        await foreach (var (request, number) in requests.Reader.ReadAllAsync())
        {
            await ServeAsync(requests == _control ? Channel.Control : Channel.Shell, request, isAborted: requests == _shell && number <= _aborted);
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
                content = isAborted && request.Type == "execute_request" ? new() { ["status"] = "aborted", ["execution_count"] = _count } : await AnswerAsync(request);
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
                var answer = await ExecuteAsync(request);
                // Not before the first cell, which it would slow down.
                _ = _warmUp.Value;
                return answer;
            case "complete_request":
                return await _assistance.CompleteAsync((await _session).Snapshot, content);
            case "inspect_request":
                return await _assistance.InspectAsync((await _session).Snapshot, content);
            case "is_complete_request":
                return Assistance.IsComplete(content);
            case "history_request":
                return _history.Answer(content);
            case "comm_info_request":
                return new() { ["status"] = "ok", ["comms"] = new JsonObject() };
            case "interrupt_request":
                Interrupt();
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

    private async Task<JsonObject?> ExecuteAsync(Message request)
    {
        var content = request.Content;
        var code = content.Code();
        var isSilent = content.Flag("silent") ?? false;
        var isStored = !isSilent && (content.Flag("store_history") ?? true);
        _count += isStored ? 1 : 0;
        var execution = new Execution(request, _count, isSilent, content.Flag("allow_stdin") ?? true);
        if (!isSilent)
        {
            _publisher.Publish(request, "execute_input", new() { ["code"] = code, ["execution_count"] = _count });
        }

        var failure = await RunAsync(execution, code, $"cell {_count}");
        if (isStored)
        {
            _history.Add(_count, code, execution.Result?.Data.GetValueOrDefault("text/plain"));
        }

        if (failure is null)
        {
            return new()
            {
                ["status"] = "ok",
                ["execution_count"] = _count,
                ["payload"] = new JsonArray(),
                ["user_expressions"] = await EvaluateAsync(execution, content["user_expressions"] as JsonObject ?? []),
            };
        }

        var error = Error(failure);
        if (!isSilent)
        {
            var shown = (JsonObject)error.DeepClone();
            shown.Remove("status");
            _publisher.Publish(request, "error", shown);
        }

        if (content.Flag("stop_on_error") ?? true)
        {
            // The cells that the client sent together with this one are not run.
            await Task.Delay(s_arrival);
            _aborted = _received;
        }

        error["execution_count"] = _count;
        error["payload"] = new JsonArray();
        error["user_expressions"] = new JsonObject();
        return error;
    }

    private async Task<CellFailure?> RunAsync(Execution execution, string code, string name)
    {
        // What the cell shows finds its way back to the request through the execution context, which flows into the
        // tasks and threads that it starts.
        _current.Value = _last = execution;
        using var stop = new CancellationTokenSource();
        _running = stop;
        try
        {
            var session = await _session;
            return await session.ExecuteAsync(code, name, stop.Token);
        }
        catch (OperationCanceledException e)
        {
            return CellFailure.OfStop(e, code, "Interrupted.");
        }
        finally
        {
            _running = null;
        }
    }

    private async Task<JsonObject> EvaluateAsync(Execution execution, JsonObject expressions)
    {
        var values = new JsonObject();
        foreach (var (name, expression) in expressions)
        {
            var asked = execution with { IsSilent = true, Result = null };
            var failure = await RunAsync(asked, expressions.Text(name) ?? "", $"expression {name}");
            values[name] = failure is not null ? Error(failure) : new JsonObject
            {
                ["status"] = "ok",
                ["data"] = Publisher.Data(asked.Result?.Data ?? new Dictionary<string, string>()),
                ["metadata"] = new JsonObject(),
            };
        }

        return values;
    }

    private static JsonObject Error(CellFailure failure) => new()
    {
        ["status"] = "error",
        ["ename"] = failure.Name,
        ["evalue"] = failure.Message,
        ["traceback"] = new JsonArray([.. Traceback.Of(failure).Select(line => (JsonNode?)line)]),
    };

    private void Show(CellOutput output)
    {
        if ((_current.Value ?? _last) is not { } execution)
        {
            return;
        }

        if (output is DisplayOutput { IsResult: true } result)
        {
            execution.Result = result;
        }

        if (!execution.IsSilent)
        {
            _publisher.Show(execution, output);
        }
    }

    private string? ReadLine()
    {
        var execution = _current.Value ?? _last!;
        if (!execution.AllowsInput)
        {
            throw new InvalidOperationException("The cell reads from the console, but this client cannot ask its user for input.");
        }

        _publisher.Flush();
        _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sockets.Send(Channel.Stdin, execution.Request.Answer("input_request", new() { ["prompt"] = "", ["password"] = false }));
        return _answer.Task.GetAwaiter().GetResult();
    }

    private void Interrupt()
    {
        var running = _running;
        // Stopping waits for the cell to take notice.
        _ = Task.Run(() =>
        {
            try
            {
                running?.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The cell came to its end just now.
            }
        });
    }
}
