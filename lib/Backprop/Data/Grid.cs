using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>Axes and grids with the values that NumPy's functions of the same names give, to the last bit.</summary>
public static class Grid
{
    /// <summary>Evenly spaced values from <paramref name="start"/> up to, but not including, <paramref name="stop"/>: <c>numpy.arange</c>.</summary>
    /// <param name="start">The first value.</param>
    /// <param name="stop">The end, not included (rounding may include it, as in NumPy).</param>
    /// <param name="step">The distance between values, not 0.</param>
    /// <returns>⌈(stop − start) / step⌉ values; none where that is not positive.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not finite, the step is 0, or there would be more values than an array holds.</exception>
    public static double[] Arange(double start, double stop, double step)
    {
        ThrowIfNotFinite(start, nameof(start));
        ThrowIfNotFinite(stop, nameof(stop));
        ThrowIfNotFinite(step, nameof(step));
        ArgumentOutOfRangeException.ThrowIfZero(step);
        var length = Math.Max(0, Math.Ceiling((stop - start) / step));
        if (length > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(step), step, $"From {start} to {stop} by {step} there are {length:E2} values, more than an array holds.");
        }

        // NumPy multiplies the rounded distance between the first two values, not the step itself.
        var delta = start + step - start;
        var values = new double[(int)length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = start + i * delta;
        }

        return values;
    }

    /// <summary><paramref name="count"/> evenly spaced values, both ends included: <c>numpy.linspace</c>.</summary>
    /// <param name="start">The first value.</param>
    /// <param name="stop">The last value.</param>
    /// <param name="count">How many, at least 1; one value alone is <paramref name="start"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An end is not finite, or <paramref name="count"/> is below 1.</exception>
    public static double[] Linspace(double start, double stop, int count)
    {
        ThrowIfNotFinite(start, nameof(start));
        ThrowIfNotFinite(stop, nameof(stop));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);

        var values = new double[count];
        values[0] = start;
        if (count == 1)
        {
            return values;
        }

        var step = (stop - start) / (count - 1);
        for (var i = 1; i < count - 1; i++)
        {
            // A step too small to be a number at all is multiplied last, as NumPy does.
            values[i] = (step == 0 ? i / (double)(count - 1) * (stop - start) : i * step) + start;
        }

        values[^1] = stop;
        return values;
    }

    /// <summary>The coordinates of every crossing of two axes: <c>numpy.meshgrid(xAxis, yAxis)</c>.</summary>
    /// <param name="xAxis">Values along a row, at least one.</param>
    /// <param name="yAxis">Values down a column, at least one.</param>
    /// <returns>Two matrices (yAxis.Length × xAxis.Length): the x and the y of each crossing.</returns>
    /// <exception cref="ArgumentNullException">An axis is null.</exception>
    /// <exception cref="ArgumentException">An axis is empty, or there are more crossings than a matrix holds.</exception>
    public static (Matrix<double> XX, Matrix<double> YY) MeshGrid(double[] xAxis, double[] yAxis)
    {
        ThrowIfEmpty(xAxis, nameof(xAxis));
        ThrowIfEmpty(yAxis, nameof(yAxis));

        var XX = Dense.New(yAxis.Length, xAxis.Length);
        var YY = Dense.New(yAxis.Length, xAxis.Length);
        XX.MapIndexedInplace((_, j, _) => xAxis[j], Zeros.Include);
        YY.MapIndexedInplace((i, _, _) => yAxis[i], Zeros.Include);
        return (XX, YY);
    }

    internal static void ThrowIfEmpty(double[] axis, string name)
    {
        ArgumentNullException.ThrowIfNull(axis, name);
        if (axis.Length == 0)
        {
            throw new ArgumentException("The axis has no values.", name);
        }
    }

    private static void ThrowIfNotFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "A finite number is needed.");
        }
    }
}
