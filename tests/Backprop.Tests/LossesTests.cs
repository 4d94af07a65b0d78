namespace Backprop.Tests;

// The console belongs to the whole process.
[Collection("console")]
public class LossesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(new[] { 1.1, 0.7, 2.5, 0.3 }, 1, "")]
    [InlineData(new double[0], 1, "")]
    [InlineData(new[] { 1.1, 3, double.NaN, 5 }, 1, "The training diverged: at iteration 2 the loss is NaN. Try a smaller step size.")]
    [InlineData(new[] { 1.1, double.PositiveInfinity }, 100, "The training diverged: at iteration 100 the loss is Infinity. Try a smaller step size.")]
    [InlineData(new[] { 1.1, 900_000, 1_200_000 }, 10, "The training diverged: at iteration 20 the loss is 1.2E+06. Try a smaller step size.")]
    public void Losses_that_grow_without_end_are_told_and_others_are_not(double[] losses, int every, string sentence) =>
        Assert.Equal(sentence, Said(() => Losses.SayIfDiverged(losses, every)));

    [Fact]
    public void A_network_whose_training_diverges_says_so_where_it_ends_but_not_in_a_sweep()
    {
        var (X, y) = Spiral.Generate(new NumpyRandom(0), 20);
        double Diverge(CancellationToken token) =>
            TwoLayerNetwork.Initialize(new NumpyRandom(1), 2, 10, 3).Train(X, y, 600, stepSize: 3000, cancellationToken: token)[^1];

        Assert.StartsWith("The training diverged: at iteration", Said(() => Diverge(Token)));
        Assert.Equal("", Said(() => Sweep.Measure([1, 2], [1, 2], (_, _, token) => Diverge(token), cancellationToken: Token)));
        Assert.StartsWith("The training diverged: at iteration", Said(() => Diverge(Token)));
    }

    private static string Said(Action action)
    {
        var (before, said) = (Console.Out, new StringWriter());
        Console.SetOut(said);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(before);
        }

        return said.ToString().Trim();
    }
}
