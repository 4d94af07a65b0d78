using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots.Tests;

/// <summary>Regions as geometry: every place in one of them, the right one, with straight lines between.</summary>
public class PartitionTests
{
    private static readonly Mesh s_mesh = Mesh.Around(Sample.Points.X, 0.06, 0.4);

    public static TheoryData<string, Func<Matrix<double>, Matrix<double>>> Models => new()
    {
        { "trained", points => Sample.Network.Scores(points) },
        { "a band narrower than a cell of the mesh", Lines((0, 0, 0), (1, 1, 0), (2, 2, -0.02)) },
        { "bent right at the border", points => Matrix<double>.Build.Dense(points.RowCount, 2, (i, k) => k * (Math.Max(points[i, 0] + 0.3 * points[i, 1], 0) * 5 - 0.02)) },
        { "an island in a lake on an island", points => Matrix<double>.Build.Dense(points.RowCount, 2, (i, k) => k * Math.Sin(8 * Math.Sqrt(points[i, 0] * points[i, 0] + points[i, 1] * points[i, 1]))) },
        { "five classes that meet in one place", points => Matrix<double>.Build.Dense(points.RowCount, 5, (i, k) => Math.Cos(Math.Atan2(points[i, 1], points[i, 0]) - 2 * Math.PI * k / 5)) },
        { "equal everywhere", points => Matrix<double>.Build.Dense(points.RowCount, 3) },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_place_is_in_one_region_and_away_from_borders_in_that_of_the_highest_score(string what, Func<Matrix<double>, Matrix<double>> model)
    {
        var partition = Of(model, out var numClasses);
        var random = new NumpyRandom(1);
        var (x, y) = (s_mesh.XAxis, s_mesh.YAxis);
        var places = Matrix<double>.Build.Dense(4000, 2, (_, j) => j == 0
            ? x[0] + (x[^1] - x[0]) * random.RandomSample()
            : y[0] + (y[^1] - y[0]) * random.RandomSample());
        var expected = Softmax.ArgMax(model(places));
        var wrong = 0;
        for (var i = 0; i < places.RowCount; i++)
        {
            var (px, py) = (places[i, 0], places[i, 1]);
            var found = Assert.Single(Enumerable.Range(0, numClasses), k => IsIn(partition.Outlines(k), px, py));
            if (found != expected[i])
            {
                // A pixel or so beside the border.
                wrong++;
                Assert.True(DistanceToBorder(partition, px, py) < 0.012, $"{what}: ({px}, {py}) is in region {found}, not in {expected[i]}.");
            }
        }

        Assert.InRange(wrong, 0, 20);
    }

    [Fact]
    public void A_straight_border_is_one_line_wherever_it_runs()
    {
        foreach (var angle in Enumerable.Range(0, 30))
        {
            var (a, b) = (Math.Cos(angle), Math.Sin(angle));

            var border = Assert.Single(Of(Lines((0, 0, 0), (a, b, 0.1)), out _).Borders);

            Assert.Equal(2, border.Length);
            Assert.All(border, end => Assert.Equal(0, a * end.X + b * end.Y + 0.1, 1e-12));
        }
    }

    [Fact]
    public void Beside_a_bend_a_border_is_as_straight_as_far_from_it()
    {
        // The scores bend on a line, the border runs along it, a fifth of a cell away.
        var partition = Of(points => Matrix<double>.Build.Dense(points.RowCount, 2, (i, k) => k * (Math.Max(points[i, 0] + 0.37 * points[i, 1], 0) - 0.012)), out _);

        Assert.All(Assert.Single(partition.Borders), corner => Assert.Equal(0.012, corner.X + 0.37 * corner.Y, 0.002));
    }

    [Fact]
    public void Of_equal_scores_the_first_has_the_plane()
    {
        var partition = Of(points => Matrix<double>.Build.Dense(points.RowCount, 3), out _);

        Assert.Equal(4, Assert.Single(partition.Outlines(0)).Length);
        Assert.Empty(partition.Outlines(1));
        Assert.Empty(partition.Borders);
    }

    [Fact]
    public void The_model_is_asked_a_few_times()
    {
        var asked = 0;

        _ = new Partition(Model, s_mesh, Model(s_mesh.Points));

        Assert.InRange(asked, 2, 5);

        Matrix<double> Model(Matrix<double> points)
        {
            asked++;
            return Sample.Network.Scores(points);
        }
    }

    [Fact]
    public void A_mesh_of_one_line_has_no_regions() =>
        Assert.Empty(new Partition(Lines((0, 0, 0), (1, 0, 0)), new Mesh([0, 1], [0]), Matrix<double>.Build.Dense(2, 2)).Outlines(0));

    [Fact]
    public void What_lies_on_a_line_is_left_out_and_a_corner_is_not() =>
        Assert.Equal([0, 2, 4], Polyline.Simplify([(0, 0), (1, 0.001), (2, 0), (2, 1), (2, 2)], 0.01));

    private static Partition Of(Func<Matrix<double>, Matrix<double>> model, out int numClasses)
    {
        var scores = model(s_mesh.Points);
        numClasses = scores.ColumnCount;
        return new Partition(model, s_mesh, scores);
    }

    /// <summary>Scores that are linear: a x + b y + c for each class.</summary>
    private static Func<Matrix<double>, Matrix<double>> Lines(params (double A, double B, double C)[] classes) => points =>
        Matrix<double>.Build.Dense(points.RowCount, classes.Length, (i, k) => classes[k].A * points[i, 0] + classes[k].B * points[i, 1] + classes[k].C);

    /// <summary>Whether a line from the place to the right crosses the outlines an odd number of times.</summary>
    private static bool IsIn(IEnumerable<(double X, double Y)[]> outlines, double x, double y) =>
        outlines.Sum(outline => outline.Zip([.. outline[1..], outline[0]], (a, b) =>
            a.Y < y != b.Y < y && a.X + (y - a.Y) / (b.Y - a.Y) * (b.X - a.X) > x ? 1 : 0).Sum()) % 2 == 1;

    private static double DistanceToBorder(Partition partition, double x, double y) => partition.Borders.Min(border => border.Zip(border.Skip(1), (a, b) =>
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var along = Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / (dx * dx + dy * dy), 0, 1);
        return Math.Sqrt(Math.Pow(a.X + along * dx - x, 2) + Math.Pow(a.Y + along * dy - y, 2));
    }).Min());
}
