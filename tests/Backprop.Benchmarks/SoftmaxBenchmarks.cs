using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Benchmarks;

/// <summary>The two hundred iterations of softmax regression in notebook 2, and in plain MathNet.</summary>
[MemoryDiagnoser]
public class SoftmaxBenchmarks
{
    private const int Iterations = 200;
    private const double Lambda = 1e-3;

    private readonly int[] _y;
    private readonly Matrix<double> _x;

    public SoftmaxBenchmarks() => (_x, _y) = Spiral.Generate(new NumpyRandom(0));

    [Benchmark]
    public Matrix<double> Ours()
    {
        var (W, b) = (Algebra.Zeros(2, 3), Algebra.Zeros(1, 3));
        for (var i = 0; i < Iterations; i++)
        {
            var dS = Softmax.Gradient(Algebra.Affine(_x, W, b), _y);
            var dW = Algebra.AddScaled(Algebra.TransposeMultiply(_x, dS), Lambda, W);
            Algebra.AddScaled(W, -1, dW, W);
            Algebra.AddScaled(b, -1, Algebra.ColumnSums(dS), b);
        }

        return W;
    }

    [Benchmark(Baseline = true)]
    public Matrix<double> MathNet()
    {
        var (W, b) = (Matrix<double>.Build.Dense(2, 3), Matrix<double>.Build.Dense(1, 3));
        var ones = Matrix<double>.Build.Dense(_x.RowCount, 1, 1);
        for (var i = 0; i < Iterations; i++)
        {
            var dS = (_x * W + ones * b).PointwiseExp().NormalizeRows(1);
            for (var row = 0; row < _y.Length; row++)
            {
                dS[row, _y[row]] -= 1;
            }

            dS /= _y.Length;
            W -= _x.TransposeThisAndMultiply(dS) + Lambda * W;
            b -= ones.TransposeThisAndMultiply(dS);
        }

        return W;
    }
}
