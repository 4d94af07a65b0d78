// What is right in the exercises of notebook 5, and which mistakes are known. Notebook 1's script says how a check is written.

using MathNet.Numerics.LinearAlgebra;
using Backprop;
using Backprop.Differentiation;
using static Backprop.Activations;
using static Backprop.Algebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;

// Checks with another g and gPrime than the notebook's. With ReLU, a derivative taken at the output is the same.
Verdict With(Nonlinearity other, Func<Verdict> check)
{
    var (ownG, ownGPrime) = (g, gPrime);
    (g, gPrime) = other;
    try
    {
        return check();
    }
    finally
    {
        (g, gPrime) = (ownG, ownGPrime);
    }
}

Verdict CheckLargestOfDW1(object largestOfDW1)
{
    var (dW1, _, _, _) = Grad(ComputeLoss)(
        Zeros(2, h), Zeros(1, h), Zeros(h, numClasses), Zeros(1, numClasses));
    var truth = dW1.Enumerate().Max(Math.Abs);
    return Exercise.Check(1, new Answer("largestOfDW1", largestOfDW1, truth) { Within = 1e-9 });
}

Verdict CheckSoftplus(Func<double, double> Softplus, Func<double, double> SoftplusPrime)
{
    var z = Matrix<double>.Build.Dense(1, 9, Grid.Linspace(-4, 4, 9));
    var value = z.Map(x => Math.Log(1 + Math.Exp(x)));
    return Exercise.Check(
        2,
        [Softplus, SoftplusPrime],
        new Answer("Softplus(z)", () => z.Map(Softplus), value)
        {
            Mistakes =
            [
                new(z.Map(x => Math.Log(1 + Math.Exp(-x))),
                    "The sign in the exponent is wrong: the function must rise."),
                new(z.Map(x => Math.Log(1) + Math.Exp(x)),
                    "Math.Log(1) + e is 0 + e: the sum belongs inside the logarithm."),
                new(z, "log(e^z) is z itself: the 1 is missing."),
                new(value / Math.Log(10),
                    "That is the logarithm to base 10: Math.Log is the natural one."),
            ],
        },
        new Answer("SoftplusPrime(z)", () => z.Map(SoftplusPrime), Logistic(z))
        {
            Mistakes =
            [
                new(z.Map(x => 1 / 1 + Math.Exp(-x)),
                    "1 / 1 + e is (1 / 1) + e: put the denominator in parentheses."),
                new(z.Map(x => Math.Exp(x) / 1 + Math.Exp(x)),
                    "e / 1 + e is (e / 1) + e: put the denominator in parentheses."),
                new(Logistic(-z),
                    "That is the derivative of the logarithm, 1 / (1 + e^z): the chain rule multiplies it by that of 1 + e^z."),
                new(z.Map(Math.Exp), "That is the derivative of 1 + e^z: the chain rule divides it by what stands in the logarithm."),
                new(Logistic(value),
                    "That is the derivative at the output: Softplus(z) was put into it where z belongs."),
                new(LogisticPrime(z), "That is the second derivative: the slope of the logistic function."),
                new(value, "That is the function itself, not its derivative."),
            ],
        });
}

Verdict CheckSoftplus(Delegate first, Delegate second) => Exercise.WrongType(
    2, (first, typeof(Func<double, double>)), (second, typeof(Func<double, double>)));

Verdict CheckGradientOfPoints(Func<Matrix<double>, int[], Matrix<double>> GradientOfPoints) =>
    With(Nonlinearity.Tanh, () =>
    {
        // Fewer points than m, so that an m for y.Length shows, and weights of size 1, so that g bends.
        var (points, labels) = Spiral.Generate(new NumpyRandom(3), 7, numClasses);
        var draw = new NumpyRandom(4);
        var own = (W1, b1, W2, b2);
        (W1, b1) = (draw.Randn(2, h), draw.Randn(1, h));
        (W2, b2) = (draw.Randn(h, numClasses), draw.Randn(1, numClasses));
        try
        {
            var Z1 = Affine(points, W1, b1);
            var S = Affine(g(Z1), W2, b2);
            Matrix<double> Back(Matrix<double> dS, Matrix<double> slopes) =>
                MultiplyTranspose(PointwiseMultiply(MultiplyTranspose(dS, W2), slopes), W1);

            var dS = Softmax.Gradient(S, labels);
            var truth = Grad((Variable x) =>
                CrossEntropy(Apply(Nonlinearity.Tanh, x * W1 + b1) * W2 + b2, labels))(points);
            return Exercise.Check(3, GradientOfPoints, new Answer(
                "GradientOfPoints(X, y)", () => GradientOfPoints(points, labels), truth)
            {
                Mistakes =
                [
                    new(MultiplyTranspose(MultiplyTranspose(dS, W2), W1),
                        "The gradient goes past the nonlinearity unchanged: multiply by g' at its input."),
                    new(Back(dS, gPrime(g(Z1))),
                        "The derivative was taken at the output of g, at H: take it at Z1."),
                    new(Back(dS, g(Z1)), "You multiplied by g(Z1): it is the derivative, gPrime(Z1), that belongs here."),
                    new(Back(Softmax.Gradient(Softmax.Probabilities(S), labels), gPrime(Z1)),
                        "Softmax.Gradient takes the scores S, and you gave it probabilities."),
                    new(Back(Softmax.Gradient(Affine(Z1, W2, b2), labels), gPrime(Z1)),
                        "On the way forwards the nonlinearity is missing: the scores come from H = g(Z1)."),
                    new(truth * labels.Length, "The division by the number of examples is missing."),
                    new(truth * labels.Length / m,
                        "You divided by m, the notebook's number of points: here there are y.Length of them."),
                    new(truth * labels.Length / numClasses,
                        "You divided by K, the number of classes, instead of the number of examples."),
                ],
            });
        }
        finally
        {
            (W1, b1, W2, b2) = own;
        }
    });

Verdict CheckGradientOfPoints(Delegate other) =>
    Exercise.WrongType(3, (other, typeof(Func<Matrix<double>, int[], Matrix<double>>)));

Verdict CheckHingeGradient(Func<Matrix<double>, int[], Matrix<double>> HingeGradient)
{
    int[] labels = [0, 1, 2, 3, 1];
    var given = new NumpyRandom(2).Randn(5, 4);      // 5 examples, 4 classes
    // The correct class adds 1 to each example, which changes no gradient.
    Variable Hinge(Variable S) => Sum(Relu(S - Gather(S, labels) + 1)) / labels.Length;
    Variable WithoutMargin(Variable S) => Sum(Relu(S - Gather(S, labels))) / labels.Length;
    var truth = Grad(Hinge)(given);
    var withoutCorrect = truth.MapIndexed((i, k, slope) => k == labels[i] ? 0 : slope);
    var onceForCorrect = truth.MapIndexed(
        (i, k, slope) => k == labels[i] ? Math.Max(slope, -1.0 / labels.Length) : slope);
    var allTerms = truth.MapIndexed((i, k, _) => (k == labels[i] ? -3.0 : 1.0) / labels.Length);

    return Exercise.Check(4, HingeGradient, new Answer(
        "HingeGradient(S, y)", () => HingeGradient(given.Clone(), labels), truth)
    {
        Mistakes =
        [
            new(Softmax.Gradient(given, labels), "That is the gradient of the cross-entropy."),
            new(withoutCorrect,
                "The score of the correct class stands in every term: its gradient is not 0."),
            new(onceForCorrect,
                "The score of the correct class stands in several terms: its gradient counts those above 0."),
            new(truth - withoutCorrect,
                "The wrong scores stand in the terms, too: one with slope 1 in each."),
            new(allTerms, "Only terms above 0 have a slope: max(0, …) is flat below."),
            new(Grad(WithoutMargin)(given),
                "The + 1 is missing: a term is above 0 where S[i, k] - S[i, c] + 1 is."),
            new(truth * 5, "The division by the number of examples is missing."),
            new(truth * 5 / m,
                "You divided by m, the notebook's number of points: here there are y.Length of them."),
            new(truth * 5 / 4,
                "You divided by K, the number of classes, instead of the number of examples."),
        ],
    });
}

Verdict CheckHingeGradient(Delegate other) =>
    Exercise.WrongType(4, (other, typeof(Func<Matrix<double>, int[], Matrix<double>>)));

Verdict CheckDeepGradients(
    Func<Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>[]> DeepGradients) =>
    With(Nonlinearity.Tanh, () =>
    {
        // Two units, as many as a point has coordinates, so that X fits where H1 belongs; then five.
        var draw = new NumpyRandom(5);
        Matrix<double>[] p =
        [
            draw.Randn(2, 2), draw.Randn(1, 2),
            draw.Randn(2, 5), draw.Randn(1, 5),
            draw.Randn(5, numClasses), draw.Randn(1, numClasses),
        ];
        string[] names = ["dW1", "db1", "dW2", "db2", "dW3", "db3"];

        Matrix<double> Z1 = Affine(X, p[0], p[1]), H1 = g(Z1);
        Matrix<double> Z2 = Affine(H1, p[2], p[3]), H2 = g(Z2);
        var S = Affine(H2, p[4], p[5]);

        // The way back, with what multiplies at each nonlinearity, and with the second layer's input.
        Matrix<double>[] Back(Matrix<double> dS, Matrix<double> slopes2, Matrix<double> slopes1, Matrix<double> input2)
        {
            var dZ2 = PointwiseMultiply(MultiplyTranspose(dS, p[4]), slopes2);
            var dZ1 = PointwiseMultiply(MultiplyTranspose(dZ2, p[2]), slopes1);
            return
            [
                TransposeMultiply(X, dZ1) + lambda * p[0], ColumnSums(dZ1),
                TransposeMultiply(input2, dZ2) + lambda * p[2], ColumnSums(dZ2),
                TransposeMultiply(H2, dS) + lambda * p[4], ColumnSums(dS),
            ];
        }

        Matrix<double> right2 = gPrime(Z2), right1 = gPrime(Z1), one2 = Z2 * 0 + 1, one1 = Z1 * 0 + 1;
        var dS = Softmax.Gradient(S, y);
        (Matrix<double>[] Gradients, string Hint)[] wrong =
        [
            (Back(Softmax.Gradient(Softmax.Probabilities(S), y), right2, right1, H1),
                "Softmax.Gradient takes the scores S, and you gave it probabilities."),
            (Back(dS, right2, right1, X), "The second layer's input is H1, and you took X."),
            (Back(dS, one2, right1, H1), "The derivative of the second hidden layer's g is missing: dZ2 is dH2 ⊙ g'(Z2)."),
            (Back(dS, right2, one1, H1), "The derivative of the first hidden layer's g is missing: dZ1 is dH1 ⊙ g'(Z1)."),
            (Back(dS, one2, one1, H1), "The gradient goes past both nonlinearities unchanged: multiply by g' at Z2 and at Z1."),
            (Back(dS, gPrime(H2), right1, H1), "The derivative was taken at the output of g, at H2: take it at Z2."),
            (Back(dS, right2, gPrime(H1), H1), "The derivative was taken at the output of g, at H1: take it at Z1."),
            (Back(dS, gPrime(H2), gPrime(H1), H1), "The derivative was taken at the output of g, at H2 and H1: take it at Z2 and Z1."),
        ];

        Variable DeepLoss(Variable[] q)
        {
            var first = Apply(Nonlinearity.Tanh, X * q[0] + q[1]);
            var second = Apply(Nonlinearity.Tanh, first * q[2] + q[3]);
            return CrossEntropy(second * q[4] + q[5], y)
                + lambda / 2 * (Sum(Power(q[0], 2)) + Sum(Power(q[2], 2)) + Sum(Power(q[4], 2)));
        }

        var truth = Grad(DeepLoss)(p);
        Answer AnswerFor(int i)
        {
            // Weights have a penalty, biases have none. Where a mistake does not show, it is the truth itself, which is compared first.
            var penalty = i % 2 == 0 ? lambda * p[i] : 0 * p[i];
            return new(names[i], () => DeepGradients(p[0], p[1], p[2], p[3], p[4], p[5])[i], truth[i])
            {
                Mistakes =
                [
                    new(truth[i] - penalty, $"{names[i]} has everything but the penalty's λ W{i / 2 + 1}."),
                    new(truth[i] + penalty, $"{names[i]} has twice the penalty: λ/2 W² has the slope λ W."),
                    new(truth[i] + lambda * p[i] - penalty,
                        $"There is no penalty on biases, but {names[i]} has one."),
                    new(m * (truth[i] - penalty) + penalty, $"{names[i]} is not divided by m, the number of examples."),
                    .. wrong.Select(one => new Mistake(one.Gradients[i], one.Hint)),
                ],
            };
        }

        // In the order in which backpropagation finds them.
        return Exercise.Check(
            5, DeepGradients, AnswerFor(4), AnswerFor(5), AnswerFor(2), AnswerFor(3), AnswerFor(0), AnswerFor(1));
    });

Verdict CheckDeepGradients(Delegate other) => Exercise.WrongType(
    5,
    (other, typeof(Func<Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>, Matrix<double>[]>)));
