using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Reference;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The automatic differentiation that notebook 4 builds is as long as it says, and finds what it says.</summary>
public partial class BuildYourOwnAutodiffTests(LessonsRun run)
{
    private const string Name = "4-build-your-own-autodiff";

    [Fact]
    public void It_takes_about_fifty_lines()
    {
        string[] parts = ["class Node", "Node Dot(", "Node Plus(", "Node Activate(", "Node SoftmaxLoss(", "void Backward("];
        var cells = Notebook.Load(LessonsRun.Committed(Name)).CodeCells.Select(cell => cell.Source).ToArray();

        var lines = parts.Sum(part => cells.Single(cell => cell.Contains(part)).Split('\n').Count(line => line.Trim().Length > 1));

        Assert.InRange(lines, 45, 55);
    }

    [Fact]
    public void A_node_that_is_used_twice_gets_the_sum() => Assert.Contains("L = 9, slope 6", run.Printed(Name));

    [Fact]
    public void Its_gradients_agree_with_central_differences() => Assert.All(
        new[] { "W1", "b1", "W2", "b2" },
        parameter => Assert.Matches($@"(?m)^{parameter}: largest gradient 0\.[1-9]\d\d, errors below 1e-8: True$", run.Printed(Name)));

    [Fact]
    public void Its_gradients_are_those_of_Grad_after_training() => Assert.All(
        new[] { "dW1", "db1", "dW2", "db2" },
        gradient => Assert.Matches($@"(?m)^{gradient} +\(\d+ × \d+\) +equal to 12 decimals: True$", run.Printed(Name)));

    [Fact]
    public void Its_first_loss_is_NumPys_and_training_brings_it_down()
    {
        var losses = PrintedLoss().Matches(run.Printed(Name)).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();

        Assert.Equal(NumpyReference.Numbers("two_layer_relu_hand_written", "loss_every_1000")[0], losses[0], 1e-6);
        Assert.InRange(losses[^1], 0.3, 0.5);
    }

    [GeneratedRegex(@"^iteration \d+: loss (\S+)$", RegexOptions.Multiline)]
    private static partial Regex PrintedLoss();
}
