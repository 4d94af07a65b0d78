using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Running;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests;

/// <summary>The notebooks that the tests run, and ways to run them.</summary>
internal static class Sample
{
    /// <summary>True when soak and fuzz are to go on for as long as finds rare faults, and other hosts are to run all lessons: LONG_TESTS=1.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("LONG_TESTS") == "1";

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "notebooks");

    public static string File(string name) => Path.Combine(Folder, name + ".ipynb");

    public static Task<NotebookRun> RunAsync(string name, double seconds = 60) =>
        NotebookRunner.RunAsync(File(name), new() { CellTimeout = TimeSpan.FromSeconds(seconds) }, TestContext.Current.CancellationToken);

    /// <summary>Runs cells that must not fail.</summary>
    public static async Task RunAsync(CSharpSession session, params IEnumerable<string> cells)
    {
        foreach (var cell in cells)
        {
            Assert.Null(await session.ExecuteAsync(cell, "cell", TestContext.Current.CancellationToken));
        }
    }

    /// <summary>A copy of a notebook in a folder of its own, whose name has a space.</summary>
    public static string Copy(string name)
    {
        var folder = Directory.CreateTempSubdirectory("note books ").FullName;
        var copy = Path.Combine(folder, name + ".ipynb");
        System.IO.File.Copy(File(name), copy);
        return copy;
    }

    /// <summary>Writes a notebook of some cells.</summary>
    public static string Write(string folder, string name, params IEnumerable<string> cells)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, name + ".ipynb");
        System.IO.File.WriteAllText(file, new JsonObject
        {
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
            ["metadata"] = new JsonObject(),
            ["cells"] = new JsonArray([.. cells.Select(code => (JsonNode)new JsonObject
            {
                ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = code,
            })]),
        }.ToJsonString());
        return file;
    }

    /// <summary>Uses the command as it is used in a terminal, with <c>artifacts</c> beside the first notebook.</summary>
    public static async Task<CommandResult> CommandAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.RunAsync(arguments, output, error, TestContext.Current.CancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }

    public static string Artifacts(string notebook) => Path.Combine(Path.GetDirectoryName(notebook)!, "artifacts");

    /// <summary>Waits for the second cell of the notebook interrupt-me to begin.</summary>
    public static async Task BegunAsync(string notebook)
    {
        while (!System.IO.File.Exists(Path.Combine(Path.GetDirectoryName(notebook)!, "begun")))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Runs the command in a process of its own.</summary>
    public static CommandResult Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Starts the command in a process of its own.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
}

/// <summary>What a use of the command came to.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error);
