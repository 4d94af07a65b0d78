using MathNet.Numerics.LinearAlgebra;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

public class SoftmaxTests
{
    private static readonly Matrix<double> s_scores = Normal(7, 4) * 3;
    private static readonly int[] s_y = [0, 1, 2, 3, 3, 2, 0];

    [Fact]
    public void Probabilities_are_the_exponentials_over_their_row_sums()
    {
        // e^0 : e^ln 2 : e^ln 5 = 1 : 2 : 5
        var P = Softmax.Probabilities(Matrix<double>.Build.Dense(1, 3, [0, Math.Log(2), Math.Log(5)]));

        AssertClose(Matrix<double>.Build.Dense(1, 3, [0.125, 0.25, 0.625]), P, 1e-15);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(6, 1)]
    [InlineData(300, 3)]
    public void Every_row_of_probabilities_sums_to_1(int m, int K) =>
        Assert.All(Softmax.Probabilities(Normal(m, K) * 10).RowSums(), sum => Assert.Equal(1, sum, 1e-15));

    [Fact]
    public void Scores_as_large_as_numbers_get_give_probabilities_and_a_loss()
    {
        var scores = Matrix<double>.Build.DenseOfArray(new[,] { { 1e300, -1e300 }, { -1e300, -1e300 }, { 1e300, 1e300 } });

        var P = Softmax.Probabilities(scores);

        AssertClose(Matrix<double>.Build.DenseOfArray(new[,] { { 1, 0 }, { 0.5, 0.5 }, { 0.5, 0.5 } }), P, 1e-15);
        Assert.Equal(2e300 / 3, Softmax.CrossEntropy(scores, [1, 0, 0]), 1e286);
    }

    [Fact]
    public void Adding_a_number_to_a_row_of_scores_changes_nothing()
    {
        var shifted = s_scores.MapIndexed((i, _, s) => s + 100 * i);

        AssertClose(Softmax.Probabilities(s_scores), Softmax.Probabilities(shifted), 1e-12);
        Assert.Equal(Softmax.CrossEntropy(s_scores, s_y), Softmax.CrossEntropy(shifted, s_y), 1e-12);
    }

    [Fact]
    public void Cross_entropy_is_the_average_of_minus_log_p_of_the_correct_class()
    {
        var byHand = 0.0;
        for (var i = 0; i < s_y.Length; i++)
        {
            var sum = s_scores.Row(i).Sum(Math.Exp);
            byHand -= Math.Log(Math.Exp(s_scores[i, s_y[i]]) / sum) / s_y.Length;
        }

        Assert.Equal(byHand, Softmax.CrossEntropy(s_scores, s_y), 1e-14);
    }

    [Fact]
    public void Equal_scores_of_K_classes_cost_log_K() =>
        Assert.Equal(Math.Log(3), Softmax.CrossEntropy(Algebra.Zeros(5, 3), [0, 1, 2, 0, 1]), 1e-15);

    [Fact]
    public void A_correct_class_whose_probability_rounds_to_0_costs_its_distance_and_not_infinity()
    {
        var scores = Matrix<double>.Build.DenseOfArray(new[,] { { 0, 1000.0 } });

        Assert.Equal(0, Softmax.Probabilities(scores)[0, 0]);
        Assert.Equal(1000, Softmax.CrossEntropy(scores, [0]));
    }

    [Fact]
    public void The_gradient_is_the_slope_of_the_loss() => AssertClose(
        CentralDifferences(S => Softmax.CrossEntropy(S, s_y), s_scores), Softmax.Gradient(s_scores, s_y), 1e-9);

    [Fact]
    public void Probabilities_and_gradient_may_be_written_over_the_scores()
    {
        var (P, dS) = (s_scores.Clone(), s_scores.Clone());

        Assert.Same(P, Softmax.Probabilities(P, P));
        Assert.Same(dS, Softmax.Gradient(dS, s_y, dS));
        AssertSameBits(Softmax.Probabilities(s_scores), P);
        AssertSameBits(Softmax.Gradient(s_scores, s_y), dS);
    }

    [Fact]
    public void NaN_in_a_row_makes_that_row_of_probabilities_NaN_and_no_other()
    {
        var scores = s_scores.Clone();
        scores[2, 1] = double.NaN;

        var P = Softmax.Probabilities(scores);

        Assert.All(P.Row(2), p => Assert.Equal(double.NaN, p));
        Assert.Equal(4, P.Enumerate().Count(double.IsNaN));
    }

    [Fact]
    public void ArgMax_takes_the_first_of_equal_scores() => Assert.Equal(
        [0, 1, 0], Softmax.ArgMax(Matrix<double>.Build.DenseOfArray(new[,] { { 3.0, 3, 3 }, { 1, 2, 2 }, { 0, -1, 0 } })));

    [Fact]
    public void ArgMax_takes_NaN_for_the_highest_as_NumPy_does() => Assert.Equal(
        [1, 0, 1], Softmax.ArgMax(Matrix<double>.Build.DenseOfArray(new[,] { { 3, double.NaN, 4 }, { double.NaN, 2, 3 }, { 1, double.NaN, double.NaN } })));

    [Fact]
    public void Accuracy_is_the_share_of_rows_whose_first_highest_score_is_the_label()
    {
        var scores = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, 0 }, { 0, 1 }, { 5, 5 }, { 5, 5 } });

        Assert.Equal(0.75, Softmax.Accuracy(scores, [0, 1, 0, 1]));
    }

    [Fact]
    public void A_sparse_matrix_of_scores_is_as_good_as_a_dense_one()
    {
        var diagonal = Matrix<double>.Build.Diagonal([2.0, -3, 1]);
        var dense = Matrix<double>.Build.DenseOfMatrix(diagonal);

        AssertSameBits(Softmax.Probabilities(dense), Softmax.Probabilities(diagonal));
        Assert.Equal(Softmax.CrossEntropy(dense, [0, 1, 2]), Softmax.CrossEntropy(diagonal, [0, 1, 2]));
        Assert.Equal([0, 0, 2], Softmax.ArgMax(diagonal));
    }

    public static TheoryData<string> FunctionsOfLabels => [.. OfLabels.Keys];

    private static Dictionary<string, Action<Matrix<double>, int[]>> OfLabels => new()
    {
        [nameof(Softmax.CrossEntropy)] = (S, labels) => Softmax.CrossEntropy(S, labels),
        [nameof(Softmax.Gradient)] = (S, labels) => Softmax.Gradient(S, labels),
        [nameof(Softmax.Accuracy)] = (S, labels) => Softmax.Accuracy(S, labels),
    };

    [Theory]
    [MemberData(nameof(FunctionsOfLabels))]
    public void Too_few_labels_are_refused_with_their_number_and_the_shape(string function)
    {
        var error = Assert.Throws<ArgumentException>("y", () => OfLabels[function](s_scores, [0, 1]));

        Assert.Contains("2 labels for a matrix (7 × 4)", error.Message);
    }

    [Theory]
    [MemberData(nameof(FunctionsOfLabels))]
    public void A_label_that_names_no_class_is_refused_with_its_row(string function)
    {
        var tooLarge = Assert.Throws<ArgumentException>("y", () => OfLabels[function](s_scores, [0, 1, 2, 4, 0, 0, 0]));
        var negative = Assert.Throws<ArgumentException>("y", () => OfLabels[function](s_scores, [0, -1, 2, 3, 0, 0, 0]));

        Assert.Contains("Label 4 of row 3", tooLarge.Message);
        Assert.Contains("(7 × 4)", tooLarge.Message);
        Assert.Contains("Label -1 of row 1", negative.Message);
    }

    [Theory]
    [MemberData(nameof(FunctionsOfLabels))]
    public void Missing_scores_and_labels_are_named(string function)
    {
        Assert.Throws<ArgumentNullException>("scores", () => OfLabels[function](null!, s_y));
        Assert.Throws<ArgumentNullException>("y", () => OfLabels[function](s_scores, null!));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public void Scores_without_a_row_or_a_column_are_refused_with_their_shape(int m, int K)
    {
        var empty = Matrix<double>.Build.Dense(m, K);
        Action[] all =
        [
            () => Softmax.Probabilities(empty), () => Softmax.ArgMax(empty), () => Softmax.CrossEntropy(empty, new int[m]),
            () => Softmax.Gradient(empty, new int[m]), () => Softmax.Accuracy(empty, new int[m]),
        ];

        Assert.All(all, call => Assert.Contains($"({m} × {K})", Assert.Throws<ArgumentException>("scores", call).Message));
    }
}
