using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MathNet.Numerics.LinearAlgebra;
using static Backprop.Differentiation.Recording;

namespace Backprop.Differentiation;

/// <summary>
/// The functions that a loss is written with. Each computes its value Y, and beside it stands its rule: from dY,
/// the gradient of the loss with respect to Y, to the gradient with respect to each of its inputs.
/// </summary>
/// <remarks>
/// Inputs may be of any shape, and a result "element by element" has the shape of its input, where nothing else
/// is said. A missing input is an <see cref="ArgumentNullException"/>.
/// Rules after Griewank and Walther, "Evaluating Derivatives" (2008), and Giles, "Collected matrix derivative
/// results for forward and reverse mode algorithmic differentiation" (2008).
/// </remarks>
public static class Primitives
{
    /// <summary>A + B, element by element, broadcasting.</summary>
    /// <exception cref="ArgumentException">Neither shape can be repeated to fit the other.</exception>
    public static Variable Add(Variable A, Variable B) => Record(
        "{0} + {1}",
        Broadcast.Add(DataOf(A), DataOf(B)),
        new(A, dY => Broadcast.SumTo(dY, A.Data)),
        new(B, dY => Broadcast.SumTo(dY, B.Data)));

    /// <summary>A − B, element by element, broadcasting.</summary>
    /// <exception cref="ArgumentException">Neither shape can be repeated to fit the other.</exception>
    public static Variable Subtract(Variable A, Variable B) => Record(
        "{0} − {1}",
        Broadcast.Subtract(DataOf(A), DataOf(B)),
        new(A, dY => Broadcast.SumTo(dY, A.Data)),
        new(B, dY => Broadcast.SumTo(Negative(dY), B.Data)));

    /// <summary>A ⊙ B, element by element, broadcasting.</summary>
    /// <exception cref="ArgumentException">Neither shape can be repeated to fit the other.</exception>
    public static Variable PointwiseMultiply(Variable A, Variable B) => Record(
        IsNumber(DataOf(A)) || IsNumber(DataOf(B)) ? "{0} · {1}" : "{0} ⊙ {1}",
        Broadcast.Multiply(DataOf(A), DataOf(B)),
        new(A, dY => Broadcast.SumTo(Broadcast.Multiply(dY, B.Data), A.Data)),
        new(B, dY => Broadcast.SumTo(Broadcast.Multiply(dY, A.Data), B.Data)));

    /// <summary>A / B, element by element, broadcasting.</summary>
    /// <exception cref="ArgumentException">Neither shape can be repeated to fit the other.</exception>
    public static Variable Divide(Variable A, Variable B)
    {
        var Y = Broadcast.Divide(DataOf(A), DataOf(B));
        return Record(
            "{0} / {1}",
            Y,
            new(A, dY => Broadcast.SumTo(Broadcast.Divide(dY, B.Data), A.Data)),
            new(B, dY => Broadcast.SumTo(Negative(Broadcast.Divide(Broadcast.Multiply(dY, Y), B.Data)), B.Data)));
    }

    /// <summary>The matrix product A B; a (1 × 1) factor multiplies every element.</summary>
    /// <param name="A">(m × d)</param>
    /// <param name="B">(d × n)</param>
    /// <exception cref="ArgumentException">A has not as many columns as B has rows, and neither is (1 × 1).</exception>
    public static Variable Multiply(Variable A, Variable B)
    {
        if (IsNumber(DataOf(A)) || IsNumber(DataOf(B)))
        {
            return PointwiseMultiply(A, B);
        }

        // Checked here so that the message comes before a buffer of the wrong shape does.
        if (A.ColumnCount != B.RowCount)
        {
            throw new ArgumentException($"The product A B needs as many columns in A as rows in B, but they are {Shape.Of(A.Data)} and {Shape.Of(B.Data)}.");
        }

        return Record(
            "{0} {1}",
            Algebra.Multiply(A.Data, B.Data, Buffers.New(A.RowCount, B.ColumnCount)),
            new(A, dY => Algebra.MultiplyTranspose(dY, B.Data, Like(A))),
            new(B, dY => Algebra.TransposeMultiply(A.Data, dY, Like(B))));
    }

    /// <summary>The multiple factor · A.</summary>
    public static Variable Scale(double factor, Variable A) => Record(
        factor == -1 ? new Operation("−{0}") : new Operation("{1} {0}", factor),
        Algebra.Scale(DataOf(A), factor, Like(A)),
        new Dependence(A, dY => Algebra.Scale(dY, factor, Like(A))));

    /// <summary>A / divisor.</summary>
    public static Variable Divide(Variable A, double divisor) => Record(
        new("{0} / {1}", divisor),
        Map(DataOf(A), (a, y) => Elementwise.Divide(a, [divisor], y)),
        new Dependence(A, dY => Map(dY, (d, x) => Elementwise.Divide(d, [divisor], x))));

    /// <summary>Aᵀ.</summary>
    /// <param name="A">(m × n)</param>
    /// <returns>(n × m)</returns>
    public static Variable Transpose(Variable A) => Record(
        "{0}ᵀ",
        Transposed(DataOf(A)),
        new Dependence(A, Transposed));

    /// <summary>The sum of all elements.</summary>
    /// <returns>(1 × 1)</returns>
    public static Variable Sum(Variable A) => Record(
        "Sum({0})",
        Buffers.New(1, 1, Sums.Of(Dense.Read(DataOf(A)))),
        new Dependence(A, dY => Repeated(dY, A)));

    /// <summary>The average of all elements.</summary>
    /// <returns>(1 × 1)</returns>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public static Variable Mean(Variable A)
    {
        Shape.ThrowIfEmpty(DataOf(A), nameof(A));
        return Sum(A) / (A.RowCount * A.ColumnCount);
    }

    /// <summary>The sum of each column, NumPy's <c>sum(A, axis=0, keepdims=True)</c>.</summary>
    /// <param name="A">(m × n)</param>
    /// <returns>(1 × n)</returns>
    public static Variable ColumnSums(Variable A) => Record(
        "ColumnSums({0})",
        Algebra.ColumnSums(DataOf(A), Buffers.New(1, A.ColumnCount)),
        new Dependence(A, dY => Repeated(dY, A)));

    /// <summary>The sum of each row, NumPy's <c>sum(A, axis=1, keepdims=True)</c>.</summary>
    /// <param name="A">(m × n)</param>
    /// <returns>(m × 1)</returns>
    public static Variable RowSums(Variable A) => Record(
        "RowSums({0})",
        Algebra.RowSums(DataOf(A), Buffers.New(A.RowCount, 1)),
        new Dependence(A, dY => Repeated(dY, A)));

    /// <summary>The largest of all elements. Where several are equal they share the gradient.</summary>
    /// <returns>(1 × 1)</returns>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public static Variable Max(Variable A)
    {
        Shape.ThrowIfEmpty(DataOf(A), nameof(A));
        var Y = Buffers.New(1, 1, TensorPrimitives.Max(Dense.Read(A.Data)));
        return Record("Max({0})", Y, new Dependence(A, dY => SharedByLargest(dY, Y, A)));
    }

    /// <summary>The largest element of each row, NumPy's <c>max(A, axis=1, keepdims=True)</c>. Where several are equal they share the gradient.</summary>
    /// <param name="A">(m × n)</param>
    /// <returns>(m × 1)</returns>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public static Variable RowMax(Variable A)
    {
        Shape.ThrowIfEmpty(DataOf(A), nameof(A));
        var Y = Buffers.New(A.RowCount, 1);
        Softmax.RowMaximum(Dense.Read(A.Data), Dense.Write(Y));
        return Record("RowMax({0})", Y, new Dependence(A, dY => SharedByLargest(dY, Y, A)));
    }

    /// <summary>eᴬ, element by element.</summary>
    public static Variable Exp(Variable A)
    {
        var Y = Map(DataOf(A), Elementwise.Exp);
        return Record("Exp({0})", Y, new Dependence(A, dY => Broadcast.Multiply(dY, Y)));
    }

    /// <summary>The natural logarithm, element by element.</summary>
    public static Variable Log(Variable A) => Record(
        "Log({0})",
        Map(DataOf(A), Elementwise.Log),
        new Dependence(A, dY => Broadcast.Divide(dY, A.Data)));

    /// <summary>A to a constant power, element by element.</summary>
    public static Variable Power(Variable A, double exponent) => Record(
        new("{0}^{1}", exponent),
        Map(DataOf(A), (a, y) => RaiseTo(exponent, a, y)),
        new Dependence(A, dY => exponent == 0
            ? Buffers.New(A.RowCount, A.ColumnCount, 0.0) // also at 0, where 0⁻¹ is infinite
            : Algebra.Scale(Broadcast.Multiply(dY, Map(A.Data, (a, x) => RaiseTo(exponent - 1, a, x))), exponent, Like(A))));

    /// <summary>A nonlinearity, element by element, with the derivative that belongs to it.</summary>
    /// <param name="g">The nonlinearity.</param>
    /// <param name="Z">The input of the layer's activation.</param>
    public static Variable Apply(Nonlinearity g, Variable Z)
    {
        ArgumentNullException.ThrowIfNull(g);
        return Record(
            g.Formula,
            g.Function(DataOf(Z), Like(Z)),
            new Dependence(Z, dY => g.Back(dY, Z.Data, Like(Z))));
    }

    /// <summary>The rectified linear unit, max(0, z), element by element; its derivative at 0 is taken as 0.</summary>
    public static Variable Relu(Variable Z) => Apply(Nonlinearity.Relu, Z);

    /// <summary>The logistic function, 1 / (1 + e⁻ᶻ), element by element.</summary>
    public static Variable Logistic(Variable Z) => Apply(Nonlinearity.Logistic, Z);

    /// <summary>The hyperbolic tangent, element by element.</summary>
    public static Variable Tanh(Variable Z) => Apply(Nonlinearity.Tanh, Z);

    /// <summary>One element of each row: A[i, y[i]], NumPy's <c>A[range(m), y]</c>.</summary>
    /// <param name="A">(m × K)</param>
    /// <param name="y">The column to take from each row, 0 to K − 1: length m.</param>
    /// <param name="labels">What the graph calls the labels: filled in by the compiler.</param>
    /// <returns>(m × 1)</returns>
    /// <exception cref="ArgumentException">The labels do not fit the matrix.</exception>
    public static Variable Gather(Variable A, int[] y, [CallerArgumentExpression(nameof(y))] string? labels = null)
    {
        Shape.ThrowIfNotLabels(DataOf(A), y, nameof(y));
        var m = A.RowCount;
        var Y = Buffers.New(m, 1);
        var (ofA, ofY) = (Dense.Read(A.Data), Dense.Write(Y));
        for (var i = 0; i < m; i++)
        {
            ofY[i] = ofA[y[i] * m + i];
        }

        return Record($"Gather({{0}}, {LabelsIn(labels)})", Y, new Dependence(A, dY =>
        {
            var dA = Buffers.New(m, A.ColumnCount, 0.0);
            var (ofDA, ofDY) = (Dense.Write(dA), Dense.Read(dY));
            for (var i = 0; i < m; i++)
            {
                ofDA[y[i] * m + i] = ofDY[i];
            }

            return dA;
        }));
    }

    /// <summary>log Σₖ eᴬ of each row, which overflows for no finite A.</summary>
    /// <param name="A">(m × K)</param>
    /// <returns>(m × 1)</returns>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public static Variable LogSumExp(Variable A)
    {
        Shape.ThrowIfEmpty(DataOf(A), nameof(A));
        var Y = Buffers.New(A.RowCount, 1);
        Softmax.LogSumExp(Dense.Read(A.Data), Dense.Write(Y));
        return Record("LogSumExp({0})", Y, new Dependence(A, dY => Broadcast.Multiply(dY, Softmax.Probabilities(A.Data, Like(A)))));
    }

    /// <summary>Class probabilities: e^s divided by its sum over the row, which overflows for no finite score.</summary>
    /// <param name="scores">(m × K)</param>
    /// <returns>(m × K)</returns>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public static Variable Probabilities(Variable scores)
    {
        var P = Softmax.Probabilities(DataOf(scores), Like(scores));
        return Record("Softmax({0})", P, new Dependence(scores, dP =>
        {
            // dS = P ⊙ (dP − Σₖ dP ⊙ P), the sum over each row
            var inner = Algebra.RowSums(Broadcast.Multiply(dP, P), Buffers.New(P.RowCount, 1));
            return Broadcast.Multiply(P, Broadcast.Subtract(dP, inner));
        }));
    }

    /// <summary>The average cross-entropy of softmax, stable for any finite scores: see <see cref="Softmax.CrossEntropy"/>.</summary>
    /// <param name="scores">(m × K)</param>
    /// <param name="y">The correct class of each row, 0 to K − 1: length m.</param>
    /// <param name="labels">What the graph calls the labels: filled in by the compiler.</param>
    /// <returns>(1 × 1)</returns>
    /// <exception cref="ArgumentException">The labels do not fit the scores.</exception>
    public static Variable CrossEntropy(Variable scores, int[] y, [CallerArgumentExpression(nameof(y))] string? labels = null) => Record(
        $"CrossEntropy({{0}}, {LabelsIn(labels)})",
        Buffers.New(1, 1, Softmax.CrossEntropy(DataOf(scores), y)),
        new Dependence(scores, dY => Broadcast.Multiply(dY, Softmax.Gradient(scores.Data, y, Like(scores)))));

    // Braces and quotes of a longer expression would be taken for places in the pattern.
    private static string LabelsIn(string? code) => code is not null && code.All(c => char.IsLetterOrDigit(c) || c == '_') ? code : "y";

    private static Matrix<double> Map(Matrix<double> A, Action<double[], double[]> f)
    {
        var Y = Buffers.New(A.RowCount, A.ColumnCount);
        f(Dense.Read(A), Dense.Write(Y));
        return Y;
    }

    /// <exception cref="ArgumentNullException">There is no variable.</exception>
    private static Matrix<double> DataOf(Variable A, [CallerArgumentExpression(nameof(A))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(A, name);
        return A.Data;
    }

    private static bool IsNumber(Matrix<double> A) => A.RowCount == 1 && A.ColumnCount == 1;

    private static Matrix<double> Like(Variable A) => Buffers.New(A.RowCount, A.ColumnCount);

    private static Matrix<double> Negative(Matrix<double> A) => Map(A, Elementwise.Negate);

    private static Matrix<double> Transposed(Matrix<double> A)
    {
        var Y = Buffers.New(A.ColumnCount, A.RowCount);
        A.Transpose(Y);
        return Y;
    }

    private static Matrix<double> Repeated(Matrix<double> dY, Variable A) => Broadcast.Add(Buffers.New(A.RowCount, A.ColumnCount, 0.0), dY);

    private static void RaiseTo(double exponent, double[] values, double[] result)
    {
        switch (exponent)
        {
            case 0:
                Array.Fill(result, 1);
                break;
            case 1:
                values.CopyTo(result, 0);
                break;
            case 2:
                Elementwise.Combine<Elementwise.Product>(values, values, result);
                break;
            default:
                TensorPrimitives.Pow(values, exponent, result);
                break;
        }
    }

    /// <summary>Hands the gradient of a maximum (1 × 1, or m × 1 by row) to the elements that reach it.</summary>
    private static Matrix<double> SharedByLargest(Matrix<double> dY, Matrix<double> Y, Variable A)
    {
        var reaching = Buffers.New(A.RowCount, A.ColumnCount);
        var (elements, largest, one) = (Dense.Read(A.Data), Dense.Read(Y), Dense.Write(reaching));
        for (var i = 0; i < elements.Length; i++)
        {
            // Column after column: the row of element i is what is left of whole columns.
            one[i] = elements[i] == largest[largest.Length == 1 ? 0 : i % largest.Length] ? 1 : 0;
        }

        return Broadcast.Multiply(reaching, Broadcast.Divide(dY, Broadcast.SumTo(reaching, Y)));
    }
}
