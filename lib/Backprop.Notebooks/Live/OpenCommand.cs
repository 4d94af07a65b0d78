using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks.Live;

/// <summary>The command's part that opens notebooks in the browser, alive.</summary>
internal static class OpenCommand
{
    /// <summary>The port that is taken if it is free.</summary>
    public const int UsualPort = 8642;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    public static Command Create(TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var notebooks = new Argument<string[]>("notebooks")
        {
            Description = "Notebooks, or folders of notebooks. Without any: the repository's notebooks folder.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var port = new Option<int?>("--port") { Description = "Listen at this port of this machine.", HelpName = "number" };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Open no browser; the address is printed." };
        var noBuild = new Option<bool>("--no-build") { Description = "Do not build the projects that the notebooks reference." };
        port.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Any(token => !(int.TryParse(token.Value, out var number) && number is > 0 and < 65536)))
            {
                result.AddError("--port takes a number from 1 to 65535.");
            }
        });
        var open = new Command("open", "Opens notebooks in the browser, where they can be changed and run.") { notebooks, port, noBrowser, noBuild };
        open.SetAction((result, _) => OpenAsync(
            result.GetValue(notebooks) ?? [], result.GetValue(port), !result.GetValue(noBrowser), !result.GetValue(noBuild), new Screen(output, error), cancellationToken));
        return open;
    }

    /// <summary>The part of the command that a server starts for each notebook.</summary>
    public static Command CreateSession()
    {
        var session = new Command("session", "Runs the cells of one notebook; the server of live pages calls this.") { Hidden = true };
        session.SetAction(async (_, _) => await SessionHost.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput()));
        return session;
    }

    private static async Task<int> OpenAsync(
        IReadOnlyList<string> arguments, int? port, bool withBrowser, bool withBuild, Screen screen, CancellationToken cancellationToken)
    {
        try
        {
            var folder = Repository.Find() is { } repository ? Path.Combine(repository, "notebooks") : null;
            if (arguments.Count == 0 && !Directory.Exists(folder))
            {
                screen.Error.WriteLine("There is no notebooks folder here. Name the notebooks to open.");
                return CommandLine.WrongUsage;
            }

            var asked = arguments.Count > 0 ? arguments : [folder!];
            var named = NotebookFiles.Find(asked);
            // Who names a notebook shall be told that it cannot be read; of a folder's, those that can are opened.
            var notebooks = asked.Where(File.Exists).Select(Notebook.Load).ToList();
            // Notebooks lead to those beside them.
            var paths = NotebookFiles.Find([.. named.Select(path => Path.GetDirectoryName(Path.GetFullPath(path))!).Distinct()]);
            if (withBuild && !await Batch.BuildAsync(paths.Select(Readable).OfType<Notebook>(), screen, cancellationToken))
            {
                return 1;
            }

            await using var server = await LiveServer.StartAsync(paths, port, s_patience);
            var shown = notebooks.Count > 0 ? notebooks[0].Path : null;
            server.WarmUp(shown);
            var address = server.Opening(shown);
            screen.Say($"The notebooks are open at {address}");
            screen.Say("Press Ctrl+C to close them.");
            if (withBrowser && !Browse(address))
            {
                screen.Say("No browser could be started. Open that address in one.");
            }

            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                screen.Say("Closed.");
            }

            return 0;
        }
        catch (UnreadableNotebookException e)
        {
            screen.Error.WriteLine(e.Message);
        }
        catch (Exception e) when (e is IOException or SocketException && port is not null)
        {
            screen.Error.WriteLine($"Port {port} cannot be had, as another program uses it. Choose another one with --port, or leave that out.");
        }
        catch (OperationCanceledException)
        {
            screen.Error.WriteLine("Stopped.");
        }

        return CommandLine.WrongUsage;
    }

    private static Notebook? Readable(string path)
    {
        try
        {
            return Notebook.Load(path);
        }
        catch (UnreadableNotebookException)
        {
            return null;
        }
    }

    private static bool Browse(string address)
    {
        try
        {
            using var browser = OperatingSystem.IsWindows() ? Process.Start(new ProcessStartInfo(address) { UseShellExecute = true })
                : Process.Start(new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [address]) { RedirectStandardOutput = true, RedirectStandardError = true });
            return browser is null || !browser.WaitForExit(TimeSpan.FromSeconds(2)) || browser.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
