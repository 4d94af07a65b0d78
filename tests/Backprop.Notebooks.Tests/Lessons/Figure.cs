using System.Text.Json;
using System.Text.RegularExpressions;
using Backprop.Notebooks.Documents;

namespace Backprop.Notebooks.Tests.Lessons;

/// <summary>A chart among the outputs of a notebook, as the JSON that plotly.js is given.</summary>
internal sealed partial class Figure
{
    private readonly JsonElement _json;

    private Figure(JsonElement json) => _json = json;

    public string Title => Layout.TryGetProperty("title", out var title) ? title.GetProperty("text").GetString()! : "";

    public JsonElement Layout => _json.GetProperty("layout");

    public IEnumerable<JsonElement> Traces => _json.GetProperty("data").EnumerateArray();

    public static IReadOnlyList<Figure> All(Notebook executed) =>
    [
        .. executed.CodeCells.SelectMany(cell => cell.Outputs).OfType<DisplayOutput>()
            .Select(output => Script().Match(output.Data.GetValueOrDefault("text/html", "")))
            .Where(match => match.Success)
            .Select(match => new Figure(JsonDocument.Parse(match.Groups[1].Value).RootElement))
            .Where(figure => figure._json.TryGetProperty("data", out _)),
    ];

    /// <summary>
    /// Of a computation graph, what hovering says of its nodes: for each, by how it was computed, the rows of its value,
    /// each followed by that row of its gradient.
    /// </summary>
    public Dictionary<string, string[]> Nodes() => Traces
        .Where(trace => trace.TryGetProperty("hovertext", out _))
        .SelectMany(trace => trace.GetProperty("hovertext").EnumerateArray())
        .Select(hover => hover.GetString()!.Split("<br>").Select(line => string.Join(' ', line.Split([' ', '\u00a0'], StringSplitOptions.RemoveEmptyEntries))).ToArray())
        .ToDictionary(
            lines => lines[0][3..lines[0].IndexOf("</b>", StringComparison.Ordinal)],
            lines =>
            {
                var end = Array.FindIndex(lines, line => line.StartsWith("gradient ", StringComparison.Ordinal));
                return end < 0 ? lines[2..^1] : [.. lines[2..end].Zip(lines[(end + 1)..], (value, gradient) => $"{value} {gradient}")];
            });

    [GeneratedRegex(@"<script type=""application/json"">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
