using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Backprop.Browser;
using Microsoft.Playwright;
using Spectre.Console;

namespace Backprop.Benchmarks;

/// <summary>Live pages as their readers feel them: measured in the browser, from letting go of a slider to the new decision regions.</summary>
internal static class LivePages
{
    private const int BrowserMissing = 2;
    private const int Turns = 9;

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    private const string Look =
        """
        () => {
          window.regions = () => [...document.querySelectorAll("section.live")].find(one => /\bplot_?model\b\s*\(/i.test(one.querySelector("pre.code").textContent) && one.querySelector("[data-backprop-chart]"));
          regions().querySelector("[data-backprop-chart]").scrollIntoView({ block: "center" });
        }
        """;

    // From the change of the slider to the frame after the new regions are on the page, in milliseconds.
    private const string Turn =
        """
        position => new Promise((done, failed) => {
          const section = regions();
          const chart = () => section.querySelector(".output:not(.arriving):not(.old) [data-backprop-chart]");
          const before = chart(), slider = document.querySelector("[data-name=stepSize] input[type=range]");
          slider.value = position;
          slider.dispatchEvent(new Event("input"));
          const start = performance.now();
          slider.dispatchEvent(new Event("change"));
          const late = setTimeout(() => failed("no new regions"), 60000);
          // Told of changes and not asking every frame: a page that rests draws no frames, and neither does this one.
          const changes = new MutationObserver(() => {
            const now = chart();
            if (!now || now === before || !now.querySelector("svg .trace, svg .contour, svg image, svg path")) return;
            changes.disconnect();
            clearTimeout(late);
            requestAnimationFrame(() => done(performance.now() - start));
          });
          changes.observe(section, { subtree: true, childList: true, attributes: true });
        })
        """;

    /// <summary>Measures one session at a time, and then many at once.</summary>
    /// <param name="sessions">How many at once.</param>
    public static async Task<int> RunAsync(int sessions)
    {
        if (InstalledChromium.Find() is not { } chromium)
        {
            Console.Error.WriteLine("There is no Chromium or Chrome here to measure in. Install one, or name it in the environment variable CHROMIUM.");
            return BrowserMissing;
        }

        var repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));
        var folder = Directory.CreateTempSubdirectory("live ").FullName;
        var notebooks = Directory.CreateDirectory(Path.Combine(folder, "notebooks")).FullName;
        // The notebooks name the library beside their folder.
        Directory.CreateSymbolicLink(Path.Combine(folder, "lib"), Path.Combine(repository, "lib"));
        var (softmax, byHand) = ("2-softmax-regression", "5-two-layer-network-by-hand");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(repository, "notebooks")).Where(file => file.Contains(softmax, StringComparison.Ordinal) || file.Contains(byHand, StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(notebooks, Path.GetFileName(file)));
        }

        Directory.CreateSymbolicLink(Path.Combine(notebooks, "checks"), Path.Combine(repository, "notebooks", "checks"));
        for (var i = 1; i <= sessions; i++)
        {
            File.Copy(Path.Combine(notebooks, softmax + ".ipynb"), Path.Combine(notebooks, Copy(i) + ".ipynb"));
        }

        using var command = Process.Start(new ProcessStartInfo("dotnet", [typeof(Notebooks.CommandLine).Assembly.Location, "open", notebooks, "--no-browser", "--no-build"])
        {
            RedirectStandardOutput = true,
            Environment = { ["BACKPROP_DRAFTS"] = Path.Combine(folder, "drafts") },
        })!;
        try
        {
            var address = (await command.StandardOutput.ReadLineAsync())!.Split(' ')[^1];
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = InstalledChromium.Arguments });
            var context = await ReaderAsync(browser, address);
            var table = new Table().Border(TableBorder.Ascii).AddColumn("what").AddColumn("median").AddColumn("slowest");
            foreach (var name in new[] { softmax, byHand })
            {
                var (page, text) = await OpenAsync(context, address, name);
                Row(table, $"{name}: from the request to its text, ms", [text]);
                Row(table, $"{name}: from letting go of a slider to the new regions, ms", await TurnAsync(page, Turns));
                await page.CloseAsync();
            }

            var pages = new List<IPage>();
            for (var i = 1; i <= sessions; i++)
            {
                pages.Add((await OpenAsync(await ReaderAsync(browser, address), address, Copy(i))).Page);
            }

            Row(table, $"{sessions} sessions, one is used: to the new regions, ms", await TurnAsync(pages[0], Turns));
            Row(table, $"{sessions} sessions, all at once: to the new regions, ms", [.. (await Task.WhenAll(pages.Select(page => TurnAsync(page, 1)))).SelectMany(times => times)]);
            Row(table, $"{sessions} sessions: memory of one, MB", [.. Memory(command.Id)]);
            table.AddRow("server: memory, MB", (Resident(command.Id) / 1e6).ToString("0", CultureInfo.InvariantCulture), "");
            AnsiConsole.Write(table);
            return 0;
        }
        finally
        {
            command.Kill(entireProcessTree: true);
            await command.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }

        static string Copy(int number) => $"copy-{number}";
    }

    // Twenty readers have twenty browsers: their pages share neither a heap nor a thread.
    private static async Task<IBrowserContext> ReaderAsync(IBrowser browser, string address)
    {
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1400, Height = 1000 } });
        // A browser's first page waits for the browser itself.
        var page = await context.NewPageAsync();
        await page.GotoAsync(address);
        await page.CloseAsync();
        return context;
    }

    private static async Task<(IPage Page, double Text)> OpenAsync(IBrowserContext context, string address, string name)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync(address.Replace("/?", $"/{name}.ipynb?", StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
        await ReadyAsync(page);
        var text = await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        await page.ClickAsync("[data-do=run-all]");
        await page.Locator(".session[data-is=running]").WaitForAsync();
        await ReadyAsync(page);
        // Where a reader looks who moves the slider.
        await page.EvaluateAsync(Look);
        return (page, text);
    }

    private static Task ReadyAsync(IPage page) => page.Locator(".session[data-is=ready]").WaitForAsync(new() { Timeout = 300_000 });

    private static async Task<IReadOnlyList<double>> TurnAsync(IPage page, int turns)
    {
        var times = new List<double>();
        for (var turn = 0; turn < turns; turn++)
        {
            // A reader looks at the picture before turning on, and what is out of sight is drawn meanwhile.
            await Task.Delay(s_look);
            times.Add(await page.EvaluateAsync<double>(Turn, 600 + (10 * turn)));
            await ReadyAsync(page);
        }

        return times;
    }

    private static void Row(Table table, string what, IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        table.AddRow(what, sorted.Count == 0 ? "?" : sorted[sorted.Count / 2].ToString("0", CultureInfo.InvariantCulture), sorted.Count == 0 ? "?" : sorted[^1].ToString("0", CultureInfo.InvariantCulture));
    }

    // The sessions are the server's children; only Linux tells whose child a process is in a file.
    private static IEnumerable<double> Memory(int server) =>
        !OperatingSystem.IsLinux() ? [] : Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => int.TryParse(name, out _))
            .Where(id => File.Exists($"/proc/{id}/stat") && File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == server.ToString(CultureInfo.InvariantCulture))
            .Select(id => Resident(int.Parse(id, CultureInfo.InvariantCulture)) / 1e6);

    private static double Resident(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.WorkingSet64;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
