using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

public class GradientCheckTests
{
    private readonly Matrix<double> _w = Normal(3, 2, 1);
    private readonly Matrix<double> _b = Normal(1, 4, 2);

    /// <summary>‖W‖² + Σ b³, with the gradients 2 W and 3 b².</summary>
    private double Loss() => _w.Enumerate().Sum(w => w * w) + _b.Enumerate().Sum(x => x * x * x);

    private Matrix<double> dW => 2 * _w;

    private Matrix<double> db => 3 * _b.PointwisePower(2);

    [Fact]
    public void Right_gradients_differ_by_no_more_than_the_error_of_central_differences()
    {
        var table = GradientCheck.Compare(Loss, [new("W", _w, dW), new("b", _b, db)]);

        Assert.Equal(["W", "b"], table.Rows.Select(row => row.Parameter));
        Assert.All(table.Rows, row => Assert.InRange(row.LargestAbsolute, 0, 1e-8));
        Assert.All(table.Rows, row => Assert.InRange(row.LargestRelative, 0, 1e-7));
    }

    [Fact]
    public void A_wrong_element_is_found_with_its_row_and_column_and_both_values()
    {
        var wrong = dW;
        wrong[2, 1] += 0.5;

        var row = GradientCheck.Compare(Loss, [new("W", _w, wrong), new("b", _b, db)]).Rows[0];

        Assert.Equal((2, 1), (row.Row, row.Column));
        Assert.Equal(0.5, row.LargestAbsolute, 1e-8);
        Assert.Equal(wrong[2, 1], row.Given);
        Assert.Equal(dW[2, 1], row.Approximate, 1e-8);
    }

    [Fact]
    public void The_relative_difference_is_that_to_the_larger_of_both()
    {
        // Given 3 W instead of 2 W: every element is off by a third of the larger one.
        var row = GradientCheck.Compare(Loss, [new("W", _w, 3 * _w)]).Rows[0];

        Assert.Equal(1.0 / 3, row.LargestRelative, 1e-7);
    }

    [Fact]
    public void A_gradient_of_0_where_the_loss_does_not_change_differs_by_0()
    {
        var unused = Normal(2, 2);

        var row = GradientCheck.Compare(Loss, [new("unused", unused, Algebra.Zeros(2, 2))]).Rows[0];

        Assert.Equal((0, 0), (row.LargestAbsolute, row.LargestRelative));
    }

    [Fact]
    public void NaN_in_a_gradient_is_the_largest_difference_at_the_first_place_it_stands()
    {
        var gradient = dW;
        gradient[0, 0] += 100;
        gradient[1, 0] = double.NaN;
        gradient[2, 1] = double.NaN;

        var row = GradientCheck.Compare(Loss, [new("W", _w, gradient)]).Rows[0];

        Assert.Equal((1, 0), (row.Row, row.Column));
        Assert.Equal((double.NaN, double.NaN), (row.LargestAbsolute, row.LargestRelative));
    }

    [Fact]
    public void Parameters_are_put_back_to_the_last_bit()
    {
        var (W0, b0) = (_w.Clone(), _b.Clone());

        GradientCheck.Compare(Loss, [new("W", _w, dW), new("b", _b, db)], epsilon: 0.1);

        AssertSameBits(W0, _w);
        AssertSameBits(b0, _b);
    }

    [Fact]
    public void They_are_put_back_also_when_the_loss_throws()
    {
        var W0 = _w.Clone();
        var calls = 0;
        double Failing() => ++calls == 6 ? throw new InvalidOperationException("not today") : Loss();

        Assert.Throws<InvalidOperationException>(() => GradientCheck.Compare(Failing, [new("W", _w, dW)]));

        AssertSameBits(W0, _w);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_no_finite_number_is_refused_with_the_place_and_the_parameter_put_back(double loss)
    {
        var W0 = _w.Clone();
        double Broken() => _w[1, 1] == W0[1, 1] ? Loss() : loss;

        var error = Assert.Throws<ArgumentException>("loss", () => GradientCheck.Compare(Broken, [new("W", _w, dW)]));

        Assert.Contains("W[1, 1]", error.Message);
        AssertSameBits(W0, _w);
    }

    [Fact]
    public void A_large_parameter_is_checked_by_the_step_that_rounding_leaves()
    {
        // At 1e9 numbers lie 1.2e-7 apart: 1e-5 up and down is not quite 2e-5. The slope of 3 w is 3 all the same.
        var large = Matrix<double>.Build.Dense(1, 1, 1e9);

        var row = GradientCheck.Compare(() => 3 * (large[0, 0] - 1e9), [new("w", large, Matrix<double>.Build.Dense(1, 1, 3))]).Rows[0];

        Assert.Equal(3, row.Approximate, 1e-12);
    }

    [Fact]
    public void A_parameter_too_large_for_the_step_is_refused()
    {
        var large = Matrix<double>.Build.Dense(1, 1, 1e20);

        var error = Assert.Throws<ArgumentException>("epsilon", () => GradientCheck.Compare(Loss, [new("w", large, large)]));

        Assert.Contains("w[0, 0] = 1E+20", error.Message);
    }

    [Fact]
    public void A_gradient_of_another_shape_is_refused_with_both_before_anything_is_computed()
    {
        var error = Assert.Throws<ArgumentException>("parameters", () => GradientCheck.Compare(
            () => throw new InvalidOperationException("must not be called"), [new("b", _b, db), new("W", _w, Algebra.Zeros(2, 3))]));

        Assert.Contains("gradient of W is (2 × 3), but W itself is (3 × 2)", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_step_that_is_no_finite_number_above_0_is_refused(double epsilon) =>
        Assert.Throws<ArgumentOutOfRangeException>("epsilon", () => GradientCheck.Compare(Loss, [new("W", _w, dW)], epsilon));

    [Fact]
    public void Nothing_to_check_is_refused()
    {
        Assert.Throws<ArgumentException>("parameters", () => GradientCheck.Compare(Loss, []));
        Assert.Contains("(0 × 2)", Assert.Throws<ArgumentException>("parameters", () => GradientCheck.Compare(
            Loss, [new("none", Matrix<double>.Build.Dense(0, 2), Matrix<double>.Build.Dense(0, 2))])).Message);
    }

    [Fact]
    public void Missing_arguments_are_named()
    {
        Assert.Throws<ArgumentNullException>("loss", () => GradientCheck.Compare(null!, [new("W", _w, dW)]));
        Assert.Throws<ArgumentNullException>("parameters", () => GradientCheck.Compare(Loss, null!));
        CheckedParameter[] incomplete = [null!, new(null!, _w, dW), new("W", null!, dW), new("W", _w, null!)];
        Assert.All(incomplete, parameter => Assert.Throws<ArgumentNullException>("parameters", () => GradientCheck.Compare(Loss, [parameter])));
    }

    [Fact]
    public void It_prints_as_a_table_with_a_line_a_parameter_in_any_culture()
    {
        var table = new GradientCheckTable([new("W1", 1.25e-9, 3e-8, 12, 3, 0.5, 0.25), new("a_longer_name", double.NaN, 0, 0, 0, -1, 2)]);
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";

        string text;
        try
        {
            CultureInfo.CurrentCulture = comma;
            text = table.ToString();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(
            """
            parameter      max abs diff  max rel diff  at                  given    approximate
            W1                 1.25e-09      3.00e-08  [12, 3]       5.00000e-01    2.50000e-01
            a_longer_name           NaN      0.00e+00  [0, 0]       -1.00000e+00    2.00000e+00
            """,
            text);
    }

    [Fact]
    public void A_parameter_that_is_not_dense_is_told_to_become_so()
    {
        var W = Matrix<double>.Build.DiagonalIdentity(2);

        var error = Assert.Throws<ArgumentException>("W", () => GradientCheck.Compare(() => W[0, 0], [new("W", W, W)]));

        Assert.Contains("W is not a dense matrix", error.Message);
    }

    [Fact]
    public void A_table_without_rows_prints_its_heading() => Assert.StartsWith("parameter", new GradientCheckTable([]).ToString());
}
