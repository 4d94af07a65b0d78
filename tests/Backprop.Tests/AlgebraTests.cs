using MathNet.Numerics.LinearAlgebra;
using static Backprop.Algebra;
using static Backprop.Tests.RandomMatrices;

namespace Backprop.Tests;

/// <summary>Every function gives what MathNet's own operations give.</summary>
public class AlgebraTests
{
    /// <summary>A function, the shapes of its operands for sizes m, d and n, and MathNet's way to the same result.</summary>
    private sealed record Function(
        Func<int, int, int, (int, int)[]> Shapes,
        Func<Matrix<double>[], Matrix<double>?, Matrix<double>> Ours,
        Func<Matrix<double>[], Matrix<double>> MathNets,
        int? MayWriteInto = null);

    private static readonly Dictionary<string, Function> s_functions = new()
    {
        [nameof(Affine)] = new((m, d, n) => [(m, d), (d, n), (1, n)], (a, into) => Affine(a[0], a[1], a[2], into), a => a[0] * a[1] + Ones(a[0].RowCount) * a[2]),
        [nameof(Multiply)] = new((m, d, n) => [(m, d), (d, n)], (a, into) => Multiply(a[0], a[1], into), a => a[0] * a[1]),
        [nameof(MultiplyTranspose)] = new((m, d, n) => [(m, d), (n, d)], (a, into) => MultiplyTranspose(a[0], a[1], into), a => a[0] * a[1].Transpose()),
        [nameof(TransposeMultiply)] = new((m, d, n) => [(m, d), (m, n)], (a, into) => TransposeMultiply(a[0], a[1], into), a => a[0].Transpose() * a[1]),
        [nameof(AddRow)] = new((m, _, n) => [(m, n), (1, n)], (a, into) => AddRow(a[0], a[1], into), a => a[0] + Ones(a[0].RowCount) * a[1], MayWriteInto: 0),
        [nameof(ColumnSums)] = new((m, _, n) => [(m, n)], (a, into) => ColumnSums(a[0], into), a => a[0].ColumnSums().ToRowMatrix()),
        [nameof(RowSums)] = new((m, _, n) => [(m, n)], (a, into) => RowSums(a[0], into), a => a[0].RowSums().ToColumnMatrix()),
        [nameof(Exp)] = new((m, _, n) => [(m, n)], (a, into) => Exp(a[0], into), a => a[0].Map(Math.Exp), MayWriteInto: 0),
        [nameof(DivideRows)] = new((m, _, n) => [(m, n), (m, 1)], (a, into) => DivideRows(a[0], a[1], into), a => a[0].MapIndexed((i, _, element) => element / a[1][i, 0]), MayWriteInto: 0),
        [nameof(AddScaled)] = new((m, _, n) => [(m, n), (m, n)], (a, into) => AddScaled(a[0], -0.3, a[1], into), a => a[0] - 0.3 * a[1], MayWriteInto: 1),
        [nameof(PointwiseMultiply)] = new((m, _, n) => [(m, n), (m, n)], (a, into) => PointwiseMultiply(a[0], a[1], into), a => a[0].PointwiseMultiply(a[1]), MayWriteInto: 1),
        [nameof(Scale)] = new((m, _, n) => [(m, n)], (a, into) => Scale(a[0], 1.7, into), a => a[0] * 1.7, MayWriteInto: 0),
    };

    public static TheoryData<string> Names => [.. s_functions.Keys];

    public static TheoryData<string> NamesOfElementwise => [.. s_functions.Where(f => f.Value.MayWriteInto is not null).Select(f => f.Key)];

    public static TheoryData<string> NamesOfOthers => [.. s_functions.Where(f => f.Value.MayWriteInto is null).Select(f => f.Key)];

    /// <summary>
    /// Small ones at random; then around the 512 rows that are worked on at a time, with inner sizes that leave
    /// 0, 1, 2 and 3 over from groups of four, as do the columns of the result, and results wider than high and higher than wide.
    /// </summary>
    private static IEnumerable<(int m, int d, int n)> Sizes()
    {
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            yield return (random.Next(1, 10), random.Next(1, 10), random.Next(1, 10));
        }

        foreach (var m in new[] { 511, 512, 513, 1030 })
        {
            foreach (var (d, n) in new[] { (1, 1), (4, 9), (5, 4), (6, 3), (7, 8), (9, 2), (11, 5), (10, 7), (12, 12) })
            {
                yield return (m, d, n);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_gives_what_MathNet_gives_at_any_shape(string name)
    {
        foreach (var (m, d, n) in Sizes())
        {
            var operands = Operands(name, m, d, n);

            AssertClose(s_functions[name].MathNets(operands), s_functions[name].Ours(operands, null), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Into_a_matrix_that_held_something_else_it_writes_the_same_bits(string name)
    {
        foreach (var (m, d, n) in Sizes())
        {
            var operands = Operands(name, m, d, n);
            var result = s_functions[name].Ours(operands, null);
            var into = Matrix<double>.Build.Dense(result.RowCount, result.ColumnCount, double.NaN);

            Assert.Same(into, s_functions[name].Ours(operands, into));
            AssertSameBits(result, into);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Operands_are_left_as_they_were(string name)
    {
        var operands = Operands(name, 6, 5, 4);

        s_functions[name].Ours(operands, null);

        Assert.Equal(Operands(name, 6, 5, 4), operands);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sparse_and_diagonal_operands_give_the_same_as_dense_ones(string name)
    {
        var dense = Operands(name, 6, 6, 6);
        foreach (var operand in dense)
        {
            // Zero off the diagonal, so that all three storages can hold it.
            operand.MapIndexedInplace((i, j, value) => i == j ? value : 0);
        }

        var expected = s_functions[name].Ours(dense, null);

        AssertSameBits(expected, s_functions[name].Ours([.. dense.Select(Matrix<double>.Build.SparseOfMatrix)], null));
        AssertSameBits(expected, s_functions[name].Ours([.. dense.Select(a => Matrix<double>.Build.DiagonalOfDiagonalArray(a.RowCount, a.ColumnCount, a.Diagonal().ToArray()))], null));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_matrix_of_another_shape_to_write_into_is_refused_with_both_shapes(string name)
    {
        var operands = Operands(name, 6, 5, 4);
        var result = s_functions[name].Ours(operands, null);

        var error = Assert.Throws<ArgumentException>("into", () => s_functions[name].Ours(operands, Zeros(7, 8)));

        Assert.Contains($"into is (7 × 8), but ({result.RowCount} × {result.ColumnCount}) is needed", error.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sparse_matrix_to_write_into_is_refused(string name)
    {
        var operands = Operands(name, 6, 5, 4);
        var result = s_functions[name].Ours(operands, null);

        var error = Assert.Throws<ArgumentException>("into", () => s_functions[name].Ours(operands, Matrix<double>.Build.Sparse(result.RowCount, result.ColumnCount)));

        Assert.Contains("dense", error.Message);
    }

    [Theory]
    [MemberData(nameof(NamesOfElementwise))]
    public void Element_by_element_it_may_write_into_its_operand(string name)
    {
        var operands = Operands(name, 6, 5, 4);
        var expected = s_functions[name].Ours(operands, null);

        s_functions[name].Ours(operands, operands[s_functions[name].MayWriteInto!.Value]);

        AssertSameBits(expected, operands[s_functions[name].MayWriteInto!.Value]);
    }

    [Theory]
    [MemberData(nameof(NamesOfOthers))]
    public void A_result_of_several_elements_is_not_written_into_their_matrix(string name)
    {
        // All sizes 1, so that the shapes would fit.
        var operands = Operands(name, 1, 1, 1);
        var before = operands[0][0, 0];

        var error = Assert.Throws<ArgumentException>("into", () => s_functions[name].Ours(operands, operands[0]));

        Assert.Contains("computed from", error.Message);
        Assert.Equal(before, operands[0][0, 0]);
    }

    [Fact]
    public void Nor_into_another_matrix_over_the_same_numbers()
    {
        var numbers = new double[4];
        var (A, sameNumbers) = (Matrix<double>.Build.Dense(2, 2, numbers), Matrix<double>.Build.Dense(2, 2, numbers));

        Assert.Throws<ArgumentException>("into", () => Multiply(Normal(2, 2), A, sameNumbers));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_operand_is_an_ArgumentNullException(string name)
    {
        for (var missing = 0; missing < Operands(name, 2, 2, 2).Length; missing++)
        {
            var operands = Operands(name, 2, 2, 2);
            operands[missing] = null!;

            Assert.Throws<ArgumentNullException>(() => s_functions[name].Ours(operands, null));
        }
    }

    [Fact]
    public void Products_that_do_not_fit_are_refused_with_both_shapes()
    {
        var (A, B) = (Zeros(2, 3), Zeros(4, 5));
        Action[] products = [() => Affine(A, B, Zeros(1, 5)), () => Multiply(A, B), () => MultiplyTranspose(A, B), () => TransposeMultiply(A, B)];

        Assert.All(products, product =>
        {
            var error = Assert.Throws<ArgumentException>(product);
            Assert.Contains("(2 × 3) and (4 × 5)", error.Message);
        });
    }

    [Fact]
    public void Element_by_element_different_shapes_are_refused_with_both()
    {
        var (A, B) = (Zeros(2, 3), Zeros(3, 2));
        Action[] functions = [() => AddScaled(A, 1, B), () => PointwiseMultiply(A, B)];

        Assert.All(functions, function => Assert.Contains("(2 × 3) and (3 × 2)", Assert.Throws<ArgumentException>(function).Message));
    }

    [Fact]
    public void A_row_or_a_column_of_another_length_is_refused_with_its_shape_and_the_one_needed()
    {
        var bias = Assert.Throws<ArgumentException>("b", () => Affine(Zeros(4, 2), Zeros(2, 3), Zeros(1, 2)));
        var row = Assert.Throws<ArgumentException>("row", () => AddRow(Zeros(4, 3), Zeros(3, 1)));
        var column = Assert.Throws<ArgumentException>("column", () => DivideRows(Zeros(4, 3), Zeros(1, 4)));

        Assert.Contains("b is (1 × 2), but (1 × 3) is needed", bias.Message);
        Assert.Contains("row is (3 × 1), but (1 × 3) is needed", row.Message);
        Assert.Contains("column is (1 × 4), but (4 × 1) is needed", column.Message);
    }

    [Fact]
    public void SumOfSquares_is_the_squared_Frobenius_norm_at_any_shape()
    {
        foreach (var (m, _, n) in Sizes())
        {
            var A = Normal(m, n);

            Assert.Equal(Math.Pow(A.FrobeniusNorm(), 2), SumOfSquares(A), 1e-12 * m * n);
        }
    }

    [Fact]
    public void SumOfSquares_of_nothing_is_an_ArgumentNullException() => Assert.Throws<ArgumentNullException>("A", () => SumOfSquares(null!));

    [Fact]
    public void Sums_over_no_rows_and_no_columns_are_0()
    {
        Assert.Equal(Zeros(1, 3), ColumnSums(Matrix<double>.Build.Dense(0, 3)));
        Assert.Equal(Zeros(3, 1), RowSums(Matrix<double>.Build.Dense(3, 0), Matrix<double>.Build.Dense(3, 1, double.NaN)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(65_536, 65_537)] // 2³² + 65,536 numbers: as an int, 65,536
    public void Zeros_of_an_impossible_size_are_refused(int rows, int columns) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Zeros(rows, columns));

    private static Matrix<double>[] Operands(string name, int m, int d, int n) =>
        [.. s_functions[name].Shapes(m, d, n).Select((shape, seed) => Normal(shape.Item1, shape.Item2, seed))];

    private static Matrix<double> Ones(int m) => Matrix<double>.Build.Dense(m, 1, 1);
}
