using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Reference;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 2 says beside its cells is what they show.</summary>
public partial class SoftmaxRegressionTests(LessonsRun run)
{
    private const string Name = "2-softmax-regression";

    private static readonly double[] s_w = NumpyReference.Numbers("softmax_regression", "W");
    private static readonly double[] s_b = NumpyReference.Numbers("softmax_regression", "b");

    [Fact]
    public void The_example_shows_what_the_model_says_minus_what_is_right()
    {
        var printed = run.Printed(Name);
        var rows = ClassRow().Matches(printed).Select(match => match.Groups.Values.Skip(1).Select(group => Number(group.Value)).ToArray()).ToArray();
        var correct = int.Parse(CorrectClass().Match(printed).Groups[1].Value, CultureInfo.InvariantCulture);

        Assert.Equal([0.0, 1.0, 2.0], rows.Select(row => row[0]));
        Assert.Equal(rows.Select(row => row[1]), rows.Select((_, k) => Scores(-0.138, 0.486)[k]), (shown, computed) => Math.Abs(shown - computed) < 0.002);
        Assert.Equal(1, rows.Sum(row => row[2]), 2e-4);
        Assert.All(rows, row => Assert.Equal(row[2] - row[3], row[4], 1e-4));
        Assert.All(rows, row => Assert.Equal(row[4] / 300, row[5], 1e-6));
        Assert.Equal(0, rows.Sum(row => row[4]), 2e-4);
        Assert.Equal([correct], rows.Where(row => row[4] < 0).Select(row => (int)row[0]));
        Assert.Equal(-Math.Log(rows[correct][2]), Number(ExampleLoss().Match(printed).Groups[1].Value), 1e-4);
    }

    [Fact]
    public void Softmax_as_it_is_written_overflows_and_the_librarys_does_not()
    {
        var printed = run.Printed(Name);

        Assert.Matches(@"their exponentials +Infinity +Infinity +Infinity\n", printed);
        Assert.Matches(@"divided by their sum +NaN +NaN +NaN\n", printed);
        Assert.Matches(@"the library's softmax +0\.0900 +0\.2447 +0\.6652\n", printed);
        Assert.Matches(@"for scores of 0, 1 and 2 +0\.0900 +0\.2447 +0\.6652\n", printed);
        Assert.True(double.IsFinite(Math.Exp(709.75)) && !double.IsFinite(Math.Exp(709.8)));
    }

    [Fact]
    public void What_is_written_out_and_the_librarys_functions_are_equal()
    {
        var equal = run.Printed(Name).Split('\n').Where(line => line.StartsWith("Softmax.", StringComparison.Ordinal)).ToArray();

        Assert.Equal(["Softmax.Probabilities(S)", "Softmax.CrossEntropy(S, y)", "Softmax.Gradient(S, y)"], equal.Select(line => line.Split("  ")[0]));
        Assert.All(equal, line => Assert.EndsWith("True", line));
    }

    [Fact]
    public void Mesh_points_are_shown_in_the_colours_of_their_largest_scores()
    {
        var classes = Figure.All(run.Executed(Name)).Single(figure => figure.Title == "Predicted class of each mesh point")
            .Traces.Where(trace => trace.GetProperty("name").GetString()!.StartsWith("class ", StringComparison.Ordinal)).ToArray();

        Assert.Equal(3, classes.Length);
        Assert.All(classes, (points, k) =>
        {
            var x = points.GetProperty("x").EnumerateArray().Select(value => value.GetDouble());
            var y = points.GetProperty("y").EnumerateArray().Select(value => value.GetDouble());
            // Coordinates are shown with five digits: two scores that are all but equal may change places.
            Assert.All(x.Zip(y), point => Assert.Equal(Scores(point.First, point.Second).Max(), Scores(point.First, point.Second)[k], 1e-3));
        });
    }

    [Fact]
    public void Near_the_middle_no_class_reaches_a_probability_of_seventy_percent()
    {
        for (var angle = 0.0; angle < 2 * Math.PI; angle += 0.01)
        {
            foreach (var radius in new[] { 0.1, 0.2, 0.3 })
            {
                var exponentials = Scores(radius * Math.Cos(angle), radius * Math.Sin(angle)).Select(Math.Exp).ToArray();

                Assert.InRange(exponentials.Max() / exponentials.Sum(), 0, 0.7);
            }
        }
    }

    [Fact]
    public void More_iterations_would_not_help()
    {
        var X = NumpyReference.Numbers("spiral", "X");
        var y = NumpyReference.Integers("spiral", "y");
        double[] weights = [.. s_w], biases = [.. s_b];
        var (lossThen, correctThen) = Step(0);

        for (var iteration = 0; iteration < 1000; iteration++)
        {
            Step(1);
        }

        var (lossNow, correctNow) = Step(0);
        Assert.InRange(lossThen - lossNow, 0, 1e-4);
        Assert.InRange(correctNow - correctThen, -3, 3);
        Assert.InRange(correctNow, 130, 170);

        (double Loss, int Correct) Step(double stepSize)
        {
            double[] dW = [.. weights.Select(weight => 1e-3 * weight)], db = new double[3];
            var loss = 1e-3 / 2 * weights.Sum(weight => weight * weight);
            var correct = 0;
            for (var i = 0; i < y.Length; i++)
            {
                var exponentials = biases.Select((bias, k) => Math.Exp(X[2 * i] * weights[k] + X[2 * i + 1] * weights[3 + k] + bias)).ToArray();
                loss -= Math.Log(exponentials[y[i]] / exponentials.Sum()) / y.Length;
                correct += exponentials[y[i]] == exponentials.Max() ? 1 : 0;
                for (var k = 0; k < 3; k++)
                {
                    var error = (exponentials[k] / exponentials.Sum() - (k == y[i] ? 1 : 0)) / y.Length;
                    (dW[k], dW[3 + k], db[k]) = (dW[k] + X[2 * i] * error, dW[3 + k] + X[2 * i + 1] * error, db[k] + error);
                }
            }

            weights = [.. weights.Zip(dW, (weight, slope) => weight - stepSize * slope)];
            biases = [.. biases.Zip(db, (bias, slope) => bias - stepSize * slope)];
            return (loss, correct);
        }
    }

    /// <summary>The scores of a point from NumPy's parameters.</summary>
    private static double[] Scores(double x, double y) => [.. s_b.Select((bias, k) => x * s_w[k] + y * s_w[3 + k] + bias)];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ +(\d) +(\S+) +(\S+) +([01]) +(\S+) +(\S+)$", RegexOptions.Multiline)]
    private static partial Regex ClassRow();

    [GeneratedRegex(@"^example 150 at \(-0\.138, 0\.486\), correct class (\d)$", RegexOptions.Multiline)]
    private static partial Regex CorrectClass();

    [GeneratedRegex(@"^loss of this example: -log [\d.]+ = ([\d.]+)$", RegexOptions.Multiline)]
    private static partial Regex ExampleLoss();
}
