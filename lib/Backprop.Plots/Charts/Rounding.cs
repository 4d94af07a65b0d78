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
        return rounded == Math.Floor(rounded) && Math.Abs(rounded) < 1e9 ? (int)rounded
            // The largest numbers would be rounded to infinity.
            : double.IsFinite(rounded) ? rounded : value;
    }

    /// <summary>How many significant digits tell apart what lies far from 0 but close together, such as 1000.1 and 1000.2.</summary>
    /// <param name="digits">How many are enough near 0.</param>
    /// <param name="low">The smallest value.</param>
    /// <param name="high">The largest value.</param>
    public static int Digits(int digits, double low, double high)
    {
        var span = high > low ? high - low : 1;
        var more = Math.Ceiling(Math.Log10(Math.Max(Math.Abs(low), Math.Abs(high)) / span) - 0.5);
        return more > 0 ? (int)Math.Min(digits + more, 15) : digits;
    }

    /// <summary>The same for all values of a list; those that are not finite do not count.</summary>
    public static int Digits(int digits, IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        return Digits(digits, finite.Min(), finite.Max());
    }

    /// <summary>Rounds the values of a list to as many significant digits as tell them apart.</summary>
    public static IConvertible[] Apart(IReadOnlyCollection<double> values, int digits) => Significant(values, Digits(digits, values));

    /// <summary>Rounds to a number of decimals.</summary>
    public static IConvertible Decimals(double value, int digits)
    {
        var rounded = Math.Round(value, digits);
        return rounded == Math.Floor(rounded) && Math.Abs(rounded) < 1e9 ? (int)rounded : rounded;
    }

    public static IConvertible[] Significant(IEnumerable<double> values, int digits) => [.. values.Select(value => Significant(value, digits))];
}
