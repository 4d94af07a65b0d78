using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>
/// The repository's notebooks with their own solutions filled in, and with wrong answers after them, all run once by the
/// real command into a folder of their own.
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

        foreach (var cell in notebook.CodeCells)
        {
            SetSource(cell, LessonsRun.FromAnywhere(cell.Source));
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

    private static void SetSource(NotebookCell cell, string source) => cell.Json["source"] = Lines.Split(source);
}

/// <summary>What the checks of one notebook said.</summary>
/// <param name="OfSolutions">About the solution of each exercise.</param>
/// <param name="OfWrongAnswers">About each wrong answer.</param>
internal sealed record Verdicts(IReadOnlyList<string> OfSolutions, IReadOnlyDictionary<WrongAnswer, string> OfWrongAnswers);
