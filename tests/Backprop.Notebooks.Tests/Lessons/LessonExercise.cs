using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>
/// An exercise of a notebook, which is four cells in a row: the task in Markdown under a heading "Exercise 1 · …"; a code
/// cell tagged <c>exercise</c>, to be filled in; a code cell tagged <c>check</c>, whose value is the verdict; and the
/// solution, C# folded away in Markdown.
/// </summary>
/// <param name="Number">Its number in its notebook, from 1.</param>
/// <param name="Task">The Markdown before the cell to be filled in.</param>
/// <param name="Code">The cell to be filled in.</param>
/// <param name="Check">The cell that checks it.</param>
/// <param name="Solution">The Markdown after the check.</param>
internal sealed partial record LessonExercise(int Number, NotebookCell Task, NotebookCell Code, NotebookCell Check, NotebookCell Solution)
{
    /// <summary>The C# to put into the cell to be filled in.</summary>
    public string SolutionCode => Folded().Match(Solution.Source) is { Success: true } match
        ? match.Groups["code"].Value
        : throw new InvalidDataException($"The solution of exercise {Number} does not look like this:\n<details><summary>Solution</summary>\n\n```csharp\n…\n```\n\n…\n\n</details>\nbut like this:\n{Solution.Source}");

    public static IReadOnlyList<LessonExercise> Of(Notebook notebook)
    {
        var cells = notebook.Cells;
        var first = Enumerable.Range(0, cells.Count).Where(i => cells[i].Tags.Contains("exercise")).ToArray();
        return [.. first.Index().Select(exercise => new LessonExercise(
            exercise.Index + 1, cells[exercise.Item - 1], cells[exercise.Item], cells[exercise.Item + 1], cells[exercise.Item + 2]))];
    }

    /// <summary>What a check cell's run displayed, as text.</summary>
    public static string Verdict(IEnumerable<CellOutput> outputs) =>
        Assert.IsType<DisplayOutput>(Assert.Single(outputs), exactMatch: false).Data["text/plain"];

    [GeneratedRegex(@"^<details><summary>Solution</summary>\n\n```csharp\n(?<code>[\s\S]+?)\n```\n\n\S[\s\S]*\n\n</details>$")]
    private static partial Regex Folded();
}
