using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>
/// A matrix that remembers how it was computed, so that the derivative of a loss with respect to it can be found.
/// </summary>
/// <remarks>
/// Inside a function given to <see cref="Gradient.Grad(Func{Variable, Variable})">Grad</see>, the parameters are
/// variables, and so is everything computed from them. Matrices and numbers mix in freely and count as constants.
/// <c>*</c> is the matrix product, as in MathNet; <c>+</c>, <c>-</c> and <c>/</c> work element by element and
/// broadcast as NumPy does: a row (1 × n), a column (m × 1) or a number (1 × 1) is repeated to fit.
/// </remarks>
public sealed class Variable
{
    private readonly Matrix<double> _data;

    /// <summary>A constant.</summary>
    /// <param name="value">Its value; it is not copied.</param>
    public Variable(Matrix<double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _data = value;
    }

    internal Variable(Matrix<double> value, Recording recording, IReadOnlyList<Dependence> dependences)
    {
        _data = value;
        Recording = recording;
        Dependences = dependences;
        Position = recording.Add(this);
    }

    /// <summary>A copy of the value: a number is (1 × 1).</summary>
    /// <exception cref="InvalidOperationException">The gradient call that computed it is over, and its matrices are in use again.</exception>
    public Matrix<double> Value => Recording is { IsOver: true }
        ? throw new InvalidOperationException("This value was computed inside a gradient call that is over. Read its Value inside the function that is differentiated.")
        : _data.Clone();

    /// <summary>Number of rows.</summary>
    public int RowCount => _data.RowCount;

    /// <summary>Number of columns.</summary>
    public int ColumnCount => _data.ColumnCount;

    internal Matrix<double> Data => _data;

    /// <summary>What is being recorded where this was computed; null for a constant.</summary>
    internal Recording? Recording { get; }

    /// <summary>The variables that this was computed from, each with the rule that carries a gradient back to it.</summary>
    internal IReadOnlyList<Dependence> Dependences { get; } = [];

    /// <summary>The place in the recording: everything that this depends on stands before it.</summary>
    internal int Position { get; }

    /// <summary>A matrix is a constant.</summary>
    /// <param name="value">Its value.</param>
    public static implicit operator Variable(Matrix<double> value) => new(value);

    /// <summary>A number is a constant (1 × 1).</summary>
    /// <param name="value">Its value.</param>
    public static implicit operator Variable(double value) => new(Matrix<double>.Build.Dense(1, 1, value));

    /// <summary>The number in a (1 × 1) variable, such as a loss.</summary>
    /// <param name="variable">A variable (1 × 1).</param>
    /// <exception cref="ArgumentException">The variable has another shape.</exception>
    /// <exception cref="InvalidOperationException">The gradient call that computed it is over.</exception>
    public static explicit operator double(Variable variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        Shape.ThrowIfNot(variable._data, 1, 1, nameof(variable));
        return variable.Value[0, 0];
    }

    /// <summary>A + B, element by element, broadcasting.</summary>
    public static Variable operator +(Variable A, Variable B) => Primitives.Add(A, B);

    /// <summary>A − B, element by element, broadcasting.</summary>
    public static Variable operator -(Variable A, Variable B) => Primitives.Subtract(A, B);

    /// <summary>−A.</summary>
    public static Variable operator -(Variable A) => Primitives.Scale(-1, A);

    /// <summary>The matrix product A B; a (1 × 1) factor multiplies every element.</summary>
    public static Variable operator *(Variable A, Variable B) => Primitives.Multiply(A, B);

    /// <summary>The multiple factor · A.</summary>
    public static Variable operator *(double factor, Variable A) => Primitives.Scale(factor, A);

    /// <summary>The multiple factor · A.</summary>
    public static Variable operator *(Variable A, double factor) => Primitives.Scale(factor, A);

    /// <summary>A / B, element by element, broadcasting.</summary>
    public static Variable operator /(Variable A, Variable B) => Primitives.Divide(A, B);

    /// <summary>A / divisor.</summary>
    public static Variable operator /(Variable A, double divisor) => Primitives.Divide(A, divisor);

    /// <summary>The shape, and the value where it is a number.</summary>
    public override string ToString() => (RowCount, ColumnCount) == (1, 1) && Recording is not { IsOver: true }
        ? $"Variable {_data[0, 0]}"
        : $"Variable {Shape.Of(_data)}";
}
