using System.Globalization;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;
using Backprop.Reference;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>The repository's notebooks print NumPy's numbers, and are committed in good order.</summary>
public partial class LessonsTests(LessonsRun run)
{
    private const double HalfOfTheLastPrintedDigit = 0.5e-6 + 1e-9;

    public static TheoryData<string> Names => [.. LessonsRun.Names];

    [Fact]
    public void Softmax_regression_prints_NumPys_losses_and_accuracy()
    {
        AssertLosses("2-softmax-regression", every: 10, NumpyReference.Numbers("softmax_regression", "loss_every_10"), HalfOfTheLastPrintedDigit);
        AssertAccuracy("2-softmax-regression", NumpyReference.Number("softmax_regression", "training_accuracy"));
    }

    [Fact]
    public void The_network_with_automatic_differentiation_prints_autograds_losses()
    {
        AssertLosses("3-two-layer-network-autodiff", every: 1000, NumpyReference.Numbers("two_layer_relu_autograd", "loss_every_1000"), 1e-5);
        AssertAccuracy("3-two-layer-network-autodiff", NumpyReference.Number("two_layer_relu_hand_written", "training_accuracy"));
    }

    [Fact]
    public void The_network_by_hand_prints_NumPys_losses_and_accuracy()
    {
        AssertLosses("5-two-layer-network-by-hand", every: 1000, NumpyReference.Numbers("two_layer_relu_hand_written", "loss_every_1000"), 1e-5);
        AssertAccuracy("5-two-layer-network-by-hand", NumpyReference.Number("two_layer_relu_hand_written", "training_accuracy"));
    }

    [Fact]
    public void Early_losses_of_both_networks_are_NumPys_in_every_printed_digit()
    {
        foreach (var name in new[] { "3-two-layer-network-autodiff", "5-two-layer-network-by-hand" })
        {
            AssertLosses(name, every: 1000, NumpyReference.Numbers("two_layer_relu_hand_written", "loss_every_1000")[..4], HalfOfTheLastPrintedDigit);
        }
    }

    [Fact]
    public void The_spiral_built_by_hand_is_the_librarys()
    {
        var printed = run.Printed("1-spiral-data");

        Assert.Contains("same labels: True", printed);
        Assert.Contains("same points to 15 decimals: True", printed);
    }

    [Theory]
    [InlineData("2-softmax-regression", 100, 190)]
    [InlineData("3-two-layer-network-autodiff", 5000, 9000)]
    public void In_the_second_half_the_loss_hardly_falls(string name, int halfway, int last)
    {
        var losses = PrintedLosses(name);

        Assert.InRange(losses[halfway] - losses[last], 0, 0.01 * (losses[0] - losses[halfway]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Committed_outputs_are_those_that_the_notebook_has_today(string name)
    {
        var committed = Notebook.Load(LessonsRun.Committed(name)).CodeCells;
        var executed = run.Executed(name).CodeCells;

        Assert.Equal(committed.Count, executed.Count);
        for (var i = 0; i < committed.Count; i++)
        {
            Assert.Equal(Texts(committed[i]), Texts(executed[i]));
        }

        static IEnumerable<string> Texts(NotebookCell cell) => cell.Outputs.Select(output => output switch
        {
            StreamOutput stream => stream.Text,
            DisplayOutput display => display.Data.GetValueOrDefault("text/plain", ""),
            _ => "error",
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_committed_notebook_names_no_place_on_anyones_machine(string name)
    {
        var text = File.ReadAllText(LessonsRun.Committed(name));

        Assert.DoesNotMatch(MachinePath(), text);
        Assert.DoesNotContain(LessonsRun.Repository, text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Notebooks_begin_with_the_same_setup_cell_and_keep_their_parameters_in_a_tagged_cell(string name)
    {
        var first = Notebook.Load(LessonsRun.Committed(LessonsRun.Names[0])).CodeCells[0].Source;
        var cells = Notebook.Load(LessonsRun.Committed(name)).CodeCells;

        Assert.Equal(first, cells[0].Source);
        Assert.Equal([1], cells.Index().Where(cell => cell.Item.Tags.Contains("parameters")).Select(cell => cell.Index));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_committed_notebook_looks_as_an_editor_saves_it(string name)
    {
        var text = File.ReadAllText(LessonsRun.Committed(name));

        Assert.Equal(Notebook.Load(LessonsRun.Committed(name)).ToText(), text);
        Assert.DoesNotContain('\r', text);
    }

    private void AssertLosses(string name, int every, double[] expected, double tolerance)
    {
        var losses = PrintedLosses(name);

        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], losses[i * every], tolerance);
        }
    }

    private Dictionary<int, double> PrintedLosses(string name) => PrintedLoss().Matches(run.Printed(name)).ToDictionary(
        match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
        match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    private void AssertAccuracy(string name, double expected) =>
        Assert.Contains($"training accuracy: {expected.ToString("F2", CultureInfo.InvariantCulture)}", run.Printed(name));

    [GeneratedRegex(@"^iteration (\d+): loss (\d+\.\d{6})$", RegexOptions.Multiline)]
    private static partial Regex PrintedLoss();

    [GeneratedRegex(@"[A-Z]:\\\\Users|/home/|/Users/|/root/|/tmp/")]
    private static partial Regex MachinePath();
}
