using Backprop.Browser;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Tests.Lessons;
using Microsoft.Playwright;
using static Backprop.Notebooks.Tests.Live.LiveActions;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>Notebooks opened by the command and used in a browser that reaches nothing but its server.</summary>
public class LivePagesTests(LiveCommand command, ChromiumBrowser browser) : IClassFixture<LiveCommand>
{
    private const string Softmax = "2-softmax-regression";

    [Fact]
    public async Task A_lesson_opens_runs_and_draws_all_of_its_charts()
    {
        // Two at a time, as many as there are processors on a small machine.
        await Parallel.ForEachAsync(LessonsRun.NamesForHosts, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (name, _) =>
        {
            await using var page = await command.OpenAsync(browser, name);
            await RunAllAsync(page.Page);
            await SettledAsync(page.Page);

            Assert.True(await page.Page.Locator("section.failed, section.stale").CountAsync() == 0, name);
            var charts = await page.Page.Locator("[data-backprop-chart]").CountAsync();
            Assert.True(charts > 0, name);
            await page.WaitForChartsAsync(charts);
            Assert.Empty(page.Errors);
        });
    }

    [Fact]
    public async Task Moving_a_slider_changes_the_code_the_regions_the_loss_and_the_accuracy_and_moving_it_back_brings_them_back()
    {
        await using var page = await command.OpenAsync(browser, Softmax);
        await RunAllAsync(page.Page);
        var before = await ShownAsync(page.Page);
        var untouched = await page.Page.Locator("section.exercise .count").AllTextContentsAsync();

        await TurnAsync(page.Page, "initialScale", "3");
        await TurnAsync(page.Page, "iters", "3");
        var after = await ShownAsync(page.Page);

        Assert.Contains("var iters = 3;", await page.Page.Locator("section.parameters pre.code").InnerTextAsync());
        Assert.NotEqual(before.Accuracy, after.Accuracy);
        Assert.DoesNotContain("iteration 10:", after.Losses);
        // The data's chart shows what it showed, all others what is new; and what no setting reaches did not run.
        Assert.Equal(before.Charts[0], after.Charts[0]);
        Assert.Equal(before.Charts.Length, after.Charts.Length);
        Assert.All(before.Charts.Zip(after.Charts).Skip(1), chart => Assert.NotEqual(chart.First, chart.Second));
        Assert.Equal(untouched, await page.Page.Locator("section.exercise .count").AllTextContentsAsync());

        await TurnAsync(page.Page, "iters", "200");
        await TurnAsync(page.Page, "initialScale", "0.01");

        var back = await ShownAsync(page.Page);
        Assert.Equal((before.Accuracy, before.Losses), (back.Accuracy, back.Losses));
        Assert.Equal(before.Charts, back.Charts);

        // How fine the pictures are is nothing to the training.
        var training = page.Page.Locator("section.live", new() { HasText = "FORWARD PROPAGATION" }).Locator(".count");
        var trained = await training.TextContentAsync();
        await TurnAsync(page.Page, "meshStep", "0.1");
        var coarse = await ShownAsync(page.Page);
        Assert.Equal(trained, await training.TextContentAsync());
        Assert.NotEqual(before.Charts, coarse.Charts);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task An_exercise_is_answered_wrong_and_right_with_one_key_and_the_answer_outlives_a_reload()
    {
        await using var page = await command.OpenAsync(browser, Softmax);
        var exercise = page.Page.Locator("section.exercise").First;
        var verdict = page.Page.Locator("section.check").First.Locator(".outputs");

        await WriteAsync(page.Page, exercise, "var lossWithoutWeights = 0.0;");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(verdict).ToContainTextAsync("A loss of 0 needs a model that is sure");

        await WriteAsync(page.Page, exercise, "var lossWithoutWeights = Math.Log(numClasses);");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(verdict).ToContainTextAsync("right");

        await page.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Assertions.Expect(exercise).ToContainTextAsync("Math.Log(numClasses)");

        // Back to what is in the repository, when that is answered and not when it is dismissed: with one key, and the focus is where it was.
        var undo = exercise.Locator(".undo");
        await undo.PressAsync("Enter");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" })).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Page.Locator(".asks")).ToBeHiddenAsync();
        await Assertions.Expect(undo).ToBeFocusedAsync();
        await Assertions.Expect(exercise).ToContainTextAsync("Math.Log(numClasses)");
        await undo.PressAsync("Enter");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start over", Exact = true }).Last.ClickAsync();
        await Assertions.Expect(exercise).Not.ToContainTextAsync("Math.Log(numClasses)");
    }

    [Fact]
    public async Task The_editor_completes_documents_and_marks_mistakes_at_their_place()
    {
        await using var page = await command.OpenAsync(browser, "state-is-carried");
        var cell = page.Page.Locator("section.live").First;
        await ReadyAsync(page.Page);

        await WriteAsync(page.Page, cell, "Math.Sqr");
        await page.Page.GetByRole(AriaRole.Option, new() { Name = "Sqrt", Exact = true }).WaitForAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.Keyboard.TypeAsync("(");
        await Assertions.Expect(page.Page.Locator(".parameter-hints-widget")).ToContainTextAsync("double Math.Sqrt(double d)");
        await WriteAsync(page.Page, cell, "var side = Math.Skrt(4);");
        await page.Page.Locator(".squiggly-error").WaitForAsync();

        await page.Page.Keyboard.PressAsync("Shift+Enter");

        await Assertions.Expect(cell.Locator(".output.error")).ToContainTextAsync("'Math' does not contain a definition for 'Skrt'");
        await Assertions.Expect(cell).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("failed"));
    }

    [Fact]
    public async Task A_cell_that_runs_outlives_a_reload_and_a_lost_connection_and_is_stopped()
    {
        var page = await browser.NewPageAsync();
        IWebSocketRoute? socket = null;
        await page.Page.RouteWebSocketAsync(new System.Text.RegularExpressions.Regex("/socket"), route =>
        {
            socket = route;
            route.ConnectToServer();
        });
        await command.LetInAsync(page, "loops-for-ever");
        await ReadyAsync(page.Page);
        var cell = page.Page.Locator("section.live").First;
        await WriteAsync(page.Page, cell, "while (true) { Console.WriteLine(\"again\"); System.Threading.Thread.Sleep(20); }");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cell.Locator(".output pre")).Not.ToBeEmptyAsync();

        await page.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Assertions.Expect(cell).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("running"));
        await Assertions.Expect(cell.Locator(".output pre")).Not.ToBeEmptyAsync();

        await socket!.CloseAsync();
        await Assertions.Expect(page.Page.Locator(".session")).ToHaveAttributeAsync("data-is", "lost");
        await Assertions.Expect(page.Page.Locator(".session")).ToHaveAttributeAsync("data-is", "running");

        await page.Page.ClickAsync("[data-do=stop]");
        await Assertions.Expect(cell.Locator(".output.error")).ToContainTextAsync("Stopped.");
        await page.DisposeAsync();
    }

    [Fact]
    public async Task What_was_typed_last_outlives_a_reload_and_Escape_twice_stops_a_cell_from_within_its_editor()
    {
        await using var page = await command.OpenAsync(browser, "state-is-carried");
        await ReadyAsync(page.Page);
        var cell = page.Page.Locator("section.live").First;
        await WriteAsync(page.Page, cell, "while (true) { } // typed last");

        await page.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Assertions.Expect(cell.Locator("pre.code")).ToHaveTextAsync("while (true) { } // typed last");

        await ReadyAsync(page.Page);
        await cell.Locator("pre.code").FocusAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await page.Page.WaitForFunctionAsync("document.activeElement.closest('.monaco-editor')");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(page.Page.Locator(".session")).ToHaveAttributeAsync("data-is", "running");
        // Another test may have left an error here.
        var error = cell.Locator(".output.error:not(.old)");
        // Twice within a moment, which a busy machine may not manage at once.
        for (var tries = 0; tries < 30 && await error.CountAsync() == 0; tries++)
        {
            await page.Page.Keyboard.PressAsync("Escape");
            await page.Page.Keyboard.PressAsync("Escape");
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }

        await Assertions.Expect(error).ToContainTextAsync("Stopped.");
    }

    [Fact]
    public async Task Two_tabs_show_the_same()
    {
        await using var one = await command.OpenAsync(browser, "parameters");
        await using var two = await command.OpenAsync(browser, "parameters");
        await ReadyAsync(one.Page);
        await ReadyAsync(two.Page);

        var number = one.Page.Locator(".setting input[type=number]").First;
        await number.FillAsync("7");
        await number.PressAsync("Enter");
        await ReadyAsync(one.Page);

        await Assertions.Expect(two.Page.Locator(".setting input[type=number]").First).ToHaveValueAsync("7");
        await Assertions.Expect(two.Page.Locator(".outputs")).ToHaveTextAsync(await one.Page.Locator(".outputs").AllTextContentsAsync());
        await Assertions.Expect(two.Page.Locator("pre.code")).ToHaveTextAsync(await one.Page.Locator("pre.code").AllTextContentsAsync());
    }

    [Fact]
    public async Task A_cell_that_ends_its_process_or_asks_for_all_memory_takes_its_own_session_and_no_other()
    {
        await using var other = await command.OpenAsync(browser, "parameters");
        await ReadyAsync(other.Page);
        await using var page = await command.OpenAsync(browser, "console-and-displays");
        await ReadyAsync(page.Page);
        var cell = page.Page.Locator("section.live").First;

        await WriteAsync(page.Page, cell, "var all = new List<byte[]>(); while (true) all.Add(new byte[100_000_000]);");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cell.Locator(".output.error")).ToContainTextAsync(new System.Text.RegularExpressions.Regex("OutOfMemoryException|The session has ended"));

        await WriteAsync(page.Page, cell, "Environment.Exit(3);");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cell.Locator(".output.error")).ToContainTextAsync("The session has ended");

        await WriteAsync(page.Page, cell, "new string('x', 3)");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cell.Locator(".outputs")).ToContainTextAsync("xxx");
        await Assertions.Expect(other.Page.Locator(".session")).ToHaveAttributeAsync("data-is", "ready");
    }

    [Fact]
    public async Task A_notebook_is_saved_only_when_asked_as_the_editors_save_it_and_a_changed_file_is_not_overwritten_unasked()
    {
        var file = command.NotebookFile("console-and-displays");
        var before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await using var page = await command.OpenAsync(browser, "console-and-displays");
        await ReadyAsync(page.Page);
        var cell = page.Page.Locator("section.live").First;
        await WriteAsync(page.Page, cell, "Console.WriteLine(\"saved\");");
        await page.Page.Keyboard.PressAsync("Shift+Enter");
        await Assertions.Expect(cell.Locator(".outputs")).ToHaveTextAsync("saved\n");
        Assert.Equal(before, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        await page.Page.Keyboard.PressAsync("Control+s");
        await Assertions.Expect(page.Page.Locator(".asks")).ToContainTextAsync("Saved in console-and-displays.ipynb.");

        var saved = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var notebook = Notebook.Parse(saved, file);
        Assert.Equal("Console.WriteLine(\"saved\");", notebook.CodeCells[0].Source);
        Assert.Equal(new StreamOutput("stdout", "saved\n"), Assert.Single(notebook.CodeCells[0].Outputs));
        Assert.Equal(saved, notebook.ToText());

        await File.WriteAllTextAsync(file, before, TestContext.Current.CancellationToken);
        await page.Page.ClickAsync("[data-do=save]");
        await Assertions.Expect(page.Page.Locator(".asks")).ToContainTextAsync("was changed by another program");
        Assert.Equal(before, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Write mine over it" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".asks")).ToContainTextAsync("Saved in");
        Assert.Equal(saved, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_question_stays_open_when_there_is_something_to_say_which_is_said_after_it()
    {
        await using var one = await command.OpenAsync(browser, "parameters");
        await using var two = await command.OpenAsync(browser, "parameters");
        await ReadyAsync(one.Page);
        await ReadyAsync(two.Page);
        var number = one.Page.Locator(".setting input[type=number]").First;
        await number.FillAsync("8");
        await number.PressAsync("Enter");
        await Assertions.Expect(one.Page.Locator("[data-do=save].changed")).ToBeVisibleAsync();
        await one.Page.ClickAsync(".toolbar [data-do=start-over]");
        var keep = one.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" });
        await Assertions.Expect(keep).ToBeFocusedAsync();

        await two.Page.Keyboard.PressAsync("Control+s");
        await Assertions.Expect(one.Page.Locator("[data-do=save].changed")).ToHaveCountAsync(0);
        await Assertions.Expect(keep).ToBeFocusedAsync(new() { Timeout = 5000 });
        await one.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(one.Page.GetByRole(AriaRole.Status).And(one.Page.Locator(".asks"))).ToContainTextAsync("Saved in parameters.ipynb.");
    }

    [Fact]
    public async Task An_output_of_one_notebook_cannot_get_at_another_ones_session()
    {
        await using var page = await command.OpenAsync(browser, "parameters");
        await ReadyAsync(page.Page);

        Assert.Equal("", await page.Page.EvaluateAsync<string>("document.cookie"));
        Assert.Equal(403, await page.Page.EvaluateAsync<int>("fetch('/state-is-carried.ipynb').then(answer => answer.status)"));
        Assert.False(await page.Page.EvaluateAsync<bool>(
            """
            new Promise(done => {
              const socket = new WebSocket(location.origin.replace("http", "ws") + "/state-is-carried.ipynb/socket?ticket=");
              socket.onopen = () => done(true);
              socket.onerror = () => done(false);
            })
            """));
        Assert.Null(await page.Page.EvaluateAsync<string?>("document.querySelector('main').dataset.ticket ?? null"));
    }

    private static async Task<(string Accuracy, string Losses, string[] Charts)> ShownAsync(IPage page)
    {
        // What is out of sight is drawn when the session rests.
        await SettledAsync(page);
        return (
            await page.Locator(".output", new() { HasText = "training accuracy:" }).InnerTextAsync(),
            await page.Locator(".output", new() { HasText = "iteration 0: loss" }).First.InnerTextAsync(),
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.outputs [data-backprop-chart]')].map(chart => chart.dataset.backpropChart)"));
    }
}
