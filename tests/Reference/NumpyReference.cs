using System.Text.Json;

namespace Backprop.Reference;

/// <summary>The numbers that NumPy computes for the original notebook: <c>numpy.json</c>, whose first key says how to read it.</summary>
internal static class NumpyReference
{
    private static readonly JsonElement s_root =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "numpy.json"))).RootElement;

    public static double[] Numbers(params string[] path) => [.. At(path).EnumerateArray().Select(number => number.GetDouble())];

    public static int[] Integers(params string[] path) => [.. At(path).EnumerateArray().Select(number => number.GetInt32())];

    public static double Number(params string[] path) => At(path).GetDouble();

    public static string Text(params string[] path) => At(path).GetString()!;

    public static IEnumerable<string> Keys(params string[] path) => At(path).EnumerateObject().Select(property => property.Name);

    private static JsonElement At(string[] path) => path.Aggregate(s_root, (element, key) => element.GetProperty(key));
}
