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
        var said = _run.Value;
        var executed = Path.Combine(_folder, "executed", name + ".ipynb");
        Assert.True(File.Exists(executed), said.Output + said.Error);
        var cells = Notebook.Load(executed).CodeCells;
        Assert.Empty(cells.SelectMany(cell => cell.Outputs).OfType<ErrorOutput>().Select(error => $"{name}: {error.Message}"));

        var verdicts = cells.Where(cell => cell.Tags.Contains("check")).Select(cell => LessonExercise.Verdict(cell.Outputs)).ToList();
        var wrongAnswers = WrongAnswersTo(name);
        return new(verdicts[..^wrongAnswers.Count], wrongAnswers.Zip(verdicts[^wrongAnswers.Count..]).ToDictionary());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<WrongAnswer> WrongAnswersTo(string name) => [.. WrongAnswer.All.Where(wrong => wrong.Notebook == name)];

    private CommandResult Run()
    {
        foreach (var name in LessonsRun.Names)
        {
            Solve(name);
        }

        // Exercises must not depend on how long the network was trained.
        using var process = Sample.Start(_folder, "--no-build", "--keep-going", "--set", "iters=20", "--set", "passes=5", "--output", Path.Combine(_folder, "executed"));
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return new(process.ExitCode, output.Result, error.Result);
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
            Append(exercise.Check);
        }

        // In another folder, what is named from their own.
        var own = Path.Combine(LessonsRun.Repository, "notebooks").Replace('\\', '/');
        foreach (var cell in notebook.CodeCells)
        {
            SetSource(cell, cell.Source.Replace("\"../", $"\"{own}/../").Replace("\"checks/", $"\"{own}/checks/"));
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
