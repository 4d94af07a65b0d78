using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Benchmarks;

/// <summary>Each step of a training iteration, against the same step in plain MathNet.</summary>
[MemoryDiagnoser]
public class AlgebraBenchmarks
{
    private readonly int[] _y;
    private readonly Matrix<double> _x, _w1, _b1, _w2, _b2, _z1, _h, _s, _p, _dS, _dH, _dZ1, _dW2, _db1;

    public AlgebraBenchmarks()
    {
        var random = new NumpyRandom(0);
        (_x, _y) = Spiral.Generate(random);
        (_w1, _b1, _w2, _b2) = (random.Randn(2, 100), random.Randn(1, 100), random.Randn(100, 3), random.Randn(1, 3));
        _z1 = Algebra.Affine(_x, _w1, _b1);
        _h = Activations.Relu(_z1);
        _s = Algebra.Affine(_h, _w2, _b2);
        (_p, _dS) = (Algebra.Zeros(300, 3), Softmax.Gradient(_s, _y));
        (_dH, _dZ1) = (Algebra.MultiplyTranspose(_dS, _w2), Algebra.Zeros(300, 100));
        (_dW2, _db1) = (Algebra.Zeros(100, 3), Algebra.Zeros(1, 100));
    }

    [Benchmark]
    public Matrix<double> Affine() => Algebra.Affine(_x, _w1, _b1, _dZ1);

    [Benchmark]
    public Matrix<double> AffineInMathNet() => _x * _w1 + Matrix<double>.Build.Dense(_x.RowCount, 1, 1) * _b1;

    [Benchmark]
    public Matrix<double> Relu() => Activations.Relu(_z1, _dZ1);

    [Benchmark]
    public Matrix<double> ReluInMathNet() => _z1.PointwiseMaximum(0);

    [Benchmark]
    public Matrix<double> ReluPrime() => Activations.ReluPrime(_z1, _dZ1);

    [Benchmark]
    public Matrix<double> ReluPrimeInMathNet() => _z1.Map(z => z > 0 ? 1.0 : 0.0, Zeros.Include);

    [Benchmark]
    public Matrix<double> PointwiseMultiply() => Algebra.PointwiseMultiply(_dH, _z1, _dZ1);

    [Benchmark]
    public Matrix<double> PointwiseMultiplyInMathNet() => _dH.PointwiseMultiply(_z1);

    [Benchmark]
    public Matrix<double> AddScaled() => Algebra.AddScaled(_dH, 0.5, _z1, _dZ1);

    [Benchmark]
    public Matrix<double> AddScaledInMathNet() => _dH + 0.5 * _z1;

    [Benchmark]
    public Matrix<double> TransposeMultiply() => Algebra.TransposeMultiply(_h, _dS, _dW2);

    [Benchmark]
    public Matrix<double> TransposeMultiplyInMathNet() => _h.TransposeThisAndMultiply(_dS);

    [Benchmark]
    public Matrix<double> MultiplyTranspose() => Algebra.MultiplyTranspose(_dS, _w2, _dH);

    [Benchmark]
    public Matrix<double> MultiplyTransposeInMathNet() => _dS.TransposeAndMultiply(_w2);

    [Benchmark]
    public Matrix<double> ColumnSums() => Algebra.ColumnSums(_h, _db1);

    [Benchmark]
    public Vector<double> ColumnSumsInMathNet() => _h.ColumnSums();

    [Benchmark]
    public double CrossEntropy() => Softmax.CrossEntropy(_s, _y);

    [Benchmark]
    public double CrossEntropyInMathNet()
    {
        var probabilities = _s.PointwiseExp().NormalizeRows(1);
        var loss = 0.0;
        for (var i = 0; i < _y.Length; i++)
        {
            loss -= Math.Log(probabilities[i, _y[i]]);
        }

        return loss / _y.Length;
    }

    [Benchmark]
    public Matrix<double> Probabilities() => Softmax.Probabilities(_s, _p);

    [Benchmark]
    public Matrix<double> ProbabilitiesInMathNet() => _s.PointwiseExp().NormalizeRows(1);
}
