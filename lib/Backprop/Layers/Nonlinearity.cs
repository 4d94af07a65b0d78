using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>
/// A nonlinearity together with its derivative, so that the two cannot disagree: one setting serves the network by hand
/// (<c>var (g, gPrime) = nonlinearity;</c>), automatic differentiation (<c>Apply(nonlinearity, Z)</c>) and
/// <see cref="TwoLayerNetwork"/>.
/// </summary>
public sealed class Nonlinearity
{
    private readonly Action<double[], double[], double[]>? _timesDerivative;

    private Nonlinearity(Activation function, Activation derivative, string name, Action<double[], double[], double[]>? timesDerivative = null) =>
        (Function, Derivative, Name, _timesDerivative) = (function, derivative, name, timesDerivative);

    /// <summary>A nonlinearity of your own, given for numbers. The library's own three are faster.</summary>
    /// <param name="name">What charts call it.</param>
    /// <param name="g">The function.</param>
    /// <param name="gPrime">Its derivative, as a function of the input of g.</param>
    public Nonlinearity(string name, Func<double, double> g, Func<double, double> gPrime)
        : this(ForEach(g, nameof(g)), ForEach(gPrime, nameof(gPrime)), name) => ArgumentNullException.ThrowIfNull(name);

    /// <summary>The rectified linear unit: <see cref="Activations.Relu(double)"/>.</summary>
    public static Nonlinearity Relu { get; } = new(Activations.Relu, Activations.ReluPrime, "ReLU", Elementwise.Combine<Elementwise.Through<Step>>);

    /// <summary>The logistic function: <see cref="Activations.Logistic(double)"/>.</summary>
    public static Nonlinearity Logistic { get; } = new(Activations.Logistic, Activations.LogisticPrime, "Logistic", Elementwise.Combine<Elementwise.Through<LogisticSlope>>);

    /// <summary>The hyperbolic tangent: <see cref="Activations.Tanh(double)"/>.</summary>
    public static Nonlinearity Tanh { get; } = new(Activations.Tanh, Activations.TanhPrime, "Tanh", Elementwise.Combine<Elementwise.Through<HyperbolicTangentSlope>>);

    /// <summary>What charts call it.</summary>
    public string Name { get; }

    /// <summary>How an application of it is written, a composite format: the input is {0}.</summary>
    internal string Formula => field ??= $"{Name.Replace("{", "{{").Replace("}", "}}")}({{0}})";

    /// <summary>The function, into a matrix that is there already.</summary>
    internal Activation Function { get; }

    /// <summary>The derivative, taken at the input of the function, into a matrix that is there already.</summary>
    internal Activation Derivative { get; }

    /// <summary>The way back through it, dH ⊙ g'(Z), in one pass where the function is the library's own.</summary>
    internal Matrix<double> Back(Matrix<double> dH, Matrix<double> Z, Matrix<double> into)
    {
        if (_timesDerivative is null)
        {
            return Algebra.PointwiseMultiply(dH, Derivative(Z, into), into);
        }

        _timesDerivative(Dense.Read(Z), Dense.Read(dH), Dense.Write(into));
        return into;
    }

    /// <summary>The function and its derivative, element by element; each makes a new matrix of the shape of its argument.</summary>
    /// <param name="g">The function.</param>
    /// <param name="gPrime">Its derivative. Its argument is what went into g, Z, not what came out of it.</param>
    public void Deconstruct(out Func<Matrix<double>, Matrix<double>> g, out Func<Matrix<double>, Matrix<double>> gPrime)
    {
        g = Z => Function(Z, LikeOf(Z));
        gPrime = Z => Derivative(Z, LikeOf(Z));
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    private static Activation ForEach(Func<double, double> function, string name)
    {
        ArgumentNullException.ThrowIfNull(function, name);
        return (Z, into) =>
        {
            ArgumentNullException.ThrowIfNull(Z);
            Z.Map(function, Dense.Target(into, Z.RowCount, Z.ColumnCount), Zeros.Include);
            return into;
        };
    }

    private static Matrix<double> LikeOf(Matrix<double> Z)
    {
        ArgumentNullException.ThrowIfNull(Z);
        return Dense.Target(null, Z.RowCount, Z.ColumnCount);
    }
}
