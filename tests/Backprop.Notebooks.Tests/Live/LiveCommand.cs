using System.Diagnostics;
using System.Reflection;
using Backprop.Browser;
using Backprop.Notebooks.Tests.Lessons;
using Microsoft.Playwright;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>The command that opens notebooks, in a process of its own: those of the repository, and copies of some of the tests'.</summary>
public sealed class LiveCommand : IAsyncLifetime
{
    private static readonly string s_configuration = typeof(LiveCommand).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
    private readonly string _drafts = Directory.CreateTempSubdirectory("drafts ").FullName;
    private readonly string _folder = Directory.CreateTempSubdirectory("note books ").FullName;
    private Process? _process;
    private string _address = "";

    public string NotebookFile(string name) => Path.Combine(_folder, name + ".ipynb");

    /// <summary>Opens a notebook's page in a browser that reaches nothing but the server.</summary>
    public async Task<BrowserPage> OpenAsync(ChromiumBrowser browser, string name, bool isTelephone = false)
    {
        var page = await browser.NewPageAsync(isTelephone);
        await LetInAsync(page, name);
        return page;
    }

    public async Task LetInAsync(BrowserPage page, string name)
    {
        await page.Page.RouteAsync("http://127.0.0.1:*/**", route => route.ContinueAsync());
        await page.Page.GotoAsync(_address.Replace("/?", $"/{name}.ipynb?", StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.DOMContentLoaded });
    }

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "state-is-carried", "parameters", "loops-for-ever", "console-and-displays" })
        {
            File.Copy(Sample.File(name), NotebookFile(name));
        }

        // The README's own command, as it was built with the tests.
        string[] run = ["run", "--no-build", "--configuration", s_configuration, "--project", Path.Combine(LessonsRun.Repository, "lib", "Backprop.Notebooks"), "--"];
        _process = Process.Start(new ProcessStartInfo("dotnet",
            [.. run, "open", Path.Combine(LessonsRun.Repository, "notebooks"), _folder, "--no-browser", "--no-build"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["BACKPROP_DRAFTS"] = _drafts },
        })!;
        var line = await _process.StandardOutput.ReadLineAsync();
        Assert.StartsWith("The notebooks are open at http://127.0.0.1:", line);
        _address = line!.Split(' ')[^1];
    }

    public ValueTask DisposeAsync()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_drafts, recursive: true);
        return ValueTask.CompletedTask;
    }
}
