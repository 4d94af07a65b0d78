using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Live;

/// <summary>The session that a notebook's cells run in: its beginning, its end, and what an editor asks it.</summary>
internal sealed partial class LiveNotebook
{
    private SessionProcess StartSession()
    {
        if (_session is not null)
        {
            return _session;
        }

        var session = _session = SessionProcess.Start(FolderPath);
        _end.Change(_patience, Timeout.InfiniteTimeSpan);
        _ = WatchAsync(session);
        Send(State());
        Prepare();
        return session;
    }

    // The cells above the settings, as far as they reference libraries, open namespaces and set up: what completion and
    // saved charts need.
    private void Prepare()
    {
        var parameters = _cells.FindIndex(cell => cell.IsParameters);
        var first = Enumerable.Range(0, Math.Max(parameters, 0)).Union(_cells.Index().TakeWhile(cell => cell.Item.Names.IsForAll).Select(cell => cell.Index)).ToList();
        Enqueue(first);
        _ = PrepareAsync(_prepared);

        async Task PrepareAsync(TaskCompletionSource prepared)
        {
            while (!_running.IsCompleted && first.Any(cell => cell < _cells.Count && _cells[cell].Activity != CellActivity.Idle))
            {
                await Task.Delay(20);
            }

            prepared.TrySetResult();
            lock (_lock)
            {
                Send(State());
            }

            SendChoices();
        }
    }

    private async Task WatchAsync(SessionProcess session)
    {
        await session.Ended;
        session.Dispose();
        lock (_lock)
        {
            if (_session == session)
            {
                Forget();
                Send(State("The session has ended. Its variables are gone; what you run next starts a new one."));
            }
        }
    }

    // The session's variables are gone.
    private void Forget()
    {
        _session = null;
        _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Replace([]);
        foreach (var cell in _cells)
        {
            // What it was seen to change it will change again.
            cell.HasRun = false;
        }
    }

    private void Restart()
    {
        _session?.End();
        Forget();
        _count = 0;
        StartSession();
    }

    private void EndWhenAlone()
    {
        lock (_lock)
        {
            if (_tabs.Count == 0 && _session is { } session)
            {
                session.End();
                Forget();
            }
        }
    }

    private async Task AnswerAsync(Tab tab, int index, JsonObject message)
    {
        if (_session is not { } session || message.Text("source") is not { } source || message["id"] is not JsonValue id)
        {
            return;
        }

        var position = message["position"] is JsonValue value && value.TryGetValue<int>(out var at) ? Math.Clamp(at, 0, source.Length) : 0;
        var reply = await session.AskAsync(new(0, message.Text("do")!, source, Position: position));
        var answer = new JsonObject { ["is"] = "answer", ["id"] = id.DeepClone() };
        if (reply?.Completions is { } completions)
        {
            (answer["start"], answer["end"]) = (completions.Start, completions.End);
            answer["matches"] = new JsonArray([.. completions.Matches.Take(500).Select(match => (JsonNode)new JsonObject { ["text"] = match.Text, ["kind"] = match.Kind, ["label"] = match.Signature })]);
        }

        if (reply?.Text is { } text)
        {
            answer["text"] = text;
        }

        if (reply?.Problems is { } problems)
        {
            // A name that a cell above declares, which has not run yet, is no mistake.
            HashSet<string> above;
            lock (_lock)
            {
                above = [.. _cells.Take(index).Where(cell => !cell.HasRun).SelectMany(cell => cell.Names.Steps).SelectMany(step => step.Declares)];
            }

            answer["problems"] = new JsonArray([.. problems
                .Where(problem => !(problem.Id == "CS0103" && above.Contains(source[problem.Start..problem.End])))
                .Select(problem => (JsonNode)new JsonObject { ["start"] = problem.Start, ["end"] = problem.End, ["message"] = $"{problem.Id}: {problem.Message}" })]);
        }

        tab.Send(answer);
    }
}
