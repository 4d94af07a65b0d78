using Backprop.Reference;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Tests;

/// <summary>The spiral, the axes and the mesh are NumPy's to the last bit.</summary>
public class DataTests
{
    private static LabelledPoints Points => Spiral.Generate(new NumpyRandom(0));

    [Fact]
    public void The_spiral_is_the_originals()
    {
        var (X, y) = Points;

        Assert.Equal(NumpyReference.Matrix(300, 2, "spiral", "X"), X);
        Assert.Equal(NumpyReference.Integers("spiral", "y"), y);
    }

    [Fact]
    public void The_generator_is_left_where_the_networks_initial_weights_begin()
    {
        var random = new NumpyRandom(0);
        Spiral.Generate(random);

        Assert.Equal(NumpyReference.Matrix(2, 100, "two_layer_init", "W1"), random.Randn(2, 100) * 0.01);
        Assert.Equal(NumpyReference.Matrix(100, 3, "two_layer_init", "W2"), random.Randn(100, 3) * 0.01);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(7, 5, 0.5)]
    public void A_spiral_has_any_number_of_points_and_classes(int pointsPerClass, int numClasses, double noise)
    {
        var (X, y) = Spiral.Generate(new NumpyRandom(1), pointsPerClass, numClasses, noise);

        Assert.Equal((pointsPerClass * numClasses, 2), (X.RowCount, X.ColumnCount));
        Assert.Equal(Enumerable.Range(0, numClasses).SelectMany(k => Enumerable.Repeat(k, pointsPerClass)), y);
        Assert.All(X.EnumerateRows(), point => Assert.InRange(point.L2Norm(), 0, 1 + 1e-12));
    }

    [Theory]
    [InlineData(0, 3, 0.2)]
    [InlineData(100, 0, 0.2)]
    [InlineData(100, 3, -0.1)]
    [InlineData(100, 3, double.NaN)]
    public void A_spiral_without_points_or_with_impossible_noise_is_refused(int pointsPerClass, int numClasses, double noise) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Spiral.Generate(new NumpyRandom(0), pointsPerClass, numClasses, noise));

    [Fact]
    public void More_numbers_than_an_array_holds_are_refused_and_not_counted_round()
    {
        // 2¹⁶ (2¹⁶ + 1) is 65,536 when it is counted in 32 bits.
        var (a, b) = (new double[65_536], new double[65_537]);

        Assert.Throws<ArgumentOutOfRangeException>("pointsPerClass", () => Spiral.Generate(new NumpyRandom(0), 65_536, 65_537));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumpyRandom(0).Randn(65_536, 65_537));
        Assert.Throws<ArgumentOutOfRangeException>(() => Grid.MeshGrid(a, b));
        Assert.Contains("65,536 × 65,537", Assert.Throws<ArgumentException>(() => new Mesh(a, b)).Message);
    }

    [Fact]
    public void Missing_data_and_axes_are_named()
    {
        Assert.Throws<ArgumentNullException>("random", () => Spiral.Generate(null!));
        Assert.Throws<ArgumentNullException>("X", () => Mesh.Around(null!));
        Assert.Throws<ArgumentNullException>("xAxis", () => new Mesh(null!, [1]));
        Assert.Throws<ArgumentNullException>("yAxis", () => Grid.MeshGrid([1], null!));
    }

    [Fact]
    public void A_mesh_around_no_points_is_refused() =>
        Assert.Contains("(0 × 2)", Assert.Throws<ArgumentException>("X", () => Mesh.Around(Matrix<double>.Build.Dense(0, 2))).Message);

    [Fact]
    public void A_mesh_around_points_on_a_line_needs_a_margin() =>
        Assert.Contains("a margin above 0", Assert.Throws<ArgumentOutOfRangeException>("margin", () => Mesh.Around(Matrix<double>.Build.Dense(3, 2, (i, j) => j * i), margin: 0)).Message);

    [Fact]
    public void Linspace_is_NumPys() => Assert.Equal(NumpyReference.Numbers("linspace_0_1_100"), Grid.Linspace(0, 1, 100));

    [Fact]
    public void Linspace_of_one_value_is_its_start() => Assert.Equal([3.0], Grid.Linspace(3, 7, 1));

    [Fact]
    public void Arange_stops_before_its_end() => Assert.Equal([0.0, 0.25, 0.5, 0.75], Grid.Arange(0, 1, 0.25));

    [Fact]
    public void Arange_goes_down_with_a_negative_step_and_is_empty_where_it_cannot_arrive()
    {
        Assert.Equal([1.0, 0.5], Grid.Arange(1, 0, -0.5));
        Assert.Empty(Grid.Arange(0, 1, -0.5));
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0, double.PositiveInfinity, 1)]
    [InlineData(0, 1, 1e-300)]
    public void Arange_refuses_what_has_no_finite_number_of_values(double start, double stop, double step) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Grid.Arange(start, stop, step));

    [Fact]
    public void The_mesh_around_the_data_has_NumPys_axes()
    {
        var mesh = Mesh.Around(Points.X, NumpyReference.Number("mesh", "h"));

        Assert.Equal(NumpyReference.Numbers("mesh", "x_axis"), mesh.XAxis);
        Assert.Equal(NumpyReference.Numbers("mesh", "y_axis"), mesh.YAxis);
        Assert.Equal(mesh.XAxis.Length * mesh.YAxis.Length, mesh.Points.RowCount);
    }

    [Fact]
    public void Mesh_points_are_MeshGrid_read_row_by_row()
    {
        double[] xAxis = [1, 2, 3];
        double[] yAxis = [10, 20];

        var (XX, YY) = Grid.MeshGrid(xAxis, yAxis);
        var points = new Mesh(xAxis, yAxis).Points;

        Assert.Equal(XX.ToRowMajorArray(), points.Column(0).ToArray());
        Assert.Equal(YY.ToRowMajorArray(), points.Column(1).ToArray());
        Assert.Equal((2, 3), (XX.RowCount, XX.ColumnCount));
    }

    [Fact]
    public void A_mesh_over_anything_but_a_plane_is_refused_with_its_shape()
    {
        var error = Assert.Throws<ArgumentException>(() => Mesh.Around(Matrix<double>.Build.Dense(4, 3)));

        Assert.Contains("(4 × 3)", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e-6)]
    public void A_mesh_step_that_is_not_above_zero_or_far_too_small_is_refused(double meshStep) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Mesh.Around(Points.X, meshStep));
}
