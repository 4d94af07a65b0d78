using Backprop.Notebooks.Live;

namespace Backprop.Notebooks.Tests.Live;

/// <summary>The parameters cell as things to turn.</summary>
public class SettingTests
{
    private const string Code =
        """
        var seed = 0u;
        var h = 100;                // hidden units [1 to 500]
        var stepSize = 1.0;         // step size [0.001 to 10, log]
        var lambda = 1e-3;          // strength of the penalty
        var low = -2.5;             // lowest [-10 to 0]
        var nonlinearity = Nonlinearity.Relu;   // or Nonlinearity.Logistic, Nonlinearity.Tanh
        var isNoisy = true;
        var name = "spiral";
        var twice = 2 * h;
        """;

    [Fact]
    public void Numbers_choices_and_switches_are_settings_and_other_expressions_are_not() =>
        Assert.Equal(
            ["seed int", "h int", "stepSize float", "lambda float", "low float", "nonlinearity choice", "isNoisy bool"],
            Setting.Of(Code).Select(setting => $"{setting.Name} {setting.Kind}"));

    [Theory]
    [InlineData("[0 to 1e]")]
    [InlineData("[- to 5]")]
    [InlineData("[1-10 to 20]")]
    [InlineData("[5 to 1]")]
    public void A_range_that_is_half_typed_is_none(string range)
    {
        var setting = Assert.Single(Setting.Of($"var stepSize = 1.0; // step size {range}"));

        Assert.Equal((0.1, 10), (setting.Min, setting.Max));
    }

    [Fact]
    public void The_comment_is_the_label_and_ends_with_the_range()
    {
        var settings = Setting.Of(Code).ToDictionary(setting => setting.Name);

        Assert.Equal(("hidden units", 1, 500, false), Described(settings["h"]));
        Assert.Equal(("step size", 0.001, 10, true), Described(settings["stepSize"]));
        Assert.Equal(("lowest", -10, 0, false), Described(settings["low"]));
        Assert.Equal("Nonlinearity", settings["nonlinearity"].Type);

        static (string, double, double, bool) Described(Setting setting) => (setting.Label, setting.Min, setting.Max, setting.IsLogarithmic);
    }

    [Fact]
    public void A_range_that_is_not_told_lies_around_the_value()
    {
        var lambda = Setting.Of(Code).Single(setting => setting.Name == "lambda");

        Assert.Equal((1e-4, 1e-2, true), (lambda.Min, lambda.Max, lambda.IsLogarithmic));
    }

    [Theory]
    [InlineData("seed", "7", "var seed = 7u;")]
    [InlineData("h", "20", "var h = 20;                 // hidden units [1 to 500]")]
    [InlineData("stepSize", "2", "var stepSize = 2.0;         // step size [0.001 to 10, log]")]
    [InlineData("stepSize", "0.25", "var stepSize = 0.25;        // step size [0.001 to 10, log]")]
    [InlineData("lambda", "0.0001", "var lambda = 1e-4;          // strength of the penalty")]
    [InlineData("low", "-1", "var low = -1.0;             // lowest [-10 to 0]")]
    [InlineData("nonlinearity", "Tanh", "var nonlinearity = Nonlinearity.Tanh;   // or Nonlinearity.Logistic, Nonlinearity.Tanh")]
    [InlineData("isNoisy", "false", "var isNoisy = false;")]
    public void A_new_value_is_written_as_the_code_writes_it_and_comments_stay_in_their_column(string name, string value, string line) =>
        Assert.Contains(line, Setting.Change(Code, name, value)!.Split('\n'));

    [Theory]
    [InlineData("100_000", "100000", "20", "20")]
    [InlineData("0xff", "255", "20", "20")]
    [InlineData("0x1F", "31", "20", "20")]
    [InlineData("-3L", "-3", "20", "20L")]
    [InlineData("7U", "7", "20", "20U")]
    [InlineData("0.1F", "0.1", "0.5", "0.5F")]
    [InlineData("2D", "2", "0.5", "0.5D")]
    [InlineData("1e-3", "0.001", "2", "2.0")]
    public void A_number_is_shown_plainly_however_the_code_writes_it(string literal, string shown, string value, string written)
    {
        var code = $"var x = {literal};";

        Assert.Equal(shown, Assert.Single(Setting.Of(code)).Shown);
        Assert.Equal($"var x = {written};", Setting.Change(code, "x", value));
    }

    [Theory]
    [InlineData("h", "2.5")]
    [InlineData("h", "1; Environment.Exit(1)")]
    [InlineData("stepSize", "abc")]
    [InlineData("stepSize", "NaN")]
    [InlineData("nonlinearity", "Relu; x")]
    [InlineData("isNoisy", "1")]
    [InlineData("other", "1")]
    public void What_is_no_value_of_the_setting_changes_nothing(string name, string value) =>
        Assert.Null(Setting.Change(Code, name, value));
}
