using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Tests.Lessons;

namespace Backprop.Notebooks.Tests.Interactive;

/// <summary>The published kernel as VS Code drives it: commands and events, a line of JSON each.</summary>
internal sealed class StdioSession : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly BlockingCollection<JsonObject> _events = [];
    private int _commands;

    private StdioSession(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null && Json.TryParse(line.Data) is JsonObject happened)
            {
                _events.Add(happened);
            }
        };
        process.BeginOutputReadLine();
    }

    public static async Task<StdioSession> StartAsync()
    {
        var notebooks = Path.Combine(LessonsRun.Repository, "notebooks");
        var session = new StdioSession(Process.Start(new ProcessStartInfo("dotnet", [PublishedKernel.Program, "stdio", "--default-kernel", "csharp", "--working-dir", notebooks])
        {
            WorkingDirectory = notebooks,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
        await Task.Run(() => session.WaitFor(happened => happened.Text("eventType") == "KernelReady", s_patience));
        return session;
    }

    /// <summary>Runs a cell, which must succeed.</summary>
    /// <returns>All that it showed, as the events' JSON.</returns>
    public async Task<string> RunAsync(string code)
    {
        var token = Submit(code);
        var (last, all) = await Task.Run(() => WaitFor(happened => IsEndOf(happened, token), s_patience));
        Assert.True(last.Text("eventType") == "CommandSucceeded", all);
        return all;
    }

    /// <summary>Runs a cell that does not end, and asks after a while to stop it.</summary>
    public async Task StopAsync(string code, TimeSpan after)
    {
        var token = Submit("Console.WriteLine(\"begun\");\n" + code);
        // A busy machine compiles it for a while first.
        await Task.Run(() => WaitFor(happened => happened.Text("eventType") == "StandardOutputValueProduced", s_patience));
        await Task.Delay(after);
        Send("Cancel", []);
        var (last, all) = await Task.Run(() => WaitFor(happened => IsEndOf(happened, token), s_patience));
        Assert.True(last.Text("eventType") == "CommandFailed" && last.Text("event", "message") == "Command cancelled.", all);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsEndOf(JsonObject happened, string token) =>
        happened.Text("eventType") is "CommandSucceeded" or "CommandFailed" && happened.Text("command", "token") == token;

    private string Submit(string code) => Send("SubmitCode", new() { ["code"] = code, ["targetKernelName"] = "csharp" });

    private string Send(string type, JsonObject command)
    {
        var token = $"command-{++_commands}";
        _process.StandardInput.WriteLine(new JsonObject { ["command"] = command, ["commandType"] = type, ["token"] = token, ["routingSlip"] = new JsonArray() }.ToJsonString());
        _process.StandardInput.Flush();
        return token;
    }

    private (JsonObject Last, string All) WaitFor(Func<JsonObject, bool> isIt, TimeSpan patience)
    {
        var all = new List<string>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < patience;)
        {
            if (_events.TryTake(out var happened, 200))
            {
                all.Add(happened.ToJsonString());
                if (isIt(happened))
                {
                    return (happened, string.Join('\n', all));
                }
            }
        }

        throw new TimeoutException($"Nothing of it within {patience.TotalSeconds} seconds, but:\n{string.Join('\n', all)}");
    }
}
