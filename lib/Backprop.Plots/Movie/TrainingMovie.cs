using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots;

/// <summary>
/// Training as a movie: the decision regions as they change, the loss so far, and the iteration, with buttons to play and
/// pause and a slider. Make it before the training loop, call <c>Add</c> in each iteration, and let a cell end with it.
/// </summary>
/// <remarks>
/// Every iteration gives a point of the loss; only about <c>frames</c> of them give a picture, close together at first, when
/// much changes, and further apart later. An iteration without a picture costs next to nothing.
/// Where the scores are not finite numbers, training has diverged: the movie shows this as one last picture without regions.
/// </remarks>
public sealed class TrainingMovie
{
    private const int MostFrames = 100;
    private const int LargestMesh = 40_000;
    private const int MostPoints = 20_000;

    private readonly Mesh _mesh;
    private readonly int[] _plan;
    private readonly List<Loss> _losses = [];
    private readonly List<Frame> _frames = [];
    private int _planned;

    /// <summary>Makes a movie without frames.</summary>
    /// <param name="X">The data, one point a row: (m × 2), at most 20,000 points.</param>
    /// <param name="y">The class of each point, numbers from 0: length m.</param>
    /// <param name="iters">How many iterations there are going to be, at least 1: they are numbered from 0 to <paramref name="iters"/> − 1.</param>
    /// <param name="frames">How many frames the movie gets at most, from 2 to 100.</param>
    /// <param name="meshStep">Distance between the points at which the model is asked, in units of <paramref name="X"/>, above 0.</param>
    /// <param name="title">What stands above the movie, before the iteration.</param>
    /// <exception cref="ArgumentNullException"><paramref name="X"/>, <paramref name="y"/> or <paramref name="title"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="X"/> and <paramref name="y"/> are not labelled points, or more than 20,000.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="iters"/> or <paramref name="frames"/> is out of its range, or <paramref name="meshStep"/> is not above 0, or so small
    /// that the mesh has more than 40,000 points.
    /// </exception>
    public TrainingMovie(Matrix<double> X, int[] y, int iters, int frames = 40, double meshStep = 0.05, string title = "Training")
    {
        Charts.ThrowIfNotLabelledPoints(X, y);
        ArgumentOutOfRangeException.ThrowIfLessThan(iters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frames, MostFrames);
        ArgumentNullException.ThrowIfNull(title);
        if (y.Length > MostPoints)
        {
            throw new ArgumentException($"X has {y.Length:N0} points, more than a movie can show ({MostPoints:N0}): give it some of them.", nameof(X));
        }

        _mesh = Mesh.Around(X, meshStep, Charts.MarginOf(meshStep));
        if (_mesh.Points.RowCount > LargestMesh)
        {
            throw new ArgumentOutOfRangeException(
                nameof(meshStep), meshStep, $"Each frame would have {_mesh.YAxis.Length} × {_mesh.XAxis.Length} mesh points, more than a movie can hold ({LargestMesh}): take a larger step.");
        }

        _plan = Plan(iters, frames);
        // Copies: the movie stays what it is when a later cell changes the data.
        (this.X, this.y) = (X.Clone(), [.. y]);
        Iters = iters;
        Title = title;
    }

    internal Matrix<double> X { get; }

    internal int[] y { get; }

    internal int Iters { get; }

    internal string Title { get; }

    internal Mesh Mesh => _mesh;

    internal int NumClasses { get; private set; }

    internal IReadOnlyList<Loss> Losses => _losses;

    internal IReadOnlyList<Frame> Frames => _frames;

    /// <summary>Adds an iteration: its loss, and a picture where the movie has one of it.</summary>
    /// <param name="iteration">The number of the iteration, larger than that of the one before.</param>
    /// <param name="loss">The loss of this iteration; one that is not finite is a gap in the line.</param>
    /// <param name="scores">
    /// The model as it is now: from points (N × 2) to scores (N × number of classes). It is asked at once, and only where the
    /// movie has a picture, so add the iteration before the parameters are updated: then the picture and the loss belong together.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="scores"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="iteration"/> is not above the one before, or not one of those that the movie was made for.
    /// </exception>
    /// <exception cref="ArgumentException">The scores are not (N × number of classes), or of another number of classes than before.</exception>
    public void Add(int iteration, double loss, Func<Matrix<double>, Matrix<double>> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        Add(iteration, loss, () => AddFrame(iteration, scores, null));
    }

    /// <summary>
    /// Adds an iteration of a two-layer network. If it has few hidden units, at most 12, a switch below the movie shows the
    /// line on which each of them bends.
    /// </summary>
    /// <param name="iteration">The number of the iteration, larger than that of the one before.</param>
    /// <param name="loss">The loss of this iteration; one that is not finite is a gap in the line.</param>
    /// <param name="network">Gives the network as it is in this iteration; asked at once, and only where the movie has a picture.</param>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="iteration"/> is not above the one before, or not one of those that the movie was made for.
    /// </exception>
    /// <exception cref="ArgumentException">The network is not one for points of the plane, or its number of classes is another than before.</exception>
    public void Add(int iteration, double loss, Func<TwoLayerNetwork> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        Add(iteration, loss, () =>
        {
            var current = network() ?? throw new ArgumentException("The network of this iteration is null.", nameof(network));
            AddFrame(iteration, current.Scores, HiddenUnits.BendsOf(current));
        });
    }

    private void Add(int iteration, double loss, Action addFrame)
    {
        ThrowIfNotNext(iteration);
        if (_planned < _plan.Length && iteration >= _plan[_planned])
        {
            addFrame();
        }

        _losses.Add(new Loss(iteration, loss));
    }

    /// <summary>The movie in one line of text: its title, how many frames it has, and up to which iteration.</summary>
    public override string ToString() => _frames.Count == 0
        ? $"{Title} (movie without frames: call Add in the training loop)"
        : string.Create(CultureInfo.InvariantCulture, $"{Title} (movie, {_frames.Count} {(_frames.Count == 1 ? "frame" : "frames")} up to iteration {_frames[^1].Iteration})");

    /// <summary>The iterations of the frames: the cubes of evenly spaced numbers, rounded, so that the early ones are close together.</summary>
    internal static int[] Plan(int iters, int frames)
    {
        var last = iters - 1;
        List<int> plan = [0];
        for (var frame = 1; frame < frames - 1; frame++)
        {
            var rounded = Rounding.Significant(last * Math.Pow(frame / (frames - 1.0), 3), 2).ToInt32(null);
            var next = Math.Max(rounded, plan[^1] + 1);
            if (next < last)
            {
                plan.Add(next);
            }
        }

        return last == 0 ? [0] : [.. plan, last];
    }

    private void AddFrame(int iteration, Func<Matrix<double>, Matrix<double>> model, double[][]? bends)
    {
        var scores = Regions.ScoresOf(_mesh.Points, model);
        if (_frames.Count == 0)
        {
            Charts.ThrowIfNotOfClasses(y, scores.ColumnCount);
        }
        else if (scores.ColumnCount != NumClasses)
        {
            throw new ArgumentException($"The scores of iteration {iteration} are of {scores.ColumnCount} classes, those before of {NumClasses}.", nameof(model));
        }

        NumClasses = scores.ColumnCount;
        while (_planned < _plan.Length && _plan[_planned] <= iteration)
        {
            _planned++;
        }

        var finite = scores.ForAll(double.IsFinite);
        // Parameters that are not numbers never become numbers again: the first such picture is enough.
        if (finite || _frames is not [.., { Regions: null }])
        {
            _frames.Add(new Frame(iteration, _losses.Count, finite ? RegionBytes.Of(new Partition(model, _mesh, scores), scores.ColumnCount, _mesh) : null, finite ? bends : null));
        }
    }

    private void ThrowIfNotNext(int iteration)
    {
        var previous = _losses.Count == 0 ? -1 : _losses[^1].Iteration;
        if (iteration <= previous)
        {
            throw new ArgumentOutOfRangeException(
                nameof(iteration), iteration, $"The iteration before was {previous}: a movie goes forwards. To train again, make a new movie in the cell of the loop.");
        }

        if (iteration < 0 || iteration >= Iters)
        {
            throw new ArgumentOutOfRangeException(nameof(iteration), iteration, $"The movie was made for {Iters} iterations, 0 to {Iters - 1}.");
        }
    }

    /// <summary>The loss of an iteration.</summary>
    internal readonly record struct Loss(int Iteration, double Value);

    /// <summary>A picture.</summary>
    /// <param name="Iteration">The iteration that it shows.</param>
    /// <param name="LossIndex">Which of the losses is that of the iteration.</param>
    /// <param name="Regions">The decision regions as <see cref="RegionBytes"/>; null where the scores are not finite.</param>
    /// <param name="Bends">Of each hidden unit what <see cref="HiddenUnits.BendsOf"/> gives; null where there are none to show.</param>
    internal sealed record Frame(int Iteration, int LossIndex, byte[]? Regions, double[][]? Bends);
}
