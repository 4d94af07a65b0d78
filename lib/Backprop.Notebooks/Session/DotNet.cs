using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Backprop.Notebooks.Session;

/// <summary>One run of the <c>dotnet</c> command.</summary>
/// <param name="ExitCode">0 when it did what it was asked.</param>
/// <param name="Output">All that it wrote.</param>
internal sealed record DotNet(int ExitCode, string Output)
{
    /// <summary>The command's file: the one that this program runs on. A program started from a desktop does not find it on its PATH.</summary>
    public static string Command { get; } = FindCommand();

    /// <summary>The errors in its output, each once.</summary>
    public IEnumerable<string> Errors =>
        Output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Contains(": error ", StringComparison.Ordinal) || line.StartsWith("error ", StringComparison.Ordinal)).Distinct();

    public static async Task<DotNet> RunAsync(IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        // Build servers would outlive this command and hold on to its output.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        var output = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new(1, "error : the dotnet command was not found. Install the .NET SDK.");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, output.ToString());

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }

    private static string FindCommand()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : name;
    }
}
