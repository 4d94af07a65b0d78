namespace Backprop.Notebooks.Tests.Live;

/// <summary>The page of live pages that one sees first.</summary>
[Collection(SideBySide.InThisProcess)]
public class LiveIndexTests(LiveServing serving) : IClassFixture<LiveServing>
{
    [Fact]
    public async Task It_says_what_there_is_as_the_exported_one_does_and_what_cannot_be_read()
    {
        var readMe = Path.Combine(serving.Folder, "README.md");
        await File.WriteAllTextAsync(readMe, "# Geometry\n\nAll about **shapes**.\n", TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = serving.Address };

        var index = await client.GetStringAsync($"/?token={serving.Token}", TestContext.Current.CancellationToken);

        File.Delete(readMe);
        Assert.Contains("<h1>Geometry</h1>\n<p>All about <strong>shapes</strong>.</p>", index);
        Assert.Contains("<h2><a href=\"/parameters.ipynb\">Parameters</a></h2>", index);
        Assert.Contains("about 5 minutes", index);
        Assert.Matches("<h2>not-json.ipynb</h2>\n<p class=\"bad\">.*it is not JSON", index);
    }
}
