// What is right in the exercises of notebook 3, and which mistakes are known.
// How a check is written stands at the top of 1-spiral-data.csx.

using MathNet.Numerics.LinearAlgebra;
using Backprop;
using Backprop.Differentiation;
using static Backprop.Algebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;

Verdict CheckSlopeAtZero(object slopeAtZero)
{
    Variable Softplus(Variable w) => Log(1 + Exp(w));
    var truth = Grad(Softplus)(Zeros(1, 1))[0, 0];
    return Exercise.Check(1, new Answer("slopeAtZero", slopeAtZero, truth)
    {
        Within = 0.001,
        Mistakes =
        [
            new(Math.Round(Math.Log(2), 3), "That is L itself at w = 0, not its slope."),
            new(1, "The chain rule divides by what stands in the logarithm."),
            new(Math.Round(Math.E / (1 + Math.E), 3), "That is the slope at w = 1."),
        ],
    });
}

Verdict CheckLeakyRelu(Func<Variable, Variable> LeakyRelu)
{
    var inputs = Matrix<double>.Build.Dense(1, 4, [-2, -0.5, 0.25, 3]);
    Variable SumOfLeaky(Variable Z) => Sum(LeakyRelu(Z));

    return Exercise.Check(
        2,
        LeakyRelu,
        new Answer("LeakyRelu(Z)", () => LeakyRelu(inputs).Value, inputs.Map(z => z > 0 ? z : z / 10))
        {
            Mistakes =
            [
                new(inputs.PointwiseMaximum(0),
                    "Below 0 it should not be 0, but a tenth of z."),
                new(inputs.Map(z => z > 0 ? z : -z / 10),
                    "Below 0 the sign is wrong: Relu(-Z) is positive there."),
                new(inputs.Map(z => z > 0 ? z * 11 / 10 : z / 10),
                    "Above 0 there is z / 10 too much: that part should act below 0 only."),
                new(inputs.Map(z => z > 0 ? 0 : z / 10), "Below 0 it is right; above 0 it should be z."),
                new(inputs, "Below 0 it should be a tenth of z, not all of it."),
                new(inputs / 10, "Above 0 it should be z, not a tenth of it."),
                new(inputs.Map(z => Math.Max(0, z) - 0.1),
                    "You subtracted 0.1 everywhere: it is meant to be a tenth of Relu(-Z)."),
            ],
        },
        new Answer(
            "The gradient of LeakyRelu(Z)",
            () => Grad(SumOfLeaky)(inputs),
            inputs.Map(z => z > 0 ? 1 : 0.1))
        {
            Mistakes =
            [
                new(inputs * 0,
                    "Its gradient is 0: what .Value takes out of a variable is not recorded."),
            ],
        });
}

Verdict CheckLeakyRelu(Delegate other) => Exercise.WrongType(2, (other, typeof(Func<Variable, Variable>)));

Verdict CheckDescend(
    Func<Matrix<double>, Func<Matrix<double>, Matrix<double>>, int, double, double, Matrix<double>> Descend)
{
    // The bowl L = ½ Σ curvature · w². Here a step is a matrix (2 × 2) that acts on each weight and its
    // velocity, so that many steps are a power of that matrix.
    var start = Matrix<double>.Build.Dense(1, 3, [1, -2, 3]);
    var curvature = Matrix<double>.Build.Dense(1, 3, [1, 2, 5]);
    Matrix<double> SlopeOfBowl(Matrix<double> W) => W.PointwiseMultiply(curvature);
    Matrix<double> After(int steps, Func<double, double[]> step) => start.MapIndexed((row, column, w) =>
        w * Matrix<double>.Build.Dense(2, 2, step(0.1 * curvature[row, column])).Power(steps)[0, 0]);
    double[] Right(double s) => [1 - s, -s, 0.9, 0.9];

    // What Descend has made of the matrix that it was given.
    Matrix<double> GivenAfterwards()
    {
        var given = start.Clone();
        Descend(given, SlopeOfBowl, 6, 0.1, 0.9);
        return given;
    }

    return Exercise.Check(
        3,
        Descend,
        new Answer(
            "W after 6 steps",
            () => Descend(start.Clone(), SlopeOfBowl, 6, 0.1, 0.9),
            After(6, Right))
        {
            Mistakes =
            [
                new(start, "It has not moved."),
                new(After(6, s => [1 + s, s, 0.9, 0.9]), "It climbs: the gradient is subtracted."),
                new(After(6, s => [1 - s, 0, 0, 0]),
                    "That is descent without momentum: V must keep a part of what it was."),
                new(After(6, s => [1 - s, -s, 1, 1]),
                    "V keeps all of what it was: multiply it by the momentum."),
                new(After(6, s => [1, -s, 1, 0.9]),
                    "W moved before V was updated: compute V first."),
                new(After(6, s => [1 - s, -s, 0.9 * (1 - s), 0.9 * (1 - s)]),
                    "The gradient is taken at W + μ V, which is Nesterov's momentum: here it is taken at W."),
                new(After(5, Right),
                    "That is W after 5 steps: is V computed before W moves, in each of the 6 steps?"),
                new(After(7, Right), "That is W after 7 steps: the loop takes one too many."),
                new(After(6, s => [1 - 10 * s, -10 * s, 0.9, 0.9]),
                    "The gradient is not multiplied by stepSize."),
                new(After(6, s => [1 - s, -s, 0.09, 0.09]),
                    "stepSize multiplies the gradient only, not μ V."),
                new(After(6, s => [1 - 0.1 * s, -0.1 * s, 0.9, 0.9]),
                    "The gradient is multiplied by 1 - μ: that is another form of momentum."),
            ],
        },
        new Answer("The W that was given", GivenAfterwards, start)
        {
            Mistakes =
            [
                new(After(6, Right),
                    "The steps are right, but they change the given matrix: return a new one."),
            ],
        });
}

Verdict CheckDescend(Delegate other) => Exercise.WrongType(
    3,
    (other, typeof(Func<Matrix<double>, Func<Matrix<double>, Matrix<double>>, int, double, double, Matrix<double>>)));

Verdict CheckDeepLoss(Func<Variable, Variable, Variable, Variable, Variable, Variable, Variable> DeepLoss)
{
    // Five and six units. S are the scores of the right network.
    var draw = new NumpyRandom(5);
    Matrix<double> V1 = draw.Randn(2, 5), c1 = draw.Randn(1, 5);
    Matrix<double> V2 = draw.Randn(5, 6), c2 = draw.Randn(1, 6);
    Matrix<double> V3 = draw.Randn(6, numClasses), c3 = draw.Randn(1, numClasses);
    Variable points = X;
    Variable Z1 = points * V1 + c1, Z2 = g(Z1) * V2 + c2, S = g(Z2) * V3 + c3;

    double DataLoss(Variable scores) => (double)CrossEntropy(scores, y);
    double Penalty(params Matrix<double>[] weights) => lambda / 2 * weights.Sum(SumOfSquares);
    var penalty = Penalty(V1, V2, V3);
    double Loss(Variable scores) => DataLoss(scores) + penalty;

    Variable LossOfW1(Variable W1) =>
        CrossEntropy(Scores(g(points * W1 + c1), V2, c2, V3, c3), y) + lambda / 2 * Sum(Power(W1, 2));
    Variable DeepLossOfW1(Variable W1) => DeepLoss(W1, c1, V2, c2, V3, c3);

    return Exercise.Check(
        4,
        DeepLoss,
        new Answer(
            "DeepLoss",
            () => DeepLoss(V1, c1, V2, c2, V3, c3).Value,
            Matrix<double>.Build.Dense(1, 1, Loss(S)))
        {
            Mistakes =
            [
                new(DataLoss(S), "The penalty is missing."),
                new(DataLoss(S) + Penalty(V2, V3), "The penalty on W1 is missing."),
                new(DataLoss(S) + Penalty(V1, V3), "The penalty on W2 is missing."),
                new(DataLoss(S) + Penalty(V1, V2), "The penalty on W3 is missing."),
                new(DataLoss(S) + 2 * penalty, "The penalty is twice what it should be: its factor is λ / 2."),
                new(DataLoss(S) + penalty / lambda, "The factor λ of the penalty is missing."),
                new(DataLoss(S) + penalty / m, "The penalty is divided by m: only the cross-entropy is an average."),
                new(DataLoss(S) - penalty, "The penalty is subtracted: add it."),
                new(DataLoss(S) + Penalty(V1, V2, V3, c1, c2, c3), "There is no penalty on biases."),
                new(DataLoss(S) * m + penalty, "The division by m, the number of examples, is missing."),
                new(DataLoss(S) / m + penalty, "The cross-entropy is divided by m twice: CrossEntropy gives an average."),
                new(Loss(Probabilities(S)),
                    "CrossEntropy takes scores and computes their softmax itself, but it was given probabilities."),
                new(Loss(Z2 * V3 + c3), "The second hidden layer has no nonlinearity."),
                new(Loss(g(Z1 * V2 + c2) * V3 + c3), "The first hidden layer has no nonlinearity."),
                new(Loss((Z1 * V2 + c2) * V3 + c3), "The hidden layers have no nonlinearity."),
                new(Loss(g(S)), "The scores need no nonlinearity: leave g out of the last layer."),
                new(Loss(g(g(points * V1) * V2 + c2) * V3 + c3), "b1 is missing."),
                new(Loss(g(g(Z1) * V2) * V3 + c3), "b2 is missing."),
                new(Loss(g(Z2) * V3), "b3 is missing."),
            ],
        },
        new Answer("The gradient dW1", () => Grad(DeepLossOfW1)(V1), Grad(LossOfW1)(V1))
        {
            Mistakes =
            [
                new(lambda * V1,
                    "dW1 is the gradient of the penalty alone: what .Value takes out of a variable is not recorded."),
            ],
        });
}

Verdict CheckDeepLoss(Delegate other) => Exercise.WrongType(
    4,
    (other, typeof(Func<Variable, Variable, Variable, Variable, Variable, Variable, Variable>)));
