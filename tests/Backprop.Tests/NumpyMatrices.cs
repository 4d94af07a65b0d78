using Backprop.Reference;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Tests;

internal static class NumpyMatrices
{
    extension(NumpyReference)
    {
        /// <summary>A matrix; the file has it row by row.</summary>
        public static Matrix<double> Matrix(int rows, int columns, params string[] path) =>
            Matrix<double>.Build.DenseOfRowMajor(rows, columns, NumpyReference.Numbers(path));
    }
}
