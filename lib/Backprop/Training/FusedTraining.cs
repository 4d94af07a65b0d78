using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop;

/// <summary>
/// What <see cref="LayeredTraining"/> does, for points of the plane and up to four classes, many times as fast: no hidden
/// value is fetched from memory where computing it again is less work, and chunks of the points are for all cores.
/// </summary>
/// <remarks>
/// Each chunk sums its own gradient (<see cref="FusedPass"/>); the chunks' sums are added in order. Which chunk is whose
/// depends on the number of points alone, so the numbers are the same on every machine.
/// </remarks>
internal sealed class FusedTraining
{
    private readonly TwoLayerNetwork network;
    private readonly int points;
    private readonly int hidden;
    private readonly int classes;
    private readonly FusedPass[] chunks;
    private readonly Action<FusedPass> run;
    private readonly Vector256<double>[] W2;      // a row for each hidden unit
    private readonly FusedUnit[] units;           // W1, b1, and W2 as differences from the last class
    private Vector256<double> b2;

    /// <param name="network">The network to train.</param>
    /// <param name="X">(m × 2)</param>
    /// <param name="y">The class of each point.</param>
    /// <param name="eightLanes">Whether to compute with eight numbers at a time, or with four: the results are the same.</param>
    public FusedTraining(TwoLayerNetwork network, Matrix<double> X, int[] y, bool eightLanes)
    {
        (this.network, hidden, classes) = (network, network.W2.RowCount, network.W2.ColumnCount);
        points = y.Length;
        var rows = new (double, double, int)[points];
        for (var i = 0; i < points; i++)
        {
            rows[i] = (X[i, 0], X[i, 1], y[i]);
        }

        chunks = new FusedPass[(points + FusedPass.MostRows - 1) / FusedPass.MostRows];
        for (var c = 0; c < chunks.Length; c++)
        {
            var from = c * FusedPass.MostRows;
            chunks[c] = new(rows.AsSpan(from, Math.Min(FusedPass.MostRows, points - from)), classes, points, hidden);
        }

        units = new FusedUnit[hidden];
        W2 = new Vector256<double>[hidden];
        for (var j = 0; j < hidden; j++)
        {
            units[j].Inputs = Vector256.Create(network.W1[0, j], network.W1[1, j], network.b1[0, j], 0);
            W2[j] = Row(network.W2, j);
            units[j].Outputs = FromLast(W2[j]);
        }

        b2 = Row(network.b2, 0);
        var g = network.Nonlinearity;
        run = g == Nonlinearity.Logistic ? RunOf<FusedLogistic>(eightLanes)
            : g == Nonlinearity.Tanh ? RunOf<FusedTanh>(eightLanes)
            : RunOf<FusedRelu>(eightLanes);
    }

    public static bool Fits(TwoLayerNetwork network) =>
        network.W1.RowCount == 2
        && network.W2.ColumnCount is > 1 and <= FusedPass.MostClasses
        && new[] { Nonlinearity.Relu, Nonlinearity.Logistic, Nonlinearity.Tanh }.Contains(network.Nonlinearity);

    /// <summary>One pass forward and backward, and a step downhill.</summary>
    /// <returns>The loss before the step.</returns>
    public double Step(double stepSize, double lambda)
    {
        Cores.Split(chunks.Length, 1, effort: 16L * points * hidden, this, static (training, from, count) =>
        {
            foreach (var chunk in training.chunks.AsSpan(from, count))
            {
                training.run(chunk);
            }
        });

        var (loss, db2) = (0.0, Vector256<double>.Zero);
        foreach (var chunk in chunks)
        {
            loss += chunk.Loss;
            db2 += chunk.BiasGradient;
        }

        b2 -= stepSize * db2;
        return loss + lambda / 2 * Descend(stepSize, lambda);
    }

    /// <summary>Puts the trained parameters into the network's matrices.</summary>
    public void WriteBack()
    {
        for (var j = 0; j < hidden; j++)
        {
            (network.W1[0, j], network.W1[1, j], network.b1[0, j]) = (units[j].X, units[j].Y, units[j].Bias);
            for (var k = 0; k < classes; k++)
            {
                network.W2[j, k] = W2[j][k];
            }
        }

        for (var k = 0; k < classes; k++)
        {
            network.b2[0, k] = b2[k];
        }
    }

    /// <summary>The chunks' gradients added, and a step against them.</summary>
    /// <returns>The sum of the squares of W1 and W2 before the step.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Descend(double stepSize, double lambda)
    {
        var step = Vector256.Create(stepSize);
        var regularised = Vector256.Create(1.0, 1, 0, 0);      // not the bias
        Vector256<double> squares1 = default, squares2 = default;
        for (var j = 0; j < units.Length; j++)
        {
            Vector256<double> dInputs = default, dOutputs = default;
            foreach (var chunk in chunks)
            {
                dInputs += chunk.Gradient[j].Inputs;
                dOutputs += chunk.Gradient[j].Outputs;
            }

            ref var unit = ref units[j];
            var weights = unit.Inputs * regularised;
            squares1 += weights * weights;
            squares2 += W2[j] * W2[j];
            unit.Inputs -= step * (dInputs + lambda * weights);
            W2[j] -= step * (dOutputs + lambda * W2[j]);
            unit.Outputs = FromLast(W2[j]);
        }

        return Sums.AcrossLanes(squares1 + squares2);
    }

    private Vector256<double> FromLast(Vector256<double> weights) => weights - Vector256.Create(weights[classes - 1]);

    private Vector256<double> Row(Matrix<double> matrix, int row)
    {
        var values = Vector256<double>.Zero;
        for (var k = 0; k < classes; k++)
        {
            values = values.WithElement(k, matrix[row, k]);
        }

        return values;
    }

    private Action<FusedPass> RunOf<TFunction>(bool eightLanes)
        where TFunction : struct, IHiddenFunction => classes switch
        {
            2 => RunOf<TFunction, One>(eightLanes),
            3 => RunOf<TFunction, Two>(eightLanes),
            _ => RunOf<TFunction, Three>(eightLanes),
        };

    private Action<FusedPass> RunOf<TFunction, TScores>(bool eightLanes)
        where TFunction : struct, IHiddenFunction
        where TScores : struct, ITerms => eightLanes
            ? chunk => chunk.Run<EightLanes, TFunction, TScores>(units, FromLast(b2))
            : chunk => chunk.Run<FourLanes, TFunction, TScores>(units, FromLast(b2));
}
