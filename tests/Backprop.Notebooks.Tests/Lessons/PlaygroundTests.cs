using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 7 says about its pictures is what they show.</summary>
public partial class PlaygroundTests(LessonsRun run)
{
    private const string Name = "7-playground";

    [Fact]
    public void Ten_hidden_units_are_enough_and_two_are_not()
    {
        var accuracies = Accuracies("hidden units");

        Assert.All(new[] { "1", "2" }, hidden => Assert.InRange(accuracies[hidden], 0.3, 0.7));
        Assert.All(new[] { "3", "5" }, hidden => Assert.InRange(accuracies[hidden], 0.75, 0.95));
        Assert.All(new[] { "10", "100" }, hidden => Assert.InRange(accuracies[hidden], 0.97, 1));
    }

    [Fact]
    public void Losses_tell_short_steps_from_long_ones()
    {
        var losses = LossLine().Matches(run.Printed(Name)).ToDictionary(
            match => match.Groups[1].Value, match => match.Groups.Values.Skip(2).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture)).ToArray());

        Assert.Equal(["0.01", "0.1", "1", "3", "10", "3000"], losses.Keys);
        Assert.All(new[] { "0.01", "0.1" }, step => Assert.True(losses[step][0] > losses[step][1] && losses[step][1] > losses[step][2]));
        Assert.True(losses["3"][2] > losses["3"][1]);
        Assert.True(losses["10"][2] > losses["10"][0]);
        Assert.Equal(double.NaN, losses["3000"][2]);
        Assert.Contains("hidden units that are 0 for all points: 100 of 100", run.Printed(Name));
        Assert.Contains("factor at the largest step: -2", run.Printed(Name));
    }

    [Fact]
    public void Much_regularisation_leaves_one_class()
    {
        var accuracies = Accuracies("λ");

        Assert.InRange(accuracies["0.0001"], 0.95, 1);
        Assert.True(accuracies["0.001"] > accuracies["0.01"] && accuracies["0.01"] > accuracies["0.1"]);
        Assert.Equal(0.33, accuracies["1"]);
    }

    [Fact]
    public void Any_initial_scale_will_do_except_0()
    {
        var accuracies = Accuracies("initial scale");

        Assert.Equal(0.33, accuracies["0"]);
        Assert.All(accuracies.Where(one => one.Key != "0"), one => Assert.InRange(one.Value, 0.95, 1));
    }

    [Fact]
    public void Equal_hidden_units_stay_equal()
    {
        var printed = run.Printed(Name);

        Assert.Contains("initial scale    0, different hidden units of 100: ReLU 1, logistic 1\n", printed);
        Assert.Contains("initial scale 0.01, different hidden units of 100: ReLU 100, logistic 100\n", printed);
        Assert.Contains("largest slope: logistic 0.25, tanh 1.00, ReLU 1.00", printed);
    }

    [Fact]
    public void In_the_sweep_no_row_is_best_at_an_end_and_hidden_units_help_only_with_a_step_that_suits_them()
    {
        var figure = Figures().Single(figure => figure.GetProperty("data")[0].TryGetProperty("hoverongaps", out _));
        var rows = figure.GetProperty("data")[0].GetProperty("z").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();

        Assert.Equal(7, rows.Length);
        Assert.All(rows, row => Assert.True(row.Max() > row[0]));
        Assert.All(rows, row => Assert.Equal(0.3333, row[^1]));
        Assert.True(rows[^1].Max() > rows[0].Max() + 0.3);
        Assert.All(rows, row => Assert.InRange(row[0], 0.4, 0.6));
    }

    [Fact]
    public async Task Stopping_the_cell_ends_the_sweep_and_leaves_no_one_working()
    {
        var printed = new List<string>();
        var session = new CSharpSession(Path.GetDirectoryName(LessonsRun.Committed(Name))!, output => printed.AddRange(output is StreamOutput stream ? [stream.Text] : []));
        await Sample.RunAsync(session, Notebook.Load(LessonsRun.Committed(Name)).CodeCells.Take(4).Select(cell => cell.Source));
        using var stop = new CancellationTokenSource();
        var sweep = session.ExecuteAsync(
            """
            var working = 0;
            Sweep.Measure([10, 100], [0.1, 1], (size, step, cancellation) =>
            {
                Interlocked.Increment(ref working);
                Console.Write("begun ");
                try
                {
                    return Accuracy(Train(usual with { Hidden = size, StepSize = step, Iterations = 10_000_000 }, cancellation));
                }
                finally
                {
                    Interlocked.Decrement(ref working);
                }
            });
            """,
            "sweep",
            stop.Token);
        Assert.True(SpinWait.SpinUntil(() => printed.Contains("begun "), TimeSpan.FromSeconds(20)));
        var watch = Stopwatch.StartNew();
        stop.Cancel();

        Assert.False((await Assert.ThrowsAsync<CellStoppedException>(() => sweep)).IsStillRunning);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1.5);
        printed.Clear();
        await Sample.RunAsync(session, "Console.Write(working);");
        Assert.Equal("0", Assert.Single(printed));
    }

    /// <summary>The accuracies above the panels of the chart that compares a setting.</summary>
    private Dictionary<string, double> Accuracies(string setting) => Figures()
        .Single(figure => figure.GetProperty("layout").GetProperty("title").GetProperty("text").GetString() == $"Regions and accuracy, by {setting}")
        .GetProperty("layout").GetProperty("annotations").EnumerateArray()
        .Select(annotation => PanelTitle().Match(annotation.GetProperty("text").GetString()![(setting.Length + 1)..]))
        .ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    private IEnumerable<JsonElement> Figures() => run.Executed(Name).CodeCells
        .SelectMany(cell => cell.Outputs).OfType<DisplayOutput>()
        .Select(output => FigureScript().Match(output.Data.GetValueOrDefault("text/html", "")))
        .Where(match => match.Success)
        .Select(match => JsonDocument.Parse(match.Groups[1].Value).RootElement);

    [GeneratedRegex(@"^step size +([\d.]+): loss at first +(\S+), halfway +(\S+), at the end +(\S+)$", RegexOptions.Multiline)]
    private static partial Regex LossLine();

    [GeneratedRegex(@"^(\S+): (\d\.\d\d)")]
    private static partial Regex PanelTitle();

    [GeneratedRegex(@"<script type=""application/json"">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex FigureScript();
}
