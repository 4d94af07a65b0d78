using System.Diagnostics;
using Backprop.Notebooks.Documents;

[assembly: AssemblyFixture(typeof(Backprop.Notebooks.Tests.Lessons.LessonsRun))]

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The repository's own notebooks, run once by the real command into a folder of their own.</summary>
public sealed class LessonsRun : IAsyncLifetime
{
    private readonly string output = Directory.CreateTempSubdirectory("lessons run ").FullName;
    private string said = "";
    private int exitCode = -1;

    public static string Repository { get; } = FindRepository();

    public static string[] Names { get; } =
        [.. Directory.GetFiles(Path.Combine(Repository, "notebooks"), "*.ipynb").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    public static string Committed(string name) => Path.Combine(Repository, "notebooks", name + ".ipynb");

    /// <summary>The exported page of a notebook.</summary>
    public string Page(string name) => Path.Combine(output, name + ".html");

    /// <summary>The executed copy of a notebook.</summary>
    public Notebook Executed(string name)
    {
        Assert.True(exitCode == 0, $"The command ended with {exitCode}:\n{said}");
        return Notebook.Load(Path.Combine(output, name + ".ipynb"));
    }

    /// <summary>All that a notebook's cells printed.</summary>
    public string Printed(string name) =>
        string.Concat(Executed(name).CodeCells.SelectMany(cell => cell.Outputs).OfType<StreamOutput>().Select(stream => stream.Text));

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Backprop.Notebooks.dll"), Path.Combine(Repository, "notebooks"), "--no-build", "--output", output])
        {
            // Any folder will do.
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var standardOutput = process.StandardOutput.ReadToEndAsync();
        var standardError = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        said = await standardOutput + await standardError;
        exitCode = process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(output, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Backprop.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Backprop.slnx.");
    }
}
