using System.Diagnostics;
using System.Globalization;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Running;

/// <summary>Runs a notebook from top to bottom.</summary>
public static class NotebookRunner
{
    /// <summary>
    /// Runs the notebook's code cells in a session of their own, with the notebook's folder as the working directory
    /// (which belongs to the whole process: one run at a time). The file is not changed. A failing cell ends the run.
    /// </summary>
    /// <param name="path">The notebook.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="cancellationToken">Stops the cell that is running; the result holds what was done up to there.</param>
    /// <exception cref="UnreadableNotebookException">The file is not a C# notebook that can be read.</exception>
    /// <exception cref="ParameterException">A parameter is not among those of the notebook.</exception>
    public static Task<NotebookRun> RunAsync(string path, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(Notebook.Load(path), options ?? RunOptions.Default, cancellationToken);

    internal static async Task<NotebookRun> RunAsync(Notebook notebook, RunOptions options, CancellationToken cancellationToken)
    {
        var executed = notebook.Copy();
        Parameters.Inject(executed, options.Parameters);
        var cells = executed.CodeCells;
        foreach (var cell in cells)
        {
            cell.SetResult(null, []);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
        var before = Environment.CurrentDirectory;
        var (culture, uiCulture) = (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture);
        var recorder = new CellRecorder();
        var runs = new List<CellRun>();
        var cancelled = false;
        var watch = Stopwatch.StartNew();
        try
        {
            Environment.CurrentDirectory = folder;
            var session = new CSharpSession(folder, recorder.Add);
            var number = 0;
            for (var index = 0; index < cells.Count && !cancelled && runs.All(run => run.Failure is null); index++)
            {
                cancelled = cancellationToken.IsCancellationRequested;
                if (cancelled)
                {
                    break;
                }

                // The cell that sets parameters goes by the number of the one before it, so that all others have their own.
                var isInjected = Parameters.IsInjected(cells[index]);
                number += isInjected ? 0 : 1;
                options.CellStarting?.Invoke(number, cells.Count(cell => !Parameters.IsInjected(cell)));
                recorder.Begin(index);
                var start = watch.Elapsed;
                var failure = await ExecuteAsync(session, cells[index], number, options, cancellationToken);
                cancelled = failure is not null && cancellationToken.IsCancellationRequested;
                failure = failure is not null && isInjected ? Parameters.OfInjected(failure) : failure;
                if (failure is not null)
                {
                    recorder.Add(new ErrorOutput(failure.Name, failure.Message, [.. failure.Describe()]));
                }

                runs.Add(new(number, cells[index].Source, [], watch.Elapsed - start, failure));
            }
        }
        finally
        {
            Environment.CurrentDirectory = before;
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (culture, uiCulture);
        }

        // Only now: a cell's display may have been updated by a later cell.
        runs = [.. runs.Select((run, index) => run with { Outputs = recorder.OutputsOf(index) })];
        foreach (var (cell, run) in cells.Zip(runs))
        {
            cell.SetResult(run.Number, run.Outputs);
        }

        executed.AddMissingIds();
        return new(notebook.Path, executed, runs, cells.Count, watch.Elapsed, cancelled);
    }

    private static async Task<CellFailure?> ExecuteAsync(
        CSharpSession session, NotebookCell cell, int number, RunOptions options, CancellationToken cancellationToken)
    {
        if (CellCode.Of(cell, cell.Source) is not { } source)
        {
            return CellCode.Unknown(cell);
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (options.CellTimeout is { } limit)
        {
            timeout.CancelAfter(limit);
        }

        try
        {
            return await session.ExecuteAsync(source, $"cell {number}", timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            var why = cancellationToken.IsCancellationRequested
                ? "Stopped."
                : $"Stopped: the cell ran longer than the {options.CellTimeout!.Value.TotalSeconds:0.###} seconds that a cell may take.";
            return CellFailure.OfStop(e, source, why);
        }
    }
}
