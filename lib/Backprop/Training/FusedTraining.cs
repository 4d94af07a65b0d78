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
    private readonly TwoLayerNetwork _network;
    private readonly int _points;
    private readonly int _hidden;
    private readonly int _classes;
    private readonly FusedPass[] _chunks;
    private readonly Action<FusedPass> _run;
    private readonly Vector256<double>[] _w2;      // a row for each hidden unit
    private readonly FusedUnit[] _units;           // W1, b1, and W2 as differences from the last class
    private Vector256<double> _b2;

    /// <param name="network">The network to train.</param>
    /// <param name="X">(m × 2)</param>
    /// <param name="y">The class of each point.</param>
    /// <param name="eightLanes">Whether to compute with eight numbers at a time, or with four: the results are the same.</param>
    public FusedTraining(TwoLayerNetwork network, Matrix<double> X, int[] y, bool eightLanes)
    {
        (_network, _hidden, _classes) = (network, network.W2.RowCount, network.W2.ColumnCount);
        _points = y.Length;
        var rows = new (double, double, int)[_points];
        for (var i = 0; i < _points; i++)
        {
            rows[i] = (X[i, 0], X[i, 1], y[i]);
        }

        _chunks = new FusedPass[(_points + FusedPass.MostRows - 1) / FusedPass.MostRows];
        for (var c = 0; c < _chunks.Length; c++)
        {
            var from = c * FusedPass.MostRows;
            _chunks[c] = new(rows.AsSpan(from, Math.Min(FusedPass.MostRows, _points - from)), _classes, _points, _hidden);
        }

        _units = new FusedUnit[_hidden];
        _w2 = new Vector256<double>[_hidden];
        for (var j = 0; j < _hidden; j++)
        {
            _units[j].Inputs = Vector256.Create(network.W1[0, j], network.W1[1, j], network.b1[0, j], 0);
            _w2[j] = Row(network.W2, j);
            _units[j].Outputs = FromLast(_w2[j]);
        }

        _b2 = Row(network.b2, 0);
        var g = network.Nonlinearity;
        _run = g == Nonlinearity.Logistic ? RunOf<FusedLogistic>(eightLanes)
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
        Cores.Split(_chunks.Length, 1, effort: 16L * _points * _hidden, this, static (training, from, count) =>
        {
            foreach (var chunk in training._chunks.AsSpan(from, count))
            {
                training._run(chunk);
            }
        });

        var (loss, db2) = (0.0, Vector256<double>.Zero);
        foreach (var chunk in _chunks)
        {
            loss += chunk.Loss;
            db2 += chunk.BiasGradient;
        }

        _b2 -= stepSize * db2;
        return loss + lambda / 2 * Descend(stepSize, lambda);
    }

    /// <summary>Puts the trained parameters into the network's matrices.</summary>
    public void WriteBack()
    {
        for (var j = 0; j < _hidden; j++)
        {
            (_network.W1[0, j], _network.W1[1, j], _network.b1[0, j]) = (_units[j].X, _units[j].Y, _units[j].Bias);
            for (var k = 0; k < _classes; k++)
            {
                _network.W2[j, k] = _w2[j][k];
            }
        }

        for (var k = 0; k < _classes; k++)
        {
            _network.b2[0, k] = _b2[k];
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
        for (var j = 0; j < _units.Length; j++)
        {
            Vector256<double> dInputs = default, dOutputs = default;
            foreach (var chunk in _chunks)
            {
                dInputs += chunk.Gradient[j].Inputs;
                dOutputs += chunk.Gradient[j].Outputs;
            }

            ref var unit = ref _units[j];
            var weights = unit.Inputs * regularised;
            squares1 += weights * weights;
            squares2 += _w2[j] * _w2[j];
            unit.Inputs -= step * (dInputs + lambda * weights);
            _w2[j] -= step * (dOutputs + lambda * _w2[j]);
            unit.Outputs = FromLast(_w2[j]);
        }

        return Sums.AcrossLanes(squares1 + squares2);
    }

    private Vector256<double> FromLast(Vector256<double> weights) => weights - Vector256.Create(weights[_classes - 1]);

    private Vector256<double> Row(Matrix<double> matrix, int row)
    {
        var values = Vector256<double>.Zero;
        for (var k = 0; k < _classes; k++)
        {
            values = values.WithElement(k, matrix[row, k]);
        }

        return values;
    }

    private Action<FusedPass> RunOf<TFunction>(bool eightLanes)
        where TFunction : struct, IHiddenFunction => _classes switch
        {
            2 => RunOf<TFunction, One>(eightLanes),
            3 => RunOf<TFunction, Two>(eightLanes),
            _ => RunOf<TFunction, Three>(eightLanes),
        };

    private Action<FusedPass> RunOf<TFunction, TScores>(bool eightLanes)
        where TFunction : struct, IHiddenFunction
        where TScores : struct, ICount => eightLanes
            ? chunk => chunk.Run<EightLanes, TFunction, TScores>(_units, FromLast(_b2))
            : chunk => chunk.Run<FourLanes, TFunction, TScores>(_units, FromLast(_b2));
}
