namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>What notebook 5 says about its numbers is what it prints.</summary>
public class TwoLayerNetworkByHandTests(LessonsRun run)
{
    private const string Name = "5-two-layer-network-by-hand";

    [Fact]
    public void The_nonlinearities_written_out_are_the_librarys()
    {
        string[] names = ["relu", "relu_prime", "logistic", "logistic_prime", "tanh", "tanh_prime"];

        Assert.All(names, name => Assert.Matches($@"(?m)^{name} +equal to 12 decimals: True$", run.Printed(Name)));
    }

    [Fact]
    public void The_tiny_networks_gradients_are_those_of_its_graph_in_notebook_3()
    {
        var printed = run.Printed(Name);

        Assert.Contains("dW2[0, 0] = 2 · (-0.4404) + 1.5 · 0.3112 = -0.4140", printed);
        Assert.Contains("dH[0, 1] = -0.4404 · 0 + 0.4404 · 2 = 0.8808", printed);
        Assert.All(new[] { "−0.4404", "0.3112", "−0.414", "0.8808" }, shown => Assert.Contains(shown, LessonGraph()));
    }

    [Fact]
    public void Gradients_by_hand_and_automatic_ones_are_equal()
    {
        var printed = run.Printed(Name);

        Assert.All(new[] { "dW1", "db1", "dW2", "db2" }, gradient => Assert.Matches($@"(?m)^{gradient} +\(\d × 2\) +equal to 12 decimals: True$", printed));
        Assert.Contains("losses of 20 iterations equal to 12 decimals: True", printed);
    }

    [Fact]
    public void Softmax_written_out_gives_the_librarys_probabilities() =>
        Assert.Contains("probabilities equal to 12 decimals: True", run.Printed(Name));

    /// <summary>The HTML of notebook 3's graph of the tiny network.</summary>
    private string LessonGraph() => string.Concat(run.Executed("3-two-layer-network-autodiff").CodeCells
        .SelectMany(cell => cell.Outputs).OfType<Documents.DisplayOutput>().Select(output => output.Data.GetValueOrDefault("text/html", "")).Where(html => html.Contains("tinyX")));
}
