using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Backprop.Plots;

public static partial class Charts
{
    private const int MostLossPoints = 5_000;

    /// <summary>Shows how the loss falls. Buttons in the chart switch between a linear and a logarithmic axis.</summary>
    /// <param name="losses">The losses in the order of training, at least one. Those that are not finite are gaps.</param>
    /// <param name="every">How many iterations lie between two losses, at least 1.</param>
    /// <param name="logScale">Whether the axis is logarithmic at first.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart of at most 5,000 losses: of more, evenly spaced ones are shown, and the last.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="losses"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public static GenericChart PlotLoss(IReadOnlyList<double> losses, int every = 1, bool logScale = false, string title = "Loss")
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        if (losses.Count == 0)
        {
            throw new ArgumentException("There is no loss to show: the list is empty.", nameof(losses));
        }

        var shown = Shown(losses.Count, MostLossPoints);
        var line = Chart.Line<long, IConvertible, string>(
            x: shown.Select(i => (long)i * every),
            y: shown.Select(i => Rounding.Significant(losses[i], 5)),
            Name: "loss", ShowLegend: false, UseDefaults: false)
            .WithTrace(
                ("line", new { color = ClassStyle.LineColour(0), width = 2 }),
                ("hovertemplate", "iteration %{x}<br>loss %{y}<extra></extra>"))
            .WithLonelyPoints([.. shown.Select(i => losses[i])], ClassStyle.LineColour(0));

        var yAxis = ChartParts.Axis("loss").With(("type", logScale ? "log" : "linear"), ("exponentformat", "power"));
        const int buttons = 34;
        var head = ChartParts.NarrowHead(title) + buttons;
        return Finish([line], ChartParts.Layout(title, ChartParts.Axis("iteration"), yAxis, height: 420 + buttons / 2, above: buttons)
            .With(("updatemenus", new[] { AxisButtons(logScale) }))
            .Fitting(narrow: new ChartParts.Narrow(640, new(360 + buttons), new { title = ChartParts.NarrowTitle(title), margin = new { l = 60, r = 12, t = head, b = 56 } })));
    }

    /// <summary>Shows how the losses of several trainings fall, a line for each, on a logarithmic axis.</summary>
    /// <param name="trainings">What to call each training, and its losses, one an iteration; those that are not finite or not above 0 are gaps.</param>
    /// <param name="title">What stands above the chart.</param>
    /// <returns>A chart with a legend; of each training at most 500 losses, evenly spaced, and the last are shown.</returns>
    /// <exception cref="ArgumentNullException">An argument, one of the lists or a name is null.</exception>
    /// <exception cref="ArgumentException">There is no training, or one without losses.</exception>
    public static GenericChart PlotLosses(IReadOnlyList<(string Name, IReadOnlyList<double> Losses)> trainings, string title = "Loss")
    {
        ArgumentNullException.ThrowIfNull(trainings);
        ArgumentNullException.ThrowIfNull(title);
        if (trainings.Count == 0 || trainings.Any(training => training.Losses?.Count == 0))
        {
            throw new ArgumentException("There is no loss to show: a list is empty.", nameof(trainings));
        }

        var lines = trainings.Select((training, number) =>
        {
            var (name, losses) = training;
            ArgumentNullException.ThrowIfNull(losses, nameof(trainings));
            return Curve([.. Enumerable.Range(0, losses.Count)], name, losses, number, "iteration %{x}<br>loss %{y}");
        }).ToArray();
        var yAxis = ChartParts.Axis("loss").With(("type", "log"), ("exponentformat", "power"));
        return Finish(lines, CurvesLayout(title, ChartParts.Axis("iteration"), yAxis, trainings.Select(training => training.Name)));
    }

    /// <summary>A switch whose labels say which of its buttons is chosen, as plotly.js shows it by a colour that on a white page looks like the other.</summary>
    private static object AxisButtons(bool logScale) => new
    {
        type = "buttons",
        direction = "right",
        showactive = false,
        active = logScale ? 1 : 0,
        x = 1,
        xanchor = "right",
        y = 1,
        yanchor = "bottom",
        pad = new { b = 8 },
        bgcolor = ButtonColour,
        font = new { color = DarkText, size = 12 },
        borderwidth = 0,
        buttons = new[] { AxisButton(isLog: false, logScale), AxisButton(isLog: true, logScale) },
    };

    private static object AxisButton(bool isLog, bool logScale) => new
    {
        label = Label(isLog, isLog == logScale),
        method = "relayout",
        args = new[]
        {
            new Dictionary<string, string>
            {
                ["yaxis.type"] = isLog ? "log" : "linear",
                ["updatemenus[0].buttons[0].label"] = Label(isLog: false, !isLog),
                ["updatemenus[0].buttons[1].label"] = Label(isLog: true, isLog),
            },
        },
    };

    private static string Label(bool isLog, bool isChosen) => (isChosen ? "● " : "○ ") + (isLog ? "log" : "linear");
}
