using Backprop.Browser;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.Playwright;

namespace Backprop.Plots.Tests;

/// <summary>The movie of a training, alone and in a browser without a network.</summary>
public class TrainingMovieTests(ChromiumBrowser browser)
{
    [Fact]
    public void Forty_frames_take_less_than_a_megabyte_and_a_half_and_are_the_same_every_time()
    {
        var html = TrainingMovieHtml.Of(Recorded(40));

        Assert.InRange(html.Length, 20_000, 1_500_000);
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
        await page.Page.SetContentAsync("<!DOCTYPE html><body>" + PlotlyJs.Inline() + TrainingMovieHtml.Of(Recorded(6)));
        await page.WaitForChartsAsync(1);
        const string regions = "JSON.stringify(document.querySelector('.js-plotly-plot').data[0].z)";
        var before = await page.Page.EvaluateAsync<string>(regions);

        await page.Page.Locator(".updatemenu-button", new() { HasTextString = "Play" }).ClickAsync();

        await page.Page.WaitForFunctionAsync("document.querySelector('.gtitle').textContent.includes('iteration 5')", null, new() { Timeout = 15_000 });
        Assert.NotEqual(before, await page.Page.EvaluateAsync<string>(regions));
        Assert.Empty(page.Errors);
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
