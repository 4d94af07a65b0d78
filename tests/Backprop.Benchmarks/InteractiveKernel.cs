using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Backprop.Benchmarks;

/// <summary>The published .NET Interactive kernel, started as VS Code starts it: over its standard streams, with the variables of .vscode/settings.json.</summary>
internal sealed class InteractiveKernel : IDisposable
{
    private const string Variables = "polyglot-notebook.kernelEnvironmentVariables";

    private readonly Process _process;

    private InteractiveKernel(Process process) => _process = process;

    /// <summary>The command that starts it: what the environment variable DOTNET_INTERACTIVE names, otherwise the tool's own name.</summary>
    private static string Command => Environment.GetEnvironmentVariable("DOTNET_INTERACTIVE") is { Length: > 0 } named ? named : "dotnet-interactive";

    /// <summary>Starts a kernel that works in a folder of the repository.</summary>
    /// <returns>Null where the tool is not installed.</returns>
    public static async Task<InteractiveKernel?> StartAsync(string repository, string folder)
    {
        var start = new ProcessStartInfo(Command, ["[vscode]", "stdio", "--working-dir", folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(repository, ".vscode", "settings.json")), options);
        foreach (var variable in settings.RootElement.GetProperty(Variables).EnumerateObject())
        {
            start.Environment[variable.Name] = variable.Value.GetString();
        }

        try
        {
            var kernel = new InteractiveKernel(Process.Start(start)!);
            // Read, or it would wait for a reader.
            kernel._process.ErrorDataReceived += (_, _) => { };
            kernel._process.BeginErrorReadLine();
            await kernel.ReadUntilAsync("KernelReady");
            return kernel;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs a cell.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> ExecuteAsync(string code)
    {
        var submission = new
        {
            token = Guid.NewGuid().ToString("N"),
            commandType = "SubmitCode",
            command = new { code, targetKernelName = "csharp" },
            routingSlip = Array.Empty<string>(),
        };
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(submission));
        await _process.StandardInput.FlushAsync();
        return await ReadUntilAsync("CommandSucceeded");
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task<string> ReadUntilAsync(string last)
    {
        var printed = "";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith('{'))
            {
                continue;
            }

            using var message = JsonDocument.Parse(line);
            var type = message.RootElement.GetProperty("eventType").GetString();
            var content = message.RootElement.GetProperty("event");
            switch (type)
            {
                case "StandardOutputValueProduced":
                    printed += content.GetProperty("formattedValues")[0].GetProperty("value").GetString();
                    break;
                case "CommandFailed":
                    throw new InvalidOperationException(content.GetProperty("message").GetString());
                case var _ when type == last:
                    return printed;
            }
        }

        throw new InvalidOperationException($"{Command} ended before {last}.");
    }
}
