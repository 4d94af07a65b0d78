using System.Globalization;
using System.Text;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>Holds gradients against what small changes of the parameters do to the loss.</summary>
/// <remarks>Central differences, (L(w + ε) − L(w − ε)) / 2ε: their error falls with ε², until rounding takes over.</remarks>
public static class GradientCheck
{
    /// <summary>Approximates every element of every gradient by a central difference, and reports where each parameter differs most.</summary>
    /// <param name="loss">The loss as a function of the parameters that are given; it must read the very matrices in <paramref name="parameters"/> when called.</param>
    /// <param name="parameters">Name, value and given gradient of each parameter. Values are changed while checking and then put back.</param>
    /// <param name="epsilon">The size of a change, above 0, in the unit of the parameters.</param>
    /// <returns>One row a parameter; it prints as a table.</returns>
    /// <exception cref="ArgumentNullException">An argument, or a part of a parameter, is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is not a finite number above 0.</exception>
    /// <exception cref="ArgumentException">
    /// No parameter is given, one is empty or not dense, a gradient has another shape than its parameter, the loss is not a finite
    /// number, or a parameter is so large that adding <paramref name="epsilon"/> does not change it.
    /// </exception>
    public static GradientCheckTable Compare(
        Func<double> loss, IReadOnlyList<CheckedParameter> parameters, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(parameters);
        if (!double.IsFinite(epsilon) || epsilon <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "The size of a change must be a finite number above 0.");
        }

        if (parameters.Count == 0)
        {
            throw new ArgumentException("There is no parameter to check.", nameof(parameters));
        }

        foreach (var parameter in parameters)
        {
            ThrowIfNotCheckable(parameter);
        }

        return new GradientCheckTable([.. parameters.Select(parameter => LargestDifference(loss, parameter, epsilon))]);
    }

    private static void ThrowIfNotCheckable(CheckedParameter parameter)
    {
        const string parameters = nameof(parameters);
        ArgumentNullException.ThrowIfNull(parameter, parameters);
        var (name, value, gradient) = parameter;
        ArgumentNullException.ThrowIfNull(name, parameters);
        ArgumentNullException.ThrowIfNull(value, parameters);
        ArgumentNullException.ThrowIfNull(gradient, parameters);
        if (value.RowCount != gradient.RowCount || value.ColumnCount != gradient.ColumnCount)
        {
            throw new ArgumentException($"The gradient of {name} is {Shape.Of(gradient)}, but {name} itself is {Shape.Of(value)}.", parameters);
        }

        if (value.RowCount == 0 || value.ColumnCount == 0)
        {
            throw new ArgumentException($"{name} is {Shape.Of(value)}: there is nothing to check.", parameters);
        }

        Shape.ThrowIfNotDense(value, name);
    }

    private static GradientDifference LargestDifference(Func<double> loss, CheckedParameter parameter, double epsilon)
    {
        var (name, value, gradient) = parameter;
        var largest = new GradientDifference(name, -1, 0, 0, 0, 0, 0);
        var largestRelative = 0.0;
        for (var i = 0; i < value.RowCount; i++)
        {
            for (var j = 0; j < value.ColumnCount; j++)
            {
                var approximate = CentralDifference(loss, value, i, j, epsilon, name);
                var absolute = Math.Abs(gradient[i, j] - approximate);
                var size = Math.Max(Math.Abs(gradient[i, j]), Math.Abs(approximate));
                largestRelative = Math.Max(largestRelative, size == 0 ? 0 : absolute / size);
                if (absolute > largest.LargestAbsolute || (double.IsNaN(absolute) && !double.IsNaN(largest.LargestAbsolute)))
                {
                    largest = new GradientDifference(name, absolute, 0, i, j, gradient[i, j], approximate);
                }
            }
        }

        return largest with { LargestRelative = largestRelative };
    }

    private static double CentralDifference(Func<double> loss, Matrix<double> value, int i, int j, double epsilon, string name)
    {
        var original = value[i, j];
        var (up, down) = (original + epsilon, original - epsilon);
        if (up == down)
        {
            throw new ArgumentException($"{name}[{i}, {j}] = {original} is so large that changing it by {epsilon} does not change it: take a larger epsilon.", nameof(epsilon));
        }

        try
        {
            value[i, j] = up;
            var above = loss();
            value[i, j] = down;
            var below = loss();
            if (!double.IsFinite(above) || !double.IsFinite(below))
            {
                throw new ArgumentException($"The loss near {name}[{i}, {j}] = {original} is not a finite number ({below}, {above}), so there is nothing to compare with.", nameof(loss));
            }

            // The step that was taken, after rounding.
            return (above - below) / (up - down);
        }
        finally
        {
            value[i, j] = original;
        }
    }
}

/// <summary>A parameter whose gradient is to be checked.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Value">The matrix that the loss reads.</param>
/// <param name="Gradient">The gradient to check, of the same shape.</param>
public sealed record CheckedParameter(string Name, Matrix<double> Value, Matrix<double> Gradient);

/// <summary>Where the given gradient of one parameter is farthest from the central difference.</summary>
/// <param name="Parameter">The parameter's name.</param>
/// <param name="LargestAbsolute">The largest |given − approximate| of all its elements.</param>
/// <param name="LargestRelative">The largest |given − approximate| / max(|given|, |approximate|) of all its elements.</param>
/// <param name="Row">The row of the largest absolute difference, from 0.</param>
/// <param name="Column">The column of the largest absolute difference, from 0.</param>
/// <param name="Given">The given gradient there.</param>
/// <param name="Approximate">The central difference there.</param>
public sealed record GradientDifference(
    string Parameter, double LargestAbsolute, double LargestRelative, int Row, int Column, double Given, double Approximate);

/// <summary>What a gradient check found: one row a parameter.</summary>
/// <param name="Rows">The rows, in the order that the parameters were given in.</param>
public sealed record GradientCheckTable(IReadOnlyList<GradientDifference> Rows)
{
    /// <summary>The table as text, a heading and a line a parameter; with a decimal point whatever the culture is.</summary>
    public override string ToString()
    {
        var width = Math.Max("parameter".Length, Rows.Select(row => row.Parameter.Length).DefaultIfEmpty().Max());
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{"parameter".PadRight(width)}  {"max abs diff",12}  {"max rel diff",12}  {"at",-10}  {"given",13}  {"approximate",13}");
        foreach (var row in Rows)
        {
            var place = $"[{row.Row}, {row.Column}]";
            text.Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"{row.Parameter.PadRight(width)}  {row.LargestAbsolute,12:0.00e+00}  {row.LargestRelative,12:0.00e+00}  {place,-10}  {row.Given,13:0.00000e+00}  {row.Approximate,13:0.00000e+00}");
        }

        return text.ToString();
    }
}
