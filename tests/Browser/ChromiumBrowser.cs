using System.Runtime.InteropServices;
using Microsoft.Playwright;

namespace Backprop.Browser;

/// <summary>
/// The machine's own Chromium or Chrome, driven through Playwright. It is never downloaded: where there is none,
/// a test is skipped, or fails when REQUIRE_BROWSER=1.
/// </summary>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Opens an empty page, with the network cut off but for what the test routes itself.</summary>
    public async Task<BrowserPage> NewPageAsync()
    {
        if (browser is null)
        {
            var reason = "No Chromium or Chrome was found on this machine (the environment variable CHROMIUM may name one).";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("REQUIRE_BROWSER") == "1", reason);
            Assert.Fail(reason);
        }

        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = 1000, Height = 900 } });
        var page = new BrowserPage(await context.NewPageAsync());
        await page.Page.RouteAsync("http*://**", route => route.AbortAsync());
        return page;
    }

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    private static string? Find()
    {
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("CHROMIUM"),
            .. OnPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium",
            @"C:\Program Files\Google\Chrome\Application\chrome.exe",
            @"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
            @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        ];
        return candidates.FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> OnPath(params string[] names) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? []
            : names.SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)));
}

/// <summary>A page, and what went wrong in it.</summary>
public sealed class BrowserPage(IPage page) : IAsyncDisposable
{
    private readonly List<string> errors = Watch(page);

    public IPage Page => page;

    /// <summary>Errors of scripts, and what they wrote to the console as errors.</summary>
    public IReadOnlyList<string> Errors => errors;

    /// <summary>Waits until so many charts are drawn, each with something inside.</summary>
    public async Task WaitForChartsAsync(int count) =>
        await page.WaitForFunctionAsync(
            """
            count => {
              const drawn = [...document.querySelectorAll("[data-backprop-chart] .main-svg:first-of-type")]
                .filter(svg => svg.querySelector(".trace, .contour, .hm, .contourfill, .heatmaplayer image, .scatterlayer path") && svg.getBoundingClientRect().height > 100);
              return drawn.length === count;
            }
            """,
            count,
            new() { Timeout = 20_000 });

    public async ValueTask DisposeAsync() => await page.Context.DisposeAsync();

    private static List<string> Watch(IPage page)
    {
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };
        return errors;
    }
}
