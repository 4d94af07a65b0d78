using Backprop.Differentiation;
using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;
using static Backprop.Differentiation.Primitives;

namespace Backprop.Plots.Tests;

/// <summary>Charts to test with.</summary>
internal static class Sample
{
    public static LabelledPoints Points { get; } = Spiral.Generate(new NumpyRandom(0));

    public static TwoLayerNetwork Network { get; } = Trained();

    public static GenericChart Model => Charts.PlotModel(points => Network.Scores(points), Points.X, Points.y);

    public static GenericChart Probabilities => Charts.PlotProbabilities(points => Network.Scores(points), Points.X, Points.y);

    public static GenericChart Labelled => Charts.PlotPoints(Points.X, Points.y);

    public static GenericChart Loss => Charts.PlotLoss([3, 2, 1, 0.5, 0.1], every: 10);

    public static GenericChart Weights => Charts.PlotWeights(new NumpyRandom(1).Randn(2, 100));

    public static GenericChart SideBySide => Charts.PlotModels([("trained", points => Network.Scores(points)), ("diverged", NotANumber)], Points.X, Points.y);

    public static GenericChart Swept => Charts.PlotSweep(Matrix<double>.Build.DenseOfArray(new[,] { { 0.33, 0.5 }, { 0.97, double.NaN } }), ["1", "100"], ["0.1", "1"], "hidden units", "step size");

    public static GenericChart[] All => [Labelled, Model, Probabilities, Loss, Weights, SideBySide, Swept, Traced, Losses];

    public static Matrix<double> NotANumber(Matrix<double> points) => Matrix<double>.Build.Dense(points.RowCount, 3, double.NaN);

    public static GenericChart Losses => Charts.PlotLosses([("right", [1, 0.5, 0.1]), ("wrong", [1, 2, double.NaN])]);

    public static GenericChart Traced => Graph.Draw(TracedLoss());

    /// <summary>The loss of two points and two hidden units, with numbers that can be followed by hand.</summary>
    public static ComputationGraph TracedLoss()
    {
        var X = Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, 2.0 }, { 2.0, -1.0 } });
        return Gradient.Trace((W1, b1, W2, b2) =>
        {
            var S = Relu(X * W1 + b1) * W2 + b2;
            var expS = Exp(S - RowMax(S));
            return -Sum(Log(Gather(expS / RowSums(expS), [0, 1]))) / 2 + 0.1 * (Sum(Power(W1, 2)) + Sum(Power(W2, 2)));
        })(
            Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, -1.0 }, { 0.5, 1.0 } }),
            Matrix<double>.Build.DenseOfArray(new[,] { { 0.0, 0.5 } }),
            Matrix<double>.Build.DenseOfArray(new[,] { { 1.0, 0.0 }, { 0.0, 2.0 } }),
            Matrix<double>.Build.DenseOfArray(new[,] { { 0.0, 1.0 } }));
    }

    private static TwoLayerNetwork Trained()
    {
        var network = TwoLayerNetwork.Initialize(new NumpyRandom(0), 2, 20, 3);
        network.Train(Points.X, Points.y, 2000);
        return network;
    }
}
