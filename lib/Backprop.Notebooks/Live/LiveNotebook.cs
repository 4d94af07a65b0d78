using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;

namespace Backprop.Notebooks.Live;

/// <summary>
/// A notebook that is being used: its cells, the session that runs them, and the tabs that show it. All tabs see the
/// same; one that comes, or comes back, is told what it does not know yet.
/// </summary>
internal sealed partial class LiveNotebook : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(400);

    /// <summary>Scripts that outputs would fetch from elsewhere, by their address; the same for all notebooks.</summary>
    private static readonly ConcurrentDictionary<string, string> s_scripts = [];

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
