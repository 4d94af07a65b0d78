using System.Diagnostics;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests;

/// <summary>Several notebooks at once, each in a process that runs others after it.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class WorkerTests
{
    [Fact]
    public async Task Each_notebook_has_its_own_working_directory_and_console_and_the_table_keeps_the_order()
    {
        string[] names = ["folder", "console-and-displays", "state-is-carried", "numbers"];
        var notebooks = names.Select(Sample.Copy).ToArray();
        var artifacts = Sample.Artifacts(notebooks[0]);

        var result = await Sample.CommandAsync([.. notebooks, "--output", artifacts, "--parallel", "2"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (var (notebook, name) in notebooks.Zip(names))
        {
            var alone = await Sample.RunAsync(name);
            var together = Notebook.Load(Path.Combine(artifacts, name + ".ipynb"));
            var own = new DirectoryInfo(Path.GetDirectoryName(notebook)!).Name;
            Assert.Equal(name == "folder" ? own + "\n" : alone.Text, string.Concat(together.CodeCells.SelectMany(cell => cell.Outputs).OfType<StreamOutput>().Where(stream => stream.Name == "stdout").Select(stream => stream.Text)));
        }

        var rows = result.Output.Split('\n').Where(line => line.Contains(" ok ")).ToList();
        Assert.Equal(notebooks.Select(path => Notebook.Load(path).Title), rows.Select(row => row.Split('|')[1].Trim()));
    }

    [Fact]
    public async Task A_cell_that_ends_the_process_is_said_and_the_other_notebooks_run()
    {
        var (bad, good, after) = (Sample.Copy("ends-the-process"), Sample.Copy("folder"), Sample.Copy("numbers"));

        var result = await Sample.CommandAsync(bad, good, after, "--output", Sample.Artifacts(bad), "--keep-going", "--parallel", "2");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{bad}: a cell ended the process with exit code 3.", result.Error);
        Assert.Contains("ended the process", result.Output);
        Assert.True(File.Exists(Path.Combine(Sample.Artifacts(bad), "folder.html")));
        Assert.True(File.Exists(Path.Combine(Sample.Artifacts(bad), "numbers.html")));
    }

    [Fact]
    public async Task What_a_cells_own_process_prints_is_no_news()
    {
        var folder = Directory.CreateTempSubdirectory("note books ").FullName;
        const string Start = "var start = new System.Diagnostics.ProcessStartInfo(\"dotnet\", \"--version\") { UseShellExecute = false };\nSystem.Diagnostics.Process.Start(start).WaitForExit();\n";
        const string Write = "var past = Console.OpenStandardOutput();\npast.Write(\"{ hello }\\n{}\\nno line\"u8);";
        var notebooks = new[] { Sample.Write(folder, "a", Start, Write), Sample.Write(folder, "b", "2") };

        var result = await Sample.CommandAsync([.. notebooks, "--output", Path.Combine(folder, "out"), "--parallel", "2", "--no-build"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_culture_that_a_notebook_sets_is_its_own()
    {
        var folder = Directory.CreateTempSubdirectory("note books ").FullName;
        const string Comma = "using System.Globalization;\nvar comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();\ncomma.NumberFormat.NumberDecimalSeparator = \",\";\nCultureInfo.DefaultThreadCurrentCulture = comma;";
        var notebooks = new[] { Sample.Write(folder, "a", Comma, "Console.WriteLine(2.5);"), Sample.Write(folder, "b", "Console.WriteLine(2.5);") };

        await Sample.CommandAsync([.. notebooks, "--output", Path.Combine(folder, "out"), "--parallel", "1", "--no-build"]);

        string Printed(string name) => Notebook.Load(Path.Combine(folder, "out", name + ".ipynb")).CodeCells[^1].Outputs.OfType<StreamOutput>().Single().Text;
        Assert.Equal(("2,5\n", "2.5\n"), (Printed("a"), Printed("b")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_longest_notebook_is_begun_first()
    {
        // Begun in their order, the one that fails would keep the longest from being run.
        var (two, bad, three) = (Sample.Copy("numbers"), Sample.Copy("unknown-magic"), Sample.Copy("state-is-carried"));

        var result = await Sample.CommandAsync(two, bad, three, "--output", Sample.Artifacts(two), "--parallel", "2");

        Assert.Equal((1, 2), (result.ExitCode, result.Output.Split('\n').Count(line => line.Contains(" ok "))));
        Assert.Contains("3/3", result.Output);
    }

    [Fact]
    public async Task Ctrl_C_stops_all_that_run_and_keeps_what_was_done()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Ctrl+C is sent as a signal, which Windows has not.");
        var (first, second) = (Sample.Copy("interrupt-me"), Sample.Copy("loops-for-ever"));
        using var command = Sample.Start(first, second, "--output", Sample.Artifacts(first), "--parallel", "2");
        await Sample.BegunAsync(first);

        Process.Start("kill", ["-INT", command.Id.ToString()]).WaitForExit();
        await command.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, command.ExitCode);
        var executed = Notebook.Load(Path.Combine(Sample.Artifacts(first), "interrupt-me.ipynb"));
        Assert.Equal(new StreamOutput("stdout", "done before\n"), executed.CodeCells[0].Outputs.Single());
        Assert.IsType<ErrorOutput>(executed.CodeCells[1].Outputs.Single());
    }
}
