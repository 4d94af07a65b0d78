using System.Diagnostics;
using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests;

[Collection(SideBySide.InThisProcess)]
public sealed class CommandTests
{
    [Fact]
    public async Task Notebooks_that_run_give_a_copy_a_page_an_index_and_exit_code_0()
    {
        var notebook = Sample.Copy("state-is-carried");
        var before = File.ReadAllText(notebook);

        var result = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("3/3", result.Output);
        Assert.DoesNotContain('\x1b', result.Output);
        Assert.Equal(before, File.ReadAllText(notebook));
        Assert.Equal(["index.html", "state-is-carried.html", "state-is-carried.ipynb"], Directory.EnumerateFiles(Sample.Artifacts(notebook)).Select(Path.GetFileName).Order());
        var executed = Notebook.Load(Path.Combine(Sample.Artifacts(notebook), "state-is-carried.ipynb"));
        Assert.Equal([1, 2, 3], executed.CodeCells.Select(cell => cell.ExecutionCount));
    }

    [Fact]
    public async Task A_failing_cell_gives_exit_code_1_and_what_was_done_is_kept()
    {
        var notebook = Sample.Copy("fails-at-runtime");

        var result = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{notebook}, cell 2, line 3:", result.Error);
        Assert.Contains("line 3: var got = Third(new[] { 1, 2 });", result.Error);
        var executed = Notebook.Load(Path.Combine(Sample.Artifacts(notebook), "fails-at-runtime.ipynb"));
        Assert.Equal([1, 2, null], executed.CodeCells.Select(cell => cell.ExecutionCount));
        var page = File.ReadAllText(Path.Combine(Sample.Artifacts(notebook), "fails-at-runtime.html"));
        Assert.Contains("IndexOutOfRangeException", page);
    }

    [Fact]
    public async Task After_a_failure_the_other_notebooks_run_only_when_asked_to()
    {
        var (bad, good) = (Sample.Copy("fails-at-runtime"), Sample.Copy("folder"));

        var stopping = await Sample.CommandAsync(bad, good, "--output", Sample.Artifacts(bad), "--parallel", "1");
        var going = await Sample.CommandAsync(bad, good, "--output", Sample.Artifacts(good), "--keep-going");

        Assert.Equal((1, 1), (stopping.ExitCode, going.ExitCode));
        Assert.Contains("not run", stopping.Output);
        Assert.False(File.Exists(Path.Combine(Sample.Artifacts(bad), "folder.html")));
        Assert.True(File.Exists(Path.Combine(Sample.Artifacts(good), "folder.html")));
    }

    [Fact]
    public async Task A_notebook_of_another_language_is_left_out_when_the_others_are_to_run_all_the_same()
    {
        var (foreign, good) = (Sample.Copy("python"), Sample.Copy("folder"));

        var stopping = await Sample.CommandAsync(foreign, good, "--output", Sample.Artifacts(foreign));
        var going = await Sample.CommandAsync(foreign, good, "--output", Sample.Artifacts(good), "--keep-going");
        var alone = await Sample.CommandAsync(foreign, "--output", Sample.Artifacts(foreign), "--keep-going");

        Assert.Equal((2, 1, 2), (stopping.ExitCode, going.ExitCode, alone.ExitCode));
        Assert.Contains("it is written in python; only C# notebooks are run.", going.Error);
        Assert.Contains("not read", going.Output);
        Assert.True(File.Exists(Path.Combine(Sample.Artifacts(good), "folder.html")));
        Assert.False(File.Exists(Path.Combine(Sample.Artifacts(foreign), "folder.html")));
    }

    [Fact]
    public async Task An_earlier_copy_is_gone_when_a_notebook_is_not_run_again()
    {
        var (bad, good) = (Sample.Copy("fails-at-runtime"), Sample.Copy("folder"));
        var artifacts = Sample.Artifacts(good);
        await Sample.CommandAsync(good, "--output", artifacts);

        await Sample.CommandAsync(bad, good, "--output", artifacts, "--parallel", "1");

        Assert.False(File.Exists(Path.Combine(artifacts, "folder.ipynb")));
    }

    [Theory]
    [InlineData("empty", "the file is empty")]
    [InlineData("not-json", "it is not JSON")]
    [InlineData("nbformat3", "notebook format 3")]
    [InlineData("unknown-cell-type", "unknown type \"heading\"")]
    public async Task An_unreadable_notebook_gives_exit_code_2_and_is_left_alone(string name, string reason)
    {
        var notebook = Sample.Copy(name);
        var before = File.ReadAllText(notebook);

        var result = await Sample.CommandAsync(notebook, "--update", "--output", Sample.Artifacts(notebook));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(reason, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Equal(before, File.ReadAllText(notebook));
    }

    [Theory]
    [InlineData("there is no such file or folder", "nowhere.ipynb")]
    [InlineData("no notebooks (*.ipynb)", "{folder}")]
    [InlineData("Unknown option --unknown.", "--unknown")]
    [InlineData("seconds above 0", "--timeout", "-1")]
    [InlineData("seconds above 0", "--timeout", "soon")]
    [InlineData("--parallel takes a number from 1 on", "--parallel", "0")]
    [InlineData("--set name=value", "{notebook}", "--set", "h")]
    [InlineData("has no parameter k. It has h, stepSize, name.", "{notebook}", "--set", "k=1")]
    [InlineData("\"1 +\" is not a C# expression", "{notebook}", "--set", "h=1 +")]
    [InlineData("cannot be used with --update", "{notebook}", "--set", "h=1", "--update")]
    [InlineData("cannot be used with --check", "{notebook}", "--set", "h=1", "--check")]
    [InlineData("could not be written", "{notebook}", "--output", "{notebook}")]
    public async Task Wrong_usage_gives_exit_code_2_and_says_why(string complaint, params string[] arguments)
    {
        var notebook = Sample.Copy("parameters");
        var before = File.ReadAllText(notebook);
        var empty = Directory.CreateTempSubdirectory().FullName;

        var result = await Sample.CommandAsync([.. arguments.Select(a => a.Replace("{notebook}", notebook).Replace("{folder}", empty))]);

        Assert.Contains(complaint, result.Error);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(before, File.ReadAllText(notebook));
    }

    [Fact]
    public async Task Help_lists_the_options()
    {
        var result = await Sample.CommandAsync("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(["--output", "--set", "--update", "--check", "--timeout", "--keep-going", "--parallel"], option => Assert.Contains(option, result.Output));
    }

    [Fact]
    public async Task Parameters_are_set_by_a_cell_after_theirs_which_a_later_run_replaces()
    {
        var notebook = Sample.Copy("parameters");
        var copy = Path.Combine(Sample.Artifacts(notebook), "parameters.ipynb");

        var first = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook), "--set", "h=50", "--set", "stepSize=1e-3");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        var second = Path.Combine(Path.GetDirectoryName(notebook)!, "again");
        await Sample.CommandAsync(copy, "--output", second, "--set", "name=\"tanh\"");

        var executed = Notebook.Load(copy);
        Assert.Equal(["injected-parameters"], executed.CodeCells[1].Tags);
        Assert.Equal("// Set on the command line.\nh = 50;\nstepSize = 1e-3;", executed.CodeCells[1].Source);
        Assert.Equal(new StreamOutput("stdout", "50 0.001 relu\n"), executed.CodeCells[2].Outputs.Single());
        var again = Notebook.Load(Path.Combine(second, "parameters.ipynb"));
        Assert.Equal(3, again.CodeCells.Count);
        Assert.Equal(new StreamOutput("stdout", "100 1 tanh\n"), again.CodeCells[2].Outputs.Single());
    }

    [Theory]
    [InlineData("h=2.5: h must be a whole number, as in h=100.", "h=2.5")]
    [InlineData("h=abc: h must be a whole number, as in h=100.", "h=abc")]
    [InlineData("h=3000000000: h must be a whole number from -2147483648 to 2147483647, as in h=100.", "h=3000000000")]
    [InlineData("seed=-1: seed must be a whole number from 0 to 4294967295, as in seed=0u.", "seed=-1")]
    [InlineData("seed=0.5: seed must be a whole number that is 0 or more, as in seed=0u.", "seed=0.5")]
    [InlineData("stepSize=\"long\": stepSize must be a number, as in stepSize=1.0.", "stepSize=\"long\"")]
    [InlineData("isShown=1: isShown must be true or false, as in isShown=true.", "isShown=1")]
    [InlineData("name=relu: name must be text in quotation marks, as in name=\"tanh\".", "name=relu")]
    [InlineData("day=DayOfWeek.Someday: day must be of type DayOfWeek, as in day=DayOfWeek.Monday.", "day=Someday")]
    [InlineData("h=1e400: the number is too large.", "h=1e400")]
    [InlineData("classes=4: classes is a constant, and only variables can be set. The notebook would have to declare it as one: var classes = 3;", "classes=4")]
    public async Task A_value_of_another_type_is_told_before_anything_runs(string sentence, string assignment)
    {
        var notebook = Sample.Copy("kinds-of-parameters");

        var result = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook), "--set", assignment);

        Assert.Equal((2, sentence, ""), (result.ExitCode, result.Error.Trim(), result.Output));
    }

    [Fact]
    public async Task A_value_may_use_other_parameters_and_leave_out_the_type_that_the_parameters_value_names()
    {
        var notebook = Sample.Copy("kinds-of-parameters");

        var result = await Sample.CommandAsync(
            notebook, "--output", Sample.Artifacts(notebook), "--set", "h=2*50", "--set", "stepSize=h / 4 // a quarter", "--set", "colour=Green", "--set", "day=Friday");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("3/3", result.Output);
        var executed = Notebook.Load(Path.Combine(Sample.Artifacts(notebook), "kinds-of-parameters.ipynb"));
        Assert.Equal("// Set on the command line.\nh = 2*50;\nstepSize = h / 4;\ncolour = Colour.Green;\nday = DayOfWeek.Friday;", executed.CodeCells[2].Source);
        Assert.Equal(new StreamOutput("stdout", "0 100 25 Friday Green True tanh\n"), executed.CodeCells[3].Outputs.Single());
    }

    [Fact]
    public async Task What_fails_with_set_parameters_is_told_by_the_numbers_that_the_notebooks_cells_have()
    {
        var notebook = Sample.Copy("kinds-of-parameters");

        var inThird = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook), "--set", "h=7");
        var inSetting = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook), "--set", "colour=Blue");

        Assert.Equal(1, inThird.ExitCode);
        Assert.Contains("cell 3, line 3:", inThird.Error);
        Assert.Contains("ArgumentException: seven", inThird.Error);
        Assert.Contains("cell 2:\n  --set colour=Colour.Blue: CS0117:", inSetting.Error.ReplaceLineEndings("\n"));
        Assert.Contains("cell 2 failed", inSetting.Output);
    }

    [Fact]
    public async Task Update_gives_new_cells_an_id_and_never_changes_one()
    {
        var notebook = Sample.Copy("state-is-carried");
        await Sample.CommandAsync(notebook, "--update", "--output", Sample.Artifacts(notebook));
        var ids = Ids(Notebook.Load(notebook));
        var json = (JsonObject)Json.TryParse(File.ReadAllText(notebook))!;
        var first = (JsonObject)json["cells"]![1]!;
        first["source"] = new JsonArray([(JsonNode)"// changed\n", .. first["source"]!.AsArray().Select(line => line!.DeepClone())]);
        var copy = first.DeepClone();
        copy.AsObject().Remove("id");
        json["cells"]!.AsArray().Insert(1, copy);
        File.WriteAllText(notebook, Json.Write(json));

        var result = await Sample.CommandAsync(notebook, "--update", "--output", Sample.Artifacts(notebook));

        Assert.Equal(0, result.ExitCode);
        var after = Ids(Notebook.Load(notebook));
        Assert.Equal(ids, after.Where((_, i) => i != 1));
        Assert.All(after, id => Assert.Matches("^[0-9a-z]{8}$", id));
        Assert.Equal(after.Count, after.Distinct().Count());
        Assert.Equal(after, Ids(Notebook.Load(Path.Combine(Sample.Artifacts(notebook), "state-is-carried.ipynb"))));

        static List<string> Ids(Notebook notebook) => [.. notebook.Cells.Select(cell => (string)cell.Json["id"]!)];
    }

    [Fact]
    public async Task Files_that_cells_load_stand_beside_the_executed_copy_too()
    {
        var notebook = Sample.Copy("folder");
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(notebook)!, "checks"));
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(notebook)!, "checks", "one.csx"), "int One() => 1;");
        var json = (JsonObject)Json.TryParse(File.ReadAllText(notebook))!;
        json["cells"]![0]!["source"] = new JsonArray("#load \"checks/one.csx\"\n", "One()");
        File.WriteAllText(notebook, Json.Write(json));

        var result = await Sample.CommandAsync(notebook, "--output", Sample.Artifacts(notebook));
        var again = await Sample.CommandAsync(Path.Combine(Sample.Artifacts(notebook), "folder.ipynb"), "--output", Path.Combine(Sample.Artifacts(notebook), "again"));

        Assert.Equal((0, "", 0, ""), (result.ExitCode, result.Error, again.ExitCode, again.Error));
    }

    [Fact]
    public async Task Update_writes_the_outputs_and_a_second_update_changes_nothing()
    {
        var notebook = Sample.Copy("time");
        await Sample.CommandAsync(notebook, "--update", "--output", Sample.Artifacts(notebook));
        var once = File.ReadAllText(notebook);

        var again = await Sample.CommandAsync(notebook, "--update", "--output", Sample.Artifacts(notebook));
        var check = await Sample.CommandAsync(notebook, "--check", "--output", Sample.Artifacts(notebook));

        Assert.Contains("Wall time", once);
        Assert.Equal(once, File.ReadAllText(notebook));
        Assert.Equal((0, 0), (again.ExitCode, check.ExitCode));
    }

    [Fact]
    public async Task A_failing_notebook_is_not_updated()
    {
        var notebook = Sample.Copy("fails-at-runtime");
        var before = File.ReadAllText(notebook);

        var result = await Sample.CommandAsync(notebook, "--update", "--output", Sample.Artifacts(notebook));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(before, File.ReadAllText(notebook));
    }

    [Fact]
    public async Task Check_shows_the_lines_that_differ()
    {
        var notebook = Sample.Copy("state-is-carried");
        await Sample.CommandAsync(notebook, "--update", "--output", Sample.Artifacts(notebook));
        File.WriteAllText(notebook, File.ReadAllText(notebook).Replace("42\\n", "43\\n"));

        var result = await Sample.CommandAsync(notebook, "--check", "--output", Sample.Artifacts(notebook));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cell 2: the outputs differ", result.Error);
        Assert.Contains("- 43", result.Error);
        Assert.Contains("+ 42", result.Error);
    }

    [Fact]
    public async Task A_cell_that_runs_too_long_gives_exit_code_1()
    {
        var notebook = Sample.Copy("loops-for-ever");

        var result = await Sample.CommandAsync(notebook, "--timeout", "1", "--output", Sample.Artifacts(notebook));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("longer than the 1 seconds", result.Error);
    }

    [Fact]
    public async Task Ctrl_C_stops_the_cell_keeps_what_was_done_and_exits_130()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ctrl+C is sent as a signal, which Windows has not.");
        var notebook = Sample.Copy("interrupt-me");
        using var command = Sample.Start(notebook, "--output", Sample.Artifacts(notebook));
        await Sample.BegunAsync(notebook);

        Process.Start("kill", ["-INT", command.Id.ToString()]).WaitForExit();
        await command.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, command.ExitCode);
        var executed = Notebook.Load(Path.Combine(Sample.Artifacts(notebook), "interrupt-me.ipynb"));
        Assert.Equal(new StreamOutput("stdout", "done before\n"), executed.CodeCells[0].Outputs.Single());
        Assert.IsType<ErrorOutput>(executed.CodeCells[1].Outputs.Single());
    }

    [Fact]
    public async Task A_cell_that_ends_the_process_ends_the_command_which_says_so_and_has_failed()
    {
        var notebook = Sample.Copy("ends-the-process");
        using var command = Sample.Start(notebook, "--output", Sample.Artifacts(notebook), "--no-build");

        var said = await command.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await command.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, command.ExitCode);
        Assert.Contains($"{notebook}: a cell ended the process, and the command with it.", said);
    }
}
