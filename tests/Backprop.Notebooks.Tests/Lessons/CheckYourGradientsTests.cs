using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 6 says about gradients, mistakes and training is what it prints.</summary>
public partial class CheckYourGradientsTests(LessonsRun run)
{
    private const string Name = "6-check-your-gradients";

    [Fact]
    public void The_errors_of_differences_fall_as_derived()
    {
        var printed = run.Printed(Name);

        Assert.Contains("ε halved, error divided by: 4.0 central, 2.0 one-sided", printed);
        Assert.Contains("smaller error at 1e-5 than at 1e-2: True", printed);
        Assert.Contains("smaller error at 1e-5 than at 1e-13: True", printed);
    }

    [Fact]
    public void Every_gradient_passes_the_check()
    {
        var rows = run.Executed(Name).CodeCells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>()
            .SelectMany(output => TableRow().Matches(output.Data.GetValueOrDefault("text/plain", "")))
            .ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

        Assert.Equal(["dW2", "db2", "dW1", "db1", "dH", "λ W1", "λ W2"], rows.Keys);
        Assert.All(rows.Values, difference => Assert.InRange(difference, 0, 1e-9));
    }

    [Theory]
    [InlineData("derivative at the output", "dW1, db1")]
    [InlineData("not divided by m", "dW2, db2, dW1, db1")]
    [InlineData("penalty forgotten", "dW2, dW1")]
    [InlineData("wrong axis", "db1")]
    [InlineData("transpose missing", "dW1, db1")]
    [InlineData("-= 1 left out", "dW2, db2, dW1, db1")]
    public void Each_mistake_is_caught_at_the_gradients_that_it_spoils(string mistake, string gradients) =>
        Assert.Matches($@"(?m)^{Regex.Escape(mistake)} +the check objects to {gradients}$", run.Printed(Name));

    [Fact]
    public void A_mistake_is_larger_than_rounding_by_orders_of_magnitude()
    {
        var printed = run.Printed(Name);

        Assert.Contains("all else is below 1e-9: True", printed);
        Assert.InRange(double.Parse(SmallestObjection().Match(printed).Groups[1].Value, CultureInfo.InvariantCulture), 1e-5, 1);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_told()
    {
        Assert.Contains("wrong axis:\n    The gradient of db1 is (1 × 60), but db1 itself is (1 × 20).", run.Printed(Name));
        Assert.Contains("transpose missing:\n    The product A B needs matrices that fit, but they are (60 × 3) and (20 × 3).", run.Printed(Name));
    }

    [Fact]
    public void Some_mistakes_guess_and_some_still_train()
    {
        var accuracies = Accuracy().Matches(run.Printed(Name)).ToDictionary(
            match => match.Groups[1].Value, match => (With: Number(match, 2), Without: Number(match, 3)));

        Assert.InRange(accuracies["none"].With, 0.95, 1);
        Assert.All(new[] { "not divided by m", "-= 1 left out" }, mistake => Assert.InRange(accuracies[mistake].With, 0, 0.34));
        Assert.All(new[] { "penalty forgotten", "wrong axis" }, mistake => Assert.InRange(accuracies[mistake].With, 0.9, 1));
        Assert.InRange(accuracies["derivative at the output"].With, 0.6, 0.9);
        Assert.InRange(accuracies["transpose missing"].With, 0.6, 1);
        Assert.True(accuracies["transpose missing"].With < accuracies["transpose missing"].Without);

        static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(dW2|db2|dW1|db1|dH|λ W1|λ W2) +(\S+)", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^objections begin at (\S+)$", RegexOptions.Multiline)]
    private static partial Regex SmallestObjection();

    [GeneratedRegex(@"^(\S.*?) +h = +\d+: accuracy (\d\.\d\d), without the mistake (\d\.\d\d)$", RegexOptions.Multiline)]
    private static partial Regex Accuracy();
}
