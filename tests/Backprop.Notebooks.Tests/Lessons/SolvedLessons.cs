using System.Text.Json.Nodes;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The repository's notebooks with their own solutions filled in, and with wrong answers after them, each run once.</summary>
public sealed class SolvedLessons
{
    // Exercises must not depend on how long the network was trained.
    private static readonly Dictionary<string, string> s_shortly = new() { ["iters"] = "20", ["passes"] = "5" };
    private readonly Dictionary<string, Task<Verdicts>> _runs = [];

    internal Task<Verdicts> RunAsync(string name)
    {
        if (!_runs.TryGetValue(name, out var run))
        {
            _runs[name] = run = RunOnceAsync(name);
        }

        return run;
    }

    private static async Task<Verdicts> RunOnceAsync(string name)
    {
        var notebook = Notebook.Load(LessonsRun.Committed(name));
        var exercises = LessonExercise.Of(notebook);
        foreach (var exercise in exercises)
        {
            SetSource(exercise.Code, exercise.SolutionCode);
        }

        var wrongAnswers = WrongAnswer.All.Where(wrong => wrong.Notebook == name).ToArray();
        foreach (var wrong in wrongAnswers)
        {
            var exercise = exercises[wrong.Exercise - 1];
            Assert.Contains(wrong.Right, exercise.SolutionCode);
            SetSource(Append(exercise.Code), exercise.SolutionCode.Replace(wrong.Right, wrong.Wrong));
            Append(exercise.Check);
        }

        var options = RunOptions.Default with { Parameters = s_shortly };
        var run = await NotebookRunner.RunAsync(
            notebook, options with { Parameters = options.ParametersOf(notebook) }, TestContext.Current.CancellationToken);
        Assert.True(run.Succeeded, run.Failed?.Failure?.Message);

        var verdicts = run.Executed.CodeCells.Where(cell => cell.Tags.Contains("check")).Select(cell => LessonExercise.Verdict(cell.Outputs)).ToArray();
        return new(verdicts[..exercises.Count], wrongAnswers.Zip(verdicts[exercises.Count..]).ToDictionary());

        NotebookCell Append(NotebookCell cell)
        {
            var copy = new NotebookCell((JsonObject)cell.Json.DeepClone(), CellKind.Code);
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
