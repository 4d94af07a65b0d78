using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks;

/// <summary>All that is to be done with one notebook, in a form that can be sent to another process.</summary>
/// <param name="Notebook">The notebook's file.</param>
/// <param name="Name">What its files are called.</param>
/// <param name="Folder">Where they go.</param>
internal sealed record JobOrder(string Notebook, string Name, string Folder)
{
    /// <summary>Parameters to set, of those that the notebook has.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>How many seconds a cell may take, or null for as long as it needs.</summary>
    public double? Timeout { get; init; }

    /// <summary>Write the outputs back into the notebook.</summary>
    public bool Update { get; init; }

    /// <summary>Compare the outputs with those in the notebook.</summary>
    public bool Check { get; init; }

    /// <summary>The page before this one.</summary>
    public PageLink? Previous { get; init; }

    /// <summary>The page after this one.</summary>
    public PageLink? Next { get; init; }

    /// <summary>Runs the notebook and writes its files.</summary>
    /// <param name="cellStarting">Is told the number of each cell and how many there are.</param>
    /// <param name="cancellationToken">Stops the cell that is running; what was done is written.</param>
    public async Task<JobResult> RunAsync(Action<int, int> cellStarting, CancellationToken cancellationToken)
    {
        var complaints = new StringWriter();
        var row = new IndexRow(Name, null, "", null, "", false);
        try
        {
            var options = new RunOptions
            {
                Parameters = Parameters,
                CellTimeout = Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                CellStarting = cellStarting,
            };
            var job = new Job(Documents.Notebook.Load(Notebook), Name, Folder, options);
            row = row with { Title = job.Notebook.Title };
            var run = await NotebookRunner.RunAsync(job.Notebook, options, cancellationToken);
            job.WriteOutputs(run, Previous, Next);
            row = row with { Page = job.PageFile, Cells = $"{run.Cells.GroupBy(cell => cell.Number).Count(same => same.All(cell => cell.Failure is null))}/{run.Executed.CodeCells.Count(cell => !Running.Parameters.IsInjected(cell))}", Seconds = run.Elapsed.TotalSeconds };
            var (result, isGood) = Judge(job, run, complaints);
            row = row with { Result = result, IsGood = isGood };
        }
        catch (UnreadableNotebookException e)
        {
            complaints.WriteLine(e.Message);
            row = row with { Result = "not read" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            complaints.WriteLine($"A file could not be written: {e.Message}");
            row = row with { Result = "not written" };
        }

        return new(row, complaints.ToString());
    }

    private (string Result, bool IsGood) Judge(Job job, NotebookRun run, StringWriter complaints)
    {
        if (run.Failed is { Failure: { } failure } cell)
        {
            complaints.WriteLine($"{Notebook}, cell {cell.Number}{(failure.Line is { } line ? $", line {line}" : "")}:");
            complaints.WriteLine($"  {string.Join("\n  ", failure.Describe())}");
        }

        if (run.Succeeded && !(Check && Differs(job, run, complaints)))
        {
            return !Update ? ("ok", true) : job.UpdateNotebook(run) ? ("updated", true) : ("ok, as it was", true);
        }

        if (Update)
        {
            complaints.WriteLine($"{Notebook} is left as it was.");
        }

        return (run.Succeeded ? "outputs differ" : run.Cancelled ? $"stopped in cell {run.Cells.LastOrDefault()?.Number}" : $"cell {run.Failed?.Number} failed", false);
    }

    private static bool Differs(Job job, NotebookRun run, StringWriter complaints)
    {
        var differs = false;
        foreach (var (stored, now) in job.Notebook.CodeCells.Zip(run.Cells))
        {
            if (OutputComparison.AreEqual(stored.Outputs, now.Outputs))
            {
                continue;
            }

            differs = true;
            complaints.WriteLine($"{job.Notebook.Path}, cell {now.Number}: the outputs differ (- stored, + now)");
            foreach (var line in OutputComparison.Differences(stored.Outputs, now.Outputs).Take(40))
            {
                complaints.WriteLine($"  {line}");
            }
        }

        return differs;
    }
}

/// <summary>What came of a job.</summary>
/// <param name="Row">What the index says of it.</param>
/// <param name="Complaints">What the user should be told, lines of text; empty when all is well.</param>
internal sealed record JobResult(IndexRow Row, string Complaints);
