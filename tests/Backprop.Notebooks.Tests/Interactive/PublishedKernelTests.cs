using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Running;
using Backprop.Notebooks.Tests.Lessons;

namespace Backprop.Notebooks.Tests.Interactive;

/// <summary>The notebooks in the published kernel of .NET Interactive, which is what VS Code's Polyglot Notebooks starts.</summary>
[Collection(SideBySide.PublishedKernel)]
public sealed class PublishedKernelTests(PublishedKernel kernel, LessonsRun lessons)
{
    private const string Stock = "#r \"nuget: Plotly.NET.Interactive, 6.0.0\"";
    private const string Answer = "Matrix<double> MeshPoints(double[] xAxis, double[] yAxis) => new Mesh(xAxis, yAxis).Points;";
    private const string Check = "#load \"checks/1-spiral-data.csx\"\nCheckMeshPoints(MeshPoints)";

    private static string Setup => Notebook.Load(LessonsRun.Committed("1-spiral-data")).CodeCells[0].Source;

    [Fact]
    public async Task A_notebook_shows_there_what_it_shows_in_the_runner_its_charts_to_the_last_character()
    {
        var executed = await kernel.RunAsync([.. LessonsRun.NamesForHosts.Select(LessonsRun.Committed)]);

        foreach (var (name, notebook) in LessonsRun.NamesForHosts.Zip(executed))
        {
            var ours = lessons.Executed(name).CodeCells;
            Assert.Equal(ours.Select(cell => cell.Source), notebook.CodeCells.Select(cell => cell.Source));
            foreach (var (our, their) in ours.Zip(notebook.CodeCells))
            {
                var shown = PublishedKernel.OutputsOf(their);
                Assert.True(
                    OutputComparison.AreEqual(our.Outputs, Gathered(shown)),
                    $"{name}, the cell {our.Source}\n{string.Join('\n', OutputComparison.Differences(our.Outputs, shown))}");
                Assert.Equal(Charts(our.Outputs), Charts(shown));
            }
        }
    }

    [Fact]
    public async Task The_stock_extension_takes_over_the_charts_when_it_is_loaded_after_the_setup_cell()
    {
        var executed = Assert.Single(await kernel.RunAsync([LessonsRun.Committed("2-softmax-regression")], Stock));

        var outputs = executed.CodeCells.SelectMany(PublishedKernel.OutputsOf).ToList();
        Assert.DoesNotContain(outputs, output => output is ErrorOutput);
        var html = outputs.OfType<DisplayOutput>().Select(output => output.Data.GetValueOrDefault("text/html", "")).ToList();
        Assert.True(html.Count(text => text.Contains("Plotly.newPlot") && !text.Contains("data-backprop-chart")) >= 3);
    }

    [Fact]
    public async Task When_it_is_loaded_before_the_setup_cell_says_what_to_do()
    {
        var cells = await kernel.RunCellsAsync(Stock, "Plotly.NET.CSharp.Chart.Line<int, int, string>(x: new[] { 1, 2 }, y: new[] { 1, 4 })", Setup);

        Assert.Contains("Restart the kernel and run this cell first; what is loaded after it works.", Text(cells[^1]));
    }

    [Fact]
    public async Task The_check_of_an_answer_that_does_not_compile_or_has_another_type_is_a_sentence_there_too()
    {
        var notebook = Notebook.Load(LessonsRun.Committed("1-spiral-data"));
        var cells = await kernel.RunCellsAsync(
        [
            .. notebook.CodeCells.TakeWhile(cell => !cell.Tags.Contains("exercise")).Select(cell => cell.Source),
            Answer,
            Check,
            Answer.Replace(".Points", ".Point"),
            Check,
            Answer,
            Check,
            "double MeshPoints(double[] xAxis) => 1;",
            Check,
        ]);

        Assert.Equal("Exercise 4: right.", Text(cells[^7]));
        Assert.Contains("The cell with MeshPoints did not compile when you ran it last", Text(cells[^5]));
        Assert.Equal("Exercise 4: right.", Text(cells[^3]));
        Assert.Contains("MeshPoints was written again in another cell, as double MeshPoints(double[] xAxis)", Text(cells[^1]));
    }

    [Fact]
    public async Task Stopping_a_cell_ends_the_librarys_loops_and_keeps_the_variables()
    {
        await using var session = await StdioSession.StartAsync();
        await session.RunAsync(Setup);
        await session.RunAsync(
            "var ended = 0; var (X, y) = Spiral.Generate(new NumpyRandom(0)); var gradient = Grad((Variable W) => Sum(Power(W, 2)));\n"
            + "TwoLayerNetwork Fresh() => TwoLayerNetwork.Initialize(new NumpyRandom(1), 2, 30, 3);");
        string[] endless =
        [
            "Fresh().Train(X, y, 20_000_000);",
            "while (true) { gradient(X); }",
            "while (true) { Affine(X, Fresh().W1, Fresh().b1); }",
            "Sweep.Measure([1, 2, 3], [0.1, 1], (a, b, token) => Fresh().Train(X, y, 20_000_000, cancellationToken: token)[^1]);",
        ];

        foreach (var cell in endless)
        {
            await session.StopAsync($"try {{ {cell} }} finally {{ ended++; }}", TimeSpan.FromSeconds(1));
        }

        // The kernel says that a cell is cancelled before its loop has noticed; by themselves they take minutes, or for ever.
        Assert.Contains("4 ended", await session.RunAsync("System.Threading.SpinWait.SpinUntil(() => ended == 4, 10_000); Console.WriteLine($\"{ended} ended\");"));
    }

    private static string Text(IReadOnlyList<CellOutput> outputs) => string.Concat(outputs.Select(output => output switch
    {
        DisplayOutput display => display.Data.GetValueOrDefault("text/plain", ""),
        StreamOutput stream => stream.Text,
        ErrorOutput error => error.Message + string.Concat(error.Traceback),
        _ => "",
    }));

    // It sends what is printed in several pieces.
    private static List<CellOutput> Gathered(IReadOnlyList<CellOutput> outputs)
    {
        var gathered = new List<CellOutput>();
        foreach (var output in outputs)
        {
            if (output is StreamOutput more && gathered.LastOrDefault() is StreamOutput last && last.Name == more.Name)
            {
                gathered[^1] = last with { Text = last.Text + more.Text };
            }
            else
            {
                gathered.Add(output);
            }
        }

        return gathered;
    }

    private static IEnumerable<string> Charts(IEnumerable<CellOutput> outputs) =>
        outputs.OfType<DisplayOutput>().Select(output => output.Data.GetValueOrDefault("text/html", "")).Where(html => html.Contains("data-backprop-chart"));
}
