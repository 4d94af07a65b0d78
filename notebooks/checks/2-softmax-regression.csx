// What is right in the exercises of notebook 2, and which mistakes are known.
// How a check is written stands at the top of 1-spiral-data.csx.

using MathNet.Numerics.LinearAlgebra;
using Backprop;
using Backprop.Differentiation;
using static Backprop.Algebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;

Verdict CheckLossWithoutWeights(object lossWithoutWeights)
{
    var truth = Softmax.CrossEntropy(Zeros(m, numClasses), y);
    return Exercise.Check(1, new Answer("lossWithoutWeights", lossWithoutWeights, truth)
    {
        Within = 0.006,
        Mistakes =
        [
            new(0, "A loss of 0 needs a model that is sure, and right."),
            new(Math.Round(1.0 / numClasses, 2),
                "That is the probability of the correct class; the loss is minus its logarithm."),
            new(Math.Round(1.0 - 1.0 / numClasses, 2),
                "That is the probability of being wrong; the loss is minus the logarithm of the correct class's probability."),
            new(numClasses, "That is 1 divided by the probability of the correct class; the logarithm is missing."),
            new(Math.Log10(numClasses), "That is the logarithm to base 10; the loss takes the natural one."),
            new(Math.Log2(numClasses), "That is the logarithm to base 2; the loss takes the natural one."),
            new(Math.Round(m * truth, 2), "That is the sum over all examples; the loss is their average."),
        ],
    });
}

Verdict CheckStrongestPenalty(object strongestPenalty)
{
    // By trial: the strength below which 100 steps shrink a weight of 1.
    double low = 0, high = 100 / stepSize;
    for (var trial = 0; trial < 60; trial++)
    {
        var strength = (low + high) / 2;
        var weight = 1.0;
        for (var step = 0; step < 100; step++)
        {
            weight -= stepSize * strength * weight;
        }

        (low, high) = Math.Abs(weight) < 1 ? (strength, high) : (low, strength);
    }

    return Exercise.Check(2, new Answer("strongestPenalty", strongestPenalty, low)
    {
        Within = 0.001 / stepSize,
        Mistakes =
        [
            new(1 / stepSize, "There one step takes every weight to 0. What happens a little above it?"),
            new(2 * stepSize, "The larger the step, the weaker the penalty may be: divide by stepSize."),
        ],
    });
}

Verdict CheckGradientOfScores(Func<Matrix<double>, int[], double, Matrix<double>> GradientOfScores)
{
    // 7 examples, 4 classes: other numbers than the notebook's m and numClasses usually are.
    int[] labels = [0, 1, 2, 3, 1, 0, 3];
    var scores = new NumpyRandom(1).Randn(7, 4);
    var temperature = 2.5;
    Variable LossAtTemperature(Variable S) => CrossEntropy(S / temperature, labels);
    var truth = Grad(LossAtTemperature)(scores);
    var cooled = Softmax.Probabilities(scores / temperature);
    var Y = Softmax.Probabilities(scores) - 7 * Softmax.Gradient(scores, labels);      // as dS = (P - Y) / m

    return Exercise.Check(3, GradientOfScores, new Answer(
        "GradientOfScores(S, y, T)",
        () => GradientOfScores(scores.Clone(), labels, temperature),
        truth)
    {
        Mistakes =
        [
            new(Softmax.Gradient(scores, labels), "The temperature has no effect yet."),
            new(Softmax.Gradient(scores / temperature, labels),
                "That is the gradient for S / T: the chain rule adds the derivative of S / T."),
            new(Softmax.Gradient(scores / temperature, labels) * temperature,
                "The derivative of S / T with respect to S is 1 / T: divide by T at the end, too."),
            new(Softmax.Gradient(scores, labels) / temperature,
                "Divide the scores by T before the softmax, too."),
            new((Softmax.Probabilities(scores) / temperature - Y) / 7,
                "Divide the scores by T, before the softmax, not the probabilities."),
            new((cooled / temperature - Y) / 7, "The 1 / T of the chain rule multiplies all of P - Y, not P alone."),
            new((Softmax.Probabilities(cooled) - Y) / (7 * temperature),
                "The softmax is taken twice: it turns scores into probabilities, and they need no second one."),
            new(truth * 7, "The division by m, the number of examples, is missing."),
            new(truth * 7 * temperature, "The division by m, the number of examples, is missing, and so is the 1 / T of the chain rule."),
            new(truth * 7 / m,
                "You divided by the notebook's m. The function may be given other scores: their number is y.Length."),
            new(truth * 7 / 4,
                "You divided by K, the number of classes, instead of m, the number of examples."),
            new(truth * 7 / numClasses,
                "You divided by the notebook's numClasses: divide by the number of examples, y.Length."),
            new(cooled / temperature / 7,
                "You did not subtract Y: 1 for the correct class of each example."),
        ],
    });
}

Verdict CheckGradientOfScores(Delegate other) =>
    Exercise.WrongType(3, (other, typeof(Func<Matrix<double>, int[], double, Matrix<double>>)));

Verdict CheckGradientOfPenalty(Func<Matrix<double>, double, Matrix<double>> GradientOfPenalty)
{
    var weights = new NumpyRandom(2).Randn(2, 3);
    var strength = 0.1;
    Variable Penalty(Variable W) => strength * Sum(Relu(W) + Relu(-W));
    var truth = Grad(Penalty)(weights);

    return Exercise.Check(4, GradientOfPenalty, new Answer(
        "GradientOfPenalty(W, lambda)",
        () => GradientOfPenalty(weights.Clone(), strength),
        truth)
    {
        Mistakes =
        [
            new(strength * weights, "That is the gradient of the penalty with squares."),
            new(truth / strength, "The factor λ is missing."),
            new(truth / 2, "The factor is λ: this penalty has no ½."),
            new(strength * weights.PointwiseAbs(),
                "Those are the terms of the penalty; their slopes are asked for."),
            new(truth.PointwiseAbs(), "The derivative of |w| depends on the sign of w."),
        ],
    });
}

Verdict CheckGradientOfPenalty(Delegate other) =>
    Exercise.WrongType(4, (other, typeof(Func<Matrix<double>, double, Matrix<double>>)));

Verdict CheckSquaredErrorGradients(
    Func<Matrix<double>, int[], Matrix<double>, Matrix<double>, (Matrix<double> dW, Matrix<double> db)> SquaredErrorGradients)
{
    // Not as many points as the notebook has, so that its m is not the right number.
    var (points, labels) = Spiral.Generate(new NumpyRandom(2), pointsPerClass + 1, numClasses, noise);
    var weights = new NumpyRandom(3).Randn(2, numClasses);
    var biases = new NumpyRandom(4).Randn(1, numClasses);
    var count = labels.Length;
    var scores = Affine(points, weights, biases);
    var Y = Softmax.Probabilities(scores) - count * Softmax.Gradient(scores, labels);      // as dS = (P - Y) / m
    Variable SquaredError(Variable W, Variable b) => Sum(Power(points * W + b - Y, 2)) / (2 * count);
    var (trueDW, trueDb) = Grad(SquaredError)(weights, biases);
    var upToM = Y.MapIndexed((i, _, right) => i < m ? right : 0);      // for a loop that ends at the notebook's m
    var ofProbabilities = (Softmax.Probabilities(scores) - Y) / count;

    Mistake[] MistakesOf(Matrix<double> truth, Matrix<double> penalised, Func<Matrix<double>, Matrix<double>> fromScores) =>
    [
        new(fromScores(ofProbabilities), "That is the gradient of the cross-entropy: compare the scores with Y, not P."),
        new(truth + lambda * penalised, "There is no penalty in this loss."),
        new(truth * count, "The division by m, the number of examples, is missing."),
        new(truth * count / m,
            "You divided by the notebook's m. The function may be given other points: their number is y.Length."),
        new(fromScores((scores - upToM) / m),
            "You used the notebook's m. The function may be given other points: their number is y.Length."),
        new(truth * count / numClasses,
            "You divided by K, the number of classes, instead of m, the number of examples."),
        new(truth / count, "It is divided by m twice."),
        new(truth / numClasses, "The average is over the examples only, not over the classes, too."),
        new(2 * truth, "The ½ of the loss is missing: the derivative of ½ (S - Y)² is S - Y."),
        new(fromScores(scores) / count,
            "You did not subtract Y: 1 for the correct class of each example."),
    ];

    return Exercise.Check(
        5,
        SquaredErrorGradients,
        new Answer("dW", () => SquaredErrorGradients(points, labels, weights, biases).dW, trueDW)
        {
            Mistakes = MistakesOf(trueDW, weights, dS => TransposeMultiply(points, dS)),
        },
        new Answer("db", () => SquaredErrorGradients(points, labels, weights, biases).db, trueDb)
        {
            Mistakes = MistakesOf(trueDb, biases, dS => ColumnSums(dS)),
        });
}

Verdict CheckSquaredErrorGradients(Delegate other) => Exercise.WrongType(
    5,
    (other, typeof(Func<Matrix<double>, int[], Matrix<double>, Matrix<double>, (Matrix<double>, Matrix<double>)>)));
