// What is right in the exercises of notebook 1, and which mistakes are known.
//
// How a check is written: an exercise has one function here, and its check cell loads this file and calls it.
// - A variable comes as an object, whatever the reader has put into it. An Answer holds it against the truth.
// - A function comes as the delegate that the task asks for. Give it to Exercise.Check before the answers, so that an
//   answer which was changed and no longer compiles is not checked in the new one's place. A second function of the
//   same name takes any other delegate, and says what is wrong with its type.
// - Mistakes are wrong answers that are easily given, each with what to say then: one sentence that leads on.
// Everything that the notebook has made up to here can be used, under its own name.
// A loaded file opens its namespaces itself.

using MathNet.Numerics.LinearAlgebra;
using Backprop;
using static Backprop.Algebra;

Verdict CheckDistanceOfLastPoint(object distanceOfLastPoint)
{
    var truth = X.Row(pointsPerClass - 1).L2Norm();
    return Exercise.Check(1, new Answer("distanceOfLastPoint", distanceOfLastPoint, truth)
    {
        Within = 0.001,
        Mistakes =
        [
            new(pointsPerClass - 1,
                "That is the number of the point on its arm, counted from 0; its radius is t."),
        ],
    });
}

Verdict CheckCentres(Func<Matrix<double>, int[], int, Matrix<double>> Centres)
{
    // Four classes of different sizes, their points in turn.
    int[] labels = [0, 1, 2, 3, 0, 1, 2, 0, 1, 0];
    var points = new NumpyRandom(9).Randn(labels.Length, 2);
    int[] sizes = [4, 3, 2, 1];
    var sums = Matrix<double>.Build.Dense(4, 2, (k, j) =>
        labels.Index().Where(label => label.Item == k).Sum(label => points[label.Index, j]));
    Matrix<double> Over(Func<int, double> count) =>
        Matrix<double>.Build.Dense(4, 2, (k, j) => sums[k, j] / count(k));

    return Exercise.Check(2, Centres, new Answer(
        "Centres(points, labels, 4)",
        () => Centres(points, labels, 4),
        Over(k => sizes[k]))
    {
        Mistakes =
        [
            new(sums, "These are the sums of the points: divide each by how many points its class has."),
            new(Over(k => labels.Length),
                "You divided by the number of all points, m: divide by how many points the class has."),
            new(Over(k => pointsPerClass),
                "You divided by the notebook's pointsPerClass: count the points of the class in y."),
            new(Over(k => labels.Length / 4.0), "The classes need not be equally large: count the points of each in y."),
        ],
    });
}

Verdict CheckCentres(Delegate other) =>
    Exercise.WrongType(2, (other, typeof(Func<Matrix<double>, int[], int, Matrix<double>>)));

Verdict CheckRings(Func<int, int, LabelledPoints> Rings)
{
    var labels = Spiral.Generate(new NumpyRandom(), 40, 3).y;
    var radii = Matrix<double>.Build.Dense(120, 1, (i, _) => labels[i] + 1);

    // The angles between neighbours all around a ring, the smallest first.
    double[] Gaps(Func<int, (double Sin, double Cos)> point)
    {
        var points = Enumerable.Range(0, 40).Select(point);
        var angles = points.Select(p => Math.Atan2(p.Sin, p.Cos)).Order().ToArray();
        var next = angles.Skip(1).Append(angles[0] + 2 * Math.PI);
        return [.. next.Zip(angles, (after, before) => after - before).Order()];
    }

    // The same for three rings, one a row: (3, 40)
    Matrix<double> GapsOf(Matrix<double> X) => Matrix<double>.Build.DenseOfRowArrays(
        Enumerable.Range(0, 3).Select(k => Gaps(i => (X[40 * k + i, 0], X[40 * k + i, 1]))));
    Matrix<double> GapsWhere(Func<int, double> angle) => Matrix<double>.Build.DenseOfRowArrays(
        Enumerable.Repeat(Gaps(i => Math.SinCos(angle(i))), 3));

    return Exercise.Check(
        3,
        Rings,
        new Answer("y", () => Rings(40, 3).y, labels),
        new Answer(
            "The distance of each point from the origin",
            () => RowSums(Rings(40, 3).X.PointwisePower(2)).PointwiseSqrt(),
            radii)
        {
            Mistakes =
            [
                new(radii - 1, "The radius of class k is k + 1, but yours is k."),
                new(radii.PointwisePower(0),
                    "All rings have radius 1: multiply sine and cosine by the radius k + 1."),
            ],
        },
        new Answer(
            "The angle between neighbours",
            () => GapsOf(Rings(40, 3).X),
            Matrix<double>.Build.Dense(3, 40, 2 * Math.PI / 40))
        {
            Mistakes =
            [
                new(GapsWhere(i => 2 * Math.PI * i / 39),
                    "The first and the last point are the same: a full turn has n steps, not n - 1."),
                new(GapsWhere(i => 0),
                    "All points of a ring are in one place: is there a division of two integers?"),
                new(GapsWhere(i => Math.PI * i / 40), "The points fill half a turn: a full one is 2π."),
                new(GapsWhere(i => 360.0 * i / 40),
                    "A full turn is 2π, not 360: angles are in radians."),
            ],
        });
}

Verdict CheckRings(Delegate other) => Exercise.WrongType(3, (other, typeof(Func<int, int, LabelledPoints>)));

Verdict CheckMeshPoints(Func<double[], double[], Matrix<double>> MeshPoints)
{
    double[] xAxis = [0, 1, 2], yAxis = [10, 20];
    var truth = new Mesh(xAxis, yAxis).Points;
    var otherWay = new Mesh(yAxis, xAxis).Points;

    return Exercise.Check(4, MeshPoints, new Answer(
        "MeshPoints(xAxis, yAxis)",
        () => MeshPoints(xAxis, yAxis),
        truth)
    {
        Mistakes =
        [
            new(Matrix<double>.Build.DenseOfColumnVectors(truth.Column(1), truth.Column(0)),
                "The columns are swapped: x comes first."),
            new(Matrix<double>.Build.DenseOfColumnVectors(otherWay.Column(1), otherWay.Column(0)),
                "The order is different: the outer loop is over yAxis, the inner one over xAxis."),
            new(otherWay, "The axes are swapped: x comes first, and changes first."),
        ],
    });
}

Verdict CheckMeshPoints(Delegate other) =>
    Exercise.WrongType(4, (other, typeof(Func<double[], double[], Matrix<double>>)));
