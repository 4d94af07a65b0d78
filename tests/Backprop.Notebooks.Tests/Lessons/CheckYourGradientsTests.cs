using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Notebooks.Running;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 6 says about gradients, mistakes and training is what it prints.</summary>
[Collection(SideBySide.InThisProcess)]
public partial class CheckYourGradientsTests(LessonsRun run)
{
    private const string Name = "6-check-your-gradients";

    [Fact]
    public void Errors_of_differences_fall_as_derived_until_rounding_takes_over()
    {
        var curves = Errors();
        var (central, oneSided) = (curves["central"], curves["one-sided"]);

        // From 0.1 to 0.001: two decades, of four points each.
        Assert.InRange(central[4].Error / central[12].Error, 0.9e4, 1.1e4);
        Assert.InRange(oneSided[4].Error / oneSided[12].Error, 0.9e2, 1.1e2);
        Assert.InRange(central.MinBy(point => point.Error).Change, 1e-5, 2e-4);
        Assert.InRange(central.Single(point => point.Change == 1e-5).Error, 0, 1e-9);
        Assert.All(curves.Values, curve => Assert.True(curve[^1].Error > 1e3 * curve.Min(point => point.Error)));
    }

    [Fact]
    public void Every_gradient_passes_the_check()
    {
        var rows = run.Executed(Name).CodeCells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>()
            .SelectMany(output => TableRow().Matches(output.Data.GetValueOrDefault("text/plain", "")))
            .Select(match => (Parameter: match.Groups[1].Value, Difference: Number(match.Groups[2].Value))).ToList();

        Assert.Equal(["W2", "b2", "W1", "b1", "H", "W1", "W2"], rows.Select(row => row.Parameter));
        Assert.All(rows, row => Assert.InRange(row.Difference, 0, 1e-9));
    }

    [Theory]
    [InlineData("-2e-5", "0", "0.00")]
    [InlineData("-5e-6", "0", "0.25")]
    [InlineData("5e-6", "1", "0.75")]
    [InlineData("2e-5", "1", "1.00")]
    public void Across_a_kink_the_central_difference_lies_between_both_slopes(string z, string derivative, string difference) =>
        Assert.Contains($"z = {z,6}: derivative {derivative}, central difference with ε = 1e-5: {difference}\n", run.Printed(Name));

    [Fact]
    public void A_smaller_change_crosses_fewer_kinks()
    {
        var differences = Kinks().Matches(run.Printed(Name)).Select(match => Number(match.Groups[1].Value)).ToArray();

        Assert.Equal(5, differences.Length);
        Assert.All(differences[..2], difference => Assert.InRange(difference, 1e-4, 1));
        Assert.InRange(differences[^1], 0, 1e-9);
    }

    [Theory]
    [InlineData("Y not subtracted", "dW2, db2, dW1, db1")]
    [InlineData("not divided by m", "dW2, db2, dW1, db1")]
    [InlineData("transpose missing", "dW1, db1")]
    [InlineData("derivative at the output", "dW1, db1")]
    [InlineData("wrong axis", "db1")]
    [InlineData("penalty forgotten", "dW2, dW1")]
    public void Each_mistake_is_caught_at_the_gradients_that_it_spoils(string mistake, string gradients) =>
        Assert.Matches($@"(?m)^{Regex.Escape(mistake)} +the check objects to {gradients}$", run.Printed(Name));

    [Fact]
    public void A_mistake_is_larger_than_rounding_by_orders_of_magnitude()
    {
        var printed = run.Printed(Name);

        Assert.InRange(Printed("smallest difference above 1e-7"), 1e-5, 1);
        Assert.InRange(Printed("largest difference below 1e-7"), 0, 1e-9);

        double Printed(string name) => Number(Regex.Match(printed, $@"(?m)^{name}: (\S+)$").Groups[1].Value);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_told()
    {
        Assert.Contains("wrong axis: The gradient of b1 is (1 × 60), but b1 itself is (1 × 20).", run.Printed(Name));
        Assert.Contains("transpose missing: The product A B needs matrices that fit, but they are (60 × 3) and (20 × 3).", run.Printed(Name));
    }

    [Fact]
    public void Two_mistakes_guess_and_the_others_learn_something() => AssertTraining(run.Printed(Name));

    [Theory]
    [InlineData("Relu", "nothing")]
    [InlineData("Tanh", "dW1, db1")]
    public async Task What_is_said_holds_for_the_other_nonlinearities(string nonlinearity, string derivativeAtTheOutput)
    {
        var notebook = Notebook.Load(LessonsRun.Committed(Name));
        var options = RunOptions.Default with { Parameters = new Dictionary<string, string> { ["nonlinearity"] = nonlinearity } };

        var executed = await NotebookRunner.RunAsync(
            notebook, options with { Parameters = options.ParametersOf(notebook) }, TestContext.Current.CancellationToken);

        Assert.True(executed.Succeeded, executed.Failed?.Failure?.Message);
        var printed = string.Concat(executed.Executed.CodeCells.SelectMany(cell => cell.Outputs).OfType<StreamOutput>().Select(stream => stream.Text));
        Assert.Matches($"(?m)^derivative at the output +the check objects to {derivativeAtTheOutput}$", printed);
        Assert.Matches("(?m)^penalty forgotten +the check objects to dW2, dW1$", printed);
        AssertTraining(printed);
    }

    private static void AssertTraining(string printed)
    {
        var accuracies = Accuracy().Matches(printed).ToDictionary(
            match => match.Groups[1].Value, match => (With: Number(match.Groups[2].Value), Without: Number(match.Groups[3].Value)));

        Assert.Equal(6, accuracies.Count);
        Assert.All(new[] { "Y not subtracted", "not divided by m" }, mistake => Assert.InRange(accuracies[mistake].With, 0, 0.4));
        Assert.All(
            new[] { "transpose missing", "derivative at the output", "wrong axis", "penalty forgotten" },
            mistake => Assert.InRange(accuracies[mistake].With, 0.45, 1));
        Assert.InRange(accuracies["penalty forgotten"].With, accuracies["penalty forgotten"].Without - 0.005, 1);
    }

    /// <summary>The curves of the chart over ε, from the largest change to the smallest.</summary>
    private Dictionary<string, (double Change, double Error)[]> Errors() => FigureOf("Error of the differences").Traces.ToDictionary(
            trace => trace.GetProperty("name").GetString()!,
            trace => trace.GetProperty("x").EnumerateArray().Zip(trace.GetProperty("y").EnumerateArray(), (x, y) => (x.GetDouble(), y.GetDouble())).ToArray());

    private Figure FigureOf(string title) => Figure.All(run.Executed(Name)).Single(figure => figure.Title == title);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(W2|b2|W1|b1|H) +(\S+)", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^ε = \S+: largest difference (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Kinks();

    [GeneratedRegex(@"^(\S.*?) +h = +\d+: accuracy (\d\.\d\d), without the mistake (\d\.\d\d)$", RegexOptions.Multiline)]
    private static partial Regex Accuracy();
}
