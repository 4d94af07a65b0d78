using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Live;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>
/// The repository's notebooks with their own solutions filled in, and with wrong answers after them, all run once by the
/// real command into a folder of their own. Of the lesson only those cells run that the exercises need.
/// </summary>
public sealed class SolvedLessons : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("solved lessons ").FullName;
    private readonly Lazy<CommandResult> _run;

    public SolvedLessons() => _run = new(Run);

    internal Verdicts Of(string name)
    {
        Assert.True(_run.Value.ExitCode == 0, $"The command ended with {_run.Value.ExitCode}:\n{_run.Value.Output}{_run.Value.Error}");
        var exercises = LessonExercise.Of(Notebook.Load(LessonsRun.Committed(name))).Count;
        var verdicts = Notebook.Load(Path.Combine(_folder, "executed", name + ".ipynb")).CodeCells.Where(cell => cell.Tags.Contains("check")).Select(cell => LessonExercise.Verdict(cell.Outputs)).ToList();
        return new(verdicts[..exercises], WrongAnswersTo(name).Zip(verdicts[exercises..]).ToDictionary());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<WrongAnswer> WrongAnswersTo(string name) => WrongAnswer.All.Where(wrong => wrong.Notebook == name);

    private CommandResult Run()
    {
        foreach (var name in LessonsRun.Names)
        {
            Solve(name);
        }

        // Exercises must not depend on how long the network was trained.
        return Sample.Run(_folder, "--no-build", "--set", "iters=20", "--set", "passes=5", "--output", Path.Combine(_folder, "executed"));
    }

    private void Solve(string name)
    {
        var notebook = Notebook.Load(LessonsRun.Committed(name));
        var exercises = LessonExercise.Of(notebook);
        foreach (var exercise in exercises)
        {
            SetSource(exercise.Code, exercise.SolutionCode);
        }

        foreach (var wrong in WrongAnswersTo(name))
        {
            var exercise = exercises[wrong.Exercise - 1];
            Assert.Contains(wrong.Right, exercise.SolutionCode);
            SetSource(Append(exercise.Code), exercise.SolutionCode.Replace(wrong.Right, wrong.Wrong));
            // The script with the checks has been loaded by then, and takes longer than the answer.
            var check = Append(exercise.Check);
            SetSource(check, string.Join('\n', check.Source.Split('\n').Where(line => !line.StartsWith("#load", StringComparison.Ordinal))));
        }

        var cells = notebook.CodeCells;
        var needed = NeededByExercises(cells);
        for (var i = 0; i < cells.Count; i++)
        {
            SetSource(cells[i], needed.Contains(i) ? LessonsRun.FromAnywhere(cells[i].Source) : "");
        }

        File.WriteAllText(Path.Combine(_folder, name + ".ipynb"), notebook.ToText());

        NotebookCell Append(NotebookCell cell)
        {
            var copy = new NotebookCell((JsonObject)cell.Json.DeepClone(), CellKind.Code);
            copy.Json.Remove("id");
            notebook.Insert(notebook.Cells.Count, copy);
            return copy;
        }
    }

    private static IReadOnlyList<int> NeededByExercises(IReadOnlyList<NotebookCell> cells)
    {
        var folder = Path.Combine(LessonsRun.Repository, "notebooks");
        return Dependencies.Plan(
            [.. cells.Select(cell => new PlannedCell(CellNames.Of(cell.Source, folder), HasRun: false, new HashSet<string>()))],
            [.. Enumerable.Range(0, cells.Count).Where(i => cells[i].Tags.Any(tag => tag is "exercise" or "check" or "parameters"))],
            [],
            follow: false);
    }

    private static void SetSource(NotebookCell cell, string source) => cell.Json["source"] = Lines.Split(source);
}

/// <summary>What the checks of one notebook said.</summary>
/// <param name="OfSolutions">About the solution of each exercise.</param>
/// <param name="OfWrongAnswers">About each wrong answer.</param>
internal sealed record Verdicts(IReadOnlyList<string> OfSolutions, IReadOnlyDictionary<WrongAnswer, string> OfWrongAnswers);
