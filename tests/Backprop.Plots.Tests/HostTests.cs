using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Backprop.Plots.Tests;

/// <summary>The library, loaded by path through Roslyn scripting into processes with one FSharp.Core or another.</summary>
public class HostTests
{
    private const string OwnContext = "Plotly.NET with its own FSharp.Core";

    // What each host reported; some are asked for twice.
    private static readonly ConcurrentDictionary<string, Task<JsonElement>> s_reports = new();

    [Fact]
    public async Task A_host_with_an_older_FSharp_Core_shows_charts_from_a_load_context_of_ours()
    {
        var report = await RunAsync("WithOldFSharp");

        Assert.Equal(3, report.GetProperty("charts").GetInt32());
        Assert.Equal(1, report.GetProperty("plotlyAssemblies").GetInt32());
        Assert.Equal(OwnContext, report.GetProperty("plotlyContext").GetString());
    }

    [Fact]
    public async Task A_host_with_a_new_enough_FSharp_Core_shows_charts_and_loads_no_second_Plotly()
    {
        var report = await RunAsync("WithNewFSharp");

        Assert.Equal(3, report.GetProperty("charts").GetInt32());
        Assert.Equal(1, report.GetProperty("plotlyAssemblies").GetInt32());
        Assert.NotEqual(OwnContext, report.GetProperty("plotlyContext").GetString());
    }

    [Fact]
    public async Task A_host_without_FSharp_Core_shows_charts()
    {
        var report = await RunAsync("WithoutFSharp");

        Assert.Equal(3, report.GetProperty("charts").GetInt32());
        Assert.Equal(1, report.GetProperty("plotlyAssemblies").GetInt32());
    }

    [Theory]
    [InlineData("WithOldFSharp")]
    [InlineData("WithNewFSharp")]
    [InlineData("WithoutFSharp")]
    public async Task A_cell_that_names_a_chart_before_the_library_has_run_loads_no_second_Plotly(string host)
    {
        var report = await RunAsync(host, "chart-first");

        Assert.Equal(2, report.GetProperty("charts").GetInt32());
        Assert.Equal(1, report.GetProperty("plotlyAssemblies").GetInt32());
    }

    [Fact]
    public async Task Two_processes_make_the_same_HTML_of_the_same_charts()
    {
        var first = await RunAsync("WithNewFSharp");
        var second = await RunAsync("WithOldFSharp");

        Assert.Equal(first.GetProperty("hash").GetString(), second.GetProperty("hash").GetString());
    }

    private static Task<JsonElement> RunAsync(string host, params string[] how) =>
        s_reports.GetOrAdd(string.Join(' ', [host, .. how]), _ => StartAsync(host, how));

    private static async Task<JsonElement> StartAsync(string host, string[] how)
    {
        // tests/Backprop.Plots.Tests/bin/<configuration>/net10.0
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        var tests = framework.Parent!.Parent!.Parent!.Parent!.FullName;
        var program = Path.Combine(tests, "Hosts", host, "bin", framework.Parent.Name, framework.Name, host + ".dll");
        var library = Path.GetFullPath(Path.Combine(tests, "..", "lib", "bin"));

        var start = new ProcessStartInfo("dotnet", [program, library, .. how]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return JsonDocument.Parse(output).RootElement;
    }
}
