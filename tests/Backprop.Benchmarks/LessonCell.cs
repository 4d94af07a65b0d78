using System.Globalization;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Benchmarks;

/// <summary>The training cell of one of the repository's notebooks, run in a notebook session.</summary>
internal static class LessonCell
{
    /// <summary>
    /// Runs the notebook's cells up to its training cell, and that one under a stopwatch: the time for the code to
    /// run, not for it to be compiled.
    /// </summary>
    /// <returns>Seconds of the cell's first run, and of running it again.</returns>
    public static async Task<(double First, double Again)> SecondsAsync(Work work)
    {
        var path = Path.Combine(Repository(), "notebooks", work.Notebook + ".ipynb");
        var cells = Notebook.Load(path).CodeCells.Select(cell => cell.Source).ToArray();
        var training = Array.FindIndex(cells, code => code.Contains("i < iters"));
        var hidden = work.IsSoftmax ? "" : $"h = {work.Hidden};";

        var printed = "";
        var session = new CSharpSession(Path.GetDirectoryName(path)!, output => printed = output is StreamOutput stream ? stream.Text : printed);
        await Execute(cells[0]);
        await Execute(cells[1]);
        await Execute($"pointsPerClass = {work.Points / 3}; iters = {work.Iterations}; {hidden}");
        foreach (var cell in cells[2..training])
        {
            await Execute(cell);
        }

        return (await Timed(), await Timed());

        async Task<double> Timed()
        {
            await Execute($"var stopwatch = System.Diagnostics.Stopwatch.StartNew();\n{cells[training]}\nvar elapsed = stopwatch.Elapsed.TotalSeconds;");
            await Execute("Console.Write(elapsed.ToString(\"R\"));");
            return double.Parse(printed, CultureInfo.InvariantCulture);
        }

        async Task Execute(string code)
        {
            if (await session.ExecuteAsync(code, "cell") is { } failure)
            {
                throw new InvalidOperationException($"{work.Notebook}: {failure.Message}");
            }
        }
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
