using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>What the command says when it cannot open what it is asked to.</summary>
[Collection(SideBySide.InThisProcess)]
public class OpenCommandTests
{
    [Fact]
    public async Task A_notebook_that_is_not_there_is_told() =>
        Says(await Sample.CommandAsync("open", "no-such.ipynb", "--no-browser"), "no-such.ipynb: there is no such file or folder.");

    [Fact]
    public async Task A_notebook_that_cannot_be_read_is_told() =>
        Says(await Sample.CommandAsync("open", Sample.Copy("not-json"), "--no-browser", "--no-build"), "it is not JSON");

    [Fact]
    public async Task A_folder_without_notebooks_is_told() =>
        Says(await Sample.CommandAsync("open", Directory.CreateTempSubdirectory().FullName, "--no-browser"), "there are no notebooks (*.ipynb) in this folder.");

    [Theory]
    [InlineData("0")]
    [InlineData("70000")]
    [InlineData("abc")]
    public async Task A_port_is_a_number(string port) =>
        Says(await Sample.CommandAsync("open", "--port", port, "--no-browser"), "--port takes a number from 1 to 65535.");

    [Fact]
    public async Task A_port_that_is_in_use_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var result = await Sample.CommandAsync("open", Sample.Copy("parameters"), "--port", $"{port}", "--no-browser", "--no-build");

        Says(result, $"Port {port} cannot be had, as another program uses it.");
    }

    [Fact]
    public async Task Two_that_start_at_the_same_moment_get_ports_of_their_own()
    {
        var commands = Enumerable.Range(0, 2).Select(_ => Start(null, "--no-browser")).ToList();
        try
        {
            var lines = await Task.WhenAll(commands.Select(command => command.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()));

            Assert.All(lines, line => Assert.StartsWith("The notebooks are open at http://127.0.0.1:", line));
            Assert.Equal(2, lines.Select(line => new Uri(line!.Split(' ')[^1]).Port).Distinct().Count());
        }
        finally
        {
            commands.ForEach(command => command.Kill(entireProcessTree: true));
        }
    }

    [Fact]
    public async Task Where_no_browser_can_be_started_the_address_is_told()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows starts the browser without looking for a command.");
        using var command = Start("/there is nothing");
        try
        {
            var lines = new List<string?>();
            while (lines.Count < 3)
            {
                lines.Add(await command.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            }

            Assert.StartsWith("The notebooks are open at http://127.0.0.1:", lines[0]);
            Assert.Equal("No browser could be started. Open that address in one.", lines[2]);
        }
        finally
        {
            command.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string? path, params string[] options) =>
        Process.Start(new ProcessStartInfo(DotNet.Command, [typeof(CommandLine).Assembly.Location, "open", Sample.Copy("parameters"), "--no-build", .. options])
        {
            RedirectStandardOutput = true,
            Environment = { ["PATH"] = path ?? Environment.GetEnvironmentVariable("PATH") },
        })!;

    private static void Says(CommandResult result, string sentence)
    {
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(sentence, result.Error);
        Assert.Equal("", result.Output);
    }
}
