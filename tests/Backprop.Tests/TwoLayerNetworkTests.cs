using Backprop.Reference;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Activations;

namespace Backprop.Tests;

/// <summary>The trainer gives the notebooks' numbers, whichever way it goes about it.</summary>
public class TwoLayerNetworkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Training_gives_NumPys_losses_and_parameters_over_1000_iterations()
    {
        var (network, X, y) = Fresh();

        var losses = network.Train(X, y, 1000, cancellationToken: Token);

        var expected = NumpyReference.Numbers("two_layer_relu_first_1000", "loss_every_100");
        Assert.All(expected.Index(), loss => Assert.Equal(loss.Item, losses[loss.Index * 100], 1e-9 * loss.Item));
        AssertClose(NumpyReference.Matrix(2, 100, "two_layer_relu_first_1000", "W1_after_1000"), network.W1, 1e-9);
        AssertClose(NumpyReference.Matrix(1, 100, "two_layer_relu_first_1000", "b1_after_1000"), network.b1, 1e-9);
        AssertClose(NumpyReference.Matrix(100, 3, "two_layer_relu_first_1000", "W2_after_1000"), network.W2, 1e-9);
        AssertClose(NumpyReference.Matrix(1, 3, "two_layer_relu_first_1000", "b2_after_1000"), network.b2, 1e-9);
    }

    [Fact]
    public void Ten_thousand_iterations_end_with_NumPys_accuracy()
    {
        var (network, X, y) = Fresh();

        var losses = network.Train(X, y, 10_000, cancellationToken: Token);

        Assert.Equal(NumpyReference.Number("two_layer_relu_hand_written", "loss_at_9999"), losses[^1], 1e-5);
        Assert.Equal(NumpyReference.Number("two_layer_relu_hand_written", "training_accuracy"), Softmax.Accuracy(network.Scores(X), y), 12);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 5)]
    [InlineData(100, 2, 7)]
    [InlineData(171, 3, 10)]
    [InlineData(257, 4, 33)]
    [InlineData(50, 5, 8)]
    public void The_fused_way_and_the_layered_way_agree_for_any_size(int pointsPerClass, int classes, int hidden)
    {
        var (fused, X, y) = Fresh(pointsPerClass, classes, hidden);
        var (layered, _, _) = Fresh(pointsPerClass, classes, hidden);

        var losses = fused.Train(X, y, 50, stepSize: 0.5, lambda: 0.01, cancellationToken: Token);
        var expected = layered.Train(X, y, 50, stepSize: 0.5, lambda: 0.01, Relu, ReluPrime, cancellationToken: Token);

        Assert.All(expected.Zip(losses), loss => Assert.Equal(loss.First, loss.Second, 1e-11));
        AssertClose(layered.W1, fused.W1, 1e-10);
        AssertClose(layered.b1, fused.b1, 1e-10);
        AssertClose(layered.W2, fused.W2, 1e-10);
        AssertClose(layered.b2, fused.b2, 1e-10);
    }

    [Fact]
    public void Other_nonlinearities_train_too()
    {
        var (network, X, y) = Fresh(hidden: 20);

        var losses = network.Train(X, y, 300, 1, 1e-3, Tanh, TanhPrime, Token);

        Assert.True(losses[^1] < losses[0]);
        Assert.True(Softmax.Accuracy(network.Scores(X, Tanh), y) > 0.5);
    }

    [Fact]
    public void Huge_scores_do_not_overflow()
    {
        var (network, X, y) = Fresh(hidden: 4);
        network.W2.MapInplace(_ => 1e100);

        Assert.All(network.Train(X, y, 1, cancellationToken: Token), loss => Assert.True(double.IsFinite(Math.Log(loss))));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        var (first, X, y) = Fresh();
        var (second, _, _) = Fresh();

        Assert.Equal(first.Train(X, y, 100, cancellationToken: Token), second.Train(X, y, 100, cancellationToken: Token));
        Assert.Equal(first.W1, second.W1);
    }

    [Fact]
    public void After_the_first_iteration_nothing_is_allocated()
    {
        var (network, X, y) = Fresh();
        network.Train(X, y, 20, cancellationToken: Token);

        Assert.Equal(0, Allocated(1020) - Allocated(20) - 1000 * sizeof(double));

        long Allocated(int iterations)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            network.Train(X, y, iterations, cancellationToken: Token);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Ended_training_keeps_what_it_reached()
    {
        var (network, X, y) = Fresh();
        var before = network.W1.Clone();
        using var ended = new CancellationTokenSource();
        ended.Cancel();

        Assert.Throws<OperationCanceledException>(() => network.Train(X, y, 10, cancellationToken: ended.Token));
        Assert.Equal(before, network.W1);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_shape()
    {
        var (network, X, y) = Fresh();

        Assert.Contains("(300 × 1)", Assert.Throws<ArgumentException>(() => network.Train(X.SubMatrix(0, 300, 0, 1), y, 1, cancellationToken: Token)).Message);
        Assert.Contains("299 labels", Assert.Throws<ArgumentException>(() => network.Train(X, y[1..], 1, cancellationToken: Token)).Message);
        Assert.Contains("Label 3", Assert.Throws<ArgumentException>(() => network.Train(X, [.. y[1..], 3], 1, cancellationToken: Token)).Message);
        Assert.Throws<ArgumentException>(() => network.Train(X, y, 1, 1, 1e-3, Relu, null, Token));
        Assert.Throws<ArgumentException>(() => new TwoLayerNetwork(network.W1, network.b2, network.W2, network.b2));
    }

    private static (TwoLayerNetwork Network, Matrix<double> X, int[] y) Fresh(int pointsPerClass = 100, int classes = 3, int hidden = 100)
    {
        var random = new NumpyRandom(0);
        var (X, y) = Spiral.Generate(random, pointsPerClass, classes);
        return (TwoLayerNetwork.Initialize(random, 2, hidden, classes), X, y);
    }

    private static void AssertClose(Matrix<double> expected, Matrix<double> actual, double relative) =>
        Assert.InRange((expected - actual).Enumerate().Max(Math.Abs), 0, relative * expected.Enumerate().Max(Math.Abs));
}
