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
    private readonly Nonlinearity g = network.Nonlinearity;
    private readonly Matrix<double> W1 = network.W1, b1 = network.b1, W2 = network.W2, b2 = network.b2;
    private readonly Matrix<double> dW1 = Like(network.W1), db1 = Like(network.b1), dW2 = Like(network.W2), db2 = Like(network.b2);
    private readonly Matrix<double> Z1 = Zeros(y.Length, network.W1.ColumnCount);
    private readonly Matrix<double> H = Zeros(y.Length, network.W1.ColumnCount);
    private readonly Matrix<double> S = Zeros(y.Length, network.W2.ColumnCount);

    /// <summary>One pass forward and backward, and a step downhill.</summary>
    /// <returns>The loss before the step.</returns>
    public double Step(double stepSize, double lambda)
    {
        Affine(X, W1, b1, Z1);
        g.Function(Z1, H);
        Affine(H, W2, b2, S);
        var loss = Softmax.CrossEntropy(S, y) + lambda / 2 * (SumOfSquares(W1) + SumOfSquares(W2));

        var dS = Softmax.Gradient(S, y, S);
        TransposeMultiply(H, dS, dW2);
        ColumnSums(dS, db2);
        var dH = MultiplyTranspose(dS, W2, H);
        var dZ1 = g.Back(dH, Z1, Z1);      // dH ⊙ g'(Z1)
        TransposeMultiply(X, dZ1, dW1);
        ColumnSums(dZ1, db1);

        AddScaled(W1, -stepSize, AddScaled(dW1, lambda, W1, dW1), W1);
        AddScaled(b1, -stepSize, db1, b1);
        AddScaled(W2, -stepSize, AddScaled(dW2, lambda, W2, dW2), W2);
        AddScaled(b2, -stepSize, db2, b2);
        return loss;
    }

    private static Matrix<double> Like(Matrix<double> A) => Zeros(A.RowCount, A.ColumnCount);
}
