using System.Collections.Concurrent;
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

    /// <summary>How many notebooks may run at the same time; one runs in this process.</summary>
    public int Parallel { get; init; } = 1;

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
            var (notebooks, unread) = Load(NotebookFiles.Find(Notebooks.Count > 0 ? Notebooks : [Path.Combine(repository!, "notebooks")]), screen);
            var paths = notebooks.Select(notebook => notebook.Path).ToList();
            var parameters = notebooks.Select(Options.ParametersOf).ToList();
            foreach (var unknown in Options.Parameters.Keys.Where(name => !parameters.Any(known => known.ContainsKey(name))))
            {
                // The notebook's own message, which lists what it has.
                Parameters.Check(notebooks.MaxBy(notebook => Parameters.Names(notebook).Count)!, new Dictionary<string, string> { [unknown] = Options.Parameters[unknown] });
            }

            var folder = Path.GetFullPath(OutputFolder ?? Path.Combine(repository ?? Environment.CurrentDirectory, "artifacts"));
            var jobs = paths.Zip(notebooks, parameters).Zip(NotebookFiles.Names(paths, folder), (job, name) =>
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
            var workers = Enumerable.Range(0, Math.Min(jobs.Count, Parallel) is > 1 and var count ? count : 0).Select(_ => new Worker()).ToList();
            using var ending = new Ending(workers);
            var warmUp = workers.Count > 0 ? Task.CompletedTask : Task.Run(() => CSharpSession.WarmUpAsync(), CancellationToken.None);
            if (Build && !await BuildAsync(notebooks, screen, cancellationToken))
            {
                return Failed;
            }

            await warmUp;
            IReadOnlyList<IndexRow> rows = [.. await RunAsync(jobs, workers, screen, cancellationToken), .. unread];
            var notebooksRun = jobs.Select(job => (Notebook?)job.Executed()).Concat(unread.Select(_ => (Notebook?)null));
            AtomicFile.Write(index, IndexPage.Write([.. rows.Zip(notebooksRun)], Contents.About(paths[0])));
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

    // Whoever asked to keep going has a folder of notebooks of all kinds: those of another language are told, and left out.
    private (List<Notebook> Notebooks, List<IndexRow> Unread) Load(IReadOnlyList<string> paths, Screen screen)
    {
        var (notebooks, unread) = (new List<Notebook>(), new List<IndexRow>());
        foreach (var path in paths)
        {
            try
            {
                notebooks.Add(Notebook.Load(path));
            }
            catch (UnreadableNotebookException e) when (KeepGoing && (notebooks.Count > 0 || path != paths[^1]))
            {
                screen.Error.WriteLine(e.Message);
                unread.Add(new(Path.GetFileNameWithoutExtension(path), null, "", null, "not read", false));
            }
        }

        return (notebooks, unread);
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

    // One after the other here, or side by side in the workers: each takes the longest that is left, so that none is
    // alone with it in the end.
    private async Task<IReadOnlyList<IndexRow>> RunAsync(IReadOnlyList<Job> jobs, IReadOnlyList<Worker> workers, Screen screen, CancellationToken cancellationToken)
    {
        var results = jobs.Select(job => new JobResult(new(job.Notebook.Title, null, $"0/{job.Notebook.CodeCells.Count}", null, "not run", false), "")).ToList();
        var all = Enumerable.Range(0, jobs.Count);
        var left = new ConcurrentQueue<int>(workers.Count > 0 ? all.OrderByDescending(i => jobs[i].Notebook.CodeCells.Count) : all);
        var isOver = false;
        await screen.RunningAsync(begin => Task.WhenAll(workers.Count > 0 ? workers.Select(worker => TakeAsync(worker, begin)) : [TakeAsync(null, begin)]));
        foreach (var result in results)
        {
            screen.Error.Write(result.Complaints);
        }

        return [.. results.Select(result => result.Row)];

        async Task TakeAsync(Worker? worker, Func<string, Action<int, int>> begin)
        {
            while (!isOver && !cancellationToken.IsCancellationRequested && left.TryDequeue(out var i))
            {
                var order = Order(jobs, i);
                var progress = begin(order.Name);
                var count = jobs[i].Notebook.CodeCells.Count;
                results[i] = await (worker is null ? RunHereAsync(order, progress) : worker.RunAsync(order, progress, cancellationToken));
                progress(count + 1, count);
                isOver |= !KeepGoing && !results[i].Row.IsGood;
            }
        }

        async Task<JobResult> RunHereAsync(JobOrder order, Action<int, int> progress)
        {
            AppDomain.CurrentDomain.ProcessExit += SayWhoEndedIt;
            try
            {
                return await order.RunAsync(progress, cancellationToken);
            }
            finally
            {
                AppDomain.CurrentDomain.ProcessExit -= SayWhoEndedIt;
            }

            // The command ends with its process, but not as if all had gone well.
            void SayWhoEndedIt(object? sender, EventArgs e)
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    screen.Error.WriteLine($"{order.Notebook}: a cell ended the process, and the command with it.");
                    Environment.ExitCode = Failed;
                }
            }
        }
    }

    private JobOrder Order(IReadOnlyList<Job> jobs, int i) => new(jobs[i].Notebook.Path, jobs[i].Name, jobs[i].Folder)
    {
        Parameters = jobs[i].Options.Parameters,
        Timeout = jobs[i].Options.CellTimeout?.TotalSeconds,
        Update = Update,
        Check = Check,
        Previous = Link(jobs, i - 1),
        Next = Link(jobs, i + 1),
    };

    private static PageLink? Link(IReadOnlyList<Job> jobs, int index) =>
        index >= 0 && index < jobs.Count ? new(jobs[index].PageFile, jobs[index].Notebook.Title) : null;

    private sealed record Ending(IReadOnlyList<Worker> Workers) : IDisposable
    {
        public void Dispose()
        {
            foreach (var worker in Workers)
            {
                worker.Dispose();
            }
        }
    }
}
