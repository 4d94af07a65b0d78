using System.Diagnostics;
using System.Text.RegularExpressions;
using Backprop.Browser;
using Backprop.Notebooks.Live;
using Backprop.Notebooks.Tests.Interactive;
using Microsoft.Playwright;
using static Backprop.Notebooks.Tests.Live.LiveActions;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>Live pages without a mouse, by touch, and as a screen reader tells them; the buttons beside a cell and above all.</summary>
public partial class LiveAccessTests(LiveCommand command, ChromiumBrowser browser) : IClassFixture<LiveCommand>
{
    [Fact]
    public async Task The_keyboard_alone_moves_a_slider_edits_a_cell_runs_it_and_leaves_it()
    {
        await using var page = await command.OpenAsync(browser, "parameters");
        var (keyboard, cells) = (page.Page.Keyboard, page.Page.Locator("section.live"));
        await ReadyAsync(page.Page);

        await TabToAsync(page.Page, "[data-name=h] input[type=range]");
        await keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(cells.First.Locator("pre.code")).Not.ToContainTextAsync("var h = 100;");
        await ReadyAsync(page.Page);

        await TabToAsync(page.Page, "section.live:not(.parameters) pre.code");
        await keyboard.PressAsync("Enter");
        await page.Page.WaitForFunctionAsync("document.activeElement.closest('.monaco-editor')");
        await keyboard.PressAsync("Control+a");
        await keyboard.TypeAsync("Console.WriteLine(6 * 7);");
        await keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cells.Last.Locator(".outputs")).ToContainTextAsync("42");

        await keyboard.PressAsync("Escape");
        await page.Page.WaitForFunctionAsync("document.activeElement.matches('section.live:not(.parameters) .run')");
        await TabToAsync(page.Page, "section.live:not(.parameters) .undo");
        await keyboard.PressAsync("Enter");
        // The question has the focus, on the answer that changes nothing; what was asked for stands before it.
        await keyboard.PressAsync("Shift+Tab");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(cells.Last.Locator(".view-lines")).ToContainTextAsync("stepSize");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_screen_reader_finds_a_name_for_everything_that_can_be_used_and_is_told_what_a_cell_came_to()
    {
        await using var page = await command.OpenAsync(browser, "2-softmax-regression");
        await ReadyAsync(page.Page);
        // A chart is drawn when it is come upon, and what is drawn has names as well.
        foreach (var chart in await page.Page.Locator("[data-backprop-chart]").AllAsync())
        {
            await chart.ScrollIntoViewIfNeededAsync();
            await Assertions.Expect(chart.Locator(".main-svg").First).ToBeAttachedAsync();
        }

        var tree = await page.Page.Locator("body").AriaSnapshotAsync();
        var used = Used().Matches(tree).Select(match => match.Value.Trim()).ToList();

        Assert.All(used, line => Assert.Contains('"', line));
        Assert.All(["toolbar \"Notebook\"", "button \"Run all\"", "region \"Code cell 1\"", "button \"Edit the code of cell 1\"", "button \"Run cell 1 and all below\"", "complementary \"Settings\"", "slider \"iterations"], part => Assert.Contains(part, tree));

        await page.Page.Locator("section.exercise .run").First.FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Page.Locator(".heard[aria-live=polite]")).ToContainTextAsync("Done.");
        await Assertions.Expect(page.Page.Locator(".session[role=status]")).ToHaveTextAsync("Ready");
    }

    [Fact]
    public async Task On_a_telephone_a_cell_is_edited_in_a_plain_field_and_run()
    {
        await using var page = await command.OpenAsync(browser, "console-and-displays", isTelephone: true);
        await ReadyAsync(page.Page);
        var cell = page.Page.Locator("section.live").First;

        await cell.Locator("pre.code").TapAsync();
        await cell.Locator("textarea.plain").FillAsync("Console.Write(\"\\x1b[31m4\"); System.Threading.Thread.Sleep(500); Console.WriteLine(\"2\\x1b[0m\");");
        await cell.Locator(".run").TapAsync();

        await Assertions.Expect(cell.Locator(".outputs")).ToHaveTextAsync("42\n");
        Assert.Equal(390, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_cell_and_all_below_run_restart_forgets_variables_and_starting_over_brings_all_cells_back()
    {
        await using var page = await command.OpenAsync(browser, "state-is-carried");
        await ReadyAsync(page.Page);
        var cells = page.Page.Locator("section.live");
        var original = await page.Page.Locator("pre.code").AllInnerTextsAsync();

        await cells.First.HoverAsync();
        await cells.First.Locator("[data-do=run-below]").ClickAsync();
        await Assertions.Expect(cells.Nth(1).Locator(".outputs")).ToHaveTextAsync("42\n");
        await Assertions.Expect(cells.Nth(2).Locator(".outputs")).ToHaveTextAsync("redefined\n");

        await WriteAsync(page.Page, cells.Nth(1), "Console.WriteLine(Environment.ProcessId);");
        var first = await NumberAsync(cells.Nth(1), page.Page, "");
        await page.Page.ClickAsync("[data-do=restart]");
        await ReadyAsync(page.Page);
        Assert.NotEqual(first, await NumberAsync(cells.Nth(1), page.Page, first));

        // Nobody answers a cell that asks: it gets the end of the input, and does not wait for ever.
        await WriteAsync(page.Page, cells.Nth(2), "Console.WriteLine(Console.ReadLine() is null);");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cells.Nth(2).Locator(".outputs")).ToHaveTextAsync("True\n");

        await page.Page.ClickAsync(".toolbar [data-do=start-over]");
        await page.Page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Button, new() { Name = "Start over" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("section.changed")).ToHaveCountAsync(0);
        await page.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        Assert.Equal(original, await page.Page.Locator("pre.code").AllInnerTextsAsync());
    }

    [Fact]
    public async Task A_session_ends_some_time_after_its_last_tab_and_the_next_one_gets_another()
    {
        var notebook = Path.Combine(Directory.CreateTempSubdirectory("short of patience ").FullName, "process.ipynb");
        PublishedKernel.Write(notebook, "Console.WriteLine(Environment.ProcessId);");
        await using var server = await LiveServer.StartAsync([notebook], null, patience: TimeSpan.FromSeconds(1));

        var first = await RunThereAsync();
        while (Process.GetProcesses().Any(process => process.Id == first))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.NotEqual(first, await RunThereAsync());

        async Task<int> RunThereAsync()
        {
            await using var page = await browser.NewPageAsync();
            await page.Page.RouteAsync("http://127.0.0.1:*/**", route => route.ContinueAsync());
            await page.Page.GotoAsync(server.Opening(notebook), new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await RunAllAsync(page.Page);
            // For longer than it would stay without a tab.
            await Task.Delay(2000, TestContext.Current.CancellationToken);
            await Assertions.Expect(page.Page.Locator(".session")).ToHaveTextAsync("Ready");
            return int.Parse(await page.Page.Locator(".outputs").InnerTextAsync());
        }
    }

    /// <summary>Runs the cell in hand, until it shows another number than before.</summary>
    private static async Task<string> NumberAsync(ILocator cell, IPage page, string before)
    {
        await cell.Locator(".monaco-editor textarea").FocusAsync();
        await page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cell.Locator(".outputs")).ToHaveTextAsync(Digits());
        if (before.Length > 0)
        {
            await Assertions.Expect(cell.Locator(".outputs")).Not.ToHaveTextAsync(before);
        }

        return await cell.Locator(".outputs").InnerTextAsync();
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var i = 0; i < 100; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"The Tab key does not lead to {selector}.");
    }

    [GeneratedRegex(@"^\s*- (button|slider|spinbutton|textbox|combobox|checkbox|link|region|img)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Used();

    [GeneratedRegex(@"^\s*\d+\s*$")]
    private static partial Regex Digits();
}
