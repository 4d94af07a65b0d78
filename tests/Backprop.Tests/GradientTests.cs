using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

public class GradientTests
{
    private static readonly Matrix<double> s_a = Normal(3, 4, 1);
    private static readonly Matrix<double> s_b = Normal(2, 5, 2);
    private static readonly Matrix<double> s_c = Normal(1, 6, 3);
    private static readonly Matrix<double> s_d = Normal(7, 1, 4);
    private static readonly Matrix<double> s_e = Normal(2, 2, 5);
    private static readonly Matrix<double> s_f = Normal(1, 1, 6);

    /// <summary>k ‖A‖², whose gradient is 2 k A.</summary>
    private static Variable Squares(double k, Variable A) => k * Sum(Power(A, 2));

    [Fact]
    public void One_parameter_has_one_gradient() => AssertClose(2 * s_a, Grad(a => Squares(1, a))(s_a), 1e-15);

    [Fact]
    public void Two_parameters_have_two_gradients_in_their_order()
    {
        var (dA, dB) = Grad((a, b) => Squares(1, a) + Squares(2, b))(s_a, s_b);

        AssertAll([(2 * s_a, dA), (4 * s_b, dB)]);
    }

    [Fact]
    public void Three_parameters_have_three_gradients_in_their_order()
    {
        var (dA, dB, dC) = Grad((a, b, c) => Squares(1, a) + Squares(2, b) + Squares(3, c))(s_a, s_b, s_c);

        AssertAll([(2 * s_a, dA), (4 * s_b, dB), (6 * s_c, dC)]);
    }

    [Fact]
    public void Four_parameters_have_four_gradients_in_their_order()
    {
        var (dA, dB, dC, dD) = Grad((a, b, c, d) => Squares(1, a) + Squares(2, b) + Squares(3, c) + Squares(4, d))(s_a, s_b, s_c, s_d);

        AssertAll([(2 * s_a, dA), (4 * s_b, dB), (6 * s_c, dC), (8 * s_d, dD)]);
    }

    [Fact]
    public void Six_parameters_have_six_gradients_in_their_order()
    {
        var (dA, dB, dC, dD, dE, dF) = Grad((a, b, c, d, e, f) =>
            Squares(1, a) + Squares(2, b) + Squares(3, c) + Squares(4, d) + Squares(5, e) + Squares(6, f))(s_a, s_b, s_c, s_d, s_e, s_f);

        AssertAll([(2 * s_a, dA), (4 * s_b, dB), (6 * s_c, dC), (8 * s_d, dD), (10 * s_e, dE), (12 * s_f, dF)]);
    }

    [Fact]
    public void An_array_of_parameters_has_an_array_of_gradients()
    {
        var gradients = Grad((Variable[] v) => Squares(1, v[0]) + Squares(2, v[1]) + Squares(3, v[2]))([s_a, s_b, s_c]);

        Assert.Equal(3, gradients.Length);
        AssertAll([(2 * s_a, gradients[0]), (4 * s_b, gradients[1]), (6 * s_c, gradients[2])]);
    }

    [Fact]
    public void A_parameter_used_twice_gets_the_sum_of_both_uses() =>
        AssertClose(Matrix<double>.Build.Dense(3, 4, 1) + 2 * s_a, Grad(a => Sum(a) + Sum(PointwiseMultiply(a, a)))(s_a), 1e-15);

    [Fact]
    public void A_parameter_on_both_sides_of_a_product_gets_both_gradients()
    {
        // d Σ(A A) = 1 Aᵀ + Aᵀ 1, with 1 a matrix of ones
        var ones = Matrix<double>.Build.Dense(2, 2, 1);

        AssertClose(ones * s_e.Transpose() + s_e.Transpose() * ones, Grad(e => Sum(e * e))(s_e), 1e-15);
    }

    [Fact]
    public void One_matrix_given_for_two_parameters_is_two_parameters()
    {
        var (first, second) = Grad((a, b) => Sum(a) + 3 * Sum(b))(s_a, s_a);

        AssertAll([(Matrix<double>.Build.Dense(3, 4, 1), first), (Matrix<double>.Build.Dense(3, 4, 3), second)]);
    }

    [Fact]
    public void A_parameter_that_the_loss_does_not_use_has_a_gradient_of_zeros_of_its_shape()
    {
        var (dA, dB) = Grad((_, b) => Sum(b))(s_a, s_b);

        Assert.Equal(Algebra.Zeros(3, 4), dA);
        Assert.Equal(Matrix<double>.Build.Dense(2, 5, 1), dB);
    }

    [Fact]
    public void A_constant_loss_has_gradients_of_zeros()
    {
        var (dA, dB) = Grad((_, _) => (Variable)3.0)(s_a, s_b);

        Assert.Equal((Algebra.Zeros(3, 4), Algebra.Zeros(2, 5)), (dA, dB));
    }

    [Fact]
    public void A_loss_that_is_its_parameter_has_the_gradient_1() => Assert.Equal(1, Grad(f => f)(s_f)[0, 0]);

    [Fact]
    public void A_loss_that_is_not_a_number_is_refused_with_its_shape()
    {
        var error = Assert.Throws<ArgumentException>("loss", () => Grad(a => Exp(a))(s_a));

        Assert.Contains("(3 × 4)", error.Message);
        Assert.Contains("Sum", error.Message);
    }

    [Fact]
    public void A_loss_that_returns_nothing_is_refused() =>
        Assert.Contains("returned null", Assert.Throws<ArgumentException>("loss", () => Grad((Variable _) => (Variable)null!)(s_a)).Message);

    public static TheoryData<string> NamesOfMismatches => [.. Mismatches.Keys];

    private static Dictionary<string, Func<Variable, Variable, Variable>> Mismatches => new()
    {
        ["A + B"] = (a, b) => a + b,
        ["A - B"] = (a, b) => a - b,
        ["A / B"] = (a, b) => a / b,
        ["PointwiseMultiply(A, B)"] = PointwiseMultiply,
        ["product A B"] = (a, b) => a * b,
    };

    [Theory]
    [MemberData(nameof(NamesOfMismatches))]
    public void Shapes_that_do_not_fit_are_refused_with_the_operation_and_both_shapes(string operation)
    {
        var error = Assert.Throws<ArgumentException>(() => Grad((a, b) => Sum(Mismatches[operation](a, b)))(s_a, s_b));

        Assert.Contains(operation, error.Message);
        Assert.Contains("(3 × 4) and (2 × 5)", error.Message);
    }

    [Fact]
    public void Missing_losses_and_parameters_are_ArgumentNullExceptions()
    {
        Assert.Throws<ArgumentNullException>("loss", () => Grad((Func<Variable, Variable>)null!));
        Assert.Throws<ArgumentNullException>("loss", () => Grad((Func<Variable, Variable, Variable, Variable, Variable>)null!));
        Assert.Throws<ArgumentNullException>("loss", () => Grad((Func<Variable[], Variable>)null!));
        Assert.Throws<ArgumentNullException>("parameters", () => Grad((Variable[] v) => v[0])(null!));
        Assert.Contains("Parameter 1", Assert.Throws<ArgumentNullException>("parameters", () => Grad((a, b) => Sum(a) + Sum(b))(s_a, null!)).Message);
        Assert.Throws<ArgumentNullException>("value", () => new Variable(null!));
        Assert.Throws<ArgumentNullException>("A", () => (Variable)null! + new Variable(s_a));
        Assert.Throws<ArgumentNullException>("variable", () => (double)(Variable)null!);
    }

    [Fact]
    public void A_gradient_call_inside_a_loss_is_right_when_it_is_independent()
    {
        // The inner gradient, 2 B, counts as a constant: d Σ(A) ‖2B‖² = 4 ‖B‖².
        var inner = Grad(b => Squares(1, b));

        var dA = Grad(a => Sum(a) * Sum(Power(inner(s_b), 2)))(s_a);

        AssertClose(Matrix<double>.Build.Dense(3, 4, 4 * Algebra.SumOfSquares(s_b)), dA, 1e-13);
    }

    [Fact]
    public void Inner_calls_leave_the_matrices_of_the_outer_one_alone()
    {
        // The last inner call computes more than those before, so it would reach for any matrix that is free.
        var more = false;
        var inner = Grad(b => Squares(1, more ? Tanh(Tanh(Exp(b))) : Exp(b)));

        var dA = Grad(a =>
        {
            inner(s_a);
            var betweenInnerCalls = Exp(a);
            inner(-s_a);
            more = true;
            inner(-s_a);
            return Sum(PointwiseMultiply(betweenInnerCalls, betweenInnerCalls));
        })(s_a);

        AssertClose(2 * (2 * s_a).PointwiseExp(), dA, 1e-14);
    }

    [Fact]
    public void A_gradient_function_may_call_itself()
    {
        // g(F) = d F² g(F − 1) at depths above 0, with the inner gradient a constant: 2 F · 2 (F − 1) · 2 (F − 2)
        var depth = 0;
        Func<Matrix<double>, Matrix<double>> gradient = null!;
        gradient = Grad(f =>
        {
            var value = f.Value;
            return ++depth == 3 ? Power(f, 2) : Power(f, 2) * gradient(value - 1);
        });

        var f0 = s_f[0, 0];
        Assert.Equal(8 * f0 * (f0 - 1) * (f0 - 2), gradient(s_f)[0, 0], 1e-13);
    }

    [Fact]
    public void The_outer_loss_may_hand_an_inner_one_its_Value()
    {
        // Σ A ⊙ (2 · value of A), the second factor constant: the gradient is 2 A.
        var dA = Grad(a =>
        {
            var value = a.Value;
            return Sum(PointwiseMultiply(a, Grad(b => Sum(PointwiseMultiply(b, b)))(value)));
        })(s_a);

        AssertClose(2 * s_a, dA, 1e-15);
    }

    [Fact]
    public void An_inner_loss_that_uses_an_outer_variable_is_refused_with_a_way_out()
    {
        var error = Assert.Throws<ArgumentException>(() => Grad(a => Sum(a) + Sum(Grad(b => Sum(PointwiseMultiply(a, b)))(s_a)))(s_a));

        Assert.Contains("(3 × 4)", error.Message);
        Assert.Contains("another gradient call", error.Message);
        Assert.Contains("Value", error.Message);
    }

    [Fact]
    public void So_is_one_that_computes_something_for_the_outer_loss() =>
        Assert.Throws<ArgumentException>(() => Grad(a =>
        {
            Variable forOuter = null!;
            Grad(b =>
            {
                forOuter = Sum(Exp(a));
                return Sum(b);
            })(s_a);
            return forOuter;
        })(s_a));

    [Fact]
    public void So_is_one_that_returns_an_outer_variable() =>
        Assert.Throws<ArgumentException>("loss", () => Grad(f => f + Sum(Grad((Variable _) => f)(s_a)))(s_f));

    [Fact]
    public void A_variable_used_on_another_thread_than_its_gradient_call_is_refused() =>
        Assert.Throws<ArgumentException>(() => Grad(a =>
        {
            Exception? thrown = null;
            var thread = new Thread(() => thrown = Record.Exception(() => Exp(a)));
            thread.Start();
            thread.Join();
            return thrown is null ? Sum(a) : throw thrown;
        })(s_a));

    [Fact]
    public void A_variable_is_of_no_use_when_its_gradient_call_is_over()
    {
        Variable kept = null!;
        Grad(f => kept = Exp(f))(s_f);

        Assert.Contains("another gradient call", Assert.Throws<ArgumentException>(() => kept + 1.0).Message);
        Assert.Contains("Read its Value inside", Assert.Throws<InvalidOperationException>(() => kept.Value).Message);
        Assert.Throws<InvalidOperationException>(() => (double)kept);
        Assert.Equal("Variable (1 × 1)", kept.ToString());
    }

    [Fact]
    public void A_constant_computed_in_one_call_keeps_its_value_in_later_ones()
    {
        Variable? kept = null;
        var gradient = Grad(a =>
        {
            if (kept is null)
            {
                kept = Exp(new Variable(s_a));
                return Sum(kept);
            }

            return Sum(PointwiseMultiply(PointwiseMultiply(kept, a), a));
        });
        gradient(s_a);

        var later = Enumerable.Range(0, 3).Select(_ => gradient(s_a)).ToArray();

        Assert.All(later, dA => AssertClose(2 * s_a.PointwiseExp().PointwiseMultiply(s_a), dA, 1e-14));
    }

    [Fact]
    public void Results_of_one_call_are_not_overwritten_by_the_next()
    {
        var gradient = Grad(a => Squares(1, Exp(a)));
        var first = gradient(s_a);
        var copy = first.Clone();

        var second = gradient(-s_a);

        AssertSameBits(copy, first);
        Assert.NotSame(first, second);
        AssertClose(2 * (-2 * s_a).PointwiseExp(), second, 1e-14);
    }

    [Fact]
    public void Other_shapes_in_a_later_call_are_as_good()
    {
        var gradient = Grad(a => Squares(0.5, a));

        Assert.All([s_a, s_b, s_c, s_a], parameter => AssertClose(parameter, gradient(parameter), 1e-15));
    }

    [Fact]
    public void Eight_threads_at_once_get_what_one_gets()
    {
        var (X, y) = Spiral.Generate(new NumpyRandom(0), 20);
        var gradient = Grad((W, b) => CrossEntropy(Tanh(X * W + b), y));
        var parameters = Enumerable.Range(0, 8).Select(i => (W: Normal(2, 3, i), b: Normal(1, 3, i + 8))).ToArray();
        var alone = parameters.Select(p => gradient(p.W, p.b)).ToArray();
        var together = new (Matrix<double> dW, Matrix<double> db)[8][];

        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
            together[i] = [.. Enumerable.Range(0, 200).Select(_ => gradient(parameters[i].W, parameters[i].b))])).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        for (var i = 0; i < 8; i++)
        {
            Assert.All(together[i], result => Assert.Equal(alone[i], result));
        }
    }

    [Fact]
    public void A_loss_that_throws_leaves_the_gradient_function_usable()
    {
        var fail = true;
        var gradient = Grad(a => fail ? throw new InvalidOperationException("not today") : Squares(1, a));
        Assert.Throws<InvalidOperationException>(() => gradient(s_a));

        fail = false;

        AssertClose(2 * s_a, gradient(s_a), 1e-15);
    }

    [Fact]
    public void A_loss_that_throws_inside_another_leaves_the_outer_one_usable()
    {
        var failing = Grad((Variable _) => throw new InvalidOperationException("not today"));

        var dA = Grad(a =>
        {
            Assert.Throws<InvalidOperationException>(() => { failing(s_a); });
            return Squares(1, a);
        })(s_a);

        AssertClose(2 * s_a, dA, 1e-15);
    }

    [Fact]
    public void Value_is_a_copy()
    {
        var parameter = s_a.Clone();

        Grad(a =>
        {
            a.Value[0, 0] = 1000;
            return Sum(a);
        })(parameter);

        Assert.Equal(s_a, parameter);
    }

    [Fact]
    public void Matrices_and_numbers_mix_in_as_constants()
    {
        // d ‖2 A − A₀ / 4 + 1 − 3‖² = 4 (2 A − A₀ / 4 − 2)
        var A0 = Normal(3, 4, 9);

        var dA = Grad(a => Sum(Power(2 * a - A0 / 4 + 1.0 - 3, 2)))(s_a);

        AssertClose(4 * (2 * s_a - A0 / 4 - 2), dA, 1e-14);
    }

    [Fact]
    public void Sparse_and_diagonal_parameters_have_the_gradients_of_dense_ones()
    {
        var gradient = Grad(a => Sum(Exp(Transpose(a) * s_a)) + Sum(Gather(a, [0, 1, 2])));
        var diagonal = Matrix<double>.Build.Diagonal([1.0, -2, 0.5]);
        var expected = gradient(Matrix<double>.Build.DenseOfMatrix(diagonal));

        AssertSameBits(expected, gradient(diagonal));
        AssertSameBits(expected, gradient(Matrix<double>.Build.SparseOfMatrix(diagonal)));
    }

    [Fact]
    public void A_parameter_without_rows_has_a_gradient_without_rows()
    {
        var (dEmpty, dC) = Grad((empty, c) => Sum(empty + c))(Matrix<double>.Build.Dense(0, 6), s_c);

        Assert.Equal((0, 6), (dEmpty.RowCount, dEmpty.ColumnCount));
        Assert.Equal(Algebra.Zeros(1, 6), dC);
    }

    [Fact]
    public void Softmax_written_out_by_hand_has_the_gradient_of_CrossEntropy()
    {
        var (scores, y) = (Normal(6, 3), Labels(6, 3));
        Variable ByHand(Variable s)
        {
            var expScores = Exp(s);
            return -Sum(Log(Gather(expScores / RowSums(expScores), y))) / y.Length;
        }

        Assert.Equal(Softmax.CrossEntropy(scores, y), (double)ByHand(scores), 1e-14);
        AssertClose(Grad(s => CrossEntropy(s, y))(scores), Grad(ByHand)(scores), 1e-14);
        AssertClose(Softmax.Gradient(scores, y), Grad(ByHand)(scores), 1e-14);
    }

    [Fact]
    public void The_same_call_gives_the_same_bits()
    {
        Func<Variable, Variable> loss = a => Sum(Tanh(Transpose(a) * a)) + Mean(Logistic(a));
        var gradient = Grad(loss);
        var first = gradient(s_a);

        Assert.All(Enumerable.Range(0, 5), _ => AssertSameBits(first, gradient(s_a)));
        AssertSameBits(first, Grad(loss)(s_a));
    }

    [Fact]
    public void NaN_in_a_parameter_reaches_its_gradient()
    {
        var parameter = s_a.Clone();
        parameter[1, 2] = double.NaN;

        var dA = Grad(a => Sum(Exp(a)))(parameter);

        Assert.Equal([(1, 2)], dA.EnumerateIndexed().Where(e => double.IsNaN(e.Item3)).Select(e => (e.Item1, e.Item2)));
    }

    [Fact]
    public void A_variable_prints_its_shape_and_a_number_its_value()
    {
        Assert.Equal("Variable (3 × 4)", new Variable(s_a).ToString());
        Assert.Equal("Variable 2.5", ((Variable)2.5).ToString());
    }

    [Fact]
    public void Only_a_variable_of_one_number_is_a_double() =>
        Assert.Contains("(3 × 4)", Assert.Throws<ArgumentException>("variable", () => (double)new Variable(s_a)).Message);

    private static void AssertAll((Matrix<double> Expected, Matrix<double> Actual)[] pairs) =>
        Assert.All(pairs, pair => AssertClose(pair.Expected, pair.Actual, 1e-15));
}
