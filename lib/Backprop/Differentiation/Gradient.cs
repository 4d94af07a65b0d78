using System.Collections.Concurrent;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>
/// Automatic differentiation in reverse mode: from a loss, written as an ordinary function, to the function that
/// computes its gradient.
/// </summary>
/// <remarks>
/// <c>var gradient = Grad(ComputeLoss);</c> and then <c>var (dW1, db1) = gradient(W1, b1);</c>: one gradient a
/// parameter, of the parameter's shape, and zero where the loss does not depend on it. The loss must be a number
/// (1 × 1). Gradient functions may be called by several threads at once. Method: Rumelhart, Hinton and Williams,
/// "Learning representations by back-propagating errors", Nature 323 (1986).
/// To read how it works: first <see cref="Recording"/>, then <see cref="Variable"/>, then here, then
/// <see cref="Primitives"/>.
/// </remarks>
public static partial class Gradient
{
    /// <summary>The gradient of a loss with any number of parameters, given and returned as arrays.</summary>
    /// <inheritdoc cref="Grad(Func{Variable, Variable})"/>
    public static Func<Matrix<double>[], Matrix<double>[]> Grad(Func<Variable[], Variable> loss) => Of(loss, loss);

    /// <param name="given">The loss as it was given, for what the caller did wrong.</param>
    /// <param name="loss">The same as a function of an array.</param>
    private static Func<Matrix<double>[], Matrix<double>[]> Of(Delegate given, Func<Variable[], Variable> loss)
    {
        ArgumentNullException.ThrowIfNull(given, nameof(loss));

        // One set of buffers a call under way, so that calls on several threads don't share matrices.
        var unused = new ConcurrentBag<Buffers>();
        return parameters =>
        {
            var buffers = unused.TryTake(out var used) ? used : new Buffers();
            try
            {
                return buffers.Use(() => Evaluate(loss, parameters));
            }
            finally
            {
                unused.Add(buffers);
            }
        };
    }

    private static Matrix<double>[] Evaluate(Func<Variable[], Variable> loss, Matrix<double>[] parameters) => Evaluate(
        loss,
        parameters,
        trace: null,
        static (variables, _, gradients) => Array.ConvertAll(variables, variable => variable.Position < gradients.Length && gradients[variable.Position] is { } gradient
            ? gradient.Clone()
            : Dense.New(variable.RowCount, variable.ColumnCount)));

    /// <summary>Evaluates the loss and its gradients, and reads the result off while their matrices are held.</summary>
    private static T Evaluate<T>(
        Func<Variable[], Variable> loss, Matrix<double>[] parameters, Trace? trace, Func<Variable[], Variable, Matrix<double>?[], T> read)
    {
        HostStop.ThrowIfAsked();
        ArgumentNullException.ThrowIfNull(parameters);
        if (Array.IndexOf(parameters, null) is >= 0 and var missing)
        {
            throw new ArgumentNullException(nameof(parameters), $"Parameter {missing} (counted from 0) is null.");
        }

        var recording = new Recording(trace);
        try
        {
            var variables = Array.ConvertAll(parameters, recording.Parameter);
            var result = loss(variables) ?? throw new ArgumentException("The loss function returned null.", nameof(loss));
            if (result.RowCount != 1 || result.ColumnCount != 1)
            {
                throw new ArgumentException($"The loss must be a number (1 × 1), but the function returned {Shape.Of(result.Data)}: take its Sum or its Mean.", nameof(loss));
            }

            if (result.Recording is not null && result.Recording != recording)
            {
                throw new ArgumentException("The loss function returned a variable of another gradient call.", nameof(loss));
            }

            // A loss that depends on no parameter at all has no record to walk.
            var gradients = result.Recording is null ? [] : recording.Backward(result);
            return read(variables, result, gradients);
        }
        finally
        {
            recording.End();
        }
    }
}
