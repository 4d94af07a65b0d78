using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The exercises of every notebook in the folder, found by the tags of their cells (see <see cref="LessonExercise"/>).</summary>
public class ExercisesTests(LessonsRun run, SolvedLessons solved) : IClassFixture<SolvedLessons>
{
    public static TheoryData<string> Names => [.. LessonsRun.Names];

    public static TheoryData<int> WrongAnswers => [.. Enumerable.Range(0, WrongAnswer.All.Count)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_notebook_ends_with_a_summary_and_three_to_five_exercises(string name)
    {
        var notebook = Notebook.Load(LessonsRun.Committed(name));
        var exercises = LessonExercise.Of(notebook);
        var headings = notebook.Cells.Where(cell => cell.Kind == CellKind.Markdown && cell.Source.StartsWith("## ")).Select(cell => cell.Source.Split('\n')[0]);

        Assert.Equal(["## Summary", "## Exercises"], headings.TakeLast(2));
        Assert.InRange(exercises.Count, 3, 5);
        Assert.Equal(notebook.Cells.TakeLast(4 * exercises.Count), exercises.SelectMany(exercise => new[] { exercise.Task, exercise.Code, exercise.Check, exercise.Solution }));
        Assert.All(exercises, exercise =>
        {
            Assert.StartsWith($"### Exercise {exercise.Number} · ", exercise.Task.Source);
            Assert.Equal(["check"], exercise.Check.Tags);
            Assert.Matches($"""^(#load "checks/{name}\.csx"\nCheck\w+\(.*\)$|[\s\S]*Exercise\.Check\()""", exercise.Check.Source);
            Assert.NotEqual(exercise.SolutionCode, exercise.Code.Source);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_summary_has_five_lines_and_the_opening_says_what_one_will_be_able_to_do(string name)
    {
        var cells = Notebook.Load(LessonsRun.Committed(name)).Cells;

        Assert.Contains("At the end you will be able to\n\n- ", cells[0].Source);
        Assert.InRange(cells[0].Source.Split('\n').Count(line => line.StartsWith("- ")), 2, 4);
        Assert.Equal(5, cells.Single(cell => cell.Source.StartsWith("## Summary")).Source.Split('\n').Count(line => line.StartsWith("- ")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_exercise_that_is_not_filled_in_says_so_and_lets_the_notebook_run_on(string name)
    {
        var exercises = LessonExercise.Of(run.Executed(name));

        Assert.All(exercises, exercise => Assert.Equal(
            $"Exercise {exercise.Number}: not filled in yet. Fill in the cell above, run it, then run this one.",
            LessonExercise.Verdict(exercise.Check.Outputs)));
        Assert.All(exercises, exercise => Assert.Empty(exercise.Code.Outputs));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_solution_is_right(string name)
    {
        var verdicts = solved.Of(name);

        Assert.Equal(verdicts.OfSolutions.Select((_, i) => $"Exercise {i + 1}: right."), verdicts.OfSolutions);
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public void A_wrong_answer_is_told_what_is_wrong_with_it(int index)
    {
        var wrong = WrongAnswer.All[index];

        var verdicts = solved.Of(wrong.Notebook);

        Assert.StartsWith($"Exercise {wrong.Exercise}: not right yet. ", verdicts.OfWrongAnswers[wrong]);
        Assert.Contains(wrong.Hint, verdicts.OfWrongAnswers[wrong]);
    }
}
