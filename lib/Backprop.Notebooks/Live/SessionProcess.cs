using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Live;

/// <summary>The server's end of a session: starts its process, asks it, and ends it.</summary>
internal sealed class SessionProcess : IDisposable
{
    private const long LargestHeap = 4L << 30;

    private readonly Process _process;
    private readonly StreamWriter _input;
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<SessionReply?>> _open = [];
    private readonly ConcurrentDictionary<int, Action<CellOutput>> _shows = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _id;

    private SessionProcess(Process process)
    {
        _process = process;
        _input = new(process.StandardInput.BaseStream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };
        _ = ReadAsync();
        // Whatever a cell writes past the session is nobody's to read, but must not fill the pipe.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>Is done when the process has ended, whoever ended it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts a session.</summary>
    /// <param name="folder">The notebook's folder, which is the session's working directory.</param>
    public static SessionProcess Start(string folder)
    {
        var start = new ProcessStartInfo(DotNet.Command, [typeof(SessionProcess).Assembly.Location, "session"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A cell that asks for more gets an exception, long before the machine has no memory left for anyone else.
        var limit = Math.Min(LargestHeap, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        start.Environment["DOTNET_GCHeapHardLimit"] = limit.ToString("x", CultureInfo.InvariantCulture);
        return new(Process.Start(start)!);
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="request">The question; it gets its number here.</param>
    /// <param name="show">Receives what a cell shows, also after its end.</param>
    /// <returns>The answer, or null when the process ended before it came.</returns>
    public async Task<SessionReply?> AskAsync(SessionRequest request, Action<CellOutput>? show = null)
    {
        var id = Interlocked.Increment(ref _id);
        var answer = new TaskCompletionSource<SessionReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[id] = answer;
        if (show is not null)
        {
            _shows[id] = show;
        }

        Send(request with { Id = id });
        return _ended.Task.IsCompleted ? null : await answer.Task;
    }

    /// <summary>Stops the cell that is running.</summary>
    public void Stop() => Send(new(0, "stop"));

    /// <summary>True when it was ended by whoever started it, and not by its own cells.</summary>
    public bool IsEndedHere { get; private set; }

    /// <summary>Ends it, whatever it is doing.</summary>
    public void End()
    {
        IsEndedHere = true;
        Dispose();
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }

    private void Send(SessionRequest request)
    {
        try
        {
            lock (_writing)
            {
                _input.WriteLine(JsonSerializer.Serialize(request, SessionMessages.Json));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended, which is noticed where its output ends.
        }
    }

    private async Task ReadAsync()
    {
        var lines = new StreamReader(_process.StandardOutput.BaseStream);
        try
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                // Anything else was written by a cell past the console.
                if (!line.StartsWith('{') || JsonSerializer.Deserialize<SessionReply>(line, SessionMessages.Json) is not { } reply)
                {
                    continue;
                }

                if (reply.Output is { } output && _shows.TryGetValue(reply.Id, out var show))
                {
                    show(output);
                }

                if (reply.IsDone && _open.TryRemove(reply.Id, out var answer))
                {
                    answer.TrySetResult(reply);
                }
            }
        }
        catch (Exception)
        {
            // Whatever it was: a session that no one listens to must not seem to go on.
            Dispose();
        }

        _ended.TrySetResult();
        foreach (var answer in _open.Values)
        {
            answer.TrySetResult(null);
        }
    }
}
