using System.Runtime.Intrinsics;

namespace Backprop.Tests;

/// <summary>The functions that are computed several numbers at a time, against .NET's for one number.</summary>
public class FunctionsTests
{
    // Every size and both signs, ends of ranges, and places where another formula begins.
    private static readonly double[] s_arguments =
    [
        0, -0.0, 1, -1, 0.5, 2, Math.Sqrt(2), Math.BitDecrement(Math.Sqrt(2)), 0.1, 0.7, 709.7, 709.79, 745, 746, 1000,
        double.Epsilon, 1e-310, 2.2250738585072014e-308, 1e-300, double.MaxValue, double.PositiveInfinity, double.NaN,
        -0.1, -0.7, -708.4, -709, -744, -745.1, -745.2, -746, -1000, double.NegativeInfinity, double.MinValue,
        .. Enumerable.Range(0, 20_000).Select(i => (i - 10_000) * 0.0737),
        .. Enumerable.Range(0, 20_000).Select(i => Math.BitIncrement(1 + (i - 10_000) * 7e-5)),
        .. Enumerable.Range(0, 2_000).Select(i => Math.ScaleB(1.2345, i - 1000)),
    ];

    [Fact]
    public void Exp_is_within_a_unit_in_the_last_place() => AssertClose(Math.Exp, Elementwise.Exp, 1);

    [Fact]
    public void Log_is_within_a_unit_in_the_last_place() => AssertClose(Math.Log, Elementwise.Log, 1);

    [Fact]
    public void Tanh_is_within_three_units_in_the_last_place() => AssertClose(Math.Tanh, Elementwise.Tanh, 3);

    [Fact]
    public void Logistic_is_within_three_units_in_the_last_place() =>
        AssertClose(x => 1 / (1 + Math.Exp(-x)), Elementwise.Logistic, 3);

    [Fact]
    public void Four_numbers_at_a_time_give_the_bits_of_eight()
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "This processor takes four at a time at most.");
        AssertSame<Exponential>();
        AssertSame<Logarithm>();
        AssertSame<HyperbolicTangent>();
        AssertSame<HyperbolicTangentSlope>();
        AssertSame<LogisticCurve>();
        AssertSame<LogisticSlope>();
        AssertSame<Ramp>();
        AssertSame<Step>();
    }

    private static void AssertSame<TFunction>()
        where TFunction : struct, IFunction => Assert.All(s_arguments, x =>
            Assert.Equal(
                BitConverter.DoubleToInt64Bits(TFunction.Of(FourLanes.Of(x)).First),
                BitConverter.DoubleToInt64Bits(TFunction.Of(EightLanes.Of(x)).First)));

    private static void AssertClose(Func<double, double> expected, Action<double[], double[]> function, int units)
    {
        var results = new double[s_arguments.Length];
        function(s_arguments, results);
        Assert.All(s_arguments.Zip(results), pair =>
        {
            var (x, result) = pair;
            var right = expected(x);
            Assert.True(
                right.Equals(result) || Math.Abs(right - result) <= units * (Math.BitIncrement(Math.Abs(right)) - Math.Abs(right)),
                $"{x:R}: {result:R} instead of {right:R}");
        });
    }
}
