using System.Globalization;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Benchmarks;

/// <summary>The training cell of one of the repository's notebooks, run in a notebook session or in .NET Interactive's kernel.</summary>
internal static class LessonCell
{
    /// <summary>
    /// Runs the notebook's cells up to its training cell, and that one under a stopwatch: the time for the code to
    /// run, not for it to be compiled.
    /// </summary>
    /// <returns>Seconds of the cell's first run, and of running it again; null where .NET Interactive is not installed.</returns>
    public static async Task<(double First, double Again)?> SecondsAsync(Work work)
    {
        var repository = Repository();
        var folder = Path.Combine(repository, "notebooks");
        if (!work.InInteractive)
        {
            return await SecondsAsync(work, folder, InSession(folder));
        }

        using var kernel = await InteractiveKernel.StartAsync(repository, folder);
        return kernel is null ? null : await SecondsAsync(work, folder, kernel.ExecuteAsync);
    }

    private static async Task<(double First, double Again)> SecondsAsync(Work work, string folder, Func<string, Task<string>> execute)
    {
        var cells = Notebook.Load(Path.Combine(folder, work.Notebook + ".ipynb")).CodeCells.Select(cell => cell.Source).ToArray();
        var training = Array.FindIndex(cells, code => code.Contains("< iters"));
        var hidden = work.IsSoftmax ? "" : $"h = {work.Hidden};";

        await execute(cells[0]);
        await execute(cells[1]);
        await execute($"pointsPerClass = {work.Points / 3}; iters = {work.Iterations}; {hidden}");
        foreach (var cell in cells[2..training])
        {
            await execute(cell);
        }

        return (await Timed(), await Timed());

        async Task<double> Timed()
        {
            await execute($"var stopwatch = System.Diagnostics.Stopwatch.StartNew();\n{cells[training]}\nvar elapsed = stopwatch.Elapsed.TotalSeconds;");
            return double.Parse(await execute("Console.Write(elapsed.ToString(\"R\"));"), CultureInfo.InvariantCulture);
        }
    }

    private static Func<string, Task<string>> InSession(string folder)
    {
        var printed = "";
        var session = new CSharpSession(folder, output => printed = output is StreamOutput stream ? stream.Text : printed);
        return async code => await session.ExecuteAsync(code, "cell") is { } failure ? throw new InvalidOperationException(failure.Message) : printed;
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Backprop.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Backprop.slnx.");
    }
}
