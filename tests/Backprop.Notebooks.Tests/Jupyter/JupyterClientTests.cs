using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Running;
using Backprop.Notebooks.Tests.Lessons;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>The installed kernel with clients that others wrote.</summary>
public sealed class JupyterClientTests(InstalledKernel kernel, LessonsRun lessons)
{
    [Fact]
    public async Task The_kernel_passes_every_test_for_kernels_that_applies()
    {
        var result = await kernel.RunAsync(Path.GetTempPath(), "", Path.Combine(AppContext.BaseDirectory, "Jupyter", "kernel_test.py"));

        Assert.True(result.ExitCode == 0, result.Error);
        var tests = Regex.Matches(result.Error, @"^(test_\w+) .*\.\.\. (\w+)", RegexOptions.Multiline).ToDictionary(test => test.Groups[1].Value, test => test.Groups[2].Value);
        Assert.Equal(["test_clear_output", "test_pager"], tests.Where(test => test.Value == "skipped").Select(test => test.Key).Order());
        Assert.Equal(
            [
                "test_completion", "test_display_data", "test_error", "test_execute_result", "test_execute_stderr", "test_execute_stdout",
                "test_history", "test_inspect", "test_is_complete", "test_kernel_info",
            ],
            tests.Where(test => test.Value == "ok").Select(test => test.Key).Order());
    }

    [Fact]
    public async Task Nbconvert_runs_notebooks_with_the_results_of_the_runner()
    {
        var output = Directory.CreateTempSubdirectory("nbconvert ").FullName;
        var result = await kernel.RunAsync(
            Path.GetTempPath(),
            "",
            ["-m", "nbconvert", "--to", "notebook", "--execute", $"--ExecutePreprocessor.kernel_name={InstalledKernel.Name}", "--output-dir", output, .. LessonsRun.NamesForHosts.Select(LessonsRun.Committed)]);
        Assert.True(result.ExitCode == 0, result.Error);

        foreach (var name in LessonsRun.NamesForHosts)
        {
            var ours = lessons.Executed(name).CodeCells.ToList();
            var theirs = Notebook.Load(Path.Combine(output, name + ".ipynb")).CodeCells.ToList();
            Assert.NotEmpty(ours);
            Assert.Equal(ours.Select(cell => cell.Source), theirs.Select(cell => cell.Source));
            foreach (var (our, their) in ours.Zip(theirs))
            {
                var shown = LikeTheRunners(their.Outputs, our.Outputs);
                Assert.True(
                    OutputComparison.AreEqual(our.Outputs, shown),
                    $"{name}, the cell {our.Source}\n{string.Join('\n', OutputComparison.Differences(our.Outputs, shown))}");
            }
        }

        Directory.Delete(output, recursive: true);
    }

    [Fact]
    public async Task The_console_computes_shows_errors_and_asks()
    {
        var result = await kernel.RunAsync(
            Path.GetTempPath(),
            """"
            6 * 7
            int Twice(int n) => 2 * n;
            Twice(21) + 1
            int.Parse("x")
            Console.Write("Name? "); var name = Console.ReadLine();
            Ada
            $"Hello {name}"
            """" + "\n",
            "-m",
            "jupyter_console",
            "--kernel",
            InstalledKernel.Name,
            "--simple-prompt");

        Assert.Contains("C# on .NET", result.Output);
        Assert.Contains("Out[1]: 42", result.Output);
        Assert.Contains("Out[3]: 43", result.Output);
        Assert.Contains("\e[31mFormatException\e[39m: ", result.Error);
        Assert.Contains("Name? ", result.Output);
        Assert.Contains("Out[6]: Hello Ada", result.Output);
    }

    // The kernel always adds plain text, for clients that show nothing else.
    private static IReadOnlyList<CellOutput> LikeTheRunners(IReadOnlyList<CellOutput> theirs, IReadOnlyList<CellOutput> ours) =>
        [.. theirs.Select((output, i) => output is DisplayOutput shown && i < ours.Count && ours[i] is DisplayOutput { Data: var forms } && !forms.ContainsKey("text/plain")
            ? new DisplayOutput(shown.Data.Where(form => form.Key != "text/plain").ToDictionary())
            : output)];
}
