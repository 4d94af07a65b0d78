using Backprop.Differentiation;
using Backprop.Reference;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Activations;
using static Backprop.Algebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;

namespace Backprop.Tests;

/// <summary>The training loops of the notebooks give NumPy's numbers.</summary>
public class TrainingTests
{
    private const double Lambda = 1e-3;
    private const int Hidden = 100;
    private const int Classes = 3;

    private readonly NumpyRandom _random = new(0);
    private readonly Matrix<double> _x;
    private readonly int[] _y;
    private readonly int _m;

    public TrainingTests()
    {
        (_x, _y) = Spiral.Generate(_random);
        _m = _y.Length;
    }

    [Fact]
    public void The_hand_written_two_layer_network_follows_NumPy_for_10000_iterations()
    {
        var network = new HandWritten(this, 0.01);
        var losses = Enumerable.Range(0, 10_000).Select(_ => network.Step(Relu, ReluPrime, derivativeAtInput: true)).ToArray();

        AssertFollows(NumpyReference.Numbers("two_layer_relu_hand_written", "loss_every_1000"), losses, 1000, 1e-5);
        Assert.Equal(NumpyReference.Number("two_layer_relu_hand_written", "loss_at_9999"), losses[9999], 1e-5);
        Assert.Equal(NumpyReference.Number("two_layer_relu_hand_written", "training_accuracy"), Softmax.Accuracy(network.Scores(_x), _y), 12);
        AssertPredicts(NumpyReference.Text("two_layer_relu_hand_written", "mesh_prediction_row_major"), Softmax.ArgMax(network.Scores(Mesh.Around(_x).Points)));
    }

    [Fact]
    public void The_hand_written_network_has_NumPys_parameters_after_1000_iterations()
    {
        var network = new HandWritten(this, 0.01);
        var losses = Enumerable.Range(0, 1000).Select(_ => network.Step(Relu, ReluPrime, derivativeAtInput: true)).ToArray();

        AssertFollows(NumpyReference.Numbers("two_layer_relu_first_1000", "loss_every_100"), losses, 100, 1e-9 * 0.3);
        AssertParametersAfter1000(network.W1, network.b1, network.W2, network.b2);
    }

    [Fact]
    public void The_network_with_automatic_differentiation_has_NumPys_parameters_after_1000_iterations()
    {
        Variable ComputeLoss(Variable W1, Variable b1, Variable W2, Variable b2)
        {
            var H = Relu(_x * W1 + b1);
            var scores = H * W2 + b2;
            var expScores = Exp(scores - RowMax(scores));
            var P = expScores / RowSums(expScores);
            return -Sum(Log(Gather(P, _y))) / _m + 0.5 * Lambda * (Sum(Power(W1, 2)) + Sum(Power(W2, 2)));
        }

        var gradient = Grad(ComputeLoss);
        var (W1, b1, W2, b2) = Initial(0.01);
        var losses = new double[1000];
        for (var i = 0; i < losses.Length; i++)
        {
            losses[i] = (double)ComputeLoss(W1, b1, W2, b2);
            var (dW1, db1, dW2, db2) = gradient(W1, b1, W2, b2);
            W1 -= dW1;
            b1 -= db1;
            W2 -= dW2;
            b2 -= db2;
        }

        AssertFollows(NumpyReference.Numbers("two_layer_relu_first_1000", "loss_every_100"), losses, 100, 1e-9 * 0.3);
        AssertParametersAfter1000(W1, b1, W2, b2);
    }

    [Fact]
    public void The_network_with_automatic_differentiation_follows_autograd_for_10000_iterations()
    {
        Variable ComputeLoss(Variable W1, Variable b1, Variable W2, Variable b2) =>
            CrossEntropy(Relu(_x * W1 + b1) * W2 + b2, _y) + 0.5 * Lambda * (Sum(Power(W1, 2)) + Sum(Power(W2, 2)));

        var gradient = Grad(ComputeLoss);
        var (W1, b1, W2, b2) = Initial(0.01);
        var expected = NumpyReference.Numbers("two_layer_relu_autograd", "loss_every_1000");
        for (var i = 0; i < 10_000; i++)
        {
            if (i % 1000 == 0)
            {
                Assert.Equal(expected[i / 1000], (double)ComputeLoss(W1, b1, W2, b2), 1e-5);
            }

            var (dW1, db1, dW2, db2) = gradient(W1, b1, W2, b2);
            W1 -= dW1;
            b1 -= db1;
            W2 -= dW2;
            b2 -= db2;
        }
    }

    [Theory]
    [InlineData("two_layer_logistic_as_printed_in_the_original", false)]
    [InlineData("two_layer_logistic_with_the_right_derivative", true)]
    public void With_the_logistic_function_where_the_derivative_is_taken_decides(string reference, bool derivativeAtInput)
    {
        var network = new HandWritten(this, 0.01);
        var losses = Enumerable.Range(0, 10_000).Select(_ => network.Step(Logistic, LogisticPrime, derivativeAtInput)).ToArray();

        // With a saturating activation the runs drift apart sooner: NumPy's own, on another processor, by as much.
        AssertFollows(NumpyReference.Numbers(reference, "loss_every_1000"), losses, 1000, 1e-3);
        Assert.Equal(NumpyReference.Number(reference, "training_accuracy"), Softmax.Accuracy(network.Scores(_x, Logistic), _y), 0.05);
    }

    [Fact]
    public void Softmax_regression_has_NumPys_losses_parameters_and_predictions()
    {
        var W = _random.Randn(2, Classes) * 0.01;
        var b = Zeros(1, Classes);
        Assert.Equal(NumpyReference.Matrix(2, Classes, "softmax_regression", "W_init"), W);

        var losses = new double[200];
        for (var i = 0; i < losses.Length; i++)
        {
            var scores = Affine(_x, W, b);
            losses[i] = Softmax.CrossEntropy(scores, _y) + 0.5 * Lambda * SumOfSquares(W);
            var dS = Softmax.Gradient(scores, _y);
            b -= ColumnSums(dS);
            W -= TransposeMultiply(_x, dS) + Lambda * W;
        }

        AssertFollows(NumpyReference.Numbers("softmax_regression", "loss_every_10"), losses, 10, 1e-9 * 0.7);
        AssertClose(NumpyReference.Matrix(2, Classes, "softmax_regression", "W"), W, 1e-9);
        AssertClose(NumpyReference.Matrix(1, Classes, "softmax_regression", "b"), b, 1e-9);
        Assert.Equal(NumpyReference.Number("softmax_regression", "training_accuracy"), Softmax.Accuracy(Affine(_x, W, b), _y), 12);
        AssertPredicts(NumpyReference.Text("softmax_regression", "mesh_prediction_row_major"), Softmax.ArgMax(Affine(Mesh.Around(_x).Points, W, b)));
    }

    [Fact]
    public void A_hand_written_iteration_makes_no_new_matrices()
    {
        var network = new HandWritten(this, 0.01);

        // The smallest matrix of the loop that depends on the data, (300 × 3), would be 7.2 kB.
        Assert.InRange(AllocatedBy(() => network.Step(Relu, ReluPrime, derivativeAtInput: true)), 0, 1000);
    }

    [Fact]
    public void A_gradient_call_uses_its_matrices_again()
    {
        var gradient = Grad((W1, b1, W2, b2) =>
            CrossEntropy(Relu(_x * W1 + b1) * W2 + b2, _y) + 0.5 * Lambda * (Sum(Power(W1, 2)) + Sum(Power(W2, 2))));
        var (W1, b1, W2, b2) = Initial(0.01);

        // One matrix of the hidden layer, (300 × 100), is 240 kB.
        Assert.InRange(AllocatedBy(() => gradient(W1, b1, W2, b2)), 0, 50_000);
    }

    /// <summary>Bytes that one of many iterations allocates on average, after the first few.</summary>
    private static long AllocatedBy(Action iteration)
    {
        const int iterations = 10;
        for (var i = 0; i < iterations; i++)
        {
            iteration();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < iterations; i++)
        {
            iteration();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / iterations;
    }

    private (Matrix<double> W1, Matrix<double> b1, Matrix<double> W2, Matrix<double> b2) Initial(double scale) =>
        (_random.Randn(2, Hidden) * scale, Zeros(1, Hidden), _random.Randn(Hidden, Classes) * scale, Zeros(1, Classes));

    private static void AssertParametersAfter1000(Matrix<double> W1, Matrix<double> b1, Matrix<double> W2, Matrix<double> b2)
    {
        AssertClose(NumpyReference.Matrix(2, Hidden, "two_layer_relu_first_1000", "W1_after_1000"), W1, 1e-9);
        AssertClose(NumpyReference.Matrix(1, Hidden, "two_layer_relu_first_1000", "b1_after_1000"), b1, 1e-9);
        AssertClose(NumpyReference.Matrix(Hidden, Classes, "two_layer_relu_first_1000", "W2_after_1000"), W2, 1e-9);
        AssertClose(NumpyReference.Matrix(1, Classes, "two_layer_relu_first_1000", "b2_after_1000"), b2, 1e-9);
    }

    private static void AssertFollows(double[] expected, double[] losses, int every, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], losses[i * every], tolerance);
        }
    }

    /// <summary>
    /// Every element, relative to the largest one: those near 0 are differences of larger numbers, and there
    /// NumPy with another processor's BLAS kernels is itself 1.3e-9 of the element away.
    /// </summary>
    private static void AssertClose(Matrix<double> expected, Matrix<double> actual, double relative)
    {
        var tolerance = relative * Math.Max(expected.Enumerate().Max(Math.Abs), double.Epsilon);
        Assert.All(expected.EnumerateIndexed(), element => Assert.Equal(element.Item3, actual[element.Item1, element.Item2], tolerance));
    }

    private static void AssertPredicts(string expected, int[] predicted)
    {
        Assert.Equal(expected.Length, predicted.Length);
        var equal = predicted.Where((k, i) => k == expected[i] - '0').Count();
        Assert.True(equal >= 0.999 * predicted.Length, $"Only {equal} of {predicted.Length} mesh predictions equal NumPy's.");
    }

    /// <summary>Notebook 5's loop.</summary>
    private sealed class HandWritten
    {
        private readonly TrainingTests _data;
        private readonly Matrix<double> _z1, _h, _s, _p, _dS, _dW1, _db1, _dW2, _db2, _dH, _gPrimeOfZ1, _dZ1;

        public HandWritten(TrainingTests data, double scale)
        {
            _data = data;
            (W1, b1, W2, b2) = data.Initial(scale);
            (_z1, _h, _dH, _gPrimeOfZ1, _dZ1) = (Zeros(data._m, Hidden), Zeros(data._m, Hidden), Zeros(data._m, Hidden), Zeros(data._m, Hidden), Zeros(data._m, Hidden));
            (_s, _p, _dS) = (Zeros(data._m, Classes), Zeros(data._m, Classes), Zeros(data._m, Classes));
            (_dW1, _db1, _dW2, _db2) = (Zeros(2, Hidden), Zeros(1, Hidden), Zeros(Hidden, Classes), Zeros(1, Classes));
        }

        public Matrix<double> W1 { get; }

        public Matrix<double> b1 { get; }

        public Matrix<double> W2 { get; }

        public Matrix<double> b2 { get; }

        public Matrix<double> Scores(Matrix<double> points) => Scores(points, Relu);

        public Matrix<double> Scores(Matrix<double> points, Func<Matrix<double>, Matrix<double>> g) => Affine(g(Affine(points, W1, b1)), W2, b2);

        public double Step(
            Func<Matrix<double>, Matrix<double>, Matrix<double>> g,
            Func<Matrix<double>, Matrix<double>, Matrix<double>> gPrime,
            bool derivativeAtInput)
        {
            Affine(_data._x, W1, b1, _z1);
            g(_z1, _h);
            Affine(_h, W2, b2, _s);
            Softmax.Probabilities(_s, _p);
            var loss = Softmax.CrossEntropy(_s, _data._y) + 0.5 * Lambda * (SumOfSquares(W1) + SumOfSquares(W2));

            _p.CopyTo(_dS);
            for (var i = 0; i < _data._m; i++)
            {
                _dS[i, _data._y[i]] -= 1;
            }

            Scale(_dS, 1.0 / _data._m, _dS);
            TransposeMultiply(_h, _dS, _dW2);
            ColumnSums(_dS, _db2);
            MultiplyTranspose(_dS, W2, _dH);
            PointwiseMultiply(_dH, gPrime(derivativeAtInput ? _z1 : _h, _gPrimeOfZ1), _dZ1);
            TransposeMultiply(_data._x, _dZ1, _dW1);
            ColumnSums(_dZ1, _db1);
            AddScaled(_dW2, Lambda, W2, _dW2);
            AddScaled(_dW1, Lambda, W1, _dW1);

            AddScaled(W1, -1, _dW1, W1);
            AddScaled(b1, -1, _db1, b1);
            AddScaled(W2, -1, _dW2, W2);
            AddScaled(b2, -1, _db2, b2);
            return loss;
        }
    }
}
