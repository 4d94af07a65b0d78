using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Tests;

public class ExerciseTests
{
    private static readonly Matrix<double> s_truth = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, -2, 3 }, { 0.5, 4, -1 } });

    [Fact]
    public void A_right_answer_is_right()
    {
        Assert.Equal("Exercise 3: right.", Exercise.Check(3, new Answer("dW", () => s_truth + 1e-9, s_truth)).ToString());
        Assert.Equal(Progress.Right, Exercise.Check(1, new Answer("y", () => [0, 1], [0, 1]), new Answer("prediction", () => 1.1, 1) { Within = 0.2 }).Progress);
    }

    [Fact]
    public void Null_NaN_and_code_that_is_not_implemented_are_not_filled_in_yet()
    {
        Answer[] unfilled =
        [
            new("dW", () => (Matrix<double>?)null, s_truth),
            new("y", () => (int[]?)null, [0, 1]),
            new("prediction", (object)double.NaN, 1),
            new("prediction", (object?)null, 1),
            new("prediction", double () => throw new NotImplementedException(), 1),
            new("dW", Matrix<double>? () => throw new NotImplementedException(), s_truth),
        ];

        Assert.All(unfilled, answer => Assert.StartsWith("Exercise 2: not filled in yet. Fill in the cell above", Exercise.Check(2, answer).ToString()));
    }

    [Theory]
    [InlineData(-1, "dW has the wrong sign.")]
    [InlineData(6, "dW is the right matrix, but every element is 6 times what it should be")]
    [InlineData(0.01, "dW is the right matrix, but every element is what it should be divided by 100")]
    [InlineData(-2, "dW has the wrong sign, and every element is 2 times what it should be")]
    [InlineData(0, "dW is zero everywhere.")]
    public void A_multiple_of_the_truth_is_recognised(double factor, string hint) =>
        Assert.StartsWith(hint, Exercise.Check(1, new Answer("dW", () => s_truth * factor, s_truth)).Hint);

    [Fact]
    public void Another_shape_is_named_beside_the_expected_one()
    {
        Assert.Equal("dW is (3 × 2), but (2 × 3) is expected: it is transposed.", Exercise.Check(1, new Answer("dW", () => s_truth.Transpose(), s_truth)).Hint);
        Assert.Equal("y has 1 label, but 2 are expected.", Exercise.Check(1, new Answer("y", () => [0], [0, 1])).Hint);
        Assert.Equal("y has 0 labels, but 2 are expected.", Exercise.Check(1, new Answer("y", () => [], [0, 1])).Hint);
        Assert.Equal("y differs in 2 of 4 labels, first at [1].", Exercise.Check(1, new Answer("y", () => [0, 2, 1, 2], [0, 1, 1, 0])).Hint);
    }

    [Fact]
    public void The_largest_difference_is_shown()
    {
        var given = s_truth.Clone();
        given[1, 2] = 7;
        given[0, 0] = 2;

        Assert.Equal("dW differs in 2 of 6 elements, most at [1, 2]: 7, but -1 is expected.", Exercise.Check(1, new Answer("dW", () => given, s_truth)).Hint);
    }

    [Fact]
    public void What_is_not_a_finite_number_is_pointed_at()
    {
        var given = s_truth.Clone();
        given[0, 1] = double.NaN;

        Assert.Equal("dW[0, 1] is NaN, but a finite number is expected.", Exercise.Check(1, new Answer("dW", () => given, s_truth)).Hint);
        Assert.Contains("a finite number is expected", Exercise.Check(1, new Answer("prediction", () => double.PositiveInfinity, 1)).Hint);
    }

    [Fact]
    public void A_wrong_prediction_is_too_small_or_too_large_and_does_not_give_the_truth_away()
    {
        Assert.Equal("prediction = 0.5 is too small.", Exercise.Check(1, new Answer("prediction", () => 0.5, 0.75)).Hint);
        Assert.Equal("prediction = 2 is too large.", Exercise.Check(1, new Answer("prediction", () => 2, 0.75)).Hint);
    }

    [Fact]
    public void A_number_that_the_readers_code_computes_is_told_like_a_prediction_and_NaN_is_a_wrong_one()
    {
        Assert.Equal("loss = 0.5 is too small.", Hint(0.5));
        Assert.Equal("loss has the wrong sign.", Hint(-0.75));
        Assert.Equal("loss is NaN, but a finite number is expected.", Hint(double.NaN));

        static string Hint(double loss)
        {
            var hints = new[]
            {
                Exercise.Check(1, new Answer("loss", () => Matrix<double>.Build.Dense(1, 1, loss), Matrix<double>.Build.Dense(1, 1, 0.75))).Hint,
                Exercise.Check(1, new Answer("loss", () => loss, 0.75)).Hint,
            };
            return Assert.Single(hints.Distinct());
        }
    }

    [Fact]
    public void A_mistake_that_was_foreseen_has_a_sentence_of_its_own()
    {
        var answer = new Answer("dW", () => s_truth / 3, s_truth) { Mistakes = [new(s_truth.Transpose(), "No."), new(s_truth / 3, "You divided by K.")] };
        var prediction = new Answer("prediction", () => 1, 2) { Mistakes = [new(1, "That is the slope.")] };

        Assert.Equal("Exercise 1: not right yet. You divided by K.", Exercise.Check(1, answer).ToString());
        Assert.Equal("That is the slope.", Exercise.Check(1, prediction).Hint);
    }

    [Fact]
    public void A_truth_of_zeros_is_compared_like_any_other()
    {
        var zeros = s_truth * 0;

        Assert.Equal(Progress.Right, Exercise.Check(1, new Answer("dW", () => zeros, zeros)).Progress);
        Assert.StartsWith("dW differs in 6 of 6", Exercise.Check(1, new Answer("dW", () => s_truth, zeros)).Hint);
        Assert.Equal("prediction = 1 is too large.", Exercise.Check(1, new Answer("prediction", () => 1, 0)).Hint);
    }

    [Fact]
    public void Exceptions_of_the_readers_code_become_sentences()
    {
        Assert.StartsWith("dW was not computed. The code passes on something that does not fit: ", Hint(() => s_truth * s_truth));
        Assert.StartsWith("dW was not computed. The code passes on something that does not fit: ", Hint(() => s_truth + s_truth.Transpose()));
        Assert.StartsWith("dW was not computed. The code uses a row, a column or an element that is not there: ", Hint(() => s_truth.SubMatrix(0, 5, 0, 1)));
        Assert.StartsWith("dW was not computed. The code uses a row, a column or an element that is not there: ", Hint(() => Algebra.Zeros(new[] { 1 }[s_truth.ColumnCount], 1)));
        Assert.StartsWith("dW was not computed. The code uses something that is null.", Hint(() => ((Matrix<double>)null!).Clone()));
        Assert.StartsWith("dW was not computed. The code stopped with InvalidOperationException: Why not", Hint(() => throw new InvalidOperationException("Why not")));

        static string Hint(Func<Matrix<double>> given) => Exercise.Check(1, new Answer("dW", given, s_truth)).Hint;
    }

    [Fact]
    public void Stopping_the_cell_is_not_swallowed() =>
        Assert.Throws<OperationCanceledException>(() => Exercise.Check(1, new Answer("dW", Matrix<double>? () => throw new OperationCanceledException(), s_truth)));

    [Fact]
    public void The_first_answer_that_is_not_right_is_reported() =>
        Assert.StartsWith("db ", Exercise.Check(1, new Answer("dW", () => s_truth, s_truth), new Answer("db", () => -s_truth, s_truth), new Answer("dx", () => s_truth * 0, s_truth)).Hint);

    [Fact]
    public void There_must_be_an_answer_and_a_truth()
    {
        Assert.Throws<ArgumentException>(() => Exercise.Check(1));
        Assert.Throws<ArgumentException>(() => new Answer("y", () => [0], []));
    }

    [Fact]
    public void A_variable_of_any_type_of_number_is_a_number_and_one_of_another_type_is_told()
    {
        object[] right = [2, 2L, 2f, 2m, 2.0];

        Assert.All(right, value => Assert.Equal(Progress.Right, Exercise.Check(1, new Answer("limit", value, 2)).Progress));
        Assert.Equal("limit is of type string, but a number is expected.", Exercise.Check(1, new Answer("limit", "2", 2)).Hint);
        Assert.Equal("limit is of type Matrix<double>, but a number is expected.", Exercise.Check(1, new Answer("limit", s_truth, 2)).Hint);
        Assert.Equal("dW is of type double[], but a matrix is expected.", Exercise.Check(1, new Answer("dW", new[] { 1.0 }, s_truth)).Hint);
        Assert.Equal(Progress.Right, Exercise.Check(1, new Answer("dW", (object)s_truth.Clone(), s_truth)).Progress);
        Assert.All(new object?[] { null, double.NaN }, value => Assert.Equal(Progress.NotFilledIn, Exercise.Check(1, new Answer("limit", value, 2)).Progress));
    }

    [Fact]
    public void A_function_of_another_type_is_told_in_a_sentence()
    {
        static string Hint<T>(Delegate given) => Exercise.WrongType(1, (given, typeof(T))).Hint;
        static Matrix<double> Slope(Matrix<double> S, int[] y) => S;
        static void Nothing(int i)
        {
        }

        Assert.Equal("Your function returns Matrix<double>, but double is expected.", Hint<Func<Matrix<double>, int[], double>>(Slope));
        Assert.Equal("The parameter y of your function is int[], but (double, Matrix<double>[]) is expected.", Hint<Func<Matrix<double>, (double, Matrix<double>[]), Matrix<double>>>(Slope));
        Assert.Equal("Your function takes 2 parameters, but 1 is expected: (string).", Hint<Func<string, int>>(Slope));
        Assert.Equal("Your function takes 1 parameter, but 2 are expected: (int, double[,]).", Hint<Func<int, double[,], int>>(Nothing));
        Assert.Equal("Your function returns nothing, but int is expected.", Hint<Func<int, int>>(Nothing));
        Assert.Equal("Zero returns int, but double is expected.", Hint<Func<double>>(Zero));
        Assert.Equal("Zero returns int, but double is expected.", Exercise.WrongType(1, (One, typeof(Func<double>)), (Zero, typeof(Func<double>))).Hint);
        Assert.Throws<ArgumentException>(() => Exercise.WrongType(1, (Zero, typeof(Func<int>))));
    }

    private static int Zero() => 0;

    private static double One() => 1;
}
