using System.Globalization;
using Backprop.Browser;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.Playwright;

namespace Backprop.Plots.Tests;

/// <summary>The explorer of many trainings, alone and in a browser without a network.</summary>
public class ExplorerTests(ChromiumBrowser browser)
{
    private const int Iterations = 200;
    private static readonly int[] s_hiddenUnits = [1, 3, 8];
    private static readonly double[] s_stepSizes = [0.1, 1, 3000];
    private static readonly double[] s_lambdas = [0, 1e-3];
    private static readonly LabelledPoints s_unseen = Spiral.Generate(new NumpyRandom(1));

    private static readonly Lazy<TrainingExplorer> s_small = new(() => Trained(Nonlinearity.Relu));

    [Fact]
    public void A_training_is_the_one_that_a_network_by_itself_has()
    {
        var explorer = s_small.Value;
        var network = Start(8, Nonlinearity.Relu);
        var losses = Train(network, Iterations, 1, 1e-3);

        var training = explorer.Trainings[(2 * 3 + 1) * 2 + 1]!;

        Assert.Equal(Parameters(network), training.Pictures[^1].Parameters);
        Assert.Equal(Softmax.Accuracy(network.Scores(Sample.Points.X), Sample.Points.y), training.Pictures[^1].Accuracy);
        Assert.Equal(Softmax.Accuracy(network.Scores(s_unseen.X), s_unseen.y), training.Pictures[^1].UnseenAccuracy);
        Assert.Equal(explorer.LossIterations.SkipLast(1).Select(iteration => losses[iteration]), training.Losses.SkipLast(1));
        // The last loss is that of the network as it is then.
        Assert.Equal(Train(network, 1, 1, 1e-3)[0], training.Losses[^1]);
    }

    [Fact]
    public void A_hundred_and_eighty_settings_take_less_than_a_megabyte_and_are_the_same_every_time()
    {
        string Page() => TrainingExplorerHtml.Of(TrainingExplorer.Train(
            Sample.Points, s_unseen, [1, 2, 3, 5, 10, 30], [0.1, 0.3, 1, 3, 10], [0, 1e-4, 1e-3, 1e-2, 0.1, 1], h => Start(h, Nonlinearity.Relu),
            iterations: 100, cancellationToken: TestContext.Current.CancellationToken));

        var page = Page();

        Assert.InRange(page.Length, 300_000, 1_000_000);
        Assert.Equal(page, Page());
    }

    [Fact]
    public void What_diverged_has_the_pictures_from_before_and_says_so()
    {
        var diverged = s_small.Value.Trainings[(2 * 3 + 2) * 2 + 1]!;

        Assert.InRange(diverged.Diverged!.Value, 1, Iterations);
        Assert.True(diverged.Pictures.Count < s_small.Value.PictureIterations.Length);
        Assert.Matches(@"18 networks.* [1-9]\d* of the trainings diverged", TrainingExplorerHtml.Of(s_small.Value));
    }

    [Fact]
    public void A_sweep_that_is_ended_leaves_an_explorer_that_says_what_is_missing()
    {
        using var ending = new CancellationTokenSource();

        var explorer = TrainingExplorer.Train(
            Sample.Points, s_unseen, [1, 2, 3], [0.1, 1], [0, 1e-3], h => Start(h, Nonlinearity.Relu), iterations: 1_000_000,
            progress: (_, _) => { }, cancellationToken: Cancelled(ending));

        Assert.Contains("of them were not trained", explorer.ToString());
        Assert.Contains("are missing", TrainingExplorerHtml.Of(explorer));

        static CancellationToken Cancelled(CancellationTokenSource source)
        {
            source.CancelAfter(TimeSpan.FromMilliseconds(100));
            return source.Token;
        }
    }

    [Fact]
    public void Progress_is_told()
    {
        var told = new List<(int, int)>();

        TrainingExplorer.Train(Sample.Points, s_unseen, [1, 2], [1], [0], h => Start(h, Nonlinearity.Relu), iterations: 1, progress: (done, total) => told.Add((done, total)), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([(1, 2), (2, 2)], told);
    }

    [Fact]
    public void What_an_explorer_cannot_hold_is_refused()
    {
        Assert.Contains("smallest to the largest", Assert.Throws<ArgumentException>(() => With([2, 1], h => Start(h, Nonlinearity.Relu))).Message);
        Assert.Contains("3 classes", Assert.Throws<ArgumentException>(() => With([2], h => TwoLayerNetwork.Initialize(new NumpyRandom(0), 2, h, 2))).Message);
        Assert.Contains("Softplus", Assert.Throws<ArgumentException>(() => With([2], h => Start(h, new Nonlinearity("Softplus", z => Math.Log(1 + Math.Exp(z)), z => 1 / (1 + Math.Exp(-z)))))).Message);
        Assert.Contains("million characters", Assert.Throws<ArgumentOutOfRangeException>(() => With([100_000], h => Start(h, Nonlinearity.Relu))).Message);

        static TrainingExplorer With(int[] hiddenUnits, Func<int, TwoLayerNetwork> start) =>
            TrainingExplorer.Train(Sample.Points, s_unseen, hiddenUnits, [1], [0], start, iterations: 1);
    }

    [Fact]
    public async Task The_keyboard_moves_the_sliders_and_regions_loss_and_accuracies_follow_at_once()
    {
        await using var page = await OpenAsync(s_small.Value);
        Assert.Contains("Iteration 200 with 3 hidden units, step size 1, λ = 0", await TitleAsync(page));

        await page.Page.GetByLabel("hidden units", new() { Exact = true }).FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("End");
        await TitledAsync(page, "with 8 hidden units, step size 1, λ = 0.001");

        var network = Start(8, Nonlinearity.Relu);
        Train(network, Iterations, 1, 1e-3);
        await HasRegionsOfAsync(page, network);
        var training = s_small.Value.Trainings[(2 * 3 + 1) * 2 + 1]!;
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"accuracy {training.Pictures[^1].Accuracy:F3}, on unseen points {training.Pictures[^1].UnseenAccuracy:F3}"),
            await TitleAsync(page));
        var loss = await page.Page.EvaluateAsync<double>("document.querySelector('.js-plotly-plot').data.at(-2).y[0]");
        Assert.Equal(training.Losses[^1], loss, 1e-4);
        Assert.Contains("step size 1", await page.Page.GetByLabel("step size", new() { Exact = true }).GetAttributeAsync("aria-valuetext"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_mouse_moves_the_sliders_and_a_training_that_diverged_says_so()
    {
        await using var page = await OpenAsync(s_small.Value);

        await ClickSliderAsync(page, "iteration", 0);
        await TitledAsync(page, "Iteration 0 with 3 hidden units");
        await HasRegionsOfAsync(page, Start(3, Nonlinearity.Relu));
        await ClickSliderAsync(page, "iteration", 1);
        await ClickSliderAsync(page, "step size", 1);
        await ClickSliderAsync(page, "λ", 1);
        await TitledAsync(page, "diverged at iteration");

        Assert.Equal(0, await page.Page.EvaluateAsync<int>("document.querySelector('.js-plotly-plot').data[0].z.flat().length"));
        Assert.Equal(1, await page.Page.Locator(".annotation-text", new() { HasTextString = "smaller step size" }).CountAsync());
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData("Logistic")]
    [InlineData("Tanh")]
    public async Task Every_nonlinearity_of_the_library_has_its_regions(string name)
    {
        var nonlinearity = name == "Tanh" ? Nonlinearity.Tanh : Nonlinearity.Logistic;
        await using var page = await OpenAsync(Trained(nonlinearity));

        var network = Start(3, nonlinearity);
        Train(network, Iterations, 1, 0);

        await HasRegionsOfAsync(page, network);
    }

    [Fact]
    public async Task Looking_at_a_point_shows_its_scores_probabilities_loss_and_row_of_dS_and_follows_the_sliders()
    {
        await using var page = await OpenAsync(s_small.Value, "background: black; color: rgb(240, 240, 240)");
        await page.Page.GetByRole(AriaRole.Spinbutton).FocusAsync();
        await page.Page.Keyboard.TypeAsync("210");
        var network = Start(3, Nonlinearity.Relu);

        await ClickSliderAsync(page, "iteration", 0);
        await TitledAsync(page, "Iteration 0 ");
        LookTests.IsOf(await LookTests.ShownAsync(page), network.Scores(Sample.Points.X), Sample.Points, 210);

        await page.Page.Locator(".scatterlayer .trace:has(.point)").Nth(1).Locator(".point").Nth(20).ClickAsync(new() { Force = true });
        var clicked = int.Parse(await page.Page.GetByRole(AriaRole.Spinbutton).InputValueAsync(), CultureInfo.InvariantCulture);
        LookTests.IsOf(await LookTests.ShownAsync(page), network.Scores(Sample.Points.X), Sample.Points, clicked);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_switch_shows_the_lines_on_which_the_units_bend()
    {
        await using var page = await OpenAsync(s_small.Value);
        var network = Start(3, Nonlinearity.Relu);
        Train(network, Iterations, 1, 0);

        await page.Page.GetByLabel("lines on which").PressAsync(" ");
        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot').data[1].visible === true");

        var lines = await page.Page.EvaluateAsync<double?[][]>("[document.querySelector('.js-plotly-plot').data[1].x, document.querySelector('.js-plotly-plot').data[1].y]");
        Bends.AreOf(network, lines[0], lines[1]);
        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1400, "background: rgb(15, 19, 25); color: rgb(227, 232, 238)")]
    [InlineData(974, "background: white; color: rgb(31, 35, 40)")]
    [InlineData(390, "background: rgb(15, 19, 25); color: rgb(227, 232, 238)")]
    public async Task All_texts_and_lines_can_be_read(int width, string style)
    {
        await using var page = await OpenAsync(s_small.Value, style, width);
        await page.Page.GetByLabel("lines on which").PressAsync(" ");
        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot').data[1].visible === true");

        Assert.Empty(await ChartTexts.ComplaintsAsync(page.Page));
        Assert.True(await page.Page.EvaluateAsync<bool>($"document.documentElement.scrollWidth <= {width}"));
    }

    [Fact]
    public async Task On_a_narrow_page_the_parts_stand_below_each_other()
    {
        await using var page = await OpenAsync(s_small.Value, width: 390);
        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot')._fullLayout.height > 800");

        var frames = await page.Page.EvaluateAsync<double[][]>("['xy', 'x2y2', 'x3y3'].map(id => { const b = document.querySelector(`.${id} > .gridlayer, .${id}`).getBoundingClientRect(); return [b.top, b.bottom, b.right]; })");

        Assert.True(frames[0][1] <= frames[1][1] && frames[1][1] <= frames[2][1]);
        Assert.All(frames, frame => Assert.True(frame[2] <= 390));
        Assert.Empty(page.Errors);
    }

    private static TrainingExplorer Trained(Nonlinearity nonlinearity) => TrainingExplorer.Train(
        Sample.Points, s_unseen, s_hiddenUnits, s_stepSizes, s_lambdas, h => Start(h, nonlinearity), Iterations, pictures: 4);

    private static TwoLayerNetwork Start(int hidden, Nonlinearity nonlinearity) =>
        TwoLayerNetwork.Initialize(new NumpyRandom(7), 2, hidden, 3, 0.5, nonlinearity);

    private static double[] Train(TwoLayerNetwork network, int steps, double stepSize, double lambda) =>
        network.Train(Sample.Points.X, Sample.Points.y, steps, stepSize, lambda, TestContext.Current.CancellationToken);

    private static IEnumerable<double> Parameters(TwoLayerNetwork network) =>
        new[] { network.W1, network.b1, network.W2, network.b2 }.SelectMany(matrix => matrix.ToRowMajorArray());

    private async Task<BrowserPage> OpenAsync(TrainingExplorer explorer, string style = "background: white; color: rgb(20, 20, 20)", int width = 1000)
    {
        var page = await browser.NewPageAsync();
        await page.Page.SetViewportSizeAsync(width, 900);
        await page.ShowAsync($"<!DOCTYPE html><meta charset=utf-8><body style=\"{style}\">{PlotlyJs.Inline()}{TrainingExplorerHtml.Of(explorer)}");
        await page.WaitForChartsAsync(1);
        return page;
    }

    private static async Task<string> TitleAsync(BrowserPage page) => (await page.Page.Locator(".gtitle").TextContentAsync())!;

    private static Task TitledAsync(BrowserPage page, string text) =>
        page.Page.WaitForFunctionAsync("text => document.querySelector('.gtitle').textContent.includes(text)", text);

    private static async Task ClickSliderAsync(BrowserPage page, string name, int end)
    {
        var box = await page.Page.GetByLabel(name, new() { Exact = true }).BoundingBoxAsync();
        await page.Page.Mouse.ClickAsync(box!.X + (end == 0 ? 2 : box.Width - 2), box.Y + box.Height / 2);
    }

    /// <summary>The page computes the regions from rounded parameters: all but a few cells next to a border must agree.</summary>
    private static async Task HasRegionsOfAsync(BrowserPage page, TwoLayerNetwork network)
    {
        const string chart = "document.querySelector('.js-plotly-plot').data[0]";
        var mesh = new Mesh(await page.Page.EvaluateAsync<double[]>(chart + ".x"), await page.Page.EvaluateAsync<double[]>(chart + ".y"));
        var drawn = await page.Page.EvaluateAsync<int[]>(chart + ".z.flatMap(row => [...row])");
        var predicted = Softmax.ArgMax(network.Scores(mesh.Points));

        Assert.Equal(predicted.Length, drawn.Length);
        Assert.InRange(drawn.Zip(predicted).Count(pair => pair.First != pair.Second), 0, predicted.Length / 1000);
    }
}
