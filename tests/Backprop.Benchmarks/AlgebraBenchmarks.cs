using BenchmarkDotNet.Attributes;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Benchmarks;

/// <summary>Each step of a training iteration, against the same step in plain MathNet.</summary>
[MemoryDiagnoser]
public class AlgebraBenchmarks
{
    private readonly int[] y;
    private readonly Matrix<double> X, W1, b1, W2, b2, Z1, H, S, P, dS, dH, dZ1, dW2, db1;

    public AlgebraBenchmarks()
    {
        var random = new NumpyRandom(0);
        (X, y) = Spiral.Generate(random);
        (W1, b1, W2, b2) = (random.Randn(2, 100), random.Randn(1, 100), random.Randn(100, 3), random.Randn(1, 3));
        Z1 = Algebra.Affine(X, W1, b1);
        H = Activations.Relu(Z1);
        S = Algebra.Affine(H, W2, b2);
        (P, dS) = (Algebra.Zeros(300, 3), Softmax.Gradient(S, y));
        (dH, dZ1) = (Algebra.MultiplyTranspose(dS, W2), Algebra.Zeros(300, 100));
        (dW2, db1) = (Algebra.Zeros(100, 3), Algebra.Zeros(1, 100));
    }

    [Benchmark]
    public Matrix<double> Affine() => Algebra.Affine(X, W1, b1, dZ1);

    [Benchmark]
    public Matrix<double> AffineInMathNet() => X * W1 + Matrix<double>.Build.Dense(X.RowCount, 1, 1) * b1;

    [Benchmark]
    public Matrix<double> Relu() => Activations.Relu(Z1, dZ1);

    [Benchmark]
    public Matrix<double> ReluInMathNet() => Z1.PointwiseMaximum(0);

    [Benchmark]
    public Matrix<double> ReluPrime() => Activations.ReluPrime(Z1, dZ1);

    [Benchmark]
    public Matrix<double> ReluPrimeInMathNet() => Z1.Map(z => z > 0 ? 1.0 : 0.0, Zeros.Include);

    [Benchmark]
    public Matrix<double> PointwiseMultiply() => Algebra.PointwiseMultiply(dH, Z1, dZ1);

    [Benchmark]
    public Matrix<double> PointwiseMultiplyInMathNet() => dH.PointwiseMultiply(Z1);

    [Benchmark]
    public Matrix<double> AddScaled() => Algebra.AddScaled(dH, 0.5, Z1, dZ1);

    [Benchmark]
    public Matrix<double> AddScaledInMathNet() => dH + 0.5 * Z1;

    [Benchmark]
    public Matrix<double> TransposeMultiply() => Algebra.TransposeMultiply(H, dS, dW2);

    [Benchmark]
    public Matrix<double> TransposeMultiplyInMathNet() => H.TransposeThisAndMultiply(dS);

    [Benchmark]
    public Matrix<double> MultiplyTranspose() => Algebra.MultiplyTranspose(dS, W2, dH);

    [Benchmark]
    public Matrix<double> MultiplyTransposeInMathNet() => dS.TransposeAndMultiply(W2);

    [Benchmark]
    public Matrix<double> ColumnSums() => Algebra.ColumnSums(H, db1);

    [Benchmark]
    public Vector<double> ColumnSumsInMathNet() => H.ColumnSums();

    [Benchmark]
    public double CrossEntropy() => Softmax.CrossEntropy(S, y);

    [Benchmark]
    public double CrossEntropyInMathNet()
    {
        var probabilities = S.PointwiseExp().NormalizeRows(1);
        var loss = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            loss -= Math.Log(probabilities[i, y[i]]);
        }

        return loss / y.Length;
    }

    [Benchmark]
    public Matrix<double> Probabilities() => Softmax.Probabilities(S, P);

    [Benchmark]
    public Matrix<double> ProbabilitiesInMathNet() => S.PointwiseExp().NormalizeRows(1);
}
