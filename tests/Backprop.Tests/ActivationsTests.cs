using MathNet.Numerics.LinearAlgebra;
using static Backprop.Activations;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

public class ActivationsTests
{
    private static readonly Matrix<double> s_z = Normal(37, 5) * 8;

    /// <summary>Each function in its three forms; assigning them is what the notebooks' "select nonlinearity" cell does.</summary>
    private static readonly Dictionary<string, (Func<double, double> Number, Func<Matrix<double>, Matrix<double>> OfMatrix, Func<Matrix<double>, Matrix<double>, Matrix<double>> Into)> s_functions = new()
    {
        [nameof(Relu)] = (Relu, Relu, Relu),
        [nameof(ReluPrime)] = (ReluPrime, ReluPrime, ReluPrime),
        [nameof(Logistic)] = (Logistic, Logistic, Logistic),
        [nameof(LogisticPrime)] = (LogisticPrime, LogisticPrime, LogisticPrime),
        [nameof(Tanh)] = (Tanh, Tanh, Tanh),
        [nameof(TanhPrime)] = (TanhPrime, TanhPrime, TanhPrime),
    };

    public static TheoryData<string> Names => [.. s_functions.Keys];

    public static TheoryData<string> NamesWithDerivative => [nameof(Relu), nameof(Logistic), nameof(Tanh)];

    [Fact]
    public void Relu_is_the_larger_of_0_and_z() => Assert.Equal([0.0, 0.0, 2.5], new[] { -1, 0, 2.5 }.Select(Relu));

    [Fact]
    public void ReluPrime_is_1_above_0_and_0_elsewhere_also_at_0() =>
        Assert.Equal([0.0, 0.0, 1.0], new[] { -1, 0, double.Epsilon }.Select(ReluPrime));

    [Fact]
    public void Relu_hands_NaN_on_and_its_derivative_there_is_0() =>
        Assert.Equal((double.NaN, 0), (Relu(double.NaN), ReluPrime(double.NaN)));

    [Theory]
    [InlineData(0, 0.5, 0.25)]
    [InlineData(1.0986122886681098, 0.75, 0.1875)] // ln 3: 1 / (1 + 1/3), and 3/4 · 1/4
    [InlineData(-1.0986122886681098, 0.25, 0.1875)]
    public void Logistic_and_its_derivative_have_the_values_of_the_formula(double z, double value, double derivative)
    {
        Assert.Equal(value, Logistic(z), 15);
        Assert.Equal(derivative, LogisticPrime(z), 15);
    }

    [Fact]
    public void Tanh_keeps_its_digits_near_0_and_far_from_it()
    {
        double[] z = [1e-300, 1e-9, 1e-3, 0.0999, 0.1, 0.1001, 0.5, 3, 20, 1000, double.PositiveInfinity, 0];
        var Z = Matrix<double>.Build.Dense(1, 2 * z.Length, [.. z, .. z.Select(value => -value)]);

        Assert.All(Tanh(Z).Enumerate().Zip(Z.Enumerate()), pair =>
            Assert.Equal(Math.Tanh(pair.Second), pair.First, 2e-15 * Math.Abs(Math.Tanh(pair.Second))));
        Assert.Equal(double.NaN, Tanh(Z * double.NaN)[0, 0]);
    }

    [Fact]
    public void Tanh_and_its_derivative_have_the_values_of_the_formula()
    {
        // tanh(ln 2) = (2 − 1/2) / (2 + 1/2)
        Assert.Equal(0.6, Tanh(Math.Log(2)), 15);
        Assert.Equal(0.64, TanhPrime(Math.Log(2)), 15);
    }

    [Theory]
    [InlineData(1e308, 1)]
    [InlineData(745, 1)]
    [InlineData(710, 1)]
    [InlineData(0, 0.5)]
    [InlineData(-710, 0)]
    [InlineData(-745, 0)]
    [InlineData(-1e308, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Logistic_overflows_nowhere(double z, double expected)
    {
        // 5 of them, so that both vectors and the remainder are tried.
        var matrix = Logistic(Matrix<double>.Build.Dense(5, 1, z));
        var derivative = LogisticPrime(Matrix<double>.Build.Dense(5, 1, z));

        Assert.Equal(expected, Logistic(z), 1e-300);
        Assert.All(matrix.Enumerate(), value => Assert.Equal(expected, value, 1e-300));
        Assert.Equal(expected * (1 - expected), LogisticPrime(z), 1e-300);
        Assert.All(derivative.Enumerate(), value => Assert.Equal(expected * (1 - expected), value, 1e-300));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_a_matrix_it_is_what_it_is_of_each_number(string name)
    {
        var (number, ofMatrix, _) = s_functions[name];

        // Relative to the value for the logistic function; tanh loses relative accuracy near 0, its derivative far from it.
        Assert.All(ofMatrix(s_z).Enumerate().Zip(s_z.Enumerate()), pair =>
            Assert.Equal(number(pair.Second), pair.First, 1e-15 * (name.StartsWith("Tanh") ? 1 : number(pair.Second) + double.Epsilon)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Into_another_matrix_it_writes_the_same_bits_and_returns_that_matrix(string name)
    {
        var (_, ofMatrix, intoMatrix) = s_functions[name];
        var into = Matrix<double>.Build.Dense(s_z.RowCount, s_z.ColumnCount, double.NaN);

        var returned = intoMatrix(s_z, into);

        Assert.Same(into, returned);
        AssertSameBits(ofMatrix(s_z), into);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Into_its_own_input_it_writes_the_same_bits(string name)
    {
        var (_, ofMatrix, into) = s_functions[name];
        var own = s_z.Clone();

        into(own, own);

        AssertSameBits(ofMatrix(s_z), own);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sparse_matrix_gives_a_dense_result(string name)
    {
        var (_, ofMatrix, _) = s_functions[name];
        var diagonal = Matrix<double>.Build.Diagonal([1.0, -2, 3]);

        AssertSameBits(ofMatrix(Matrix<double>.Build.DenseOfMatrix(diagonal)), ofMatrix(diagonal));
    }

    [Theory]
    [MemberData(nameof(NamesWithDerivative))]
    public void The_derivative_is_the_slope(string name)
    {
        const double epsilon = 1e-6;
        var g = s_functions[name].Number;
        var gPrime = s_functions[name + "Prime"].Number;

        // AwayFromZero: ReLU has no slope at 0.
        Assert.All(AwayFromZero(1, 200).Enumerate(), z =>
            Assert.Equal((g(z + epsilon) - g(z - epsilon)) / (2 * epsilon), gPrime(z), 1e-8));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Writing_into_another_shape_is_refused_with_both_shapes(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => s_functions[name].Into(s_z, Algebra.Zeros(5, 37)));

        Assert.Contains("into is (5 × 37), but (37 × 5) is needed", error.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_matrix_is_named(string name)
    {
        Assert.Throws<ArgumentNullException>("Z", () => s_functions[name].OfMatrix(null!));
        Assert.Throws<ArgumentNullException>("Z", () => s_functions[name].Into(null!, s_z));
        Assert.Throws<ArgumentNullException>("into", () => s_functions[name].Into(s_z, null!));
    }
}
