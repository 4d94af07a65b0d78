using MathNet.Numerics.LinearAlgebra;
using static Backprop.Algebra;

namespace Backprop;

/// <summary>
/// Training of a two-layer network layer by layer, in the lines of notebook 5. They write into matrices that are made once,
/// and what is no longer needed gives its place to its gradient: the smaller what they work on, the more of it is in the
/// cache.
/// </summary>
internal sealed class LayeredTraining(TwoLayerNetwork network, Matrix<double> X, int[] y)
{
    private readonly Nonlinearity _g = network.Nonlinearity;
    private readonly Matrix<double> _w1 = network.W1, _b1 = network.b1, _w2 = network.W2, _b2 = network.b2;
    private readonly Matrix<double> _dW1 = Like(network.W1), _db1 = Like(network.b1), _dW2 = Like(network.W2), _db2 = Like(network.b2);
    private readonly Matrix<double> _z1 = Zeros(y.Length, network.W1.ColumnCount);
    private readonly Matrix<double> _h = Zeros(y.Length, network.W1.ColumnCount);
    private readonly Matrix<double> _s = Zeros(y.Length, network.W2.ColumnCount);

    /// <summary>One pass forward and backward, and a step downhill.</summary>
    /// <returns>The loss before the step.</returns>
    public double Step(double stepSize, double lambda)
    {
        Affine(X, _w1, _b1, _z1);
        _g.Function(_z1, _h);
        Affine(_h, _w2, _b2, _s);
        var loss = Softmax.CrossEntropy(_s, y) + lambda / 2 * (SumOfSquares(_w1) + SumOfSquares(_w2));

        var dS = Softmax.Gradient(_s, y, _s);
        TransposeMultiply(_h, dS, _dW2);
        ColumnSums(dS, _db2);
        var dH = MultiplyTranspose(dS, _w2, _h);
        var dZ1 = _g.Back(dH, _z1, _z1);      // dH ⊙ g'(Z1)
        TransposeMultiply(X, dZ1, _dW1);
        ColumnSums(dZ1, _db1);

        AddScaled(_w1, -stepSize, AddScaled(_dW1, lambda, _w1, _dW1), _w1);
        AddScaled(_b1, -stepSize, _db1, _b1);
        AddScaled(_w2, -stepSize, AddScaled(_dW2, lambda, _w2, _dW2), _w2);
        AddScaled(_b2, -stepSize, _db2, _b2);
        return loss;
    }

    private static Matrix<double> Like(Matrix<double> A) => Zeros(A.RowCount, A.ColumnCount);
}
