using Backprop.Browser;
using MathNet.Numerics.LinearAlgebra;

namespace Backprop.Plots.Tests;

/// <summary>Regions as pixels on a screen: each is of one class.</summary>
public class RegionPixelsTests(ChromiumBrowser browser)
{
    [Fact]
    public async Task Every_pixel_of_every_panel_is_of_one_class()
    {
        var (X, y) = Sample.Points;
        Func<Matrix<double>, Matrix<double>>[] models =
        [
            points => Sample.Network.Scores(points),
            points => Matrix<double>.Build.Dense(points.RowCount, 3, (i, k) => k * (points[i, 0] + points[i, 1]) - (k == 2 ? 0.02 : 0)),
            points => Matrix<double>.Build.Dense(points.RowCount, 3, (i, k) => Math.Cos(9 * points[i, 0] + k) * Math.Cos(7 * points[i, 1] - k)),
            points => Matrix<double>.Build.Dense(points.RowCount, 3),
        ];
        var movie = new TrainingMovie(X, y, 2);
        movie.Add(0, 1, models[2]);
        movie.Add(1, 1, models[0]);
        await using var page = await browser.NewPageAsync();
        await page.ShowAsync("<!DOCTYPE html><body>" + PlotlyJs.Inline()
            + ChartHtml.Of(Charts.PlotModels([.. models.Select((model, i) => ($"{i}", model))], X, y))
            + ChartHtml.Of(Sample.Model) + ChartHtml.Of(Sample.Probabilities) + TrainingMovieHtml.Of(movie));
        await page.WaitForChartsAsync(4);

        var counts = await RegionPixels.CountAsync(page.Page);

        Assert.Equal(4 + 1 + 1 + 1, counts.Count);
        Assert.All(counts, count =>
        {
            Assert.Equal((0, 0), (count.None, count.More));
            Assert.InRange(count.One, 10_000, 1_000_000);
        });
        Assert.Empty(page.Errors);
    }
}
