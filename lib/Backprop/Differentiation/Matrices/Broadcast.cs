using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>Element-by-element arithmetic in which a row, a column or a number is repeated to fit, and the sums that undo it.</summary>
internal static class Broadcast
{
    public static Matrix<double> Add(Matrix<double> A, Matrix<double> B) => Apply<Elementwise.Sum>("A + B", A, B);

    public static Matrix<double> Subtract(Matrix<double> A, Matrix<double> B) => Apply<Elementwise.Difference>("A - B", A, B);

    public static Matrix<double> Multiply(Matrix<double> A, Matrix<double> B) => Apply<Elementwise.Product>("PointwiseMultiply(A, B)", A, B);

    public static Matrix<double> Divide(Matrix<double> A, Matrix<double> B) => Apply<Elementwise.Quotient>("A / B", A, B);

    /// <summary>
    /// The gradient of something that was repeated: the sum over its copies.
    /// </summary>
    public static Matrix<double> SumTo(Matrix<double> upstream, Matrix<double> shape)
    {
        if (shape.RowCount != upstream.RowCount)
        {
            upstream = Algebra.ColumnSums(upstream, Buffers.New(1, upstream.ColumnCount));
        }

        if (shape.ColumnCount != upstream.ColumnCount)
        {
            upstream = Algebra.RowSums(upstream, Buffers.New(upstream.RowCount, 1));
        }

        return upstream;
    }

    private static Matrix<double> Apply<TOperation>(string name, Matrix<double> A, Matrix<double> B)
        where TOperation : struct, Elementwise.IOperation
    {
        var rows = Common(A.RowCount, B.RowCount);
        var columns = Common(A.ColumnCount, B.ColumnCount);
        if (rows < 0 || columns < 0)
        {
            throw new ArgumentException(
                $"{name} needs matrices of one shape, or one of them a row, a column or a number that can be repeated to fit; they are {Shape.Of(A)} and {Shape.Of(B)}.");
        }

        var result = Buffers.New(rows, columns);
        var a = Dense.Read(A);
        var b = Dense.Read(B);
        var c = Dense.Write(result);
        if (a.Length == b.Length && A.RowCount == B.RowCount)
        {
            Elementwise.Combine<TOperation>(a, b, c);
            return result;
        }

        Elementwise.CombineColumns<TOperation>(rows, a, Stride(A), b, Stride(B), c);
        return result;
    }

    /// <summary>The size that both have or can be repeated to; -1 where there is none.</summary>
    private static int Common(int a, int b) => a == b || b == 1 ? a : a == 1 ? b : -1;

    private static int Stride(Matrix<double> matrix) => matrix.ColumnCount == 1 ? 0 : matrix.RowCount;
}
