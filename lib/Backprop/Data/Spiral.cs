using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>The data that every notebook trains on: interleaved spiral arms, one a class.</summary>
/// <remarks>After the case study of Stanford's course CS231n, "Putting it together: Minimal Neural Network Case Study".</remarks>
public static class Spiral
{
    /// <summary>
    /// Draws the arms: point i of class k lies at radius i / (pointsPerClass − 1), and at an angle that grows
    /// from 4k to 4(k + 1) radians along the arm, with normally distributed noise.
    /// </summary>
    /// <param name="random">Where the noise comes from. It is left in the state that the original leaves NumPy's in.</param>
    /// <param name="pointsPerClass">Points on each arm, at least 1.</param>
    /// <param name="numClasses">Number of arms, at least 1.</param>
    /// <param name="noise">Standard deviation of the angle, in radians; 0 or more.</param>
    /// <returns><c>X</c> (pointsPerClass · numClasses × 2), class by class, and the label of each row.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count is below 1, there are more points than a matrix holds, or the noise is negative or not finite.</exception>
    public static LabelledPoints Generate(NumpyRandom random, int pointsPerClass = 100, int numClasses = 3, double noise = 0.2)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(pointsPerClass, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(numClasses, 1);
        if (!double.IsFinite(noise) || noise < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise is a standard deviation in radians: a finite number, 0 or more.");
        }

        var m = (long)pointsPerClass * numClasses;
        if (m > Array.MaxLength / 2)
        {
            throw new ArgumentOutOfRangeException(nameof(pointsPerClass), pointsPerClass, $"{numClasses:N0} arms of {pointsPerClass:N0} points are more than a matrix holds.");
        }

        var X = Dense.New((int)m, 2);
        var y = new int[m];
        var radius = Grid.Linspace(0, 1, pointsPerClass);
        for (var k = 0; k < numClasses; k++)
        {
            var angle = Grid.Linspace(k * 4.0, (k + 1) * 4.0, pointsPerClass);
            for (var i = 0; i < pointsPerClass; i++)
            {
                var theta = angle[i] + random.Randn() * noise;
                var row = k * pointsPerClass + i;
                X[row, 0] = radius[i] * NumpyMath.Sin(theta);
                X[row, 1] = radius[i] * NumpyMath.Cos(theta);
                y[row] = k;
            }
        }

        return new LabelledPoints(X, y);
    }
}
