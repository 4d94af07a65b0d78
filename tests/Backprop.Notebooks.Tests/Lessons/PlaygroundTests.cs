using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Session;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 7 says about its pictures is what they show.</summary>
[Collection(SideBySide.InThisProcess)]
public partial class PlaygroundTests(LessonsRun run)
{
    private const string Name = "7-playground";

    [Fact]
    public void Ten_hidden_units_are_enough_and_two_are_not()
    {
        var accuracies = Accuracies("How many hidden units?", "hidden units: ");

        Assert.All(new[] { "1", "2" }, hidden => Assert.InRange(accuracies[hidden], 0.3, 0.7));
        Assert.All(new[] { "3", "5" }, hidden => Assert.InRange(accuracies[hidden], 0.75, 0.95));
        Assert.All(new[] { "10", "100" }, hidden => Assert.InRange(accuracies[hidden], 0.97, 1));
    }

    [Fact]
    public void Ten_hidden_units_that_start_near_0_stay_stuck()
    {
        var accuracies = Stuck().Matches(run.Printed(Name)).Select(match => Number(match.Groups[1].Value)).ToArray();

        Assert.Equal(2, accuracies.Length);
        Assert.All(accuracies, accuracy => Assert.InRange(accuracy, 0.5, 0.75));
        Assert.True(accuracies[1] < accuracies[0] + 0.05);
    }

    [Fact]
    public void Losses_tell_short_steps_from_long_ones()
    {
        var losses = LossLine().Matches(run.Printed(Name)).ToDictionary(
            match => match.Groups[1].Value, match => (Start: Number(match.Groups[2].Value), Median: Number(match.Groups[3].Value), Largest: Number(match.Groups[4].Value)));

        Assert.Equal(["0.01", "0.1", "1", "3", "10", "3000"], losses.Keys);
        Assert.All(new[] { "0.01", "0.1" }, step => Assert.True(losses[step].Median < losses[step].Start && losses[step].Median > 2 * losses["1"].Median));
        Assert.InRange(losses["1"].Largest, losses["1"].Median, 1.1 * losses["1"].Median);
        Assert.InRange(losses["3"].Largest, 4 * losses["3"].Median, 100);
        Assert.True(losses["3"].Median < losses["0.1"].Median);
        Assert.True(losses["10"].Median > losses["10"].Start);
        Assert.Equal(double.NaN, losses["3000"].Median);
    }

    [Fact]
    public void With_a_step_of_3_the_accuracy_depends_on_where_one_stops()
    {
        var match = Restless().Match(run.Printed(Name));

        Assert.InRange(Number(match.Groups[1].Value), 0.3, 0.85);
        Assert.InRange(Number(match.Groups[2].Value), 0.9, 1);
    }

    [Fact]
    public void A_step_of_10_leaves_no_hidden_unit_alive_and_one_class_at_a_time()
    {
        Assert.Contains("hidden units that are 0 for all points: 100 of 100", run.Printed(Name));
        Assert.Matches(@"predicted class in the next iterations:( \d){6}\n", run.Printed(Name));
        Assert.Contains("factor at the largest step: -2", run.Printed(Name));
    }

    [Fact]
    public void New_points_have_their_lowest_loss_with_some_regularisation_and_without_any_the_network_is_sure_of_its_mistakes()
    {
        var rows = Regularised().Matches(run.Printed(Name)).ToDictionary(
            match => match.Groups[1].Value, match => match.Groups.Values.Skip(2).Select(group => Number(group.Value)).ToArray());
        var (learnt, unseen) = (rows.Values.Select(row => row[0]).ToArray(), rows.Values.Select(row => row[1]).ToArray());

        Assert.Equal(["0", "0.0001", "0.001", "0.01", "0.1", "1"], rows.Keys);
        Assert.Equal(learnt.Order(), learnt);
        Assert.Equal(unseen.Min(), rows["0.001"][1]);
        Assert.InRange(rows["0"][1] / rows["0.001"][1], 2, 10);
        Assert.InRange(rows["0"][3], 0.8, 1);
        Assert.InRange(rows["0.001"][3], 0.5, 0.7);
        // What the share of correct answers does not show.
        Assert.True(rows["0"][2] >= rows["0.001"][2]);
        Assert.Equal(0.33, rows["1"][2]);
    }

    [Fact]
    public void The_logistic_function_gets_further_with_less_regularisation_or_longer_steps_and_furthest_with_both()
    {
        var accuracies = Accuracies("Which nonlinearity?", "");

        Assert.All(new[] { "ReLU", "tanh", "logistic, both" }, one => Assert.InRange(accuracies[one], 0.95, 1));
        Assert.InRange(accuracies["logistic"], 0.6, 0.8);
        Assert.All(new[] { "logistic, λ / 10", "logistic, step · 3" }, one => Assert.InRange(accuracies[one], 0.88, 0.95));
        Assert.Contains("largest slope: logistic 0.25, tanh 1.00, ReLU 1.00", run.Printed(Name));
    }

    [Fact]
    public void More_iterations_do_not_make_up_for_the_penalty_on_the_logistic_function_and_less_of_it_does()
    {
        var rows = Longer().Matches(run.Printed(Name)).ToDictionary(
            match => (Lambda: match.Groups[1].Value, Iterations: match.Groups[2].Value), match => (Accuracy: Number(match.Groups[3].Value), Size: Number(match.Groups[4].Value)));
        var (penalised, longer) = (rows[("0.001", "10000")], rows[("0.001", "40000")]);
        var (tenth, free) = (rows[("0.0001", "10000")], rows[("0", "10000")]);

        Assert.Equal(4, rows.Count);
        Assert.All(new[] { penalised, longer }, row => Assert.InRange(row.Accuracy, 0.85, 0.94));
        Assert.InRange(longer.Accuracy - penalised.Accuracy, -0.02, 0.02);
        Assert.InRange(longer.Size, 0.9 * penalised.Size, 1.02 * penalised.Size);
        Assert.InRange(tenth.Accuracy, 0.97, 1);
        Assert.InRange(free.Accuracy, tenth.Accuracy, tenth.Accuracy + 0.02);
        Assert.True(tenth.Size > 1.5 * penalised.Size && free.Size > 1.2 * tenth.Size);
    }

    [Fact]
    public void Any_initial_scale_works_except_0()
    {
        var accuracies = Accuracies("Where to start?", "initial scale ");

        Assert.Equal(0.33, accuracies["0"]);
        Assert.All(accuracies.Where(one => one.Key != "0"), one => Assert.InRange(one.Value, 0.95, 1));
    }

    [Fact]
    public void Equal_hidden_units_stay_equal()
    {
        var printed = run.Printed(Name);

        Assert.Contains("initial scale    0, different hidden units of 100: ReLU 1, logistic 1\n", printed);
        Assert.Contains("initial scale 0.01, different hidden units of 100: ReLU 100, logistic 100\n", printed);
    }

    [Fact]
    public void The_gradient_vanishes_with_the_logistic_function_and_with_small_weights_and_arrives_with_a_scale_that_suits()
    {
        var sizes = FigureOf("The gradient of each layer's weights").Traces.ToDictionary(
            trace => trace.GetProperty("name").GetString()!, trace => trace.GetProperty("y").EnumerateArray().Select(value => value.GetDouble()).ToArray());

        Assert.All(sizes.Values, size => Assert.Equal(9, size.Length));
        Assert.True(sizes["logistic, √(1 / inputs)"][0] < 1e-5 * sizes["logistic, √(1 / inputs)"][^1]);
        Assert.All(sizes["ReLU, 0.01"], size => Assert.InRange(size, 0, 1e-8));
        Assert.All(new[] { "tanh, √(1 / inputs)", "ReLU, √(2 / inputs)" }, name =>
        {
            Assert.InRange(sizes[name][1..].Max() / sizes[name][1..].Min(), 1, 4);
            Assert.InRange(sizes[name][1] / sizes[name][0], 2, 12);
        });
    }

    [Fact]
    public void In_the_sweep_no_row_is_best_at_an_end_and_hidden_units_help_only_with_a_step_that_suits_them()
    {
        var rows = FigureOf("Accuracy on the training points").Traces.First().GetProperty("z").EnumerateArray()
            .Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();

        Assert.Equal(7, rows.Length);
        Assert.All(rows, row => Assert.True(row.Max() > row[0]));
        Assert.All(rows, row => Assert.Equal(0.3333, row[^1]));
        Assert.True(rows[^1].Max() > rows[0].Max() + 0.3);
        Assert.All(rows, row => Assert.InRange(row[0], 0.4, 0.6));

        // Ten units and five, at steps of 0.3 and 1.
        Assert.All(new[] { 3, 4 }, step => Assert.True(rows[4][step] < rows[3][step]));
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
                    return Accuracy(Train(usual with { Hidden = size, StepSize = step, Iterations = 10_000_000 }, cancellation).Network);
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
        stop.Cancel();

        Assert.False((await Assert.ThrowsAsync<CellStoppedException>(() => sweep)).IsStillRunning);
        printed.Clear();
        await Sample.RunAsync(session, "Console.Write(working);");
        Assert.Equal("0", Assert.Single(printed));
    }

    /// <summary>The accuracies above the panels of a chart, by what stands before them.</summary>
    private Dictionary<string, double> Accuracies(string title, string before) => FigureOf(title).Layout.GetProperty("annotations").EnumerateArray()
        .Select(annotation => PanelTitle().Match(annotation.GetProperty("text").GetString()!.Replace("<br>", " ")[before.Length..]))
        .ToDictionary(match => match.Groups[1].Value, match => Number(match.Groups[2].Value));

    private Figure FigureOf(string title) => Figure.All(run.Executed(Name)).Single(figure => figure.Title == title);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^10 hidden units from an initial scale of 0\.01, .*accuracy (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Stuck();

    [GeneratedRegex(@"^step size +([\d.]+): loss at the start +(\S+), in the last quarter: median (\S+), largest (\S+)$", RegexOptions.Multiline)]
    private static partial Regex LossLine();

    [GeneratedRegex(@"^accuracy in the next 200 iterations: from (\S+) to (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Restless();

    [GeneratedRegex(@"^([\d.]+) +(\d\.\d\d) +(\d\.\d\d) +(\d\.\d\d) +(\d\.\d\d)$", RegexOptions.Multiline)]
    private static partial Regex Regularised();

    [GeneratedRegex(@"^([\d.]+) +(\d+) +(\d\.\d\d) +(\d+\.\d)$", RegexOptions.Multiline)]
    private static partial Regex Longer();

    [GeneratedRegex(@"^(.+), accuracy (\d\.\d\d)")]
    private static partial Regex PanelTitle();
}
