using System.Globalization;
using System.Text.RegularExpressions;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 3 says of its graphs and weights is what they show. A minus is U+2212 in graphs.</summary>
public partial class AutomaticDifferentiationTests(LessonsRun run)
{
    private const string Name = "3-two-layer-network-autodiff";

    [Fact]
    public void Adding_hands_on_and_multiplying_swaps()
    {
        var nodes = Graph("Adding and multiplying").Nodes();

        // Value and gradient.
        Assert.Equal(["a", "b", "c", "v₁ = a + b", "v₂ = v₁ · c"], nodes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["−2 −4"], nodes["a"]);
        Assert.Equal(["5 −4"], nodes["b"]);
        Assert.Equal(["−4 3"], nodes["c"]);
        Assert.Equal(["3 −4"], nodes["v₁ = a + b"]);
        Assert.Equal(["−12 1"], nodes["v₂ = v₁ · c"]);
        Assert.Equal(-12.04, (-1.99 + 5) * -4, 1e-12);
    }

    [Fact]
    public void The_maximum_routes_and_what_is_used_twice_adds_up()
    {
        var nodes = Graph("Maximum, and used twice").Nodes();

        Assert.Equal(["2 −2"], nodes["a"]);
        Assert.Equal(["−3 2"], nodes["b"]);
        Assert.Equal(["2 1"], nodes["v₁ = ReLU(a)"]);
        Assert.Equal(["0 1"], nodes["v₂ = ReLU(b)"]);
        Assert.Equal(["−6 1"], nodes["v₄ = a · b"]);
    }

    [Fact]
    public void From_the_scores_to_the_loss_every_number_is_the_one_in_the_text()
    {
        var nodes = Graph("From the scores to the loss").Nodes();

        Assert.Equal(["2 4 −0.4404 0.4404", "1.5 1 0.3112 −0.3112"], nodes["S"]);
        Assert.Equal(["0.1192 0.8808 −4.195 0", "0.6225 0.3775 0 −1.324"], nodes["v₃ = v₁ / v₂"]);
        Assert.Equal(["0.1192 −4.195", "0.3775 −1.324"], nodes["v₄ = Gather(v₃, tinyY)"]);
        Assert.Equal(["−2.127 −0.5", "−0.9741 −0.5"], nodes["v₅ = Log(v₄)"]);
        Assert.Equal(["1.551 1"], nodes["v₇ = (−0.5) v₆"]);
        // Seven operations, of which the third and the second use the first.
        Assert.Equal(8, nodes.Count);
        Assert.Contains("v₂ = RowSums(v₁)", nodes.Keys);
        // (P − Y) / 2
        Assert.Equal(-0.4404, (0.1192 - 1) / 2, 1e-10);
        Assert.Equal(0.4404, (0.8808 - 0) / 2, 1e-10);
        Assert.Equal(-4.195, -0.5 / 0.1192, 5e-4);
    }

    [Fact]
    public void From_the_parameters_to_the_loss_every_number_is_the_one_in_the_text()
    {
        var nodes = Graph("From the parameters to the loss").Nodes();

        Assert.Equal(["1 2", "2 −1"], nodes["tinyX"]);
        Assert.Equal(["1 −1 0.1821 0.8808", "0.5 1 −1.192 1.762"], nodes["W1"]);
        Assert.Equal(["1 0 −0.414 0.414", "0 2 −0.6606 0.6606"], nodes["W2"]);
        Assert.Equal(["0 1 −0.1292 0.1292"], nodes["b2"]);
        Assert.Equal(["2 1.5 −0.4404 0.8808", "1.5 −2.5 0.3112 0"], nodes["v₂ = v₁ + b1"]);
        Assert.Equal(["2 1.5 −0.4404 0.8808", "1.5 0 0.3112 −0.6225"], nodes["v₃ = ReLU(v₂)"]);
        Assert.Equal(["2 4 −0.4404 0.4404", "1.5 1 0.3112 −0.3112"], nodes["v₅ = v₄ + b2"]);
        Assert.Equal(["1.551 1"], nodes["v₆ = CrossEntropy(v₅, tinyY)"]);
        // As the text walks back.
        Assert.Equal(-0.1292, -0.4404 + 0.3112, 1e-10);
        Assert.Equal(-0.414, 2 * -0.4404 + 1.5 * 0.3112, 5e-4);
        Assert.Equal(0.8808, 0 * -0.4404 + 2 * 0.4404, 1e-10);
        Assert.Equal(-1.192, 2 * -0.4404 - 1 * 0.3112, 5e-4);
    }

    [Fact]
    public void Graphs_whose_numbers_are_followed_fit_the_screen_of_a_laptop() => Assert.All(
        new[] { "Adding and multiplying", "Maximum, and used twice", "From the scores to the loss", "From the parameters to the loss" },
        title => Assert.InRange(Graph(title).Layout.GetProperty("height").GetInt32(), 100, 700));

    [Fact]
    public void Subtracting_the_maximum_of_each_row_does_not_change_the_loss()
    {
        // The shown corner of the value, and of the gradient.
        Assert.All(Graph("Computation graph").Nodes()["v₆ = RowMax(v₅)"], row => Assert.EndsWith(row == "… …" ? " …" : " 0", row));
    }

    [Fact]
    public void About_half_of_the_hidden_units_stay_behind_with_and_without_the_penalty()
    {
        var counts = Count().Matches(run.Printed(Name)).ToDictionary(
            match => match.Groups[1].Value.Trim(),
            match => (Largest: double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), Behind: int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)));

        Assert.Equal(["at the start", "trained", "trained without penalty"], counts.Keys);
        Assert.InRange(counts["at the start"].Behind, 0, 15);
        Assert.InRange(counts["trained"].Behind, 40, 60);
        Assert.InRange(counts["trained without penalty"].Behind, counts["trained"].Behind - 10, counts["trained"].Behind + 10);
        Assert.InRange(counts["trained without penalty"].Largest / counts["trained"].Largest, 1.6, 2.6);
    }

    private Figure Graph(string title) => Figure.All(run.Executed(Name)).Single(figure => figure.Title == title);

    [GeneratedRegex(@"^(.+) largest weight (\S+), units far below it: (\d+) of 100$", RegexOptions.Multiline)]
    private static partial Regex Count();
}
