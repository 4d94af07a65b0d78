using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>
/// What was computed, in order: every variable stands after those it was computed from.
/// </summary>
internal sealed class Recording
{
    [ThreadStatic]
    private static Recording? s_underWay;

    private readonly Recording? _outer;
    private readonly Trace? _trace;
    private readonly List<Variable> _variables = [];

    /// <summary>Starts to record what this thread computes from the parameters.</summary>
    /// <param name="trace">What is also told of every operation, where there is somebody to read it.</param>
    public Recording(Trace? trace = null) => (_outer, s_underWay, _trace) = (s_underWay, this, trace);

    /// <summary>True when the gradient call that this belongs to has returned.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Records a parameter, which depends on nothing.</summary>
    public Variable Parameter(Matrix<double> value) => new(value, this, []);

    /// <summary>
    /// Records a value and the variables it came from; a value that came from constants alone is a constant and
    /// needs no record.
    /// </summary>
    /// <exception cref="ArgumentException">A variable belongs to another gradient call than the one under way: to an outer one, one of another thread, or one that is over.</exception>
    public static Variable Record(Operation operation, Matrix<double> value, params ReadOnlySpan<Dependence> dependences)
    {
        var tracked = 0;
        foreach (var (on, _) in dependences)
        {
            ThrowIfOfAnotherCall(on);
            tracked += on.Recording is null ? 0 : 1;
        }

        if (s_underWay is null || tracked == 0)
        {
            // A loss may keep a constant, as it may not keep a variable: its matrix is not used again.
            Buffers.Keep(value);
            return new Variable(value);
        }

        // No gradient is asked for with respect to a constant.
        var kept = new Dependence[tracked];
        foreach (var dependence in dependences)
        {
            if (dependence.On.Recording is not null)
            {
                kept[^tracked--] = dependence;
            }
        }

        var result = new Variable(value, s_underWay, kept);
        s_underWay._trace?.Add(result, operation, dependences);
        return result;
    }

    /// <summary>Puts a variable behind all others.</summary>
    /// <returns>Its place.</returns>
    public int Add(Variable variable)
    {
        _variables.Add(variable);
        return _variables.Count - 1;
    }

    /// <summary>
    /// Walks the record backwards from the loss, handing each variable's gradient on to those it came from.
    /// </summary>
    /// <returns>The gradient of each recorded variable; null where the loss does not depend on it.</returns>
    public Matrix<double>?[] Backward(Variable loss)
    {
        var gradients = new Matrix<double>?[loss.Position + 1];
        gradients[loss.Position] = Buffers.New(1, 1, 1.0);
        for (var position = loss.Position; position >= 0; position--)
        {
            if (gradients[position] is not { } upstream)
            {
                continue;
            }

            foreach (var (on, rule) in _variables[position].Dependences)
            {
                var contribution = rule(upstream);
                gradients[on.Position] = gradients[on.Position] is { } soFar
                    ? Algebra.AddScaled(soFar, 1, contribution, Buffers.New(on.RowCount, on.ColumnCount))
                    : contribution;
            }
        }

        return gradients;
    }

    /// <summary>Ends the recording; an outer gradient call goes on with its own.</summary>
    public void End() => (IsOver, s_underWay) = (true, _outer);

    private static void ThrowIfOfAnotherCall(Variable variable)
    {
        if (variable.Recording is not null && variable.Recording != s_underWay)
        {
            throw new ArgumentException(
                $"A variable {Shape.Of(variable.Data)} belongs to another gradient call than the one under way. " +
                "Derivatives of derivatives are not supported; where a constant is meant, use the variable's Value while its own call runs.");
        }
    }
}

/// <summary>One input of a computation, and its derivative rule.</summary>
/// <param name="On">The input.</param>
/// <param name="Rule">
/// From the gradient of the loss with respect to the output to that with respect to the input: the vector-Jacobian product.
/// </param>
internal readonly record struct Dependence(Variable On, Func<Matrix<double>, Matrix<double>> Rule);
