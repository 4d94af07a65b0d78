// What is right in the exercises of notebook 8, and which mistakes are known. Notebook 1's script says how a check is written.

using MathNet.Numerics.LinearAlgebra;
using Backprop;

Verdict CheckStepsInAPass(object stepsInAPass) =>
    Exercise.Check(1, new Answer("stepsInAPass", stepsInAPass, 5)
    {
        Within = 1e-9,
        Mistakes =
        [
            new(4, "Four batches of 64 points are 256 points: the rest make one more batch."),
            new(300.0 / 64, "There is no part of a step: the points that are left make a batch of their own."),
            new(300, "A step is taken after each batch, not after each point."),
            new(1, "That is gradient descent, with one batch of all points."),
            new(64, "That is the number of points in a batch."),
            new(44, "That is the number of points in the last batch."),
        ],
    });

Verdict CheckVelocity(object velocity) =>
    Exercise.Check(2, new Answer("velocity", velocity, -2.5)
    {
        Within = 1e-3,
        Mistakes =
        [
            new(2.5, "Right, apart from the sign: the velocity points downhill, against the gradient."),
            new(-0.5, "That is the first step. The next one keeps 0.8 of it and adds another -0.5."),
            new(0.5, "That is the first step, uphill. The next one keeps 0.8 of it and adds to it."),
            new(-0.9, "That is the velocity after two steps: it goes on growing."),
            new(-5, "Steps become 1 / (1 - 0.8) times as long, and without momentum a step is 0.5 long."),
            new(5, "Steps become 1 / (1 - 0.8) times as long, but without momentum a step is -0.5."),
            new(-0.4, "0.8 times the step is what is kept of it; the next step adds to that."),
            new(-0.625, "Divide by 1 - 0.8, not by 0.8."),
            new(0, "The slope goes on adding to the velocity: it comes to rest where 0.8 V - 0.5 is V again."),
        ],
    });

Verdict CheckRmspropStep(Func<Matrix<double>, Matrix<double>, Matrix<double>, double, (Matrix<double> W, Matrix<double> Q)> RmspropStep)
{
    var build = Matrix<double>.Build;
    var W = build.DenseOfArray(new[,] { { 1.0, -2.0 }, { 0.5, 3.0 } });
    var dW = build.DenseOfArray(new[,] { { 0.1, -4.0 }, { 2.0, 0.01 } });
    var Q = build.DenseOfArray(new[,] { { 0.04, 1.0 }, { 9.0, 0.0 } });

    (Matrix<double> W, Matrix<double> Q) Given() => RmspropStep(W.Clone(), dW.Clone(), Q.Clone(), 0.1);

    double Changes()
    {
        var (givenW, givenGradient, givenQ) = (W.Clone(), dW.Clone(), Q.Clone());
        RmspropStep(givenW, givenGradient, givenQ, 0.1);
        return (givenW - W).L2Norm() + (givenGradient - dW).L2Norm() + (givenQ - Q).L2Norm();
    }

    Matrix<double> Squares(Matrix<double> A) => A.PointwiseMultiply(A);
    Matrix<double> Stepped(Matrix<double> gradient, Matrix<double> divisor) => W - 0.1 * gradient.PointwiseDivide(divisor);
    var newQ = 0.9 * Q + 0.1 * Squares(dW);
    var root = newQ.PointwiseSqrt();

    return Exercise.Check(
        3,
        RmspropStep,
        new Answer("Q", () => Given().Q, newQ)
        {
            Mistakes =
            [
                new(Q, "Q is as it was: return the new average of the squares."),
                new(0.9 * Q + 0.1 * dW, "The gradient is squared before it enters the average."),
                new(0.1 * Q + 0.9 * Squares(dW), "The two weights have changed places: 0.9 of the old Q is kept."),
                new(0.999 * Q + 0.001 * Squares(dW), "Those are Adam's weights: here they are 0.9 and 0.1."),
                new(Q + Squares(dW), "That is the sum, not the average: the weights 0.9 and 0.1 are missing."),
                new(0.9 * Q + Squares(dW), "The square of the gradient has the weight 0.1."),
                new(Q + 0.1 * Squares(dW), "The old Q has the weight 0.9."),
            ],
        },
        new Answer("W", () => Given().W, Stepped(dW, root + 1e-8))
        {
            Mistakes =
            [
                new(W, "W is as it was: return the new one."),
                new(W + 0.1 * dW.PointwiseDivide(root + 1e-8), "It climbs: the step is subtracted."),
                new(W - dW.PointwiseDivide(root + 1e-8), "The step is not multiplied by stepSize."),
                new(W - 0.1 * dW, "The gradient is not divided by √Q."),
                new(Stepped(dW, newQ + 1e-8), "The root is missing: divide by √Q, not by Q."),
                new(Stepped(dW, Q.PointwiseSqrt() + 1e-8), "Divide by the root of the new Q, not of the old one."),
                new(Stepped(dW, (newQ + 1e-8).PointwiseSqrt()), "1e-8 is added to the root, not under it."),
                new(W - 0.1 * dW.PointwiseMultiply(root), "Divide by √Q instead of multiplying by it."),
            ],
        },
        new Answer("What RmspropStep changes the given matrices by", Changes, 0) { Within = 1e-15 });
}

Verdict CheckRmspropStep(Delegate other) => Exercise.WrongType(
    3, (other, typeof(Func<Matrix<double>, Matrix<double>, Matrix<double>, double, (Matrix<double> W, Matrix<double> Q)>)));

Verdict CheckClip(Func<Matrix<double>, double, Matrix<double>> Clip)
{
    var build = Matrix<double>.Build;
    var far = build.DenseOfArray(new[,] { { 2.0, -4.0 }, { 4.0, 8.0 } });         // its length is 10
    var near = build.DenseOfArray(new[,] { { 0.2, -0.4 }, { 0.4, 0.8 } });        // its length is 1
    Matrix<double> Each(Func<double, double> clipped) => build.Dense(2, 2, (i, j) => clipped(far[i, j]));

    return Exercise.Check(
        4,
        Clip,
        new Answer("Clip(dW, 5), with dW of length 10", () => Clip(far.Clone(), 5), far / 2)
        {
            Mistakes =
            [
                new(far, "The gradient is longer than the limit, but is as it was."),
                new(Each(w => Math.Clamp(w, -5, 5)), "You clipped each element: that changes the direction. Multiply all by one factor."),
                new(Each(w => Math.Min(w, 5)), "You clipped each element: that changes the direction. Multiply all by one factor."),
                new(far / 10, "It has length 1 now: multiply by the limit."),
                new(far * 5, "The factor is limit / length: divide by the length, too."),
                new(far * 2, "The factor is the other way round: limit / length."),
                new(far * 5 / 100, "The length is the root of the sum of squares."),
                new(far * 5 / 8, "You divided by the largest element: the length is the root of the sum of squares."),
                new(far * 5 / 18, "You divided by the sum of the sizes: the length is the root of the sum of squares."),
                new(far * 5 / far.L2Norm(), "L2Norm of a matrix is its largest singular value: use the root of SumOfSquares, or FrobeniusNorm."),
            ],
        },
        new Answer("Clip(dW, 5), with dW of length 1", () => Clip(near.Clone(), 5), near)
        {
            Mistakes =
            [
                new(near * 5, "This gradient is shorter than the limit, so it stays as it is. Yours was made longer."),
                new(near * 0, "This gradient is shorter than the limit, so it stays as it is."),
            ],
        });
}

Verdict CheckClip(Delegate other) =>
    Exercise.WrongType(4, (other, typeof(Func<Matrix<double>, double, Matrix<double>>)));
