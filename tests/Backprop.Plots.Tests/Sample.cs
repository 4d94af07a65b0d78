using MathNet.Numerics.LinearAlgebra;
using Plotly.NET;

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

    public static GenericChart[] All => [Labelled, Model, Probabilities, Loss, Weights, SideBySide, Swept];

    public static Matrix<double> NotANumber(Matrix<double> points) => Matrix<double>.Build.Dense(points.RowCount, 3, double.NaN);

    private static TwoLayerNetwork Trained()
    {
        var network = TwoLayerNetwork.Initialize(new NumpyRandom(0), 2, 20, 3);
        network.Train(Points.X, Points.y, 2000);
        return network;
    }
}
