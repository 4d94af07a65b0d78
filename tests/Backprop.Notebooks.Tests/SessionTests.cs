using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests;

[Collection(SideBySide.InThisProcess)]
public sealed class SessionTests
{
    [Fact]
    public async Task State_is_carried_from_cell_to_cell_and_names_can_be_redefined()
    {
        var run = await Sample.RunAsync("state-is-carried");

        Assert.True(run.Succeeded);
        Assert.Equal("42\nredefined\n", run.Text);
    }

    [Fact]
    public async Task Console_streams_and_displays_come_in_the_order_in_which_they_happen()
    {
        var run = await Sample.RunAsync("console-and-displays");

        Assert.Equal(
            ["stdout: one\ntwo three\n", "text/plain: four", "stderr: five\n", "stdout: six\n", "text/plain: seven"],
            run.Cells[0].Outputs.Select(Describe));
    }

    [Fact]
    public async Task What_a_thread_or_a_task_of_the_cell_prints_belongs_to_the_cell()
    {
        var run = await Sample.RunAsync("console-and-displays");

        Assert.Equal("from a thread\nfrom a task\n", run.Cells[1].Text);
    }

    [Fact]
    public async Task Values_are_displayed_in_the_form_that_was_asked_for_and_null_is_not_displayed()
    {
        var run = await Sample.RunAsync("displays");

        Assert.Equal(
            ["text/html: <b>bold</b>", "text/markdown: **strong**", "text/html", "text/plain: plain"],
            run.Cells[0].Outputs.Select(Describe).Select(text => text.StartsWith("text/html: <div", StringComparison.Ordinal) ? "text/html" : text));
    }

    [Theory]
    [InlineData("int.TryParse(\"3\", out _)")]
    [InlineData("(_, int y) = (1, 2); y == 2")]
    [InlineData("_ = int.Parse(\"3\"); true")]
    [InlineData("bool F(int n) { _ = n; return n switch { _ => true }; } F(3)")]
    [InlineData("Func<int, int, bool> f = (_, _) => true; f(1, 2)")]
    [InlineData("Action<int> p = _ => { }; p(1); true")]
    public async Task What_is_discarded_compiles(string cell)
    {
        var shown = new List<CellOutput>();

        await Sample.RunAsync(new CSharpSession(Path.GetTempPath(), shown.Add, alwaysIn: "text/plain"), cell);

        Assert.Equal("True", Assert.IsType<DisplayOutput>(Assert.Single(shown)).Data["text/plain"]);
    }

    [Fact]
    public async Task A_name_that_is_called_as_a_tag_is_one_and_a_variable_that_is_not_declared_is_not()
    {
        var shown = new List<CellOutput>();
        var session = new CSharpSession(Path.GetTempPath(), shown.Add);

        await Sample.RunAsync(session, "var n = 1;", "h1(\"A title\")", "div[id: \"x\"](b(\"bold\"))");
        var failure = await session.ExecuteAsync("Console.WriteLine(h1);", "cell", TestContext.Current.CancellationToken);

        Assert.Equal(["<h1>A title</h1>", "<div id=\"x\"><b>bold</b></div>"], shown.OfType<DisplayOutput>().Select(output => output.Data["text/html"]));
        Assert.Contains("The name 'h1' does not exist", failure?.Message);
    }

    [Fact]
    public async Task Formulas_and_tables_are_shown_as_notebooks_of_dotnet_interactive_ask_for_them()
    {
        var shown = new List<CellOutput>();
        var session = new CSharpSession(Path.GetTempPath(), shown.Add);

        await Sample.RunAsync(session, "new LaTeXString(\"$E$\")", "new MathString(\"E\")", "new[] { new { Name = \"one\", Size = 1 } }.DisplayTable();");

        var forms = shown.OfType<DisplayOutput>().Select(output => output.Data).ToList();
        Assert.Equal(["$E$", "$$E$$"], forms.Take(2).Select(data => data["text/latex"]));
        Assert.Matches("(?s)<table.*Name.*Size.*one.*1.*</table>", forms[2]["text/html"]);
    }

    [Fact]
    public async Task A_package_that_brings_the_kernel_of_dotnet_interactive_takes_no_name_away_and_its_extension_shows_charts()
    {
        var shown = new List<CellOutput>();
        var session = new CSharpSession(Path.GetTempPath(), shown.Add);

        await Sample.RunAsync(
            session,
            "#r \"nuget: Plotly.NET.Interactive, 6.0.0\"\n#r \"nuget: Plotly.NET.CSharp, 0.14.0\"",
            "display(\"here\");\nKernel.HTML(\"<b>bold</b>\").Display();",
            "Plotly.NET.CSharp.Chart.Line<int, int, string>([1, 2], [1, 4])");

        var forms = shown.OfType<DisplayOutput>().Select(output => output.Data).ToList();
        Assert.Equal(3, forms.Count);
        Assert.Equal(("here", "<b>bold</b>"), (forms[0]["text/plain"], forms[1]["text/html"]));
        Assert.Contains("Plotly.newPlot", forms[2]["text/html"]);
    }

    [Fact]
    public async Task A_library_that_is_no_extension_after_all_is_said_and_the_notebook_goes_on()
    {
        var shown = new List<CellOutput>();
        var session = new CSharpSession(Path.GetTempPath(), shown.Add);
        var broken = Path.Combine(Directory.CreateTempSubdirectory().FullName, "Broken.dll");
        await File.WriteAllTextAsync(broken, "no library", TestContext.Current.CancellationToken);

        Assert.Null(await session.RunExtensionsAsync([broken], "cell 1", TestContext.Current.CancellationToken));
        await Sample.RunAsync(session, "display(\"here\");");

        Assert.StartsWith("The extension Broken.dll is made for the kernel of .NET Interactive, and does not work here", string.Concat(shown.OfType<StreamOutput>().Where(stream => stream.Name == "stderr").Select(stream => stream.Text)));
        Assert.Equal("here", Assert.Single(shown.OfType<DisplayOutput>()).Data["text/plain"]);
    }

    [Theory]
    [InlineData("Kernel.Root.Name")]
    [InlineData("KernelInvocationContext.Current")]
    [InlineData("using Microsoft.DotNet.Interactive.Commands;")]
    public async Task What_only_the_kernel_of_dotnet_interactive_has_is_said_to_be_missing(string code)
    {
        var failure = await new CSharpSession(Path.GetTempPath(), _ => { }).ExecuteAsync(code, "cell 1", TestContext.Current.CancellationToken);

        Assert.Contains("This session is not the kernel of .NET Interactive", failure!.Message);
    }

    [Fact]
    public async Task An_update_changes_the_display_of_the_earlier_cell()
    {
        var run = await Sample.RunAsync("displays");

        Assert.Equal(["text/plain: second"], run.Cells[1].Outputs.Select(Describe));
        Assert.Empty(run.Cells[2].Outputs);
    }

    [Fact]
    public async Task A_formatter_that_a_cell_registers_is_used_and_gone_in_the_next_session()
    {
        var run = await Sample.RunAsync("formatters");
        Assert.Equal(["text/html: <u>1</u>"], run.Cells[0].Outputs.Select(Describe));

        _ = await Sample.RunAsync("time");
        Assert.DoesNotContain(
            Microsoft.DotNet.Interactive.Formatting.Formatter.RegisteredFormatters(includeDefaults: false),
            formatter => formatter.Type.Name == "Point");
    }

    [Fact]
    public async Task Await_works_at_the_outermost_level()
    {
        Assert.Equal("42\n", (await Sample.RunAsync("await")).Text);
    }

    [Theory]
    [InlineData("imports", "42\n")]
    [InlineData("references-a-package", "120\n")]
    [InlineData("folder", "notebooks\n")]
    [InlineData("commands-in-text", "#!unknown\n#r \"nothing.dll\"\n")]
    public async Task A_notebook_prints_what_it_should(string name, string expected)
    {
        var run = await Sample.RunAsync(name);

        Assert.Null(run.Failed?.Failure?.ToString());
        Assert.Equal(expected, run.Text);
    }

    [Fact]
    public async Task The_current_directory_is_given_back()
    {
        var before = Environment.CurrentDirectory;
        _ = await Sample.RunAsync("folder");
        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Fact]
    public async Task A_file_is_referenced_relative_to_the_notebook_with_slashes_of_either_kind()
    {
        var library = Directory.CreateDirectory(Path.Combine(Sample.Folder, "library")).FullName;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Markdig.dll"), Path.Combine(library, "Markdig.dll"), overwrite: true);

        var run = await Sample.RunAsync("references-a-file");

        Assert.Null(run.Failed?.Failure?.ToString());
        Assert.Equal("<p><em>x</em></p>\n\n", run.Text);
    }

    [Fact]
    public async Task Time_is_shown_and_cells_in_markdown_and_html_are_shown_as_what_they_are()
    {
        Assert.StartsWith("text/plain: Wall time: ", Describe((await Sample.RunAsync("time")).Cells[0].Outputs[1]));

        var run = await Sample.RunAsync("other-languages");
        Assert.Equal(
            ["text/markdown: # A *heading*", "text/html: <b>bold</b>", "stdout: C#\n"],
            run.Cells.SelectMany(cell => cell.Outputs).Select(Describe));
    }

    [Theory]
    [InlineData("fails-at-runtime", 2, 3, "IndexOutOfRangeException", "Index was outside the bounds", "var got = Third(new[] { 1, 2 });")]
    [InlineData("fails-between-statements", 1, 3, "IndexOutOfRangeException", "Index was outside the bounds", "var last = values[3];")]
    [InlineData("does-not-compile", 2, 2, "Error", "CS0103: The name 'missing' does not exist", "var wrong = fine + missing;")]
    [InlineData("unknown-magic", 1, 2, "Error", "Unknown magic command #!lsmagic. Known are #!csharp", "#!lsmagic")]
    [InlineData("references-a-missing-file", 1, 2, "Error", "../nowhere/Missing.dll is not there", "#r \"../nowhere/Missing.dll\"")]
    [InlineData("references-an-unknown-package", 1, 1, "Error", "No.Such.Package.Anywhere.At.All 1.0.0 could not be restored", "#r \"nuget: No.Such.Package.Anywhere.At.All, 1.0.0\"")]
    [InlineData("imports-nothing", 1, 1, "Error", "imported/nothing.ipynb is not there", "#!import imported/nothing.ipynb")]
    [InlineData("imports-itself", 1, 1, "Error", "imports itself", "#!import imports-itself.ipynb")]
    [InlineData("imports-a-failure", 1, 2, "InvalidOperationException", "from inside", "#!import imported/fails.ipynb")]
    public async Task A_failure_names_the_cell_the_line_the_message_and_the_source_line(
        string name, int cell, int line, string kind, string message, string sourceLine)
    {
        var run = await Sample.RunAsync(name);

        var failed = Assert.IsType<Running.CellRun>(run.Failed);
        Assert.Equal((cell, line, kind, sourceLine), (failed.Number, failed.Failure!.Line, failed.Failure.Name, failed.Failure.SourceLine));
        Assert.Contains(message, failed.Failure.Message);
        Assert.IsType<ErrorOutput>(failed.Outputs[^1]);
        Assert.Equal(cell, run.Cells.Count);
    }

    [Fact]
    public async Task A_library_that_is_not_built_says_what_to_do()
    {
        var run = await Sample.RunAsync("references-a-missing-file");

        Assert.EndsWith("build it first: dotnet build", run.Failed!.Failure!.Message);
    }

    [Fact]
    public async Task A_failure_within_a_loop_names_a_line_of_the_loop()
    {
        var run = await Sample.RunAsync("fails-within-a-loop");

        Assert.InRange(run.Failed!.Failure!.Line!.Value, 3, 6);
    }

    [Fact]
    public async Task An_error_from_another_cell_shows_the_calls_that_led_there()
    {
        var run = await Sample.RunAsync("fails-at-runtime");

        Assert.Equal(["at Third in cell 1, line 3", "at cell 2, line 3"], run.Failed!.Failure!.Traceback);
    }

    [Fact]
    public async Task Sessions_at_the_same_time_name_their_own_lines()
    {
        var failures = await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            var session = new Session.CSharpSession(Sample.Folder, _ => { });
            var code = new string('\n', i) + "await Task.Delay(300); var none = new int[0]; var first = none[0];\nawait Task.Delay(300);";
            return await session.ExecuteAsync(code, "cell 1", TestContext.Current.CancellationToken);
        }));

        Assert.Equal([1, 2, 3, 4], failures.Select(failure => failure!.Line));
    }

    [Fact]
    public async Task All_errors_of_the_compiler_are_listed()
    {
        var run = await Sample.RunAsync("does-not-compile");

        Assert.StartsWith("line 3: CS0029", Assert.Single(run.Failed!.Failure!.Traceback));
    }

    [Theory]
    [InlineData("loops-for-ever", 2)]
    [InlineData("prints-for-ever", 1)]
    [InlineData("sleeps-for-ever", 1)]
    [InlineData("awaits-for-ever", 1)]
    public async Task A_cell_that_never_ends_is_stopped_at_the_time_limit(string name, int cell)
    {
        var run = await Sample.RunAsync(name, seconds: 2);

        Assert.Equal(cell, run.Failed?.Number);
        Assert.Contains("longer than the 2 seconds", run.Failed?.Failure?.Message);
        Assert.False(run.Cancelled);
    }

    [Fact]
    public async Task A_stopped_loop_says_where_it_was_and_the_session_keeps_its_state()
    {
        var outputs = new List<CellOutput>();
        using var limit = new CancellationTokenSource();
        var session = new Session.CSharpSession(Sample.Folder, output =>
        {
            outputs.Add(output);
            limit.CancelAfter(TimeSpan.FromMilliseconds(100));
        });
        await session.ExecuteAsync("var kept = 41;", "cell 1", TestContext.Current.CancellationToken);

        var stopped = await Assert.ThrowsAsync<Session.CellStoppedException>(() =>
            session.ExecuteAsync("Console.Write(\"begun \"); while (true)\n{\n    kept = 41;\n}", "cell 2", limit.Token));
        await session.ExecuteAsync("Console.Write(kept + 1);", "cell 3", TestContext.Current.CancellationToken);

        Assert.InRange(stopped.Line!.Value, 1, 4);
        Assert.Equal([new StreamOutput("stdout", "begun "), new StreamOutput("stdout", "42")], outputs);
    }

    [Fact]
    public async Task A_loop_in_an_imported_file_is_stopped_at_the_line_that_imports_it()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "loop.csx"), "\n\n\n\nConsole.Write(\"begun\");\nwhile (true) ;", TestContext.Current.CancellationToken);
        const string Code = "var kept = 42;\n#!import loop.csx";
        using var limit = new CancellationTokenSource();

        var stopped = await Assert.ThrowsAsync<Session.CellStoppedException>(() =>
            new Session.CSharpSession(folder, _ => limit.CancelAfter(TimeSpan.FromMilliseconds(100))).ExecuteAsync(Code, "cell 1", limit.Token));

        Assert.Equal((2, "#!import loop.csx"), (stopped.Line, Session.CellFailure.OfStop(stopped, Code, "Stopped.").SourceLine));
    }

    [Fact]
    public async Task A_loop_in_a_cell_runs_as_fast_as_a_compiled_one()
    {
        const string Loop = """
            double Sum(int n)
            {
                var sum = 0.0;
                for (var i = 1; i <= n; i++)
                {
                    sum += 1.0 / i;
                }

                return sum;
            }
            """;
        var outputs = new List<CellOutput>();
        var session = new Session.CSharpSession(Sample.Folder, outputs.Add);
        await session.ExecuteAsync(Loop, "cell 1", TestContext.Current.CancellationToken);
        await session.ExecuteAsync(
            "var watch = System.Diagnostics.Stopwatch.StartNew();\nvar sum = Sum(100_000_000);\nConsole.Write(watch.ElapsedMilliseconds);",
            "cell 2",
            TestContext.Current.CancellationToken);

        // A hundred million divisions: a tenth of a second when optimised, and on a busy machine not more than this.
        var milliseconds = int.Parse(Assert.IsType<StreamOutput>(Assert.Single(outputs)).Text);
        Assert.True(milliseconds < 2000, $"It took {milliseconds} ms.");
    }

    private static string Describe(CellOutput output) => output switch
    {
        StreamOutput stream => $"{stream.Name}: {stream.Text}",
        DisplayOutput display => string.Join(", ", display.Data.Select(entry => $"{entry.Key}: {entry.Value}")),
        _ => output.GetType().Name,
    };
}
