using System.Runtime.Intrinsics;
using Backprop.Reference;
using MathNet.Numerics.LinearAlgebra;

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
        var training = new LayeredTraining(layered, X, y);
        var expected = Enumerable.Range(0, 50).Select(_ => training.Step(0.5, 0.01)).ToArray();

        Assert.All(expected.Zip(losses), loss => Assert.Equal(loss.First, loss.Second, 1e-11));
        AssertClose(layered.W1, fused.W1, 1e-10);
        AssertClose(layered.b1, fused.b1, 1e-10);
        AssertClose(layered.W2, fused.W2, 1e-10);
        AssertClose(layered.b2, fused.b2, 1e-10);
    }

    public static TheoryData<string, int, int, int> Nonlinearities => new(
        from name in new[] { "ReLU", "Logistic", "Tanh" }
        from size in new[] { (100, 3, 20), (171, 2, 10), (257, 4, 33) }
        select new TheoryDataRow<string, int, int, int>(name, size.Item1, size.Item2, size.Item3));

    [Theory]
    [MemberData(nameof(Nonlinearities))]
    public void With_every_nonlinearity_the_fused_way_and_the_layered_way_agree(string name, int pointsPerClass, int classes, int hidden)
    {
        var g = Named(name);
        var (fused, X, y) = Fresh(pointsPerClass, classes, hidden, 0.5, g);
        var (layered, _, _) = Fresh(pointsPerClass, classes, hidden, 0.5, g);
        Assert.True(FusedTraining.Fits(fused));

        var losses = fused.Train(X, y, 100, cancellationToken: Token);
        var training = new LayeredTraining(layered, X, y);
        var expected = Enumerable.Range(0, 100).Select(_ => training.Step(1, 1e-3)).ToArray();

        Assert.All(expected.Zip(losses), loss => Assert.Equal(loss.First, loss.Second, 1e-11));
        AssertClose(layered.W1, fused.W1, 1e-10);
        AssertClose(layered.b1, fused.b1, 1e-10);
        AssertClose(layered.W2, fused.W2, 1e-10);
        AssertClose(layered.b2, fused.b2, 1e-10);
        Assert.True(losses[^1] < losses[0]);
    }

    [Fact]
    public void With_the_logistic_function_training_follows_NumPy()
    {
        var (network, X, y) = Fresh(g: Nonlinearity.Logistic);

        var losses = network.Train(X, y, 10_000, cancellationToken: Token);

        var expected = NumpyReference.Numbers("two_layer_logistic_with_the_right_derivative", "loss_every_1000");
        Assert.All(expected.Index(), loss => Assert.Equal(loss.Item, losses[loss.Index * 1000], 1e-3));
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("Logistic")]
    [InlineData("Tanh")]
    public void The_numbers_do_not_depend_on_how_many_cores_there_are(string name)
    {
        // Three chunks, and more work than one core does by itself.
        var (X, y, hidden) = (Fresh(500).X, Fresh(500).y, 100);
        var usual = Cores.AtMost;
        var trained = new List<(double[] Losses, TwoLayerNetwork Network)>();
        try
        {
            foreach (var cores in new[] { 1, 2, 4 })
            {
                Cores.AtMost = cores;
                var network = Fresh(500, 3, hidden, g: Named(name)).Network;
                trained.Add((network.Train(X, y, 30, cancellationToken: Token), network));
            }
        }
        finally
        {
            Cores.AtMost = usual;
        }

        Assert.All(trained, run => Assert.Equal(trained[0].Losses, run.Losses));
        Assert.All(trained, run => Assert.Equal(Bits(trained[0].Network), Bits(run.Network)));
    }

    [Theory]
    [InlineData("ReLU")]
    [InlineData("Logistic")]
    [InlineData("Tanh")]
    public void The_numbers_do_not_depend_on_how_many_numbers_the_processor_takes_at_a_time(string name)
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "This processor takes four at a time at most.");
        var (four, X, y) = Fresh(171, g: Named(name));
        var (eight, _, _) = Fresh(171, g: Named(name));
        var (byFour, byEight) = (new FusedTraining(four, X, y, eightLanes: false), new FusedTraining(eight, X, y, eightLanes: true));

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(byFour.Step(1, 1e-3), byEight.Step(1, 1e-3));
        }

        byFour.WriteBack();
        byEight.WriteBack();
        Assert.Equal(Bits(four), Bits(eight));
    }

    [Fact]
    public void Training_in_two_stages_gives_the_numbers_of_training_at_once()
    {
        var (once, X, y) = Fresh();
        var (twice, _, _) = Fresh();

        once.Train(X, y, 100, cancellationToken: Token);
        twice.Train(X, y, 40, cancellationToken: Token);
        twice.Train(X, y, 60, cancellationToken: Token);

        Assert.Equal(Bits(once), Bits(twice));
    }

    [Fact]
    public void Huge_scores_do_not_overflow()
    {
        var (network, X, y) = Fresh(hidden: 4);
        network.W2.MapIndexedInplace((j, k, _) => (j + k) * 1e100);

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
        Assert.Throws<ArgumentException>(() => new TwoLayerNetwork(network.W1, network.b2, network.W2, network.b2));
    }

    [Fact]
    public void An_iteration_on_all_cores_allocates_next_to_nothing()
    {
        var (network, X, y) = Fresh(1000, hidden: 200);
        network.Train(X, y, 5, cancellationToken: Token);

        // The hidden layer of all points would be 4.8 MB.
        Assert.InRange(Allocated(105) - Allocated(5), 0, 100 * 500);

        long Allocated(int iterations)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            network.Train(X, y, iterations, cancellationToken: Token);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static Nonlinearity Named(string name) =>
        new[] { Nonlinearity.Relu, Nonlinearity.Logistic, Nonlinearity.Tanh }.Single(g => g.Name == name);

    [Fact]
    public void Without_an_example_there_is_nothing_to_train_on() =>
        Assert.Contains("X is (0 × 2)", Assert.Throws<ArgumentException>("X", () => Fresh().Network.Train(Matrix<double>.Build.Dense(0, 2), [], 2, cancellationToken: TestContext.Current.CancellationToken)).Message);

    [Fact]
    public void A_matrix_that_cannot_be_changed_element_by_element_is_no_parameter()
    {
        var (W, b) = (Matrix<double>.Build.Dense(2, 2), Matrix<double>.Build.Dense(1, 2));

        Assert.Contains("W1 is not a dense matrix", Assert.Throws<ArgumentException>("W1", () => new TwoLayerNetwork(Matrix<double>.Build.Diagonal(2, 2, 1), b, W, b)).Message);
        Assert.Contains("b2 is not a dense matrix", Assert.Throws<ArgumentException>("b2", () => new TwoLayerNetwork(W, b, W, Matrix<double>.Build.Sparse(1, 2))).Message);
    }

    private static long[] Bits(TwoLayerNetwork network) =>
        [.. new[] { network.W1, network.b1, network.W2, network.b2 }.SelectMany(matrix => matrix.Enumerate()).Select(BitConverter.DoubleToInt64Bits)];

    private static (TwoLayerNetwork Network, Matrix<double> X, int[] y) Fresh(
        int pointsPerClass = 100, int classes = 3, int hidden = 100, double initialScale = 0.01, Nonlinearity? g = null)
    {
        var random = new NumpyRandom(0);
        var (X, y) = Spiral.Generate(random, pointsPerClass, classes);
        return (TwoLayerNetwork.Initialize(random, 2, hidden, classes, initialScale, g), X, y);
    }

    private static void AssertClose(Matrix<double> expected, Matrix<double> actual, double relative) =>
        Assert.InRange((expected - actual).Enumerate().Max(Math.Abs), 0, relative * expected.Enumerate().Max(Math.Abs));
}
