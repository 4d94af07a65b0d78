using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>
/// The matrix algebra of a layer and of its derivatives, in the words that the notebooks use. Every function
/// of matrices to a matrix takes, as a last argument, one to write the result into: a loop that reuses its matrices loses no time on
/// making new ones and clearing them away.
/// </summary>
public static class Algebra
{
    /// <summary>A matrix of zeros.</summary>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="columns">Number of columns, at least 1.</param>
    /// <returns>(rows × columns)</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or there would be more numbers than an array holds.</exception>
    public static Matrix<double> Zeros(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return Dense.New(rows, columns);
    }

    /// <summary>The scores of a layer, X W + b: the row b is added to every row of the product.</summary>
    /// <param name="X">The layer's input, one example a row: (m × d).</param>
    /// <param name="W">The weights: (d × n).</param>
    /// <param name="b">The bias: (1 × n).</param>
    /// <param name="into">Where to write the result (m × n); a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="into"/> is X or W.</exception>
    public static Matrix<double> Affine(Matrix<double> X, Matrix<double> W, Matrix<double> b, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(X);
        ArgumentNullException.ThrowIfNull(W);
        ThrowIfNotChained(X, W, X.ColumnCount == W.RowCount, "X W");
        ThrowIfNotRow(b, W.ColumnCount, nameof(b));
        HostStop.ThrowIfAsked();

        var Z = Dense.SeparateTarget(into, X.RowCount, W.ColumnCount, X, W);
        new Product(
            X.RowCount, X.ColumnCount, W.ColumnCount, Dense.Read(X), Dense.Read(W), 1, W.RowCount, Dense.Read(b), Dense.Write(Z)).Compute();
        return Z;
    }

    /// <summary>The product A B.</summary>
    /// <param name="A">(m × d)</param>
    /// <param name="B">(d × n)</param>
    /// <param name="into">Where to write the result (m × n); a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="into"/> is A or B.</exception>
    public static Matrix<double> Multiply(Matrix<double> A, Matrix<double> B, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);
        ArgumentNullException.ThrowIfNull(B);
        ThrowIfNotChained(A, B, A.ColumnCount == B.RowCount, "A B");

        var C = Dense.SeparateTarget(into, A.RowCount, B.ColumnCount, A, B);
        new Product(A.RowCount, A.ColumnCount, B.ColumnCount, Dense.Read(A), Dense.Read(B), 1, B.RowCount, [], Dense.Write(C)).Compute();
        return C;
    }

    /// <summary>The product A Bᵀ, without making Bᵀ.</summary>
    /// <param name="A">(m × d)</param>
    /// <param name="B">(n × d)</param>
    /// <param name="into">Where to write the result (m × n); a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="into"/> is A or B.</exception>
    public static Matrix<double> MultiplyTranspose(Matrix<double> A, Matrix<double> B, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);
        ArgumentNullException.ThrowIfNull(B);
        ThrowIfNotChained(A, B, A.ColumnCount == B.ColumnCount, "A Bᵀ");

        var C = Dense.SeparateTarget(into, A.RowCount, B.RowCount, A, B);
        new Product(A.RowCount, A.ColumnCount, B.RowCount, Dense.Read(A), Dense.Read(B), B.RowCount, 1, [], Dense.Write(C)).Compute();
        return C;
    }

    /// <summary>The product Aᵀ B, without making Aᵀ.</summary>
    /// <param name="A">(m × p)</param>
    /// <param name="B">(m × q)</param>
    /// <param name="into">Where to write the result (p × q); a new matrix when left out.</param>
    /// <returns>(p × q)</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or <paramref name="into"/> is A or B.</exception>
    public static Matrix<double> TransposeMultiply(Matrix<double> A, Matrix<double> B, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);
        ArgumentNullException.ThrowIfNull(B);
        ThrowIfNotChained(A, B, A.RowCount == B.RowCount, "Aᵀ B");
        HostStop.ThrowIfAsked();

        var C = Dense.SeparateTarget(into, A.ColumnCount, B.ColumnCount, A, B);
        TransposeProduct.Compute(A.RowCount, A.ColumnCount, B.ColumnCount, Dense.Read(A), Dense.Read(B), Dense.Write(C));
        return C;
    }

    /// <summary>Adds a row to every row of a matrix, as NumPy's broadcasting does: A + 1 b.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="row">(1 × n)</param>
    /// <param name="into">Where to write the result (m × n), A itself if you like; a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Matrix<double> AddRow(Matrix<double> A, Matrix<double> row, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);
        ThrowIfNotRow(row, A.ColumnCount, nameof(row));

        var result = Dense.Target(into, A.RowCount, A.ColumnCount);
        Elementwise.CombineColumns<Elementwise.Sum>(A.RowCount, Dense.Read(A), A.RowCount, Dense.Read(row), 1, Dense.Write(result));
        return result;
    }

    /// <summary>The sum of each column, 1ᵀ A: NumPy's <c>sum(A, axis=0, keepdims=True)</c>.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="into">Where to write the result (1 × n); a new matrix when left out.</param>
    /// <returns>(1 × n)</returns>
    /// <exception cref="ArgumentException"><paramref name="into"/> is A, or has another shape.</exception>
    public static Matrix<double> ColumnSums(Matrix<double> A, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);

        var sums = Dense.SeparateTarget(into, 1, A.ColumnCount, A, A);
        Sums.OfColumns(A.RowCount, Dense.Read(A), Dense.Write(sums));
        return sums;
    }

    /// <summary>The sum of each row, A 1: NumPy's <c>sum(A, axis=1, keepdims=True)</c>.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="into">Where to write the result (m × 1); a new matrix when left out.</param>
    /// <returns>(m × 1)</returns>
    /// <exception cref="ArgumentException"><paramref name="into"/> is A, or has another shape.</exception>
    public static Matrix<double> RowSums(Matrix<double> A, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);

        var sums = Dense.SeparateTarget(into, A.RowCount, 1, A, A);
        var a = Dense.Read(A).AsSpan();
        var s = Dense.Write(sums).AsSpan();
        if (A.ColumnCount == 0)
        {
            s.Clear();
            return sums;
        }

        a[..A.RowCount].CopyTo(s);
        for (var j = 1; j < A.ColumnCount; j++)
        {
            Elementwise.Add(s, a.Slice(j * A.RowCount, A.RowCount), s);
        }

        return sums;
    }

    /// <summary>e to the power of each element, as NumPy's <c>exp(A)</c>: infinite where an element is above 709.78.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="into">Where to write the result (m × n), A itself if you like; a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException"><paramref name="into"/> has another shape.</exception>
    public static Matrix<double> Exp(Matrix<double> A, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);

        var result = Dense.Target(into, A.RowCount, A.ColumnCount);
        Elementwise.Exp(Dense.Read(A), Dense.Write(result));
        return result;
    }

    /// <summary>Divides each row of a matrix by its own number, as NumPy's broadcasting does in <c>A / column</c>.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="column">(m × 1): a number for each row.</param>
    /// <param name="into">Where to write the result (m × n), A itself if you like; a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Matrix<double> DivideRows(Matrix<double> A, Matrix<double> column, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);
        ArgumentNullException.ThrowIfNull(column);
        Shape.ThrowIfNot(column, A.RowCount, 1, nameof(column));

        var result = Dense.Target(into, A.RowCount, A.ColumnCount);
        Elementwise.CombineColumns<Elementwise.Quotient>(A.RowCount, Dense.Read(A), A.RowCount, Dense.Read(column), 0, Dense.Write(result));
        return result;
    }

    /// <summary>Adds a multiple of B to A: A + factor · B.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="factor">What B is multiplied by.</param>
    /// <param name="B">(m × n)</param>
    /// <param name="into">Where to write the result (m × n), A or B itself if you like; a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> AddScaled(Matrix<double> A, double factor, Matrix<double> B, Matrix<double>? into = null)
    {
        ThrowIfShapesDiffer(A, B);

        var result = Dense.Target(into, A.RowCount, A.ColumnCount);
        Elementwise.AddScaled(Dense.Read(A), factor, Dense.Read(B), Dense.Write(result));
        return result;
    }

    /// <summary>The elementwise product A ⊙ B.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="B">(m × n)</param>
    /// <param name="into">Where to write the result (m × n), A or B itself if you like; a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Matrix<double> PointwiseMultiply(Matrix<double> A, Matrix<double> B, Matrix<double>? into = null)
    {
        ThrowIfShapesDiffer(A, B);

        var result = Dense.Target(into, A.RowCount, A.ColumnCount);
        Elementwise.Combine<Elementwise.Product>(Dense.Read(A), Dense.Read(B), Dense.Write(result));
        return result;
    }

    /// <summary>The multiple factor · A.</summary>
    /// <param name="A">(m × n)</param>
    /// <param name="factor">What A is multiplied by.</param>
    /// <param name="into">Where to write the result (m × n), A itself if you like; a new matrix when left out.</param>
    /// <returns>(m × n)</returns>
    /// <exception cref="ArgumentException"><paramref name="into"/> has another shape.</exception>
    public static Matrix<double> Scale(Matrix<double> A, double factor, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(A);

        var result = Dense.Target(into, A.RowCount, A.ColumnCount);
        Elementwise.Scale(Dense.Read(A), factor, Dense.Write(result));
        return result;
    }

    /// <summary>The sum of the squares of all elements, ‖A‖²: the regularisation of a weight matrix is λ/2 of it.</summary>
    /// <param name="A">(m × n)</param>
    /// <returns>Σ Aᵢⱼ², 0 or more.</returns>
    public static double SumOfSquares(Matrix<double> A)
    {
        ArgumentNullException.ThrowIfNull(A);
        return Sums.OfProducts(Dense.Read(A), Dense.Read(A));
    }

    private static void ThrowIfNotChained(Matrix<double> left, Matrix<double> right, bool fits, string product)
    {
        if (!fits)
        {
            throw new ArgumentException($"The product {product} needs matrices that fit, but they are {Shape.Of(left)} and {Shape.Of(right)}.");
        }
    }

    private static void ThrowIfNotRow(Matrix<double> row, int columns, string name)
    {
        ArgumentNullException.ThrowIfNull(row, name);
        Shape.ThrowIfNot(row, 1, columns, name);
    }

    private static void ThrowIfShapesDiffer(Matrix<double> A, Matrix<double> B)
    {
        ArgumentNullException.ThrowIfNull(A);
        ArgumentNullException.ThrowIfNull(B);
        if (A.RowCount != B.RowCount || A.ColumnCount != B.ColumnCount)
        {
            throw new ArgumentException($"Both matrices need one shape, but they are {Shape.Of(A)} and {Shape.Of(B)}.");
        }
    }
}
