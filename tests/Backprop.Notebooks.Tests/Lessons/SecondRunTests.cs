using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Live;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The repository's notebooks, run twice in one session, as who runs all cells again in an editor does.</summary>
[Collection(SideBySide.InThisProcess)]
public class SecondRunTests
{
    // They declare types, which are other types the second time.
    [Theory]
    [InlineData("4-build-your-own-autodiff")]
    [InlineData("6-check-your-gradients")]
    public async Task All_cells_of_a_notebook_run_again_in_the_same_session(string name)
    {
        var session = new CSharpSession(Path.GetDirectoryName(LessonsRun.Committed(name))!, _ => { });
        var cells = Notebook.Load(LessonsRun.Committed(name)).CodeCells.Select(cell => cell.Tags.Contains("parameters") ? Short(cell.Source) : cell.Source).ToList();

        for (var run = 1; run <= 2; run++)
        {
            for (var i = 0; i < cells.Count; i++)
            {
                var failure = await session.ExecuteAsync(cells[i], $"cell {i + 1}", TestContext.Current.CancellationToken);

                Assert.True(failure is null, $"Run {run}, cell {i + 1}: {failure?.Message}");
            }
        }
    }

    private static string Short(string settings) => Setting.Change(settings, "iters", "30") ?? settings;
}
