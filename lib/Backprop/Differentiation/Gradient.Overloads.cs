using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Backprop.Differentiation;

/// <content>
/// The same for losses of one, two, three, four and six parameters, so that cells can name them. There is nothing to learn
/// here, and it cannot be shorter: C# has no functions of any number of parameters, and to take a result apart as in
/// <c>var (dW1, db1) = …</c> the compiler must know how many there are.
/// </content>
public static partial class Gradient
{
    /// <summary>The gradient of a loss with one parameter.</summary>
    /// <param name="loss">The loss.</param>
    /// <returns>A function from the parameter to its gradient. It throws an <see cref="ArgumentException"/> where the loss is not (1 × 1) or shapes do not fit.</returns>
    public static Func<Matrix, Matrix> Grad(Func<Variable, Variable> loss)
    {
        var gradient = Of(loss, v => loss(v[0]));
        return a => gradient([a])[0];
    }

    /// <summary>The gradient of a loss with two parameters.</summary>
    /// <inheritdoc cref="Grad(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, (Matrix, Matrix)> Grad(Func<Variable, Variable, Variable> loss)
    {
        var gradient = Of(loss, v => loss(v[0], v[1]));
        return (a, b) => gradient([a, b]) is [var da, var db] ? (da, db) : default;
    }

    /// <summary>The gradient of a loss with three parameters.</summary>
    /// <inheritdoc cref="Grad(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, Matrix, (Matrix, Matrix, Matrix)> Grad(Func<Variable, Variable, Variable, Variable> loss)
    {
        var gradient = Of(loss, v => loss(v[0], v[1], v[2]));
        return (a, b, c) => gradient([a, b, c]) is [var da, var db, var dc] ? (da, db, dc) : default;
    }

    /// <summary>The gradient of a loss with four parameters, such as those of a two-layer network.</summary>
    /// <inheritdoc cref="Grad(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, Matrix, Matrix, (Matrix, Matrix, Matrix, Matrix)> Grad(Func<Variable, Variable, Variable, Variable, Variable> loss)
    {
        var gradient = Of(loss, v => loss(v[0], v[1], v[2], v[3]));
        return (a, b, c, d) => gradient([a, b, c, d]) is [var da, var db, var dc, var dd] ? (da, db, dc, dd) : default;
    }

    /// <summary>The gradient of a loss with six parameters, such as those of a three-layer network.</summary>
    /// <inheritdoc cref="Grad(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, Matrix, Matrix, Matrix, Matrix, (Matrix, Matrix, Matrix, Matrix, Matrix, Matrix)> Grad(Func<Variable, Variable, Variable, Variable, Variable, Variable, Variable> loss)
    {
        var gradient = Of(loss, v => loss(v[0], v[1], v[2], v[3], v[4], v[5]));
        return (a, b, c, d, e, f) => gradient([a, b, c, d, e, f]) is [var da, var db, var dc, var dd, var de, var df] ? (da, db, dc, dd, de, df) : default;
    }

    /// <summary>The computation graph of a loss with one parameter: every matrix on the way to the loss, with its value and its gradient.</summary>
    /// <param name="loss">The loss. Nodes are called what its parameters, and the matrices that it has captured, are called.</param>
    /// <returns>
    /// A function from the parameter to the graph of one evaluation, forwards and backwards. It throws an
    /// <see cref="ArgumentException"/> where the loss is not (1 × 1) or shapes do not fit.
    /// </returns>
    public static Func<Matrix, ComputationGraph> Trace(Func<Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0]));
        return a => trace([a]);
    }

    /// <summary>The computation graph of a loss with two parameters.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, ComputationGraph> Trace(Func<Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1]));
        return (a, b) => trace([a, b]);
    }

    /// <summary>The computation graph of a loss with three parameters.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, Matrix, ComputationGraph> Trace(Func<Variable, Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1], v[2]));
        return (a, b, c) => trace([a, b, c]);
    }

    /// <summary>The computation graph of a loss with four parameters, such as those of a two-layer network.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, Matrix, Matrix, ComputationGraph> Trace(Func<Variable, Variable, Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1], v[2], v[3]));
        return (a, b, c, d) => trace([a, b, c, d]);
    }

    /// <summary>The computation graph of a loss with six parameters, such as those of a three-layer network.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix, Matrix, Matrix, Matrix, Matrix, Matrix, ComputationGraph> Trace(Func<Variable, Variable, Variable, Variable, Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1], v[2], v[3], v[4], v[5]));
        return (a, b, c, d, e, f) => trace([a, b, c, d, e, f]);
    }
}
