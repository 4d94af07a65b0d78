// What is right in the exercises of notebook 4, and which mistakes are known. Notebook 1's script says how a check is written.

using MathNet.Numerics.LinearAlgebra;
using Backprop;
using Backprop.Differentiation;
using static Backprop.Algebra;
using static Backprop.Differentiation.Gradient;
using static Backprop.Differentiation.Primitives;

Verdict CheckGradientOfZ(object gradientOfZ)
{
    var z = Number(3);
    Backward(Plus(Dot(z, z), z));
    return Exercise.Check(1, new Answer("gradientOfZ", gradientOfZ, z.Gradient[0, 0])
    {
        Mistakes =
        [
            new(12, "That is the value, 3 · 3 + 3. The gradient is its slope at z = 3."),
            new(6, "That comes back from the product. The sum hands something back to z, too."),
            new(4, "The product hands 3 back twice: z is both of its factors."),
            new(1, "That comes back from the sum alone. The product hands something back to z, too."),
            new(3, "That comes back from one of the three places where z is used: add up all of them."),
        ],
    });
}

// The gradients that A, or both nodes, have after C, made from them, has handed back the matrix dC.
Matrix<double> HandedBack(Node of, Node C, Matrix<double> dC)
{
    C.Gradient = dC;
    C.HandBack();
    return of.Gradient;
}

// A node with a gradient already: something else has handed it back.
Node With(Matrix<double> value, Matrix<double> gradient) => new(value) { Gradient = gradient };

Verdict CheckTimes(Func<Node, Node, Node> Times)
{
    var draw = new NumpyRandom(6);
    Matrix<double> A = draw.Randn(3, 4), B = draw.Randn(3, 4), dC = draw.Randn(3, 4), before = draw.Randn(3, 4);
    Matrix<double> dA = PointwiseMultiply(dC, B), dB = PointwiseMultiply(dC, A);

    Answer AnswerFor(string name, Func<Node, Node, Node, Matrix<double>> gradient, Matrix<double> right, Matrix<double> own) =>
        new(name, () =>
        {
            Node a = With(A, before), b = With(B, before);
            return gradient(a, b, Times(a, b));
        }, before + right)
        {
            Mistakes =
            [
                new(before, $"{name} has not changed: does HandBack add something to it?"),
                new(right, $"{name} was set, but it had a value already: a rule adds with +=."),
                new(before + own, "A product swaps: each factor gets the gradient times the other factor."),
                new(before + dC, $"{name} got dC itself: multiply by the other factor."),
                new(before + PointwiseMultiply(A, B), $"{name} got the value of C: multiply C.Gradient by the other factor."),
                new(before + (right == dA ? B : A), $"{name} got the other factor alone: multiply it by C.Gradient."),
            ],
        };

    return Exercise.Check(
        2,
        Times,
        new Answer("The value of Times(A, B)", () => Times(new Node(A), new Node(B)).Value, PointwiseMultiply(A, B)),
        new Answer("The number of its Inputs", () => Times(new Node(A), new Node(B)).Inputs.Length, 2)
        {
            Mistakes = [new(0, "The node has no Inputs, so the way back never reaches A and B: new Node(value, A, B).")],
        },
        AnswerFor("A.Gradient", (a, b, c) => HandedBack(a, c, dC), dA, dB),
        AnswerFor("B.Gradient", (a, b, c) => HandedBack(b, c, dC), dB, dA));
}

Verdict CheckTimes(Delegate other) => Exercise.WrongType(2, (other, typeof(Func<Node, Node, Node>)));

Verdict CheckSumOf(Func<Node, Node> SumOf)
{
    var draw = new NumpyRandom(7);
    Matrix<double> A = draw.Randn(3, 4), before = draw.Randn(3, 4), dL = Zeros(1, 1) + 2.5;
    return Exercise.Check(
        3,
        SumOf,
        new Answer("The value of SumOf(A)", () => SumOf(new Node(A)).Value, Zeros(1, 1) + A.Enumerate().Sum()),
        new Answer("The number of its Inputs", () => SumOf(new Node(A)).Inputs.Length, 1)
        {
            Mistakes = [new(0, "The node has no Inputs, so the way back never reaches A: Number(sum, A).")],
        },
        new Answer("A.Gradient", () =>
        {
            var a = With(A, before);
            return HandedBack(a, SumOf(a), dL);
        }, before + 2.5)
        {
            Mistakes =
            [
                new(before, "A.Gradient has not changed: does HandBack add something to it?"),
                new(before * 0 + 2.5, "A.Gradient was set, but it had a value already: a rule adds with +=."),
                new(before + 1, "By the chain rule, the factor 1 is multiplied by the gradient of the sum, L.Gradient[0, 0]."),
                new(before + 2.5 * A, "The sum's derivative is 1 in each element, not the element itself."),
                new(before + 2.5 / 12, "That is the rule of the average: the sum is not divided by anything."),
            ],
        });
}

Verdict CheckSumOf(Delegate other) => Exercise.WrongType(3, (other, typeof(Func<Node, Node>)));

Verdict CheckGradientsOf(Func<Func<Node[], Node>, Matrix<double>[], Matrix<double>[]> GradientsOf)
{
    var draw = new NumpyRandom(8);
    Matrix<double>[] p =
    [
        draw.Randn(2, 5), draw.Randn(1, 5),
        draw.Randn(5, numClasses), draw.Randn(1, numClasses),
    ];
    var kept = p.Select(one => one.Clone()).ToArray();
    Node Loss(Node[] w) => LossOf(w[0], w[1], w[2], w[3]);
    var truth = Grad((Variable[] v) => ComputeLoss(v[0], v[1], v[2], v[3]))(p);
    string[] letters = ["W1", "b1", "W2", "b2"];

    Answer AnswerFor(int i) => new($"The gradient of {letters[i]}", () => GradientsOf(Loss, p)[i], truth[i])
    {
        Mistakes =
        [
            new(p[i] * 0, $"The gradient of {letters[i]} is 0 everywhere: was Backward called, and on the loss of these very nodes?"),
            new(kept[i], "Those are the values of the nodes: return their gradients."),
            new(kept[i] - truth[i], "That is a step downhill: return the gradient itself."),
        ],
    };

    return Exercise.Check(
        4,
        GradientsOf,
        [
            new Answer("The number of gradients", () => GradientsOf(Loss, p).Length, 4),
            .. Enumerable.Range(0, 4).Select(AnswerFor),
            new Answer("The gradient of W1 in a second call", () =>
            {
                GradientsOf(Loss, p);
                return GradientsOf(Loss, p)[0];
            }, truth[0]),
            new Answer("W1 after the call", () =>
            {
                GradientsOf(Loss, p);
                return p[0];
            }, kept[0]),
        ]);
}

Verdict CheckGradientsOf(Delegate other) => Exercise.WrongType(
    4, (other, typeof(Func<Func<Node[], Node>, Matrix<double>[], Matrix<double>[]>)));
