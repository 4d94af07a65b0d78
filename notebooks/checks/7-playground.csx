// What is right in the exercises of notebook 7, and which mistakes are known. Notebook 1's script says how a check is written.

using MathNet.Numerics.LinearAlgebra;
using Backprop;
using static Backprop.Algebra;

Verdict CheckLimitOfStepSize(object limitOfStepSize) =>
    Exercise.Check(1, new Answer("limitOfStepSize", limitOfStepSize, 200)
    {
        Mistakes =
        [
            new(100, "There the factor is 0: the weights vanish at once. They grow where it is below -1."),
            new(300, "There the factor is -2, which is beyond the limit already."),
            new(2, "2 is what the step size times λ must be."),
            new(2000, "That is the limit for λ = 0.001, but here λ is 0.01."),
            new(0.02, "You multiplied 2 by λ: the step size times λ must be 2."),
            new(-200, "A step size is above 0: solve 1 - step size · λ = -1."),
        ],
    });

Verdict CheckTestAccuracy(Func<TwoLayerNetwork, double> TestAccuracy)
{
    // A network of its own, trained so shortly that no two of the numbers below are equal.
    var random = new NumpyRandom(5);
    var (learntX, learntY) = Spiral.Generate(random, pointsPerClass, numClasses, noise);
    var network = TwoLayerNetwork.Initialize(random, 2, 5, numClasses, 0.5);
    network.Train(learntX, learntY, 200);

    double Share(LabelledPoints points) => Softmax.Accuracy(network.Scores(points.X), points.y);
    var share = Share(Spiral.Generate(new NumpyRandom(seed + 1), pointsPerClass, numClasses, noise));

    return Exercise.Check(2, TestAccuracy, new Answer("TestAccuracy(network)", () => TestAccuracy(network), share)
    {
        Mistakes =
        [
            new(Softmax.Accuracy(network.Scores(X), y), "That is the accuracy on X, the points that the notebook's networks have seen."),
            new(0, "Dividing one whole number by another drops the fraction: make one a double."),
            new(1 - share, "That is the share that is classified wrongly."),
            new(100 * share, "A share is a number from 0 to 1, not a percentage."),
            new(share * pointsPerClass * numClasses, "That is the number of points that are classified correctly: divide by how many there are."),
            new(Share(Spiral.Generate(new NumpyRandom(seed + 1), pointsPerClass, numClasses, 0.4)),
                "Those points have a noise of 0.4, but the data have that of the settings."),
            new(Share(Spiral.Generate(new NumpyRandom(seed + 1))), "Draw as many points as there are in X, with the settings of the notebook."),
            new(Share(Spiral.Generate(new NumpyRandom(seed + 1), pointsPerClass, numClasses)), "Pass the noise of the settings on to Spiral.Generate."),
        ],
    });
}

Verdict CheckTestAccuracy(Delegate other) =>
    Exercise.WrongType(2, (other, typeof(Func<TwoLayerNetwork, double>)));

Verdict CheckTrainInStages(Action<TwoLayerNetwork, double[]> TrainInStages)
{
    TwoLayerNetwork Fresh() => TwoLayerNetwork.Initialize(new NumpyRandom(7), 2, 10, numClasses, 0.5);
    Matrix<double> After(Action<TwoLayerNetwork> training)
    {
        var network = Fresh();
        training(network);
        return network.W1;
    }

    Matrix<double> AfterStages(int iterations, params double[] stageSteps) => After(network =>
    {
        foreach (var step in stageSteps)
        {
            network.Train(X, y, iterations, step, lambda);
        }
    });

    return Exercise.Check(3, TrainInStages, new Answer(
        "W1 after TrainInStages(network, [2, 1, 0.5])",
        () => After(network => TrainInStages(network, [2, 1, 0.5])),
        AfterStages(500, 2, 1, 0.5))
    {
        Mistakes =
        [
            new(Fresh().W1, "The network is as it was before. Was it trained at all, and was it this one, not a new one?"),
            new(AfterStages(500, 2), "Only the first stage was trained."),
            new(AfterStages(500, 0.5),
                "Only the last stage counts: each must go on from where the previous one ended."),
            new(AfterStages(500, 0.5, 1, 2), "The stages are in the wrong order: the first step size comes first."),
            new(AfterStages(500, 2, 2, 2), "Every stage has the first step size."),
            new(AfterStages(500, 1, 1, 1), "The stages don't use their step sizes: pass each of stageSteps on to Train."),
            new(AfterStages(500, stepSize, stepSize, stepSize), "Every stage has the step size of the settings: pass each of stageSteps on to Train."),
            new(AfterStages(iters, 2, 1, 0.5), "Each stage is as long as the settings say: it should be 500 iterations."),
            new(AfterStages(166, 2, 1, 0.5), "500 iterations are meant for each stage, not for all of them together."),
            new(AfterStages(1, 2, 1, 0.5), "Each stage is one iteration, but should be 500."),
            new(AfterStages(500, 2, 1), "The last stage is missing."),
            new(AfterStages(500, 1, 0.5), "The first stage is missing."),
            new(After(network => network.Train(X, y, 1500, 3.5 / 3, lambda)), "That is one training with the mean of the step sizes: train once for each of them."),
            new(After(network =>
            {
                foreach (var step in new[] { 2, 1, 0.5 })
                {
                    network.Train(X, y, 500, step, 0);
                }
            }), "The penalty is missing: pass lambda on to Train."),
        ],
    });
}

Verdict CheckTrainInStages(Delegate other) =>
    Exercise.WrongType(3, (other, typeof(Action<TwoLayerNetwork, double[]>)));

Verdict CheckHeNetwork(Func<NumpyRandom, int, TwoLayerNetwork> HeNetwork)
{
    const int units = 40;
    TwoLayerNetwork Given() => HeNetwork(new NumpyRandom(3), units);
    var draws = new NumpyRandom(3);
    var (standardW1, standardW2) = (draws.Randn(2, units), draws.Randn(units, numClasses));
    var otherOrder = new NumpyRandom(3);
    otherOrder.Randn(units, numClasses);
    var own = new NumpyRandom(seed);
    var zero = new NumpyRandom(0);

    return Exercise.Check(
        4,
        HeNetwork,
        new Answer("W1", () => Given().W1, standardW1)
        {
            Mistakes =
            [
                new(standardW1 * Math.Sqrt(2.0 / units), "The inputs of the first layer are the two coordinates: there are 2 of them, not h."),
                new(otherOrder.Randn(2, units), "Draw W1 first, then W2."),
                new(own.Randn(2, units), "Draw from the random numbers that are given, not from new ones."),
                new(zero.Randn(2, units), "Draw from the random numbers that are given, not from new ones."),
                new(standardW1 * initialScale, "W1 has the initial scale of the settings, not He's."),
                new(standardW1 * 0.01, "W1 has the scale 0.01, not He's."),
                new(standardW1 * Math.Sqrt(0.5), "That is √(1 / inputs): the 2 is missing."),
            ],
        },
        new Answer("W2", () => Given().W2, standardW2 * Math.Sqrt(2.0 / units))
        {
            Mistakes =
            [
                new(standardW2 * 0, "With 2 / hidden in whole numbers, 2 / 40 is 0: write 2.0 / hidden."),
                new(standardW2, "The second layer has h inputs, not 2."),
                new(standardW2 * Math.Sqrt(2.0 / numClasses), "The number of inputs of the layer is meant, not that of its outputs."),
                new(standardW2 * Math.Sqrt(2.0 / (units + numClasses)), "The number of inputs of the layer is meant, without its outputs."),
                new(standardW2 * (2.0 / units), "The square root is missing."),
                new(standardW2 * Math.Sqrt(1.0 / units), "That is √(1 / inputs): the 2 is missing."),
                new(standardW2 / Math.Sqrt(2.0 / units), "Multiply by the standard deviation instead of dividing by it."),
                new(standardW2 * Math.Sqrt(2.0 / h), "The network has as many hidden units as HeNetwork is given: use hidden, not h."),
                new(standardW2 * initialScale, "W2 has the initial scale of the settings, not He's."),
            ],
        },
        new Answer("b1", () => Given().b1, Zeros(1, units)),
        new Answer("b2", () => Given().b2, Zeros(1, numClasses)));
}

Verdict CheckHeNetwork(Delegate other) =>
    Exercise.WrongType(4, (other, typeof(Func<NumpyRandom, int, TwoLayerNetwork>)));
