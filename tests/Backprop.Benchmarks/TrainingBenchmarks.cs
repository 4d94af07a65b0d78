using Backprop.Differentiation;
using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Differentiation.Primitives;

namespace Backprop.Benchmarks;

/// <summary>A hundred iterations of each way to train the notebooks' network, and of plain MathNet.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    private const int Iterations = 100;
    private const double Lambda = 1e-3;

    private readonly int[] _y;
    private readonly Matrix<double> _x;
    private readonly Func<Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, (Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>)> _gradient;

    public TrainingBenchmarks()
    {
        (_x, _y) = Spiral.Generate(new NumpyRandom(0));
        _gradient = Gradient.Grad(ComputeLoss);
    }

    [Benchmark]
    public double[] Fused() => Network().Train(_x, _y, Iterations);

    [Benchmark]
    public double LayerByLayer()
    {
        var training = new LayeredTraining(Network(), _x, _y);
        var loss = double.NaN;
        for (var i = 0; i < Iterations; i++)
        {
            loss = training.Step(1, 1e-3);
        }

        return loss;
    }

    [Benchmark]
    public Matrix<double> AutomaticDifferentiation()
    {
        var network = Network();
        var (W1, b1, W2, b2) = (network.W1, network.b1, network.W2, network.b2);
        for (var i = 0; i < Iterations; i++)
        {
            var (dW1, db1, dW2, db2) = _gradient(W1, b1, W2, b2);
            W1 -= dW1;
            b1 -= db1;
            W2 -= dW2;
            b2 -= db2;
        }

        return W1;
    }

    [Benchmark(Baseline = true)]
    public Matrix<double> MathNet()
    {
        var network = Network();
        var (W1, b1, W2, b2) = (network.W1, network.b1, network.W2, network.b2);
        var ones = Matrix<double>.Build.Dense(_x.RowCount, 1, 1);
        for (var i = 0; i < Iterations; i++)
        {
            var Z1 = _x * W1 + ones * b1;
            var H = Z1.PointwiseMaximum(0);
            var S = H * W2 + ones * b2;
            var dS = S.PointwiseExp().NormalizeRows(1);
            for (var row = 0; row < _y.Length; row++)
            {
                dS[row, _y[row]] -= 1;
            }

            dS /= _y.Length;
            var dW2 = H.TransposeThisAndMultiply(dS) + Lambda * W2;
            var dZ1 = dS.TransposeAndMultiply(W2).PointwiseMultiply(Z1.PointwiseSign().PointwiseMaximum(0));
            var dW1 = _x.TransposeThisAndMultiply(dZ1) + Lambda * W1;
            W1 -= dW1;
            b1 -= ones.TransposeThisAndMultiply(dZ1);
            W2 -= dW2;
            b2 -= ones.TransposeThisAndMultiply(dS);
        }

        return W1;
    }

    private Variable ComputeLoss(Variable W1, Variable b1, Variable W2, Variable b2) =>
        CrossEntropy(Relu(_x * W1 + b1) * W2 + b2, _y) + Lambda / 2 * (Sum(Power(W1, 2)) + Sum(Power(W2, 2)));

    private static TwoLayerNetwork Network() => TwoLayerNetwork.Initialize(new NumpyRandom(0), 2, 100, 3);
}
