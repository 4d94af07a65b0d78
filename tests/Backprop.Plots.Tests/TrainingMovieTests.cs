using Backprop.Browser;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.Playwright;

namespace Backprop.Plots.Tests;

/// <summary>The movie of a training, alone and in a browser without a network.</summary>
public class TrainingMovieTests(ChromiumBrowser browser)
{
    [Fact]
    public void Forty_frames_take_less_than_100_kilobytes_and_are_the_same_every_time()
    {
        var html = TrainingMovieHtml.Of(Recorded(40));

        Assert.InRange(html.Length, 20_000, 100_000);
        Assert.Equal(html, TrainingMovieHtml.Of(Recorded(40)));
    }

    [Fact]
    public void Iterations_that_go_back_are_refused()
    {
        var movie = Recorded(5);

        Assert.Contains("forwards", Assert.Throws<ArgumentOutOfRangeException>(() => movie.Add(3, 1, Scores(1))).Message);
    }

    [Fact]
    public void A_movie_without_frames_says_so() =>
        Assert.Contains("without frames", TrainingMovieHtml.Of(new TrainingMovie(Sample.Points.X, Sample.Points.y, 10)));

    [Fact]
    public void Diverged_training_ends_in_one_frame_that_says_so()
    {
        var movie = new TrainingMovie(Sample.Points.X, Sample.Points.y, 10);
        movie.Add(0, 1, Scores(1));
        movie.Add(1, double.NaN, Scores(double.NaN));
        movie.Add(2, double.NaN, Scores(double.NaN));

        Assert.Equal(2, movie.Frames.Count);
        Assert.Contains("not finite", TrainingMovieHtml.Of(movie));
    }

    [Fact]
    public async Task Play_reaches_the_last_frame_and_changes_the_regions_and_the_title()
    {
        await using var page = await browser.NewPageAsync();
        await page.ShowAsync("<!DOCTYPE html><body>" + PlotlyJs.Inline() + TrainingMovieHtml.Of(Recorded(6)));
        await page.WaitForChartsAsync(1);
        const string regions = "JSON.stringify(document.querySelector('.js-plotly-plot').data[0].x)";
        var before = await page.Page.EvaluateAsync<string>(regions);

        await page.Page.Locator(".updatemenu-button", new() { HasTextString = "Play" }).ClickAsync();

        await page.Page.WaitForFunctionAsync("document.querySelector('.gtitle').textContent.includes('iteration 5')");
        Assert.NotEqual(before, await page.Page.EvaluateAsync<string>(regions));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_space_bar_stops_what_the_mouse_has_begun_and_no_interruption_is_an_error()
    {
        // Long enough to be playing still when a busy machine comes to stop it.
        await using var page = await OpenAsync(Recorded(200));
        var play = page.Page.Locator(".updatemenu-button", new() { HasTextString = "Play" });
        const string title = "document.querySelector('.gtitle').textContent";

        await play.ClickAsync();
        await ChangesAsync(await page.Page.EvaluateAsync<string>(title));
        await play.ClickAsync();
        await ChangesAsync(await page.Page.EvaluateAsync<string>(title));
        await page.Page.Locator(".js-plotly-plot").FocusAsync();
        await page.Page.Keyboard.PressAsync(" ");
        var there = await page.Page.EvaluateAsync<string>(title);
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        var later = await page.Page.EvaluateAsync<string>(title);
        await page.Page.Locator(".slider-rail-touch-rect").ClickAsync();
        await ChangesAsync(later);

        Assert.Equal(there, later);
        Assert.Empty(page.Errors);

        async Task ChangesAsync(string from) => await page.Page.WaitForFunctionAsync($"{title} !== {System.Text.Json.JsonSerializer.Serialize(from)}");
    }

    [Fact]
    public async Task Pause_stops_the_movie_where_it_is()
    {
        await using var page = await OpenAsync(Recorded(30));

        await page.Page.Locator(".updatemenu-button", new() { HasTextString = "Play" }).ClickAsync();
        await page.Page.WaitForFunctionAsync("!document.querySelector('.gtitle').textContent.includes('iteration 0,')");
        await page.Page.Locator(".updatemenu-button", new() { HasTextString = "Pause" }).ClickAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var stopped = await page.Page.Locator(".gtitle").TextContentAsync();
        await Task.Delay(1500, TestContext.Current.CancellationToken);

        Assert.Equal(stopped, await page.Page.Locator(".gtitle").TextContentAsync());
        Assert.DoesNotContain("iteration 29", stopped);
        // plotly.js rejects the promise of a movie that it stops, without a reason, and its own button listens to none.
        Assert.All(page.Errors, error => Assert.Equal(": undefined", error));
    }

    [Fact]
    public async Task The_slider_shows_the_frame_that_it_is_moved_to()
    {
        await using var page = await OpenAsync(Recorded(6));
        var rail = await page.Page.Locator(".slider-rail-touch-rect").BoundingBoxAsync();

        await page.Page.Mouse.ClickAsync(rail!.X + rail.Width - 1, rail.Y + rail.Height / 2);

        await page.Page.WaitForFunctionAsync("document.querySelector('.gtitle').textContent.includes('iteration 5')");
        await page.Page.Mouse.ClickAsync(rail.X + 1, rail.Y + rail.Height / 2);
        await page.Page.WaitForFunctionAsync("document.querySelector('.gtitle').textContent.includes('iteration 0')");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_movie_follows_the_theme_of_the_page_and_keeps_it_while_it_plays()
    {
        await using var page = await OpenAsync(Recorded(4));

        await page.Page.EvaluateAsync("document.body.style.color = 'rgb(250, 240, 230)'");
        await page.Page.WaitForFunctionAsync("getComputedStyle(document.querySelector('.gtitle')).fill.includes('250, 240, 230')");
        await page.Page.Locator(".updatemenu-button", new() { HasTextString = "Play" }).ClickAsync();
        await page.Page.WaitForFunctionAsync("document.querySelector('.gtitle').textContent.includes('iteration 3')");

        Assert.Contains("250, 240, 230", await page.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.gtitle')).fill"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Two_movies_on_a_page_play_by_themselves_and_the_same_one_twice_is_drawn_twice()
    {
        var movie = TrainingMovieHtml.Of(Recorded(6));
        await using var page = await browser.NewPageAsync();
        await page.ShowAsync("<!DOCTYPE html><body>" + PlotlyJs.Inline() + movie + movie + TrainingMovieHtml.Of(Recorded(4)));
        await page.WaitForChartsAsync(3);

        await page.Page.Locator(".updatemenu-button", new() { HasTextString = "Play" }).Last.ClickAsync();

        await page.Page.WaitForFunctionAsync("[...document.querySelectorAll('.gtitle')].at(-1).textContent.includes('iteration 3')");
        Assert.All((await page.Page.Locator(".gtitle").AllTextContentsAsync()).Take(2), title => Assert.Contains("iteration 0", title));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_space_bar_plays_a_movie_and_arrows_go_from_picture_to_picture()
    {
        await using var page = await OpenAsync(Recorded(6));
        var movie = page.Page.Locator(".js-plotly-plot");

        await movie.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await ShowsAsync(page, 1);
        await page.Page.Keyboard.PressAsync("End");
        await ShowsAsync(page, 5);
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await ShowsAsync(page, 4);
        await page.Page.Keyboard.PressAsync("Home");
        await ShowsAsync(page, 0);
        await page.Page.Keyboard.PressAsync(" ");
        await ShowsAsync(page, 5);

        Assert.Contains("space bar", await movie.GetAttributeAsync("aria-label"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_switch_shows_the_lines_on_which_few_hidden_units_bend_and_they_move_with_the_movie()
    {
        var movie = new TrainingMovie(Sample.Points.X, Sample.Points.y, 5);
        for (var i = 0; i < 5; i++)
        {
            movie.Add(i, 1.0 / (i + 1), () => Few(i));
        }

        await using var page = await OpenAsync(movie);
        await page.Page.GetByLabel("lines on which").PressAsync(" ");
        await LinesAreOfAsync(page, Few(0));
        await page.Page.Locator(".js-plotly-plot").FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        await ShowsAsync(page, 4);
        await LinesAreOfAsync(page, Few(4));
        await page.Page.SetViewportSizeAsync(390, 900);
        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot')._fullLayout.width < 390");
        Assert.Empty(await ChartTexts.ComplaintsAsync(page.Page));
        await page.Page.GetByLabel("lines on which").ClickAsync();
        await page.Page.WaitForFunctionAsync("document.querySelector('.js-plotly-plot').data[4].visible === false");
        Assert.Empty(page.Errors);

        static TwoLayerNetwork Few(int i) => TwoLayerNetwork.Initialize(new NumpyRandom((uint)i), 2, 3, 3, 0.5);

        static async Task LinesAreOfAsync(BrowserPage page, TwoLayerNetwork network)
        {
            const string trace = "document.querySelector('.js-plotly-plot').data[4]";
            await page.Page.WaitForFunctionAsync(trace + ".visible === true");
            var lines = await page.Page.EvaluateAsync<double?[][]>($"[{trace}.x, {trace}.y]");
            Bends.AreOf(network, lines[0], lines[1]);
        }
    }

    [Fact]
    public async Task A_movie_of_many_hidden_units_has_no_switch()
    {
        var movie = new TrainingMovie(Sample.Points.X, Sample.Points.y, 1);
        movie.Add(0, 1, () => Sample.Network);

        await using var page = await OpenAsync(movie);

        Assert.Equal(0, await page.Page.GetByRole(AriaRole.Checkbox).CountAsync());
    }

    private static Task ShowsAsync(BrowserPage page, int iteration) =>
        page.Page.WaitForFunctionAsync($"/iteration {iteration}\\b/.test(document.querySelector('.gtitle').textContent)");

    [Fact]
    public void What_a_movie_cannot_hold_is_refused()
    {
        var (X, y) = Sample.Points;

        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingMovie(X, y, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingMovie(X, y, 10, frames: 101));
        Assert.Contains("larger step", Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingMovie(X, y, 10, meshStep: 0.01)).Message);
        Assert.Contains("10 iterations", Assert.Throws<ArgumentOutOfRangeException>(() => new TrainingMovie(X, y, 10).Add(10, 1, Scores(1))).Message);
        var movie = Recorded(5);
        Assert.Contains("forwards", Assert.Throws<ArgumentOutOfRangeException>(() => movie.Add(4, 1, Scores(1))).Message);
        var other = new TrainingMovie(X, y, 10);
        other.Add(0, 1, Scores(1));
        Assert.Contains("4 classes", Assert.Throws<ArgumentException>(() => other.Add(1, 1, points => Matrix<double>.Build.Dense(points.RowCount, 4))).Message);
    }

    private async Task<BrowserPage> OpenAsync(TrainingMovie movie)
    {
        var page = await browser.NewPageAsync();
        await page.ShowAsync("<!DOCTYPE html><body>" + PlotlyJs.Inline() + TrainingMovieHtml.Of(movie));
        await page.WaitForChartsAsync(1);
        return page;
    }

    private static TrainingMovie Recorded(int iters)
    {
        var movie = new TrainingMovie(Sample.Points.X, Sample.Points.y, iters);
        for (var i = 0; i < iters; i++)
        {
            movie.Add(i, 1.0 / (i + 1), Scores(i));
        }

        return movie;
    }

    /// <summary>Three linear classes whose borders turn with the angle.</summary>
    private static Func<Matrix<double>, Matrix<double>> Scores(double angle) => points =>
        Matrix<double>.Build.Dense(points.RowCount, 3, (i, k) => points[i, 0] * Math.Cos(angle + 2 * k) + points[i, 1] * Math.Sin(angle + 2 * k));
}
