using System.Buffers;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>
/// The softmax classifier: from the scores of a model, one row an example and one column a class, to
/// probabilities, loss, gradient and predictions.
/// </summary>
/// <remarks>
/// The largest score of each row is subtracted before anything is exponentiated, which changes no result and
/// lets nothing overflow. Formulas: Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.4.
/// </remarks>
public static class Softmax
{
    /// <summary>Class probabilities: e^s divided by its sum over the row.</summary>
    /// <param name="scores">(m × K)</param>
    /// <param name="into">Where to write the result (m × K), the scores themselves if you like; a new matrix when left out.</param>
    /// <returns>(m × K); every row sums to 1.</returns>
    /// <exception cref="ArgumentException">There is no row or no column, or <paramref name="into"/> has another shape.</exception>
    public static Matrix<double> Probabilities(Matrix<double> scores, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Shape.ThrowIfEmpty(scores, nameof(scores));

        var P = Dense.Target(into, scores.RowCount, scores.ColumnCount);
        var p = Dense.Write(P).AsSpan();
        var m = scores.RowCount;
        var rented = ArrayPool<double>.Shared.Rent(m);
        var perRow = rented.AsSpan(0, m);

        RowMaximum(Dense.Read(scores), perRow);
        Dense.Read(scores).CopyTo(p);
        for (var column = p; column.Length > 0; column = column[m..])
        {
            Elementwise.Subtract(column[..m], perRow, column[..m]);
        }

        Elementwise.Exp(p, p);
        p[..m].CopyTo(perRow);
        for (var column = p[m..]; column.Length > 0; column = column[m..])
        {
            Elementwise.Add(perRow, column[..m], perRow);
        }

        for (var column = p; column.Length > 0; column = column[m..])
        {
            Elementwise.Divide(column[..m], perRow, column[..m]);
        }

        ArrayPool<double>.Shared.Return(rented);
        return P;
    }

    /// <summary>
    /// The average cross-entropy, −(1/m) Σᵢ log pᵢ of the correct class, computed from the scores as
    /// log Σₖ eˢ − s so that no probability that rounds to 0 is ever given to the logarithm.
    /// </summary>
    /// <param name="scores">(m × K)</param>
    /// <param name="y">The correct class of each row, 0 to K − 1: length m.</param>
    /// <returns>The loss in nats, 0 or more.</returns>
    /// <exception cref="ArgumentException">The labels do not fit the scores.</exception>
    public static double CrossEntropy(Matrix<double> scores, int[] y)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Shape.ThrowIfEmpty(scores, nameof(scores));
        Shape.ThrowIfNotLabels(scores, y, nameof(y));

        var m = scores.RowCount;
        var s = Dense.Read(scores);
        var rented = ArrayPool<double>.Shared.Rent(m);
        var losses = rented.AsSpan(0, m);

        LogSumExp(s, losses);
        for (var i = 0; i < m; i++)
        {
            losses[i] -= s[y[i] * m + i];
        }

        var loss = Sums.Of(losses) / m;
        ArrayPool<double>.Shared.Return(rented);
        return loss;
    }

    /// <summary>The gradient of <see cref="CrossEntropy"/> with respect to the scores: (P − Y) / m, Y having a 1 at each correct class.</summary>
    /// <param name="scores">(m × K)</param>
    /// <param name="y">The correct class of each row, 0 to K − 1: length m.</param>
    /// <param name="into">Where to write the result (m × K), the scores themselves if you like; a new matrix when left out.</param>
    /// <returns>(m × K); every row sums to 0.</returns>
    /// <exception cref="ArgumentException">The labels do not fit the scores, or <paramref name="into"/> has another shape.</exception>
    public static Matrix<double> Gradient(Matrix<double> scores, int[] y, Matrix<double>? into = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Shape.ThrowIfEmpty(scores, nameof(scores));
        Shape.ThrowIfNotLabels(scores, y, nameof(y));

        var dS = Probabilities(scores, into);
        var ds = Dense.Write(dS).AsSpan();
        var m = dS.RowCount;
        for (var i = 0; i < m; i++)
        {
            ds[y[i] * m + i] -= 1;
        }

        Elementwise.Divide(ds, [m], ds);
        return dS;
    }

    /// <summary>
    /// The class with the highest score in each row; the first one where several are equal. A score that is not a
    /// number counts as the highest, as in <c>numpy.argmax</c>.
    /// </summary>
    /// <param name="scores">(m × K), scores or probabilities.</param>
    /// <returns>The predicted classes: length m.</returns>
    /// <exception cref="ArgumentException">There is no row or no column.</exception>
    public static int[] ArgMax(Matrix<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Shape.ThrowIfEmpty(scores, nameof(scores));

        var m = scores.RowCount;
        var s = Dense.Read(scores);
        var best = new int[m];
        for (var k = 1; k < scores.ColumnCount; k++)
        {
            for (var i = 0; i < m; i++)
            {
                var highest = s[best[i] * m + i];
                if (s[k * m + i] > highest || (double.IsNaN(s[k * m + i]) && !double.IsNaN(highest)))
                {
                    best[i] = k;
                }
            }
        }

        return best;
    }

    /// <summary>The share of rows whose highest score is that of the correct class.</summary>
    /// <param name="scores">(m × K), scores or probabilities.</param>
    /// <param name="y">The correct class of each row, 0 to K − 1: length m.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The labels do not fit the scores.</exception>
    public static double Accuracy(Matrix<double> scores, int[] y)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Shape.ThrowIfEmpty(scores, nameof(scores));
        Shape.ThrowIfNotLabels(scores, y, nameof(y));

        var predicted = ArgMax(scores);
        var correct = 0;
        for (var i = 0; i < y.Length; i++)
        {
            correct += predicted[i] == y[i] ? 1 : 0;
        }

        return (double)correct / y.Length;
    }

    /// <summary>log Σₖ eˢ of each row, for columns of <c>result.Length</c> scores.</summary>
    internal static void LogSumExp(ReadOnlySpan<double> scores, Span<double> result)
    {
        var m = result.Length;
        var rented = ArrayPool<double>.Shared.Rent(2 * m);
        var maximum = rented.AsSpan(0, m);
        var exponentials = rented.AsSpan(m, m);

        RowMaximum(scores, maximum);
        result.Clear();
        for (var column = scores; column.Length > 0; column = column[m..])
        {
            Elementwise.Subtract(column[..m], maximum, exponentials);
            Elementwise.Exp(exponentials, exponentials);
            Elementwise.Add(result, exponentials, result);
        }

        Elementwise.Log(result, result);
        Elementwise.Add(result, maximum, result);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>The largest score of each row, for columns of <c>maximum.Length</c> scores.</summary>
    internal static void RowMaximum(ReadOnlySpan<double> scores, Span<double> maximum)
    {
        var m = maximum.Length;
        scores[..m].CopyTo(maximum);
        for (var column = scores[m..]; column.Length > 0; column = column[m..])
        {
            Elementwise.Max(maximum, column[..m], maximum);
        }
    }
}
