using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots;

/// <summary>
/// One chart over many trainings: sliders choose the number of hidden units, the step size, λ and the iteration, and the
/// decision regions, the loss, the accuracy on the training points and that on points not seen in training follow at once.
/// Let a cell end with it.
/// </summary>
/// <remarks>
/// All trainings are computed when it is made. What it keeps of each is the parameters at a few iterations: from these the
/// page that shows it computes regions and scores by itself, wherever it is shown, without a kernel and without a network.
/// </remarks>
public sealed class TrainingExplorer
{
    private const int LossPoints = 60;
    private const int MostPoints = 5_000;

    /// <summary>Characters of the parameters in the page: more would make a notebook that is slow to open.</summary>
    private const int LargestPage = 3_000_000;

    private TrainingExplorer(LabelledPoints points, LabelledPoints unseen, Choices choices, TwoLayerNetwork[] starts, int iterations, int pictures, string title)
    {
        (Points, Unseen, Chosen, Iterations, Title) = (Copy(points), Copy(unseen), choices, iterations, title);
        NumClasses = starts[0].W2.ColumnCount;
        Nonlinearity = starts[0].Nonlinearity;
        PictureIterations = TrainingMovie.Plan(iterations + 1, pictures);
        LossIterations = [.. TrainingMovie.Plan(iterations + 1, LossPoints).Union(PictureIterations).Order()];
    }

    internal LabelledPoints Points { get; }

    internal LabelledPoints Unseen { get; }

    internal Choices Chosen { get; }

    internal int Iterations { get; }

    internal string Title { get; }

    internal int NumClasses { get; }

    internal Nonlinearity Nonlinearity { get; }

    /// <summary>The iterations that there is a picture of, from 0, before any step, to the last.</summary>
    internal int[] PictureIterations { get; }

    /// <summary>The iterations that there is a loss of.</summary>
    internal int[] LossIterations { get; }

    /// <summary>One training a setting: hidden units outermost, then step sizes, then λ. Null where the sweep was ended before.</summary>
    internal Training?[] Trainings { get; private set; } = [];

    /// <summary>Trains a network for every combination of hidden units, step size and λ, several at the same time, on all cores.</summary>
    /// <param name="points">The points to train on: X (m × 2), at most 5,000 of them.</param>
    /// <param name="unseen">Points of the same kind that no network is trained on, at most 5,000.</param>
    /// <param name="hiddenUnits">The numbers of hidden units, each at least 1, smallest first.</param>
    /// <param name="stepSizes">The step sizes, each above 0, smallest first.</param>
    /// <param name="lambdas">The strengths of the regularisation, each 0 or more, smallest first.</param>
    /// <param name="start">
    /// A fresh network of so many hidden units, (2 × h) and (h × K), whose nonlinearity is one of the library's three. It is
    /// called once for each number of hidden units; trainings that differ in step size or λ start from the same parameters.
    /// </param>
    /// <param name="iterations">How many steps each network is trained, at least 1.</param>
    /// <param name="pictures">At how many iterations there is a picture, from 2 to 20: more of them early, when much changes.</param>
    /// <param name="progress">Is told how many trainings are done, and of how many, on the thread that called.</param>
    /// <param name="cancellationToken">Ends the sweep: the explorer shows what was trained by then, and says what was not.</param>
    /// <param name="title">What it is called in text and by a screen reader; above the chart stands what the sliders have chosen.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A list is empty or not in order, points are not labelled points, or the networks do not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the pictures together are more than a page can hold.</exception>
    public static TrainingExplorer Train(
        LabelledPoints points,
        LabelledPoints unseen,
        IReadOnlyList<int> hiddenUnits,
        IReadOnlyList<double> stepSizes,
        IReadOnlyList<double> lambdas,
        Func<int, TwoLayerNetwork> start,
        int iterations = 2000,
        int pictures = 8,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default,
        string title = "Explorer")
    {
        ThrowIfNotPoints(points, nameof(points));
        ThrowIfNotPoints(unseen, nameof(unseen));
        ThrowIfNotRising(hiddenUnits, 1, nameof(hiddenUnits));
        ThrowIfNotRising(stepSizes, double.Epsilon, nameof(stepSizes));
        ThrowIfNotRising(lambdas, 0, nameof(lambdas));
        ArgumentNullException.ThrowIfNull(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pictures, 20);
        ArgumentNullException.ThrowIfNull(title);

        var numClasses = points.y.Concat(unseen.y).Max() + 1;
        var starts = hiddenUnits.Select(h => Started(start, h, numClasses)).ToArray();
        var choices = new Choices([.. hiddenUnits], [.. stepSizes], [.. lambdas]);
        var explorer = new TrainingExplorer(points, unseen, choices, starts, iterations, pictures, title);
        explorer.ThrowIfTooLarge(starts);
        explorer.Trainings = Sweep.Run([.. choices.All()], (setting, token) => explorer.Train(starts[setting.Hidden], setting, token), progress, cancellationToken);
        return explorer;
    }

    /// <summary>What it holds, in a sentence.</summary>
    public override string ToString()
    {
        var trained = Trainings.Count(training => training is not null);
        var missing = Trainings.Length - trained;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Title} of {Trainings.Length} trainings ({Chosen.HiddenUnits.Length} numbers of hidden units × {Chosen.StepSizes.Length} step sizes × {Chosen.Lambdas.Length} values of λ), {Iterations} iterations each{(missing > 0 ? $"; {missing} of them were not trained, as the sweep was ended" : "")}");
    }

    private Training Train(TwoLayerNetwork start, Setting setting, CancellationToken cancellationToken)
    {
        var network = Copy(start);
        var losses = new List<double>();
        var pictures = new List<Picture>();
        foreach (var iteration in PictureIterations)
        {
            losses.AddRange(Train(network, iteration - losses.Count));
            if (Losses.WhereDiverged(losses) is { } place)
            {
                return new Training(At(losses, place.Index), pictures, place.Index);
            }

            var scores = network.Scores(Points.X);
            if (!scores.ForAll(score => float.IsFinite((float)score)))
            {
                return new Training(At(losses, iteration), pictures, iteration);
            }

            pictures.Add(new Picture(Parameters(network), Softmax.Accuracy(scores, Points.y), Softmax.Accuracy(network.Scores(Unseen.X), Unseen.y)));
        }

        // The loss of the last picture is the one before a step that is not taken any more.
        losses.AddRange(Train(Copy(network), 1));
        return new Training(At(losses, losses.Count), pictures, null);

        double[] Train(TwoLayerNetwork trained, int steps) =>
            trained.Train(Points.X, Points.y, steps, setting.StepSize, setting.Lambda, cancellationToken);
    }

    /// <summary>The losses that are shown, of the iterations before one.</summary>
    private double[] At(List<double> losses, int end) => [.. LossIterations.TakeWhile(iteration => iteration < end).Select(iteration => losses[iteration])];

    /// <summary>W1 row by row, b1, W2 row by row, b2.</summary>
    private static double[] Parameters(TwoLayerNetwork network) =>
        [.. new[] { network.W1, network.b1, network.W2, network.b2 }.SelectMany(matrix => matrix.EnumerateRows().SelectMany(row => row))];

    private static TwoLayerNetwork Copy(TwoLayerNetwork network) =>
        new(network.W1.Clone(), network.b1.Clone(), network.W2.Clone(), network.b2.Clone(), network.Nonlinearity);

    // Copies: the explorer stays what it is when a later cell changes the data.
    private static LabelledPoints Copy(LabelledPoints points) => new(points.X.Clone(), [.. points.y]);

    private static void ThrowIfNotPoints(LabelledPoints points, string name)
    {
        ArgumentNullException.ThrowIfNull(points, name);
        Charts.ThrowIfNotLabelledPoints(points.X, points.y);
        if (points.y.Length > MostPoints)
        {
            throw new ArgumentException($"There are {points.y.Length:N0} points, more than an explorer can show ({MostPoints:N0}): give it some of them.", name);
        }
    }

    private static void ThrowIfNotRising<T>(IReadOnlyList<T> values, double least, string name)
        where T : struct, IConvertible
    {
        ArgumentNullException.ThrowIfNull(values, name);
        if (values.Count == 0)
        {
            throw new ArgumentException("There is nothing to choose from: the list is empty.", name);
        }

        var previous = double.NegativeInfinity;
        foreach (var value in values.Select(value => value.ToDouble(CultureInfo.InvariantCulture)))
        {
            if (!double.IsFinite(value) || value < least)
            {
                throw new ArgumentOutOfRangeException(name, value, least == 0 ? "A finite number is needed, 0 or more." : "A finite number above 0 is needed.");
            }

            if (value <= previous)
            {
                throw new ArgumentException($"{previous} is followed by {value}, but a slider goes from the smallest to the largest.", name);
            }

            previous = value;
        }
    }

    private static TwoLayerNetwork Started(Func<int, TwoLayerNetwork> start, int hidden, int numClasses)
    {
        var network = start(hidden)
            ?? throw new ArgumentException($"There is no network of {hidden} hidden units: the function returned null.", nameof(start));
        if (network.W1.RowCount != 2 || network.W1.ColumnCount != hidden || network.W2.ColumnCount < numClasses)
        {
            throw new ArgumentException(
                $"A network of {hidden} hidden units for {numClasses} classes is needed, (2 × {hidden}) and ({hidden} × {numClasses}), "
                + $"but this one is ({network.W1.RowCount} × {network.W1.ColumnCount}) and ({network.W2.RowCount} × {network.W2.ColumnCount}).", nameof(start));
        }

        if (!Known.Contains(network.Nonlinearity))
        {
            throw new ArgumentException($"The page that shows an explorer knows {string.Join(", ", Known)}, but not {network.Nonlinearity}.", nameof(start));
        }

        return network;
    }

    private static Nonlinearity[] Known => [Nonlinearity.Relu, Nonlinearity.Logistic, Nonlinearity.Tanh];

    private void ThrowIfTooLarge(TwoLayerNetwork[] starts)
    {
        var characters = starts.Sum(start => 4L * Parameters(start).Length) * Chosen.StepSizes.Length * Chosen.Lambdas.Length * PictureIterations.Length;
        if (characters > LargestPage)
        {
            throw new ArgumentOutOfRangeException(
                "hiddenUnits", $"The parameters would take {characters / 1e6:F1} million characters, more than a page should hold ({LargestPage / 1e6:F0} million): take fewer settings, fewer pictures or smaller networks.");
        }
    }

    /// <summary>What the sliders choose from.</summary>
    internal sealed record Choices(int[] HiddenUnits, double[] StepSizes, double[] Lambdas)
    {
        /// <summary>Every combination, in the order of the trainings.</summary>
        public IEnumerable<Setting> All() =>
            from hidden in Enumerable.Range(0, HiddenUnits.Length)
            from stepSize in StepSizes
            from lambda in Lambdas
            select new Setting(hidden, stepSize, lambda);
    }

    /// <summary>A combination.</summary>
    /// <param name="Hidden">Which of the numbers of hidden units.</param>
    /// <param name="StepSize">The step size.</param>
    /// <param name="Lambda">The strength of the regularisation.</param>
    internal readonly record struct Setting(int Hidden, double StepSize, double Lambda);

    /// <summary>What is kept of a training.</summary>
    /// <param name="Losses">The losses at the first of <see cref="LossIterations"/>.</param>
    /// <param name="Pictures">The network at the first of <see cref="PictureIterations"/>: all of them, where it did not diverge.</param>
    /// <param name="Diverged">The iteration at which it had diverged; null where it had not.</param>
    internal sealed record Training(double[] Losses, IReadOnlyList<Picture> Pictures, int? Diverged);

    /// <summary>A network at an iteration.</summary>
    /// <param name="Parameters">W1 row by row, b1, W2 row by row, b2.</param>
    /// <param name="Accuracy">Share of the training points that it classifies correctly.</param>
    /// <param name="UnseenAccuracy">Share of the points that it was not trained on.</param>
    internal sealed record Picture(double[] Parameters, double Accuracy, double UnseenAccuracy);
}
