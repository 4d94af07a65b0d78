using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;

namespace Backprop.Tests;

public class NonlinearityTests
{
    private static readonly Nonlinearity s_leaky = new("leaky {ReLU}", z => z > 0 ? z : z / 10, z => z > 0 ? 1 : 0.1);
    private static readonly Matrix<double> s_z = new NumpyRandom(3).Randn(4, 5);

    public static TheoryData<Nonlinearity> All => [Nonlinearity.Relu, Nonlinearity.Logistic, Nonlinearity.Tanh, s_leaky];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_librarys_three_are_its_functions()
    {
        var (relu, reluPrime) = Nonlinearity.Relu;
        var (logistic, logisticPrime) = Nonlinearity.Logistic;
        var (tanh, tanhPrime) = Nonlinearity.Tanh;

        Assert.Equal([Activations.Relu(s_z), Activations.Logistic(s_z), Activations.Tanh(s_z)], [relu(s_z), logistic(s_z), tanh(s_z)]);
        Assert.Equal([Activations.ReluPrime(s_z), Activations.LogisticPrime(s_z), Activations.TanhPrime(s_z)], [reluPrime(s_z), logisticPrime(s_z), tanhPrime(s_z)]);
        Assert.Equal(["ReLU", "Logistic", "Tanh"], new[] { Nonlinearity.Relu, Nonlinearity.Logistic, Nonlinearity.Tanh }.Select(one => $"{one}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Function_and_derivative_make_new_matrices_and_agree(Nonlinearity nonlinearity)
    {
        var (g, gPrime) = nonlinearity;
        var before = s_z.Clone();

        var slopes = gPrime(s_z);

        Assert.NotSame(s_z, g(s_z));
        Assert.NotSame(slopes, gPrime(s_z));
        Assert.Equal(before, s_z);
        AssertClose((g(s_z + 1e-6) - g(s_z - 1e-6)) / 2e-6, slopes, 1e-8);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Automatic_differentiation_takes_the_same_function_and_the_same_derivative(Nonlinearity nonlinearity)
    {
        var (g, gPrime) = nonlinearity;

        Assert.Equal(g(s_z), Apply(nonlinearity, s_z).Value);
        Assert.Equal(gPrime(s_z), Grad((Variable V) => Sum(Apply(nonlinearity, V)))(s_z));
        Assert.StartsWith($"{nonlinearity.Name}(", Trace((Variable V) => Sum(Apply(nonlinearity, V)))(s_z).Nodes[1].Formula);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_network_is_trained_with_its_own_nonlinearity_and_scores_with_it(Nonlinearity nonlinearity)
    {
        var (X, y) = Spiral.Generate(new NumpyRandom(0), 10);
        var network = TwoLayerNetwork.Initialize(new NumpyRandom(1), 2, 7, 3, 0.5, nonlinearity);
        var (W1, b1, W2, b2) = (network.W1.Clone(), network.b1.Clone(), network.W2.Clone(), network.b2.Clone());
        Variable Scores(Variable points) => Apply(nonlinearity, points * W1 + b1) * W2 + b2;
        AssertClose(Scores(X).Value, network.Scores(X), 1e-12);
        var gradient = Grad((W, b, V, c) =>
            CrossEntropy(Apply(nonlinearity, X * W + b) * V + c, y) + 0.005 * (Sum(Power(W, 2)) + Sum(Power(V, 2))));

        network.Train(X, y, 3, stepSize: 0.5, lambda: 0.01, cancellationToken: Token);
        for (var i = 0; i < 3; i++)
        {
            var (dW1, db1, dW2, db2) = gradient(W1, b1, W2, b2);
            (W1, b1, W2, b2) = (W1 - 0.5 * dW1, b1 - 0.5 * db1, W2 - 0.5 * dW2, b2 - 0.5 * db2);
        }

        AssertClose(W1, network.W1, 1e-12);
        AssertClose(b2, network.b2, 1e-12);
    }

    [Fact]
    public void A_function_that_is_missing_is_named() =>
        Assert.Equal("gPrime", Assert.Throws<ArgumentNullException>(() => new Nonlinearity("mine", z => z, null!)).ParamName);

    private static void AssertClose(Matrix<double> expected, Matrix<double> actual, double tolerance) =>
        Assert.InRange((expected - actual).PointwiseAbs().Enumerate().Max(), 0, tolerance);
}
