using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <content>The same evaluation, kept to be looked at.</content>
public static partial class Gradient
{
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
