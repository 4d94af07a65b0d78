using System.Collections.Concurrent;
using System.Text;
using Microsoft.Playwright;

namespace Backprop.Browser;

/// <summary>
/// The machine's own Chromium or Chrome, driven through Playwright. It is never downloaded: where there is none,
/// a test is skipped, or fails when REQUIRE_BROWSER=1.
/// </summary>
/// <remarks>
/// The pages of a class share a process of the browser's: compiling plotly.js takes a processor seconds, and a process keeps
/// what it has compiled as long as one of its pages is open.
/// </remarks>
public sealed class ChromiumBrowser : IAsyncLifetime
{
    // Milliseconds. Nothing is timed by it: on a busy machine everything comes, only late.
    private const float Patience = 120_000;

    private readonly ConcurrentDictionary<string, Lazy<Task<IBrowserContext>>> _contexts = [];
    private readonly ConcurrentDictionary<IBrowserContext, IPage> _kept = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("pages ").FullName;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens an empty page, with the network cut off but for what the test routes itself.</summary>
    /// <param name="isTelephone">On a narrow screen that is touched.</param>
    public async Task<BrowserPage> NewPageAsync(bool isTelephone = false)
    {
        if (_browser is null)
        {
            var reason = "No Chromium or Chrome was found on this machine (the environment variable CHROMIUM may name one).";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("REQUIRE_BROWSER") == "1", reason);
            Assert.Fail(reason);
        }

        var context = await _contexts.GetOrAdd(
            $"{TestContext.Current.TestClass?.UniqueID} {isTelephone}",
            _ => new(() => _browser.NewContextAsync(isTelephone
                ? new() { ViewportSize = new() { Width = 390, Height = 844 }, HasTouch = true, IsMobile = true }
                : new() { ViewportSize = new() { Width = 1000, Height = 900 } }))).Value;
        var page = new BrowserPage(this, await context.NewPageAsync());
        page.Page.SetDefaultTimeout(Patience);
        await page.Page.RouteAsync("http*://**", route => route.AbortAsync());
        return page;
    }

    /// <summary>Makes a file of a page's HTML.</summary>
    /// <returns>Its address.</returns>
    internal string AddressOf(string html)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.html");
        File.WriteAllText(file, html, Encoding.UTF8);
        return new Uri(file).AbsoluteUri;
    }

    /// <summary>Closes a page; one of a file when the next one of its class is done with.</summary>
    internal async Task CloseAsync(IPage page)
    {
        if (page.Url.StartsWith("file:", StringComparison.Ordinal) && !page.IsClosed)
        {
            var before = _kept.GetValueOrDefault(page.Context);
            _kept[page.Context] = page;
            await (before?.CloseAsync() ?? Task.CompletedTask);
        }
        else
        {
            await page.CloseAsync();
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (InstalledChromium.Find() is not { } path)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = [.. InstalledChromium.Arguments, "--process-per-site"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>A page, and what went wrong in it.</summary>
public sealed class BrowserPage(ChromiumBrowser browser, IPage page) : IAsyncDisposable
{
    private readonly List<string> _errors = Watch(page);

    public IPage Page => page;

    /// <summary>Errors of scripts, and what they wrote to the console as errors.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Shows a page.</summary>
    /// <param name="html">The whole of it, or what stands in its body.</param>
    /// <param name="until">What to wait for.</param>
    public async Task ShowAsync(string html, WaitUntilState until = WaitUntilState.Load) => await page.GotoAsync(browser.AddressOf(html), new() { WaitUntil = until });

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
            count);

    /// <summary>Waits until no text of a chart has moved or changed its colour for a moment.</summary>
    public async Task WaitUntilStillAsync() => await page.EvaluateAsync(
        """
        async () => {
          const look = () => [...document.querySelectorAll("[data-backprop-chart] svg text")]
            .map(text => { const { x, y } = text.getBoundingClientRect(); return `${x} ${y} ${getComputedStyle(text).fill}`; }).join();
          for (let before = "", still = 0, tries = 0; still < 3 && tries < 100; tries++) {
            await new Promise(done => setTimeout(done, 60));
            const now = look();
            still = now === before ? still + 1 : 0;
            before = now;
          }
        }
        """);

    public async ValueTask DisposeAsync() => await browser.CloseAsync(page);

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
