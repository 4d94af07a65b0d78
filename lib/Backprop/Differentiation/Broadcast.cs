using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Differentiation;

/// <summary>Element-by-element arithmetic in which a row, a column or a number is repeated to fit, and the sums that undo it.</summary>
internal static class Broadcast
{
    public static Matrix<double> Add(Matrix<double> A, Matrix<double> B) => Apply<Addition>(A, B);

    public static Matrix<double> Subtract(Matrix<double> A, Matrix<double> B) => Apply<Subtraction>(A, B);

    public static Matrix<double> Multiply(Matrix<double> A, Matrix<double> B) => Apply<Multiplication>(A, B);

    public static Matrix<double> Divide(Matrix<double> A, Matrix<double> B) => Apply<Division>(A, B);

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

    private static Matrix<double> Apply<TOperation>(Matrix<double> A, Matrix<double> B)
        where TOperation : IOperation
    {
        var rows = Common(A.RowCount, B.RowCount);
        var columns = Common(A.ColumnCount, B.ColumnCount);
        if (rows < 0 || columns < 0)
        {
            throw new ArgumentException(
                $"{TOperation.Name} needs matrices of one shape, or one of them a row, a column or a number that can be repeated to fit; they are {Shape.Of(A)} and {Shape.Of(B)}.");
        }

        var result = Buffers.New(rows, columns);
        var a = Dense.Read(A);
        var b = Dense.Read(B);
        var c = Dense.Write(result);
        if (a.Length == b.Length && A.RowCount == B.RowCount)
        {
            TOperation.Apply(a, b, c);
            return result;
        }

        for (var j = 0; j < columns; j++)
        {
            var left = Column(a, A, j);
            var right = Column(b, B, j);
            var target = c.Slice(j * rows, rows);
            if (right.Length == rows && left.Length == rows)
            {
                TOperation.Apply(left, right, target);
            }
            else if (right.Length == 1)
            {
                TOperation.Apply(left, right[0], target);
            }
            else
            {
                TOperation.Apply(left[0], right, target);
            }
        }

        return result;
    }

    /// <summary>The size that both have or can be repeated to; -1 where there is none.</summary>
    private static int Common(int a, int b) => a == b || b == 1 ? a : a == 1 ? b : -1;

    private static ReadOnlySpan<double> Column(ReadOnlySpan<double> values, Matrix<double> matrix, int j) =>
        values.Slice(matrix.ColumnCount == 1 ? 0 : j * matrix.RowCount, matrix.RowCount);

    private interface IOperation
    {
        static abstract string Name { get; }

        static abstract void Apply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result);

        /// <summary>b for every row; a may be a single number too.</summary>
        static abstract void Apply(ReadOnlySpan<double> a, double b, Span<double> result);

        static abstract void Apply(double a, ReadOnlySpan<double> b, Span<double> result);
    }

    private readonly struct Addition : IOperation
    {
        public static string Name => "A + B";

        public static void Apply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Add(a, b, result);

        public static void Apply(ReadOnlySpan<double> a, double b, Span<double> result) => TensorPrimitives.Add(a, b, result);

        public static void Apply(double a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Add(b, a, result);
    }

    private readonly struct Subtraction : IOperation
    {
        public static string Name => "A - B";

        public static void Apply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Subtract(a, b, result);

        public static void Apply(ReadOnlySpan<double> a, double b, Span<double> result) => TensorPrimitives.Subtract(a, b, result);

        public static void Apply(double a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Subtract(a, b, result);
    }

    private readonly struct Multiplication : IOperation
    {
        public static string Name => "PointwiseMultiply(A, B)";

        public static void Apply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Multiply(a, b, result);

        public static void Apply(ReadOnlySpan<double> a, double b, Span<double> result) => TensorPrimitives.Multiply(a, b, result);

        public static void Apply(double a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Multiply(b, a, result);
    }

    private readonly struct Division : IOperation
    {
        public static string Name => "A / B";

        public static void Apply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Divide(a, b, result);

        public static void Apply(ReadOnlySpan<double> a, double b, Span<double> result) => TensorPrimitives.Divide(a, b, result);

        public static void Apply(double a, ReadOnlySpan<double> b, Span<double> result) => TensorPrimitives.Divide(a, b, result);
    }
}
