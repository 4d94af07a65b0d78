using System.Reflection;
using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

/// <summary>Every primitive's value, and its rule against central differences.</summary>
public class PrimitivesTests
{
    /// <summary>A primitive as a function of variables of the shapes given, with y labels below n for m rows.</summary>
    /// <param name="Name">Its method's name, and what else tells the row from others.</param>
    /// <param name="Shapes">The shape of each variable.</param>
    /// <param name="Function">The primitive.</param>
    /// <param name="Positive">True where it is defined for numbers above 0 only.</param>
    private sealed record Rule(string Name, string Shapes, Func<Variable[], int[], Variable> Function, bool Positive = false)
    {
        public string Title => $"{Name} of {Shapes}";
    }

    private static readonly Rule[] s_rules =
    [
        .. Broadcasting(nameof(Add), Add),
        .. Broadcasting(nameof(Subtract), Subtract),
        .. Broadcasting(nameof(PointwiseMultiply), PointwiseMultiply),
        .. Broadcasting(nameof(Divide), Divide),
        new(nameof(Multiply), "m×d, d×n", (v, _) => Multiply(v[0], v[1])),
        new(nameof(Multiply), "1×1, m×n", (v, _) => Multiply(v[0], v[1])),
        new(nameof(Multiply), "m×n, 1×1", (v, _) => Multiply(v[0], v[1])),
        new(nameof(Multiply), "1×d, d×1", (v, _) => Multiply(v[0], v[1])),
        new(nameof(Multiply), "m×1, 1×n", (v, _) => Multiply(v[0], v[1])),
        new(nameof(Scale), "m×n", (v, _) => Scale(-1.5, v[0])),
        new(nameof(Divide) + " by a constant", "m×n", (v, _) => Divide(v[0], -1.5)),
        new(nameof(Transpose), "m×n", (v, _) => Transpose(v[0])),
        new(nameof(Sum), "m×n", (v, _) => Sum(v[0])),
        new(nameof(Mean), "m×n", (v, _) => Mean(v[0])),
        new(nameof(ColumnSums), "m×n", (v, _) => ColumnSums(v[0])),
        new(nameof(RowSums), "m×n", (v, _) => RowSums(v[0])),
        new(nameof(Max), "m×n", (v, _) => Max(v[0])),
        new(nameof(RowMax), "m×n", (v, _) => RowMax(v[0])),
        new(nameof(Exp), "m×n", (v, _) => Exp(v[0])),
        new(nameof(Log), "m×n", (v, _) => Log(v[0]), Positive: true),
        new(nameof(Power) + " 0", "m×n", (v, _) => Power(v[0], 0)),
        new(nameof(Power) + " 1", "m×n", (v, _) => Power(v[0], 1)),
        new(nameof(Power) + " 2", "m×n", (v, _) => Power(v[0], 2)),
        new(nameof(Power) + " 3", "m×n", (v, _) => Power(v[0], 3)),
        new(nameof(Power) + " -1", "m×n", (v, _) => Power(v[0], -1)),
        new(nameof(Power) + " 0.5", "m×n", (v, _) => Power(v[0], 0.5), Positive: true),
        new(nameof(Power) + " -1.5", "m×n", (v, _) => Power(v[0], -1.5), Positive: true),
        new(nameof(Apply) + " ReLU", "m×n", (v, _) => Apply(Nonlinearity.Relu, v[0])),
        new(nameof(Apply) + " a nonlinearity of one's own", "m×n", (v, _) => Apply(new Nonlinearity("square", z => z * z, z => 2 * z), v[0])),
        new(nameof(Relu), "m×n", (v, _) => Relu(v[0])),
        new(nameof(Logistic), "m×n", (v, _) => Logistic(v[0])),
        new(nameof(Tanh), "m×n", (v, _) => Tanh(v[0])),
        new(nameof(Gather), "m×n", (v, y) => Gather(v[0], y)),
        new(nameof(LogSumExp), "m×n", (v, _) => LogSumExp(v[0])),
        new(nameof(Probabilities), "m×n", (v, _) => Probabilities(v[0])),
        new(nameof(CrossEntropy), "m×n", (v, y) => CrossEntropy(v[0], y)),
    ];

    private static IEnumerable<Rule> Broadcasting(string name, Func<Variable, Variable, Variable> function) =>
        new[] { "m×n, m×n", "m×n, 1×n", "1×n, m×n", "m×n, m×1", "m×1, m×n", "m×n, 1×1", "1×1, m×n", "m×1, 1×n", "1×n, m×1" }
            .Select(shapes => new Rule(name, shapes, (v, _) => function(v[0], v[1])));

    public static TheoryData<string> Titles => [.. s_rules.Select(rule => rule.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public void Its_rule_is_its_slope_at_any_shape(string title)
    {
        var rule = s_rules.Single(rule => rule.Title == title);
        var random = new Random(title.Length);
        (int m, int d, int n)[] sizes = [(1, 1, 1), (1, 3, 4), (5, 1, 1), .. Enumerable.Range(0, 6).Select(_ => (random.Next(1, 7), random.Next(1, 7), random.Next(2, 7)))];
        foreach (var (m, d, n) in sizes)
        {
            // AwayFromZero: no kink of Relu and no pole of Divide is near.
            var at = ShapesOf(rule, m, d, n).Select((shape, i) => AwayFromZero(shape.Rows, shape.Columns, i + 10)).ToArray();
            if (rule.Positive)
            {
                at = [.. at.Select(A => A.PointwiseAbs())];
            }

            var y = Labels(m, n);
            var result = rule.Function([.. at.Select(A => new Variable(A))], y);

            // With a weight of its own for every element of the result, none of its derivatives can hide behind another.
            var weights = Normal(result.RowCount, result.ColumnCount, 99);
            Variable Loss(Variable[] v) => Sum(PointwiseMultiply(weights, rule.Function(v, y)));
            var gradients = Grad(Loss)(at);

            for (var i = 0; i < at.Length; i++)
            {
                double LossAt(Matrix<double> A) => (double)Loss([.. at.Select((other, j) => new Variable(j == i ? A : other))]);
                AssertClose(CentralDifferences(LossAt, at[i]), gradients[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Every_public_primitive_and_overload_has_its_row_in_the_table()
    {
        var primitives = typeof(Primitives).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Variable));

        Assert.All(primitives.GroupBy(method => method.Name), overloads =>
        {
            // An overload is told from another by how many variables it takes.
            var arities = overloads.Select(method => method.GetParameters().Count(p => p.ParameterType == typeof(Variable)));
            var tried = s_rules.Where(rule => rule.Name.Split(' ')[0] == overloads.Key).Select(rule => rule.Shapes.Split(',').Length);
            Assert.Subset(tried.ToHashSet(), arities.ToHashSet());
        });
    }

    private static readonly Matrix<double> s_a = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, -2, 4 }, { 3, 0.5, -1 } });
    private static readonly Matrix<double> s_b = Matrix<double>.Build.DenseOfArray(new[,] { { 2.0, 5, 8 }, { -4, 1, 10 } });
    private static readonly Matrix<double> s_row = Matrix<double>.Build.DenseOfArray(new[,] { { 10.0, 20, 40 } });
    private static readonly Matrix<double> s_column = Matrix<double>.Build.DenseOfArray(new[,] { { 2.0 }, { 4 } });

    private static readonly Dictionary<string, (Variable Actual, double[,] Expected)> s_values = new()
    {
        ["A + B"] = (s_a + new Variable(s_b), new double[,] { { 3, 3, 12 }, { -1, 1.5, 9 } }),
        ["A + row"] = (s_a + new Variable(s_row), new double[,] { { 11, 18, 44 }, { 13, 20.5, 39 } }),
        ["column + A"] = (s_column + new Variable(s_a), new double[,] { { 3, 0, 6 }, { 7, 4.5, 3 } }),
        ["column + row"] = (s_column + new Variable(s_row), new double[,] { { 12, 22, 42 }, { 14, 24, 44 } }),
        ["row - column"] = (s_row - new Variable(s_column), new double[,] { { 8, 18, 38 }, { 6, 16, 36 } }),
        ["1 - A"] = (1.0 - new Variable(s_a), new double[,] { { 0, 3, -3 }, { -2, 0.5, 2 } }),
        ["A - 1"] = (new Variable(s_a) - 1.0, new double[,] { { 0, -3, 3 }, { 2, -0.5, -2 } }),
        ["-A"] = (-new Variable(s_a), new double[,] { { -1, 2, -4 }, { -3, -0.5, 1 } }),
        ["A ⊙ B"] = (PointwiseMultiply(s_a, s_b), new double[,] { { 2, -10, 32 }, { -12, 0.5, -10 } }),
        ["A / column"] = (s_a / new Variable(s_column), new double[,] { { 0.5, -1, 2 }, { 0.75, 0.125, -0.25 } }),
        ["1 / A"] = (1.0 / new Variable(s_a), new double[,] { { 1, -0.5, 0.25 }, { 1.0 / 3, 2, -1 } }),
        ["A / 2"] = (new Variable(s_a) / 2, new double[,] { { 0.5, -1, 2 }, { 1.5, 0.25, -0.5 } }),
        ["A Bᵀ"] = (s_a * Transpose(s_b), new double[,] { { 24, 34 }, { 0.5, -21.5 } }),
        ["A times a number"] = (new Variable(s_a) * 2, new double[,] { { 2, -4, 8 }, { 6, 1, -2 } }),
        ["a number times A"] = (2 * new Variable(s_a), new double[,] { { 2, -4, 8 }, { 6, 1, -2 } }),
        ["a (1 × 1) times A"] = (Sum(s_column) * s_a, new double[,] { { 6, -12, 24 }, { 18, 3, -6 } }),
        ["Aᵀ"] = (Transpose(s_a), new double[,] { { 1, 3 }, { -2, 0.5 }, { 4, -1 } }),
        ["sum"] = (Sum(s_a), new double[,] { { 5.5 } }),
        ["mean"] = (Mean(s_a), new double[,] { { 5.5 / 6 } }),
        ["column sums"] = (ColumnSums(s_a), new double[,] { { 4, -1.5, 3 } }),
        ["row sums"] = (RowSums(s_a), new double[,] { { 3 }, { 2.5 } }),
        ["largest"] = (Max(s_a), new double[,] { { 4 } }),
        ["largest of each row"] = (RowMax(s_a), new double[,] { { 4 }, { 3 } }),
        ["exp"] = (Exp(Log(s_column)), new double[,] { { 2 }, { 4 } }),
        ["log"] = (Log(s_column), new double[,] { { Math.Log(2) }, { Math.Log(4) } }),
        ["A³"] = (Power(s_a, 3), new double[,] { { 1, -8, 64 }, { 27, 0.125, -1 } }),
        ["relu"] = (Relu(s_a), new double[,] { { 1, 0, 4 }, { 3, 0.5, 0 } }),
        ["logistic"] = (Logistic(Log(s_column)), new double[,] { { 2.0 / 3 }, { 0.8 } }),
        ["tanh"] = (Tanh(Log(s_column)), new double[,] { { 0.6 }, { 15.0 / 17 } }),
        ["one of each row"] = (Gather(s_a, [2, 0]), new double[,] { { 4 }, { 3 } }),
        ["log of the sum of exponentials"] = (LogSumExp(Log(Transpose(s_column))), new double[,] { { Math.Log(6) } }),
        ["probabilities"] = (Probabilities(Log(Transpose(s_column))), new double[,] { { 1.0 / 3, 2.0 / 3 } }),
        ["cross-entropy"] = (CrossEntropy(Log(Transpose(s_column)), [0]), new double[,] { { Math.Log(3) } }),
    };

    public static TheoryData<string> NamesOfValues => [.. s_values.Keys];

    [Theory]
    [MemberData(nameof(NamesOfValues))]
    public void Its_value_is_what_pencil_and_paper_give(string name) =>
        AssertClose(Matrix<double>.Build.DenseOfArray(s_values[name].Expected), s_values[name].Actual.Value, 1e-15);

    [Fact]
    public void Equal_largest_elements_share_the_gradient()
    {
        var tied = Matrix<double>.Build.DenseOfArray(new[,] { { 7.0, 7, 1 }, { 2, 7, 7 } });

        Assert.Equal(Matrix<double>.Build.DenseOfArray(new[,] { { 0.25, 0.25, 0 }, { 0, 0.25, 0.25 } }), Grad(Max)(tied));
        Assert.Equal(Matrix<double>.Build.DenseOfArray(new[,] { { 0.5, 0.5, 0 }, { 0, 0.5, 0.5 } }), Grad(a => Sum(RowMax(a)))(tied));
        var infinite = Matrix<double>.Build.DenseOfArray(new[,] { { 1, double.PositiveInfinity }, { double.NegativeInfinity, double.NegativeInfinity } });
        Assert.Equal(Matrix<double>.Build.DenseOfArray(new[,] { { 0, 1.0 }, { 0, 0 } }), Grad(a => Max(a))(infinite));
        Assert.Equal(Matrix<double>.Build.DenseOfArray(new[,] { { 0, 1 }, { 0.5, 0.5 } }), Grad(a => Sum(RowMax(a)))(infinite));
    }

    [Fact]
    public void At_0_the_derivative_of_Relu_is_0_and_that_of_the_power_0_too()
    {
        var zero = Algebra.Zeros(1, 1);

        Assert.Equal(zero, Grad(Relu)(zero));
        Assert.Equal(zero, Grad(a => Power(a, 0))(zero));
    }

    [Fact]
    public void Stable_primitives_have_finite_values_and_gradients_where_exp_overflows()
    {
        var scores = Matrix<double>.Build.DenseOfArray(new[,] { { 1e300, -1e300, 0 }, { -1e300, -1e300, -1e300 } });
        Func<Variable, Variable>[] stable = [s => Sum(LogSumExp(s)), s => Sum(Gather(Probabilities(s), [0, 0])), s => CrossEntropy(s, [1, 2])];

        Assert.All(stable, function =>
        {
            Assert.True(double.IsFinite((double)function(scores)));
            Assert.All(Grad(function)(scores).Enumerate(), element => Assert.True(double.IsFinite(element)));
        });
    }

    [Fact]
    public void Every_primitive_names_the_variable_that_is_missing()
    {
        var primitives = typeof(Primitives).GetMethods(BindingFlags.Public | BindingFlags.Static);

        Assert.All(primitives, method => Assert.All(method.GetParameters().Where(p => !p.ParameterType.IsValueType && !p.IsOptional), missing =>
        {
            var arguments = method.GetParameters().Select(p => p.Position == missing.Position || p.IsOptional ? null : Some(p.ParameterType)).ToArray();
            var error = Assert.Throws<TargetInvocationException>(() => method.Invoke(null, arguments));
            Assert.Equal(missing.Name, Assert.IsType<ArgumentNullException>(error.InnerException).ParamName);
        }));

        static object Some(Type type) => type == typeof(double) ? 2.0 : type == typeof(int[]) ? new int[1] : type == typeof(Nonlinearity) ? Nonlinearity.Tanh : new Variable(Algebra.Zeros(1, 2));
    }

    [Fact]
    public void What_has_no_rows_or_columns_has_no_mean_and_no_maximum()
    {
        var empty = new Variable(Matrix<double>.Build.Dense(3, 0));
        Func<Variable, Variable>[] functions = [Mean, Max, RowMax, LogSumExp, Probabilities];

        Assert.All(functions, function => Assert.Contains("(3 × 0)", Assert.Throws<ArgumentException>(() => function(empty)).Message));
    }

    private static IEnumerable<(int Rows, int Columns)> ShapesOf(Rule rule, int m, int d, int n)
    {
        int Size(char letter) => letter switch { 'm' => m, 'd' => d, 'n' => n, _ => 1 };
        return rule.Shapes.Split(", ").Select(shape => (Size(shape[0]), Size(shape[2])));
    }
}
