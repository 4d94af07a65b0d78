using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Backprop.Browser;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Tests.Lessons;
using Microsoft.Playwright;

namespace Backprop.Notebooks.Tests.Jupyter;

/// <summary>Notebook 5 in Jupyter Notebook in a browser, without a network but for plotly.js.</summary>
[Collection(SideBySide.Alone)]
public sealed class JupyterNotebookTests(InstalledKernel kernel, ChromiumBrowser browser)
{
    private const string Name = "5-two-layer-network-by-hand";
    private const string Token = "a-token-of-the-tests";

    [Fact]
    public async Task A_notebook_shows_its_charts_unrun_and_run_plays_its_movie_and_can_be_changed_rerun_and_interrupted()
    {
        var folder = CopyOfTheNotebook();
        // What a reader does with File > Trust Notebook.
        var trusted = await kernel.RunAsync(folder, "", "-c", "from nbformat.sign import TrustNotebookApp; TrustNotebookApp.launch_instance()", Path.Combine("notebooks", Name + ".ipynb"));
        Assert.True(trusted.ExitCode == 0, trusted.Error);
        var port = KernelProcess.FreePorts(1)[0];
        using var server = await kernel.StartAsync(
            folder, "-m", "notebook", "--no-browser", "--ip=127.0.0.1", $"--port={port}", $"--NotebookApp.token={Token}", "--allow-root", $"--notebook-dir={folder}");
        _ = server.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var log = server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await using var opened = await browser.NewPageAsync();
            var page = opened.Page;
            await page.RouteAsync($"http://127.0.0.1:{port}/**", route => route.ContinueAsync());
            await page.RouteAsync("https://cdn.plot.ly/**", route => route.FulfillAsync(new() { Body = PlotlyScript(), ContentType = "text/javascript" }));
            await OpenAsync(page, $"http://127.0.0.1:{port}/notebooks/notebooks/{Name}.ipynb?token={Token}");

            // As it was saved, before anything runs.
            await opened.WaitForChartsAsync(5);
            await PlayAsync(page);

            await RunAllAsync(page);
            await opened.WaitForChartsAsync(5);
            var first = await OutputAsync(page, "iteration");
            Assert.Contains("iteration", first);
            Assert.Equal(0, await page.Locator(".output_error").CountAsync());
            Assert.NotEqual(0, await page.Locator(".CodeMirror .cm-keyword").CountAsync());

            await PlayAsync(page);

            await SetAsync(page, "var stepSize = ", "var stepSize = 0.25;");
            await RunAllAsync(page);
            await opened.WaitForChartsAsync(5);
            Assert.NotEqual(first, await OutputAsync(page, "iteration"));

            await AppendAsync(page, "var last = stepSize; Console.WriteLine(\"be\" + \"gun\"); while (true) { }");
            await page.Locator(".output_area", new() { HasTextString = "begun" }).WaitForAsync();
            await page.Locator("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']").ClickAsync();
            await page.Locator(".output_error", new() { HasTextString = "Interrupted." }).WaitForAsync();
            await AppendAsync(page, "$\"kept {last} {h}\"");
            await page.Locator(".output_area", new() { HasTextString = "kept 0.25 100" }).WaitForAsync();
            Assert.DoesNotContain(opened.Errors, error => error.Contains("backprop", StringComparison.OrdinalIgnoreCase) || error.Contains("plotly", StringComparison.OrdinalIgnoreCase));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
            await log;
            Directory.Delete(folder, recursive: true);
        }
    }

    // As in the repository: notebooks/ beside lib/bin.
    private static string CopyOfTheNotebook()
    {
        var folder = Directory.CreateTempSubdirectory("jupyter notebook ").FullName;
        var bin = Directory.CreateDirectory(Path.Combine(folder, "lib", "bin")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(LessonsRun.Repository, "lib", "bin")))
        {
            File.Copy(file, Path.Combine(bin, Path.GetFileName(file)));
        }

        var checks = Directory.CreateDirectory(Path.Combine(folder, "notebooks", "checks")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(LessonsRun.Repository, "notebooks", "checks")))
        {
            File.Copy(file, Path.Combine(checks, Path.GetFileName(file)));
        }

        var notebook = (JsonObject)Json.TryParse(File.ReadAllText(LessonsRun.Committed(Name)))!;
        notebook["metadata"]!["kernelspec"]!["name"] = InstalledKernel.Name;
        CellIds.AddMissing(notebook);
        File.WriteAllText(Path.Combine(folder, "notebooks", Name + ".ipynb"), Json.Write(notebook));
        return folder;
    }

    /// <summary>What the network would bring: it lies in Plotly.NET too.</summary>
    private static string PlotlyScript()
    {
        var plotly = Assembly.LoadFrom(Path.Combine(LessonsRun.Repository, "lib", "bin", "Plotly.NET.dll"));
        using var script = new StreamReader(plotly.GetManifestResourceStream(plotly.GetManifestResourceNames().Single(name => name.EndsWith(".min.js", StringComparison.Ordinal)))!);
        return script.ReadToEnd();
    }

    private static async Task OpenAsync(IPage page, string address)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await page.GotoAsync(address);
                break;
            }
            catch (PlaywrightException) when (attempt < 60)
            {
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }
        }

        await page.WaitForFunctionAsync("() => window.Jupyter && Jupyter.notebook && Jupyter.notebook._fully_loaded && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()");
    }

    /// <summary>Plays the movie to its end.</summary>
    private static async Task PlayAsync(IPage page)
    {
        var movie = page.Locator("[data-backprop-chart]", new() { Has = page.Locator(".slider-container") });
        Assert.Contains("iteration 0,", await movie.Locator(".gtitle").TextContentAsync());
        var last = await movie.Locator(".js-plotly-plot").EvaluateAsync<string>("plot => plot.layout.sliders[0].steps.at(-1).label");
        Assert.InRange(int.Parse(last, CultureInfo.InvariantCulture), 5000, 10_000);
        await movie.Locator(".updatemenu-button", new() { HasTextString = "Play" }).ClickAsync();
        await movie.Locator(".gtitle", new() { HasTextString = $"iteration {last}," }).WaitForAsync();
    }

    private static async Task RunAllAsync(IPage page)
    {
        await page.EvaluateAsync("() => Jupyter.notebook.clear_all_output()");
        await page.Locator("#celllink").ClickAsync();
        await page.Locator("#run_all_cells").ClickAsync();
        await page.WaitForFunctionAsync(
            "() => Jupyter.notebook.get_cells().every(cell => cell.cell_type !== 'code' || typeof cell.input_prompt_number === 'number') && !Jupyter.notebook.kernel_busy");
    }

    /// <summary>What is shown by the cell whose output has a word in it.</summary>
    private static async Task<string> OutputAsync(IPage page, string word) =>
        await page.Locator(".output_stdout", new() { HasTextString = word }).First.InnerTextAsync();

    private static async Task SetAsync(IPage page, string line, string replacement) => await page.EvaluateAsync(
        """
        ([line, replacement]) => {
          const cell = Jupyter.notebook.get_cells().find(cell => cell.cell_type === "code" && cell.get_text().includes(line));
          cell.set_text(cell.get_text().split("\n").map(text => text.startsWith(line) ? replacement : text).join("\n"));
        }
        """,
        new[] { line, replacement });

    private static async Task AppendAsync(IPage page, string code) => await page.EvaluateAsync(
        """
        code => {
          const cell = Jupyter.notebook.insert_cell_at_bottom("code");
          cell.set_text(code);
          cell.execute();
          cell.element[0].scrollIntoView();
        }
        """,
        code);
}
