// What is right in the exercises of notebook 6, and which mistakes are known. Notebook 1's script says how a check is written.

using MathNet.Numerics.LinearAlgebra;
using Backprop;

Verdict CheckDividedBy(object dividedBy)
{
    // The error for L(w) = w³, without rounding, is ε² itself.
    double CubeError(double e) => (Math.Pow(1 + e, 3) - Math.Pow(1 - e, 3)) / (2 * e) - 3;

    return Exercise.Check(1, new Answer("dividedBy", dividedBy, CubeError(0.1) / CubeError(0.01))
    {
        Within = 0.01,
        Mistakes =
        [
            new(10, "That is the one-sided difference: the central difference's error is proportional to ε²."),
            new(0.01, "That is what the error is multiplied by."),
            new(1000, "The error is proportional to ε², not to ε³: the term in ε³ has been divided by ε."),
            new(4, "That is what halving ε does: here ε becomes ten times smaller."),
            new(20, "ε² is ε times ε, not twice ε."),
        ],
    });
}

Verdict CheckSlope(Func<Func<double>, Matrix<double>, int, int, double, double> Slope)
{
    var W = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, 2.0 }, { 3.0, 4.0 } });
    double Cubes() => W.Enumerate().Sum(w => w * w * w);

    double ChangeThatIsLeft()
    {
        var before = W.Clone();
        Slope(Cubes, W, 1, 0, 1e-3);
        var change = (W - before).L2Norm();
        before.CopyTo(W);
        return change;
    }

    double SlopeFromTheStart()
    {
        var before = W.Clone();
        var slope = Slope(Cubes, W, 1, 0, 1e-3);
        before.CopyTo(W);
        return slope;
    }

    // The central difference of w³ is 3 w² + ε², the one-sided ones are 3 w² ± 3 w ε + ε²; here w is 3.
    const double central = 27 + 1e-6, above = central + 9e-3, below = central - 9e-3;
    return Exercise.Check(
        2,
        Slope,
        new Answer("Slope(loss, W, 1, 0, 1e-3)", SlopeFromTheStart, central)
        {
            Within = 1e-8,
            Mistakes =
            [
                new(2 * central, "Divide by 2ε: the two points lie that far apart."),
                new(central * 1e-6, "x / 2 * ε is (x / 2) * ε: write x / (2 * ε)."),
                new(central * 2e-3, "That is the difference of the two losses: divide it by 2ε."),
                new(above / 2, "Only one side has moved: the second loss is the one at w itself. Go 2ε down from w + ε, or set W[i, j] to w - ε."),
                new(below / 2, "Only one side has moved: one of the two losses is the one at w itself. Compute one at w + ε and one at w - ε."),
                new(above, "That is the one-sided difference, from w to w + ε."),
                new(below, "That is the one-sided difference, from w - ε to w."),
                new(12 + 1e-6, "You changed W[j, i]: i is the row."),
                new(0, "The loss did not change between its two calls. It reads W itself, so change W, not a copy, and call the loss after each change."),
            ],
        },
        new Answer("What Slope has changed W by", ChangeThatIsLeft, 0)
        {
            Within = 1e-12,
            Mistakes =
            [
                new(1e-3, "Slope leaves W[i, j] changed: put back what was there."),
                new(2e-3, "Slope leaves W[i, j] changed: put back what was there."),
            ],
        });
}

Verdict CheckSlope(Delegate other) =>
    Exercise.WrongType(2, (other, typeof(Func<Func<double>, Matrix<double>, int, int, double, double>)));

Verdict CheckRelativeDifference(Func<Matrix<double>, Matrix<double>, double> RelativeDifference)
{
    var A = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, -9.0 }, { 2.0, 6.0 } });
    var B = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, -10.0 }, { 4.0, 6.0 } });

    return Exercise.Check(
        3,
        RelativeDifference,
        new Answer("RelativeDifference(A, B)", () => RelativeDifference(A, B), 2.0 / 10)
        {
            Mistakes =
            [
                new(2, "That is the largest difference itself: divide it by the largest element."),
                new(2.0 / 9, "The largest element may also be in B."),
                new(2.0 / 4, "Divide by the largest element of all, not each difference by its own."),
                new(2.0 / 19, "Divide by the larger of the two, not by their sum."),
                new(4.0 / 19, "Divide by the larger of the two, not by their mean."),
                new(2.0 / 6, "The largest element is meant without its sign: take absolute values before the maximum."),
                new(1.0 / 6, "All three are meant without their signs: take absolute values before the maximum."),
                new(1.0 / 10, "The largest difference is meant without its sign: take absolute values before the maximum."),
                new(-2.0 / 10, "A difference is meant without its sign."),
                new(Math.Sqrt(5) / 10, "L2Norm and FrobeniusNorm add up squares: the largest element is meant."),
                new(3.0 / 10, "That is the sum of all differences: the largest one is meant."),
                new(5.0, "The other way round: the difference is divided by the largest element."),
            ],
        },
        new Answer("RelativeDifference(B, A)", () => RelativeDifference(B, A), 2.0 / 10)
        {
            Mistakes = [new(2.0 / 9, "The largest element may also be in A.")],
        });
}

Verdict CheckRelativeDifference(Delegate other) =>
    Exercise.WrongType(3, (other, typeof(Func<Matrix<double>, Matrix<double>, double>)));

Verdict CheckSharper(Func<Func<double, double>, double, double, double> Sharper)
{
    double Cube(double w) => w * w * w;
    double C(double e) => (Cube(2 + e) - Cube(2 - e)) / (2 * e);
    var (narrow, wide, half) = (C(0.1), C(0.2), C(0.05));

    // The derivative of w³ at 2. The fifth derivative is 0, so there is no error of order ε⁴.
    return Exercise.Check(
        4,
        Sharper,
        new Answer("Sharper(w => w³, 2, 0.1)", () => Sharper(Cube, 2, 0.1), 12)
        {
            Within = 1e-8,
            Mistakes =
            [
                new(narrow, "That is C(ε) itself. Note that 4 / 3 is 1 in C#, and 4.0 / 3 is not."),
                new(wide, "That is C(2ε) itself."),
                new((narrow + wide) / 2, "The mean of the two has an error of order ε² as well."),
                new(narrow - wide, "L' has gone, too: a + b must be 1."),
                new(4 * narrow - wide, "The term in ε² has gone, but a + b must be 1."),
                new(2 * narrow - wide, "Doubling ε makes ε² four times as large, not twice."),
                new((4 * wide - narrow) / 3, "The two have changed places: C(2ε) has the larger error."),
                new((4 * narrow + wide) / 3, "b is negative: the larger error is subtracted."),
                new((4 * narrow + wide) / 5, "a + b is 1, but the term in ε² is still there: b must be negative."),
            ],
        });
}

Verdict CheckSharper(Delegate other) =>
    Exercise.WrongType(4, (other, typeof(Func<Func<double, double>, double, double, double>)));
