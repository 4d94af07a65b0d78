using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <content>The same evaluation, kept to be looked at.</content>
public static partial class Gradient
{
    /// <summary>The computation graph of a loss with one parameter: every matrix on the way to the loss, with its value and its gradient.</summary>
    /// <param name="loss">The loss. Nodes are called what its parameters, and the matrices that it has captured, are called.</param>
    /// <returns>
    /// A function from the parameter to the graph of one evaluation, forwards and backwards. It throws an
    /// <see cref="ArgumentException"/> where the loss is not (1 × 1) or shapes do not fit.
    /// </returns>
    public static Func<Matrix<double>, ComputationGraph> Trace(Func<Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0]));
        return a => trace([a]);
    }

    /// <summary>The computation graph of a loss with two parameters.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix<double>, Matrix<double>, ComputationGraph> Trace(Func<Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1]));
        return (a, b) => trace([a, b]);
    }

    /// <summary>The computation graph of a loss with three parameters.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix<double>, Matrix<double>, Matrix<double>, ComputationGraph> Trace(Func<Variable, Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1], v[2]));
        return (a, b, c) => trace([a, b, c]);
    }

    /// <summary>The computation graph of a loss with four parameters, such as those of a two-layer network.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, ComputationGraph> Trace(Func<Variable, Variable, Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1], v[2], v[3]));
        return (a, b, c, d) => trace([a, b, c, d]);
    }

    /// <summary>The computation graph of a loss with six parameters, such as those of a three-layer network.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, ComputationGraph> Trace(Func<Variable, Variable, Variable, Variable, Variable, Variable, Variable> loss)
    {
        var trace = TraceOf(loss, v => loss(v[0], v[1], v[2], v[3], v[4], v[5]));
        return (a, b, c, d, e, f) => trace([a, b, c, d, e, f]);
    }

    /// <summary>The computation graph of a loss with any number of parameters, given as an array.</summary>
    /// <inheritdoc cref="Trace(Func{Variable, Variable})"/>
    public static Func<Matrix<double>[], ComputationGraph> Trace(Func<Variable[], Variable> loss) => TraceOf(loss, loss);

    private static Func<Matrix<double>[], ComputationGraph> TraceOf(Delegate given, Func<Variable[], Variable> loss)
    {
        ArgumentNullException.ThrowIfNull(given, nameof(loss));
        return parameters =>
        {
            var trace = new Trace();
            // Buffers of its own, used once: within another gradient call its matrices must not be that call's.
            return new Buffers().Use(() => Evaluate(loss, parameters, trace, (variables, result, gradients) => trace.Graph(
                variables, NamesInCode.OfParameters(given, variables.Length), NamesInCode.OfCaptured(given), result, gradients)));
        };
    }
}
