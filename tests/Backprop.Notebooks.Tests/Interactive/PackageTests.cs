using System.Diagnostics;
using System.IO.Compression;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Tests.Jupyter;
using Backprop.Notebooks.Tests.Lessons;

namespace Backprop.Notebooks.Tests.Interactive;

/// <summary>The library as packages, from a folder, in notebooks outside of the repository, with no package restored before.</summary>
[Collection(SideBySide.PublishedKernel)]
public sealed class PackageTests(PublishedKernel kernel, InstalledKernel ours)
{
    [Fact]
    public async Task A_notebook_anywhere_references_the_package_and_shows_charts_in_the_published_kernel_in_the_runner_and_in_our_kernel()
    {
        _ = PublishedKernel.Program;
        var folder = Directory.CreateTempSubdirectory("packages ").FullName;
        try
        {
            var feed = Path.Combine(folder, "a feed");
            await PackAsync("Backprop", feed);
            await PackAsync("Backprop.Plots", feed);
            AssertContents(Path.Combine(feed, "Backprop.Plots.1.0.0.nupkg"));
            var notebook = Path.Combine(folder, "elsewhere.ipynb");
            PublishedKernel.Write(
                notebook,
                $"#i \"nuget:{feed}\"\n#r \"nuget: Backprop.Plots, 1.0.0\"",
                "using Backprop;\nusing static Backprop.Plots.Charts;\nvar (X, y) = Spiral.Generate(new NumpyRandom(0), 20);\nPlotPoints(X, y)",
                "Nonlinearity.Tanh");

            var there = Assert.Single(await kernel.RunAsync([notebook], packages: Path.Combine(folder, "restored there")));
            var here = await RunnerAsync(notebook, Path.Combine(folder, "restored here"));
            var inOurKernel = await OurKernelAsync(notebook, Path.Combine(folder, "restored by the kernel"));

            foreach (var executed in new[] { there, here, inOurKernel })
            {
                Assert.DoesNotContain(executed.CodeCells.SelectMany(cell => cell.Outputs), output => output is ErrorOutput);
                Assert.Contains("data-backprop-chart", Html(executed.CodeCells[1]));
                Assert.Contains("Tanh", Html(executed.CodeCells[2]));
            }

            Assert.Equal(Html(there.CodeCells[1]), Html(here.CodeCells[1]));
            Assert.Equal(Html(here.CodeCells[1]), Html(inOurKernel.CodeCells[1]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Html(NotebookCell cell) =>
        string.Concat(PublishedKernel.OutputsOf(cell).OfType<DisplayOutput>().Select(output => output.Data.GetValueOrDefault("text/html", "")));

    private static void AssertContents(string package)
    {
        using var zip = ZipFile.OpenRead(package);
        string[] files = ["lib/net10.0/Backprop.Plots.dll", "lib/net10.0/Backprop.Plots.xml", "interactive-extensions/dotnet/extension.dib", "README.md", "logo-64x64.png"];

        Assert.Empty(files.Except(zip.Entries.Select(entry => entry.FullName)));
        Assert.True(File.Exists(Path.ChangeExtension(package, ".snupkg")));
        using var nuspec = new StreamReader(zip.GetEntry("Backprop.Plots.nuspec")!.Open());
        var text = nuspec.ReadToEnd();
        Assert.All(["<license type=\"expression\">MIT</license>", "<readme>README.md</readme>", "<icon>logo-64x64.png</icon>"], part => Assert.Contains(part, text));
    }

    private static async Task PackAsync(string project, string feed)
    {
        // As the build made it: the tests' own projects have built it.
        var (exitCode, said) = await RunAsync(new("dotnet", ["pack", Path.Combine(LessonsRun.Repository, "lib", project), "--no-build", "--configuration", "Debug", "--output", feed, "--nologo", "-v:quiet"]));
        Assert.True(exitCode == 0, said);
    }

    private static async Task<Notebook> RunnerAsync(string notebook, string packages)
    {
        var output = Path.Combine(Path.GetDirectoryName(notebook)!, "artifacts");
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, notebook, "--output", output]);
        start.Environment["NUGET_PACKAGES"] = packages;
        var (exitCode, said) = await RunAsync(start);
        Assert.True(exitCode == 0, said);
        return Notebook.Load(Path.Combine(output, Path.GetFileName(notebook)));
    }

    private async Task<Notebook> OurKernelAsync(string notebook, string packages)
    {
        var output = Path.Combine(Path.GetDirectoryName(notebook)!, "nbconvert");
        var start = await ours.CommandAsync(
            Path.GetTempPath(), "-m", "nbconvert", "--to", "notebook", "--execute", $"--ExecutePreprocessor.kernel_name={InstalledKernel.Name}", "--output-dir", output, notebook);
        start.Environment["NUGET_PACKAGES"] = packages;
        var (exitCode, said) = await RunAsync(start);
        Assert.True(exitCode == 0, said);
        return Notebook.Load(Path.Combine(output, Path.GetFileName(notebook)));
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
