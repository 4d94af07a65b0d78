using Microsoft.Playwright;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>What a reader does on a live page.</summary>
internal static class LiveActions
{
    public static async Task ReadyAsync(IPage page) =>
        await Assertions.Expect(page.Locator(".session")).ToHaveAttributeAsync("data-is", "ready", new() { Timeout = 300_000 });

    public static async Task RunAllAsync(IPage page)
    {
        await ReadyAsync(page);
        await RunAsync(page, () => page.ClickAsync("[data-do=run-all]"));
    }

    /// <summary>Does something that makes cells run, and waits until they have.</summary>
    public static async Task RunAsync(IPage page, Func<Task> act)
    {
        // However late a busy page shows that it runs, and however short that is.
        var ran = page.EvaluateAsync(
            """
            new Promise(done => {
              const session = document.querySelector(".session");
              let hasRun = false;
              new MutationObserver(() => {
                hasRun ||= session.dataset.is === "running";
                if (hasRun && session.dataset.is === "ready") done();
              }).observe(session, { attributeFilter: ["data-is"] });
            })
            """);
        await act();
        await ran.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
    }

    /// <summary>Gives a setting another value, and waits until what depends on it has run.</summary>
    public static async Task TurnAsync(IPage page, string setting, string value)
    {
        var number = page.Locator($"[data-name={setting}] input[type=number]");
        await RunAsync(page, async () =>
        {
            await number.FillAsync(value);
            await number.PressAsync("Enter");
        });
        Assert.Equal(0, await page.Locator("section.stale").CountAsync());
    }

    /// <summary>Waits until every output that came is shown: one that draws itself is drawn behind the old one, some only when the session rests.</summary>
    public static async Task SettledAsync(IPage page) =>
        await page.WaitForFunctionAsync("!document.querySelector('.arriving, [aria-busy=true]')");

    public static async Task WriteAsync(IPage page, ILocator cell, string code)
    {
        var text = cell.Locator("pre.code");
        if (await text.IsVisibleAsync())
        {
            await text.ClickAsync();
        }

        await cell.Locator(".monaco-editor textarea").FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await cell.Locator(".monaco-editor textarea").FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(code, new() { Delay = 5 });
    }
}
