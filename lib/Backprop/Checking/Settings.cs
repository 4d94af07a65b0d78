using System.Globalization;
using System.Reflection;

namespace Backprop;

/// <summary>Says in a sentence which setting of a notebook is not one that it can work with, before anything is computed from it.</summary>
public static class Settings
{
    private static readonly Dictionary<string, Rule> s_rules = new()
    {
        ["seed"] = Whole("the seed of the random numbers", 0, uint.MaxValue),
        ["pointsPerClass"] = Whole("the number of points in each class", 2, 100_000),
        ["numClasses"] = Whole("the number of classes", 2, 100),
        ["noise"] = Number("the noise of the angle"),
        ["h"] = Whole("the number of hidden units", 1, 100_000),
        ["iters"] = Whole("the number of iterations", 1, 100_000_000),
        ["stepSize"] = Number("the step size", isZeroAllowed: false),
        ["lambda"] = Number("the strength of the regularisation"),
        ["initialScale"] = Number("the standard deviation of the initial weights"),
        ["meshStep"] = Number("the distance between the points of the mesh", isZeroAllowed: false),
        ["epsilon"] = Number("the size of the small changes", isZeroAllowed: false),
        ["passes"] = Whole("the number of passes over the data", 1, 1_000_000),
        ["batchSize"] = Whole("the number of points in a batch", 1, 10_000_000),
        ["momentum"] = new("the momentum", "a number from 0 up to, but not including, 1", value => CSharpTypes.AsNumber(value) is >= 0 and < 1),
        ["nonlinearity"] = new("the nonlinearity", "Nonlinearity.Relu, Nonlinearity.Logistic or Nonlinearity.Tanh", value => value is Nonlinearity),
    };

    /// <summary>Checks settings by their names: <c>Settings.Check(new { h, iters, stepSize });</c></summary>
    /// <param name="settings">An object whose properties are the settings.</param>
    /// <exception cref="ArgumentException">
    /// A setting has a value that it must not have; the message names both and says what the value may be. Or there is no setting of that name.
    /// </exception>
    public static void Check(object settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        foreach (var setting in settings.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!s_rules.TryGetValue(setting.Name, out var rule))
            {
                throw new ArgumentException($"Settings.Check does not know a setting {setting.Name}. It knows {string.Join(", ", s_rules.Keys)}.", nameof(settings));
            }

            var value = setting.GetValue(settings);
            if (!rule.Allows(value))
            {
                // Without the name of a parameter: the message is for readers who have not called anything.
                throw new ArgumentException($"{setting.Name} = {Written(value)}, but {rule.What} must be {rule.Expected}.");
            }
        }
    }

    private static Rule Whole(string what, long least, long most) => new(
        what,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
        value => value is sbyte or byte or short or ushort or int or uint or long && Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number && number >= least && number <= most);

    private static Rule Number(string what, bool isZeroAllowed = true) => new(
        what,
        isZeroAllowed ? "a number that is 0 or more" : "a number above 0",
        value => CSharpTypes.AsNumber(value) is { } number && double.IsFinite(number) && (isZeroAllowed ? number >= 0 : number > 0));

    private static string Written(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    private sealed record Rule(string What, string Expected, Func<object?, bool> Allows);
}
