using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Reference;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>docs/numpy-line-by-line.md shows the notebooks' own lines.</summary>
public partial class NumpyLineByLineTests
{
    private static readonly string s_text = File.ReadAllText(Path.Combine(LessonsRun.Repository, "docs", "numpy-line-by-line.md"));

    [Fact]
    public void Every_line_of_CSharp_stands_in_the_notebook_that_its_table_is_about()
    {
        var rows = s_text.Split("\n## ").Skip(1).SelectMany(section => Row().Matches(section).Select(row => (Notebook: NotebookOf(section), Line: row.Groups[1].Value))).ToArray();

        Assert.True(rows.Length > 70, $"There are only {rows.Length} rows.");
        Assert.All(rows, row => Assert.Contains(row.Line, CodeOf(row.Notebook)));
    }

    [Fact]
    public void The_accuracies_of_the_logistic_function_are_NumPys()
    {
        Assert.Contains($"an accuracy of about {Accuracy("two_layer_logistic_as_printed_in_the_original")} instead of about {Accuracy("two_layer_logistic_with_the_right_derivative")}.", s_text);

        // The second decimal goes up and down from one iteration to the next.
        static string Accuracy(string of) => NumpyReference.Number(of, "training_accuracy").ToString("F1", CultureInfo.InvariantCulture);
    }

    // The imports are the same in all notebooks.
    private static string NotebookOf(string section) =>
        Link().Match(section.Split('\n')[0]) is { Success: true } link ? link.Groups[1].Value : "1-spiral-data";

    private static string CodeOf(string notebook) =>
        string.Join('\n', Notebook.Load(LessonsRun.Committed(notebook)).CodeCells.Select(cell => cell.Source));

    [GeneratedRegex(@"^\| `[^\n]+` \| `([^`\n]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"notebooks/([^)]+)\.ipynb")]
    private static partial Regex Link();
}
