using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Running;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Live;

/// <summary>What a cell is doing.</summary>
internal enum CellActivity
{
    Idle,
    Waiting,
    Running,
}

/// <summary>A code cell of a live page: its text as it is being edited, and what came of running it.</summary>
internal sealed class LiveCell
{
    private readonly string _folder;
    private CellNames? _names;

    public LiveCell(NotebookCell cell, string id, int number, string folder)
    {
        (Cell, Id, Number, _folder) = (cell, id, number, folder);
        Source = Over = cell.Source;
        Count = cell.ExecutionCount;
        Shown = cell.Outputs;
    }

    /// <summary>The cell as the file has it.</summary>
    public NotebookCell Cell { get; set; }

    /// <summary>What the page knows it by.</summary>
    public string Id { get; }

    /// <summary>Its number among the code cells, from 1.</summary>
    public int Number { get; }

    /// <summary>Its text.</summary>
    public string Source
    {
        get;
        set => (field, _names) = (value, null);
    } = "";

    /// <summary>The file's text that its text was typed over.</summary>
    public string Over { get; set; }

    /// <summary>True when its text is not the file's.</summary>
    public bool IsChanged => Source != Cell.Source;

    /// <summary>True when the file had its text changed after the page had: who saves is asked which of the two to keep.</summary>
    public bool IsBehind => IsChanged && Over != Cell.Source;

    /// <summary>The number in brackets: of its last run, or the one that the file has.</summary>
    public int? Count { get; set; }

    public CellActivity Activity { get; set; }

    /// <summary>True when its outputs are of values that are no more.</summary>
    public bool IsStale { get; set; }

    /// <summary>True when the session that there is now has run it.</summary>
    public bool HasRun { get; set; }

    /// <summary>The text that was run last.</summary>
    public string? Ran { get; private set; }

    /// <summary>True when it was run since the file was read, so that the outputs are to be saved.</summary>
    public bool IsNew { get; set; }

    /// <summary>Variables of earlier cells that it was seen to change.</summary>
    public IReadOnlySet<string> Changed { get; set; } = new HashSet<string>();

    /// <summary>Why it did not come to its end.</summary>
    public CellFailure? Failure { get; set; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Elapsed { get; set; }

    /// <summary>Collects what it shows; null before it runs, and when it was started over since.</summary>
    public CellRecorder? Recorder { get; private set; }

    /// <summary>What the pages show of it.</summary>
    public IReadOnlyList<CellOutput> Shown { get; set; }

    /// <summary>Is counted up with every change that a page must know of.</summary>
    public long Version { get; set; }

    public CellNames Names => _names ??= CellNames.Of(Source, _folder);

    public bool IsParameters => Cell.Tags.Contains("parameters");

    public bool IsExercise => Cell.Tags.Contains("exercise");

    public bool IsCheck => Cell.Tags.Contains("check");

    /// <summary>A run begins: nothing is shown yet.</summary>
    public void Begin()
    {
        Recorder = new();
        Ran = Source;
        Shown = [];
        Failure = null;
        Activity = CellActivity.Running;
    }

    /// <summary>Shows what another state of the notebook has.</summary>
    public void StartOver(NotebookCell before)
    {
        (Count, Shown, Recorder, Failure, IsStale) = (before.ExecutionCount, before.Outputs, null, null, false);
        IsNew = !OutputComparison.AreSame(Cell.Outputs, Shown);
    }

    /// <summary>Files that are loaded may have changed.</summary>
    public void ForgetNames() => _names = null;
}
