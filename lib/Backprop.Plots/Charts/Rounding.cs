using System.Globalization;

namespace Backprop.Plots;

/// <summary>
/// Numbers as charts carry them: a few significant digits, so that a committed chart is small, and does not change when
/// another processor computes another last bit.
/// </summary>
internal static class Rounding
{
    /// <summary>Rounds to a number of significant digits; whole numbers become integers, which are written without ".0".</summary>
    public static IConvertible Significant(double value, int digits)
    {
        if (value == 0)
        {
            return 0;
        }

        if (!double.IsFinite(value))
        {
            return value;
        }

        // By way of text, because only this rounds to the decimal that is then written.
        var rounded = double.Parse(value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded == Math.Floor(rounded) && Math.Abs(rounded) < 1e9 ? (int)rounded : rounded;
    }

    /// <summary>Rounds to a number of decimals.</summary>
    public static IConvertible Decimals(double value, int digits)
    {
        var rounded = Math.Round(value, digits);
        return rounded == Math.Floor(rounded) && Math.Abs(rounded) < 1e9 ? (int)rounded : rounded;
    }

    public static IConvertible[] Significant(IEnumerable<double> values, int digits) => [.. values.Select(value => Significant(value, digits))];
}
