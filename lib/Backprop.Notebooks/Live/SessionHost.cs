using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Backprop.Notebooks.Completion;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Live;

/// <summary>
/// A session in a process of its own, so that a cell that ends the process or fills its memory takes nothing else along:
/// reads requests from the standard input, a line each, and writes what there is to say to the standard output. It ends
/// when its input does: when whoever started it is gone.
/// </summary>
internal sealed class SessionHost
{
    private const int LargestText = 64 * 1024;

    private readonly AsyncLocal<int> _current = new();
    private readonly Channel<SessionRequest> _cells = Channel.CreateUnbounded<SessionRequest>();
    private readonly Channel<SessionRequest> _questions = Channel.CreateUnbounded<SessionRequest>();
    private readonly Channel<SessionReply> _replies = Channel.CreateUnbounded<SessionReply>();
    private readonly CodeAssistant _assistant = new();
    private readonly Task<CSharpSession> _session;
    private volatile CancellationTokenSource? _running;
    private volatile int _last;
    private volatile int _read;
    private volatile int _stopped;

    private SessionHost()
    {
        _session = Task.Run(async () =>
        {
            await CSharpSession.WarmUpAsync();
            return new CSharpSession(Environment.CurrentDirectory, Show, alwaysIn: "text/plain", isRerun: true);
        });
    }

    /// <summary>Serves until the input ends.</summary>
    public static async Task RunAsync(Stream input, Stream output)
    {
        GiveWayWhenMemoryIsShort();
        var host = new SessionHost();
        var writing = host.WriteAsync(output);
        _ = host.RunCellsAsync();
        _ = host.AnswerQuestionsAsync();
        using var lines = new StreamReader(input);
        while (await lines.ReadLineAsync() is { } line)
        {
            var request = JsonSerializer.Deserialize<SessionRequest>(line, SessionMessages.Json)!;
            switch (request.Do)
            {
                case "run":
                    host._read = request.Id;
                    host._cells.Writer.TryWrite(request);
                    break;
                case "stop":
                    host.Stop();
                    break;
                default:
                    host._questions.Writer.TryWrite(request);
                    break;
            }
        }

        host._replies.Writer.Complete();
        await writing;
    }

    // Where the system itself runs out of memory it ends a process: rather this one than the server or the browser.
    private static void GiveWayWhenMemoryIsShort()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText("/proc/self/oom_score_adj", "1000");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not allowed here: the session runs as well without.
        }
    }

    private void Show(CellOutput output) =>
        _replies.Writer.TryWrite(new(_current.Value is > 0 and var id ? id : _last) { Output = output });

    private void Stop()
    {
        // A cell that has been asked for and has not begun is meant as well.
        _stopped = _read;
        // Stopping waits for the cell to take notice.
        var running = _running;
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

    private async Task RunCellsAsync()
    {
        await foreach (var request in _cells.Reader.ReadAllAsync())
        {
            _replies.Writer.TryWrite(await RunAsync(request));
        }
    }

    private async Task<SessionReply> RunAsync(SessionRequest request)
    {
        var session = await _session;
        using var stop = new CancellationTokenSource();
        (_running, _last, _current.Value) = (stop, request.Id, request.Id);
        if (request.Id <= _stopped)
        {
            await stop.CancelAsync();
        }

        var (before, types) = (StatesOf(session, request.Watch ?? []), session.Types);
        SessionReply reply;
        try
        {
            reply = new(request.Id) { Failure = await session.ExecuteAsync(request.Code, request.Name, stop.Token) };
        }
        catch (OperationCanceledException e)
        {
            reply = new(request.Id) { Failure = CellFailure.OfStop(e, request.Code, "Stopped."), IsStopped = true };
        }
        finally
        {
            _running = null;
        }

        var variables = before.Where(entry => entry.Value != ObjectState.Of(session.ValueOf(entry.Key)));
        var madeAnew = session.Types.Where(type => types.TryGetValue(type.Key, out var old) && old != type.Value);
        return reply with { IsDone = true, Changed = request.Watch is null ? null : [.. variables.Select(entry => entry.Key), .. madeAnew.Select(type => type.Key)] };
    }

    // Of variables, and of all others whose objects they lead to.
    private static Dictionary<string, int> StatesOf(CSharpSession session, IReadOnlyList<string> names)
    {
        var states = new Dictionary<string, int>();
        var reached = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var name in names)
        {
            states[name] = ObjectState.Of(session.ValueOf(name), reached);
        }

        foreach (var name in session.Names.Except(names))
        {
            if (session.ValueOf(name) is { } value && reached.Contains(value))
            {
                states[name] = ObjectState.Of(value);
            }
        }

        return states;
    }

    private async Task AnswerQuestionsAsync()
    {
        await foreach (var request in _questions.Reader.ReadAllAsync())
        {
            SessionReply reply;
            try
            {
                reply = await AnswerAsync(request);
            }
            catch (Exception)
            {
                // No answer to this question; the next one is asked all the same.
                reply = new(request.Id);
            }

            _replies.Writer.TryWrite(reply with { IsDone = true });
        }
    }

    private async Task<SessionReply> AnswerAsync(SessionRequest request)
    {
        var session = (await _session).Snapshot;
        var reply = new SessionReply(request.Id);
        return request.Do switch
        {
            "complete" => reply with { Completions = await _assistant.CompleteAsync(session, request.Code, request.Position) },
            "inspect" => reply with { Text = await _assistant.InspectAsync(session, request.Code, request.Position, isDetailed: false) },
            "check" => reply with { Problems = await _assistant.CheckAsync(session, request.Code) },
            "members" => reply with { Members = await _assistant.MembersLikeAsync(session, request.Code) },
            "script" => reply with { Text = OfflineScripts.Find(request.Code) },
            _ => reply,
        };
    }

    private async Task WriteAsync(Stream output)
    {
        await foreach (var reply in _replies.Reader.ReadAllAsync())
        {
            await JsonSerializer.SerializeAsync(output, Gather(reply), SessionMessages.Json);
            output.WriteByte((byte)'\n');
            if (!_replies.Reader.TryPeek(out _))
            {
                await output.FlushAsync();
            }
        }
    }

    // Text that was printed faster than it is written goes on one line.
    private SessionReply Gather(SessionReply reply)
    {
        if (reply.Output is not StreamOutput stream)
        {
            return reply;
        }

        var text = new StringBuilder(stream.Text);
        while (text.Length < LargestText && _replies.Reader.TryPeek(out var next) && next is { Output: StreamOutput more } && next.Id == reply.Id && more.Name == stream.Name)
        {
            _replies.Reader.TryRead(out _);
            text.Append(more.Text);
        }

        return reply with { Output = stream with { Text = text.ToString() } };
    }
}
