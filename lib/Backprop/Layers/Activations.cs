using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>A nonlinearity, or the derivative of one, that writes its result for every element of Z into a matrix of the same shape.</summary>
/// <param name="Z">The input of the layer's activation.</param>
/// <param name="into">Where to write the result; Z itself if you like.</param>
/// <returns><paramref name="into"/></returns>
internal delegate Matrix<double> Activation(Matrix<double> Z, Matrix<double> into);

/// <summary>
/// Nonlinearities and their derivatives, element by element: for numbers, for matrices, and for matrices into a
/// matrix that is there already. Any pair serves as the notebooks' <c>g</c> and <c>gPrime</c>.
/// </summary>
/// <remarks>
/// Each derivative takes what went <em>into</em> the activation, Z, not what came out of it.
/// Formulas: Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 6.3.
/// </remarks>
public static class Activations
{
    /// <summary>The rectified linear unit, max(0, z).</summary>
    /// <param name="z">Any number; NaN stays NaN.</param>
    public static double Relu(double z) => Math.Max(0, z);

    /// <summary>The derivative of <see cref="Relu(double)"/>: 1 above 0, else 0 (0 at 0, by convention).</summary>
    /// <param name="z">The input of the activation.</param>
    public static double ReluPrime(double z) => z > 0 ? 1 : 0;

    /// <summary>The logistic function, 1 / (1 + e⁻ᶻ), which overflows for no finite z.</summary>
    /// <param name="z">Any number.</param>
    public static double Logistic(double z)
    {
        var e = Math.Exp(-Math.Abs(z));
        return (z >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>The derivative of <see cref="Logistic(double)"/>: σ(z) (1 − σ(z)), computed as σ(z) σ(−z).</summary>
    /// <param name="z">The input of the activation.</param>
    public static double LogisticPrime(double z)
    {
        var e = Math.Exp(-Math.Abs(z));
        return e / ((1 + e) * (1 + e));
    }

    /// <summary>The hyperbolic tangent.</summary>
    /// <param name="z">Any number.</param>
    public static double Tanh(double z) => Math.Tanh(z);

    /// <summary>The derivative of <see cref="Tanh(double)"/>: 1 − tanh²(z).</summary>
    /// <param name="z">The input of the activation.</param>
    public static double TanhPrime(double z)
    {
        var t = Math.Tanh(z);
        return 1 - t * t;
    }

    /// <inheritdoc cref="Relu(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <returns>A new matrix of the same shape.</returns>
    public static Matrix<double> Relu(Matrix<double> Z) => Relu(Z, LikeOf(Z));

    /// <inheritdoc cref="Relu(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <param name="into">Where to write the result, of the same shape; Z itself if you like.</param>
    /// <returns><paramref name="into"/></returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> Relu(Matrix<double> Z, Matrix<double> into) =>
        Apply(Elementwise.Relu, Z, into);

    /// <inheritdoc cref="ReluPrime(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <returns>A new matrix of the same shape.</returns>
    public static Matrix<double> ReluPrime(Matrix<double> Z) => ReluPrime(Z, LikeOf(Z));

    /// <inheritdoc cref="ReluPrime(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <param name="into">Where to write the result, of the same shape; Z itself if you like.</param>
    /// <returns><paramref name="into"/></returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> ReluPrime(Matrix<double> Z, Matrix<double> into) => Apply(Elementwise.ReluPrime, Z, into);

    /// <inheritdoc cref="Logistic(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <returns>A new matrix of the same shape.</returns>
    public static Matrix<double> Logistic(Matrix<double> Z) => Logistic(Z, LikeOf(Z));

    /// <inheritdoc cref="Logistic(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <param name="into">Where to write the result, of the same shape; Z itself if you like.</param>
    /// <returns><paramref name="into"/></returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> Logistic(Matrix<double> Z, Matrix<double> into) => Apply(Elementwise.Logistic, Z, into);

    /// <inheritdoc cref="LogisticPrime(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <returns>A new matrix of the same shape.</returns>
    public static Matrix<double> LogisticPrime(Matrix<double> Z) => LogisticPrime(Z, LikeOf(Z));

    /// <inheritdoc cref="LogisticPrime(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <param name="into">Where to write the result, of the same shape; Z itself if you like.</param>
    /// <returns><paramref name="into"/></returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> LogisticPrime(Matrix<double> Z, Matrix<double> into) => Apply(Elementwise.LogisticPrime, Z, into);

    /// <inheritdoc cref="Tanh(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <returns>A new matrix of the same shape.</returns>
    public static Matrix<double> Tanh(Matrix<double> Z) => Tanh(Z, LikeOf(Z));

    /// <inheritdoc cref="Tanh(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <param name="into">Where to write the result, of the same shape; Z itself if you like.</param>
    /// <returns><paramref name="into"/></returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> Tanh(Matrix<double> Z, Matrix<double> into) => Apply(Elementwise.Tanh, Z, into);

    /// <inheritdoc cref="TanhPrime(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <returns>A new matrix of the same shape.</returns>
    public static Matrix<double> TanhPrime(Matrix<double> Z) => TanhPrime(Z, LikeOf(Z));

    /// <inheritdoc cref="TanhPrime(double)"/>
    /// <param name="Z">The input of the layer's activation, of any shape.</param>
    /// <param name="into">Where to write the result, of the same shape; Z itself if you like.</param>
    /// <returns><paramref name="into"/></returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> TanhPrime(Matrix<double> Z, Matrix<double> into) => Apply(Elementwise.TanhPrime, Z, into);

    private static Matrix<double> Apply(Action<double[], double[]> f, Matrix<double> Z, Matrix<double> into)
    {
        ArgumentNullException.ThrowIfNull(Z);
        ArgumentNullException.ThrowIfNull(into);
        f(Dense.Read(Z), Dense.Write(Dense.Target(into, Z.RowCount, Z.ColumnCount)));
        return into;
    }

    private static Matrix<double> LikeOf(Matrix<double> Z)
    {
        ArgumentNullException.ThrowIfNull(Z);
        return Dense.Target(null, Z.RowCount, Z.ColumnCount);
    }
}
