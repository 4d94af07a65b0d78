using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>Points of the plane, each with the class that it belongs to.</summary>
/// <param name="X">The points, one a row: (m × 2).</param>
/// <param name="y">The class of each point, a number from 0: length m.</param>
public sealed record LabelledPoints(Matrix<double> X, int[] y);
