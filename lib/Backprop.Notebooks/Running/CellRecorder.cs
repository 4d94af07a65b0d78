using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Running;

/// <summary>
/// Collects what the cells of one notebook show: consecutive writes to a stream become one output, and an update
/// changes the display that it names, in whichever cell that is.
/// </summary>
internal sealed class CellRecorder
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private int _cell;

    /// <summary>From here on, outputs belong to this cell.</summary>
    public void Begin(int cell)
    {
        lock (_lock)
        {
            _cell = cell;
        }
    }

    public void Add(CellOutput output)
    {
        lock (_lock)
        {
            switch (output)
            {
                case StreamOutput stream:
                    Write(stream);
                    break;
                case DisplayUpdate update:
                    foreach (var entry in _entries.Where(entry => entry.Output is DisplayOutput display && display.Id == update.Id))
                    {
                        entry.Output = new DisplayOutput(update.Data, update.Id);
                    }

                    break;
                default:
                    _entries.Add(new(_cell) { Output = output });
                    break;
            }
        }
    }

    public IReadOnlyList<CellOutput> OutputsOf(int cell)
    {
        lock (_lock)
        {
            return [.. _entries.Where(entry => entry.Cell == cell).Select(entry => entry.Finished)];
        }
    }

    private void Write(StreamOutput stream)
    {
        if (_entries.LastOrDefault() is not { Output: StreamOutput last } entry || entry.Cell != _cell || last.Name != stream.Name)
        {
            entry = new(_cell) { Output = stream };
            _entries.Add(entry);
        }

        entry.Text.Append(stream.Text);
    }

    private sealed class Entry(int cell)
    {
        public int Cell { get; } = cell;

        public required CellOutput Output { get; set; }

        public System.Text.StringBuilder Text { get; } = new();

        public CellOutput Finished => Output is StreamOutput stream ? stream with { Text = Text.ToString() } : Output;
    }
}
