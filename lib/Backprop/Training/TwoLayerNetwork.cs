using System.Runtime.Intrinsics;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Algebra;

namespace Backprop;

/// <summary>
/// The network of the notebooks, ready to be trained many times: H = g(X W1 + 1 b1), S = H W2 + 1 b2.
/// </summary>
public sealed class TwoLayerNetwork
{
    /// <summary>Takes over parameters that exist; training changes them in place.</summary>
    /// <param name="W1">(d × h)</param>
    /// <param name="b1">(1 × h)</param>
    /// <param name="W2">(h × K)</param>
    /// <param name="b2">(1 × K)</param>
    /// <param name="nonlinearity">g and its derivative; ReLU when left out.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a matrix is not dense.</exception>
    public TwoLayerNetwork(Matrix<double> W1, Matrix<double> b1, Matrix<double> W2, Matrix<double> b2, Nonlinearity? nonlinearity = null)
    {
        ArgumentNullException.ThrowIfNull(W1);
        ArgumentNullException.ThrowIfNull(b1);
        ArgumentNullException.ThrowIfNull(W2);
        ArgumentNullException.ThrowIfNull(b2);
        Shape.ThrowIfNot(b1, 1, W1.ColumnCount, nameof(b1));
        Shape.ThrowIfNot(W2, W1.ColumnCount, W2.ColumnCount, nameof(W2));
        Shape.ThrowIfNot(b2, 1, W2.ColumnCount, nameof(b2));
        Shape.ThrowIfNotDense(W1, nameof(W1));
        Shape.ThrowIfNotDense(b1, nameof(b1));
        Shape.ThrowIfNotDense(W2, nameof(W2));
        Shape.ThrowIfNotDense(b2, nameof(b2));
        (this.W1, this.b1, this.W2, this.b2) = (W1, b1, W2, b2);
        Nonlinearity = nonlinearity ?? Nonlinearity.Relu;
    }

    /// <summary>Weights of the hidden layer: (d × h).</summary>
    public Matrix<double> W1 { get; }

    /// <summary>Biases of the hidden layer: (1 × h).</summary>
    public Matrix<double> b1 { get; }

    /// <summary>Weights of the scores: (h × K).</summary>
    public Matrix<double> W2 { get; }

    /// <summary>Biases of the scores: (1 × K).</summary>
    public Matrix<double> b2 { get; }

    /// <summary>What the network is trained with and what its scores are computed with.</summary>
    public Nonlinearity Nonlinearity { get; }

    /// <summary>A network with small random weights, drawn as the notebooks draw them, and biases of 0.</summary>
    /// <param name="random">Where the weights come from: first W1, then W2, row by row.</param>
    /// <param name="inputs">Numbers that describe an example, d; 2 for a point.</param>
    /// <param name="hidden">Hidden units, h.</param>
    /// <param name="classes">Classes, K.</param>
    /// <param name="initialScale">Standard deviation of the weights.</param>
    /// <param name="nonlinearity">g and its derivative; ReLU when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1.</exception>
    public static TwoLayerNetwork Initialize(
        NumpyRandom random, int inputs, int hidden, int classes, double initialScale = 0.01, Nonlinearity? nonlinearity = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        var W1 = random.Randn(inputs, hidden) * initialScale;
        return new TwoLayerNetwork(W1, Zeros(1, hidden), random.Randn(hidden, classes) * initialScale, Zeros(1, classes), nonlinearity);
    }

    /// <summary>The scores of every class.</summary>
    /// <param name="X">One example a row: (m × d).</param>
    /// <returns>(m × K)</returns>
    /// <exception cref="ArgumentException">X has not d columns.</exception>
    public Matrix<double> Scores(Matrix<double> X)
    {
        var Z1 = Affine(X, W1, b1);
        return Affine(Nonlinearity.Function(Z1, Z1), W2, b2);
    }

    /// <summary>
    /// Changes the parameters by gradient descent, with the notebooks' loss and the notebooks' numbers. A training that
    /// diverges says so on the console (see <see cref="Losses.SayIfDiverged"/>), except in a <see cref="Sweep"/>.
    /// </summary>
    /// <param name="X">One example a row: (m × d).</param>
    /// <param name="y">The class of each example, 0 to K − 1: length m.</param>
    /// <param name="iterations">How many steps, 0 or more.</param>
    /// <param name="stepSize">What the gradient is multiplied by.</param>
    /// <param name="lambda">Strength of the regularisation.</param>
    /// <param name="cancellationToken">Ends training between two steps; the parameters keep what was reached.</param>
    /// <returns>The loss before each step: length <paramref name="iterations"/>.</returns>
    /// <exception cref="ArgumentException">Shapes or labels do not fit, or there is no example.</exception>
    /// <exception cref="OperationCanceledException">Training was ended.</exception>
    public double[] Train(
        Matrix<double> X,
        int[] y,
        int iterations,
        double stepSize = 1,
        double lambda = 1e-3,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        Shape.ThrowIfNot(X, X.RowCount, W1.RowCount, nameof(X));
        Shape.ThrowIfEmpty(X, nameof(X));
        Shape.ThrowIfNotLabels(X.RowCount, W2.ColumnCount, y, nameof(y));
        var losses = new double[iterations];
        if (FusedTraining.Fits(this))
        {
            var training = new FusedTraining(this, X, y, Vector512.IsHardwareAccelerated);
            Repeat(() => training.Step(stepSize, lambda), losses, training.WriteBack, cancellationToken);
        }
        else
        {
            var training = new LayeredTraining(this, X, y);
            Repeat(() => training.Step(stepSize, lambda), losses, () => { }, cancellationToken);
        }

        if (!Sweep.IsUnderWay)
        {
            Losses.SayIfDiverged(losses);
        }

        return losses;
    }

    private static void Repeat(Func<double> step, double[] losses, Action end, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < losses.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                HostStop.ThrowIfAsked();
                losses[i] = step();
            }
        }
        finally
        {
            end();
        }
    }
}
