using System.Diagnostics;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Tests.Lessons;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>Notebooks are valid by the schema of their format, as Jupyter's own validator reads it, without a warning.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class NotebookFormatTests(LessonsRun lessons)
{
    // Not notebooks on purpose.
    private static readonly string[] s_invalid = ["empty", "not-a-notebook", "not-json", "unknown-cell-type"];

    [Fact]
    public async Task The_repositorys_notebooks_their_executed_copies_and_the_samples_are_valid()
    {
        string[] samples = [.. Directory.EnumerateFiles(Sample.Folder, "*.ipynb", SearchOption.AllDirectories).Where(path => !s_invalid.Contains(Path.GetFileNameWithoutExtension(path)))];
        string[] copies = [.. LessonsRun.Names.Select(name => lessons.Executed(name).Path)];

        Assert.Equal("", await ComplaintsAsync([.. LessonsRun.Names.Select(LessonsRun.Committed), .. copies, .. samples]));
    }

    [Fact]
    public async Task An_executed_copy_is_valid_also_with_a_cell_that_sets_parameters_and_with_one_that_failed()
    {
        var (set, failed) = (Sample.Copy("parameters"), Sample.Copy("fails-at-runtime"));
        await Sample.CommandAsync(set, "--output", Sample.Artifacts(set), "--set", "h=5");
        await Sample.CommandAsync(failed, "--output", Sample.Artifacts(failed));

        var copies = new[] { set, failed }.Select(path => Path.Combine(Sample.Artifacts(path), Path.GetFileName(path))).ToArray();

        Assert.Equal("", await ComplaintsAsync(copies));
        Assert.Contains(Notebook.Load(copies[1]).CodeCells, cell => cell.Outputs.Any(output => output is ErrorOutput));
    }

    private static async Task<string> ComplaintsAsync(IReadOnlyList<string> notebooks)
    {
        using var process = Process.Start(new ProcessStartInfo(InstalledKernel.Python(), [Path.Combine(AppContext.BaseDirectory, "Jupyter", "validate.py"), .. notebooks])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await output + await error;
    }
}
