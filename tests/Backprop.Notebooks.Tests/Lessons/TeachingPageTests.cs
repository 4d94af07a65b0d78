using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The page for teachers knows the notebooks that there are, and what is in them.</summary>
public partial class TeachingPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(LessonsRun.Repository, "docs", "teaching.md"));

    [Fact]
    public void Every_notebook_has_a_row_that_counts_its_exercises()
    {
        var rows = Row().Matches(s_page).ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

        Assert.Equal(LessonsRun.Names, rows.Keys.Order());
        Assert.All(rows, row => Assert.Equal(LessonExercise.Of(Notebook.Load(LessonsRun.Committed(row.Key))).Count, row.Value));
    }

    [Fact]
    public void What_may_be_skipped_and_what_is_named_is_there()
    {
        Assert.Contains("new(64, \"That is the number of points in a batch.\"),", s_page);
        Assert.Contains("new(64, \"That is the number of points in a batch.\"),", Script("8-descent"));
        Assert.Contains("## More layers", Text("7-playground"));
        Assert.Contains("## Kinks", Text("6-check-your-gradients"));
        Assert.Contains("## The notes, made visible", Text("3-two-layer-network-autodiff"));
        Assert.Contains("## One example at a time", Text("2-softmax-regression"));

        static string Text(string name) => string.Join('\n', Notebook.Load(LessonsRun.Committed(name)).Cells.Select(cell => cell.Source));
        static string Script(string name) => File.ReadAllText(Path.Combine(LessonsRun.Repository, "notebooks", "checks", name + ".csx"));
    }

    [GeneratedRegex(@"^\| \[[^\]]+\]\(\.\./notebooks/(.+)\.ipynb\) \| \d+ \+ \d+ \| (\d) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
