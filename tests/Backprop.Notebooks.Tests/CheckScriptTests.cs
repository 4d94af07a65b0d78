using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;
using Backprop.Notebooks.Tests.Lessons;

namespace Backprop.Notebooks.Tests;

/// <summary>Checks that stand in a script beside the notebook, and what they say of an answer that is not what it seems.</summary>
[Collection(SideBySide.InThisProcess)]
public sealed class CheckScriptTests
{
    private const string Load = "#load \"checks/1-spiral-data.csx\"\n";
    private const string Answer = "Matrix<double> MeshPoints(double[] xAxis, double[] yAxis) => new Mesh(xAxis, yAxis).Points;";

    private readonly List<CellOutput> _shown = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_whose_cell_does_not_compile_is_not_the_one_before_it()
    {
        var session = await LessonAsync();
        await Sample.RunAsync(session, Answer);
        Assert.Equal("Exercise 4: right.", await CheckAsync(session, "MeshPoints"));

        Assert.NotNull(await session.ExecuteAsync("Matrix<double> MeshPoints(double[] xAxis, double[] yAxis) => new Mesh(xAxis, yAxis).Point;", "cell", Token));
        Assert.Equal(
            "Exercise 4: not right yet. The cell with MeshPoints did not compile when you ran it last, so there is no new answer to check. Correct that cell and run it first.",
            await CheckAsync(session, "MeshPoints"));
        await Sample.RunAsync(session, "var distanceOfLastPoint = 1.0;");
        Assert.NotNull(await session.ExecuteAsync("var distanceOfLastPoint = \"one;", "cell", Token));
        Assert.Contains("The cell with distanceOfLastPoint did not compile", await CheckAsync(session, "DistanceOfLastPoint", "distanceOfLastPoint"));

        await Sample.RunAsync(session, Answer, "var distanceOfLastPoint = 1;");
        Assert.Equal("Exercise 4: right.", await CheckAsync(session, "MeshPoints"));
        Assert.Equal("Exercise 1: right.", await CheckAsync(session, "DistanceOfLastPoint", "distanceOfLastPoint"));
    }

    [Fact]
    public async Task An_answer_with_other_parameters_or_another_result_is_told_so_and_the_older_one_is_not_taken_for_it()
    {
        var session = await LessonAsync();
        await Sample.RunAsync(session, "Matrix<double> MeshPoints(double[] xAxis) => null;");
        Assert.Contains("MeshPoints takes 1 parameter, but 2 are expected: (double[], double[]).", await CheckAsync(session, "MeshPoints"));

        await Sample.RunAsync(session, Answer);
        Assert.Equal("Exercise 4: right.", await CheckAsync(session, "MeshPoints"));

        await Sample.RunAsync(session, "Matrix<double> MeshPoints(Matrix<double> axes) => axes;");
        Assert.Contains(
            "MeshPoints was written again in another cell, as Matrix<double> MeshPoints(Matrix<double> axes); the exercise asks for Matrix<double> MeshPoints(double[] xAxis, double[] yAxis).",
            await CheckAsync(session, "MeshPoints"));
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_a_mistake_in_one_that_is_are_told_by_the_files_name()
    {
        var folder = Directory.CreateTempSubdirectory("check scripts ").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "wrong.csx"), "int One() => 1;\nint Two() => 2 + nothing;\n", Token);
        var session = new CSharpSession(folder, _shown.Add);

        var missing = await session.ExecuteAsync("\n#load \"checks/nowhere.csx\"\n1", "cell 3", Token);
        var wrong = await session.ExecuteAsync("#load \"wrong.csx\"\nOne()", "cell 4", Token);

        Assert.Equal(("The file that is to be loaded is not there: checks/nowhere.csx.", 2), (missing?.Message, missing?.Line));
        Assert.StartsWith("wrong.csx, line 2: CS0103: The name 'nothing'", wrong?.Message);
    }

    private async Task<CSharpSession> LessonAsync()
    {
        var lesson = Notebook.Load(LessonsRun.Committed("1-spiral-data"));
        var session = new CSharpSession(Path.GetDirectoryName(Path.GetFullPath(lesson.Path))!, _shown.Add);
        await Sample.RunAsync(session, lesson.CodeCells.TakeWhile(cell => !cell.Tags.Contains("exercise")).Select(cell => cell.Source));
        return session;
    }

    private async Task<string> CheckAsync(CSharpSession session, string check, string? answer = null)
    {
        _shown.Clear();
        await Sample.RunAsync(session, $"{Load}Check{check}({answer ?? check})");
        return LessonExercise.Verdict(_shown);
    }
}
