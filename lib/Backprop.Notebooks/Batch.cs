using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Pages;
using Backprop.Notebooks.Running;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks;

/// <summary>One use of the command: builds what is referenced, runs the notebooks, writes copies and pages, sums up.</summary>
internal sealed record Batch
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int Stopped = 130;

    public IReadOnlyList<string> Notebooks { get; init; } = [];

    public string? OutputFolder { get; init; }

    public RunOptions Options { get; init; } = RunOptions.Default;

    public bool Update { get; init; }

    public bool Check { get; init; }

    public bool KeepGoing { get; init; }

    public bool Build { get; init; } = true;

    public async Task<int> RunAsync(Screen screen, CancellationToken cancellationToken)
    {
        try
        {
            var repository = Repository.Find();
            if (Notebooks.Count == 0 && (repository is null || !Directory.Exists(Path.Combine(repository, "notebooks"))))
            {
                screen.Error.WriteLine("There is no notebooks folder here. Name the notebooks to run.");
                return CommandLine.WrongUsage;
            }

            // Everything is read, and every complaint made, before anything runs.
            var paths = NotebookFiles.Find(Notebooks.Count > 0 ? Notebooks : [Path.Combine(repository!, "notebooks")]);
            var notebooks = paths.Select(Notebook.Load).ToList();
            var parameters = notebooks.Select(Options.ParametersOf).ToList();
            foreach (var unknown in Options.Parameters.Keys.Where(name => !parameters.Any(known => known.ContainsKey(name))))
            {
                // The notebook's own message, which lists what it has.
                Parameters.Check(notebooks.MaxBy(notebook => Parameters.Names(notebook).Count)!, new Dictionary<string, string> { [unknown] = Options.Parameters[unknown] });
            }

            var folder = Path.GetFullPath(OutputFolder ?? Path.Combine(repository ?? Environment.CurrentDirectory, "artifacts"));
            var jobs = paths.Zip(notebooks, parameters).Zip(NotebookFiles.Names(paths), (job, name) =>
                new Job(job.Second, name, folder, Options with { Parameters = job.Third })).ToList();
            // Whatever stands there is of an earlier run, and must not pass for this one's.
            Directory.CreateDirectory(folder);
            foreach (var job in jobs)
            {
                job.DeleteOutputs();
            }

            var index = Path.Combine(folder, "index.html");
            File.Delete(index);

            // The compiler needs two seconds to get going: they pass while the projects are built.
            var warmUp = Task.Run(() => CSharpSession.WarmUpAsync(), CancellationToken.None);
            if (Build && !await BuildAsync(notebooks, screen, cancellationToken))
            {
                return Failed;
            }

            await warmUp;
            var rows = await RunAsync(jobs, screen, cancellationToken);
            AtomicFile.Write(index, IndexPage.Write(rows));
            screen.Table(rows);
            screen.Say($"The pages are in {index}");
            return cancellationToken.IsCancellationRequested ? Stopped : rows.All(row => row.IsGood) ? Succeeded : Failed;
        }
        catch (Exception e) when (e is UnreadableNotebookException or ParameterException)
        {
            screen.Error.WriteLine(e.Message);
            return CommandLine.WrongUsage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            screen.Error.WriteLine($"A file could not be written: {e.Message}");
            return CommandLine.WrongUsage;
        }
        catch (OperationCanceledException)
        {
            screen.Error.WriteLine("Stopped.");
            return Stopped;
        }
    }

    /// <summary>Builds the libraries that the notebooks reference, where they are out of date.</summary>
    /// <returns>False when one does not build; the screen then says why.</returns>
    public static async Task<bool> BuildAsync(IEnumerable<Notebook> notebooks, Screen screen, CancellationToken cancellationToken)
    {
        foreach (var project in ReferencedProjects.Of(notebooks).Where(ReferencedProjects.IsOutOfDate))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            if (await screen.BuildingAsync(name, () => ReferencedProjects.BuildAsync(project, cancellationToken)) is { } errors)
            {
                screen.Error.WriteLine($"{name} does not build:\n{errors}");
                return false;
            }
        }

        return true;
    }

    private async Task<List<IndexRow>> RunAsync(IReadOnlyList<Job> jobs, Screen screen, CancellationToken cancellationToken)
    {
        var rows = new List<IndexRow>();
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = jobs[i];
            var count = job.Notebook.CodeCells.Count;
            if (cancellationToken.IsCancellationRequested || (!KeepGoing && rows.Any(row => !row.IsGood)))
            {
                rows.Add(new(job.Notebook.Title, null, $"0/{count}", null, "not run", false));
                continue;
            }

            var run = await screen.RunningAsync(job.Name, progress =>
                NotebookRunner.RunAsync(job.Notebook, job.Options with { CellStarting = progress }, cancellationToken));
            job.WriteOutputs(run, Link(jobs, i - 1), Link(jobs, i + 1));
            if (run.Failed is { Failure: { } failure } cell)
            {
                screen.Error.WriteLine($"{job.Notebook.Path}, cell {cell.Number}{(failure.Line is { } line ? $", line {line}" : "")}:");
                screen.Error.WriteLine($"  {string.Join("\n  ", failure.Describe())}");
            }

            var result = run.Succeeded ? "ok" : run.Cancelled ? $"stopped in cell {run.Cells.LastOrDefault()?.Number}" : $"cell {run.Failed?.Number} failed";
            var isGood = run.Succeeded;
            if (Check && isGood && ShowDifferences(job, run, screen))
            {
                (result, isGood) = ("outputs differ", false);
            }

            if (Update && isGood)
            {
                result = job.UpdateNotebook(run) ? "updated" : "ok, as it was";
            }
            else if (Update)
            {
                screen.Error.WriteLine($"{job.Notebook.Path} is left as it was.");
            }

            rows.Add(new(job.Notebook.Title, job.PageFile, $"{run.Cells.GroupBy(c => c.Number).Count(same => same.All(c => c.Failure is null))}/{run.Executed.CodeCells.Count(c => !Parameters.IsInjected(c))}", run.Elapsed.TotalSeconds, result, isGood));
        }

        return rows;
    }

    private static PageLink? Link(IReadOnlyList<Job> jobs, int index) =>
        index >= 0 && index < jobs.Count ? new(jobs[index].PageFile, jobs[index].Notebook.Title) : null;

    private static bool ShowDifferences(Job job, NotebookRun run, Screen screen)
    {
        var differs = false;
        foreach (var (stored, now) in job.Notebook.CodeCells.Zip(run.Cells))
        {
            if (OutputComparison.AreEqual(stored.Outputs, now.Outputs))
            {
                continue;
            }

            differs = true;
            screen.Error.WriteLine($"{job.Notebook.Path}, cell {now.Number}: the outputs differ (- stored, + now)");
            foreach (var line in OutputComparison.Differences(stored.Outputs, now.Outputs).Take(40))
            {
                screen.Error.WriteLine($"  {line}");
            }
        }

        return differs;
    }
}
