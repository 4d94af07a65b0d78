using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Backprop.Notebooks.Live;

/// <summary>A notebook's settings: what a slider sets, and what it can be set to.</summary>
internal sealed partial class LiveNotebook
{
    /// <summary>The members to choose from, by the type.</summary>
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _choices = [];

    private void Set(int index, string name, string value)
    {
        if (Setting.Change(_cells[index].Source, name, value) is not { } source)
        {
            SendSettings();
            Send(State($"{value} is no value for {name}."));
            return;
        }

        // Of a cell that had run as it was, nothing else is new.
        var isOutOfDate = !Planned()[index].IsDone;
        Edit(index, source);
        var cells = Planned();
        cells[index] = cells[index] with { IsOutOfDate = isOutOfDate };
        // What is running is for a value that is no more; of what waits, all that does not depend on it still runs.
        var plan = Dependencies.Plan(cells, [], [name]);
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
}
