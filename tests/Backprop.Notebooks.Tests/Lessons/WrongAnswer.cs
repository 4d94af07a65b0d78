namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>A mistake that readers make, as a change of the solution, and what the check has to say about it.</summary>
internal sealed record WrongAnswer(string Notebook, int Exercise, string Right, string Wrong, string Hint)
{
    public static IReadOnlyList<WrongAnswer> All { get; } =
    [
        new("1-spiral-data", 1, "1.0", "pointsPerClass - 1", "That is the number i of the point"),
        new("1-spiral-data", 1, "1.0", "0.5", "distanceOfLastPoint = 0.5 is too small."),
        new("1-spiral-data", 2, " / points;", ";", "These are the sums of the points"),
        new("1-spiral-data", 2, " / points;", " / y.Length;", "You divided by the number of all points, m"),
        new("1-spiral-data", 2, "y[i], 0] += X[i, 0]", "y[i], 0] -= X[i, 0]", "differs in 3 of 6 elements"),
        new("1-spiral-data", 3, "% pointsPerClass) / pointsPerClass", "% pointsPerClass) / (pointsPerClass - 1)", "a full turn has n steps, not n - 1"),
        new("1-spiral-data", 3, "(y[row] + 1) *", "y[row] *", "The radius of class k is k + 1"),
        new("1-spiral-data", 3, "row / pointsPerClass", "row % numClasses", "y differs in"),
        new("1-spiral-data", 4, "i * xAxis.Length + j", "j * yAxis.Length + i", "The points are in another order"),
        new("1-spiral-data", 4, "Zeros(xAxis.Length * yAxis.Length, 2)", "Zeros(2, xAxis.Length * yAxis.Length)", "a row, a column or an element that is not there"),

        new("2-softmax-regression", 1, "Math.Log(numClasses)", "0.33", "That is the probability of the correct class"),
        new("2-softmax-regression", 1, "Math.Log(numClasses)", "Math.Log10(numClasses)", "the logarithm to base 10"),
        new("2-softmax-regression", 2, "2 / stepSize", "1 / stepSize", "a single step takes every weight to 0"),
        new("2-softmax-regression", 3, "(y.Length * T)", "T", "The division by m, the number of examples, is missing"),
        new("2-softmax-regression", 3, "(y.Length * T)", "(S.ColumnCount * T)", "You divided by K, the number of classes, instead of m"),
        new("2-softmax-regression", 3, "(y.Length * T)", "y.Length", "the chain rule adds the derivative of S / T"),
        new("2-softmax-regression", 3, "return dS", "return -dS", "has the wrong sign"),
        new("2-softmax-regression", 3, "-= 1", "-= 0", "You did not subtract Y"),
        new("2-softmax-regression", 4, "W.PointwiseSign()", "W", "the penalty with squares"),
        new("2-softmax-regression", 4, "lambda * W.PointwiseSign()", "W.PointwiseSign()", "The factor λ is missing"),
        new("2-softmax-regression", 5, "dS /= y.Length", "dS /= W.ColumnCount", "You divided by K, the number of classes, instead of m"),
        new("2-softmax-regression", 5, "Affine(X, W, b)", "Softmax.Probabilities(Affine(X, W, b))", "That is the gradient of the cross-entropy"),
        new("2-softmax-regression", 5, "TransposeMultiply(X, dS)", "TransposeMultiply(dS, X)", "dW is (3 × 2), but (2 × 3) is expected: it is transposed."),
        new("2-softmax-regression", 5, "ColumnSums(dS)", "-2 * ColumnSums(dS)", "db has the wrong sign, and every element is 2 times what it should be"),

        new("3-two-layer-network-autodiff", 1, "0.5", "0.693", "That is L itself at w = 0"),
        new("3-two-layer-network-autodiff", 2, "- 0.1", "+ 0.1", "Below 0 the sign is wrong"),
        new("3-two-layer-network-autodiff", 2, "Relu(Z) - 0.1 * Relu(-Z)", "(Relu(Z) - 0.1 * Relu(-Z)).Value", "its gradient is zero everywhere"),
        new("3-two-layer-network-autodiff", 3, "momentum * V - ", "-", "That is descent without momentum"),
        new("3-two-layer-network-autodiff", 3, "momentum * V - stepSize", "momentum * V - (1 - momentum) * stepSize", "another form of momentum"),
        new("3-two-layer-network-autodiff", 3, "V - stepSize", "V + stepSize", "It climbs"),
        new("3-two-layer-network-autodiff", 4, "g(H1 * W2 + b2)", "H1 * W2 + b2", "The second hidden layer has no nonlinearity"),
        new("3-two-layer-network-autodiff", 4, " + Sum(Power(W3, 2))", "", "The penalty on W3 is missing"),
        new("3-two-layer-network-autodiff", 4, "H1 * W2", "W2 * H1", "The code passes on something that does not fit"),

        new("4-two-layer-network-by-hand", 1, "0.0", "1.0", "largestOfDW1 = 1 is too large."),
        new("4-two-layer-network-by-hand", 2, "Sigma(z) * (1 - Sigma(z))", "Sigma(Sigma(z)) * (1 - Sigma(Sigma(z)))", "That is the derivative at the output"),
        new("4-two-layer-network-by-hand", 2, "Math.Exp(-z)", "Math.Exp(z)", "The sign in the exponent is wrong"),
        new("4-two-layer-network-by-hand", 3, "PointwiseMultiply(dH, gPrime(Z1, Z1))", "dH", "The nonlinearity was passed by"),
        new("4-two-layer-network-by-hand", 4, "dS[i, y[i]] -= 1;", "", "its gradient is not 0"),
        new("4-two-layer-network-by-hand", 4, "dS[i, y[i]] -= 1;", "dS[i, y[i]] = -1;", "its gradient counts those that are above 0"),
        new("4-two-layer-network-by-hand", 4, "dS / y.Length", "dS", "The division by m, the number of examples, is missing"),
        new("4-two-layer-network-by-hand", 5, " + lambda * W3", "", "dW3 has everything but the penalty's λ W3."),
        new("4-two-layer-network-by-hand", 5, "MultiplyTranspose(dS, W3)", "Multiply(dS, W3)", "The code passes on something that does not fit"),
        new("4-two-layer-network-by-hand", 5, "TransposeMultiply(X, dZ1) + lambda * W1, ColumnSums(dZ1),", "", "dW3 was not computed. The code uses a row, a column or an element that is not there"),

        new("5-check-your-gradients", 1, "100.0", "10", "That is the one-sided difference"),
        new("5-check-your-gradients", 2, "W[i, j] = w;", "", "What Slope has changed W by"),
        new("5-check-your-gradients", 2, "(2 * epsilon)", "epsilon", "Divide by 2ε"),
        new("5-check-your-gradients", 3, " / Math.Max(Largest(A), Largest(B))", "", "That is the difference itself"),
        new("5-check-your-gradients", 3, "Math.Max(Largest(A), Largest(B))", "Largest(A)", "may be in B as well"),
        new("5-check-your-gradients", 3, "Max(Math.Abs)", "Max()", "without its sign"),

        new("6-playground", 1, "2 / lambda", "1 / lambda", "There the factor is 0"),
        new("6-playground", 1, "2 / lambda", "3000", "beyond the limit already"),
        new("6-playground", 2, "trained.Scores(newX), newY", "trained.Scores(X), y", "That is the accuracy on the training points"),
        new("6-playground", 3, "foreach (var step in stageSteps)", "foreach (var step in stageSteps.Take(0))", "was it trained at all?"),
        new("6-playground", 3, "foreach (var step in stageSteps)", "foreach (var step in stageSteps.Take(1))", "Only the first stage was trained"),
        new("6-playground", 4, "random.Randn(2, hidden) * Math.Sqrt(2.0 / 2)", "random.Randn(2, hidden) * Math.Sqrt(2.0 / hidden)", "the two coordinates: n is 2"),
        new("6-playground", 4, "Math.Sqrt(2.0 / hidden)", "2.0 / hidden", "The square root is missing"),
        new("6-playground", 4, "Math.Sqrt(2.0 / hidden)", "Math.Sqrt(2.0 / numClasses)", "not of its outputs"),
    ];
}
