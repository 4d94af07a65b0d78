using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Tests.Jupyter;
using Backprop.Notebooks.Tests.Lessons;

[assembly: AssemblyFixture(typeof(Backprop.Notebooks.Tests.Interactive.PublishedKernel))]

namespace Backprop.Notebooks.Tests.Interactive;

/// <summary>
/// The last published kernel of .NET Interactive, which the tool manifest names. Tests with it run where
/// REQUIRE_INTERACTIVE=1, after <c>dotnet tool restore</c>: they take a minute, and few readers of the repository have
/// that host.
/// </summary>
public sealed class PublishedKernel : IDisposable
{
    // Each has ports of its own: two kernels that start at once may else choose the same one.
    private static readonly string[] s_kernels = ["published-1", "published-2"];

    private readonly string _folder = Directory.CreateTempSubdirectory("published kernel ").FullName;

    /// <summary>The tool's program. Skips the test where it is not asked for.</summary>
    public static string Program
    {
        get
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("REQUIRE_INTERACTIVE") == "1", "The kernel of .NET Interactive is used where REQUIRE_INTERACTIVE=1, after: dotnet tool restore");
            var manifest = (JsonObject)Json.TryParse(File.ReadAllText(Path.Combine(LessonsRun.Repository, ".config", "dotnet-tools.json")))!;
            var version = manifest.Text("tools", "microsoft.dotnet-interactive", "version")!;
            var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            var tool = Path.Combine(packages, "microsoft.dotnet-interactive", version, "tools", $"net{Environment.Version.Major}.0", "any", "Microsoft.DotNet.Interactive.App.dll");
            Assert.True(File.Exists(tool), $"{tool} is not there: dotnet tool restore");
            return tool;
        }
    }

    /// <summary>Runs notebooks from top to bottom, also below cells that fail.</summary>
    /// <param name="notebooks">Their files.</param>
    /// <param name="afterSetup">A cell to run after the first.</param>
    /// <param name="packages">The folder that packages are restored into; the user's own when left out.</param>
    /// <returns>The executed copies, in the same order.</returns>
    public async Task<IReadOnlyList<Notebook>> RunAsync(IReadOnlyList<string> notebooks, string? afterSetup = null, string? packages = null)
    {
        WriteKernelSpecs();
        var output = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        var start = new ProcessStartInfo(
            InstalledKernel.Python(),
            [
                Path.Combine(AppContext.BaseDirectory, "Jupyter", "run_notebooks.py"), string.Join(',', s_kernels), output,
                .. afterSetup is null ? Array.Empty<string>() : ["--after-setup", afterSetup],
                .. notebooks,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["JUPYTER_PATH"] = _folder;
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = "1";
        if (packages is not null)
        {
            start.Environment["NUGET_PACKAGES"] = packages;
        }

        using var process = Process.Start(start)!;
        // The kernels write to the same streams: they are read until the client itself has ended.
        var said = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{said}");
        return [.. notebooks.Select(path => Notebook.Load(Path.Combine(output, Path.GetFileName(path))))];
    }

    /// <summary>Runs cells as one notebook that references and loads what the repository's notebooks do.</summary>
    /// <returns>The outputs of each cell, without the kernel's own first one.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<CellOutput>>> RunCellsAsync(params string[] cells)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("cells ").FullName, "cells.ipynb");
        Write(path, [.. cells.Select(LessonsRun.FromAnywhere)]);
        return [.. (await RunAsync([path]))[0].CodeCells.Select(OutputsOf)];
    }

    /// <summary>Writes cells as a notebook.</summary>
    public static void Write(string path, params string[] cells)
    {
        var notebook = (JsonObject)Json.TryParse(File.ReadAllText(LessonsRun.Committed("1-spiral-data")))!;
        notebook["cells"] = new JsonArray([.. cells.Select((cell, i) => (JsonNode)new JsonObject
        {
            ["cell_type"] = "code",
            ["execution_count"] = null,
            ["id"] = $"cell-{i}",
            ["metadata"] = new JsonObject(),
            ["outputs"] = new JsonArray(),
            ["source"] = Lines.Split(cell),
        })]);
        File.WriteAllText(path, Json.Write(notebook));
    }

    /// <summary>What a cell shows, without the invisible script that the kernel puts into its first output.</summary>
    public static IReadOnlyList<CellOutput> OutputsOf(NotebookCell cell) =>
        [.. cell.Outputs.Where(output => output is not DisplayOutput { Data: var data } || !data.GetValueOrDefault("text/html", "").Contains("probeAddresses"))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WriteKernelSpecs()
    {
        foreach (var (i, name) in s_kernels.Index())
        {
            var spec = Directory.CreateDirectory(Path.Combine(_folder, "kernels", name)).FullName;
            File.WriteAllText(Path.Combine(spec, "kernel.json"), Json.Write(new JsonObject
            {
                ["argv"] = new JsonArray("dotnet", Program, "jupyter", "--default-kernel", "csharp", "{connection_file}", "--http-port-range", $"{20000 + 1000 * i}-{20999 + 1000 * i}"),
                ["display_name"] = ".NET (C#)",
                ["language"] = "C#",
            }));
        }
    }
}
