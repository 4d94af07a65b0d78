using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks.Live;

/// <summary>Which cells of a notebook run, one after the other, and what they show meanwhile.</summary>
internal sealed partial class LiveNotebook
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(30);

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

    private List<PlannedCell> Planned() => [.. _cells.Select(cell => new PlannedCell(cell.Names, cell.HasRun, cell.Changed, IsOutOfDate: cell.IsStale || cell.Failure is not null || cell.Ran != cell.Source))];

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
        var more = reply?.Changed?.Except(cell.Changed).ToList() ?? [];
        cell.Changed = reply?.Changed?.ToHashSet() ?? cell.Changed;
        cell.Activity = _queue.Contains(index) ? CellActivity.Waiting : CellActivity.Idle;
        cell.IsStale = cell.Activity == CellActivity.Waiting || _isStopping || reply is null;
        Flush(cell);
        cell.Version = ++_version;
        var end = LivePage.Describe(cell, withOutputs: false);
        (end["is"], end["outputs"]) = ("end", cell.Shown.Count);
        Send(end);

        // What has run with something that this cell, as is known only now, has changed.
        var outOfDate = more.Count == 0 ? [] : Plan([], more).Where(other => other > index && _cells[other].HasRun && !_cells[other].IsStale).ToList();
        foreach (var other in outOfDate.Select(other => _cells[other]))
        {
            other.IsStale = true;
            SendCell(other);
        }

        if (outOfDate.Count > 0 && _queue.Count > 0)
        {
            // What waits may need it.
            Enqueue(outOfDate);
        }

        if (failure is null)
        {
            return;
        }

        // What needs it would fail, too.
        var dependents = Dependencies.Dependents(Planned(), index);
        var without = _queue.Where(dependents.Contains).ToList();
        foreach (var other in without)
        {
            _queue.Remove(other);
            _cells[other].Activity = CellActivity.Idle;
            SendCell(_cells[other]);
        }

        if (without.Count > 0 && reply?.IsStopped != true)
        {
            Send(State($"Cell {cell.Number} has failed, and what needs it does not run."));
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
}
