using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;
using Backprop.Notebooks.Running;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Live;

/// <summary>
/// A notebook that is being used: its cells, the session that runs them, and the tabs that show it. All tabs see the
/// same; one that comes, or comes back, is told what it does not know yet.
/// </summary>
internal sealed partial class LiveNotebook : IDisposable
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(400);

    /// <summary>Scripts that outputs would fetch from elsewhere, by their address; the same for all notebooks.</summary>
    private static readonly ConcurrentDictionary<string, string> s_scripts = [];

    /// <summary>The members to choose from, by the type.</summary>
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _choices = [];

    private readonly Lock _lock = new();
    private readonly HashSet<Tab> _tabs = [];
    private readonly List<int> _queue = [];
    private readonly Timer _flush;
    private readonly Timer _keep;
    private readonly Timer _end;
    private readonly TimeSpan _patience;
    private readonly Drafts _drafts;
    private Notebook _notebook;
    private List<LiveCell> _cells = [];
    private SessionProcess? _session;
    private Task _running = Task.CompletedTask;
    private TaskCompletionSource _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = Stopwatch.GetTimestamp();
    private int _count;
    private int _current = -1;
    private bool _isStopping;
    private bool _isGathering;

    /// <summary>Opens a notebook; its session starts with its first tab.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="patience">How long the session stays after the last tab is closed.</param>
    public LiveNotebook(Notebook notebook, TimeSpan patience)
    {
        (_notebook, _patience, _drafts) = (notebook, patience, new(notebook.Path));
        _flush = new(_ => Flush());
        _keep = new(_ => KeepDrafts());
        _end = new(_ => EndWhenAlone());
        Read(notebook);
        foreach (var (id, draft) in _drafts.Read())
        {
            // Cells without ids are known by their places, and other cells may stand there by now.
            var cell = _cells.Find(known => known.Id == id && (known.Cell.Json.Text("id") == id || known.Cell.Source == draft.Over))
                ?? _cells.Find(known => known.Cell.Source == draft.Over)
                ?? _cells.Find(known => known.Id == id);
            if (cell is not null)
            {
                (cell.Source, cell.Over) = (draft.Text, draft.Over ?? cell.Over);
            }
        }
    }

    /// <summary>Known only to pages that this server has made of this notebook, so that no other page can use its session.</summary>
    public string Ticket { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>What it is called.</summary>
    public string Title => _notebook.Title;

    /// <summary>The session's process; null while there is none.</summary>
    public int? ProcessId => _session?.ProcessId;

    private string FolderPath => Path.GetDirectoryName(Path.GetFullPath(_notebook.Path))!;

    /// <summary>The page as it is now.</summary>
    /// <param name="previous">The notebook before this one, if any.</param>
    /// <param name="next">The notebook after this one, if any.</param>
    /// <param name="assets">Where the page finds its script and style sheet.</param>
    /// <param name="isRead">False for a page that no one reads, which is only made to be quick at the next.</param>
    public string Page(PageLink? previous, PageLink? next, string assets, bool isRead = true)
    {
        string page;
        lock (_lock)
        {
            page = LivePage.Write(_notebook, _cells, _version, Ticket, previous, next, assets);
        }

        if (isRead)
        {
            // The page does not wait for a process to start.
            _ = Task.Run(() =>
            {
                lock (_lock)
                {
                    StartSession();
                }
            });
        }

        return page;
    }

    /// <summary>Its place in the list of notebooks.</summary>
    /// <param name="address">Where its page is.</param>
    public string Item(string address)
    {
        lock (_lock)
        {
            return Contents.Item(_notebook, address);
        }
    }

    /// <summary>Serves a tab until it is closed.</summary>
    public async Task ServeAsync(Tab tab, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _tabs.Add(tab);
            StartSession();
        }

        await tab.ServeAsync(message => Receive(tab, message), cancellationToken);
        lock (_lock)
        {
            _tabs.Remove(tab);
            _end.Change(_patience, Timeout.InfiniteTimeSpan);
        }

        KeepDrafts();
    }

    /// <summary>A script that outputs would fetch from elsewhere and that a library of the session has on hand; else null.</summary>
    public async Task<string?> ScriptAsync(string address, CancellationToken cancellationToken)
    {
        if (s_scripts.TryGetValue(address, out var known))
        {
            return known;
        }

        // The library offers it when the notebook's first cells have run.
        await Task.WhenAny(_prepared.Task, Task.Delay(TimeSpan.FromSeconds(60), cancellationToken));
        return _session is { } session && (await session.AskAsync(new(0, "script", address)))?.Text is { } text ? s_scripts[address] = text : null;
    }

    public void Dispose()
    {
        KeepDrafts();
        _session?.End();
        _flush.Dispose();
        _keep.Dispose();
        _end.Dispose();
    }

    private void Read(Notebook notebook)
    {
        _notebook = notebook;
        // Merged by hand, a notebook may have an id twice.
        var taken = new HashSet<string>();
        _cells = [.. notebook.CodeCells.Select((cell, i) => new LiveCell(
            cell, cell.Json.Text("id") is { } id && taken.Add(id) ? id : $"cell-{i + 1}", i + 1, FolderPath) { Version = _version })];
    }

    private void Receive(Tab tab, JsonObject message)
    {
        lock (_lock)
        {
            var cell = message.Text("cell") is { } id ? _cells.FindIndex(known => known.Id == id) : -1;
            switch (message.Text("do"))
            {
                case "hello":
                    Greet(tab, message["versions"] as JsonObject ?? []);
                    break;
                case "edit" when cell >= 0 && message.Text("source") is { } source:
                    Edit(cell, source, tab);
                    Send(State());
                    break;
                case "set" when cell >= 0 && message.Text("name") is { } name && message.Text("value") is { } value:
                    Set(cell, name, value);
                    break;
                case "run" when cell >= 0:
                    Run(cell);
                    break;
                case "run-below" when cell >= 0:
                    Enqueue([.. Enumerable.Range(cell, _cells.Count - cell)]);
                    break;
                case "run-all":
                    Enqueue([.. Enumerable.Range(0, _cells.Count)]);
                    break;
                case "run-stale":
                    Enqueue(Plan([.. _cells.Index().Where(each => each.Item.IsStale).Select(each => each.Index)], []));
                    break;
                case "stop":
                    Stop();
                    break;
                case "restart":
                    Restart();
                    break;
                case "save":
                    Save(tab, message["overwrite"]?.GetValueKind() == System.Text.Json.JsonValueKind.True);
                    break;
                case "reload":
                    Reload();
                    break;
                case "start-over":
                    StartOver(cell >= 0 ? cell : null);
                    break;
                case "complete" or "inspect" or "check" when cell >= 0:
                    _ = AnswerAsync(tab, cell, message);
                    break;
            }
        }
    }

    // Everything that the tab does not know yet.
    private void Greet(Tab tab, JsonObject versions)
    {
        var changed = _cells.Where(cell => versions.Text(cell.Id) != Text(cell.Version)).Select(cell => (JsonNode)LivePage.Describe(cell, withOutputs: true));
        tab.Send(new JsonObject { ["is"] = "cells", ["cells"] = new JsonArray([.. changed]), ["known"] = new JsonArray([.. _cells.Select(cell => (JsonNode)cell.Id)]) });
        foreach (var cell in _cells)
        {
            SendCell(cell, tab);
        }

        tab.Send(State(_cells.Find(cell => cell.IsBehind) is { } behind ? $"Cell {behind.Number} was changed in the file after you had changed it here. Saving asks which of the two to keep." : null));
        SendSettings(tab);
    }

    private void Edit(int index, string source, Tab? from = null)
    {
        var cell = _cells[index];
        if (cell.Source == source)
        {
            return;
        }

        cell.Source = source;
        cell.Version = ++_version;
        _keep.Change(s_pause, Timeout.InfiniteTimeSpan);
        Send(new() { ["is"] = "source", ["cell"] = cell.Id, ["source"] = source, ["html"] = CodeColours.ToHtml(source), ["version"] = Text(cell.Version) }, except: from);
        from?.Send(new JsonObject { ["is"] = "source", ["cell"] = cell.Id, ["html"] = CodeColours.ToHtml(source), ["version"] = Text(cell.Version) });
        if (cell.IsParameters)
        {
            SendSettings();
        }
    }

    private void Set(int index, string name, string value)
    {
        if (Setting.Change(_cells[index].Source, name, value) is not { } source)
        {
            SendSettings();
            Send(State($"{value} is no value for {name}."));
            return;
        }

        Edit(index, source);
        // What is running is for a value that is no more; of what waits, all that does not depend on it still runs.
        var plan = Plan([], [name]);
        var waiting = _queue.Union(plan).Order().ToList();
        if (_current >= 0 && plan.Any(cell => cell <= _current))
        {
            if (!plan.Contains(_current))
            {
                waiting = [.. waiting.Append(_current).Distinct().Order()];
            }

            StopRunning();
        }

        Replace(waiting);
    }

    private void Run(int index)
    {
        // The answer to an exercise and its check are one; so are the settings and what depends on them.
        var plan = _cells[index].IsParameters
            ? Plan([index], [])
            : Plan([index, .. _cells[index].IsExercise ? ChecksOf(index) : []], [], follow: false);
        // What depends on them and is not asked for is out of date from now on.
        foreach (var other in Plan(plan, []).Except(plan).Select(other => _cells[other]).Where(other => other.HasRun))
        {
            other.IsStale = true;
            SendCell(other);
        }

        Enqueue(plan);
    }

    private IEnumerable<int> ChecksOf(int exercise) =>
        Enumerable.Range(exercise + 1, _cells.Count - exercise - 1).TakeWhile(cell => !_cells[cell].IsExercise).Where(cell => _cells[cell].IsCheck).Take(1);

    private IReadOnlyList<int> Plan(IReadOnlyCollection<int> newCells, IReadOnlyCollection<string> newNames, bool follow = true) =>
        Dependencies.Plan(Planned(), newCells, newNames, follow);

    private List<PlannedCell> Planned() => [.. _cells.Select(cell => new PlannedCell(cell.Names, cell.HasRun, cell.Changed, IsOutOfDate: cell.IsStale || cell.Ran != cell.Source))];

    private void Enqueue(IReadOnlyList<int> cells) => Replace([.. _queue.Union(cells).Order()]);

    private void Replace(IReadOnlyList<int> cells)
    {
        var touched = _queue.Union(cells).ToList();
        _queue.Clear();
        _queue.AddRange(cells);
        foreach (var index in touched.Where(index => index != _current))
        {
            var cell = _cells[index];
            var waits = _queue.Contains(index);
            cell.Activity = waits ? CellActivity.Waiting : CellActivity.Idle;
            cell.IsStale |= waits;
            SendCell(cell);
        }

        Send(State());
        if (_queue.Count > 0 && _running.IsCompleted)
        {
            _running = Task.Run(RunQueueAsync);
        }
    }

    private void Stop()
    {
        Replace([]);
        StopRunning();
    }

    private void StopRunning()
    {
        _isStopping = _current >= 0;
        _session?.Stop();
    }

    private async Task RunQueueAsync()
    {
        while (true)
        {
            SessionProcess session;
            LiveCell cell;
            int index;
            IReadOnlyList<string> watch;
            lock (_lock)
            {
                if (_queue.Count == 0)
                {
                    _running = Task.CompletedTask;
                    Send(State());
                    return;
                }

                index = _queue[0];
                _queue.RemoveAt(0);
                session = StartSession();
                cell = _cells[index];
                cell.Begin();
                cell.ForgetNames();
                watch = Dependencies.VariablesOf(Planned(), index);
                cell.Version = ++_version;
                (_current, _isStopping) = (index, false);
                Send(new() { ["is"] = "begin", ["cell"] = cell.Id });
                Send(State());
            }

            var watchTime = Stopwatch.StartNew();
            var reply = CellCode.Of(cell.Cell, cell.Source) is { } code
                ? await session.AskAsync(new(0, "run", code, $"cell {cell.Number}", Watch: watch), output => Show(session, cell, output))
                : new(0) { Failure = CellCode.Unknown(cell.Cell) };
            lock (_lock)
            {
                _current = -1;
                Finish(index, cell, reply, watchTime.Elapsed, session);
            }
        }
    }

    private void Finish(int index, LiveCell cell, SessionReply? reply, TimeSpan elapsed, SessionProcess session)
    {
        if (!_cells.Contains(cell))
        {
            // The file was read anew meanwhile.
            return;
        }

        if (cell.Recorder is null)
        {
            // Started over while it ran: it shows what the repository has.
            (cell.Activity, cell.HasRun, cell.Version) = (CellActivity.Idle, false, ++_version);
            SendCell(cell);
            return;
        }

        if (reply is null && session.IsEndedHere)
        {
            // The session was started anew by the reader.
            cell.Activity = CellActivity.Idle;
            (cell.IsStale, cell.Version) = (true, ++_version);
            SendCell(cell);
            return;
        }

        var failure = reply is null ? new("Error", "The session has ended: the cell ended its process, or needed more memory than there is. Its variables are gone; run the notebook again.", null, null, []) : reply.Failure;
        if (failure is not null && !(reply?.IsStopped == true && _queue.Contains(index)))
        {
            cell.Recorder.Add(new ErrorOutput(failure.Name, failure.Message, [.. failure.Describe()]));
        }

        (cell.Failure, cell.Elapsed, cell.Count, cell.IsNew) = (failure, elapsed, ++_count, true);
        cell.HasRun = reply is not null;
        var isMoreChanged = reply?.Changed?.Except(cell.Changed).Any() == true;
        cell.Changed = reply?.Changed?.ToHashSet() ?? cell.Changed;
        cell.Activity = _queue.Contains(index) ? CellActivity.Waiting : CellActivity.Idle;
        cell.IsStale = cell.Activity == CellActivity.Waiting || _isStopping || reply is null;
        Flush(cell);
        cell.Version = ++_version;
        var end = LivePage.Describe(cell, withOutputs: false);
        (end["is"], end["outputs"]) = ("end", cell.Shown.Count);
        Send(end);

        var dependents = Dependencies.Dependents(Planned(), index);
        foreach (var other in isMoreChanged ? dependents.Where(other => _cells[other].HasRun && !_cells[other].IsStale).Select(other => _cells[other]) : [])
        {
            // It has run with what this cell, as is known only now, has changed.
            other.IsStale = true;
            SendCell(other);
        }

        if (failure is null)
        {
            return;
        }

        // What needs it would fail, too.
        foreach (var other in _queue.Where(dependents.Contains).ToList())
        {
            _queue.Remove(other);
            _cells[other].Activity = CellActivity.Idle;
            SendCell(_cells[other]);
        }
    }

    private void Show(SessionProcess session, LiveCell cell, CellOutput output)
    {
        lock (_lock)
        {
            if (session != _session)
            {
                return;
            }

            if (output is DisplayUpdate)
            {
                foreach (var other in _cells)
                {
                    other.Recorder?.Add(output);
                }
            }
            else
            {
                cell.Recorder?.Add(output);
            }

            if (output is StreamOutput)
            {
                // Gathered for a moment: a loop that prints a thousand lines sends a few messages.
                if (!_isGathering)
                {
                    _isGathering = true;
                    _flush.Change(s_moment, Timeout.InfiniteTimeSpan);
                }
            }
            else
            {
                Flush();
            }
        }
    }

    private void Flush()
    {
        lock (_lock)
        {
            _isGathering = false;
            foreach (var cell in _cells.Where(cell => cell.Recorder is not null))
            {
                Flush(cell);
            }
        }
    }

    // Sends what of a cell's outputs is not shown yet.
    private void Flush(LiveCell cell)
    {
        var (before, now) = (cell.Shown, cell.Recorder!.OutputsOf(0));
        for (var i = 0; i < now.Count; i++)
        {
            var message = new JsonObject { ["is"] = "output", ["cell"] = cell.Id, ["index"] = i };
            switch (now[i])
            {
                case var same when i < before.Count && ReferenceEquals(before[i], same):
                    continue;
                case StreamOutput stream when i < before.Count && before[i] is StreamOutput shown && shown.Name == stream.Name
                    && (Then: NotebookPage.Plain(shown.Text), Now: NotebookPage.Plain(stream.Text)) is var text && text.Now.StartsWith(text.Then, StringComparison.Ordinal):
                    if (text.Now.Length == text.Then.Length)
                    {
                        continue;
                    }

                    message["text"] = text.Now[text.Then.Length..];
                    break;
                case StreamOutput stream:
                    message["html"] = LivePage.Stream(stream);
                    break;
                default:
                    message["html"] = LivePage.Output(now[i]);
                    break;
            }

            cell.Version = ++_version;
            message["version"] = Text(cell.Version);
            Send(message);
        }

        cell.Shown = now;
    }

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

    private void SendSettings(Tab? tab = null)
    {
        if (_cells.Find(cell => cell.IsParameters) is not { } cell)
        {
            return;
        }

        var message = new JsonObject
        {
            ["is"] = "settings",
            ["cell"] = cell.Id,
            ["settings"] = new JsonArray([.. Setting.Of(cell.Source).Select(setting => (JsonNode)LivePage.Describe(setting, Choices(setting)))]),
        };
        if (tab is null)
        {
            Send(message);
        }
        else
        {
            tab.Send(message);
        }
    }

    private IReadOnlyList<string> Choices(Setting setting) =>
        setting.Type is { } type && _choices.TryGetValue(type, out var members) ? members : [];

    private void SendChoices()
    {
        IReadOnlyList<Setting> settings;
        lock (_lock)
        {
            settings = _cells.Find(cell => cell.IsParameters) is { } cell ? Setting.Of(cell.Source) : [];
        }

        _ = AskAsync();

        async Task AskAsync()
        {
            foreach (var setting in settings.Where(setting => setting.Type is not null && !_choices.ContainsKey(setting.Type)))
            {
                if (_session is { } session && (await session.AskAsync(new(0, "members", setting.Value)))?.Members is { Count: > 0 } members)
                {
                    _choices[setting.Type!] = members;
                }
            }

            lock (_lock)
            {
                SendSettings();
            }
        }
    }

    private JsonObject State(string? notice = null) => new()
    {
        ["is"] = "state",
        ["session"] = _session is null ? "none" : _current >= 0 || _queue.Count > 0 ? "running" : _prepared.Task.IsCompleted ? "ready" : "starting",
        ["running"] = _current >= 0 ? _cells[_current].Id : null,
        ["stale"] = _cells.Count(cell => cell.IsStale),
        ["changed"] = IsChanged(),
        ["notice"] = notice,
    };

    private void SendCell(LiveCell cell, Tab? tab = null)
    {
        var message = LivePage.Describe(cell, withOutputs: false);
        message["is"] = "cell";
        if (tab is null)
        {
            Send(message);
        }
        else
        {
            tab.Send(message);
        }
    }

    private void Send(JsonObject message, Tab? except = null)
    {
        foreach (var tab in _tabs.Where(tab => tab != except))
        {
            tab.Send(message);
        }
    }

    private static string Text(long version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
