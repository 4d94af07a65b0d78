using System.Globalization;
using System.Text.Json;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;
using Backprop.Notebooks.Tests.Lessons;

namespace Backprop.Notebooks.Tests;

/// <summary>
/// The matrices of a notebook's loop are not large objects to the garbage collector, which would make the loop ten times as
/// slow; and what else is alive is not copied again and again while it runs, which would make it twice as slow.
/// </summary>
[Collection(SideBySide.InThisProcess)]
public class LargeObjectsTests
{
    private static readonly JsonDocumentOptions s_withComments = new() { CommentHandling = JsonCommentHandling.Skip };

    [Fact]
    public async Task A_matrix_of_eight_megabytes_is_born_young()
    {
        var shown = new List<CellOutput>();
        var session = new CSharpSession(Path.GetTempPath(), shown.Add);

        await session.ExecuteAsync("Console.Write(GC.GetGeneration(new double[1_000_000]));", "cell", TestContext.Current.CancellationToken);

        Assert.Equal("0", Assert.IsType<StreamOutput>(Assert.Single(shown)).Text);
    }

    [Fact]
    public async Task What_is_there_when_a_loop_begins_grows_old()
    {
        var shown = new List<CellOutput>();
        var session = new CSharpSession(Path.GetTempPath(), shown.Add);
        const string Cell =
            """
            var kept = new object();
            var watch = System.Diagnostics.Stopwatch.StartNew();
            while (GC.GetGeneration(kept) == 0 && watch.Elapsed.TotalSeconds < 20) System.Threading.Thread.Sleep(10);
            Console.Write(GC.GetGeneration(kept) > 0);
            """;

        // Where others here collect just before the object is made, nothing more is done for it: one of three must do.
        for (var attempt = 1; attempt <= 3 && shown.OfType<StreamOutput>().LastOrDefault()?.Text != "True"; attempt++)
        {
            Assert.Null(await session.ExecuteAsync(Cell, "cell", TestContext.Current.CancellationToken));
        }

        Assert.Equal("True", shown.OfType<StreamOutput>().Last().Text);
    }

    [Theory]
    [InlineData("System.GC.LOHThreshold", "DOTNET_GCLOHThreshold")]
    [InlineData("System.GC.RegionSize", "DOTNET_GCRegionSize")]
    [InlineData("System.GC.Gen0MaxBudget", "DOTNET_GCGen0MaxBudget")]
    public void The_runner_our_kernel_and_the_kernel_that_VS_Code_starts_have_the_same_settings(string ours, string variable)
    {
        using var configuration = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Backprop.Notebooks.runtimeconfig.json")));
        using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(LessonsRun.Repository, ".vscode", "settings.json")), s_withComments);

        var bytes = configuration.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty(ours).GetInt64();
        var hexadecimal = settings.RootElement.GetProperty("polyglot-notebook.kernelEnvironmentVariables").GetProperty(variable).GetString();

        Assert.Equal(bytes, long.Parse(hexadecimal!, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
