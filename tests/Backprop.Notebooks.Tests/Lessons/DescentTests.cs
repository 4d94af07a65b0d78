using System.Globalization;
using System.Text.RegularExpressions;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 8 says about ways to descend is what it prints.</summary>
public class DescentTests(LessonsRun run)
{
    private const string Name = "8-descent";

    [Fact]
    public void The_mean_of_the_batches_gradients_is_the_gradient_and_a_batch_alone_is_not()
    {
        Assert.Contains("mean of all 3 batches equal to 12 decimals: True", run.Printed(Name));
        Assert.InRange(Number("differs by up to: (\\S+) for the first batch"), 1e-4, 1e-2);
        Assert.Contains("steps in each pass: 10", run.Printed(Name));
    }

    [Fact]
    public void Gradient_descent_is_still_on_its_way_when_the_others_are_done()
    {
        Assert.InRange(Accuracy("gradient descent"), 0.5, 0.9);
        Assert.All(new[] { "mini-batches", "momentum", "Adam", "Adam on mini-batches" }, name => Assert.InRange(Accuracy(name), 0.93, 1));
        Assert.Matches("(?m)^gradient descent: .*, loss below 0.3 not yet$", run.Printed(Name));
        Assert.InRange(Passes("mini-batches"), 50, 200);
        Assert.InRange(Passes("momentum"), 50, 200);
        Assert.InRange(Passes("Adam"), 10, 60);
        Assert.InRange(Passes("Adam on mini-batches"), 5, 40);
    }

    [Fact]
    public void A_step_as_long_as_momentums_steps_together_learns_nothing() => Assert.Equal(0.33, Accuracy("long steps"));

    [Fact]
    public void The_others_get_to_where_gradient_descent_gets_after_many_more_passes()
    {
        // Notebook 5's loss after 10,000 iterations.
        const double converged = 0.245;

        Assert.All(new[] { "momentum", "Adam" }, name => Assert.InRange(Curve(name)[^1], converged, converged + 0.01));
        Assert.True(Curve("gradient descent")[^1] > 2 * converged);
    }

    [Fact]
    public void The_lines_of_mini_batches_never_become_smooth()
    {
        Assert.True(Roughness("mini-batches") > 10 * Roughness("momentum"));

        // How far the loss jumps from one shown pass to the next, on average, in the last third.
        double Roughness(string name) => Curve(name)[200..].Zip(Curve(name)[201..], (one, next) => Math.Abs(next - one)).Average();
    }

    [Fact]
    public void The_first_step_of_Adam_is_about_equally_long_for_all_elements()
    {
        var (smallest, largest) = FirstStep("gradient descent");
        Assert.True(largest > 1000 * smallest);

        (smallest, largest) = FirstStep("Adam");
        Assert.InRange(smallest, 0.05, 0.1);
        Assert.Equal(0.1, largest);

        (double, double) FirstStep(string name) => (
            Number($"(?m)^{name}: elements of W1 move by (\\S+) to"), Number($"(?m)^{name}: elements of W1 move by \\S+ to (\\S+)$"));
    }

    private double[] Curve(string name) => [.. FigureOf("Loss of each way to descend").Traces
        .Single(trace => trace.GetProperty("name").GetString() == name).GetProperty("y").EnumerateArray().Select(value => value.GetDouble())];

    private double Accuracy(string name) => Number($"(?m)^{name}: accuracy ([\\d.]+),");

    private double Passes(string name) => Number($"(?m)^{name}: .*loss below 0.3 after (\\d+) passes$");

    private Figure FigureOf(string title) => Figure.All(run.Executed(Name)).Single(figure => figure.Title == title);

    private double Number(string pattern) => double.Parse(Regex.Match(run.Printed(Name), pattern).Groups[1].Value, CultureInfo.InvariantCulture);
}
