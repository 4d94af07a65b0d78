using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Jupyter;

/// <summary>Runs the cells that clients send in a C# session, and shows what they show to who asked.</summary>
internal sealed class CellExecutor
{
    private readonly AsyncLocal<Execution?> _current = new();
    private readonly Sockets _sockets;
    private readonly Publisher _publisher;
    private readonly Task<CSharpSession> _session;
    private Execution? _last;
    private CancellationTokenSource? _running;
    private TaskCompletionSource<string?>? _answer;

    public CellExecutor(Sockets sockets, Publisher publisher)
    {
        (_sockets, _publisher) = (sockets, publisher);
        // The client is answered while the compiler gets going.
        _session = Task.Run(async () =>
        {
            await CSharpSession.WarmUpAsync();
            return new CSharpSession(Environment.CurrentDirectory, Show, ReadLine, alwaysIn: "text/plain");
        });
    }

    /// <summary>The number that clients show beside the cell that ran last.</summary>
    public int Count { get; private set; }

    /// <summary>The inputs that are remembered.</summary>
    public History History { get; } = new();

    /// <summary>What the next cell can see.</summary>
    public async Task<SessionSnapshot> SnapshotAsync() => (await _session).Snapshot;

    /// <summary>Answers an execute_request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="onFailure">Called when the cell has failed, unless it was silent, before the client is told.</param>
    public async Task<JsonObject> ExecuteAsync(Message request, Func<Task> onFailure)
    {
        var content = request.Content;
        var code = content.Code();
        var isSilent = content.Flag("silent") ?? false;
        var isStored = !isSilent && (content.Flag("store_history") ?? true);
        Count += isStored ? 1 : 0;
        var execution = new Execution(request, Count, isSilent, content.Flag("allow_stdin") ?? true);
        if (!isSilent)
        {
            _publisher.Publish(request, "execute_input", new() { ["code"] = code, ["execution_count"] = Count });
        }

        var failure = await RunAsync(execution, code, $"cell {Count}");
        if (isStored)
        {
            History.Add(Count, code, execution.Result?.Data.GetValueOrDefault("text/plain"));
        }

        // A silent request is a client's own: its failure is nobody's reason to stop.
        if (failure is not null && !isSilent)
        {
            await onFailure();
            var shown = Error(failure);
            shown.Remove("status");
            _publisher.Publish(request, "error", shown);
        }

        var answer = failure is null ? new() { ["status"] = "ok" } : Error(failure);
        answer["execution_count"] = Count;
        answer["payload"] = new JsonArray();
        answer["user_expressions"] = failure is null ? await EvaluateAsync(execution, content["user_expressions"] as JsonObject ?? []) : [];
        return answer;
    }

    /// <summary>Stops the cell that runs, if there is one.</summary>
    public void Interrupt()
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

    /// <summary>The user has typed what a cell asked for.</summary>
    /// <param name="line">The line; null at the end of the input.</param>
    public void Answer(string? line) => _answer?.TrySetResult(line);

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
        foreach (var (name, _) in expressions)
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
}
